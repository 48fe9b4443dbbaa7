"""Organisations: registered by a member, held where the name looks like another, decided on."""

from collections import defaultdict
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing, names
from apps.accounts.checking import end
from apps.accounts.domains import domain_of
from apps.accounts.errors import InvalidOrganisation, TooManyOrganisations
from apps.accounts.models import Membership, Organisation, Verification
from apps.accounts.rules import may_sign_for
from apps.accounts.services.details import (
    Fields,
    OrganisationInput,
    check,
    keep_numbers,
    name_is_taken,
    number_key,
)
from apps.accounts.services.guests import require_account
from apps.audit import services as audit
from apps.core.display import display_text
from apps.core.errors import NotAllowed

MOST_ORGANISATIONS = 20
RESERVED = frozenset(["new", "mine"])
State = Organisation.State


@transaction.atomic
def register(details: OrganisationInput, *, by: Any) -> Organisation:
    """Register an organisation with its first signatory; hold it where its name looks like another.

    raises  NeedsAccount, TooManyOrganisations, InvalidOrganisation naming what must change
    """
    require_account(by)
    entered = details.tidied()
    if Membership.objects.filter(user=by).count() >= MOST_ORGANISATIONS:
        raise TooManyOrganisations(
            _("You belong to %(count)d organisations, the most there can be.")
            % {"count": MOST_ORGANISATIONS}
        )
    check(entered)
    alike = Organisation.objects.that_looks_like(entered.name)
    is_held = alike is not None or names.is_odd(entered.name)
    organisation = Organisation(
        name=entered.name,
        slug=_free_slug(entered.name),
        group=entered.group,
        country=entered.country,
        website=entered.website,
        state=State.HELD if is_held else State.LISTED,
        resembles=alike,
    )
    try:
        with transaction.atomic():
            register_organisation(organisation, by=by)
    except IntegrityError as clash:
        raise name_is_taken() from clash
    keep_numbers(organisation, entered)
    Membership.objects.create(organisation=organisation, user=by, role=Membership.Role.SIGNATORY)
    if is_held:
        _tell_staff(organisation)
    return organisation


@transaction.atomic
def register_organisation(organisation: Organisation, *, by: Any) -> Organisation:
    """Save a new organisation; the database refuses a name that exists in any case."""
    organisation.save(force_insert=True)
    audit.record(
        "organisation.registered",
        subject=organisation.slug,
        actor=by,
        detail={"group": organisation.group, "state": str(organisation.state)},
    )
    return organisation


@transaction.atomic
def change_details(
    organisation: Organisation, details: OrganisationInput, *, by: Any
) -> Organisation:
    """Change what an organisation says of itself; what it filed keeps the name it was filed under.

    A new name that looks like another waits as `asked_name`, and the old one stays meanwhile. What
    was checked ends where it was checked of something that is different now.

    raises  NotAllowed for others than signatories; InvalidOrganisation naming what must change
    """
    if not by.has_perm("accounts.manage", organisation):
        raise NotAllowed(_("Only a signatory of the organisation can do this."))
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    entered = details.tidied()
    check(entered, own=locked)
    before = _facts_of(locked)
    _end_checks(locked, entered)
    locked.group, locked.country, locked.website = entered.group, entered.country, entered.website
    locked.save(update_fields=["group", "country", "website"])
    keep_numbers(locked, entered)
    _ask_for_name(locked, entered.name)
    changed = [name for name, value in _facts_of(locked).items() if value != before[name]]
    if changed:
        detail = {"changed": changed, "name": locked.name, "asked_name": locked.asked_name}
        audit.record("organisation.changed", subject=locked.slug, actor=by, detail=detail)
    return locked


@transaction.atomic
def decide_name(organisation: Organisation, *, outcome: str, reason: str, by: Any) -> Organisation:
    """List a name that was held, or refuse it; the members are told why.

    A new name that is refused leaves the organisation as it was.

    raises  NotAllowed; InvalidOrganisation without outcome or reason, or where it is decided
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not by.has_perm("accounts.decide_names", locked):
        raise NotAllowed(_("Only staff who do not belong to this organisation can decide."))
    _check_decision(locked, outcome=outcome, reason=reason)
    name, is_new = locked.name_to_decide, bool(locked.asked_name)
    locked.asked_name, locked.decision = "", reason.strip()
    if is_new and outcome == State.LISTED:
        _rename(locked, name)
    elif not is_new:
        locked.state = outcome
    locked.save(update_fields=["asked_name", "state", "decision"])
    audit.record(
        "organisation.name_decided",
        subject=locked.slug,
        actor=by,
        detail={"name": name, "outcome": outcome, "reason": locked.decision},
    )
    is_listed = outcome == State.LISTED
    context = {"name": name, "is_listed": is_listed, "is_new": is_new, "reason": locked.decision}
    if not is_listed:
        # Another name is asked for there.
        context["link"] = mailing.absolute(reverse("accounts:details", args=[locked.slug]))
    for address in locked.members.values_list("email", flat=True):
        mailing.post(address, "accounts/mail/name_decided", context)
    return locked


def _check_decision(locked: Organisation, *, outcome: str, reason: str) -> None:
    fields: Fields = defaultdict(list)
    if outcome not in (State.LISTED, State.REFUSED):
        fields["outcome"].append(_("Choose one."))
    if not reason.strip():
        fields["reason"].append(_("Say why. Its members read this."))
    if locked.state != State.HELD and not locked.asked_name:
        fields["outcome"].append(_("Somebody has decided on this name already."))
    if fields:
        raise InvalidOrganisation(_("Some of what you entered needs attention."), fields=fields)


def _facts_of(organisation: Organisation) -> dict[str, Any]:
    """Return what the audit log compares, by name."""
    plain = ("name", "asked_name", "group", "country", "website")
    numbers = organisation.numbers.order_by("register").values_list("register", "number")
    return {name: getattr(organisation, name) for name in plain} | {"numbers": list(numbers)}


def _ask_for_name(locked: Organisation, name: str) -> None:
    """Take a new name, or let it wait where it looks like another one or was refused before."""
    asked_before, locked.asked_name = locked.asked_name, ""
    if name != locked.name:
        others = Organisation.objects.exclude(pk=locked.pk)
        locked.resembles = others.that_looks_like(name)
        waits = locked.resembles is not None or names.is_odd(name)
        if waits and locked.is_listed:
            locked.asked_name = name
        else:
            # A name that staff refused is followed by none that nobody looked at.
            waits = waits or locked.state == State.REFUSED
            locked.state = State.HELD if waits else State.LISTED
            locked.decision = ""
            _rename(locked, name)
        if waits and name != asked_before:
            _tell_staff(locked)
    locked.save(update_fields=["asked_name", "resembles", "state", "decision"])


def _rename(locked: Organisation, name: str) -> None:
    """Give another name; what was checked was checked of the old one, and ends."""
    locked.name = name
    try:
        with transaction.atomic():
            locked.save(update_fields=["name", "skeleton"])
    except IntegrityError as clash:
        raise name_is_taken() from clash
    end(locked, locked.verifications.all())


def _end_checks(locked: Organisation, entered: OrganisationInput) -> None:
    """End what was checked of a domain or a number that is not that of the organisation now."""
    checked = locked.verifications
    if domain_of(entered.website) != domain_of(locked.website):
        end(locked, checked.exclude(method=Verification.Method.REGISTER))
    for number in locked.numbers.all():
        is_kept = number.register in entered.numbers
        key = number_key(entered, number.register) if is_kept else {}
        if any(getattr(number, name) != value for name, value in key.items()) or not is_kept:
            end(locked, checked.filter(number=number))
            number.delete()


def _tell_staff(organisation: Organisation) -> None:
    alike = organisation.resembles.name if organisation.resembles else ""
    link = mailing.absolute(reverse("accounts:names"))
    name = display_text(organisation.name_to_decide)
    context = {"name": name, "alike": alike, "link": link}
    mailing.post_to_staff("accounts/mail/name_held", context)


def _free_slug(name: str) -> str:
    stem = slugify(name)[:60].strip("-") or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken | RESERVED else next(s for s in free if s not in taken)


@transaction.atomic
def decide_sign_off(organisation: Organisation, *, is_required: bool, by: Any) -> Organisation:
    """Let an organisation ask for a signatory's sign-off before anything is filed, or no longer.

    raises  NotAllowed for others than its signatories
    """
    if not may_sign_for(by, organisation):
        raise NotAllowed(_("Only a signatory may decide this for the organisation."))
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.requires_sign_off != is_required:
        locked.requires_sign_off = is_required
        locked.save(update_fields=["requires_sign_off"])
        audit.record(
            "organisation.sign_off_decided",
            subject=locked.slug,
            actor=by,
            detail={"is_required": is_required},
        )
    return locked
