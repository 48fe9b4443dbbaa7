"""Why a response cannot be given, in words a person can act on."""

from apps.core.errors import DomainError


class InvalidResponse(DomainError):
    """Some of what was entered cannot be kept; `fields` names it."""

    code = "invalid_response"
    status = 422


class UnknownFilter(DomainError):
    """An address asks for something the ledger cannot be narrowed by."""

    code = "unknown_filter"
    status = 400


class PromiseNotKept(DomainError):
    """Fewer points are answered than were promised."""

    code = "promise_not_kept"
    status = 409


class PromiseStands(DomainError):
    """A promise that everybody could read cannot be made smaller or later."""

    code = "promise_stands"
    status = 409


class NotMarked(DomainError):
    """There is no mark to take back."""

    code = "not_marked"
    status = 409


class StillOpen(DomainError):
    """More can be filed: it is too early to say that everything was answered."""

    code = "still_open"
    status = 409
