"""Whom a host wants to hear: goals, a list of stakeholders, and mail that invites them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.groups import StakeholderGroup
from apps.accounts.mailing import absolute, post_all
from apps.accounts.models import Letter, Membership, Organisation
from apps.audit import services as audit
from apps.consultations.listing import read_list
from apps.consultations.models import Consultation, GroupGoal, Stakeholder
from apps.consultations.sections import standings_of
from apps.consultations.services.editing import Problems, check_text, editable, refuse
from apps.core.dates import day_in_words
from apps.core.errors import DomainError

MOST_STAKEHOLDERS = 5_000
MOST_AT_ONCE = 500
LARGEST_GOAL = 1_000_000
LONGEST_MESSAGE = 2_000
MOST_PROBLEMS = 20


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
    rows = read_list(listed)
    problems["listed"] = [told for row in rows for told in row.told]
    if problems["listed"][MOST_PROBLEMS:]:
        problems["listed"] = [*problems["listed"][:MOST_PROBLEMS], _("There is more like this.")]
    distinct = {row.name: row.fields for row in rows}
    _check_room(locked, len(rows), "listed", problems)
    refuse(defaultdict(list, {place: told for place, told in problems.items() if told}))
    Stakeholder.objects.bulk_create(
        [Stakeholder(consultation=locked, **row) for row in distinct.values()],
        update_conflicts=True,
        unique_fields=["consultation", "name"],
        update_fields=["group", "country", "email"],
    )
    detail = {"stakeholders": len(distinct)}
    audit.record("stakeholders.listed", subject=locked.slug, actor=by, detail=detail)
    return len(distinct)


def _check_room(locked: Consultation, more: int, place: str, problems: Problems) -> None:
    if locked.stakeholders.count() + more > MOST_STAKEHOLDERS:
        told = _("The list can hold %(most)s stakeholders.") % {"most": MOST_STAKEHOLDERS}
        problems[place].append(told)


@transaction.atomic
def add_organisations(consultation: Consultation, chosen: Collection[int], *, by: Any) -> list[int]:
    """Add organisations that are known here, as their public record names them.

    One of the same name on the list already is brought up to date, and keeps when it was invited.

    returns  the stakeholders they are now
    raises   NotAllowed, InvalidEntry
    """
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    if not chosen:
        problems["organisations"].append(_("Choose at least one."))
    if len(chosen) > MOST_AT_ONCE:
        told = _("Invite %(most)s at once or fewer.") % {"most": MOST_AT_ONCE}
        problems["organisations"].append(told)
    _check_room(locked, len(chosen), "organisations", problems)
    refuse(problems)
    found = list(Organisation.objects.listed().filter(pk__in=list(chosen)).order_by("pk"))
    Stakeholder.objects.bulk_create(
        [
            Stakeholder(
                consultation=locked,
                name=one.name,
                group=one.group,
                country=one.country,
                organisation=one,
            )
            for one in found
        ],
        update_conflicts=True,
        unique_fields=["consultation", "name"],
        update_fields=["group", "country", "organisation"],
    )
    detail = {"stakeholders": len(found)}
    audit.record("stakeholders.listed", subject=locked.slug, actor=by, detail=detail)
    return list(locked.stakeholders.filter(organisation__in=found).values_list("pk", flat=True))


@transaction.atomic
def invite_organisations(
    consultation: Consultation, chosen: Collection[int], *, message: str = "", by: Any
) -> int:
    """Add organisations that are known here, and write to their members who may submit.

    returns  how many organisations are written to
    raises   as `add_organisations` and `invite`; then nobody was added
    """
    added = add_organisations(consultation, chosen, by=by)
    return invite(consultation, added, message=message, by=by)


def remind(consultation: Consultation, *, message: str = "", by: Any) -> int:
    """Write again to those who were invited more than a week ago and have not begun.

    At most 500 at once, those who wait longest first.

    raises  NotAllowed, InvalidEntry, NobodyToInvite
    """
    due = consultation.stakeholders.filter(invited_at__lte=timezone.now() - Stakeholder.PAUSE)
    waiting = list(due.order_by("invited_at", "pk"))
    standings = standings_of(consultation, waiting)
    silent = [one.pk for one in waiting if one.pk not in standings]
    return invite(consultation, silent[:MOST_AT_ONCE], message=message, by=by)


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
    addresses = _addresses(invited)
    invited = [one for one in invited if addresses[one.pk]]
    if not invited:
        raise NobodyToInvite(_("None of those you chose has somebody who may submit."))
    post_all(
        [
            _letter(locked, one, address, closes_at=phase.closes_at, message=message, by=by)
            for one in invited
            for address in addresses[one.pk]
        ]
    )
    ids = [one.pk for one in invited]
    locked.stakeholders.filter(pk__in=ids).update(
        invited_at=timezone.now(), invitations=F("invitations") + 1
    )
    detail = {"stakeholders": len(ids)}
    audit.record("stakeholders.invited", subject=locked.slug, actor=by, detail=detail)
    return len(ids)


def _addresses(invited: Collection[Stakeholder]) -> dict[int, list[str]]:
    """Return whom to write to of each: the address on the list, else members who may submit."""
    known = [one.organisation_id for one in invited if not one.email and one.organisation_id]
    members = Membership.objects.filter(
        organisation__in=known,
        organisation__state=Organisation.State.LISTED,
        role__in=Membership.SUBMITTING,
        user__is_active=True,
    )
    of: dict[int, list[str]] = defaultdict(list)
    for organisation, address in members.values_list("organisation", "user__email").order_by("pk"):
        of[organisation].append(address)
    return {one.pk: [one.email] if one.email else of[one.organisation_id or 0] for one in invited}


def _letter(
    consultation: Consultation,
    one: Stakeholder,
    address: str,
    *,
    closes_at: Any,
    message: str,
    by: Any,
) -> Letter:
    return Letter(
        address=address,
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
