"""How much a host promises to answer, and that it has done so."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from apps.audit import services as audit
from apps.consultations.announcing import announce_notice
from apps.consultations.models import GRACE, Consultation, Notice, Phase
from apps.consultations.services.editing import Problems, check_text, editable
from apps.core.dates import day_in_words, window_in_words
from apps.responses.counting import share_of
from apps.responses.errors import (
    InvalidResponse,
    NotMarked,
    PromiseNotKept,
    PromiseStands,
    StillOpen,
)
from apps.responses.models import Completion, Promise
from apps.responses.telling import tell_followers

DONE = gettext_noop("The host answered what was said: %(consultation)s")
REOPENED = gettext_noop("No longer marked as answered: %(consultation)s")
LONGEST_REASON = 4_000


@dataclass(frozen=True)
class PromiseEntry:
    """A promise as typed: per cent, and a day as 2026-12-31 or "" for none."""

    share: str
    due_on: str = ""

    @classmethod
    def of(cls, there: Promise | None) -> "PromiseEntry":
        """Return a promise as it would be typed."""
        if there is None:
            return cls("")
        return cls(str(there.share), there.due_on.isoformat() if there.due_on else "")


@transaction.atomic
def promise(consultation: Consultation, entered: PromiseEntry, *, by: Any) -> Promise:
    """Promise to answer a share of the points; once it is public it may only rise.

    raises  NotAllowed; InvalidResponse naming what must change; PromiseStands where a consultation
            is published and the share would fall or the day move away
    """
    locked = editable(consultation, by)
    there = Promise.objects.filter(consultation=locked).first()
    share, due_on = _read(locked, entered, kept=there.due_on if there else None)
    if locked.is_published and there is not None:
        _require_more(there, share, due_on)
    made, _is_new = Promise.objects.update_or_create(
        consultation=locked, defaults={"share": share, "due_on": due_on}
    )
    audit.record(
        "promise.made",
        subject=locked.slug,
        actor=by,
        detail={"share": share, "due_on": due_on.isoformat() if due_on else None},
    )
    return made


@transaction.atomic
def mark_answered(consultation: Consultation, *, by: Any) -> Completion:
    """Mark a consultation answered; a second time changes nothing. Its followers get the news.

    raises  NotAllowed; StillOpen while more can be filed; PromiseNotKept saying how many points are
            missing to the share that was promised
    """
    locked = editable(consultation, by)
    there = Completion.objects.filter(consultation=locked).first()
    if there is not None:
        return there
    _require_over(locked)
    share = share_of(locked)
    promised = Promise.objects.filter(consultation=locked).values_list("share", flat=True).first()
    if missing := share.missing_to(promised or 0):
        told = ngettext(
            "You promised to answer %(share)s %% of the points. %(n)s more must be answered.",
            "You promised to answer %(share)s %% of the points. %(n)s more must be answered.",
            missing,
        )
        raise PromiseNotKept(told % {"share": promised, "n": missing})
    made = Completion.objects.create(
        consultation=locked, answered=share.answered, points=share.of, made_by=by
    )
    _keep_answered_at(locked, made.made_at)
    audit.record(
        "consultation.answered",
        subject=locked.slug,
        actor=by,
        detail={"answered": share.answered, "points": share.of, "promised": promised},
    )
    tell_followers(locked, DONE, at=made.made_at)
    return made


@transaction.atomic
def take_back_answered(consultation: Consultation, reason: str, *, by: Any) -> Notice:
    """Take the mark back with a reason that everybody reads; its followers get the news.

    What was answered stays answered, and the consultation can be marked again.

    raises  NotAllowed; NotMarked where it is not marked; InvalidResponse without a reason
    """
    locked = editable(consultation, by)
    there = Completion.objects.filter(consultation=locked).first()
    if there is None:
        raise NotMarked(_("This consultation is not marked as answered."))
    problems: Problems = defaultdict(list)
    check_text(problems, "reason", reason, most=LONGEST_REASON, is_needed=True)
    if problems:
        raise InvalidResponse(_("Some of what you entered needs attention."), fields=problems)
    before = {"answered": there.answered, "points": there.points, "at": there.made_at.isoformat()}
    there.delete()
    _keep_answered_at(locked, None)
    notice = Notice.objects.create(
        consultation=locked,
        kind=Notice.Kind.REOPENED,
        reason=reason.strip(),
        details=before,
        made_by=by,
    )
    audit.record(
        "consultation.answered_taken_back",
        subject=locked.slug,
        actor=by,
        detail={"reason": notice.reason, **before},
    )
    announce_notice(notice, title=REOPENED)
    return notice


def _keep_answered_at(consultation: Consultation, at: datetime | None) -> None:
    consultation.answered_at = at
    consultation.save(update_fields=["answered_at"])


def _last_ahead(consultation: Consultation) -> Phase | None:
    """Return the last phase in which something can be said, now or later.

    A phase that has just closed is one of them: whoever was typing may still file what they wrote.
    """
    ahead = Q(closes_at__isnull=True) | Q(closes_at__gt=timezone.now() - GRACE)
    # In a review the host works on its answers: it asks nobody for anything.
    return consultation.phases.filter(ahead).exclude(kind=Phase.Kind.REVIEW).last()


def _require_over(consultation: Consultation) -> None:
    """Raise StillOpen naming a phase in which something can be said, now or later."""
    phase = _last_ahead(consultation)
    if phase is None:
        return
    when = window_in_words(phase.opens_at, phase.closes_at, consultation.zone)
    told = _("More can still be filed. Wait until the time to respond is over.")
    raise StillOpen(f"{told} {phase}: {when}.")


def read_day(problems: Problems, place: str, text: str) -> date | None:
    """Return a day as typed, None for none; note what is no day."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems[place].append(_("Write the day as 2026-12-31."))
        return None


def _too_soon(consultation: Consultation, due_on: date) -> list[Any]:
    """Say why nothing can be answered by a day: it is over, or comments still come in then."""
    if due_on < timezone.now().date():
        return [_("This time is over. Give one that is still to come.")]
    phase = _last_ahead(consultation)
    if phase is None or phase.closes_at is None:
        return []
    last = phase.closes_at.astimezone(consultation.zone).date()
    told = _("People can still write until %(day)s. Give that day or a later one.")
    return [told % {"day": day_in_words(last)}] if due_on < last else []


def _read(
    consultation: Consultation, entered: PromiseEntry, *, kept: date | None
) -> tuple[int, date | None]:
    problems: Problems = defaultdict(list)
    typed = entered.share.strip().rstrip("%").strip()
    share = int(typed) if typed.isdecimal() and len(typed) <= 3 else -1
    if not 0 <= share <= 100:
        problems["share"].append(_("Write a whole number from 0 to 100."))
    due_on = read_day(problems, "due_on", entered.due_on)
    # A day that was promised before stays as it is, also once it is over.
    if due_on and due_on != kept:
        problems["due_on"] += _too_soon(consultation, due_on)
    if any(problems.values()):
        raise InvalidResponse(_("Some of what you entered needs attention."), fields=problems)
    return share, due_on


def _require_more(there: Promise, share: int, due_on: date | None) -> None:
    fields: Problems = defaultdict(list)
    if share < there.share:
        fields["share"].append(
            _("Everybody could read %(share)s %%. You can promise more, not less.")
            % {"share": there.share}
        )
    if there.due_on and (due_on is None or due_on > there.due_on):
        fields["due_on"].append(_("Everybody could read this day. You can choose an earlier one."))
    if fields:
        raise PromiseStands(_("This promise is public. It can only become more."), fields=fields)
