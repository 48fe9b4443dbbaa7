"""The sign-off of an organisation: asked for, given by a signatory, needed before filing."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, Organisation, User
from apps.accounts.rules import may_sign_for
from apps.audit import services as audit
from apps.core.errors import NotAllowed
from apps.submissions.errors import InvalidContent, SignOffMissing
from apps.submissions.inputs import DraftInput
from apps.submissions.models import SignOff, Submission
from apps.submissions.services.drafts import lock_draft
from apps.submissions.services.sealing import require_same, seal_of
from apps.submissions.telling import ask_signatories

ASKED_AGAIN_AFTER = timedelta(minutes=10)


def signatories_of(organisation: Organisation) -> list[User]:
    """Return the people who can sign for an organisation."""
    return list(organisation.holders(Membership.Role.SIGNATORY))


@transaction.atomic
def ask_for_sign_off(draft: Submission, *, by: Any) -> SignOff:
    """Write to the signatories with the address of the draft; at most once in ten minutes.

    raises  NotYours, AlreadyFiled, InvalidContent for a draft of a person, SignOffMissing where
            the organisation has no signatory
    """
    locked = lock_draft(draft, by=by)
    organisation = _organisation_of(locked)
    signatories = signatories_of(organisation)
    if not signatories:
        raise SignOffMissing(who_can_sign(organisation, signatories))
    asked, _is_new = SignOff.objects.get_or_create(draft=locked)
    now = timezone.now()
    if asked.asked_at is None or asked.asked_at < now - ASKED_AGAIN_AFTER:
        asked.asked_at = now
        asked.save(update_fields=["asked_at"])
        ask_signatories(locked, organisation, signatories, asked_by=by)
        audit.record("draft.sign_off_asked", subject=locked.consultation.slug, actor=by)
    return asked


@transaction.atomic
def sign_off(draft: Submission, *, seal: str, by: Any) -> SignOff:
    """Sign exactly what a draft holds; an edit after that makes it void.

    seal    of what the signatory read, see `seal_of`
    raises  NotYours, NotAllowed naming who can sign, AlreadyFiled, ChangedMeanwhile, InvalidContent
    """
    locked = lock_draft(draft, by=by)
    organisation = _organisation_of(locked)
    if not may_sign_for(by, organisation):
        raise NotAllowed(who_can_sign(organisation, signatories_of(organisation)))
    require_same(locked, seal)
    return _give(locked, seal, by=by)


def require_signatory(organisation: Organisation | None, *, by: Any) -> None:
    """Raise SignOffMissing where an organisation asks for a sign-off and a person cannot give it.

    For what is filed in one act, without a draft that others could sign.
    """
    if organisation is None or not organisation.requires_sign_off or may_sign_for(by, organisation):
        return
    who = who_can_sign(organisation, signatories_of(organisation))
    message = _("%(name)s asks for a sign-off: only a signatory can do this in one step. %(who)s")
    raise SignOffMissing(message % {"name": organisation.name, "who": who})


def require_signed(draft: Submission, content: DraftInput, *, by: Any) -> None:
    """Raise SignOffMissing unless a locked draft needs no sign-off or one stands over its content.

    A signatory who files it signs it off with the same act.
    """
    organisation = draft.organisation
    if organisation is None or not organisation.requires_sign_off:
        return
    seal = seal_of(draft, content)
    if may_sign_for(by, organisation):
        _give(draft, seal, by=by)
        return
    found = SignOff.objects.filter(draft=draft).select_related("signed_by").first()
    if not stands_over(found, seal, organisation):
        raise SignOffMissing(missing_sign_off(organisation, found))


def stands_over(found: SignOff | None, seal: str, organisation: Organisation) -> bool:
    """Return whether a sign-off counts: unchanged words, by who is a signatory to this day."""
    if found is None or not found.stands or found.seal != seal:
        return False
    signer = found.signed_by
    return signer is not None and signer.is_active and bool(may_sign_for(signer, organisation))


def missing_sign_off(organisation: Organisation, found: SignOff | None) -> str:
    """Return why a draft cannot be filed, and who can change that."""
    who = who_can_sign(organisation, signatories_of(organisation))
    if found is None or found.signed_at is None:
        why = _("%(name)s asks for a sign-off before anything is filed.")
    elif found.voided_at is not None:
        why = _(
            "The draft was changed after it was signed off for %(name)s. It must be signed again."
        )
    else:
        why = _("Whoever signed this off is no longer a signatory of %(name)s.")
    return f"{why % {'name': organisation.name}} {who}"


def who_can_sign(organisation: Organisation, signatories: list[User]) -> str | Promise:
    """Return whom to ask, and what to do where nobody is left."""
    if not signatories:
        return _(
            "No signatory is left at %(name)s. Ask the people who run this site to name one; your"
            " draft waits here."
        ) % {"name": organisation.name}
    people = ", ".join(str(person) for person in signatories)
    return _("Who can sign: %(people)s.") % {"people": people}


def _give(draft: Submission, seal: str, *, by: Any) -> SignOff:
    given = {"seal": seal, "signed_by": by, "signed_at": timezone.now(), "voided_at": None}
    signed, _is_new = SignOff.objects.update_or_create(draft=draft, defaults=given)
    audit.record("draft.signed_off", subject=draft.consultation.slug, actor=by)
    return signed


def _organisation_of(draft: Submission) -> Organisation:
    if draft.organisation is None:
        raise InvalidContent(_("This draft is your own: nobody else has to sign it off."))
    return draft.organisation
