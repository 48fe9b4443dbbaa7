"""What stands in each place of the response form: what was entered, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from apps.analysis.anchoring import Phrase, occurrences, phrase_at
from apps.consultations.models import Question
from apps.submissions.inputs import AnswerInput, EvidenceInput, PointInput, ReplyInput
from apps.submissions.models import Stance, Target

MOST_PLACES = 20


@dataclass
class QuestionField:
    """A question with what was answered; `name` is the beginning of its field names."""

    question: Question
    answer: AnswerInput
    errors: Sequence[Any] = ()
    depends_on: Question | None = None

    @property
    def condition(self) -> str:
        """Return in words when it is asked, "" where it always is."""
        if self.depends_on is None:
            return ""
        said = {choice.key: choice.label for choice in self.depends_on.choices.all()}
        said |= {value: str(label) for value, label in Stance.choices}
        wanted = [f"“{said.get(value, value)}”" for value in self.question.condition_values]
        return gettext("Only if you answered %(answers)s to: %(question)s") % {
            "answers": ", ".join(wanted),
            "question": self.depends_on.text,
        }

    @property
    def name(self) -> str:
        """Name of its control, unique in the page."""
        return f"answer-{self.question.key}"


@dataclass
class PointField:
    """A point with what was entered; errors by field."""

    number: int
    point: PointInput
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    text: str = ""  # of the provision, where its words are quoted or put otherwise

    @property
    def name(self) -> str:
        """Beginning of the names of its controls."""
        return f"point-{self.number}"

    @property
    def places(self) -> list[tuple[int, str, str, str]]:
        """Return where the words it is about stand, if that is more than one place.

        returns  (number from 1, words before, the words, words after)
        """
        spans = occurrences(self.point.quote, self.text) if self.point.quote else []
        found = [(n, phrase_at(self.text, *span)) for n, span in enumerate(spans[:MOST_PLACES], 1)]
        shown = [(n, one.prefix, one.quote, one.suffix) for n, one in found]
        return shown if len(shown) > 1 else []

    @property
    def place(self) -> Phrase | None:
        """Return the words it is about with what stands around them, None where they are gone."""
        spans = occurrences(self.point.quote, self.text) if self.point.quote else []
        nth = max(self.point.nth, 1)
        return phrase_at(self.text, *spans[nth - 1]) if nth <= len(spans) else None

    @property
    def sources(self) -> list[EvidenceInput]:
        """The sources named so far, and room for one more."""
        return [*self.point.evidence, EvidenceInput()]


@dataclass
class ReplyField:
    """A reply with what it answers, None where that is not there; errors by field."""

    number: int
    reply: ReplyInput
    target: Target | None
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Beginning of the names of its controls."""
        return f"reply-{self.number}"

    @property
    def sources(self) -> list[EvidenceInput]:
        """The sources named so far, and room for one more."""
        return [*self.reply.evidence, EvidenceInput()]
