"""What the ledger shows of one point or answer, on its page and over the API."""

from dataclasses import dataclass
from typing import Any

from apps.consultations.models import Consultation
from apps.responses.copies import Alike, Letters
from apps.responses.models import OfficialResponse, senders_of
from apps.submissions.models import Answer, Point, Target


@dataclass(frozen=True)
class LedgerRow:
    """One thing that can be answered.

    decision  what stands on it, "" where it is open
    senders   how many sent the letter it stands in
    copies    how many others say the same in letters of one campaign, and are answered with it
    letters   the letters whose text it holds beside sentences of its sender's own
    """

    target: Target
    decision: str
    senders: int
    copies: int = 0
    letters: Letters | None = None

    @property
    def letter(self) -> Target | None:
        """Return one of the letters it goes beyond, None where it does not."""
        return target_of(self.letters.first) if self.letters else None

    @property
    def value(self) -> str:
        """Return its name as a form sends it."""
        return f"{self.target.submission.reference} {self.target.part}"

    @property
    def proposed(self) -> str:
        """Return the wording it proposes, "" where none or where that is all it says."""
        point = self.target.point
        return point.proposed_text if point and point.reason else ""

    @property
    def decided(self) -> str:
        """Return the decision in words."""
        return str(OfficialResponse.Decision(self.decision).label) if self.decision else ""


def ledger_row(
    said: Any,
    consultation: Consultation,
    alike: Alike | None = None,
    letters: Letters | None = None,
) -> LedgerRow:
    """Return a row of what `with_decision` fetched: no query."""
    said.submission.consultation = consultation
    copies = len(alike.copies) if alike else 0
    senders = senders_of(said.submission)
    return LedgerRow(target_of(said), said.decision or "", senders, copies, letters)


def target_of(said: Any) -> Target:
    """Return a point or an answer as what a response is about."""
    return Target(
        said.submission,
        point=said if isinstance(said, Point) else None,
        answer=said if isinstance(said, Answer) else None,
    )
