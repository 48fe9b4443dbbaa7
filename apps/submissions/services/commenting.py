"""Colleagues comment on a draft, and say when a comment is dealt with."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.texts import problems_of
from apps.submissions import steps
from apps.submissions.drafting import Form, unix_lines
from apps.submissions.errors import InvalidContent
from apps.submissions.models import DraftComment, Submission
from apps.submissions.services.drafts import lock_draft

LONGEST_COMMENT = 5_000


@transaction.atomic
def comment(draft: Submission, *, place: str, text: str, by: Any) -> DraftComment:
    """Leave a comment for the colleagues; the same words sent twice are one comment.

    place   key of a step, "" for the whole response
    raises  NotYours, AlreadyFiled, InvalidContent
    """
    locked = lock_draft(draft, by=by)
    text = unix_lines(text).strip()
    _require_fit(locked, place, text)
    made, is_new = DraftComment.objects.get_or_create(
        draft=locked, place=place, author=by, text=text, resolved_at=None
    )
    if is_new:
        audit.record("draft.commented", subject=locked.consultation.slug, actor=by)
    return made


@transaction.atomic
def resolve_comment(found: DraftComment, *, by: Any) -> DraftComment:
    """Mark a comment as dealt with; a second time changes nothing. raises NotYours, AlreadyFiled"""
    locked = lock_draft(found.draft, by=by)
    fresh = DraftComment.objects.get(pk=found.pk)
    if fresh.resolved_at is None:
        fresh.resolved_at, fresh.resolved_by = timezone.now(), by
        fresh.save(update_fields=["resolved_at", "resolved_by"])
        audit.record("draft.comment_resolved", subject=locked.consultation.slug, actor=by)
    return fresh


def _require_fit(draft: Submission, place: str, text: str) -> None:
    if draft.organisation_id is None:
        raise InvalidContent(_("Only a draft of an organisation takes comments of colleagues."))
    problems = list(problems_of(text, longest=LONGEST_COMMENT))
    if not text:
        problems = [_("Write the comment first.")]
    if place and place not in steps.names(Form(draft.consultation)):
        problems.append(_("There is no such place in this response."))
    if problems:
        raise InvalidContent(_("The comment is not kept yet."), fields={"comment": problems})
