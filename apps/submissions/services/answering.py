"""Whether what somebody replies to can be answered: it is there, it stands, it is not theirs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.submissions.drafting import Fields
from apps.submissions.errors import InvalidContent
from apps.submissions.inputs import DraftInput, ReplyInput
from apps.submissions.models import PART, Answer, JointParty, Point, Submission, Target

NOT_THERE = _("There is nothing to answer at this place.")
WITHDRAWN = _("Its author withdrew this, so it cannot be answered any more.")
REPLACED = _("Its author replaced this by a newer version. Answer that one.")
NOT_PUBLIC = _("Its words are not public, so they cannot be answered.")
OWN = _("You wrote this yourself, so you cannot reply to it.")
OURS = _("Your organisation wrote this, so it cannot reply to it.")
REMOVE = _("Copy what you wrote if you need it, then remove this reply.")


def require_answerable(
    submission: Submission, content: DraftInput, *, by: Any, is_final: bool = False
) -> list[Target]:
    """Return what each reply of a draft answers; raise InvalidContent naming what cannot be.

    is_final  it is being filed: what is answered stays locked, so that it cannot be withdrawn in
              the same moment
    """
    is_final = is_final or not submission.is_draft
    targets = find_targets(submission.consultation, content.replies, is_locked=is_final)
    found = [targets.get(reply.place) for reply in content.replies]
    fields: Fields = {}
    for number, target in enumerate(found):
        if why := why_not(target, by=by, organisation=submission.organisation):
            fields[f"replies.{number}.part"] = [f"{why} {REMOVE}"]
    if fields:
        raise InvalidContent(_("Something you reply to cannot be answered."), fields=fields)
    return [target for target in found if target]


def find_targets(
    consultation: Consultation, replies: Iterable[ReplyInput], *, is_locked: bool = False
) -> Mapping[tuple[str, str], Target]:
    """Return what replies name, as far as it is there: by reference and part, in four queries."""
    places = {reply.place for reply in replies if "\0" not in reply.submission}
    parts = [found for _reference, part in places if (found := PART.fullmatch(part))]
    if not parts:
        return {}
    answered = _answered(consultation, sorted({reference for reference, _part in places}))
    if is_locked:
        answered = answered.select_for_update(of=("self",)).order_by("pk")
    submissions = {one.pk: one for one in answered}
    points = Point.objects.select_related("provision__version__document")
    answers = Answer.objects.select_related("question")
    numbers = {int(found[1]) for found in parts if found[1]}
    keys = {found[2] for found in parts if found[2]}
    targets = [
        Target(submissions[point.submission_id], point=point)
        for point in points.filter(submission__in=list(submissions), number__in=numbers)
    ] + [
        Target(submissions[answer.submission_id], answer=answer)
        for answer in answers.filter(submission__in=list(submissions), question__key__in=keys)
    ]
    return {(str(target.submission.reference), target.part): target for target in targets}


def why_not(
    target: Target | None, *, by: Any, organisation: Organisation | None
) -> str | Promise | None:
    """Return why somebody cannot answer something, None where that is possible."""
    if target is None:
        return NOT_THERE
    if target.is_withdrawn:
        return WITHDRAWN
    if target.is_replaced:
        return REPLACED
    if target.is_hidden:
        return NOT_PUBLIC
    said = target.submission
    if said.author_id is not None and said.author_id == by.pk:
        return OWN
    ours = {said.organisation_id, *(party.organisation_id for party in said.parties.all())}
    return OURS if organisation is not None and organisation.pk in ours else None


def _answered(consultation: Consultation, references: Sequence[str]) -> QuerySet[Submission]:
    """Return submissions with who signed them; replies are not among them: none is answered."""
    own = Submission.objects.of(consultation).on_record().filter(is_reply=False)
    return own.filter(reference__in=references).prefetch_related(
        Prefetch("parties", JointParty.objects.joined())
    )
