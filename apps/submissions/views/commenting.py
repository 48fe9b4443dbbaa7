"""Comments of colleagues on a draft: left and resolved with the form they stand beside."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from apps.consultations.models import Consultation
from apps.core.errors import DomainError
from apps.submissions import steps
from apps.submissions.errors import ChangedElsewhere
from apps.submissions.forms import ResponseForm
from apps.submissions.models import DraftComment, Submission
from apps.submissions.services import comment, resolve_comment
from apps.submissions.views.entries import Entry, respond_address, stored_draft

RESOLVE = "resolve-"


def is_about_comments(act: str) -> bool:
    """Return whether a button leaves or resolves a comment."""
    return act == "comment" or act.startswith(RESOLVE)


def with_comments(
    request: HttpRequest, consultation: Consultation, entry: Entry, *, act: str
) -> Entry:
    """Leave or resolve a comment on the stored draft; return what to show."""
    if not is_about_comments(act) or isinstance(entry.error, ChangedElsewhere):
        return entry
    draft = stored_draft(request, consultation, entry)
    if draft is None:
        return entry
    try:
        if act == "comment":
            comment(draft, place=entry.step, text=entry.comment, by=request.user)
            return replace(entry, comment="")
        if found := _named(request, draft, act.removeprefix(RESOLVE)):
            resolve_comment(found, by=request.user)
    except DomainError as refusal:
        return replace(entry, error=entry.error or refusal)
    return entry


def comments_on(
    draft: Submission | None, form: ResponseForm, *, is_open: bool
) -> Mapping[str, Any]:
    """Return the comments on what a page shows of a draft: on one step, or all of them."""
    if draft is None or draft.organisation is None:
        return {"comments": ()}
    names = steps.names(form.asked)
    found = DraftComment.objects.filter(draft=draft).in_order()
    shown: list[dict[str, Any]] = [
        {
            "comment": one,
            "place": names.get(one.place, ""),
            "address": respond_address(
                draft.consultation, draft.organisation, step=one.place, kind=draft.kind
            ),
        }
        for one in (found.filter(place=form.step) if form.step else found)
    ]
    return {
        "comments": shown,
        "unresolved": [one for one in shown if one["comment"].resolved_at is None],
        "takes_comments": is_open,
    }


def _named(request: HttpRequest, draft: Submission, number: str) -> DraftComment | None:
    if not number.isdecimal() or len(number) > 18:
        return None
    mine = DraftComment.objects.visible_to(request.user).select_related("draft")
    return mine.filter(draft=draft, pk=int(number)).first()
