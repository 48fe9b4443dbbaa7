"""The rules that decisions name: published with every consultation, the same for everybody."""

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """What may be hidden; the public log and the author are told the rule."""

    ILLEGAL = "illegal", _("against the law")
    THREAT = "threat", _("threat or danger")
    PERSONAL = "personal", _("personal data of others")
    HATE = "hate", _("hate or harassment")
    IMPERSONATION = "impersonation", _("false name")
    RIGHTS = "rights", _("rights of others")
    ADVERTISING = "advertising", _("advertising")
    OFF_TOPIC = "off_topic", _("off topic")


class LiftReason(models.TextChoices):
    """Why a decision is taken back without an appeal; the public log and the author are told."""

    NO_RULE = "no_rule", _("it breaks no rule")
    TOO_MUCH = "too_much", _("more was hidden than needed")
    WRONG_PART = "wrong_part", _("the wrong part was hidden")
    OVER = "over", _("the reason to hide it is over")


DEFINITIONS: Mapping[str, Promise] = {
    Rule.ILLEGAL: _("It is a crime to publish it, such as a call to violence."),
    Rule.THREAT: _("It threatens somebody, or publishing it puts somebody in danger."),
    Rule.PERSONAL: _("It tells who somebody is, where they live or how they are, unasked."),
    Rule.HATE: _("It insults or degrades people instead of answering what they say."),
    Rule.IMPERSONATION: _("It speaks in the name of somebody who did not write it."),
    Rule.RIGHTS: _("It copies a work, or tells a secret, that belongs to somebody else."),
    Rule.ADVERTISING: _("It sells something, or leads to pages that do."),
    Rule.OFF_TOPIC: _("It has nothing to do with what is asked."),
}
# How grave it is where it is true: 3 first.
SEVERITY: Mapping[str, int] = {
    Rule.ILLEGAL: 3,
    Rule.THREAT: 3,
    Rule.PERSONAL: 3,
    Rule.HATE: 2,
    Rule.IMPERSONATION: 2,
    Rule.RIGHTS: 2,
    Rule.ADVERTISING: 1,
    Rule.OFF_TOPIC: 1,
}
LAST = 100  # the rank of what nobody flagged
MOST_COUNTED = 9


def rank_of(rules: "list[str]", *, is_appeal: bool = False) -> int:
    """Return the place in the queue of a case that was flagged with these rules: lower is sooner.

    The gravest rule decides, then how many flagged it, up to nine; an appeal goes before its like.
    """
    gravest = max((SEVERITY[rule] for rule in rules), default=0)
    return LAST - 20 * gravest - min(len(rules), MOST_COUNTED) - (5 if is_appeal else 0)
