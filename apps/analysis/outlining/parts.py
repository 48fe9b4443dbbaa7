"""What a document is split into, and the blocks it is put together from."""

from dataclasses import dataclass

MOST_PARTS = 2_000
LONGEST_EXCERPT = 80


class TooManyParts(ValueError):
    """A text has more than MOST_PARTS parts."""


@dataclass(frozen=True)
class Part:
    """One provision, or a heading that only groups others.

    heading  without its number; the first words of the text where nothing is printed above it
    text     Markdown: paragraphs, lists, tables, emphasis; no headings
    label    the number as printed: "Article 4", "1.2", "(a)", "§ 12"; "" where there is none
    level    1 is outermost
    key      from `{#key}` of a Markdown heading only
    """

    heading: str
    text: str
    label: str = ""
    level: int = 1
    key: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, an item of a list or a table, as the readers of each format hand it on.

    text       Markdown, with the number where one is printed
    words      the same without markup and number, on one line
    level      of a heading; 0 of anything else
    label      the number that the program printed, not the author
    inner      `text` without the number of a list item
    is_title   the name of the document
    is_strong  bold throughout, or set apart like a heading of plain text
    is_item    an item of an outermost list
    is_table   a table, which is no heading whatever it says
    is_note    a foot- or endnote, which stands at the end of its part
    is_close   joins the block before without an empty line
    """

    text: str
    words: str
    level: int = 0
    label: str = ""
    inner: str = ""
    key: str = ""
    is_title: bool = False
    is_strong: bool = False
    is_item: bool = False
    is_table: bool = False
    is_note: bool = False
    is_close: bool = False


def has_words(text: str) -> bool:
    """Return whether there is a letter or a digit."""
    return any(character.isalnum() for character in text)


def excerpt(words: str) -> str:
    """Return the first words, at most LONGEST_EXCERPT characters, "…" where there are more."""
    words = " ".join(words[: 8 * LONGEST_EXCERPT].split())
    if len(words) <= LONGEST_EXCERPT:
        return words
    cut = words[:LONGEST_EXCERPT]
    # One character is for the sign that there is more; a word without end is cut anyway.
    short = cut[: cut.rfind(" ")] if " " in cut else cut[:-1]
    return short.rstrip(" ,;:-–—([“„«\"'") + "…"
