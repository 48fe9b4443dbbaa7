"""What everybody may read: the rules, the numbers by group, every decision that removed words."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.keyset import paginate
from apps.core.sheets import csv_of
from apps.core.views import shows_refusals
from apps.moderation.counting import FIELDS, statistics_of
from apps.moderation.logged import decisions_of, logged
from apps.moderation.models import DEFINITIONS, LiftReason, Rule

PAGE_SIZE = 50


@require_safe
@shows_refusals
def log(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    page = paginate(
        decisions_of(consultation),
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    context = {
        "place": "consultations",
        "tab": "overview",
        "consultation": consultation,
        "rules": [(rule, DEFINITIONS[rule]) for rule in Rule],
        "lifts": LiftReason.choices,
        "statistics": statistics_of(consultation),
        "decisions": [logged(one) for one in page.items],
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "moderation/log.html", context)


@require_safe
def log_table(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the whole log as CSV."""
    consultation = visible_consultation(request, slug)
    header = [_("Date"), _("What"), _("Group"), _("Decision"), _("Rule"), _("Note"), _("Appeal")]
    decisions = decisions_of(consultation).order_by("-pk")
    rows = [
        [
            one.at.astimezone(consultation.zone).date().isoformat(),
            one.kind_label,
            one.group_label,
            one.action_label,
            one.rule_label,
            one.note,
            one.appeal_label,
        ]
        for one in map(logged, decisions.iterator(chunk_size=2_000))
    ]
    return _csv(consultation, "moderation-log", header, rows)


@require_safe
def statistics_table(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the statistics by group as CSV."""
    consultation = visible_consultation(request, slug)
    header = [
        *(_("Group"), _("Submissions"), _("Cases"), _("Reports"), _("Kept"), _("Redacted")),
        *(_("Hidden"), _("Submissions touched"), _("Appeals"), _("Decisions taken back")),
    ]
    rows: list[list[object]] = [
        [str(StakeholderGroup(row.group).label), *(getattr(row, name) for name in FIELDS)]
        for row in statistics_of(consultation).rows
    ]
    return _csv(consultation, "moderation-statistics", header, rows)


def _csv(
    consultation: Consultation, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]
) -> HttpResponse:
    answer = HttpResponse(csv_of(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{consultation.slug}-{name}.csv"'
    return answer
