"""Turns the plain text of a provision into elements: paragraphs, numbered clauses, lists, links.

Every element is put together by `format_html`, so nothing in the text can become markup.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from apps.core.display import display_text
from apps.core.markdown import Drawing

# Raw HTML stays text; four spaces are an indent, not a listing; pictures are not fetched.
_parser = MarkdownIt("commonmark", {"html": False}).disable(["code", "html_block", "image"])
_parser.enable("table")

# Where marked words begin and end while a text is parsed: characters that no text may hold.
BEGINS, ENDS = "\ufdd0", "\ufdd1"
_signs = re.compile(f"([{BEGINS}{ENDS}])")
# What opens a list, a quotation or a heading: it stays the first thing of its line.
_opening = re.compile(r"[ \t]*(?:(?:[-*+>]|#{1,6}|\d{1,9}[.)])[ \t]+)*")

# Headings of a document are its provisions; what looks like one inside a text is emphasised.
ELEMENTS = {
    "paragraph": "<p>{}</p>",
    "heading": "<p><strong>{}</strong></p>",
    "bullet_list": "<ul>{}</ul>",
    "list_item": "<li>{}</li>",
    "blockquote": "<blockquote>{}</blockquote>",
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
    "table": '<table class="table">{}</table>',
    "thead": "<thead>{}</thead>",
    "tbody": "<tbody>{}</tbody>",
    "tr": "<tr>{}</tr>",
    "th": '<th scope="col">{}</th>',
    "td": "<td>{}</td>",
}


@lru_cache(maxsize=1_024)
def provision_html(text: str) -> SafeString:
    """Return the elements of a text; kept, because a published version never changes."""
    return _drawing.children(SyntaxTreeNode(_parser.parse(text)))


def provision_words(text: str) -> str:
    """Return the words of a text without its marks, for an excerpt; cells are set apart by “·”."""
    found = []
    for node in SyntaxTreeNode(_parser.parse(text)).walk():
        if node.type in ("th", "td"):
            found.append(" · " if node.previous_sibling else " ")
        elif node.type in ("paragraph", "heading"):
            found.append(" ")
        elif not node.children and not node.is_root:
            found.append(node.content or " ")
    return " ".join("".join(found).split())


@lru_cache(maxsize=1_024)
def marked_html(text: str, spans: tuple[tuple[int, int], ...]) -> SafeString:
    """Return the elements of a text with the words of these spans marked.

    Where marking would change any element, as of half a link, the text stays as it is.
    """
    plain = provision_html(text)
    if not spans or _signs.search(text):
        return plain
    tree = SyntaxTreeNode(_parser.parse(_signed(text, spans)))
    _note_marks(tree)
    marked = _drawing.children(tree)
    is_same = marked.replace("<mark>", "").replace("</mark>", "") == plain
    return marked if is_same else plain


def _signed(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """Put signs round the words of the spans."""
    parts, last = [], 0
    for start, end in _merged(spans):
        begun = min(_after_opening(text, start), end)
        parts += [text[last:begun], BEGINS, text[begun:end], ENDS]
        last = end
    return "".join([*parts, text[last:]])


def _merged(spans: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Return the spans in order; those that touch or overlap become one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        else:
            whole.append((start, end))
    return whole


def _after_opening(text: str, start: int) -> int:
    line = text.rfind("\n", 0, start) + 1
    opening = _opening.match(text, line)
    return max(start, opening.end() if opening else start)


def _note_marks(tree: SyntaxTreeNode) -> None:
    """Take the signs out of the words again, and note with these which of them are marked."""
    is_marked = False
    for leaf in tree.walk():
        if leaf.type != "text":
            continue
        parts = leaf.meta["parts"] = []
        for part in _signs.split(leaf.content):
            if part in (BEGINS, ENDS):
                is_marked = part == BEGINS
            elif part:
                parts.append((part, is_marked))


def _words(leaf: SyntaxTreeNode) -> SafeString | str:
    if leaf.type != "text" or "parts" not in leaf.meta:
        return display_text(leaf.content)
    parts = ((display_text(words), is_marked) for words, is_marked in leaf.meta["parts"])
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", w) if is_marked else w,) for w, is_marked in parts),
    )


def _clauses(node: SyntaxTreeNode) -> SafeString:
    """Number clauses in the margin of the text; a list that starts elsewhere keeps its start."""
    start = int(node.attrs.get("start", 1))
    if start != 1:
        return format_html('<ol start="{}">{}</ol>', start, _drawing.children(node))
    return format_html('<ol class="clauses">{}</ol>', _drawing.children(node))


def _link(node: SyntaxTreeNode) -> SafeString:
    """Link to the web only; any other address is left out and its words stay."""
    address = str(node.attrs.get("href", ""))
    if not address.lower().startswith(("https://", "http://")):
        return _drawing.children(node)
    return format_html(
        '<a href="{}" rel="nofollow noopener">{}</a>', address, _drawing.children(node)
    )


def _code(node: SyntaxTreeNode) -> SafeString:
    return format_html("<code>{}</code>", display_text(node.content))


SPECIAL: dict[str, Callable[[SyntaxTreeNode], SafeString | str]] = {
    "ordered_list": _clauses,
    "link": _link,
    "code_inline": _code,
    "fence": _code,
    "softbreak": lambda node: "\n",
    "hardbreak": lambda node: format_html("<br>"),
    "hr": lambda node: format_html("<hr>"),
}
_drawing = Drawing(ELEMENTS, SPECIAL, _words)
