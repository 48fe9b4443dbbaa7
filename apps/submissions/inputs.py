"""What a person enters: answers, points, replies, and everything of one response."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.consultations.models import Phase
from apps.submissions.models import Visibility


@dataclass(frozen=True)
class AnswerInput:
    """The reply to the question with this key; `choices` are keys of choices."""

    question: str
    text: str = ""
    choices: Sequence[str] = ()
    scale: int | None = None
    stance: str = ""

    @property
    def values(self) -> set[str]:
        """Return what was chosen, as conditions of later questions name it."""
        return {*self.choices, str(self.scale or ""), self.stance} - {""}

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was answered."""
        return not (self.text.strip() or self.choices or self.scale or self.stance)


@dataclass(frozen=True)
class EvidenceInput:
    """A source: on the web, or cited by what it is called."""

    url: str = ""
    title: str = ""

    @property
    def key(self) -> str:
        """Return what makes it one source."""
        return self.url or self.title


@dataclass(frozen=True)
class FileNote:
    """A file that was sent before, by its key, what it is called, and why the public lacks it."""

    key: str
    title: str = ""
    kept_back: str = ""


@dataclass(frozen=True)
class RedactionInput:
    """Words the public must not read, wherever they stand in a response, and why.

    reason  one of `KeptBack`; the public reads it, and the note, in place of the words
    """

    words: str
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class PointInput:
    """One ask on the provision with this key; `files` are keys of files that support it.

    quote  the exact words of the provision it is about, "" where it is about the whole
    nth    which of several places they stand in is meant, counted from 1; 0 while that is open
    """

    provision: str
    stance: str = ""
    ask: str = ""
    reason: str = ""
    proposed_text: str = ""
    change_condition: str = ""
    evidence: Sequence[EvidenceInput] = ()
    files: Sequence[str] = ()
    quote: str = ""
    nth: int = 0

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was entered, not even the words it is about."""
        return self.is_unsaid and not self.quote.strip()

    @property
    def is_unsaid(self) -> bool:
        """Return whether the point says nothing yet, whatever words it is about."""
        texts = (self.reason, self.proposed_text, self.change_condition)
        marks = (self.stance, self.ask, self.evidence, self.files)
        return not any(marks) and not any(text.strip() for text in texts)


@dataclass(frozen=True)
class ReplyInput:
    """A reply to one `part` of the submission with this reference: "point:2" or "answer:why"."""

    submission: str
    part: str
    kind: str = ""
    text: str = ""
    evidence: Sequence[EvidenceInput] = ()

    @property
    def place(self) -> tuple[str, str]:
        """Name what it answers."""
        return self.submission, self.part


@dataclass(frozen=True)
class DraftInput:
    """Everything of one response: answers and points, or replies to those of others."""

    answers: Sequence[AnswerInput] = ()
    points: Sequence[PointInput] = ()
    replies: Sequence[ReplyInput] = ()
    group: str = ""
    title: str = ""
    language: str = ""
    country: str = ""
    attachments: Sequence[FileNote] = ()
    visibility: str = Visibility.NAMED.value
    redactions: Sequence[RedactionInput] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was answered and no point made."""
        is_unsaid = all(a.is_empty for a in self.answers) and all(p.is_empty for p in self.points)
        return is_unsaid and not self.replies

    @property
    def kind(self) -> str:
        """The kind of phase it can be filed in."""
        return Phase.Kind.REPLY if self.replies else Phase.Kind.COMMENT
