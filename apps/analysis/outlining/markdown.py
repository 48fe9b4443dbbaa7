"""Splits Markdown, and plain text as people paste it, into parts.

source  CommonMark 0.31.2; tables as of GitHub Flavored Markdown 0.29
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from apps.analysis.outlining import plain
from apps.analysis.outlining.assembling import assembled, outdented
from apps.analysis.outlining.headings import LONGEST_TITLE, is_keyed, is_title_line, parted
from apps.analysis.outlining.parts import Block, Part, has_words

LONGEST_HEADING_LINE = 60  # lines of running text are longer
_parser = MarkdownIt("commonmark").enable("table")
_KEY = re.compile(r"[ \t]*\{#([A-Za-z][A-Za-z0-9_.-]{0,199})\}$")
_MARKER = re.compile(r"[ \t]{0,3}(\d{1,9}[.)])([ \t]{1,4}|$)")


def split_markdown(text: str) -> list[Part]:
    """Return the parts of a text, cut from it word for word; raise TooManyParts.

    Plain text with indented paragraphs and hard line ends, as of the US Federal Register, is made
    into Markdown first.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if plain.is_plain(text):
        return assembled(plain.blocks(text.expandtabs(4)))
    return assembled(list(_blocks(text)))


def _blocks(text: str) -> Iterator[Block]:
    lines = text.split("\n")
    tokens = _parser.parse(text)
    tops = [place for place, token in enumerate(tokens) if _opens(token)]
    has_headings = any(tokens[place].type == "heading_open" for place in tops)
    # What stands between two blocks, such as the address of a link, belongs to the one before.
    starts = [_lines_of(tokens[place])[0] for place in tops]
    before = starts[0] if starts else len(lines)
    if any(line.strip() for line in lines[:before]):
        yield _block(lines, 0, before, " ".join(lines[:before]))
    for place, start, end in zip(tops, starts, [*starts[1:], len(lines)], strict=False):
        token = tokens[place]
        if token.type == "heading_open":
            yield from _heading(token, tokens[place + 1], lines, end)
        elif token.type == "ordered_list_open":
            yield from _items(tokens, place, lines, end)
        elif token.type == "paragraph_open" and not has_headings:
            yield from _paragraph(tokens[place + 1], lines, start, end)
        else:
            yield _block(lines, start, end, _words_within(tokens, place), token.type)


def _opens(token: Token) -> bool:
    return token.level == 0 and token.map is not None and token.type != "inline"


def _lines_of(token: Token) -> tuple[int, int]:
    start, end = token.map or (0, 0)
    return start, end


def _heading(token: Token, inline: Token, lines: list[str], end: int) -> Iterator[Block]:
    words = _plain(inline)
    key = _KEY.search(words)
    words = words[: key.start()] if key else words
    level = int(token.tag[1:])
    yield Block("", words.strip(), level=level, key=key.group(1) if key else "")
    after = _lines_of(token)[1]
    if any(line.strip() for line in lines[after:end]):
        yield _block(lines, after, end, " ".join(lines[after:end]))


def _paragraph(inline: Token, lines: list[str], start: int, end: int) -> Iterator[Block]:
    """Yield a paragraph; a heading on its first line, and the title below a bare one, apart."""
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    cut = start + _heading_lines(lines[start : min(end, start + 3)])
    for place in range(start, cut):
        yield _block(lines, place, place + 1, lines[place].strip().strip("*_ "))
    if cut > start:
        yield _block(lines, cut, end, " ".join(line.strip() for line in lines[cut:end]))
        return
    whole = _block(lines, start, end, _plain(inline))
    yield replace(whole, is_strong=_is_bold(inline) and len(whole.words) <= 2 * LONGEST_TITLE)


def _heading_lines(lines: list[str]) -> int:
    """Return how many lines of a paragraph are a heading of an act, if text follows them."""
    first, *others = [line.strip().strip("*_ ") for line in lines]
    label, words = parted(first)
    if not others or not label or not is_keyed(label) or label[0].islower():
        return 0
    if not words:
        return 2 if len(others) > 1 and is_title_line(others[0]) else 1
    is_line = len(first) <= LONGEST_HEADING_LINE and not others[0][:1].islower()
    return int(is_line and is_title_line(words))


def _is_bold(inline: Token) -> bool:
    children = inline.children or []
    kinds = [child.type for child in children if child.type != "text" or child.content]
    return kinds[:1] == ["strong_open"] and kinds.index("strong_close") == len(kinds) - 1


def _items(tokens: Sequence[Token], place: int, lines: list[str], end: int) -> Iterator[Block]:
    """Yield every item of an ordered list as a block of its own."""
    close = _closing(tokens, place)
    opened = [
        at
        for at in range(place, close)
        if tokens[at].type == "list_item_open" and tokens[at].level == 1
    ]
    starts = [_lines_of(tokens[at])[0] for at in opened]
    for at, start, stop in zip(opened, starts, [*starts[1:], end], strict=True):
        block = _block(lines, start, stop, _words_within(tokens, at))
        text = block.text.expandtabs(4)
        marker = _MARKER.match(text)
        if marker is None:
            yield block
            continue
        inner = outdented(" " * marker.end() + text[marker.end() :], marker.end())
        yield replace(block, label=marker.group(1), inner=inner.strip("\n"), is_item=True)


def _closing(tokens: Sequence[Token], place: int) -> int:
    """Return where what opens at a place is closed; the place itself where nothing is open."""
    level = tokens[place].level
    if tokens[place].nesting != 1:
        return place
    return next(at for at in range(place + 1, len(tokens)) if tokens[at].level == level)


def _words_within(tokens: Sequence[Token], place: int) -> str:
    close = _closing(tokens, place)
    if close == place:
        return " ".join(tokens[place].content.split())
    found = (token for token in tokens[place:close] if token.type in ("inline", "fence"))
    return " ".join(_plain(token) for token in found)


def _plain(inline: Token) -> str:
    """Return the words of a line without its markup."""
    if not inline.children:
        return " ".join(inline.content.split())
    pieces: list[Any] = [
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in inline.children
    ]
    return " ".join("".join(pieces).split())


def _block(lines: list[str], start: int, end: int, words: str, kind: str = "") -> Block:
    while start < end - 1 and not lines[start].strip():
        start += 1
    is_close = start > 0 and bool(lines[start - 1].strip())
    text = "\n".join(lines[start:end]).rstrip()
    # The parser keeps some words to itself: of listings, HTML, and what is nested very deep.
    words = words if has_words(words) else text
    return Block(
        text,
        " ".join(words.split()),
        is_close=is_close,
        is_table=kind not in ("", "paragraph_open"),
    )
