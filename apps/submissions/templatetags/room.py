"""The room as a picture: one mark per submission, or per so many where there are more."""

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.groups import StakeholderGroup
from apps.submissions import seating

register = template.Library()


@register.simple_tag
def room(sizes: Mapping[str, int], name: str) -> SafeString:
    """Return the half circle of who was heard; `name` makes its ids unique on the page."""
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        seating.WIDTH,
        seating.HEIGHT,
        name,
        name,
        name,
        _("Who was heard, each stakeholder group on a bench of the same size"),
        name,
        f"{seating.scale_in_words(sizes)} {_in_words(sizes)}.",
        format_html_join("", "{}", ((_drawn(bench),) for bench in seating.benches(sizes))),
    )


@register.filter
def scale_of(sizes: Mapping[str, int]) -> str:
    """Return what one mark stands for."""
    return seating.scale_in_words(sizes)


def _in_words(sizes: Mapping[str, int]) -> str:
    return "; ".join(f"{group.label} {sizes.get(group, 0)}" for group in StakeholderGroup)


@lru_cache(maxsize=512)
def _drawn(bench: seating.Bench) -> SafeString:
    half, side = bench.mark / 2, f"{bench.mark:.1f}"
    marks = format_html_join(
        "",
        '<use href="#g-{}" x="{}" y="{}" width="{}" height="{}"/>',
        ((bench.group, f"{x - half:.1f}", f"{y - half:.1f}", side, side) for x, y in bench.seats),
    )
    x, y = bench.number_at
    return format_html(
        '<path class="bench" d="{}"/><g class="g-{}">{}</g>'
        '<text class="strong fine" x="{}" y="{}" text-anchor="middle">{}</text>',
        bench.outline,
        bench.group,
        marks,
        f"{x:.1f}",
        f"{y + 5:.1f}",
        bench.size,
    )
