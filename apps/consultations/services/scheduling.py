"""When what may be done: phases planned, and moved, extended or closed early with a reason."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.audit import services as audit
from apps.consultations.announcing import announce_notice
from apps.consultations.clocks import NoSuchTime, comes_twice, instant_or_kept, shown_at
from apps.consultations.models import Consultation, Notice, Phase
from apps.consultations.services.editing import (
    Problems,
    check_line,
    check_text,
    editable,
    refuse,
)
from apps.core.templatetags.plain import instant_in

MOST_PHASES = 20
LONGEST_REASON = 4_000
TITLES = {
    Notice.Kind.EXTENDED: gettext_noop("More time: %(consultation)s"),
    Notice.Kind.CLOSED: gettext_noop("Closed early: %(consultation)s"),
    Notice.Kind.MOVED: gettext_noop("Other dates: %(consultation)s"),
}


@dataclass(frozen=True)
class PhaseEntry:
    """A phase as typed: times as clocks in the organiser's zone show them, "" stays open.

    pk  of the phase that is changed, None for a new one
    """

    kind: str
    opens: str
    closes: str = ""
    title: str = ""
    pk: int | None = None

    @classmethod
    def of(cls, phase: Phase, consultation: Consultation) -> Self:
        """Return a phase as it would be typed."""
        zone = consultation.zone
        return cls(
            phase.kind,
            shown_at(phase.opens_at, zone),
            shown_at(phase.closes_at, zone),
            phase.title,
            phase.pk,
        )


@transaction.atomic
def schedule(
    consultation: Consultation, entries: Sequence[PhaseEntry], *, reason: str = "", by: Any
) -> list[Phase]:
    """Replace the phases of a consultation by these; those that are not named are taken out.

    Once it is published, a change of dates needs a reason, which everybody reads; what has begun
    keeps its beginning, and a phase somebody answered in cannot be taken out. While it is marked as
    answered, no phase in which somebody can say more may lie ahead.

    raises  NotAllowed; InvalidEntry naming what must change
    """
    locked = editable(consultation, by)
    there = {phase.pk: phase for phase in locked.phases.select_for_update()}
    phases = _phases(locked, entries, there)
    before = {pk: (phase.opens_at, phase.closes_at) for pk, phase in there.items()}
    moved = [p for p in phases if before.get(p.pk) != (p.opens_at, p.closes_at)]
    gone = [pk for pk in there if pk not in {phase.pk for phase in phases}]
    is_change = locked.is_published and bool(moved or gone)
    _require_reason(reason, is_needed=is_change)
    _take_out(locked, gone)
    for phase in phases:
        known = there.get(phase.pk, phase)
        phase.is_closed_early = known.is_closed_early and known.closes_at == phase.closes_at
        phase.save()
    audit.record(
        "consultation.scheduled",
        subject=locked.slug,
        actor=by,
        detail={"phases": [_told(phase) for phase in phases]},
    )
    if is_change:
        kind = _kind_of_change(moved, before, gone)
        _tell(locked, kind, reason, details=_difference(moved, before, len(gone)), by=by)
    return phases


def remarks_on(phases: Sequence[Phase], zone: str) -> list[str]:
    """Return what is allowed but may not be meant: phases that overlap, times that come twice."""
    ordered = sorted(phases, key=lambda phase: phase.opens_at)
    told = [
        _overlap(first, second, zone)
        for first, second in combinations(ordered, 2)
        if first.closes_at is None or first.closes_at > second.opens_at
    ]
    times = {at for phase in ordered for at in (phase.opens_at, phase.closes_at) if at}
    twice = sorted(at for at in times if comes_twice(at, ZoneInfo(zone)))
    text = _("Clocks show this time twice. The one that was saved: %(when)s.")
    return [*told, *(text % {"when": instant_in(at, zone)} for at in twice)]


def _overlap(first: Phase, second: Phase, zone: str) -> str:
    ends = [phase.closes_at for phase in (first, second) if phase.closes_at]
    values = {"first": first, "second": second, "opens": instant_in(second.opens_at, zone)}
    if not ends:
        return _("“%(first)s” and “%(second)s” overlap from %(opens)s on.") % values
    values["closes"] = instant_in(min(ends), zone)
    text = _("“%(first)s” and “%(second)s” overlap from %(opens)s to %(closes)s.")
    return text % values


@transaction.atomic
def close_early(phase: Phase, *, reason: str, by: Any) -> Phase:
    """Close an open phase now; whoever was typing keeps the usual minutes of grace.

    raises  NotAllowed; InvalidEntry without a reason, or where the phase is not open
    """
    locked = editable(phase.consultation, by)
    held = locked.phases.select_for_update().get(pk=phase.pk)
    problems: Problems = defaultdict(list)
    if not held.is_open:
        problems["phase"].append(_("This phase is not open, so it cannot be closed."))
    refuse(problems)
    _require_reason(reason, is_needed=True)
    before = {held.pk: (held.opens_at, held.closes_at)}
    # A phase closes after it opens, also one that opened in this very instant.
    held.closes_at = max(timezone.now(), held.opens_at + timedelta(microseconds=1))
    held.is_closed_early = True
    held.save(update_fields=["closes_at", "is_closed_early"])
    audit.record(
        "consultation.closed_early",
        subject=locked.slug,
        actor=by,
        detail={"phase": _told(held)},
    )
    details = _difference([held], before, 0)
    _tell(locked, Notice.Kind.CLOSED, reason, details=details, by=by)
    return held


def _phases(
    consultation: Consultation, entries: Sequence[PhaseEntry], there: dict[int, Phase]
) -> list[Phase]:
    problems: Problems = defaultdict(list)
    if len(entries) > MOST_PHASES:
        told = _("Plan %(most)s phases or fewer.") % {"most": MOST_PHASES}
        problems["phases"].append(told)
    phases = [
        _phase(consultation, entry, there, number, problems)
        for number, entry in enumerate(entries[:MOST_PHASES])
    ]
    refuse(problems)
    _check_order(phases, problems)
    _check_answered(consultation, phases, problems)
    refuse(problems)
    return phases


def _phase(
    consultation: Consultation,
    entry: PhaseEntry,
    there: dict[int, Phase],
    number: int,
    problems: Problems,
) -> Phase:
    place = f"phases.{number}"
    known = there.get(entry.pk or 0)
    phase = Phase(consultation=consultation, pk=known.pk if known else None, kind=entry.kind)
    phase.title = entry.title.strip()
    if entry.kind not in Phase.Kind.values:
        problems[f"{place}.kind"].append(_("Choose what may be done in this phase."))
    check_line(problems, f"{place}.title", entry.title, most=200)
    old = (known.opens_at, known.closes_at) if known else (None, None)
    phase.opens_at = _instant(consultation, entry.opens, old[0], f"{place}.opens", problems)
    phase.closes_at = None
    if entry.closes:
        phase.closes_at = _instant(consultation, entry.closes, old[1], f"{place}.closes", problems)
    if phase.opens_at and phase.closes_at and phase.closes_at <= phase.opens_at:
        problems[f"{place}.closes"].append(_("This phase would end before it starts."))
    if known and consultation.is_published and known.opens_at <= timezone.now():
        if phase.opens_at != known.opens_at:
            problems[f"{place}.opens"].append(_("This phase has begun; its beginning stays."))
        if phase.kind != known.kind:
            problems[f"{place}.kind"].append(_("This phase has begun; it stays what it is."))
    return phase


def _instant(
    consultation: Consultation, shown: str, old: datetime | None, place: str, problems: Problems
) -> Any:
    """Return the instant meant, or note why there is none."""
    try:
        return instant_or_kept(shown, old, consultation.zone, is_end=place.endswith("closes"))
    except NoSuchTime as error:
        problems[place].append(error.message)
        return None


def _check_order(phases: Sequence[Phase], problems: Problems) -> None:
    """Note phases of one kind that overlap, and replies before there is anything to reply to."""
    numbered = list(enumerate(phases))
    for kind, label in Phase.Kind.choices:
        alike = sorted((p.opens_at, n, p) for n, p in numbered if p.kind == kind)
        for (_at, _n, first), (opens, number, _next) in pairwise(alike):
            if first.closes_at is None or first.closes_at > opens:
                told = _("Two phases overlap: “%(kind)s”. End the first before the next begins.")
                problems[f"phases.{number}.opens"].append(told % {"kind": label})
    comments = [phase.opens_at for phase in phases if phase.kind == Phase.Kind.COMMENT]
    for number, phase in numbered:
        if phase.kind == Phase.Kind.REPLY and (not comments or phase.opens_at <= min(comments)):
            told = _("Replies answer comments: let a comment phase begin before.")
            problems[f"phases.{number}.opens"].append(told)


def _check_answered(
    consultation: Consultation, phases: Sequence[Phase], problems: Problems
) -> None:
    """Note where more could be said although the consultation is marked as answered.

    What is filed then would count as answered under a promise nobody checked again.
    """
    if consultation.answered_at is None:
        return
    now = timezone.now()
    # In a review the host works on its answers: it asks nobody for anything.
    asking = (phase for phase in phases if phase.kind != Phase.Kind.REVIEW)
    if any(phase.closes_at is None or phase.closes_at > now for phase in asking):
        told = _(
            "This consultation is marked as answered, so nobody can say more. Take the mark back"
            " under “Responses”, then change the dates."
        )
        problems["phases"].append(told)


def _take_out(consultation: Consultation, gone: Sequence[int]) -> None:
    try:
        with transaction.atomic():
            consultation.phases.filter(pk__in=gone).delete()
    except ProtectedError:
        problems: Problems = defaultdict(list)
        told = _("Somebody has answered in a phase you took out. Close it instead.")
        problems["phases"].append(told)
        refuse(problems)


def _require_reason(reason: str, *, is_needed: bool) -> None:
    problems: Problems = defaultdict(list)
    check_text(problems, "reason", reason, most=LONGEST_REASON)
    if is_needed and not reason.strip():
        told = _("Say why the dates change. Everybody reads it beside the new dates.")
        problems["reason"].append(told)
    refuse(problems)


def _kind_of_change(
    moved: Sequence[Phase],
    before: dict[int, tuple[datetime, datetime | None]],
    gone: Sequence[int],
) -> Notice.Kind:
    """Return "extended" where every change gives more time to what was there, else "moved"."""
    for phase in moved:
        opened, closed = before.get(phase.pk, (None, None))
        is_longer = closed and (phase.closes_at is None or phase.closes_at > closed)
        if gone or phase.opens_at != opened or not is_longer:
            return Notice.Kind.MOVED
    return Notice.Kind.EXTENDED if moved else Notice.Kind.MOVED


def _difference(
    moved: Sequence[Phase], before: dict[int, tuple[datetime, datetime | None]], gone: int
) -> dict[str, Any]:
    return {
        "phases": [
            {
                "phase": str(phase),
                "from": [_text(one) for one in before.get(phase.pk, (None, None))],
                "to": [_text(phase.opens_at), _text(phase.closes_at)],
            }
            for phase in moved
        ],
        "taken_out": gone,
    }


def _tell(
    consultation: Consultation, kind: Notice.Kind, reason: str, *, details: Any, by: Any
) -> None:
    notice = Notice.objects.create(
        consultation=consultation, kind=kind, reason=reason.strip(), details=details, made_by=by
    )
    announce_notice(notice, title=TITLES[kind])


def _told(phase: Phase) -> dict[str, str]:
    return {
        "kind": phase.kind,
        "opens_at": _text(phase.opens_at),
        "closes_at": _text(phase.closes_at),
    }


def _text(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
