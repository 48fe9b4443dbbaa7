"""What a speaker says to the minutes; what is confirmed is filed as one submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.consultations.models import Identity
from apps.consultations.services.editing import Problems, check_text
from apps.core.errors import NotAllowed
from apps.hearings import telling
from apps.hearings.errors import NothingToConfirm, NotNow, StatementChanged
from apps.hearings.models import Speaker, Statement
from apps.hearings.services.changing import name_of, no_problems, refuse
from apps.hearings.services.recording import LONGEST_STATEMENT, check_position
from apps.submissions.drafting import unix_lines
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.models import Submission
from apps.submissions.services import SpokenInput, file_spoken, identity_of
from apps.submissions.services.changing import end_filed

State = Statement.State
IS_OF_OTHERS = _("These statements belong to somebody else.")


class Act(models.TextChoices):
    """What a speaker can say to a statement."""

    CONFIRM = "confirm", _("I said this")
    CORRECT = "correct", _("I said it in other words")
    CONTEST = "contest", _("I did not say this; let it be written anew")
    STRIKE = "strike", _("Strike it: I do not want it in the minutes")


AFTER = {
    Act.CONFIRM: State.CONFIRMED,
    Act.CORRECT: State.CONFIRMED,
    Act.CONTEST: State.CONTESTED,
    Act.STRIKE: State.STRUCK,
}


@dataclass(frozen=True)
class Confirmation:
    """What a speaker says to one statement.

    revision  of the statement that was read
    text      one's own words where one corrects it; with a stance and an ask of one's own
    """

    statement: int
    act: str
    revision: int
    text: str = ""
    stance: str = ""
    ask: str = ""


@transaction.atomic
def answer_statements(
    speaker: Speaker, given: Sequence[Confirmation], *, by: Any
) -> Submission | None:
    """Answer all statements that wait, at once; what is confirmed is filed and public from then on.

    by       a person who may speak in this capacity; None for who has the link of the mail
    returns  the submission, None where nothing was confirmed
    raises   NotAllowed for whom it does not belong to; NothingToConfirm where nothing waits;
             StatementChanged where one is not as it was read; InvalidHearing naming the rest
    """
    there = _locked(speaker, by)
    waiting = {one.pk: one for one in there.statements.select_for_update().unanswered()}
    if not waiting:
        raise NothingToConfirm(_("Nothing waits for you: all statements are answered."))
    answers = {one.statement: one for one in given}
    _require_same(waiting, answers)
    _check(waiting, answers)
    now = timezone.now()
    for pk, statement in waiting.items():
        _take_over(statement, answers[pk])
        statement.answered_at = now
    confirmed = [one for one in waiting.values() if one.state == State.CONFIRMED]
    submission = _file(there, confirmed, by=by) if confirmed else None
    for statement in waiting.values():
        statement.save()
    audit.record(
        "statements.answered",
        subject=name_of(there.hearing),
        actor=by,
        detail={
            "speaker": there.pk,
            "statements": {str(pk): str(one.state) for pk, one in waiting.items()},
        },
    )
    return submission


@transaction.atomic
def take_back(speaker: Speaker, submission: Submission) -> Submission:
    """Withdraw what was confirmed with the link of a mail; others do it as with any submission.

    raises  NotNow where it was withdrawn or replaced, NotAllowed where it is not the speaker's
    """
    there = _locked(speaker, None)
    own = Submission.objects.filter(statements__speaker=there, author__isnull=True)
    known = Submission.objects.select_for_update(of=("self",)).select_related("consultation")
    locked = known.filter(pk__in=own.values("pk")).filter(pk=submission.pk).first()
    if locked is None:
        raise NotAllowed(IS_OF_OTHERS)
    if not locked.is_submitted:
        raise NotNow(_("This submission was withdrawn or replaced already."))
    return end_filed(locked, by=None)


def _locked(speaker: Speaker, by: Any) -> Speaker:
    """Return a speaker locked for what is said in this capacity; None has the link of the mail."""
    known = Speaker.objects.select_for_update(of=("self",))
    there = known.select_related("hearing__consultation", "person", "organisation").get(
        pk=speaker.pk
    )
    is_own = there.person is None if by is None else _may_answer(there, by)
    if not is_own:
        raise NotAllowed(IS_OF_OTHERS)
    return there


def _may_answer(speaker: Speaker, by: Any) -> bool:
    return Speaker.objects.belonging_to(by).filter(pk=speaker.pk).exists()


def _require_same(waiting: Mapping[int, Statement], answers: Mapping[int, Confirmation]) -> None:
    """Raise StatementChanged unless what is answered is what the speaker has read."""
    is_known = answers.keys() <= waiting.keys()
    if not is_known or any(waiting[pk].revision != one.revision for pk, one in answers.items()):
        raise StatementChanged(
            _("A statement changed since you opened this page. Read them again, then answer.")
        )


def _check(waiting: Mapping[int, Statement], answers: Mapping[int, Confirmation]) -> None:
    problems = no_problems()
    for pk in waiting:
        one = answers.get(pk)
        if one is None or one.act not in Act.values:
            problems[f"act-{pk}"].append(_("Say whether you said this."))
            continue
        check_text(
            problems,
            f"text-{pk}",
            one.text,
            most=LONGEST_STATEMENT,
            is_needed=one.act == Act.CORRECT,
        )
        _check_corrected(problems, waiting[pk], one)
    refuse(problems)


def _check_corrected(problems: Problems, statement: Statement, one: Confirmation) -> None:
    if one.act != Act.CORRECT:
        return
    found = no_problems()
    check_position(found, "", one.stance, one.ask)
    if statement.question_key and one.ask:
        found["ask"].append(_("An ask belongs to a provision, not to a question."))
    if statement.question_key and one.stance and not statement.stance:
        found["stance"].append(_("This question does not ask for a stance."))
    for name, told in found.items():
        problems[f"{name}-{statement.pk}"].extend(told)


def _take_over(statement: Statement, one: Confirmation) -> None:
    statement.state = AFTER[Act(one.act)]
    has_own_words, is_corrected = one.act in (Act.CORRECT, Act.CONTEST), one.act == Act.CORRECT
    statement.corrected_text = unix_lines(one.text).strip() if has_own_words else ""
    statement.corrected_stance = one.stance if is_corrected else ""
    statement.corrected_ask = one.ask if is_corrected else ""


def _file(speaker: Speaker, confirmed: Sequence[Statement], *, by: Any) -> Submission:
    hearing = speaker.hearing
    on_text = [one for one in confirmed if one.provision_key]
    spoken = SpokenInput(
        content=_content(speaker, confirmed),
        said_at=hearing.starts_at,
        author=by,
        organisation=speaker.organisation,
        organisation_name=speaker.organisation_name,
        identity=_identity(speaker, by),
    )
    receipt = file_spoken(hearing.consultation, spoken, by=by)
    submission = hearing.consultation.submissions.get(reference=receipt.number)
    points = submission.points.order_by("number")
    for statement, point in zip(on_text, points, strict=True):
        statement.point = point
    answers = {one.question.key: one for one in submission.answers.select_related("question")}
    for statement in confirmed:
        statement.submission = submission
        statement.answer = answers.get(statement.question_key)
    telling.post_receipt(speaker, submission, receipt)
    return submission


def _identity(speaker: Speaker, by: User | None) -> str:
    return str(Identity.EMAIL if by is None else identity_of(by, speaker.organisation))


def _content(speaker: Speaker, confirmed: Sequence[Statement]) -> DraftInput:
    """Return what is filed: a point for each statement on the text, an answer to each question."""
    points = [
        PointInput(one.provision_key, one.final_stance, one.final_ask, reason=one.words)
        for one in confirmed
        if one.provision_key
    ]
    answers: dict[str, AnswerInput] = {}
    for one in confirmed:
        if not one.question_key:
            continue
        said = answers.get(one.question_key)
        words = f"{said.text}\n\n{one.words}" if said else one.words
        stance = one.final_stance or (said.stance if said else "")
        answers[one.question_key] = AnswerInput(one.question_key, text=words, stance=stance)
    return DraftInput(
        answers=list(answers.values()),
        points=points,
        group=speaker.group,
        language=speaker.hearing.language,
    )
