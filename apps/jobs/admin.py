from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.admin import ReadOnly
from apps.jobs.models import Job
from apps.jobs.services import retry_dead


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("id", "kind", "state", "attempts", "done", "total", "created_at", "error_class")
    list_filter = ("state", "kind")
    search_fields = ("key", "error_message")
    actions = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    @admin.action(description=_("Try dead jobs again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        roots = set(queryset.filter(state=Job.State.DEAD).values_list("root", flat=True))
        count = sum(map(retry_dead, roots))
        said = ngettext("%(count)s job is queued again.", "%(count)s jobs are queued again.", count)
        self.message_user(request, said % {"count": count})
