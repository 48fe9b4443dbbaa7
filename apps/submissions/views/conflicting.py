"""Two people changed one place of a draft: both texts are shown, and either can be taken."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, QueryDict

from apps.consultations.models import Consultation
from apps.core.errors import DomainError
from apps.submissions import parts
from apps.submissions.drafting import Form
from apps.submissions.errors import ChangedElsewhere
from apps.submissions.models import Submission
from apps.submissions.services import leave_aside, set_aside_of
from apps.submissions.views import stepping
from apps.submissions.views.entries import Entry, kept, stored, stored_draft

TAKE, UNDECIDED = "take-", "undecided"
UNSEEN = "?"  # no digest: what a form begins from at a place nobody decided on yet


def texts_beside(
    request: HttpRequest, draft: Submission | None, form: Form, error: DomainError | None
) -> dict[str, Any]:
    """Return each place that two changed, and what a refused save held, with what it is about."""
    conflicts = error.conflicts if isinstance(error, ChangedElsewhere) else ()
    return {
        "conflicts": [(one, stepping.place_of(form, one.part)[0]) for one in conflicts],
        "set_aside": [
            (one, *stepping.place_of(form, one.part))
            for one in set_aside_of(draft, by=request.user)
        ],
    }


def with_stored(
    request: HttpRequest, consultation: Consultation, data: QueryDict, entry: Entry, *, act: str
) -> Entry:
    """Return the entry with what is stored at the place a button names; what it held is set aside.

    Other places that two changed stay undecided: nothing is replaced there by saving this one.
    """
    draft, part = stored_draft(request, consultation, entry), act.removeprefix(TAKE)
    if draft is None or entry.began is None:
        return entry
    leave_aside(draft, part, by=request.user)
    there = stored(request, consultation, entry.organisation, kind=entry.kind)
    began = _undecided(data, entry.began) | {part: (there.began or {}).get(part, "")}
    return replace(entry, content=parts.taken(entry.content, there.content, part), began=began)


def saved_by_itself(
    request: HttpRequest, consultation: Consultation, data: QueryDict, entry: Entry
) -> Entry:
    """Store what an open form holds, but decide nothing for its author: only buttons do that."""
    asked = replace(entry, began=entry.began and _undecided(data, entry.began))
    there = kept(request, consultation, data, asked, act="autosave")
    # What the form knows of the other text it goes on knowing: the next button decides.
    is_refused = isinstance(there.error, ChangedElsewhere)
    return replace(there, began=entry.began) if is_refused else there


def _undecided(data: QueryDict, began: Mapping[str, str]) -> dict[str, str]:
    """Return what a form began from, but nothing where nobody decided yet between two texts."""
    return {**began, **dict.fromkeys(data.getlist(UNDECIDED), UNSEEN)}
