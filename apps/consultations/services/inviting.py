"""Whom a host wants to hear: goals, a list of stakeholders, and mail that invites them."""

import csv
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.groups import StakeholderGroup
from apps.accounts.mailing import absolute, post_all
from apps.accounts.models import Letter
from apps.audit import services as audit
from apps.consultations.models import Consultation, GroupGoal, Stakeholder
from apps.consultations.services.editing import Problems, check_text, editable, refuse
from apps.core.countries import country_code
from apps.core.dates import day_in_words
from apps.core.display import on_one_line
from apps.core.errors import DomainError

MOST_STAKEHOLDERS = 5_000
MOST_AT_ONCE = 500
LARGEST_GOAL = 1_000_000
LONGEST_MESSAGE = 2_000
MOST_PROBLEMS = 20
SEPARATORS = ";\t,"


class NobodyToInvite(DomainError):
    """None of those chosen can get a mail now."""

    code = "nobody_to_invite"


@transaction.atomic
def set_goals(consultation: Consultation, goals: Mapping[str, int | None], *, by: Any) -> None:
    """Say how many of each group are to be heard; None or 0 takes a goal away.

    raises  NotAllowed, InvalidEntry
    """
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    for group, goal in goals.items():
        if group not in StakeholderGroup.values or not 0 <= (goal or 0) <= LARGEST_GOAL:
            problems[f"goal-{group}"].append(_("Give a whole number, or leave it empty."))
    refuse(problems)
    locked.goals.exclude(group__in=[group for group, goal in goals.items() if goal]).delete()
    for group, goal in goals.items():
        if goal:
            GroupGoal.objects.update_or_create(
                consultation=locked, group=group, defaults={"goal": goal}
            )
    detail = {group: goal for group, goal in goals.items() if goal}
    audit.record("consultation.goals_set", subject=locked.slug, actor=by, detail=detail)


@transaction.atomic
def add_stakeholders(consultation: Consultation, listed: str, *, by: Any) -> int:
    """Add those named in a list, one in each line: name; group; country; e-mail address.

    All of them or none: what is wrong is named by line. One that is there already is brought up to
    date, and keeps when it was invited.

    returns  how many were listed, each counted once
    raises   NotAllowed, InvalidEntry
    """
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    check_text(problems, "listed", listed, most=1_000_000, is_needed=True)
    refuse(problems)
    rows = [_row(number, line, problems) for number, line in _lines(listed)]
    if problems["listed"][MOST_PROBLEMS:]:
        problems["listed"] = [*problems["listed"][:MOST_PROBLEMS], _("There is more like this.")]
    if locked.stakeholders.count() + len(rows) > MOST_STAKEHOLDERS:
        told = _("The list can hold %(most)s stakeholders.") % {"most": MOST_STAKEHOLDERS}
        problems["listed"].append(told)
    refuse(defaultdict(list, {place: told for place, told in problems.items() if told}))
    distinct = {row["name"]: row for row in rows}
    Stakeholder.objects.bulk_create(
        [Stakeholder(consultation=locked, **row) for row in distinct.values()],
        update_conflicts=True,
        unique_fields=["consultation", "name"],
        update_fields=["group", "country", "email"],
    )
    detail = {"stakeholders": len(distinct)}
    audit.record("stakeholders.listed", subject=locked.slug, actor=by, detail=detail)
    return len(distinct)


def _lines(listed: str) -> list[tuple[int, list[str]]]:
    """Return the cells of each line, parted by what parts most of them."""
    lines = listed.splitlines()
    separator = max(SEPARATORS, key=lambda sign: sum(sign in line for line in lines))
    cells = csv.reader(lines, delimiter=separator)
    return [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(cells, 1)
        if any(cell.strip() for cell in row)
    ]


def _row(number: int, cells: list[str], problems: Problems) -> dict[str, str]:
    name, label, country, email = [*cells, "", "", "", ""][:4]
    group, told = _group(label), {"line": number}
    if not name or len(name) > 200:
        problems["listed"].append(_("Line %(line)s: give a name.") % told)
    if not group:
        text = _("Line %(line)s: “%(group)s” is no stakeholder group.")
        problems["listed"].append(text % {**told, "group": label[:60]})
    if country and (len(country) != 2 or not country_code(country)):
        problems["listed"].append(_("Line %(line)s: give the country in two letters.") % told)
    if email and not _is_address(email):
        problems["listed"].append(_("Line %(line)s: the e-mail address is none.") % told)
    return {
        "name": on_one_line(name),
        "group": group,
        "country": country_code(country),
        "email": email,
    }


def _group(label: str) -> str:
    """Return the group a word names: its key, or its name in the language of the page."""
    wanted = label.casefold()
    for key, name in StakeholderGroup.choices:
        if wanted in (key, str(name).casefold()):
            return str(key)
    return ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


@transaction.atomic
def remove_stakeholder(stakeholder: Stakeholder, *, by: Any) -> None:
    """Take somebody off the list; what they filed stays."""
    locked = editable(stakeholder.consultation, by)
    locked.stakeholders.filter(pk=stakeholder.pk).delete()
    audit.record("stakeholder.removed", subject=locked.slug, actor=by)


@transaction.atomic
def invite(
    consultation: Consultation, chosen: Collection[int], *, message: str = "", by: Any
) -> int:
    """Write to those chosen who have an address and got no mail for a week.

    returns  how many get one
    raises   NotAllowed, InvalidEntry; NobodyToInvite, also before it is published or once it ended
    """
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    check_text(problems, "message", message, most=LONGEST_MESSAGE)
    if len(chosen) > MOST_AT_ONCE:
        told = _("Invite %(most)s at once or fewer.") % {"most": MOST_AT_ONCE}
        problems["stakeholders"].append(told)
    refuse(problems)
    phase = locked.comment_phase()
    if not locked.is_published or phase is None or phase.is_over:
        raise NobodyToInvite(_("Invite once it is published, and as long as it is open."))
    held = locked.stakeholders.select_for_update().filter(pk__in=list(chosen))
    invited = [one for one in held.order_by("pk") if one.may_be_invited()]
    if not invited:
        raise NobodyToInvite(_("Nobody you chose can get a mail: no address, or one this week."))
    post_all([_letter(locked, phase.closes_at, one, message, by) for one in invited])
    ids = [one.pk for one in invited]
    locked.stakeholders.filter(pk__in=ids).update(
        invited_at=timezone.now(), invitations=F("invitations") + 1
    )
    detail = {"stakeholders": len(ids)}
    audit.record("stakeholders.invited", subject=locked.slug, actor=by, detail=detail)
    return len(ids)


def _letter(
    consultation: Consultation, closes_at: Any, one: Stakeholder, message: str, by: Any
) -> Letter:
    return Letter(
        address=one.email,
        template="consultations/mail/invited",
        language=consultation.language,
        context={
            "name": one.name,
            "title": consultation.title,
            "host": consultation.authority or consultation.host.name,
            "closes": day_in_words(closes_at.astimezone(consultation.zone)) if closes_at else "",
            "message": message.strip(),
            "link": absolute(consultation.get_absolute_url()),
            "is_reminder": one.invitations > 0,
        },
        headers={"Reply-To": by.email},
    )


def told_of(invited: int) -> str:
    """Return in words how many get a mail."""
    return ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", invited) % {
        "n": invited
    }
