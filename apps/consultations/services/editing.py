"""What every change of a consultation has in common: who may, one at a time, what is no entry."""

from collections import defaultdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation
from apps.core.errors import DomainError, NotAllowed
from apps.core.texts import problems_of

Problems = defaultdict[str, list[str | Promise]]


class InvalidEntry(DomainError):
    """What was entered cannot be kept; `fields` says what must change, and where."""

    code = "invalid_entry"
    status = 422


def editable(consultation: Consultation, by: Any) -> Consultation:
    """Return a consultation locked for a change; raise NotAllowed for whoever may not edit it."""
    if not by.has_perm("consultations.edit", consultation):
        raise NotAllowed(_("Only owners and editors of the host may change a consultation."))
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    locked.form_changes()
    return locked


def refuse(problems: Problems) -> None:
    """Raise InvalidEntry where there is a problem."""
    if problems:
        raise InvalidEntry(_("Some of what you entered needs attention."), fields=problems)


def check_line(
    problems: Problems, place: str, text: str, *, most: int, is_needed: bool = False
) -> None:
    """Note what is wrong with a text of one line."""
    if "\n" in text:
        problems[place].append(_("Write this in one line."))
    check_text(problems, place, text, most=most, is_needed=is_needed)


def check_text(
    problems: Problems, place: str, text: str, *, most: int, is_needed: bool = False
) -> None:
    """Note what is wrong with a text: missing, too long, characters no database takes."""
    if is_needed and not text.strip():
        problems[place].append(_("Write something here."))
    if found := list(problems_of(text, longest=most)):
        problems[place].extend(found)
