"""Reads the words of a paragraph with what is bold and italic, and writes them as Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from apps.analysis.files.word import NOT_READ
from apps.analysis.outlining.elements import attribute, child, is_on, name_of, value_of
from apps.analysis.outlining.escaping import emphasised, opening_escaped
from apps.analysis.outlining.styles import Styles, switched

NOTES = ("footnoteReference", "endnoteReference")
_BREAKS = frozenset({"br", "cr"})


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    words: str
    is_bold: bool = False
    is_italic: bool = False
    is_note: bool = False  # the mark of a note, which is no word of the text

    @property
    def sign(self) -> str:
        """Return what stands on both sides of the words in Markdown."""
        return "*" * (2 * self.is_bold + self.is_italic)


@dataclass
class Notes:
    """Foot- and endnotes, numbered in the order in which the text refers to them."""

    texts: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    cited: list[tuple[str, str]] = field(default_factory=list)

    def mark(self, element: etree._Element) -> str:
        """Return the number of a note in the text; "" where there is no such note."""
        key = (name_of(element).removesuffix("Reference"), attribute(element, "id"))
        if key not in self.texts:
            return ""
        if key not in self._places:
            self._places[key] = len(self._places) + 1
            self.cited.append(key)
        return f"[{self._places[key]}]"

    def __post_init__(self) -> None:
        self._places: dict[tuple[str, str], int] = {}

    def taken(self) -> list[tuple[str, etree._Element]]:
        """Return the notes cited since this was last asked, with their marks."""
        found = [(f"[{self._places[key]}]", self.texts[key]) for key in self.cited]
        self.cited.clear()
        return found


def runs_of(block: etree._Element, styles: Styles, notes: Notes) -> list[Run]:
    """Return the words of a paragraph; neighbours of the same look are one run."""
    found: list[Run] = []
    for run in _pieces(block, styles, notes):
        if found and (found[-1].sign, found[-1].is_note) == (run.sign, run.is_note):
            found[-1] = replace(found[-1], words=found[-1].words + run.words)
        elif run.words:
            found.append(run)
    return found


def _pieces(block: etree._Element, styles: Styles, notes: Notes) -> Iterator[Run]:
    stack: list[tuple[etree._Element, Run]] = [(element, Run("")) for element in reversed(block)]
    while stack:
        element, look = stack.pop()
        name = name_of(element)
        if name in NOT_READ or name in ("pPr", "rPr"):
            continue
        if name == "r":
            properties = child(element, "rPr")
            if is_on(child(properties, "vanish")):
                continue
            look = _look(properties, styles)
        if words := _words(element, name, notes):
            yield Run(words, is_note=True) if name in NOTES else replace(look, words=words)
        stack.extend((inner, look) for inner in reversed(element))


def _look(properties: etree._Element | None, styles: Styles) -> Run:
    style = styles.of(value_of(properties, "rStyle"))
    bold, italic = switched(properties, "b"), switched(properties, "i")
    return Run(
        "",
        is_bold=style.is_bold if bold is None else bold,
        is_italic=style.is_italic if italic is None else italic,
    )


def _words(element: etree._Element, name: str, notes: Notes) -> str:
    if name == "t":
        return element.text or ""
    if name == "tab":
        return " "
    if name in NOTES:
        return notes.mark(element)
    if name == "noBreakHyphen":
        return "\u2011"
    return "\n" if name in _BREAKS or name == "p" else ""


def without_notes(runs: list[Run]) -> list[Run]:
    """Return the words without the marks of notes."""
    return [run for run in runs if not run.is_note]


def plain_words(runs: list[Run]) -> str:
    """Return the words on one line."""
    return " ".join("".join(run.words for run in runs).split())


def is_bold(runs: list[Run]) -> bool:
    """Return whether every word is bold."""
    worded = [run for run in without_notes(runs) if run.words.strip()]
    return bool(worded) and all(run.is_bold for run in worded)


def markdown(runs: list[Run]) -> str:
    """Return the words as Markdown, without empty lines."""
    runs = _apart(runs)
    pieces = []
    for place, run in enumerate(runs):
        before = runs[place - 1].words[-1:] if place else ""
        after = runs[place + 1].words[:1] if place + 1 < len(runs) else ""
        pieces.append(emphasised(run.words, run.sign, before, after))
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return opening_escaped("\n".join(line for line in lines if line))


def _apart(runs: list[Run]) -> list[Run]:
    """Let emphasised runs that touch share a look: their signs would run into each other."""
    found: list[Run] = []
    for run in _whole_words(runs):
        last = found[-1] if found else Run("")
        is_apart = last.words[-1:].isspace() or run.words[:1].isspace()
        if last.sign and run.sign and not is_apart:
            is_bold, is_italic = last.is_bold and run.is_bold, last.is_italic and run.is_italic
            found[-1] = Run(last.words + run.words, is_bold, is_italic)
        else:
            found.append(run)
    return found


def _whole_words(runs: list[Run]) -> list[Run]:
    """Let a word look throughout as it begins: signs inside would make two of it."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].words[-1:].isalnum() and found[-1].sign != run.sign:
            begun = _begun(run.words)
            found[-1] = replace(found[-1], words=found[-1].words + begun)
            run = replace(run, words=run.words[len(begun) :])
        if run.words:
            found.append(run)
    return found


def _begun(words: str) -> str:
    """Return the letters and digits that words begin with."""
    return next((words[:at] for at, sign in enumerate(words) if not sign.isalnum()), words)
