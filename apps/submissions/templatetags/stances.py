"""How stances are shown: a mark with its word, and a bar of the stances of one group."""

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.groups import StakeholderGroup
from apps.submissions.models import Stance

register = template.Library()

GAP = 0.8  # per cent of the bar between two stances
FILLS: Mapping[str, Mapping[str, str]] = {
    Stance.SUPPORT: {"height": "100%", "class": "s-support", "fill": "currentColor"},
    Stance.SUPPORT_WITH_CHANGES: {"height": "100%", "fill": "url(#p-changes)"},
    Stance.NEUTRAL: {
        "y": "35%",
        "height": "30%",
        "class": "s-neutral",
        "fill": "currentColor",
    },
    Stance.OPPOSE: {"height": "100%", "class": "s-oppose", "fill": "currentColor"},
    Stance.CANNOT_SAY: {
        "y": "8%",
        "height": "84%",
        "class": "s-cannot",
        "fill": "none",
        "stroke": "currentColor",
        "stroke-dasharray": "2 2",
    },
}


@register.simple_tag
def stance_mark(stance: str) -> str:
    """Return mark and word of a stance; nothing where there is none."""
    if not stance:
        return ""
    return format_html('<span class="stance">{}{}</span>', _icon(stance), Stance(stance).label)


@register.simple_tag
def stance_key() -> SafeString:
    """Return the items of a key to all stances."""
    return format_html_join("", "<li>{}</li>", ((stance_mark(stance),) for stance in Stance))


@register.simple_tag
def stance_bar(counts: Mapping[str, int], group: str) -> SafeString:
    """Return the bar of one group at full width: one part per stance, from support to cannot say.

    Points without a stance are not in the bar; the label says how many there are.
    """
    return _bar(tuple(sorted(counts.items())), group, get_language())


@lru_cache(maxsize=4_096)
def _bar(counts: tuple[tuple[str, int], ...], group: str, _language: str | None) -> SafeString:
    of_stance = dict(counts)
    label = f"{StakeholderGroup(group).label}: {stances_in_words(of_stance)}"
    total = sum(of_stance.get(stance, 0) for stance in Stance)
    place, parts = 0.0, []
    for stance in Stance:
        share = 100 * of_stance.get(stance, 0) / total if total else 0.0
        if share:
            parts.append(_part(stance, place, share))
        place += share
    return format_html(
        '<svg class="bar" role="img" aria-label="{0}"><title>{0}</title>{1}</svg>',
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@register.filter
def stances_in_words(counts: Mapping[str, int]) -> str:
    """Return counts as words: "Support 2, Oppose 1"."""
    words = [f"{stance.label} {counts[stance]}" for stance in Stance if counts.get(stance)]
    if counts.get(""):
        without = _("No stance given")
        words.append(f"{without} {counts['']}")
    return ", ".join(words)


def _part(stance: str, place: float, share: float) -> SafeString:
    width = max(share - GAP, share / 2)
    box = {"x": f"{place:.1f}%", "width": f"{width:.1f}%", **FILLS[stance]}
    return format_html("<rect{}/>", format_html_join("", ' {}="{}"', box.items()))


def _icon(stance: str) -> SafeString:
    return format_html('<svg class="s-{0}" aria-hidden="true"><use href="#s-{0}"/></svg>', stance)
