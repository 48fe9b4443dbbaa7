from typing import Any

from django.contrib import admin

from apps.consultations.models import (
    Consultation,
    Document,
    DocumentVersion,
    Host,
    HostRole,
    Phase,
    Provision,
    Question,
)
from apps.consultations.services import give_role, take_role
from apps.core.admin import ReadOnly


class Phases(ReadOnly, admin.TabularInline):
    model = Phase
    fields = ("kind", "title", "opens_at", "closes_at")


class Questions(ReadOnly, admin.TabularInline):
    model = Question
    fields = ("position", "key", "kind", "text", "groups", "is_required")


class Versions(ReadOnly, admin.TabularInline):
    model = DocumentVersion
    fields = ("number", "published_at")


class Provisions(ReadOnly, admin.TabularInline):
    model = Provision
    fields = ("position", "key", "label", "heading")


class Roles(admin.TabularInline):
    model = HostRole
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Host)
class HostAdmin(admin.ModelAdmin):
    list_display = ("name", "slug")
    search_fields = ("name",)
    inlines = (Roles,)

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        for given in formset.save(commit=False):
            if given.pk:
                given.save()
            else:
                give_role(given.host, given.user, given.role, by=request.user)
        for taken in formset.deleted_objects:
            take_role(taken, by=request.user)


@admin.register(Consultation)
class ConsultationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("docket", "title", "host", "kind", "published_at")
    list_filter = ("host", "kind")
    list_select_related = ("host",)
    search_fields = ("docket", "title", "slug")
    inlines = (Phases, Questions)


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "consultation")
    list_select_related = ("consultation",)
    search_fields = ("title", "consultation__docket")
    inlines = (Versions,)


@admin.register(DocumentVersion)
class DocumentVersionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("document", "number", "published_at")
    list_select_related = ("document",)
    inlines = (Provisions,)
