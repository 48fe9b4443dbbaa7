"""What a screen of operations may do to rows that change by the services only: show them."""

from typing import Any


class ReadOnly:
    """Goes before an admin or an inline: nothing can be added, changed or deleted there."""

    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False
