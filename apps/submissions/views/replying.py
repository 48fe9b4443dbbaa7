"""Replies: begun at what they answer, shown in its thread, listed for a consultation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.filters import ReplyFilters, UnknownFilter
from apps.submissions.inputs import ReplyInput
from apps.submissions.listing import shown_reply
from apps.submissions.models import Reply, ReplyQuerySet, Submission, Target
from apps.submissions.sections import in_words
from apps.submissions.services.answering import find_targets, why_not
from apps.submissions.threads import threads_of
from apps.submissions.views.entries import REPLY, Entry, own_drafts

PAGE_SIZE = 50


def with_reply(request: HttpRequest, consultation: Consultation, entry: Entry) -> Entry:
    """Return the entry with room for a reply to what the address names, or say why not."""
    asked = ReplyInput(request.GET.get("to", ""), request.GET.get("part", ""))
    there = entry.content.replies
    if not asked.submission or asked.place in {reply.place for reply in there}:
        return entry
    target = find_targets(consultation, [asked]).get(asked.place)
    if why := why_not(target, by=request.user, organisation=entry.organisation):
        return replace(entry, notice=why)
    return replace(entry, content=replace(entry.content, replies=[*there, asked]))


def replies_shown(submission: Submission, *, by: Any) -> Mapping[str, Any]:
    """Return what a submission replies, or its threads and whether more may be added now."""
    if submission.is_reply:
        return {"replies": submission.replies.with_both_sides().order_by("number")}
    phase = submission.consultation.reply_phase()
    if phase is None:
        return {}
    if submission.state == Submission.State.WITHDRAWN:
        return {"replies_to_it": _count(submission.pk, by=by)}
    earlier = submission.revises_id
    return {
        "threads": threads_of(submission, by=by),
        "takes_replies": phase.is_open and submission.is_submitted,
        "replies_to_earlier": _count(earlier, by=by) if earlier else 0,
    }


def _count(submission_id: int, *, by: Any) -> int:
    return Reply.objects.visible_to(by).filter(answered=submission_id).count()


@require_safe
@shows_refusals
def reply_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List the replies of a consultation, all or one thread, newest first."""
    consultation = visible_consultation(request, slug)
    all_of_it = Reply.objects.visible_to(request.user).of(consultation)
    filters = ReplyFilters(request.GET, queryset=all_of_it)
    if not filters.is_valid():
        raise UnknownFilter(_("There are no replies of this sort. Choose one of the filters."))
    after = request.GET.get("after", "")
    page = paginate(filters.qs.with_both_sides().in_brief(), after=after, size=PAGE_SIZE)
    asked = {name: value for name, value in filters.form.cleaned_data.items() if value}
    groups, kinds = _counts(filters.qs)
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "replies",
        "phase": consultation.reply_phase(),
        "drafts": own_drafts(request, consultation, kind=REPLY),
        "rows": [shown_reply(reply) for reply in page.items],
        "next_cursor": page.next_cursor,
        "is_first_page": not after,
        "count": sum(kinds.values()),
        "by_group": groups,
        "by_kind": in_words(kinds),
        "asked": asked,
        "groups": StakeholderGroup.choices,
        "kinds": Reply.Kind.choices,
        "provisions": _provisions(all_of_it),
        "target": _answered(consultation, asked),
    }
    return render(request, "submissions/replies.html", context)


def _counts(rows: ReplyQuerySet) -> tuple[list[tuple[str, int]], Counter[str]]:
    """Return how many replies there are by group, in the order of the groups, and by kind."""
    of_group: Counter[str] = Counter()
    of_kind: Counter[str] = Counter()
    for row in rows.counted():
        of_group[row["group"]] += row["replies"]
        of_kind[row["kind"]] += row["replies"]
    return [(one, of_group[one]) for one in StakeholderGroup.values if one in of_group], of_kind


def _provisions(rows: ReplyQuerySet) -> list[tuple[str, str, int]]:
    """Return key, name and number of replies of the provisions that were answered about."""
    place = "point__provision__"
    counted = (
        rows.filter(point__isnull=False)
        .values_list(f"{place}key", f"{place}label", f"{place}heading")
        .annotate(n=Count("pk"))
        .order_by(f"{place}key")
    )
    return [(key, label or heading, n) for key, label, heading, n in counted]


def _answered(consultation: Consultation, asked: Mapping[str, str]) -> Target | None:
    """Return what the one thread is about that an address asks for, None for other lists."""
    wanted = ReplyInput(asked.get("submission", ""), asked.get("part", ""))
    return find_targets(consultation, [wanted]).get(wanted.place)
