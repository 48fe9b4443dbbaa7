"""What a refused save held is kept beside the draft until its author took it up or dropped it."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from apps.submissions.models import RefusedEdit, Submission


def set_aside(draft_id: int, held: Mapping[str, str], *, by: Any, form: str) -> None:
    """Keep words by part; what was kept of the same place before is replaced."""
    facts = {"form": form, "refused_at": timezone.now()}
    rows = [
        RefusedEdit(draft_id=draft_id, person=by, part=part, words=words, **facts)
        for part, words in held.items()
    ]
    RefusedEdit.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["draft", "person", "part"],
        update_fields=["words", *facts],
    )


def set_aside_of(draft: Submission | None, *, by: Any) -> list[RefusedEdit]:
    """Return what is kept for a person, the newest first."""
    if draft is None:
        return []
    return list(RefusedEdit.objects.filter(draft=draft, person=by).order_by("-refused_at", "-pk"))


def leave_aside(draft: Submission, part: str, *, by: Any) -> None:
    """Keep words of a place, whatever is saved: their author took the other text there."""
    RefusedEdit.objects.filter(draft=draft, person=by, part=part).update(form="")


def taken_up(draft: Submission, *, by: Any, form: str) -> None:
    """Forget what the form held that could be saved now."""
    if form:
        RefusedEdit.objects.filter(draft=draft, person=by, form=form).delete()


def drop_set_aside(pk: int, *, by: Any) -> None:
    """Forget one, as its author asked; one that is gone already is no fault."""
    RefusedEdit.objects.filter(pk=pk, person=by).delete()
