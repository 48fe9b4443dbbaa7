"""What a signature is made over, and what an edit of the draft does to it."""

import hashlib
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.audit.canonical import canonical
from apps.submissions.errors import ChangedMeanwhile
from apps.submissions.inputs import DraftInput
from apps.submissions.models import JointParty, SignOff, Submission
from apps.submissions.services.content import content_of
from apps.submissions.telling import tell_party


def seal_of(draft: Submission, content: DraftInput | None = None) -> str:
    """Return SHA-256 (hex) over all that would be filed; a file never changes under its key.

    content  where it was read already
    """
    held: dict[str, Any] = asdict(content or content_of(draft))
    for one in (*held["points"], *held["replies"]):
        one["evidence"] = sorted(one["evidence"], key=lambda link: (link["url"], link["title"]))
    if not held["replies"]:
        del held["replies"]  # signatures from before there were replies still stand
    held |= {"consultation": draft.consultation.slug, "organisation": draft.speaker}
    return hashlib.sha256(canonical(held)).hexdigest()


def require_same(draft: Submission, seal: str) -> None:
    """Raise ChangedMeanwhile unless a draft, locked, holds what somebody read and wants to sign."""
    if seal_of(draft) != seal:
        raise ChangedMeanwhile(
            _("The draft was changed since you opened it. Read it again, then sign.")
        )


def void_changed(draft: Submission) -> None:
    """Void the signatures over other words than a locked draft holds now; parties get a mail."""
    if draft.organisation_id is None:
        return
    given = SignOff.objects.filter(draft=draft, signed_at__isnull=False, voided_at__isnull=True)
    joined = list(draft.parties.joined().select_related("organisation"))
    if not joined and not given.exists():
        return
    seal = seal_of(draft)
    voided = given.exclude(seal=seal).update(voided_at=timezone.now())
    for party in joined:
        if party.seal != seal:
            party.state, party.submission = JointParty.State.VOID, draft
            party.save(update_fields=["state"])
            tell_party(party, "void")
            voided += 1
    if voided:
        subject = draft.consultation.slug
        audit.record("draft.signatures_voided", subject=subject, detail={"number": voided})
