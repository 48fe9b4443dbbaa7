"""Why something around a hearing is refused, in words a person can act on."""

from apps.core.errors import DomainError


class InvalidHearing(DomainError):
    """Some of what was entered cannot be kept; `fields` names it."""

    code = "invalid_hearing"
    status = 422


class NotNow(DomainError):
    """The hearing is not in a state in which this can be done."""

    code = "not_now"


class RequestsClosed(DomainError):
    """Nobody can ask to speak any more, or not yet."""

    code = "requests_closed"


class AskedAlready(DomainError):
    """One request in one capacity is enough."""

    code = "asked_already"


class NothingToSend(DomainError):
    """There is no statement to send, or nobody to send it to."""

    code = "nothing_to_send"


class NothingToConfirm(DomainError):
    """No statement waits for this speaker."""

    code = "nothing_to_confirm"


class StatementChanged(DomainError):
    """A statement is not as the speaker read it."""

    code = "statement_changed"
