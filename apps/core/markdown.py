"""Turns a text of our own, written in Markdown, into elements with a list of its sections.

Every element is put together by `format_html`, so nothing in the text can become markup.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_parser = MarkdownIt("commonmark", {"html": False}).disable("image")
ELEMENTS = {
    "paragraph": "<p>{}</p>",
    "bullet_list": "<ul>{}</ul>",
    "ordered_list": "<ol>{}</ol>",
    "list_item": "<li>{}</li>",
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
}
HEADINGS = {"h1": '<h1 id="{}">{}</h1>', "h2": '<h2 id="{}">{}</h2>', "h3": '<h3 id="{}">{}</h3>'}


@dataclass(frozen=True)
class Drawing:
    """How the nodes of a parsed text become elements.

    elements  by the type of a node, what is put round its children
    special   by the type of a node, what draws it instead
    words     draws what has no children
    """

    elements: Mapping[str, str]
    special: Mapping[str, Callable[[SyntaxTreeNode], SafeString | str]]
    words: Callable[[SyntaxTreeNode], SafeString | str]

    def children(self, node: SyntaxTreeNode) -> SafeString:
        """Return what stands inside of a node."""
        return format_html_join("", "{}", ((self._element(child),) for child in node.children))

    def _element(self, node: SyntaxTreeNode) -> SafeString | str:
        if drawn := self.special.get(node.type):
            return drawn(node)
        # The parser hides the paragraphs of a list without blank lines between its items.
        if node.type in self.elements and not node.hidden:
            return format_html(self.elements[node.type], self.children(node))
        return self.children(node) if node.children else self.words(node)


@dataclass(frozen=True)
class Page:
    """A text as elements, without its title.

    sections  its second-level headings with their anchors
    """

    title: str
    sections: tuple[tuple[str, str], ...]
    html: SafeString


def page_of(text: str) -> Page:
    """Return a whole text; its first heading is its title."""
    tree = SyntaxTreeNode(_parser.parse(text))
    headings = [node for node in tree.walk() if node.type == "heading"]
    sections = tuple((_anchor(node), _words(node)) for node in headings if node.tag == "h2")
    title = headings[0] if headings else None
    tree.children = [node for node in tree.children if node is not title]
    return Page(_words(title) if title else "", sections, _drawing.children(tree))


def inline_html(text: str) -> SafeString:
    """Return the elements of a line that is part of a paragraph."""
    return _drawing.children(SyntaxTreeNode(_parser.parseInline(text)))


def _words(node: SyntaxTreeNode) -> str:
    return "".join(leaf.content for leaf in node.walk() if not leaf.children)


def _anchor(node: SyntaxTreeNode) -> str:
    return slugify(_words(node))


def _heading(node: SyntaxTreeNode) -> SafeString:
    return format_html(
        HEADINGS.get(node.tag, HEADINGS["h3"]), _anchor(node), _drawing.children(node)
    )


def _link(node: SyntaxTreeNode) -> SafeString:
    return format_html('<a href="{}">{}</a>', node.attrs.get("href", ""), _drawing.children(node))


SPECIAL: dict[str, Callable[[SyntaxTreeNode], SafeString | str]] = {
    "heading": _heading,
    "link": _link,
    "code_inline": lambda node: format_html("<code>{}</code>", node.content),
    "fence": lambda node: format_html(
        '<pre class="panel filed"><code>{}</code></pre>', node.content
    ),
    "softbreak": lambda node: "\n",
}
_drawing = Drawing(ELEMENTS, SPECIAL, lambda node: node.content)
