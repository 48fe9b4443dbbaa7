"""Why an organisation, a seat or a number is refused, in words a person can act on."""

from apps.core.errors import DomainError


class InvalidOrganisation(DomainError):
    """Some of what was entered cannot be kept; `fields` names it."""

    code = "invalid_organisation"
    status = 422


class TooManyOrganisations(DomainError):
    """One person registers a bounded number of organisations."""

    code = "too_many_organisations"


class LastSignatory(DomainError):
    """Nobody would be left who can sign for the organisation."""

    code = "last_signatory"


class OrganisationMerged(DomainError):
    """The organisation is part of another one now; `page` is where that one is read."""

    code = "organisation_merged"
    status = 410


class InvitationOver(DomainError):
    """The invitation was taken, withdrawn, replaced or is too old."""

    code = "invitation_over"
    status = 410


class AnotherAddress(DomainError):
    """The invitation was sent to another address than the ones of this account."""

    code = "another_address"
    status = 403


class InvalidVerification(DomainError):
    """The check cannot begin or end like this; `fields` says what must change."""

    code = "invalid_verification"
    status = 422


class VerificationOver(DomainError):
    """The check was used, replaced, decided on, or is too old."""

    code = "verification_over"
    status = 410


class CannotLeave(DomainError):
    """Something has to be done before the account can be deleted; the message says what."""

    code = "cannot_delete_account"


class LinkOver(DomainError):
    """The mailed link is too old, or belongs to another account."""

    code = "link_over"
    status = 410
