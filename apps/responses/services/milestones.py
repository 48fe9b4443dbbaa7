"""What a host will do after its answers: planned in the open, tracked until it is done."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.consultations.services.editing import Problems, check_line, check_text, editable
from apps.responses.errors import InvalidResponse
from apps.responses.models import Milestone
from apps.responses.services.promising import read_day
from apps.responses.telling import tell_followers

MOST = 100
LONGEST_TITLE = 200
LONGEST_NOTE = 2_000
DONE = gettext_noop("Done: %(title)s (%(consultation)s)")
State = Milestone.State


@dataclass(frozen=True)
class MilestoneEntry:
    """A milestone as typed: days as 2026-12-31, "" for none."""

    title: str
    due_on: str = ""
    state: str = State.PLANNED.value
    note: str = ""
    done_on: str = ""

    @classmethod
    def of(cls, there: Milestone) -> "MilestoneEntry":
        """Return a milestone as it would be typed."""
        due, done = (day.isoformat() if day else "" for day in (there.due_on, there.done_on))
        return cls(there.title, due, there.state, there.note, done)


@transaction.atomic
def add_milestone(consultation: Consultation, entered: MilestoneEntry, *, by: Any) -> Milestone:
    """Plan something in the open; raise NotAllowed, or InvalidResponse naming what must change."""
    locked = editable(consultation, by)
    if locked.milestones.count() >= MOST:
        raise InvalidResponse(
            _("There are %(most)s milestones, the most there can be.") % {"most": MOST}
        )
    return _keep(Milestone(consultation=locked), entered, kind="milestone.added", by=by)


@transaction.atomic
def change_milestone(milestone: Milestone, entered: MilestoneEntry, *, by: Any) -> Milestone:
    """Change a milestone, finish or drop it; who follows the consultation hears that it is done.

    raises  NotAllowed; InvalidResponse naming what must change
    """
    locked = editable(milestone.consultation, by)
    there = locked.milestones.get(pk=milestone.pk)
    return _keep(there, entered, kind="milestone.changed", by=by)


def _keep(milestone: Milestone, entered: MilestoneEntry, *, kind: str, by: Any) -> Milestone:
    was_done = milestone.state == State.DONE
    days = _checked(entered)
    milestone.title, milestone.note = entered.title.strip(), entered.note.strip()
    milestone.state, milestone.due_on = entered.state, days["due_on"]
    milestone.done_on = days["done_on"]
    milestone.save()
    audit.record(
        kind,
        subject=milestone.consultation.slug,
        actor=by,
        detail={
            "milestone": milestone.pk,
            "title": milestone.title,
            "state": milestone.state,
            **{name: day.isoformat() if day else None for name, day in days.items()},
        },
    )
    if milestone.state == State.DONE and not was_done:
        tell_followers(
            milestone.consultation, DONE, at=timezone.now(), values={"title": milestone.title}
        )
    return milestone


def _checked(entered: MilestoneEntry) -> dict[str, date | None]:
    """Return the days as they are kept; raise InvalidResponse naming what cannot be."""
    problems: Problems = defaultdict(list)
    check_line(problems, "title", entered.title, most=LONGEST_TITLE, is_needed=True)
    check_text(problems, "note", entered.note, most=LONGEST_NOTE)
    days = {
        name: read_day(problems, name, getattr(entered, name)) for name in ("due_on", "done_on")
    }
    today = timezone.now().date()
    if entered.state not in State.values:
        problems["state"].append(_("Choose where it stands."))
    if entered.state == State.DROPPED and not entered.note.strip():
        problems["note"].append(_("Say why it will not be done."))
    if entered.state != State.DONE:
        days["done_on"] = None
    elif days["done_on"] is None:
        days["done_on"] = today
    elif days["done_on"] > today:
        problems["done_on"].append(_("This day is still to come."))
    if problems:
        raise InvalidResponse(_("Some of what you entered needs attention."), fields=problems)
    return days
