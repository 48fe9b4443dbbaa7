"""Takes over into a draft what its owner said before; nothing of the draft is lost by it."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.consultations.models import Consultation, Question
from apps.submissions import reusing
from apps.submissions.drafting import Form
from apps.submissions.errors import IncompleteSubmission, InvalidContent, NotYours
from apps.submissions.inputs import DraftInput
from apps.submissions.models import DraftEdit, Submission
from apps.submissions.reusing import Fit
from apps.submissions.services.content import content_of
from apps.submissions.services.drafts import lock_draft, save_draft
from apps.submissions.services.keeping_back import as_revised

State = Submission.State


def reusable(person: Any, organisation: Organisation | None) -> QuerySet[Submission]:
    """Return what an organisation filed, or a person alone, that the person can still see."""
    visible = Consultation.objects.visible_to(person)
    filed = Submission.objects.in_capacity(person, organisation)
    return filed.filter(state=State.SUBMITTED, consultation__in=visible).newest_first()


def fitting(consultation: Consultation, earlier: Submission) -> tuple[list[Fit], DraftInput]:
    """Return what of an earlier submission fits into a consultation, and all it said."""
    said = as_revised(earlier)  # what moderators took out does not come back through a copy
    asked = Question.objects.filter(consultation=earlier.consultation_id)
    wordings = {f"question:{key}": text for key, text in asked.values_list("key", "text")}
    for point in earlier.points.select_related("provision"):
        provision = point.provision
        wordings[f"provision:{provision.key}"] = f"{provision.heading}\n{provision.text}"
    return reusing.fits(Form(consultation), said, wordings), said


@transaction.atomic
def reuse(
    draft: Submission, earlier: Submission, *, parts: Collection[str] | None = None, by: Any
) -> list[Fit]:
    """Copy parts of an earlier submission into a draft of the same owner; return what was copied.

    parts   names of `Fit.part`; None copies all that fits
    raises  NotYours, AlreadyFiled, PhaseClosed, InvalidContent where nothing was chosen or fits,
            IncompleteSubmission where the draft holds what could not be kept as content yet
    """
    locked = lock_draft(draft, by=by)
    if not reusable(by, locked.organisation).filter(pk=earlier.pk).exists():
        raise NotYours(_("This was filed by somebody else, or withdrawn."))
    edit = DraftEdit.objects.filter(draft=locked).first()
    if edit is not None and edit.typed:
        raise IncompleteSubmission(
            _("This draft holds something that cannot be kept as it is. Open it and save it first.")
        )
    found, said = fitting(locked.consultation, earlier)
    chosen = found if parts is None else reusing.among(found, parts)
    if not chosen:
        nothing = _("Choose what you want to use.") if found else _("Nothing of it fits here.")
        raise InvalidContent(nothing, fields={"parts": [nothing]})
    save_draft(locked, reusing.merged(content_of(locked), chosen, said), by=by)
    if edit is not None:
        edit.save(force_insert=True)  # the steps somebody chose stay chosen
    audit.record(
        "draft.reused",
        subject=locked.consultation.slug,
        actor=by,
        detail={"from": str(earlier.reference), "parts": len(chosen)},
    )
    return chosen
