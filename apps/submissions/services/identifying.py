"""How it is known who responds, and whether that is enough for a consultation."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Identity
from apps.core.errors import NotAllowed
from apps.core.templatetags.plain import day

RANK = {level: place for place, level in enumerate(Identity.values)}


class IdentityNotAccepted(NotAllowed):
    """The consultation asks for more to be known of those who respond."""

    code = "identity_not_accepted"


def identity_of(person: Any, organisation: Organisation | None) -> str:
    """Return how it is known who speaks, at this moment."""
    if organisation is not None and organisation.is_verified:
        return Identity.ORGANISATION
    return Identity.EMAIL if person.is_guest else Identity.ACCOUNT


def require_identity(
    consultation: Consultation, person: Any, organisation: Organisation | None
) -> str:
    """Return how it is known who files; raise IdentityNotAccepted where that is too little."""
    if why := refusal(consultation, person, organisation):
        raise IdentityNotAccepted(why)
    return identity_of(person, organisation)


def require_may_begin(
    consultation: Consultation, person: Any, organisation: Organisation | None
) -> None:
    """Raise IdentityNotAccepted for who could never file; an organisation may verify itself yet."""
    if organisation is None:
        require_identity(consultation, person, organisation)


def require_people(consultation: Consultation) -> None:
    """Raise IdentityNotAccepted where only organisations may speak.

    Whoever signs a campaign with a confirmed address is marked so, and is counted on its own: that
    needs no account anywhere.
    """
    if consultation.least_identity == Identity.ORGANISATION:
        raise IdentityNotAccepted(_("Only organisations sign here."))


def refusal(
    consultation: Consultation, person: Any, organisation: Organisation | None
) -> str | Promise:
    """Return what a consultation asks for beyond this, and what to do; "" where it is enough."""
    if RANK[identity_of(person, organisation)] >= RANK[consultation.least_identity]:
        return ""
    if consultation.least_identity == Identity.ACCOUNT:
        return _("This consultation needs an account. Make one on your page; your text is kept.")
    if organisation is None:
        return _("Only organisations that were checked may respond here. Choose yours.")
    if organisation.verified_until is not None:
        return _(
            "Only organisations that were checked may respond here. The check of yours ended on"
            " %(day)s. Have it checked again on its page, then submit; your draft waits."
        ) % {"day": day(organisation.verified_until)}
    return _(
        "Only organisations that were checked may respond here. Have yours checked on its page,"
        " then submit; your draft waits."
    )
