"""The form that follows a thing, and what of a consultation a reader follows; one query each."""

from typing import Any

from django import template
from django.template.context import RequestContext

from apps.notifications.models import Following, Frequency, Kind

register = template.Library()


@register.inclusion_tag("notifications/_follow.html", takes_context=True)
def follow_form(context: RequestContext, kind: str, key: str) -> dict[str, Any]:
    """Draw the form for one thing; who is not logged in gets a link that leads to it."""
    user = context["request"].user
    followed = Following.objects.of(user).filter(topic=Kind(kind).topic(key)).first()
    return {
        "kind": kind,
        "key": key,
        "user": user,
        "followed": followed,
        "chosen": followed.frequency if followed else Frequency.DAILY,
        "frequencies": Frequency.choices,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def followed_provisions(context: RequestContext, slug: str) -> frozenset[str]:
    """Return the keys of the provisions of a consultation that the reader follows."""
    start = Kind.PROVISION.topic(slug, "")
    own = Following.objects.of(context["request"].user).filter(topic__startswith=start)
    return frozenset(topic.removeprefix(start) for topic in own.values_list("topic", flat=True))
