"""What a consultation of each kind usually starts with: its phases and its first questions.

The texts are put into the language of the new consultation, where the interface has that language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.consultations.inputs import PhaseInput, QuestionInput
from apps.consultations.models import Consultation, Phase, Question

Words = str | Promise
STARTS_IN_DAYS = 14


@dataclass(frozen=True)
class Window:
    """A phase of so many weeks; the next one begins when it ends."""

    kind: str
    title: Words
    weeks: int


@dataclass(frozen=True)
class Ask:
    """A first question; choices are (key, words)."""

    key: str
    text: Words
    kind: str = Question.Kind.TEXT
    hint: Words = ""
    choices: Sequence[tuple[str, Words]] = ()
    is_required: bool = False
    condition: tuple[str, Sequence[str]] = ("", ())
    about: str = ""


@dataclass(frozen=True)
class Outline:
    """What a template brings; everything can be changed afterwards."""

    kind: str
    name: Words
    told: Words
    windows: Sequence[Window]
    questions: Sequence[Ask]
    moderation: Words
    analysis: Words


MODERATION = _(
    "We hide words only where they break the law, attack a person, or tell who a private person"
    " is. We say which words, when and why. Whoever wrote them is told and can object; somebody"
    " else then looks at it again."
)
ANALYSIS = _(
    "We read every answer. Results are shown for each stakeholder group; many equal letters count"
    " as one argument with many senders, never as votes. Every sentence of our summary leads to"
    " the words it rests on."
)
COMMENTS = Window(Phase.Kind.COMMENT, _("Comments"), 12)
REPLIES = Window(Phase.Kind.REPLY, _("Replies to what others said"), 4)
OUTLINES: Mapping[str, Outline] = {
    one.kind: one
    for one in (
        Outline(
            Consultation.Kind.CALL_FOR_EVIDENCE,
            _("Call for evidence"),
            _("You want to know what is the case before you write anything."),
            [COMMENTS],
            [
                Ask("problem", _("What is the problem, as you see it?"), is_required=True),
                Ask(
                    "evidence",
                    _("What evidence do you have?"),
                    hint=_("Figures, studies, cases you know yourself. Name the source."),
                ),
                Ask(
                    "affected",
                    _("Who is affected, and how?"),
                ),
                Ask("options", _("What should be done, and by whom?")),
            ],
            MODERATION,
            ANALYSIS,
        ),
        Outline(
            Consultation.Kind.DRAFT_TEXT,
            _("Draft text"),
            _("You have a text and want to know what is right, wrong or missing in it."),
            [COMMENTS, REPLIES],
            [
                Ask(
                    "overall",
                    _("What do you think of the text as a whole?"),
                    Question.Kind.STANCE,
                    about=Question.WHOLE_TEXT,
                ),
                Ask(
                    "against",
                    _("What would have to change for you to support it?"),
                    condition=("overall", ("changes", "oppose")),
                    about=Question.WHOLE_TEXT,
                ),
                Ask("missing", _("What is missing?"), about=Question.WHOLE_TEXT),
                Ask(
                    "burden",
                    _("What would it cost you to follow this text?"),
                    about=Question.WHOLE_TEXT,
                ),
            ],
            MODERATION,
            ANALYSIS,
        ),
        Outline(
            Consultation.Kind.HEARING,
            _("Hearing"),
            _("You hear people in a meeting and want to prepare it in writing."),
            [Window(Phase.Kind.COMMENT, _("Statements before the hearing"), 6)],
            [
                Ask(
                    "speak",
                    _("Do you want to speak at the hearing?"),
                    Question.Kind.SINGLE,
                    choices=[
                        ("room", _("Yes, in the room")),
                        ("elsewhere", _("Yes, from elsewhere")),
                        ("writing", _("No, in writing")),
                    ],
                    is_required=True,
                ),
                Ask("statement", _("What do you want to say?"), is_required=True),
                Ask(
                    "needs",
                    _("What do you need to take part?"),
                    hint=_("For example a language, a ramp, captions."),
                    condition=("speak", ("room", "elsewhere")),
                ),
            ],
            MODERATION,
            ANALYSIS,
        ),
        Outline(
            Consultation.Kind.ACCORD,
            _("Accord protocol"),
            _("Parties want to bind themselves together, under conditions they agree on."),
            [COMMENTS, REPLIES, Window(Phase.Kind.REVIEW, _("Review of the new text"), 4)],
            [
                Ask(
                    "join",
                    _("Would you join if the others do?"),
                    Question.Kind.SINGLE,
                    choices=[
                        ("yes", _("Yes")),
                        ("conditions", _("Under conditions")),
                        ("no", _("No")),
                        ("early", _("Too early to say")),
                    ],
                    is_required=True,
                ),
                Ask(
                    "conditions",
                    _("Under which conditions would you join?"),
                    hint=_("Who else must have joined, what must be checked, by when."),
                    condition=("join", ("conditions",)),
                ),
                Ask("checking", _("How can each see that the others keep to it?")),
                Ask("ending", _("When should it end?")),
            ],
            MODERATION,
            ANALYSIS,
        ),
    )
}


def phases_of(outline: Outline, zone: ZoneInfo) -> list[PhaseInput]:
    """Return the phases from two weeks on, from the morning of a day to the last minute of one."""
    day = timezone.now().astimezone(zone).date() + timedelta(days=STARTS_IN_DAYS)
    phases = []
    for window in outline.windows:
        end = day + timedelta(weeks=window.weeks)
        phases.append(
            PhaseInput(
                kind=window.kind,
                title=str(window.title),
                opens_at=datetime(day.year, day.month, day.day, 9, tzinfo=zone),
                closes_at=datetime(end.year, end.month, end.day, 23, 59, tzinfo=zone),
            )
        )
        day = end + timedelta(days=1)
    return phases


def questions_of(outline: Outline) -> list[QuestionInput]:
    """Return the first questions in the language that is active; keys stay the same in each."""
    return [
        QuestionInput(
            key=ask.key,
            text=str(ask.text),
            kind=ask.kind,
            hint=str(ask.hint),
            provision_key=ask.about,
            is_required=ask.is_required,
            choices=[(key, str(words)) for key, words in ask.choices],
            condition_key=ask.condition[0],
            condition_values=ask.condition[1],
        )
        for ask in outline.questions
    ]
