"""How a stakeholder group is shown beside data: its shape in its colour, and its name."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.accounts.groups import StakeholderGroup

register = template.Library()


@register.simple_tag
def group_mark(group: str) -> SafeString:
    """Return shape and name of a group."""
    return format_html(
        '<span class="group">{}{}</span>', group_icon(group), StakeholderGroup(group).label
    )


@register.simple_tag
@cache
def group_icon(group: str) -> SafeString:
    """Return the shape of a group; a word stands beside it or in the label around it."""
    return format_html('<svg class="g-{0}" aria-hidden="true"><use href="#g-{0}"/></svg>', group)


@register.filter
def group_name(group: str) -> str:
    """Return the name of a group."""
    return str(StakeholderGroup(group).label)
