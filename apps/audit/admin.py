from django.contrib import admin

from apps.audit.models import Entry, Receipt
from apps.core.admin import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "at", "kind", "subject", "actor")
    list_filter = ("kind",)
    search_fields = ("subject",)


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "subject", "filed_at")
    search_fields = ("number", "subject")
    exclude = ("salt",)
