"""Tells the number of a heading from its words, and how deep a number lies."""

import re
from dataclasses import dataclass, field

LONGEST_LABEL = 40
LONGEST_TITLE = 120
LONGEST_HEADING = 240
SHORTEST_CAPITAL = 4  # "of" and "the" stay small in titles

ANNEXES = frozenset(
    ("annex", "annexe", "anexo", "anhang", "anlage", "appendix", "schedule", "allegato")
)
OUTER = ANNEXES | {
    "part", "parte", "partie", "teil", "title", "titre", "título", "titulo", "titel", "book",
    "buch", "livre", "libro", "chapter", "chapitre", "capítulo", "capitulo", "kapitel",
}  # fmt: skip
INNER = {
    "division", "subpart", "subchapter", "section", "sección", "seccion", "abschnitt", "sec.",
    "art.", "article", "artikel", "artículo", "articulo", "rule", "regulation", "clause",
    "paragraph", "question", "recommendation", "principle",
}  # fmt: skip
_KEYWORD = "|".join(re.escape(word) for word in sorted(OUTER | INNER, key=len, reverse=True))
_COUNT = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|first|second|third|premier|"
    "première|primero|primera|único|única"
)
_ORDINAL = "erste[rs]|zweite[rs]|dritte[rs]|vierte[rs]|fünfte[rs]|sechste[rs]|siebte[rs]|achte[rs]"
_ROMAN = r"[IVXLCDM]{1,12}"
_PRINTED = r"\d{1,6}[A-Za-z]?(?:[.-]\d{1,6}[A-Za-z]?){0,8}"
# What ends a number: punctuation or space, so that "Part Islands" has none.
_END = r"(?=[\s.:,)–—-]|$)"
_CASED = rf"(?-i:[A-Z]\.\d{{1,4}}(?:-\d{{1,4}}){{0,4}}|{_ROMAN}|[A-Z])"
_KEYED_COUNT = rf"(?:{_PRINTED}(?:er|re|bis|ter|\.?[ºª°])?|{_CASED}|{_COUNT})"
_LABELS = (
    re.compile(
        rf"(?P<keyword>{_KEYWORD})[ \t\u00a0]*"
        rf"(?:(?<=[ \t\u00a0.]){_KEYED_COUNT}(?:\(\w{{1,4}}\)){{0,3}}){_END}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:\d{1,3}\.|" + _ORDINAL + r")[ \u00a0](?P<keyword>abschnitt|kapitel|teil|titel)" + _END,
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<keyword>§)§?[ \u00a0]?{_PRINTED}(?:\(\w{{1,4}}\)){{0,3}}{_END}"),
    re.compile(r"\d{1,4}(?:\.\d{1,4}){1,8}[A-Za-z]?[.)]?(?=\s|$)"),
    re.compile(r"[A-Z](?:\.\d{1,4}){1,8}[.)]?(?=\s|$)"),
    re.compile(r"\(?(?:\d{1,4}[a-z]?|[ivxlc]{1,8}|[a-zA-Z]{1,2}|[IVXLCDM]{1,12})\)(?=\s|$)"),
    re.compile(rf"(?:\d{{1,4}}[a-zA-Z]?|{_ROMAN}|[A-Z])\.(?=\s|$)"),
    re.compile(r"(?:\d{1,3}|[IVXLC]{1,8}|[A-Z])(?=[ \t\u00a0]+[–—-][ \t\u00a0]+[^\W\d_a-z])"),
    re.compile(r"(?:\d{1,2}|[IVX]{2,5})(?=[ \t]+[–—-]?[ \t]*(?-i:[^\W\d_a-z]))"),
)
_KEYED = _LABELS[:3]
_SEPARATOR = re.compile(r"[ \t\u00a0]*(?:[.:,)]?-?|[–—-])[ \t\u00a0]*(?:[–—-][ \t]+)?")
_RUN_IN = re.compile(r"([^.:\n]{3,80})\.(?:--|—)?(?=\s+\S)")
_SHARED_DOT = " · "
_NUMERALS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CANONICAL = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def parted(heading: str) -> tuple[str, str]:
    """Return the number of a heading and its words; ("", heading) where there is no number."""
    heading = heading.strip()
    before, dot, after = heading.partition(_SHARED_DOT)
    if dot and after.strip() and before.strip() and len(before) <= LONGEST_LABEL:
        return before.strip(), after.strip()
    for pattern in _LABELS:
        found = pattern.match(heading)
        if found is None:
            continue
        label, rest = found.group(), heading[found.end() :]
        if pattern not in _KEYED:
            return (label, _SEPARATOR.sub("", rest, count=1)) if _counts(label) else ("", heading)
        separator = _SEPARATOR.match(rest)
        words = rest[separator.end() :] if separator else rest
        # "Section 4 of the Act" speaks of a section, it is not called so.
        if words[:1].islower() and separator and not separator.group().strip():
            return "", heading
        return " ".join(label.split()), words.strip()
    return ("", heading) if heading.lower() not in ANNEXES else (heading, "")


def tidied(number: str) -> str:
    """Return a number that a program prints as `parted` returns a typed one."""
    number = " ".join(number.split())
    label, rest = parted(number)
    return label if label and not rest else number.rstrip(":–—- ")


def is_keyed(heading: str) -> bool:
    """Return whether a heading begins with a word for its kind: "Article 4", "§ 12"."""
    return any(pattern.match(heading) for pattern in _KEYED) and parted(heading)[0] != ""


def is_title_line(words: str) -> bool:
    """Return whether a line may be the title under a bare "Article 4"."""
    words = words.strip()
    is_short = 0 < len(words) <= LONGEST_TITLE and words[-1] not in ".;:,"
    return is_short and words[0].isalnum() and not words[0].islower() and not parted(words)[0]


def run_in(words: str) -> str:
    """Return the title a paragraph begins with, as in "Purpose. Congress finds"; "" without one."""
    found = _RUN_IN.match(words)
    if found is None:
        return ""
    title = found.group(1)
    is_title = all(word[0].isupper() or len(word) < SHORTEST_CAPITAL for word in title.split())
    return title if is_title and title[0].isupper() else ""


def _counts(label: str) -> bool:
    """Return whether signs are a number: "(aa)" and "(iv)" are, "(is)" is not."""
    bare = label.strip("().")
    if not bare.isalpha() or len(bare) == 1 or _roman(bare):
        return True
    return len(set(bare)) == 1


def _roman(bare: str) -> int:
    bare = bare.upper()
    if not bare or not _CANONICAL.fullmatch(bare):
        return 0
    values = [_NUMERALS[sign] for sign in bare]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _readings(label: str) -> list[tuple[str, int]]:
    """Return what a number may be: (its kind, its place among those of that kind)."""
    lowered = label.lower().replace("\u00a0", " ")
    for pattern in _KEYED:
        if found := pattern.match(label):
            return [(found.group("keyword").lower().rstrip(".").replace("section", "sec"), 0)]
    if lowered in ANNEXES:
        return [(lowered, 0)]
    bare = label.strip("().")
    frame = re.sub(r"[\w.]+", "%", label.rstrip(".")) + ("." if label.endswith(".") else "")
    if "." in bare:
        return [(f"{bare.count('.')} dots", 0)]
    if bare.isdigit():
        return [(f"digits {frame}", int(bare))]
    case = "upper" if bare.isupper() else "lower"
    found_readings = []
    if len(set(bare)) == 1 and bare[0].isalpha():
        place = ord(bare[0].lower()) - ord("a") + 1 + 26 * (len(bare) - 1)
        found_readings.append((f"{case} letters {frame}", place))
    if value := _roman(bare):
        found_readings.append((f"{case} roman {frame}", value))
    return found_readings or [(f"{case} {frame}", 0)]


@dataclass
class Levels:
    """Works out how deep headings lie from the kinds of their numbers, in their order.

    A kind that is met for the first time lies below the one before it.
    """

    _open: list[tuple[str, int]] = field(default_factory=list)

    def of(self, label: str) -> int:
        """Return the level of the next heading; one without a number lies as deep as the last."""
        if not label:
            return max(len(self._open), 1)
        kind, place = self._chosen(_readings(label))
        if kind in ANNEXES:
            self._open.clear()
        kinds = [known for known, _place in self._open]
        if kind in kinds:
            del self._open[kinds.index(kind) :]
        elif kind in OUTER:
            while self._open and self._open[-1][0] not in OUTER:
                self._open.pop()
        self._open.append((kind, place))
        return len(self._open)

    def _chosen(self, readings: list[tuple[str, int]]) -> tuple[str, int]:
        """Return the reading that goes on with what is open: "C." after "B.", "V." after "IV."."""
        for known, last in reversed(self._open):
            for reading in readings:
                if reading == (known, last + 1):
                    return reading
        begun = [reading for reading in readings if reading[1] == 1]
        known_kinds = {known for known, _last in self._open}
        open_ones = [reading for reading in readings if reading[0] in known_kinds]
        return (begun or open_ones or readings)[0]
