"""What keeps somebody from flagging, deciding or appealing."""

from apps.core.errors import DomainError


class NothingThere(DomainError):
    """The part that is flagged is not in the submission, or it was withdrawn."""

    code = "nothing_there"
    status = 404


class InvalidDecision(DomainError):
    """Something of what was entered must change."""

    code = "invalid_decision"
    status = 422


class DecidedAlready(DomainError):
    """Somebody decided it in the meantime."""

    code = "decided_already"


class OwnWords(DomainError):
    """Nobody decides about what they wrote or signed themselves."""

    code = "own_words"
    status = 403


class SameModerator(DomainError):
    """An appeal is decided by somebody else than who decided first."""

    code = "same_moderator"
    status = 403


class AppealClosed(DomainError):
    """There is nothing to appeal against, it was done before, or the time is over."""

    code = "appeal_closed"


class AppealWaits(DomainError):
    """Another moderator is to decide an appeal; nobody takes that from them."""

    code = "appeal_waits"


class TooManyReports(DomainError):
    """Too many reports came from one place within an hour."""

    code = "too_many_reports"
    status = 429
