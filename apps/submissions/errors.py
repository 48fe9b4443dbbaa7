"""Refusals around submissions, each with a reason a person can act on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, NotAllowed

SEE_BOTH = _("Somebody else changed this, too. Compare both texts, then decide.")


class PhaseClosed(DomainError):
    """Nothing can be filed: the comment phase has not begun or is over."""

    code = "phase_closed"


class InvalidContent(DomainError):
    """Something that was entered cannot be kept as it is; `fields` names each place."""

    code = "invalid_content"
    status = 422


class IncompleteSubmission(DomainError):
    """Something that must be there is missing; `fields` names each place."""

    code = "incomplete_submission"
    status = 422


class FileRefused(DomainError):
    """A file is not one that can be taken; the message says what to do."""

    code = "file_refused"
    status = 422


class TooManyFiles(DomainError):
    """No further file can be attached."""

    code = "too_many_files"


class ImportUnderWay(DomainError):
    """The rows of the file are being taken in at this moment."""

    code = "import_under_way"


class FileGone(DomainError):
    """The file of an import is kept no longer."""

    code = "file_gone"


class AlreadyFiled(DomainError):
    """The draft was filed before, perhaps by pressing the button twice."""

    code = "already_filed"


class NotCurrent(DomainError):
    """The submission was withdrawn, or a newer version replaced it."""

    code = "not_current"


class AnotherDraft(DomainError):
    """A draft of something else is under way where there can be one only."""

    code = "another_draft"


class CampaignClosed(DomainError):
    """The organiser takes no more signatures."""

    code = "campaign_closed"


class LinkIsOver(DomainError):
    """The link of a mail was never given out, was replaced, or waited too long."""

    code = "link_is_over"
    status = 404


class TooManyTries(DomainError):
    """Too many signatures were asked for from one place; later it works again."""

    code = "too_many_tries"
    status = 429


class SignOffMissing(DomainError):
    """The organisation asks for a sign-off, and none stands over what would be filed."""

    code = "sign_off_missing"


@dataclass(frozen=True)
class Conflict:
    """A part of a response, see parts.py, that two people changed: what is stored, what was sent.

    field   where it stands in the form
    digest  of what is stored: a form that knows it replaces it knowingly
    """

    part: str
    field: str
    stored: str
    sent: str
    digest: str


class ChangedElsewhere(DomainError):
    """Somebody else changed the draft; saving would lose what they wrote.

    draft  the id of the draft, None where there is none any more
    held   what the refused form held that is stored nowhere else, in words by part
    """

    code = "changed_elsewhere"

    def __init__(
        self,
        message: str | Promise,
        *,
        conflicts: Sequence[Conflict] = (),
        draft: int | None = None,
        held: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, fields={one.field: [SEE_BOTH] for one in conflicts})
        self.conflicts = conflicts
        self.draft, self.held = draft, dict(held or {})


class ChangedMeanwhile(DomainError):
    """The draft is no longer what the person read before signing."""

    code = "changed_meanwhile"


class InvitationOver(DomainError):
    """The joint submission was filed or discarded, or the invitation was taken back."""

    code = "invitation_over"


class TooManyParties(DomainError):
    """No further organisation can be invited."""

    code = "too_many_parties"


class NotYours(NotAllowed):
    """The submission belongs to somebody else."""

    code = "not_yours"
