"""What a screen of operations may do to rows that change by the services only: show them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

# An address typed without a scheme is taken for one that encrypts, as Django 6 does by itself.
HTTPS_ASSUMED: Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]] = {
    models.URLField: {"assume_scheme": "https"}
}


class ReadOnly:
    """Goes before an admin or an inline: nothing can be added, changed or deleted there."""

    formfield_overrides: ClassVar[Mapping[type["models.Field[Any, Any]"], Mapping[str, Any]]] = (
        HTTPS_ASSUMED
    )

    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False
