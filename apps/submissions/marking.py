"""Divides a filed text at its used spans, so that a page can highlight exactly these words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from apps.submissions.models import HIDDEN
from apps.submissions.sections import Mark

ASKED = re.compile(r"(?P<part>.{1,120}):(?P<start>\d{1,7})-(?P<end>\d{1,7})")


@dataclass(frozen=True)
class Span:
    """An exact stretch of one text, as an address names it: `?mark=answer:comment:10-52`."""

    part: str
    start: int
    end: int


@dataclass(frozen=True)
class Note:
    """Where one used span went: its number on the page and everything that used it."""

    number: int
    span: Span
    uses: Sequence[Mark] = ()

    @property
    def anchor(self) -> str:
        """Return the stable anchor of the span."""
        return f"passage-{self.span.part}-{self.span.start}"


@dataclass(frozen=True)
class Segment:
    """A stretch of text that is highlighted as a whole or not at all.

    notes   numbers of the notes whose span covers it, the shortest span first
    ends    numbers of the notes whose span ends with it
    anchor  anchor of the span that begins with it, "" where none does
    """

    words: str
    notes: Sequence[int] = ()
    ends: Sequence[int] = ()
    anchor: str = ""
    is_asked: bool = False
    is_first_asked: bool = False


@dataclass(frozen=True)
class FiledText:
    """One text of a submission as the page shows it."""

    part: str
    segments: Sequence[Segment] = field(default_factory=list)

    @property
    def anchors(self) -> list[str]:
        """Return the anchors addresses may lead to, for where the words are not shown."""
        found = [segment.anchor for segment in self.segments if segment.anchor]
        return found + ["marked"] * any(segment.is_asked for segment in self.segments)

    @property
    def is_hidden(self) -> bool:
        """Return whether nothing but blocks is left of it."""
        return is_hidden("".join(segment.words for segment in self.segments))


def is_hidden(said: str) -> bool:
    """Return whether a text was hidden as a whole: line ends stay."""
    return HIDDEN in said and not said.strip(f"{HIDDEN}\n")


def mark_query(part: str, start: int, end: int) -> str:
    """Return what to add to a submission's address to highlight an exact span and go to it."""
    return f"?mark={quote(f'{part}:{start}-{end}', safe=':')}#marked"


def read_span(asked: str, texts: Mapping[str, str]) -> Span | None:
    """Return the span an address names, None unless it lies in one of the texts."""
    found = ASKED.fullmatch(asked)
    if not found:
        return None
    span = Span(found["part"], int(found["start"]), int(found["end"]))
    return span if _lies_in(span, texts) else None


def notes_of(marks: Iterable[Mark], texts: Mapping[str, str]) -> list[Note]:
    """Return a note per used span, in reading order; several uses of one span share a note."""
    uses: dict[Span, list[Mark]] = {}
    for mark in marks:
        uses.setdefault(Span(mark.part, mark.start, mark.end), []).append(mark)
    places = {part: place for place, part in enumerate(texts)}
    spans = sorted(
        (span for span in uses if _lies_in(span, texts)),
        key=lambda span: (places[span.part], span.start, span.end),
    )
    return [Note(number, span, uses[span]) for number, span in enumerate(spans, 1)]


def divided(part: str, text: str, notes: Sequence[Note], asked: Span | None) -> FiledText:
    """Return a text cut at every edge of a span; its segments put together are the text."""
    here = [note for note in notes if note.span.part == part]
    spans = [note.span for note in here]
    if asked and asked.part == part:
        spans.append(asked)
    else:
        asked = None
    edges = sorted({0, len(text), *(s.start for s in spans), *(s.end for s in spans)})
    begun: set[str] = set()
    segments = []
    for start, end in zip(edges, edges[1:], strict=False):
        covering = [note for note in here if note.span.start <= start < note.span.end]
        covering.sort(key=lambda note: note.span.end - note.span.start)
        anchors = {n.anchor for n in covering if n.span.start == start} - begun
        begun |= anchors
        segments.append(
            Segment(
                words=text[start:end],
                notes=[note.number for note in covering],
                ends=[note.number for note in here if note.span.end == end and note in covering],
                anchor=min(anchors, default=""),
                is_asked=asked is not None and asked.start <= start < asked.end,
                is_first_asked=asked is not None and asked.start == start,
            )
        )
    return FiledText(part, segments)


def _lies_in(span: Span, texts: Mapping[str, str]) -> bool:
    return 0 <= span.start < span.end <= len(texts.get(span.part, ""))
