"""An organisation that was registered twice becomes one, and its old address leads there."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing
from apps.accounts.checking import end
from apps.accounts.errors import InvalidOrganisation
from apps.accounts.models import Membership, Organisation
from apps.accounts.rules import may_decide_names, may_manage
from apps.audit import services as audit
from apps.core.errors import NotAllowed

ROLES = list(Membership.Role.values)


@transaction.atomic
def merge(duplicate: Organisation, into: Organisation, *, reason: str, by: Any) -> Organisation:
    """Make a duplicate part of the organisation it is; return this one.

    A signatory of both brings the seats along. Staff brings none: whoever registered the duplicate
    asks a signatory for a seat, so that nobody speaks for an organisation by imitating it. Register
    numbers come along where it has none of that register; what was checked of the duplicate ends.

    raises  NotAllowed for others than a signatory of both, or staff that belongs to neither;
            InvalidOrganisation for the same one, one that is not listed, or without a reason of
            staff
    """
    one, other = _locked(duplicate, into)
    # Who may do everything is still no member: asked of the seats, not of the permissions.
    is_own = may_manage(by, one) and may_manage(by, other)
    if not is_own and not (may_decide_names(by, one) and may_decide_names(by, other)):
        raise NotAllowed(
            _("Only a signatory of both organisations can merge them, or staff on request.")
        )
    _check(one, other, reason="-" if is_own else reason)
    of_the_other = set(other.holders(Membership.Role.SIGNATORY).values_list("email", flat=True))
    told = set(one.members.values_list("email", flat=True)) | of_the_other
    seats = _carry_seats(one, other) if is_own else 0
    one.memberships.all().delete()
    one.invitations.all().delete()
    end(one, one.verifications.all())
    _carry_numbers(one, other)
    one.merged.update(merged_into=other)
    one.state, one.merged_into, one.asked_name = Organisation.State.MERGED, other, ""
    one.decision = reason.strip()
    one.save(update_fields=["state", "merged_into", "asked_name", "decision"])
    detail = {"into": other.slug, "seats": seats, "reason": one.decision}
    audit.record("organisation.merged", subject=one.slug, actor=by, detail=detail)
    context = {"name": one.name, "into": other.name, "has_seats": is_own, "reason": one.decision}
    for address in sorted(told):
        whose = {"is_of_the_other": address in of_the_other}
        mailing.post(address, "accounts/mail/merged", context | whose)
    return other


def _locked(duplicate: Organisation, into: Organisation) -> tuple[Organisation, Organisation]:
    """Lock both, always in the same order, so that two merges at once never wait for each other."""
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    found = {one.pk: one for one in rows.filter(pk__in=[duplicate.pk, into.pk])}
    return found[duplicate.pk], found[into.pk]


def _check(one: Organisation, other: Organisation, *, reason: str) -> None:
    problem = None
    if one.pk == other.pk:
        problem = "into", _("Choose another organisation than the duplicate itself.")
    elif not other.is_listed:
        problem = "into", _("Choose an organisation that is listed.")
    elif one.merged_into_id is not None:
        problem = "duplicate", _("This organisation was merged already.")
    elif not reason.strip():
        problem = "reason", _("Say why. Its members read this.")
    if problem:
        raise InvalidOrganisation(problem[1], fields={problem[0]: [problem[1]]})


def _carry_seats(one: Organisation, other: Organisation) -> int:
    """Give each member a seat; who has one already keeps the higher role of the two."""
    held = {seat.user_id: seat for seat in other.memberships.all()}
    seats = list(one.memberships.all())
    for seat in seats:
        known = held.get(seat.user_id)
        if known is None:
            Membership.objects.create(user_id=seat.user_id, organisation=other, role=seat.role)
        elif ROLES.index(seat.role) > ROLES.index(known.role):
            known.role = seat.role
            known.save(update_fields=["role"])
    return len(seats)


def _carry_numbers(one: Organisation, other: Organisation) -> None:
    known = set(other.numbers.values_list("register", flat=True))
    one.numbers.filter(register__in=known).delete()
    one.numbers.update(organisation=other)
