"""What a hearing is about, matter by matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.services.editing import Problems, check_line, check_text
from apps.hearings.models import AgendaItem, Hearing
from apps.hearings.places import provision_choices
from apps.hearings.services.changing import (
    held,
    minutes_of,
    name_of,
    no_problems,
    refuse,
    require_running,
    tell_calendars,
)

MOST_ITEMS = 50
LONGEST_TEXT = 5_000


@dataclass(frozen=True)
class ItemInput:
    """A matter as typed; `provisions` are keys of the newest text, none where it is general."""

    title: str
    text: str = ""
    minutes: str = ""
    provisions: Sequence[str] = ()

    @classmethod
    def of(cls, item: AgendaItem) -> Self:
        """Return a matter as it would be typed."""
        return cls(item.title, item.text, str(item.minutes or ""), item.provisions)


@transaction.atomic
def add_item(hearing: Hearing, entered: ItemInput, *, by: Any) -> AgendaItem:
    """Append a matter to the agenda.

    raises  NotAllowed; NotNow once the hearing is over; InvalidHearing naming what must change
    """
    locked = _changeable(hearing, by)
    last = locked.items.order_by("-position").values_list("position", flat=True).first()
    if locked.items.count() >= MOST_ITEMS:
        problems = no_problems()
        problems["title"].append(_("There can be %(most)s items.") % {"most": MOST_ITEMS})
        refuse(problems)
    item = AgendaItem(hearing=locked, position=(last or 0) + 1)
    return _keep(locked, item, entered, kind="agenda.item_added", by=by)


@transaction.atomic
def change_item(item: AgendaItem, entered: ItemInput, *, by: Any) -> AgendaItem:
    """Change a matter; raise as `add_item` does."""
    locked = _changeable(item.hearing, by)
    there = locked.items.get(pk=item.pk)
    return _keep(locked, there, entered, kind="agenda.item_changed", by=by)


@transaction.atomic
def remove_item(item: AgendaItem, *, by: Any) -> None:
    """Take a matter off the agenda; who wanted to speak to it stays on the list."""
    locked = _changeable(item.hearing, by)
    locked.items.filter(pk=item.pk).delete()
    _tell(locked, "agenda.item_removed", item.pk, by=by)


@transaction.atomic
def move_item(item: AgendaItem, *, earlier: bool, by: Any) -> None:
    """Put a matter one place earlier or later; at the end of the list nothing moves."""
    locked = _changeable(item.hearing, by)
    there = list(locked.items.all())
    place = next((n for n, one in enumerate(there) if one.pk == item.pk), 0)
    other = place + (-1 if earlier else 1)
    if not 0 <= other < len(there):
        return
    there.insert(other, there.pop(place))
    for position, one in enumerate(there, 1):
        one.position = position
    AgendaItem.objects.bulk_update(there, ["position"])
    _tell(locked, "agenda.ordered", item.pk, by=by)


def _changeable(hearing: Hearing, by: Any) -> Hearing:
    locked = held(hearing, by)
    require_running(locked)
    return locked


def _keep(
    hearing: Hearing, item: AgendaItem, entered: ItemInput, *, kind: str, by: Any
) -> AgendaItem:
    problems = no_problems()
    check_line(problems, "title", entered.title, most=300, is_needed=True)
    check_text(problems, "text", entered.text, most=LONGEST_TEXT)
    minutes = minutes_of(problems, "minutes", entered.minutes) if entered.minutes.strip() else None
    _check_provisions(problems, hearing, entered.provisions)
    refuse(problems)
    item.title, item.text, item.minutes = entered.title.strip(), entered.text.strip(), minutes
    item.provisions = list(dict.fromkeys(entered.provisions))
    item.save()
    _tell(hearing, kind, item.pk, by=by)
    return item


def _check_provisions(problems: Problems, hearing: Hearing, keys: Sequence[str]) -> None:
    known = dict(provision_choices(hearing.consultation)) if keys else {}
    if not set(keys) <= known.keys():
        problems["provisions"].append(_("The newest text has no such provision."))


def _tell(hearing: Hearing, kind: str, item_id: int | None, *, by: Any) -> None:
    """Record a change of the agenda, which calendars hold."""
    tell_calendars(hearing)
    hearing.save(update_fields=["changed_at", "sequence"])
    audit.record(kind, subject=name_of(hearing), actor=by, detail={"item": item_id})
