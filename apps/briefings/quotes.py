"""What a finished file quotes: read back, to be held against the sources it names."""

import json
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import docx

from apps.briefings.renderers.word_styles import QUOTATION


def quotes_in_json(data: bytes) -> list[str]:
    """Return the exact words of every passage, in the order of the file."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "sha256" in value and "text" in value:
                found.append(value["text"])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(json.loads(data))
    return found


def quotes_in_html(data: bytes) -> list[str]:
    """Return the text of every quotation, in the order of the page."""
    reader = _QuoteReader()
    reader.feed(data.decode())
    reader.close()
    return reader.quotes


def quotes_in_docx(data: bytes) -> list[str]:
    """Return the text of every quotation without its quotation marks, in the order of the file."""
    return [
        paragraph.text.removeprefix("“").removesuffix("”")
        for paragraph in docx.Document(BytesIO(data)).paragraphs
        if paragraph.style is not None and paragraph.style.name == QUOTATION
    ]


class _QuoteReader(HTMLParser):
    """Collects the words inside `<blockquote data-sha256>`; tags among them would be a fault."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: list[str] = []
        self.in_quote = self.in_words = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "blockquote":
            self.in_quote = "data-sha256" in given
        elif self.in_quote and given.get("class") == "words":
            self.in_words = True
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self.in_quote = False
        self.in_words = False

    def handle_data(self, data: str) -> None:
        if self.in_words:
            self.quotes[-1] += data
