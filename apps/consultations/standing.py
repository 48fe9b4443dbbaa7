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


@dataclass(frozen=True)
class Standing:
    """What a page says about time; `phase` is the open one, else the next, else the last.

    state  "draft", "open", "soon" or "closed"
    """

    state: str
    phase: Phase | None = None
    first_opened_at: datetime | None = None
    open_kinds: tuple[str, ...] = ()
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
        return {"draft": _("Not published"), "soon": _("Opens later")}.get(self.state, _("Closed"))


def standing_of(consultation: Consultation) -> Standing:
    """Return where a consultation stands, without a query where its phases were fetched."""
    phases = list(consultation.phases.all())
    kinds = tuple(phase.kind for phase in phases if phase.is_open)
    first = phases[0].opens_at if phases else None
    if not consultation.is_published:
        return Standing("draft", next(iter(phases), None), first)
    for state, found in (
        ("open", [phase for phase in phases if phase.is_open]),
        ("soon", [phase for phase in phases if phase.is_to_come]),
    ):
        if found:
            return Standing(state, found[0], first, kinds, consultation.answered_at)
    last = phases[-1] if phases else None
    return Standing("closed", last, first, answered_at=consultation.answered_at)
