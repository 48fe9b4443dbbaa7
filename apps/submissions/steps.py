"""The way through a response, one thing at a time: what is asked of whom, and what was chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Question
from apps.core.display import display_text
from apps.submissions.drafting import Form
from apps.submissions.inputs import DraftInput
from apps.submissions.models import Visibility

CAPACITY, CHOOSE, FILES, SEEN = "capacity", "choose", "files", "seen"
QUESTION, PROVISION = "question:", "provision:"
MINUTES: dict[str, int] = {Question.Kind.TEXT: 5}
MINUTES_TO_CHOOSE = 1
MINUTES_PER_POINT = 6


@dataclass(frozen=True)
class Step:
    """One page of the way: `key` names it in addresses, `name` in the list of steps."""

    key: str
    name: str
    is_done: bool = False


def way(form: Form, content: DraftInput, concerns: Sequence[str]) -> list[Step]:
    """Return the pages of a response in their order.

    concerns  keys of the steps somebody chose. Questions that must be answered and what was
              answered already are always on the way; without a choice every question is.
    """
    is_known = content.group in StakeholderGroup.values
    steps = [
        Step(CAPACITY, _("In what capacity?"), is_done=is_known),
        Step(CHOOSE, _("What concerns you?"), is_done=bool(concerns)),
    ]
    if not is_known:
        return steps[:1]
    steps += [*_provisions(form, content, concerns), *_questions(form, content, concerns)]
    steps.append(Step(FILES, _("Attachments"), is_done=bool(content.attachments)))
    is_chosen = content.visibility != Visibility.NAMED
    return [*steps, Step(SEEN, _("How you are seen"), is_done=is_chosen)]


def choices(form: Form, group: str) -> tuple[list[Any], list[Question]]:
    """Return the provisions and the questions a group may choose from."""
    questions = [q for q in form.questions.values() if q.is_asked_of(group)]
    return [p for p in form.provisions.values() if p.has_text], questions


def after(steps: Sequence[Step], key: str) -> str:
    """Return the step that follows, "" after the last one and for a step that is not there."""
    keys = [step.key for step in steps]
    here = keys.index(key) if key in keys else len(keys)
    return keys[here + 1] if here + 1 < len(keys) else ""


def names(form: Form) -> dict[str, str]:
    """Return what each place of a response is called; "" is the whole of it."""
    named = {"": _("The whole response"), CAPACITY: _("In what capacity?")}
    named[CHOOSE] = _("What concerns you?")
    named |= {PROVISION + key: _short(str(one)) for key, one in form.provisions.items()}
    named |= {QUESTION + key: _short(one.text) for key, one in form.questions.items()}
    return {**named, FILES: _("Attachments"), SEEN: _("How you are seen")}


def minutes(form: Form, group: str = "") -> tuple[int, int]:
    """Estimate how long the questions asked of a group take, and one point on the text.

    returns  minutes for all of them, minutes for a point
    """
    asked = [q for q in form.questions.values() if not group or q.is_asked_of(group)]
    return sum(MINUTES.get(q.kind, MINUTES_TO_CHOOSE) for q in asked), MINUTES_PER_POINT


def _provisions(form: Form, content: DraftInput, concerns: Sequence[str]) -> Iterator[Step]:
    with_points = {point.provision for point in content.points if not point.is_empty}
    with_asks = {point.provision for point in content.points if not point.is_unsaid}
    for key, provision in form.provisions.items():
        name = PROVISION + key
        if key in with_points or (name in concerns and provision.has_text):
            yield Step(name, _short(str(provision)), is_done=key in with_asks)


def _questions(form: Form, content: DraftInput, concerns: Sequence[str]) -> Iterator[Step]:
    answered = {answer.question for answer in content.answers if not answer.is_empty}
    for key, question in form.asked(content).items():
        is_on_the_way = question.is_required or key in answered or QUESTION + key in concerns
        if is_on_the_way or not concerns:
            yield Step(QUESTION + key, _short(question.text), is_done=key in answered)


def _short(text: str) -> str:
    words = display_text(text)
    return words if len(words) <= 48 else words[:47].rsplit(" ", 1)[0] + " …"
