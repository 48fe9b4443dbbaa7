"""Turns the plain text of a provision into elements: paragraphs, numbered clauses, lists, links.

Every element is put together by `format_html`, so nothing in the text can become markup.
"""

from collections.abc import Callable
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from apps.core.display import display_text

# Raw HTML stays text; four spaces are an indent, not a listing; pictures are not fetched.
_parser = MarkdownIt("commonmark", {"html": False}).disable(["code", "html_block", "image"])
_parser.enable("table")

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
    return _children(SyntaxTreeNode(_parser.parse(text)))


def _children(node: SyntaxTreeNode) -> SafeString:
    return format_html_join("", "{}", ((_element(child),) for child in node.children))


def _element(node: SyntaxTreeNode) -> SafeString | str:
    if drawn := SPECIAL.get(node.type):
        return drawn(node)
    # The parser hides the paragraphs of a list without blank lines between its items.
    if node.type in ELEMENTS and not node.hidden:
        return format_html(ELEMENTS[node.type], _children(node))
    return _children(node) if node.children else display_text(node.content)


def _clauses(node: SyntaxTreeNode) -> SafeString:
    """Number clauses in the margin of the text; a list that starts elsewhere keeps its start."""
    start = int(node.attrs.get("start", 1))
    if start != 1:
        return format_html('<ol start="{}">{}</ol>', start, _children(node))
    return format_html('<ol class="clauses">{}</ol>', _children(node))


def _link(node: SyntaxTreeNode) -> SafeString:
    """Link to the web only; any other address is left out and its words stay."""
    address = str(node.attrs.get("href", ""))
    if not address.lower().startswith(("https://", "http://")):
        return _children(node)
    return format_html('<a href="{}" rel="nofollow noopener">{}</a>', address, _children(node))


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
