"""How the columns of an uploaded table are read: which holds what, and what its groups mean."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAY_FIRST, MONTH_FIRST = "day", "month"
DATE_ORDERS = {
    "": _("Year first, as in 2026-11-23"),
    DAY_FIRST: _("Day first, as in 23/11/2026"),
    MONTH_FIRST: _("Month first, as in 11/23/2026"),
}
# What a column can hold, in the order of the screen: (name, what it is, what to think of).
FIELDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "reference": (
        _("Reference"),
        _("A number that is different in each row. It keeps a row from being taken in twice."),
    ),
    "text": (_("Text"), _("What was said, where it answers no question of yours.")),
    "stance": (_("Stance"), _("For example: support, oppose, neutral.")),
    "organisation": (_("Organisation"), _("Leave it out for names of people.")),
    "group": (_("Stakeholder group"), _("On the next page you say what its values mean.")),
    "country": (_("Country"), ""),
    "submitted_at": (_("Received on"), ""),
    "title": (_("Title"), ""),
    "language": (_("Language"), _("A code such as en or fr.")),
    "question": (
        _("Question"),
        _("Only where each row is the answer to one question, with the answer in “Text”."),
    ),
    "weight": (_("Letters it stands for"), _("A number, where a row stands for many letters.")),
    "attachments": (_("Attachments"), _("How many, or their addresses. They are only counted.")),
    "withdrawn": (_("Withdrawn"), _("1 or true where the words are to be left out.")),
}


@dataclass(frozen=True)
class Plan:
    """A mapping as staff decided on it.

    fields      name in `FIELDS` -> column
    answers     key of a question -> column
    groups      value of the group column -> stakeholder group
    rest        group of every other value, and of rows without one; "" while nobody said so
    date_order  how dates that do not begin with the year are written
    source      the tool it comes from, where that is known
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    date_order: str = ""
    source: str = ""

    @classmethod
    def of(cls, held: Mapping[str, Any]) -> "Plan":
        """Return the plan that was stored as JSON."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in held.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)

    @property
    def columns(self) -> set[str]:
        """Return the columns that are read."""
        return {*self.fields.values(), *self.answers.values()}

    @property
    def has_questions(self) -> bool:
        """Return whether several texts can belong to one submission."""
        return bool(self.answers) or "question" in self.fields
