"""Drafts: begun once for a person or an organisation in a phase, saved, discarded."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.consultations.models import Consultation, Phase
from apps.core.errors import NotAllowed
from apps.submissions import storing
from apps.submissions.drafting import Form
from apps.submissions.errors import AlreadyFiled, InvalidContent, NotYours
from apps.submissions.inputs import DraftInput
from apps.submissions.models import DraftEdit, Submission
from apps.submissions.services.content import as_filed, open_phase, write_content
from apps.submissions.services.identifying import require_may_begin
from apps.submissions.services.sealing import void_changed

State = Submission.State


def state_of(draft: Submission) -> str:
    """Return what names the state of a draft: another one after each change."""
    return draft.updated_at.isoformat()


def start_draft(
    consultation: Consultation,
    *,
    author: Any,
    organisation: Organisation | None = None,
    group: str = "",
    kind: str = Phase.Kind.COMMENT,
    language: str = "",
) -> Submission:
    """Return the draft of a person or an organisation in the open phase, made on first use.

    kind      of the phase: one answers and makes points, or replies to those of others
    language  what it is written in where it is made now; "" for that of the consultation
    raises  PhaseClosed, InvalidContent without a stakeholder group, NotAllowed where the person
            may not draft for the organisation, IdentityNotAccepted
    """
    facts = {"group": group, "kind": kind, "language": language}
    draft, _is_new = started(consultation, author, organisation, **facts)
    return draft


@transaction.atomic
def started(
    consultation: Consultation,
    author: Any,
    organisation: Organisation | None,
    *,
    group: str,
    kind: str,
    language: str,
) -> tuple[Submission, bool]:
    """Return the draft, and whether it was made now."""
    if not author.has_perm("accounts.draft_for", organisation):
        raise NotAllowed(_("You are not a member of this organisation."))
    require_may_begin(consultation, author, organisation)
    owner = {"organisation": organisation} | ({} if organisation else {"author": author})
    begun = consultation.submissions.of_kind(kind).filter(state=State.DRAFT, **owner).first()
    phase = open_phase(consultation, kind=kind, begun_at=begun.created_at if begun else None)
    if begun is not None and begun.phase_id == phase.pk:
        return begun, False
    if organisation is None:
        _require_group(group)
    draft, created = Submission.objects.get_or_create(
        phase=phase,
        state=State.DRAFT,
        **owner,
        defaults={
            "consultation": consultation,
            "author": author,
            "organisation_name": organisation.name if organisation else "",
            "group": organisation.group if organisation else group,
            "language": language or consultation.language,
            "is_reply": phase.takes_replies,
        },
    )
    if created:
        audit.record("draft.started", subject=consultation.slug, actor=author)
    return draft, created


def _require_group(group: str) -> None:
    if group not in StakeholderGroup.values:
        choose = _("Choose the group you speak for.")
        raise InvalidContent(choose, fields={"group": [choose]})


@transaction.atomic
def save_draft(draft: Submission, content: DraftInput, *, by: Any) -> Submission:
    """Replace what a draft holds; an incomplete one is fine.

    raises  NotYours, AlreadyFiled, PhaseClosed, InvalidContent
    """
    return write_draft(lock_draft(draft, by=by), content, by=by)


@transaction.atomic
def write_draft(locked: Submission, content: DraftInput, *, by: Any) -> Submission:
    """Replace what a locked draft holds; raise PhaseClosed, InvalidContent."""
    open_phase(locked.consultation, kind=locked.kind, begun_at=locked.created_at)
    content = as_filed(content, locked.organisation)
    form = Form(locked.consultation, is_reply=locked.is_reply)
    form.check(content)
    for held in (locked.answers, locked.points, locked.replies):
        held.all().delete()
    write_content(locked, content, form, by=by)
    locked.title, locked.country = content.title, content.country
    for field in ("group", "language"):
        setattr(locked, field, getattr(content, field) or getattr(locked, field))
    locked.visibility = content.visibility
    locked.redactions = [asdict(one) for one in content.redactions]
    locked.save()
    DraftEdit.objects.filter(draft=locked).delete()
    void_changed(locked)
    return locked


@transaction.atomic
def discard_draft(draft: Submission, *, by: Any) -> None:
    """Delete a draft for good; raise NotYours, AlreadyFiled."""
    locked = lock_draft(draft, by=by)
    audit.record("draft.discarded", subject=locked.consultation.slug, actor=by)
    for file in locked.attachments.all():
        storing.forget([file.stored, file.published, file.whole])
    locked.delete()


def lock_draft(draft: Submission, *, by: Any) -> Submission:
    """Return the draft, locked and read anew; raise NotYours, AlreadyFiled."""
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not by.has_perm("accounts.draft_for", locked.organisation) or (
        locked.organisation is None and locked.author_id != by.pk
    ):
        raise NotYours(_("This draft belongs to somebody else."))
    if not locked.is_draft:
        raise AlreadyFiled(
            _("This was filed already, with the tracking number %(number)s.")
            % {"number": locked.reference}
        )
    return locked
