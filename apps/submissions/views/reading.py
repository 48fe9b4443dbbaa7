"""Pages that read what was filed: the list of a consultation and one submission."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Provision
from apps.consultations.templatetags.provisions import first_document
from apps.consultations.views.reading import visible_consultation
from apps.core.keyset import Page, paginate
from apps.core.views import shows_refusals
from apps.submissions.drafting import left_out_in, provisions_of_today
from apps.submissions.filters import MOST_COUNTED, Filters, Tally, read_filters, tallies_of
from apps.submissions.listing import is_undeclared, listed, name_of, shown_rows
from apps.submissions.marking import divided, notes_of, read_span
from apps.submissions.models import (
    Answer,
    CampaignLetter,
    Placement,
    Point,
    Stance,
    Submission,
    Visibility,
)
from apps.submissions.sections import (
    PartsBeside,
    address_of_words,
    marks_of,
    sections_for_author,
    where_said,
)
from apps.submissions.services import was_found_false, why_taken_back
from apps.submissions.snippets import snippets, suggested
from apps.submissions.stones import Stone, numbers_of_files, stones_of
from apps.submissions.views.paging import (
    opened_files,
    shown_files,
    texts_of_files,
    with_hidden_ones,
)
from apps.submissions.views.replying import replies_shown
from apps.submissions.views.together import parties_shown

PAGE_SIZE = 50
SUBMITTED = Submission.State.SUBMITTED


@require_safe
@shows_refusals
def submission_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    filters = read_filters(request.GET)
    after = request.GET.get("after", "")
    tallies = tallies_of(consultation)
    shown = listed(consultation)
    rows: Any = filters.narrow(
        Submission.objects.filed().of(consultation) if filters.words else shown, tallies
    )
    page: Page[Any] = paginate(
        rows,
        after=after,
        size=PAGE_SIZE,
        by="-submitted_at",
        drawn=shown if filters.words else None,
    )
    if not filters.need_counting:
        count = filters.counted(tallies)
    elif after or page.next_cursor:
        count = rows.values("pk")[: MOST_COUNTED + 1].count()
    else:
        count = len(page.items)
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "submissions",
        "rows": with_snippets(shown_rows(page.items, consultation), page.items, filters.words),
        "suggested": suggested(shown, filters.words) if filters.words and not page.items else "",
        "next_cursor": page.next_cursor,
        "is_first_page": not after,
        "count": min(count, MOST_COUNTED) if filters.need_counting else count,
        "is_more": filters.need_counting and count > MOST_COUNTED,
        "filters": filters,
        "stances": Stance.choices,
        **_choices(tallies, filters),
        **_named(consultation, filters),
    }
    # The form stands on the page twice, folded for narrow screens: it is put together once.
    context["form"] = render_to_string("submissions/_filters.html", context)
    return render(request, "submissions/list.html", context)


def _named(consultation: Consultation, filters: Filters) -> Mapping[str, Any]:
    """Return which provisions can be asked for, and of which one and whom the list is now."""
    provisions = provisions_of_today(consultation).exclude(text="").order_by("version", "position")
    if not first_document(consultation):
        provisions = provisions.none()
    of_today = {one.key: one for one in provisions.only("key", "label", "heading")}
    named: dict[str, Any] = {"provisions": list(of_today.values())}
    if filters.provision in of_today:
        named["provision"] = of_today[filters.provision]
    elif filters.provision:
        named["is_of_before"] = True
        on = Provision.objects.filter(version__document__consultation=consultation)
        named["provision"] = on.filter(key=filters.provision).order_by("-version__number").first()
    if filters.organisation:
        slug = Organisation.objects.now_called(filters.organisation)
        # Only where it stands on the list by name: who withheld it is not told of.
        shown = Submission.objects.of(consultation).filed().values("organisation")
        named["organisation"] = (
            Organisation.objects.listed().filter(slug=slug, pk__in=shown).first()
        )
    return named


def with_snippets(
    shown: list[dict[str, Any]], rows: Sequence[Mapping[str, Any]], words: str
) -> list[dict[str, Any]]:
    """Let entries say where they hold the words searched for; return them."""
    if words:
        found = snippets([row["id"] for row in rows if row["state"] == SUBMITTED], words)
        for entry, row in zip(shown, rows, strict=True):
            entry["snippet"] = found.get(row["id"])
    return shown


def _choices(tallies: Sequence[Tally], filters: Filters) -> Mapping[str, Any]:
    """Return what can be chosen: groups and questions that have submissions, with counts."""
    of_group: Counter[str] = Counter()
    of_question: Counter[tuple[str | None, str | None]] = Counter()
    for tally in tallies:
        if tally.question_id is None:
            of_group[tally.group] += tally.submissions
        else:
            of_question[tally.question_key, tally.question_text] += tally.submissions
    groups = [
        {"group": group, "submissions": of_group[group], "on": group in filters.groups}
        for group in StakeholderGroup.values
        if group in of_group or group in filters.groups
    ]
    questions = [
        {"key": key, "text": text, "submissions": n} for (key, text), n in of_question.items()
    ]
    return {"groups": groups, "questions": questions, "all": of_group.total()}


@require_safe
def submission_detail(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    submission = _whole(request, slug, reference)
    consultation = submission.consultation
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "replies" if submission.is_reply else "submissions",
        "submission": submission,
        "who": name_of(submission.organisation_name, submission.group, submission.visibility),
        **_declared(submission),
        **parties_shown(submission, by=request.user),
    }
    context |= replies_shown(submission, by=request.user)
    if submission.state == Submission.State.WITHDRAWN:
        context["taken_back"] = submission.is_entered_by_staff and why_taken_back(submission)
        context["is_false"] = was_found_false(submission)
        return render(request, "submissions/withdrawn.html", context)
    stones, versions = stones_of(submission), _versions(submission)
    if closing := versions["closing"]:
        names = (submission.organisation_name, submission.group)
        context["who"] = name_of(*names, closing.visibility)
    context |= {
        "own": _own(request, submission),
        "versions": versions,
        "stones": stones,
        **_from_above(request, submission),
        **_kept_back(request, submission, stones),
        **_words(request, submission, stones),
    }
    return render(request, "submissions/detail.html", context)


def _words(
    request: HttpRequest, submission: Submission, stones: Mapping[str, Stone]
) -> Mapping[str, Any]:
    """Return every text with the spans of it that were used, and where they went."""
    marks = marks_of(submission, request.user)
    mark = request.GET.get("mark", "")
    files = shown_files(submission, [mark, *(mark.part for mark in marks)])
    texts = dict(_texts(submission)) | texts_of_files(files)
    notes = notes_of(marks, texts)
    asked = read_span(mark, texts)
    shown = {part: divided(part, text, notes, asked) for part, text in texts.items()}
    return {
        "answers": [(answer, shown.get(answer.part)) for answer in submission.answers.all()],
        "points": [
            (point, [(field, shown[point.part(field)]) for field, _text in point.texts()])
            for point in submission.points.all()
        ],
        "files": with_hidden_ones(files, shown, stones),
        "opened": opened_files([*(note.span.part for note in notes), asked.part if asked else ""]),
        "notes": notes,
        "letter": _letter(submission),
        "is_mark_unknown": bool(mark) and asked is None,
    }


def _from_above(request: HttpRequest, submission: Submission) -> Mapping[str, Any]:
    """Return what higher apps add to the page."""
    return {
        "words_page": address_of_words(submission),
        "beside": PartsBeside(submission, request.user),
        "told": sections_for_author(submission, request.user),
    }


def _declared(submission: Submission) -> Mapping[str, Any]:
    label = submission.declared_label
    return {
        "is_undeclared": is_undeclared(submission.source, submission.group, label),
        "said": where_said(submission),
    }


def _whole(request: HttpRequest, slug: str, reference: str) -> Submission:
    """Return a submission with everything it shows: a constant number of queries."""
    if "\0" in reference:
        raise Http404
    consultation = visible_consultation(request, slug)
    answers = Answer.objects.select_related("question").order_by("question__position", "number")
    points = Point.objects.select_related("provision__version__document", "anchor")
    points = points.annotate(left_out_in=left_out_in())
    placed = Placement.objects.select_related("version", "provision__version__document")
    visible = Submission.objects.visible_to(request.user).of(consultation).on_record()
    submission = get_object_or_404(
        visible.select_related("organisation", "withheld_for").prefetch_related(
            Prefetch("answers", answers.prefetch_related("choices")),
            Prefetch(
                "points",
                points.order_by("number").prefetch_related(
                    "evidence", Prefetch("anchor__placements", placed)
                ),
            ),
        ),
        reference=reference,
    )
    submission.consultation = consultation
    return submission


def _own(request: HttpRequest, submission: Submission) -> Mapping[str, Any] | None:
    """Return what a submitter may still do with it; None to everybody else."""
    user, organisation = request.user, submission.owner
    if not user.is_authenticated or not user.has_perm("accounts.draft_for", organisation):
        return None
    if organisation is None and submission.author_id != user.pk:
        return None
    phase = submission.consultation.phase_for(submission.kind)
    if phase is None or not submission.is_submitted:
        return {"phase": None}
    begun = submission.revisions.filter(state=Submission.State.DRAFT).first()
    is_grace = begun is not None and phase.is_in_grace(begun.created_at)
    may_revise = phase.is_open or is_grace
    return {"may_revise": may_revise, "phase": phase, "begun": begun, "is_grace": is_grace}


def _kept_back(
    request: HttpRequest, submission: Submission, stones: Mapping[str, Stone]
) -> Mapping[str, Any]:
    """Return the files its author keeps back, and whether the reader may read these parts."""
    if submission.visibility == Visibility.NAMED:
        return {}
    confided = Submission.objects.confided_to(request.user).filter(pk=submission.pk)
    files = submission.attachments.exclude(kept_back="").in_order()
    files = files.exclude(number__in=numbers_of_files(stones))
    return {"files_kept_back": files, "may_read_original": confided.exists()}


def _versions(submission: Submission) -> Mapping[str, Submission | None]:
    """Return the version before, the one that replaced it, and the later one that closed it."""
    known = Q(pk=submission.revises_id) if submission.revises_id else Q(pk__in=[])
    replaced = Q(revises=submission.pk) & ~Q(state=Submission.State.DRAFT)
    near = {one.pk: one for one in Submission.objects.filter(known | replaced)}
    earlier = near.pop(submission.revises_id, None) if submission.revises_id else None
    later = next(iter(near.values()), None)
    closing = later
    while closing is not None and closing.visibility == Visibility.NAMED:
        closing = closing.revisions.on_record().first()
    return {"earlier": earlier, "later": later, "closing": closing}


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
