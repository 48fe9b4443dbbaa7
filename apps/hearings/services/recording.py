"""The minutes: statements written by staff, sent to their speakers, and what is published."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Question, Stance
from apps.consultations.services.editing import Problems, check_text
from apps.hearings import telling
from apps.hearings.errors import InvalidHearing, NothingToSend, NotNow
from apps.hearings.models import AgendaItem, Hearing, Speaker, Statement
from apps.hearings.places import provision_choices
from apps.hearings.services.changing import held, name_of, no_problems, refuse
from apps.hearings.services.speaking import chosen_item
from apps.submissions.drafting import unix_lines
from apps.submissions.models import Point

LONGEST_STATEMENT = 4_000
MOST_STATEMENTS = 20  # of one speaker, before they are answered
State = Statement.State


@dataclass(frozen=True)
class StatementInput:
    """What a speaker said, as staff writes it.

    about  "provision:article-1", of the newest text, or "question:why"
    item   id of the agenda item, "" for none
    """

    text: str = ""
    about: str = ""
    item: str = ""
    stance: str = ""
    ask: str = ""

    @classmethod
    def of(cls, statement: Statement) -> Self:
        """Return a statement as it would be typed."""
        item = str(statement.item_id or "")
        return cls(statement.text, statement.about, item, statement.stance, statement.ask)


@transaction.atomic
def write_statement(speaker: Speaker, entered: StatementInput, *, by: Any) -> Statement:
    """Write down what a speaker said; nobody else reads it before the speaker confirmed it.

    raises  NotAllowed; NotNow before the hearing begins, or for who is not on the list;
            InvalidHearing naming what must change
    """
    hearing = _recorded(speaker.hearing, by)
    there = hearing.speakers.select_for_update(of=("self",)).get(pk=speaker.pk)
    if not there.is_accepted:
        raise NotNow(_("Only who is on the speaking list has spoken."))
    waiting = there.statements.filter(state__in=[*Statement.WRITABLE, State.SENT])
    if waiting.count() >= MOST_STATEMENTS:
        raise NotNow(
            _("Let this speaker answer first: %(most)s statements are enough at once.")
            % {"most": MOST_STATEMENTS}
        )
    statement = Statement(hearing=hearing, speaker=there)
    return _keep(statement, entered, kind="statement.written", by=by)


@transaction.atomic
def change_statement(statement: Statement, entered: StatementInput, *, by: Any) -> Statement:
    """Change a statement that was not sent, or that its speaker contests.

    raises  as `write_statement` does; NotNow for one that was sent or answered
    """
    return _keep(_writable(statement, by), entered, kind="statement.changed", by=by)


@transaction.atomic
def remove_statement(statement: Statement, *, by: Any) -> None:
    """Take a statement out that nobody confirmed."""
    there = _writable(statement, by)
    subject, pk = name_of(there.hearing), there.pk
    there.delete()
    audit.record("statement.removed", subject=subject, actor=by, detail={"statement": pk})


@transaction.atomic
def recall_statement(statement: Statement, *, by: Any) -> Statement:
    """Take a statement back that waits for its speaker, to change it."""
    hearing = _recorded(statement.hearing, by)
    there = hearing.statements.select_for_update(of=("self",)).get(pk=statement.pk)
    if there.state != State.SENT:
        raise NotNow(_("It does not wait for its speaker any more."))
    there.state, there.revision = State.DRAFT, there.revision + 1
    there.save(update_fields=["state", "revision"])
    _tell("statement.recalled", hearing, [there], by=by)
    return there


@transaction.atomic
def send_statements(speaker: Speaker, *, by: Any) -> int:
    """Ask a speaker to confirm what was written since the last time; return how many these are.

    One that the speaker contests and nobody changed is not sent again.

    raises  NotAllowed; NotNow; NothingToSend, also where the speaker cannot be reached
    """
    hearing = _recorded(speaker.hearing, by)
    known = hearing.speakers.select_for_update(of=("self",)).select_related("person")
    there = known.get(pk=speaker.pk)
    if not there.address:
        raise NothingToSend(
            _("There is no e-mail address to write to. Add one in the speaking list.")
        )
    drafts = list(there.statements.select_for_update().filter(state=State.DRAFT))
    if not drafts:
        raise NothingToSend(_("There is no new statement to send. Write one first."))
    now = timezone.now()
    there.statements.filter(pk__in=[one.pk for one in drafts]).update(state=State.SENT, sent_at=now)
    there.written_at = now
    there.save(update_fields=["written_at"])
    _tell("statements.sent", hearing, drafts, by=by)
    return telling.write(hearing, [there], "statements") and len(drafts)


@transaction.atomic
def remind_speakers(hearing: Hearing, *, by: Any) -> int:
    """Write once more to all whose statements wait and who got no mail for a week.

    returns  how many get one
    raises   NotAllowed; NothingToSend where nobody is to be reminded
    """
    locked = _recorded(hearing, by)
    waiting = locked.speakers.filter(
        pk__in=locked.statements.unanswered().values("speaker")
    ).select_for_update(of=("self",))
    late = [one for one in waiting.select_related("person") if one.may_be_reminded()]
    if not late:
        raise NothingToSend(_("Nobody is to be reminded: all answered, or got a mail this week."))
    ids = [one.pk for one in late]
    locked.speakers.filter(pk__in=ids).update(written_at=timezone.now())
    detail = {"speakers": len(ids)}
    audit.record("speakers.reminded", subject=name_of(locked), actor=by, detail=detail)
    return telling.write(locked, late, "statements", is_reminder=True)


@transaction.atomic
def publish_minutes(hearing: Hearing, *, by: Any) -> Hearing:
    """Let everybody read what was confirmed; what is confirmed later joins it by itself.

    raises  NotAllowed; NotNow before the hearing, or a second time
    """
    locked = _recorded(hearing, by)
    if locked.minutes_published_at:
        raise NotNow(_("The minutes are published already."))
    locked.minutes_published_at = timezone.now()
    locked.save(update_fields=["minutes_published_at"])
    audit.record("minutes.published", subject=name_of(locked), actor=by)
    at, path = locked.minutes_published_at, locked.minutes_url
    telling.tell_followers(locked, telling.MINUTES, at=at, path=path)
    return locked


def _recorded(hearing: Hearing, by: Any) -> Hearing:
    """Return a hearing of which minutes can be written."""
    locked = held(hearing, by)
    is_held = locked.state in (Hearing.State.ANNOUNCED, Hearing.State.CLOSED)
    if not is_held or not locked.has_begun:
        raise NotNow(_("Minutes are written once the hearing has begun."))
    return locked


def _writable(statement: Statement, by: Any) -> Statement:
    hearing = _recorded(statement.hearing, by)
    known = hearing.statements.select_for_update(of=("self",)).select_related("speaker")
    there = known.get(pk=statement.pk)
    if not there.is_writable:
        raise NotNow(_("It was sent to its speaker. Take it back first, or leave it as it is."))
    there.hearing = hearing
    return there


def _keep(statement: Statement, entered: StatementInput, *, kind: str, by: Any) -> Statement:
    hearing = statement.hearing
    problems = no_problems()
    check_text(problems, "text", entered.text, most=LONGEST_STATEMENT, is_needed=True)
    item = chosen_item(hearing, entered.item)
    if entered.item and item is None:
        problems["item"].append(_("Choose an item of the agenda."))
    _take_over_about(problems, statement, entered)
    check_position(problems, "", entered.stance, entered.ask)
    refuse(problems)
    _require_one_stance(statement, entered)
    is_new = statement.pk is None
    statement.text, statement.item = unix_lines(entered.text).strip(), _of(statement, item)
    statement.stance, statement.ask = entered.stance, entered.ask
    statement.state = State.DRAFT
    statement.revision += 0 if is_new else 1
    statement.save()
    _tell(kind, hearing, [statement], by=by)
    return statement


def _of(statement: Statement, item: AgendaItem | None) -> AgendaItem | None:
    """Return the item chosen, else the one its speaker is listed under."""
    return item or (statement.speaker.item if statement.pk is None else None)


def _take_over_about(problems: Problems, statement: Statement, entered: StatementInput) -> None:
    kind, _colon, key = entered.about.partition(":")
    consultation = statement.hearing.consultation
    is_unchanged = statement.pk is not None and entered.about == statement.about
    if kind == "provision" and (is_unchanged or key in dict(provision_choices(consultation))):
        statement.provision_key, statement.question_key = key, ""
        return
    question = consultation.questions.filter(key=key).first() if kind == "question" else None
    if question is not None and (is_unchanged or question.archived_at is None):
        statement.provision_key, statement.question_key = "", key
        _check_answer(problems, question, entered)
        return
    problems["about"].append(_("Choose a provision of the newest text, or a question."))


def _check_answer(problems: Problems, question: Question, entered: StatementInput) -> None:
    if entered.ask:
        problems["ask"].append(_("An ask belongs to a provision, not to a question."))
    if entered.stance and question.kind != Question.Kind.STANCE:
        problems["stance"].append(_("This question does not ask for a stance."))


def check_position(problems: Problems, place: str, stance: str, ask: str) -> None:
    """Note a stance or an ask that nobody offers; `place` begins the names of the fields."""
    if stance and stance not in Stance.values:
        problems[f"{place}stance"].append(_("Choose one of the stances offered."))
    if ask and ask not in Point.Ask.values:
        problems[f"{place}ask"].append(_("Choose one of the asks offered."))


def _require_one_stance(statement: Statement, entered: StatementInput) -> None:
    """Raise InvalidHearing for two stances on one question: they are filed as one answer."""
    if not statement.question_key or not entered.stance:
        return
    open_ones = statement.speaker.statements.filter(
        question_key=statement.question_key, state__in=[*Statement.WRITABLE, State.SENT]
    )
    others = open_ones.exclude(pk=statement.pk).exclude(stance__in=["", entered.stance])
    if others.exists():
        told = _("Another statement of this speaker gives another stance on this question.")
        raise InvalidHearing(told, fields={"stance": [told]})


def _tell(kind: str, hearing: Hearing, statements: Iterable[Statement], *, by: Any) -> None:
    ids = [one.pk for one in statements]
    audit.record(kind, subject=name_of(hearing), actor=by, detail={"statements": ids})
