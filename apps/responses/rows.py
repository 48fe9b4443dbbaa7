"""What the ledger shows of one point or answer, on its page and over the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.consultations.models import Consultation
from apps.responses.copies import Alike, Letters, alike_to, letters_beyond, own_sentences
from apps.responses.models import OfficialResponse, senders_of
from apps.submissions.models import Answer, Point, Target


@dataclass(frozen=True)
class LedgerRow:
    """One thing that can be answered.

    decision  what stands on it, "" where it is open
    senders   how many sent the letter it stands in
    copies    how many others say the same in letters of one campaign, and are answered with it
    letters   the letters whose text it holds beside sentences of its sender's own
    own       these sentences
    on_letter what was decided on the letter alone, "" where it is open or nothing stands beside it
    cut       the number of its text, where more copies of it may be left than are answered with it
    """

    target: Target
    decision: str
    senders: int
    copies: int = 0
    letters: Letters | None = None
    own: str = ""
    on_letter: str = ""
    cut: str = ""

    @property
    def letter(self) -> Target | None:
        """Return one of the letters it goes beyond, None where it does not."""
        return target_of(self.letters.first) if self.letters else None

    @property
    def value(self) -> str:
        """Return its name as a form sends it: without a space, it is nothing somebody typed."""
        return f"{self.target.submission.reference}/{self.target.part}"

    @property
    def proposed(self) -> str:
        """Return the wording it proposes, "" where none or where that is all it says."""
        point = self.target.point
        return point.proposed_text if point and point.reason else ""

    @property
    def decided(self) -> str:
        """Return the decision in words."""
        return _in_words(self.decision)

    @property
    def letter_decided(self) -> str:
        """Return the decision on the letter in words."""
        return _in_words(self.on_letter)


def ledger_rows(said: Sequence[Any], consultation: Consultation) -> list[LedgerRow]:
    """Return a row for each point, or each answer, of what `drawn` fetched: ten queries at most."""
    alike = alike_to(consultation, said)
    letters = letters_beyond(type(said[0]), alike) if alike else {}
    own = own_sentences(alike, said)
    for one in said:
        one.submission.consultation = consultation
    return [
        LedgerRow(
            target_of(one),
            one.decision or "",
            senders_of(one.submission),
            len(alike.get(one.pk, Alike()).copies),
            letters.get(one.pk),
            own.get(one.pk, ""),
            one.letter_decision or "",
            alike.get(one.pk, Alike()).cut,
        )
        for one in said
    ]


def _in_words(decision: str) -> str:
    return str(OfficialResponse.Decision(decision).label) if decision else ""


def target_of(said: Any) -> Target:
    """Return a point or an answer as what a response is about."""
    return Target(
        said.submission,
        point=said if isinstance(said, Point) else None,
        answer=said if isinstance(said, Answer) else None,
    )
