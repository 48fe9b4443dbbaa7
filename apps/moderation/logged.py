"""The public log: what moderators decided, without names, references and words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.moderation.models import Appeal, Decision, LiftReason, Rule

NO_APPEAL, OPEN_APPEAL, LIFTED = "none", "open", "lifted"
KINDS: dict[str, str | Promise] = {
    "submission": _("Whole submission"),
    "answer": _("Answer"),
    "point": _("Point"),
    "reply": _("Reply"),
    "attachment": _("Attached file"),
}
APPEALS: dict[str, str | Promise] = {
    NO_APPEAL: _("No appeal"),
    OPEN_APPEAL: _("Appeal not decided yet"),
    str(Appeal.Outcome.UPHELD): _("Appealed: the decision stands"),
    str(Appeal.Outcome.REVERSED): _("Appealed: the words are back"),
    LIFTED: _("Taken back by a moderator"),
}
KIND_CHOICES = list(KINDS.items())
APPEAL_CHOICES = list(APPEALS.items())


@dataclass(frozen=True)
class Logged:
    """One decision as everybody reads it."""

    at: datetime
    kind: str
    group: str
    rule: str
    action: str
    note: str
    appeal: str
    reversed_at: datetime | None
    lifted_for: str = ""
    pages: str = ""

    @property
    def kind_label(self) -> str:
        """What kind of part it is about."""
        return str(KINDS[self.kind])

    @property
    def group_label(self) -> str:
        """The group of whoever wrote it."""
        return str(StakeholderGroup(self.group).label)

    @property
    def rule_label(self) -> str:
        """The rule it rests on."""
        return capfirst(str(Rule(self.rule).label))

    @property
    def action_label(self) -> str:
        """What was done, of a file to which pages."""
        done = str(Decision.Action(self.action).label)
        return f"{done}: {self.pages}" if self.pages else done

    @property
    def appeal_label(self) -> str:
        """Whether somebody objected, and what came of it; of what was taken back unasked, why."""
        told = str(APPEALS[self.appeal])
        return f"{told}: {LiftReason(self.lifted_for).label}" if self.lifted_for else told


def decisions_of(consultation: Consultation) -> QuerySet[Decision]:
    """Return what is in the log: decisions that removed something, those taken back as well."""
    taken = Decision.objects.filter(consultation=consultation, action__in=Decision.HIDING)
    shown = taken.select_related("case", "appeal")
    return shown.defer(
        "removed", "statement", "appeal__text", "appeal__statement", "lifted_statement"
    )


def logged(decision: Decision) -> Logged:
    """Return a decision, fetched by `decisions_of`, without anything that is about a person."""
    lodged = getattr(decision, "appeal", None)
    appeal = NO_APPEAL if lodged is None else lodged.outcome or OPEN_APPEAL
    return Logged(
        at=decision.decided_at,
        kind=decision.case.kind,
        group=decision.case.group,
        rule=decision.rule,
        action=decision.action,
        note=decision.public_note,
        appeal=LIFTED if decision.lifted_for else appeal,
        reversed_at=decision.reversed_at,
        lifted_for=decision.lifted_for,
        pages=decision.pages,
    )
