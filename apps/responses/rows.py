"""What the ledger shows of one point or answer, on its page and over the API."""

from dataclasses import dataclass
from typing import Any

from apps.consultations.models import Consultation
from apps.responses.models import OfficialResponse, senders_of
from apps.submissions.models import Answer, Point, Target


@dataclass(frozen=True)
class LedgerRow:
    """One thing that can be answered.

    decision  what stands on it, "" where it is open
    senders   how many sent the letter it stands in
    copies    how many others say the same in letters of one campaign, and are answered with it
    """

    target: Target
    decision: str
    senders: int
    copies: int = 0

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


def ledger_row(said: Any, consultation: Consultation, *, copies: int = 0) -> LedgerRow:
    """Return a row of what `with_decision` fetched: no query."""
    said.submission.consultation = consultation
    target = Target(
        said.submission,
        point=said if isinstance(said, Point) else None,
        answer=said if isinstance(said, Answer) else None,
    )
    return LedgerRow(target, said.decision or "", senders_of(said.submission), copies)
