"""Pages that read what was filed: the list of a consultation and one submission."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.accounts.templatetags.groups import group_mark
from apps.consultations.models import Consultation
from apps.core.endpoints import quoted
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.filters import MOST_COUNTED, Filters, read_filters, tallies_of
from apps.submissions.marking import divided, notes_of, read_span
from apps.submissions.models import Answer, CampaignLetter, GroupTally, Point, Submission
from apps.submissions.sections import marks_of, use_counts

PAGE_SIZE = 50
EXCERPT = 420
COLUMNS = (
    "id",
    "reference",
    "state",
    "source",
    "group",
    "organisation_name",
    "declared_label",
    "weight",
    "attachments_declared",
    "submitted_at",
    "is_dated",
)


def visible_consultation(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation with what its masthead shows, or raise Http404."""
    visible = Consultation.objects.visible_to(request.user).with_masthead()
    return get_object_or_404(visible, slug=slug)


@require_safe
@shows_refusals
def submission_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    filters = read_filters(request.GET)
    after = request.GET.get("after", "")
    tallies = tallies_of(consultation)
    filed = filters.narrow(Submission.objects.of(consultation).filed(), tallies)
    page = paginate(
        _with_excerpts(filed, consultation), after=after, size=PAGE_SIZE, by="-submitted_at"
    )
    if not filters.need_counting:
        count = filters.counted(tallies)
    elif after or page.next_cursor:
        count = filed.order_by()[: MOST_COUNTED + 1].count()
    else:
        count = len(page.items)
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "submissions",
        "rows": _shown(page.items, consultation),
        "next_cursor": page.next_cursor,
        "is_first_page": not after,
        "count": min(count, MOST_COUNTED) if filters.need_counting else count,
        "is_more": filters.need_counting and count > MOST_COUNTED,
        "filters": filters,
        **_choices(tallies, filters),
    }
    return render(request, "submissions/list.html", context)


def _with_excerpts(
    filed: QuerySet[Submission], consultation: Consultation
) -> QuerySet[Submission, dict[str, Any]]:
    """Return only what an entry shows; the database cuts the excerpt, the texts stay there."""
    here = {"submission": OuterRef("pk")}
    answers = Answer.objects.filter(**here).exclude(text="").order_by("id")
    reasons = Point.objects.filter(**here).exclude(reason="").order_by("number")
    uses = use_counts(consultation)
    return filed.annotate(
        excerpt=Coalesce(
            Subquery(answers.values(beginning=Left("text", EXCERPT))[:1]),
            Subquery(reasons.values(beginning=Left("reason", EXCERPT))[:1]),
        ),
        answers_count=_count_of(Answer),
        points_count=_count_of(Point),
        used=sum(uses.values(), start=F("id") * 0) if uses else F("id") * 0,
    ).values(*COLUMNS, "excerpt", "answers_count", "points_count", "used")


def _count_of(model: type[Answer] | type[Point]) -> Coalesce:
    of_one = model.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
    return Coalesce(Subquery(of_one.annotate(n=Count("pk")).values("n")), 0)


def _shown(rows: Sequence[dict[str, Any]], consultation: Consultation) -> list[dict[str, Any]]:
    root = reverse("submissions:list", args=[consultation.slug])
    marks = {group: group_mark(group) for group in StakeholderGroup.values}
    for row in rows:
        row["url"] = f"{root}{quoted(row['reference'])}/"
        row["who"] = name_of(row["organisation_name"], row["group"])
        row["is_withdrawn"] = row["state"] == Submission.State.WITHDRAWN
        row["is_undeclared"] = is_undeclared(row["source"], row["group"], row["declared_label"])
        row["mark"] = marks[row["group"]]
        row["is_cut"] = len(row["excerpt"] or "") == EXCERPT
    return list(rows)


def name_of(organisation_name: str, group: str) -> str:
    """Return who speaks on the public record; people are not named."""
    if organisation_name:
        return organisation_name
    return _("Individual") if group == StakeholderGroup.INDIVIDUAL else _("Name not given")


def is_undeclared(source: str, group: str, declared_label: str) -> bool:
    """Return whether "other" only says that the source names no category."""
    is_other = group == StakeholderGroup.OTHER
    return source == Submission.Source.IMPORT and is_other and not declared_label


def _choices(tallies: Sequence[GroupTally], filters: Filters) -> Mapping[str, Any]:
    """Return what can be chosen: groups and questions that have submissions, with counts."""
    of_group: dict[str, int] = {}
    of_question: dict[str, dict[str, Any]] = {}
    for tally in tallies:
        if tally.question is None:
            of_group[tally.group] = tally.submissions
            continue
        known = of_question.setdefault(
            tally.question.key, {"question": tally.question, "submissions": 0}
        )
        known["submissions"] += tally.submissions
    groups = [
        {"group": group, "submissions": of_group.get(group, 0), "on": group in filters.groups}
        for group in StakeholderGroup.values
        if group in of_group or group in filters.groups
    ]
    return {
        "groups": groups,
        "questions": list(of_question.values()),
        "all": sum(of_group.values()),
    }


@require_safe
def submission_detail(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission = _whole(request, slug, reference)
    consultation = submission.consultation
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "submissions",
        "submission": submission,
        "who": name_of(submission.organisation_name, submission.group),
        "is_undeclared": is_undeclared(
            submission.source, submission.group, submission.declared_label
        ),
    }
    if submission.state == Submission.State.WITHDRAWN:
        return render(request, "submissions/withdrawn.html", context)
    texts = dict(_texts(submission))
    notes = notes_of(marks_of(submission, request.user), texts)
    asked = read_span(request.GET.get("mark", ""), texts)
    shown = {part: divided(part, text, notes, asked) for part, text in texts.items()}
    context |= {
        "answers": [(answer, shown.get(answer.part)) for answer in submission.answers.all()],
        "points": [
            (point, [(field, shown[point.part(field)]) for field, _text in point.texts()])
            for point in submission.points.all()
        ],
        "notes": notes,
        "letter": _letter(submission),
        "is_mark_unknown": bool(request.GET.get("mark")) and asked is None,
    }
    return render(request, "submissions/detail.html", context)


def _whole(request: HttpRequest, slug: str, reference: str) -> Submission:
    """Return a submission with everything it shows: a constant number of queries."""
    if "\0" in reference:
        raise Http404
    consultation = visible_consultation(request, slug)
    answers = Answer.objects.select_related("question").order_by("question__position", "number")
    points = Point.objects.select_related("provision__version__document").order_by("number")
    visible = Submission.objects.visible_to(request.user).of(consultation).filed()
    submission = get_object_or_404(
        visible.prefetch_related(
            Prefetch("answers", answers.prefetch_related("choices")),
            Prefetch("points", points.prefetch_related("evidence")),
        ),
        reference=reference,
    )
    submission.consultation = consultation
    return submission


def _texts(submission: Submission) -> list[tuple[str, str]]:
    """Return every text of a submission as (part, text), in reading order."""
    found = [(answer.part, answer.text) for answer in submission.answers.all() if answer.text]
    for point in submission.points.all():
        found += [(point.part(field), text) for field, text in point.texts()]
    return found


def _letter(submission: Submission) -> CampaignLetter | None:
    """Return the place of a submission in a campaign of the latest scan, None where it has none."""
    latest = submission.consultation.campaign_scans.order_by("-id").values("pk")[:1]
    return (
        CampaignLetter.objects.filter(submission=submission, campaign__scan=latest)
        .select_related("campaign")
        .first()
    )
