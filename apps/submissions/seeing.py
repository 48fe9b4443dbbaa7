"""The fields of a form in which somebody chooses how a response is seen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from apps.submissions.concealing import MOST_REDACTIONS
from apps.submissions.inputs import DraftInput, RedactionInput

ROW = re.compile(r"redaction-(\d{1,3})-words")
PARTS = ("words", "reason", "note")


@dataclass
class RedactionField:
    """Words to keep back as entered; errors by part."""

    number: int
    redaction: RedactionInput
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Beginning of the names of its controls."""
        return f"redaction-{self.number}"


def fields(content: DraftInput, errors: Mapping[str, Sequence[Any]]) -> list[RedactionField]:
    """Return the rows of the form: what was entered, and room for one more."""
    entered = list(content.redactions)
    if len(entered) < MOST_REDACTIONS:
        entered.append(RedactionInput(""))
    return [
        RedactionField(
            number,
            one,
            {part: errors.get(f"redactions.{number}.{part}", ()) for part in PARTS},
        )
        for number, one in enumerate(entered)
    ]


def values(content: DraftInput) -> Iterator[tuple[str, str]]:
    """Yield (name, value) as the fields would be sent, of a step that does not show them."""
    yield "visibility", content.visibility
    for number, one in enumerate(content.redactions):
        yield from ((f"redaction-{number}-{part}", getattr(one, part)) for part in PARTS)


def redactions(data: QueryDict) -> Iterator[RedactionInput]:
    """Yield what was entered, rows that say nothing left out."""
    numbers = sorted(int(found[1]) for name in data if (found := ROW.fullmatch(name)))
    # One more than may be kept, so that the service says so and nothing vanishes silently.
    for number in numbers[: MOST_REDACTIONS + 1]:
        parts = {part: data.get(f"redaction-{number}-{part}", "") for part in PARTS}
        if parts["words"].strip() or parts["note"].strip():
            yield RedactionInput(**parts)
