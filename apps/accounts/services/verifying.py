"""Verification: asked for by a signatory, confirmed by what was checked, and only for a while."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts import mailing
from apps.accounts.checking import CHECK, confirm, refuse
from apps.accounts.domains import address_at, domain_of
from apps.accounts.errors import InvalidVerification, VerificationOver
from apps.accounts.models import (
    Membership,
    Organisation,
    RegisterNumber,
    Review,
    Verification,
)
from apps.audit import services as audit
from apps.core.display import display_text
from apps.core.errors import NotAllowed
from apps.core.tokens import digest_of
from apps.jobs import services as jobs
from apps.jobs.models import Job

MOST_A_DAY = 10
NEEDED_REVIEWS = 2
Method, State = Verification.Method, Verification.State


@transaction.atomic
def ask_by_email(organisation: Organisation, address: str, *, by: Any) -> Verification:
    """Send a link to an address at the organisation's domain; raise InvalidVerification."""
    domain = _require(organisation, by)
    there = address_at(domain, address)
    if not there:
        raise _wrong("address", _("Give an address that ends in @%(domain)s.") % {"domain": domain})
    token = secrets.token_urlsafe(32)
    asked = _begin(organisation, Method.EMAIL, domain, by=by, token=digest_of(token))
    link = mailing.absolute(reverse("accounts:confirm-domain", args=[token]))
    context = {"name": organisation.name, "domain": domain, "link": link}
    mailing.post(there, "accounts/mail/verify", context, language=get_language() or "")
    return asked


@transaction.atomic
def ask_by_domain(organisation: Organisation, method: str, *, by: Any) -> Verification:
    """Give a token that is to stand in the domain's record or file; raise InvalidVerification."""
    domain = _require(organisation, by)
    if method not in (Method.DNS, Method.FILE):
        raise _wrong("method", _("Choose one."))
    return _begin(organisation, method, domain, by=by, token=secrets.token_hex(16))


@transaction.atomic
def ask_by_register(organisation: Organisation, number: RegisterNumber, *, by: Any) -> Verification:
    """Ask staff to look the organisation up in a public register; raise InvalidVerification."""
    _require_manager(organisation, by)
    if number.organisation_id != organisation.pk:
        raise _wrong("number", _("Choose one."))
    waiting = Verification.objects.for_review().filter(number=number)
    if waiting.exists():
        raise _wrong("number", _("Staff is looking at this number already."))
    asked = _begin(organisation, Method.REGISTER, str(number), by=by, number=number)
    link = mailing.absolute(reverse("accounts:reviews"))
    context = {"name": display_text(organisation.name), "subject": asked.subject, "link": link}
    mailing.post_to_staff("accounts/mail/register_asked", context)
    return asked


@transaction.atomic
def look_now(asked: Verification, *, by: Any) -> bool:
    """Let a job look for the record or the file; return False where it did within this minute.

    raises  NotAllowed, VerificationOver
    """
    _require_manager(asked.organisation, by)
    if asked.method not in (Method.DNS, Method.FILE) or not (asked.is_open or asked.is_standing):
        raise _over()
    minute = int(timezone.now().timestamp() // 60)
    key = f"check-domain:{asked.pk}:{minute}"
    if Job.objects.filter(key=key).exists():
        return False
    jobs.enqueue(CHECK, key=key, payload={"verification": asked.pk})
    return True


@transaction.atomic
def confirm_email(token: str) -> Verification:
    """Confirm with the link of the mail; it works once and for seven days.

    raises  VerificationOver
    """
    return confirm(email_of(token))


def email_of(token: str) -> Verification:
    """Return what the link of a mail would confirm; raise VerificationOver."""
    waiting = Verification.objects.filter(method=Method.EMAIL, token=digest_of(token))
    found = waiting.select_related("organisation").first()
    if found is None or not found.is_open or not found.organisation.is_listed:
        raise _over()
    return found


@transaction.atomic
def review(asked: Verification, *, is_confirmed: bool, reason: str, by: Any) -> Verification:
    """Note what a member of staff found; two who found it confirm, one who did not refuses.

    Its signatories are told by mail once it is decided.

    raises  NotAllowed; InvalidVerification without a reason, decided, or by the same person again
    """
    locked = Verification.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if not by.has_perm("accounts.decide_names", locked.organisation):
        raise NotAllowed(_("Only staff who do not belong to this organisation can decide."))
    if locked.state != State.PENDING or locked.method != Method.REGISTER:
        raise _over()
    if not reason.strip():
        raise _wrong("reason", _("Say what you found, and where."))
    if locked.reviews.filter(staff=by).exists():
        raise _wrong("reason", _("You looked at this already. Another person must look too."))
    Review.objects.create(
        verification=locked, staff=by, is_confirmed=is_confirmed, reason=reason.strip()
    )
    audit.record(
        "organisation.register_reviewed",
        subject=locked.organisation.slug,
        actor=by,
        detail={"is_confirmed": is_confirmed, "subject": locked.subject},
    )
    if is_confirmed and locked.reviews.filter(is_confirmed=True).count() < NEEDED_REVIEWS:
        return locked
    decided = confirm(locked) if is_confirmed else refuse(locked, reason.strip()[:300])
    _tell_signatories(decided)
    return decided


def _tell_signatories(decided: Verification) -> None:
    organisation = decided.organisation
    page = reverse("accounts:verification", args=[organisation.slug])
    context = {
        "name": display_text(organisation.name),
        "subject": decided.subject,
        "is_confirmed": decided.is_standing,
        "reason": display_text(decided.problem),
        "link": mailing.absolute(page),
    }
    holders = organisation.holders(Membership.Role.SIGNATORY)
    for address in holders.values_list("email", flat=True):
        mailing.post(address, "accounts/mail/register_decided", context)


def _begin(
    organisation: Organisation, method: str, subject: str, *, by: Any, **fields: Any
) -> Verification:
    today = organisation.verifications.filter(requested_at__gt=timezone.now() - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        raise _wrong("method", _("Too many tries today. Try again tomorrow."))
    # Numbers of two registers are two checks: one does not take the place of the other.
    same = organisation.verifications.filter(method=method, number=fields.get("number"))
    same.filter(state=State.PENDING).delete()
    asked = Verification.objects.create(
        organisation=organisation, method=method, subject=subject, requested_by=by, **fields
    )
    audit.record(
        "organisation.verification_asked",
        subject=organisation.slug,
        actor=by,
        detail={"method": str(method), "subject": subject},
    )
    return asked


def _require(organisation: Organisation, by: Any) -> str:
    _require_manager(organisation, by)
    domain = domain_of(organisation.website)
    if not domain:
        raise _wrong(
            "website",
            _("This needs a website at a domain of your own. Yours is none, or is missing."),
        )
    return domain


def _require_manager(organisation: Organisation, by: Any) -> None:
    if not by.has_perm("accounts.manage", organisation):
        raise NotAllowed(_("Only a signatory of the organisation can do this."))
    if not organisation.is_listed:
        raise NotAllowed(_("The name of the organisation must be listed first."))


def _wrong(field: str, told: str) -> InvalidVerification:
    return InvalidVerification(told, fields={field: [told]})


def _over() -> VerificationOver:
    return VerificationOver(
        _("This check was used, replaced or is older than seven days. Ask for a new one.")
    )
