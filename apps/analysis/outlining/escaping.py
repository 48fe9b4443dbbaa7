"""Writes words as Markdown in which no sign of the author becomes markup.

source  CommonMark 0.31.2, sections 2.4 (escapes), 4 and 5 (what opens a block), 6 (inlines)
"""

import re
import unicodedata

# Signs are escaped only where they would be active, so that a text reads as it was written.
_INLINE = re.compile(
    r"""
      \\(?=[!-/:-@\[-`{-~\n]|$)
    | (?<!\s)\*|\*(?=\S)
    | (?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])
    | `
    | <(?=[A-Za-z/!?])
    | &(?=\#?[A-Za-z0-9]{1,31};)
    | \](?=[(:\[])
    """,
    re.VERBOSE,
)
_OPENING = re.compile(
    r"""
      \#{1,6}(?:\s|$)
    | [-+*](?:\s|$)
    | >
    | ~~~
    | =+$
    | (?:[-_*]\s*){3,}$
    | (?=[^-]{0,3}-)[-:|\s]+$   # under a line of cells
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\d{1,9}(?=[.)](?:\s|$))")


def escaped(words: str) -> str:
    """Return words, which may have line ends, as Markdown."""
    return "\n".join(_opening_escaped(line) for line in inline_escaped(words).split("\n"))


def inline_escaped(words: str) -> str:
    """Return words inside a line as Markdown; what opens a block is not looked at."""
    if not words.isalnum():
        return _INLINE.sub(lambda found: "\\" + found.group(), words)
    return words


def cell(markdown: str) -> str:
    """Return Markdown as one cell of a table."""
    return " ".join(markdown.split()).replace("|", "\\|")


def opening_escaped(markdown: str) -> str:
    """Return Markdown whose lines begin with nothing that opens a list, heading or rule."""
    return "\n".join(_opening_escaped(line) for line in markdown.split("\n"))


def _opening_escaped(line: str) -> str:
    line = line.strip()  # four spaces would be a listing
    if line[:2] in ("**", "\\*", "\\_"):
        return line
    if found := _NUMBER.match(line):
        return f"{line[: found.end()]}\\{line[found.end() :]}"
    return f"\\{line}" if _OPENING.match(line) else line


def emphasised(words: str, sign: str, before: str, after: str) -> str:
    """Return escaped words between signs, or without them where they would not be active.

    before, after  the characters round the words; "" at an end of the paragraph
    """
    inner = words.strip()
    if not sign or not inner:
        return inline_escaped(words)
    lead = words[: len(words) - len(words.lstrip())]
    trail = words[len(words.rstrip()) :]
    left, right = lead[-1:] or before, trail[:1] or after
    opens = not _is_sign(inner[0]) or _is_edge(left)
    closes = not _is_sign(inner[-1]) or _is_edge(right)
    if not (opens and closes) or "\n" in inner:
        return inline_escaped(words)
    return f"{lead}{sign}{inline_escaped(inner)}{sign}{trail}"


def _is_edge(character: str) -> bool:
    return not character or character.isspace() or _is_sign(character)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
