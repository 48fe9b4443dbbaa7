"""Says where a consultation stands now: not published, opening later, open, closed, answered."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation, Phase

OPEN_FOR: dict[str, str | Promise] = {
    Phase.Kind.COMMENT: _("Open for comments"),
    Phase.Kind.REPLY: _("Open for replies"),
    Phase.Kind.VOTE: _("Open for votes"),
    Phase.Kind.REVIEW: _("Under review"),
}

OPENS_NEXT: dict[str, str | Promise] = {
    Phase.Kind.COMMENT: _("Comments open"),
    Phase.Kind.REPLY: _("Replies open"),
    Phase.Kind.VOTE: _("Votes open"),
    Phase.Kind.REVIEW: _("The review begins"),
}


@dataclass(frozen=True)
class Standing:
    """What a page says about time; `phase` is the open one, else the next, else the last.

    state  "draft", "open", "soon" or "closed"
    last   of what is neither open nor to come, the phase that ended last
    """

    state: str
    phase: Phase | None = None
    first_opened_at: datetime | None = None
    open_kinds: tuple[str, ...] = ()
    last: Phase | None = None
    answered_at: datetime | None = None

    @property
    def is_answered(self) -> bool:
        """Return whether its host marked it answered, and nobody can say more now or later."""
        # In a review the host works on its answers: it asks nobody for anything.
        is_over = self.state == "closed" or set(self.open_kinds) == {Phase.Kind.REVIEW}
        return self.answered_at is not None and is_over

    @property
    def is_open(self) -> bool:
        """Return whether something may be done now."""
        return self.state == "open"

    @property
    def takes_comments(self) -> bool:
        """Return whether what may be done now is to respond."""
        return self.is_open and Phase.Kind.COMMENT in self.open_kinds

    @property
    def label(self) -> str | Promise:
        """Return the words of the state's tag."""
        if self.is_answered:
            return _("Answered")
        if self.state == "open" and self.phase:
            return OPEN_FOR[self.phase.kind]
        if self.state == "draft":
            return _("Not published")
        if self.last:
            return _("Closed early") if self.last.is_closed_early else _("Closed")
        return _("Opens later") if self.state == "soon" else _("Closed")

    @property
    def opens_next(self) -> str | Promise:
        """Return what the phase to come is for, where it is not the first."""
        is_next = self.state == "soon" and self.last and self.phase
        return OPENS_NEXT[self.phase.kind] if is_next and self.phase else ""


def standing_of(consultation: Consultation) -> Standing:
    """Return where a consultation stands, without a query where its phases were fetched."""
    phases = list(consultation.phases.all())
    kinds = tuple(phase.kind for phase in phases if phase.is_open)
    first = phases[0].opens_at if phases else None
    if not consultation.is_published:
        return Standing("draft", next(iter(phases), None), first)
    over = [phase for phase in phases if phase.is_over]
    last = max(over, key=lambda phase: phase.closes_at or phase.opens_at, default=None)
    for state, found in (
        ("open", [phase for phase in phases if phase.is_open]),
        ("soon", [phase for phase in phases if phase.is_to_come]),
    ):
        if found:
            return Standing(state, found[0], first, kinds, last, consultation.answered_at)
    final = phases[-1] if phases else None
    return Standing("closed", final, first, (), last, consultation.answered_at)
