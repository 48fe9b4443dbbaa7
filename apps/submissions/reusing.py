"""What of an earlier response fits into a draft: the same question or provision, once more."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rapidfuzz import fuzz

from apps.consultations.models import Question
from apps.submissions.drafting import Form
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.models import Visibility

LIKE_BY_KEY = 70.0  # per cent of likeness, as rapidfuzz counts it, where the keys are the same
LIKE_BY_WORDING = 90.0  # where only the wording tells
COMPARED = 2_000  # characters


@dataclass(frozen=True)
class Fit:
    """A part of an earlier response and the question or provision of the draft it fits to."""

    part: str
    name: str
    text: str
    answer: AnswerInput | None = None
    point: PointInput | None = None


def fits(form: Form, earlier: DraftInput, wordings: Mapping[str, str]) -> list[Fit]:
    """Return what fits, in the order of the draft's form; nothing of what was asked otherwise.

    wordings  what the earlier questions ("question:key") and provisions ("provision:key") said
    """
    texts = form.texts(form.provisions)
    return list(chain(_answers(form, earlier, wordings), _points(form, earlier, wordings, texts)))


def merged(content: DraftInput, chosen: Sequence[Fit], earlier: DraftInput) -> DraftInput:
    """Return a draft with parts of an earlier response; what stands in it stays.

    A text that is there already is followed by the earlier one, after a blank line. Words that were
    kept back are kept back here, too, and so is a name: the same words under it would tell whose
    the earlier ones are.
    """
    answers = {answer.question: answer for answer in content.answers}
    points = list(content.points)
    for fit in chosen:
        if fit.answer:
            there = answers.get(fit.answer.question)
            answers[fit.answer.question] = _joined(there, fit.answer) if there else fit.answer
        if fit.point and fit.point not in points:
            points.append(fit.point)
    made = replace(content, answers=list(answers.values()), points=points)
    is_open = content.visibility == Visibility.NAMED
    if chosen and is_open and earlier.visibility == Visibility.WITHHELD:
        made = replace(made, visibility=Visibility.WITHHELD.value)
    kept = [one for one in earlier.redactions if one not in content.redactions]
    if earlier.visibility != Visibility.CONFIDENTIAL or not chosen or not earlier.redactions:
        return made
    redactions = [*content.redactions, *kept]
    return replace(made, visibility=Visibility.CONFIDENTIAL.value, redactions=redactions)


def among(found: Sequence[Fit], parts: Collection[str]) -> list[Fit]:
    """Return the fits somebody chose."""
    return [fit for fit in found if fit.part in parts]


def _answers(form: Form, earlier: DraftInput, wordings: Mapping[str, str]) -> Iterator[Fit]:
    asked = {a.question: (a, wordings.get(f"question:{a.question}", "")) for a in earlier.answers}
    for key, question in form.questions.items():
        match = _best(key, question.text, {old: text for old, (_a, text) in asked.items()})
        if match and (answer := _answer_to(question, asked[match][0])):
            yield Fit(f"answer:{match}", question.text, answer.text, answer=answer)


def _answer_to(question: Question, said: AnswerInput) -> AnswerInput | None:
    """Return an earlier answer as one to this question; choices only where all are offered."""
    offered = {choice.key for choice in question.choices.all()}
    is_choice = question.kind in (Question.Kind.SINGLE, Question.Kind.MULTIPLE)
    answer = AnswerInput(
        question.key,
        text=said.text,
        choices=said.choices if is_choice and offered.issuperset(said.choices) else (),
        scale=said.scale if question.kind == Question.Kind.SCALE else None,
        stance=said.stance if question.kind == Question.Kind.STANCE else "",
    )
    return None if answer.is_empty else answer


def _points(
    form: Form, earlier: DraftInput, wordings: Mapping[str, str], texts: Mapping[str, str]
) -> Iterator[Fit]:
    today = {key: f"{one.heading}\n{texts.get(key, '')}" for key, one in form.provisions.items()}
    for number, point in enumerate(earlier.points):
        said = wordings.get(f"provision:{point.provision}", "")
        if match := _best(point.provision, said, today):
            # Files stay with what they were attached to, and exact words are chosen anew.
            made = replace(point, provision=match, files=[], quote="", nth=0)
            text = point.reason or point.proposed_text or point.change_condition
            yield Fit(f"point:{number}", str(form.provisions[match]), text, point=made)


def _best(key: str, wording: str, others: Mapping[str, str]) -> str:
    """Return the key of what says the same, the same key first; "" where nothing does."""
    if key in others and _likeness(wording, others[key]) >= LIKE_BY_KEY:
        return key
    alike = [(_likeness(wording, text), other) for other, text in others.items()]
    likeness, best = max(alike, default=(0.0, ""))
    return best if likeness >= LIKE_BY_WORDING else ""


def _likeness(one: str, other: str) -> float:
    one, other = one[:COMPARED].casefold().strip(), other[:COMPARED].casefold().strip()
    return fuzz.ratio(one, other) if one and other else 0.0


def _joined(there: AnswerInput, said: AnswerInput) -> AnswerInput:
    text = there.text
    if said.text and said.text not in there.text:
        text = f"{there.text.rstrip()}\n\n{said.text}" if there.text.strip() else said.text
    return replace(
        there,
        text=text,
        choices=there.choices or said.choices,
        scale=there.scale or said.scale,
        stance=there.stance or said.stance,
    )
