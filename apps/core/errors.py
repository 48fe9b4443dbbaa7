"""Errors a person can act on: each has a stable code and a message in plain words."""

from collections.abc import Mapping

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal by a service; views show it as form errors, the API as an RFC 9457 problem.

    code     stable word for programs, e.g. "phase_closed"
    status   HTTP status of the answer
    message  what happened, why and what to do next
    fields   messages by the field they belong to, may be empty
    page     address where a person can go on instead, "" where there is none
    """

    code = "refused"
    status = 409
    page = ""

    def __init__(
        self,
        message: str | Promise,
        *,
        fields: Mapping[str, list[str | Promise]] | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.fields = dict(fields or {})

    @property
    def place(self) -> str:
        """Return the field whose message is all there is to say, "" where more is told."""
        told = [(field, str(one)) for field, messages in self.fields.items() for one in messages]
        return told[0][0] if len(told) == 1 and told[0][1] == str(self.message) else ""


class NotAllowed(DomainError):
    """The person may not do this; see the app's `rules.py` for who may."""

    code = "not_allowed"
    status = 403
