"""A reader says that a part of a submission breaks a rule."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.core.errors import NotAllowed
from apps.core.texts import problems_of
from apps.moderation.errors import InvalidDecision, NothingThere
from apps.moderation.models import Case, Flag, Rule, rank_of
from apps.moderation.texts import parts_of
from apps.submissions.models import Submission

LONGEST_FLAG = 1_000


@transaction.atomic
def flag(submission: Submission, part: str, *, rule: str, text: str = "", by: Any) -> Case:
    """Put a part of a submission before the host's moderators; a person flags it once.

    part  as citations name it: "answer:why", "point:2", "reply:1", "attachment:1"; "" for all
    by    the reader; nobody has to log in

    raises  NothingThere; InvalidDecision where the rule is none or the text does not fit
    """
    locked = _lock(submission, part)
    fields: dict[str, list[Any]] = defaultdict(list)
    if rule not in Rule.values:
        fields["rule"] = [_("Choose the rule it breaks.")]
    if told := list(problems_of(text, longest=LONGEST_FLAG)):
        fields["text"] = told
    if fields:
        raise InvalidDecision(_("Some of what you entered needs attention."), fields=dict(fields))
    case = _waiting_case(locked, part)
    person = by if by is not None and by.is_authenticated else None
    if person is not None and case.flagged.filter(said_by=person).exists():
        return case
    Flag.objects.create(case=case, rule=rule, text=text.strip(), said_by=person)
    Case.objects.filter(pk=case.pk).update(flags=F("flags") + 1)
    _rank(case)
    audit.record(
        "submission.flagged",
        subject=f"{locked.consultation.slug}/{locked.reference}",
        actor=person,
        detail={"part": part, "rule": rule},
    )
    return case


def has_flagged(submission: Submission, part: str, *, by: Any) -> bool:
    """Return whether a person flagged a part that still waits."""
    if not by.is_authenticated:
        return False
    waiting = Case.objects.waiting().filter(submission=submission, part=part)
    return Flag.objects.filter(case__in=waiting, said_by=by).exists()


@transaction.atomic
def open_case(submission: Submission, part: str, *, by: Any) -> Case:
    """Look at a part as a moderator, flagged or not; raise NotAllowed or NothingThere."""
    if not by.has_perm("consultations.moderate", submission.consultation):
        raise NotAllowed(_("Only owners and moderators of the host may decide this."))
    return _waiting_case(_lock(submission, part), part)


def _lock(submission: Submission, part: str) -> Submission:
    # One at a time for a submission: two flags at once make one case.
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    locked.consultation = Consultation.objects.get(pk=locked.consultation_id)
    if not locked.is_submitted or part not in parts_of(locked):
        raise NothingThere(_("This is not there any more: it was withdrawn or replaced."))
    return locked


def _waiting_case(locked: Submission, part: str) -> Case:
    found = Case.objects.waiting().filter(submission=locked, part=part).first()
    return found or Case.objects.create(
        consultation=locked.consultation, submission=locked, part=part, group=locked.group
    )


def _rank(case: Case) -> None:
    rules = list(case.flagged.values_list("rule", flat=True))
    case.refresh_from_db(fields=["state", "flags"])
    case.rank = rank_of(rules, is_appeal=case.state == Case.State.APPEALED)
    case.save(update_fields=["rank"])
