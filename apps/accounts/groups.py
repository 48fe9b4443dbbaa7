"""Stakeholder groups with the one colour and one shape each has everywhere."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StakeholderGroup(models.TextChoices):
    """Who speaks; the order is the order of every chart and table."""

    POLICYMAKER = "policymaker", _("Policymaker")
    CIVIL_SOCIETY = "civil", _("Civil society")
    COMPANY = "company", _("Company")
    BUSINESS_ASSOCIATION = "association", _("Business association")
    RESEARCH = "research", _("Research")
    TRADE_UNION = "union", _("Trade union")
    INDIVIDUAL = "individual", _("Individual")
    OTHER = "other", pgettext_lazy("stakeholder group", "Other")


@dataclass(frozen=True)
class Look:
    """How a group is drawn: `short` fits 14 characters, `colour` is for white paper."""

    short: str | Promise
    shape: str
    colour: str


LOOKS: dict[str, Look] = {
    StakeholderGroup.POLICYMAKER: Look(_("Policymaker"), "square", "#275ca7"),
    StakeholderGroup.CIVIL_SOCIETY: Look(_("Civil society"), "disc", "#009754"),
    StakeholderGroup.COMPANY: Look(_("Company"), "diamond", "#ec4801"),
    StakeholderGroup.BUSINESS_ASSOCIATION: Look(_("Association"), "triangle-down", "#6b4111"),
    StakeholderGroup.RESEARCH: Look(_("Research"), "triangle-up", "#9c47eb"),
    StakeholderGroup.TRADE_UNION: Look(_("Trade union"), "plus", "#b80068"),
    StakeholderGroup.INDIVIDUAL: Look(_("Individual"), "ring", "#22403c"),
    StakeholderGroup.OTHER: Look(pgettext_lazy("stakeholder group", "Other"), "cross", "#7f789a"),
}
GROUP_ORDER: dict[str, int] = {group: number for number, group in enumerate(StakeholderGroup)}
