"""How a filed text is put on a page: exactly its words, used spans linked to where they went."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.analysis.wording import Comparison, compare
from apps.consultations.sections import Section
from apps.core.display import display_text
from apps.submissions.marking import FiledText, Segment, is_hidden
from apps.submissions.models import HIDDEN
from apps.submissions.sections import PartsBeside
from apps.submissions.stones import Stone

register = template.Library()
LONGEST_BAR = 12  # how much went is nobody's business
RUNS = re.compile(f"{HIDDEN}(?:[{HIDDEN}\n]*{HIDDEN})?|[^{HIDDEN}]+")
BAR = (
    '<span class="redacted"><span aria-hidden="true">{}</span>'
    '<span class="hidden-visually">{}</span></span>'
)


@register.filter
def filed_text(text: FiledText, stone: Stone | None = None) -> SafeString:
    """Return the words of a text, escaped, with its highlights; bars lead to what tells of them."""
    return format_html_join("", "{}", ((_drawn(segment, stone),) for segment in text.segments))


@register.filter
def redacted(text: str, stone: Stone | None = None) -> SafeString | str:
    """Return a text, escaped, with what moderators hid as short bars that lead to the stone."""
    return _shown(display_text(text), stone)


@register.filter
def replaces(stone: Stone | None, said: Any) -> bool:
    """Return whether a stone stands for all of a text, all texts of a point or all its sources.

    Without a stone nobody hid anything: who writes blocks is shown with them.
    """
    if isinstance(said, str):
        return bool(stone) and is_hidden(said)
    whole = [said] if isinstance(said, FiledText) else [_of_pair(one) for one in said or ()]
    return bool(stone and whole) and all(one.is_hidden for one in whole)


def _of_pair(one: Any) -> Any:
    """Return the text of (field, text); a source is no pair."""
    return one[1] if isinstance(one, tuple) else one


@register.filter
def at(beside: PartsBeside, part: str) -> Sequence[Section]:
    """Return what stands below a part of a submission."""
    return beside.at(part)


@register.filter
def item(things: Mapping[str, Any] | None, key: str) -> Any:
    """Return what stands under a key, None where nothing does."""
    return (things or {}).get(key)


LEAST_KEPT = 0.3  # below that a proposal is a text of its own and a comparison only confuses
TAGS = {"same": "{}", "out": "<del>{}</del>", "in": "<ins>{}</ins>"}


@register.simple_tag
def compared(before: str, after: str) -> Comparison | None:
    """Return how a proposed wording differs from a text, None where they share too little."""
    found = compare(before, after) if before.strip() else None
    return found if found is not None and found.kept >= LEAST_KEPT else None


@register.filter
def changes(comparison: Comparison) -> SafeString:
    """Return a text with what goes out struck and what comes in underlined, escaped."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(TAGS[change.kind], display_text(change.text)),)
            for change in comparison.changes
        ),
    )


def _shown(words: str, stone: Stone | None = None) -> SafeString | str:
    """Return words with what moderators hid as a short bar, said aloud as what it is."""
    if HIDDEN not in words:
        return words
    return format_html_join(
        "",
        "{}",
        ((_bar(run, stone) if run[0] == HIDDEN else run,) for run in RUNS.findall(words)),
    )


def _bar(run: str, stone: Stone | None) -> SafeString:
    bar = format_html(BAR, run[:LONGEST_BAR], gettext("redacted"))
    return format_html('<a href="#{}">{}</a>', stone.anchor, bar) if stone else bar


def _drawn(segment: Segment, stone: Stone | None) -> SafeString | str:
    # A link cannot stand in a link: what was used leads to its note.
    words = _shown(display_text(segment.words), None if segment.notes else stone)
    if segment.is_asked:
        tag = '<mark id="marked">{}</mark>' if segment.is_first_asked else "<mark>{}</mark>"
        words = format_html(tag, words)
    if not segment.notes:
        return words
    return format_html(
        '<a class="passage"{} href="#note-{}">{}{}</a>',
        format_html(' id="{}"', segment.anchor) if segment.anchor else "",
        segment.notes[0],
        words,
        format_html_join("", "<sup>{}</sup>", ((number,) for number in segment.ends)),
    )
