"""How the entries of a list of submissions are drawn: in code, as a page holds fifty of them."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# Each value is escaped as it is put in.
ENTRY = """<li class="stack stack-tight">
<p class="cluster small soft"><span class="docket">{}</span>{}{}</p>
<h3 class="entry-title"><a href="{}" dir="auto">{}<span class="hidden-visually">, {}</span></a></h3>
<p class="small">{}{}</p>
{}<p class="small soft">{}</p>
</li>"""
EXCERPT = '<p class="serif measure excerpt" dir="auto" lang="{}">{}</p>\n'


@register.filter
def entries(rows: Sequence[Mapping[str, Any]]) -> SafeString:
    """Return the entries of rows as `listing.shown_rows` words them."""
    return format_html_join("\n", ENTRY, map(_values, rows))


def _values(row: Mapping[str, Any]) -> tuple[Any, ...]:
    day = format_html('<time datetime="{}">{}</time>', row["iso"], row["day"]) if row["day"] else ""
    place = row.get("consultation")
    where = format_html('<span dir="auto">{}</span>', place) if place else ""
    about = format_html(' <bdi class="soft">· {}</bdi>', row["about"]) if row["about"] else ""
    snippet = row.get("snippet")
    words = format_html_join("", "{}", _marked(snippet)) if snippet else _escaped(row["excerpt"])
    return (
        _escaped(row["reference"]),
        day,
        where,
        _escaped(row["url"]),
        _escaped(row["who"]),
        # Many entries are by somebody without a name: a list of links tells them apart.
        _escaped(row["reference"]),
        row["mark"],
        about,
        format_html(EXCERPT, row["language"], words) if words else "",
        _escaped(row["facts"]),
    )


def _escaped(text: str) -> SafeString:
    """Do what Django's `escape` does, without its care for lazy texts: that costs more."""
    return SafeString(html.escape(str(text)))


def _marked(parts: Sequence[tuple[str, bool]]) -> Iterator[tuple[str]]:
    for part, is_found in parts:
        yield (format_html("<mark>{}</mark>", part) if is_found else part,)
