"""How a filed text is put on a page: exactly its words, used spans linked to where they went."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.display import display_text
from apps.submissions.marking import FiledText, Segment

register = template.Library()


@register.filter
def filed_text(text: FiledText) -> SafeString:
    """Return the words of a text, escaped, with its highlights."""
    return format_html_join("", "{}", ((_drawn(segment),) for segment in text.segments))


def _drawn(segment: Segment) -> SafeString | str:
    words: SafeString | str = display_text(segment.words)
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
