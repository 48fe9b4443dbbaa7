from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from apps.accounts.errors import LastSignatory
from apps.accounts.models import Membership, Organisation, User
from apps.accounts.services import add_member, register_organisation, remove_member
from apps.core.admin import HTTPS_ASSUMED


class Memberships(admin.TabularInline):
    model = Membership
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People are looked up and switched off here; what they know stays out of sight."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "date_joined", "last_login")
    readonly_fields = ("email", "name", "is_staff", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "group", "country", "state", "created_at")
    list_filter = ("state", "group")
    search_fields = ("name", "slug")
    formfield_overrides = HTTPS_ASSUMED
    fields = ("name", "slug", "group", "country", "website", "state", "decision")
    readonly_fields = ("state", "decision")  # decided on the page of names, with a reason
    prepopulated_fields = {"slug": ("name",)}
    inlines = (Memberships,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            register_organisation(obj, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for membership in formset.save(commit=False):
            add_member(
                membership.organisation, membership.user, role=membership.role, by=request.user
            )
        for removed in formset.deleted_objects:
            try:
                remove_member(removed, by=request.user)
            except LastSignatory as refusal:
                messages.error(request, str(refusal.message))
