"""What a host can ask for: to answer points and answers officially, one or many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.core.errors import NotAllowed
from apps.responses.changing import Change, changes_in
from apps.responses.copies import Named, named_along
from apps.responses.deciding import attach
from apps.responses.errors import InvalidResponse
from apps.responses.models import AnsweredPart, OfficialResponse
from apps.responses.telling import tell_authors
from apps.submissions.models import PART, Answer, Point, Submission, Target

MOST_AT_ONCE = 500
LONGEST_REASON = 4_000
Decision = OfficialResponse.Decision


@dataclass(frozen=True)
class ResponseInput:
    """What a member of the host's staff enters.

    targets  (reference of a submission, "point:2" or "answer:why") of each thing answered
    change   key of the provision that changed from one version to the next, "" where none did
    anew     of everything that matches, whether also what is answered already is answered anew
    """

    targets: Sequence[Named] = ()
    decision: str = ""
    reason: str = ""
    change: str = ""
    anew: bool = False


@transaction.atomic
def respond(consultation: Consultation, entered: ResponseInput, *, by: Any) -> OfficialResponse:
    """Answer points and answers; a response that stood on one of them is replaced, and kept.

    Copies of the same words in letters of one campaign are answered with them. Of a copy with
    sentences of its sender's own the letter is answered, and these sentences stay open.
    Who follows one of the submissions, as its author does, gets the news.

    raises  NotAllowed for others than owners and editors of the host; InvalidResponse naming what
            must change, also where a submission was withdrawn or replaced meanwhile
    """
    require_answering(consultation, by)
    along = named_along(consultation, entered.targets[:MOST_AT_ONCE])
    targets = _found(consultation, [*entered.targets, *along.copies, *along.letters])
    response = decide(
        consultation, entered, by=by, fields={"targets": _target_problem(entered, targets)}
    )
    attach(response, _parts(response, targets, letters=set(along.letters)))
    audit.record(
        "response.given",
        subject=consultation.slug,
        actor=by,
        detail={
            "response": response.pk,
            "decision": entered.decision,
            "parts": [f"{reference}/{part}" for reference, part in targets],
        },
    )
    tell_authors(response, {one.submission.pk: one.submission for one in targets.values()}.values())
    return response


def _parts(
    response: OfficialResponse, targets: Mapping[Named, Target], *, letters: Collection[Named]
) -> list[AnsweredPart]:
    return [
        AnsweredPart(
            response=response,
            submission=one.submission,
            point=one.point,
            answer=one.answer,
            number=number,
            is_of_letter=name in letters,
        )
        for number, (name, one) in enumerate(targets.items())
    ]


def _found(consultation: Consultation, named: Iterable[Named]) -> dict[Named, Target]:
    """Return what the names name, as far as it stands: three queries."""
    asked = dict.fromkeys(named)
    rows = Submission.objects.of(consultation).filter(
        state=Submission.State.SUBMITTED,
        is_reply=False,
        reference__in={reference for reference, _part in asked},
    )
    # In one order, and locked: a withdrawal came first, or the response stands.
    held = {one.pk: one for one in rows.select_for_update(of=("self",)).order_by("pk")}
    for one in held.values():
        one.consultation = consultation
    points = Point.objects.filter(submission__in=held).select_related("provision")
    answers = Answer.objects.filter(submission__in=held).select_related("question")
    targets = [Target(held[point.submission_id], point=point) for point in points]
    targets += [Target(held[answer.submission_id], answer=answer) for answer in answers]
    known = {(str(one.submission.reference), one.part): one for one in targets}
    return {name: known[name] for name in asked if name in known}


def require_answering(consultation: Consultation, by: Any) -> None:
    """Raise NotAllowed for others than owners and editors of the host."""
    if not by.has_perm("consultations.edit", consultation):
        raise NotAllowed(_("Only owners and editors of the host can answer for it."))


def decide(
    consultation: Consultation,
    entered: ResponseInput,
    *,
    by: Any,
    fields: Mapping[str, str | Promise],
) -> OfficialResponse:
    """Store a decision with its reason; raise InvalidResponse naming what must change.

    fields  what is wrong with the rest of what was entered, "" where nothing is
    """
    change = _changed(consultation, entered)
    _check(entered, change, {name: [told] for name, told in fields.items() if told})
    return OfficialResponse.objects.create(
        consultation=consultation,
        decision=entered.decision,
        reason=entered.reason.strip(),
        change=change.provision if change else None,
        is_taken_out=bool(change and change.is_taken_out),
        made_by=by,
    )


def _changed(consultation: Consultation, entered: ResponseInput) -> Change | None:
    return changes_in(consultation).get(entered.change) if entered.change else None


def _check(
    entered: ResponseInput, change: Change | None, told: Mapping[str, list[str | Promise]]
) -> None:
    fields: dict[str, list[str | Promise]] = defaultdict(list, told)
    if entered.decision not in Decision.values:
        fields["decision"].append(_("Choose what was decided."))
    if not entered.reason.strip():
        fields["reason"].append(_("Say why. Everybody reads this, and whoever wrote it first."))
    elif len(entered.reason) > LONGEST_REASON or "\0" in entered.reason:
        fields["reason"].append(_("Keep the reason to %(most)s characters.") % {"most": "4,000"})
    if entered.change and change is None:
        fields["change"].append(_("Choose a provision that changed from one version to the next."))
    elif entered.change and entered.decision not in OfficialResponse.CHANGING:
        fields["change"].append(_("Only what is accepted changes the text."))
    if fields:
        raise InvalidResponse(_("Some of what you entered needs attention."), fields=fields)


def _target_problem(entered: ResponseInput, targets: dict[Named, Target]) -> str | Promise:
    if not entered.targets:
        return _("Choose at least one point or answer.")
    if len(entered.targets) > MOST_AT_ONCE:
        return _("Answer %(most)s at once or fewer.") % {"most": MOST_AT_ONCE}
    missing = [name for name in dict.fromkeys(entered.targets) if name not in targets]
    names = ", ".join(f"{reference} {part}"[:160] for reference, part in missing[:5])
    told = _("These are not there, or not any more: %(names)s.") % {"names": names}
    return told if missing else ""


def read_target(text: str) -> Named | None:
    """Return what a form names as "reference/point:2", None for what cannot be one."""
    reference, _slash, part = text.rpartition("/")
    return (reference, part) if reference and PART.fullmatch(part) else None
