"""What a consultation says of itself: title, languages, time zone, policies, who may respond."""

import re
import zoneinfo
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Consultation, Identity
from apps.consultations.services.editing import Problems, check_line, check_text, editable, refuse
from apps.core.errors import DomainError

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
MOST_LANGUAGES = 30
LONGEST_POLICY = 20_000
LONGEST_SUMMARY = 5_000
_is_address = URLValidator(schemes=["http", "https"])


class UnknownIdentity(DomainError):
    """Nobody can be known like this."""

    code = "unknown_identity"
    status = 422


@dataclass(frozen=True)
class DetailsInput:
    """What a member of the host's staff enters; the names are those of the model."""

    title: str
    summary: str = ""
    kind: str = Consultation.Kind.CALL_FOR_EVIDENCE
    language: str = "en"
    languages: Sequence[str] = ()
    time_zone: str = "UTC"
    authority: str = ""
    source_url: str = ""
    moderation_policy: str = ""
    analysis_policy: str = ""
    short_window_reason: str = ""

    @classmethod
    def of(cls, consultation: Consultation) -> Self:
        """Return what a consultation says now."""
        return cls(**{field.name: getattr(consultation, field.name) for field in fields(cls)})


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the time zones a person would choose from, UTC first."""
    named = {name for name in zoneinfo.available_timezones() if "/" in name}
    kept = sorted(name for name in named if not name.startswith(("Etc/", "SystemV/")))
    return ("UTC", *kept)


@transaction.atomic
def change_details(consultation: Consultation, entered: DetailsInput, *, by: Any) -> Consultation:
    """Change what a consultation says of itself; another time zone moves no phase.

    raises  NotAllowed for others than owners and editors; InvalidEntry naming what must change
    """
    locked = editable(consultation, by)
    _check(entered)
    changed = [
        field.name
        for field in fields(entered)
        if getattr(locked, field.name) != _kept(getattr(entered, field.name))
    ]
    for name in changed:
        setattr(locked, name, _kept(getattr(entered, name)))
    if changed:
        locked.save(update_fields=changed)
        audit.record(
            "consultation.changed", subject=locked.slug, actor=by, detail={"fields": changed}
        )
    return locked


def _kept(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else list(value)


def _check(entered: DetailsInput) -> None:
    problems: Problems = defaultdict(list)
    check_line(problems, "title", entered.title, most=300, is_needed=True)
    check_line(problems, "authority", entered.authority, most=300)
    check_text(problems, "summary", entered.summary, most=LONGEST_SUMMARY)
    for name in ("moderation_policy", "analysis_policy", "short_window_reason"):
        check_text(problems, name, getattr(entered, name), most=LONGEST_POLICY)
    if entered.kind not in Consultation.Kind.values:
        problems["kind"].append(_("Choose what is asked for."))
    if entered.time_zone not in time_zones():
        problems["time_zone"].append(_("Choose a time zone from the list."))
    if entered.source_url and (problem := address_problem(entered.source_url)):
        problems["source_url"].append(problem)
    if not LANGUAGE.fullmatch(entered.language):
        problems["language"].append(_("Choose the language the consultation is written in."))
    wrong = [one for one in entered.languages if not LANGUAGE.fullmatch(one)]
    if wrong or len(entered.languages) > MOST_LANGUAGES:
        problems["languages"].append(_("Choose the languages from the list."))
    refuse(problems)


def address_problem(address: str) -> str | Promise:
    """Return why this is no address on the web, "" where it is one."""
    try:
        _is_address(address)
    except ValidationError:
        return _("Give an address that begins with https:// or http://.")
    return _("This address is too long.") if len(address) > 500 else ""


@transaction.atomic
def choose_identity(consultation: Consultation, least: str, *, by: Any) -> Consultation:
    """Decide what is asked of those who respond; what was filed before stays as it is.

    raises  NotAllowed, UnknownIdentity
    """
    locked = editable(consultation, by)
    if least not in Identity.values:
        told = _("Choose who may respond.")
        raise UnknownIdentity(told, fields={"least_identity": [told]})
    if locked.least_identity != least:
        change = {"from": locked.least_identity, "to": least}
        locked.least_identity = least
        locked.save(update_fields=["least_identity"])
        audit.record("consultation.identity_chosen", subject=locked.slug, actor=by, detail=change)
    return locked
