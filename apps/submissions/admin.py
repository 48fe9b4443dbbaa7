from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation
from apps.core.admin import ReadOnly
from apps.submissions.importing.labels import apply_labels
from apps.submissions.models import (
    Answer,
    Campaign,
    CampaignScan,
    EvidenceLink,
    GroupLabel,
    GroupTally,
    Point,
    PointTally,
    Reply,
    ReplyTally,
    Submission,
)


class Answers(ReadOnly, admin.TabularInline):
    model = Answer
    fields = ("question", "number", "text", "scale", "stance")
    extra = 0


class Points(ReadOnly, admin.TabularInline):
    model = Point
    fields = ("number", "provision", "stance", "ask", *Point.TEXT_FIELDS)
    extra = 0


@admin.register(Submission)
class SubmissionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "reference",
        "consultation",
        "state",
        "source",
        "group",
        "organisation_name",
        "submitted_at",
    )
    list_filter = ("state", "source", "group", "consultation")
    list_select_related = ("consultation",)
    search_fields = ("reference", "organisation_name")
    # Counting every row, once more without the filter, would be most of the work of the page.
    show_full_result_count = False
    inlines = (Answers, Points)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        # A draft is its author's until it is filed.
        return super().get_queryset(request).exclude(state=Submission.State.DRAFT)


@admin.register(GroupLabel)
class GroupLabelAdmin(admin.ModelAdmin):
    list_display = ("label", "group", "consultation")
    list_editable = ("group",)
    list_filter = ("consultation", "group")
    list_select_related = ("consultation",)
    search_fields = ("label",)
    actions = ("apply",)

    @admin.action(description=_("Apply to what was imported"), permissions=["change"])
    def apply(self, request: HttpRequest, queryset: QuerySet[GroupLabel]) -> None:
        chosen = Consultation.objects.filter(group_labels__in=queryset).distinct()
        changed = sum(map(apply_labels, chosen))
        self.message_user(
            request, _("%(count)d submissions changed their group.") % {"count": changed}
        )


@admin.register(GroupTally, PointTally, CampaignScan, Campaign, EvidenceLink, Reply, ReplyTally)
class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    show_full_result_count = False
