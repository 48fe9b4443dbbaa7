from typing import Any

from django.contrib import admin

from apps.audit.models import Entry, Receipt


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "at", "kind", "subject", "actor")
    list_filter = ("kind",)
    search_fields = ("subject",)


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ("number", "subject", "filed_at")
    search_fields = ("number", "subject")
    exclude = ("salt",)
