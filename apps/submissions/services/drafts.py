"""Drafts: begun once for a person or an organisation in a phase, saved, discarded."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.consultations.models import Consultation, Phase
from apps.core.errors import NotAllowed
from apps.submissions import storing
from apps.submissions.drafting import Form
from apps.submissions.errors import AlreadyFiled, ChangedElsewhere, InvalidContent, NotYours
from apps.submissions.inputs import DraftInput
from apps.submissions.models import DraftEdit, Submission
from apps.submissions.services.content import as_filed, open_phase, write_content
from apps.submissions.services.identifying import require_may_begin
from apps.submissions.services.sealing import void_changed

State = Submission.State
CHANGED_ELSEWHERE = _(
    "The stored draft was changed after you opened it, by you in another window or by a colleague."
    " Nothing was saved. Save again to replace it with what stands here."
)


@dataclass(frozen=True)
class EditInput:
    """Where content comes from: `form` names one open form, `typed` is all that stands in it.

    concerns  keys of the steps somebody chose to answer
    seen      the state of the draft that the form began from, "" where there was none; None
              replaces whatever is stored
    is_sent   with a button, so that another page follows; else the open form saved by itself
    language  what a draft begun with it is written in; "" for that of the consultation
    """

    form: str
    typed: str
    concerns: Sequence[str] = ()
    seen: str | None = None
    is_sent: bool = True
    language: str = ""


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
    draft, _is_new = _started(consultation, author, organisation, **facts)
    return draft


@transaction.atomic
def _started(
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
    locked = lock_draft(draft, by=by)
    open_phase(locked.consultation, kind=locked.kind, begun_at=locked.created_at)
    content = as_filed(content, locked.organisation)
    form = Form(locked.consultation, is_reply=locked.is_reply)
    form.check(content)
    for held in (locked.answers, locked.points, locked.replies):
        held.all().delete()
    write_content(locked, content, form, by=by)
    for field in ("group", "title", "language", "country"):
        setattr(locked, field, getattr(content, field) or getattr(locked, field))
    locked.visibility = content.visibility
    locked.redactions = [asdict(one) for one in content.redactions]
    locked.save()
    DraftEdit.objects.filter(draft=locked).delete()
    void_changed(locked)
    return locked


@transaction.atomic
def keep_draft(
    consultation: Consultation,
    content: DraftInput,
    *,
    edit: EditInput,
    by: Any,
    organisation: Organisation | None = None,
    kind: str = Phase.Kind.COMMENT,
) -> tuple[Submission, InvalidContent | None]:
    """Save what stands in a form as the draft of the open phase, whatever was typed.

    Where the content cannot be kept as it is, the form is kept beside the draft, and what is wrong
    with it is returned: nothing typed is lost, and nothing wrong is stored as content.

    raises  PhaseClosed, InvalidContent without a stakeholder group, NotAllowed, NotYours,
            ChangedElsewhere
    """
    facts = {"group": content.group, "kind": kind, "language": edit.language}
    draft, is_new = _started(consultation, by, organisation, **facts)
    if edit.seen is not None:
        _require_unchanged(lock_draft(draft, by=by), edit, is_new=is_new)
    problem, typed = None, ""
    try:
        draft = save_draft(draft, content, by=by)
    except InvalidContent as error:
        problem, typed = error, edit.typed
        draft.save(update_fields=["updated_at"])
    DraftEdit.objects.update_or_create(
        draft=draft,
        defaults={
            "form": edit.form,
            "typed": typed,
            "concerns": list(edit.concerns),
            "is_sent": edit.is_sent,
            "saved_at": timezone.now(),
        },
    )
    return draft, problem


def _require_unchanged(draft: Submission, edit: EditInput, *, is_new: bool) -> None:
    if is_new:
        # A draft that was filed or discarded does not come back by itself.
        is_ours = edit.is_sent or not edit.seen
    elif state_of(draft) == edit.seen:
        is_ours = True
    else:
        # What the same open form stored is no change of somebody else. But what it saves by itself
        # after it was sent was on its way before that, and is older than what was sent.
        last = DraftEdit.objects.filter(draft=draft, form=edit.form).exclude(form="").first()
        is_ours = last is not None and (edit.is_sent or not last.is_sent)
    if not is_ours:
        raise ChangedElsewhere(CHANGED_ELSEWHERE)


@transaction.atomic
def discard_draft(draft: Submission, *, by: Any) -> None:
    """Delete a draft for good; raise NotYours, AlreadyFiled."""
    locked = lock_draft(draft, by=by)
    audit.record("draft.discarded", subject=locked.consultation.slug, actor=by)
    for file in locked.attachments.all():
        storing.forget([file.stored, file.published])
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
