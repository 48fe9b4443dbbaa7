"""Files of a response: taken with the form they were sent with, and given to who may see them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.consultations.models import Consultation
from apps.core.errors import DomainError
from apps.core.files import as_download, was_cut
from apps.submissions.errors import FileRefused
from apps.submissions.inputs import DraftInput, PointInput
from apps.submissions.models import Attachment, Submission
from apps.submissions.services import FileInput, attach, detach, fetch_file
from apps.submissions.views.entries import Entry, kept, stored_draft, typed

REMOVE = "detach-"
UPLOAD = re.compile(r"point-(\d{1,3})-upload", re.ASCII)
NOT_KEPT = _(
    "The files were not attached. Say in what capacity you respond, then attach them again."
)
TOO_LARGE_TOGETHER = _("Together, the files are too large to send at once. Attach one at a time.")
SOME_REFUSED = _("Not every file could be attached.")
REMOVED = _("The file is removed.")
NONE_CHOSEN = _("Choose a file first.")


def is_about_files(request: HttpRequest, act: str, *, is_asked: bool = False) -> bool:
    """Return whether files came along; where that `is_asked`, whether the button is about them."""
    is_button = act == "attach" or act.startswith(REMOVE)
    return is_button or (bool(request.FILES) and not is_asked)


def with_files(
    request: HttpRequest, consultation: Consultation, data: QueryDict, entry: Entry, *, act: str
) -> tuple[QueryDict, Entry]:
    """Attach what was sent to the stored draft, or remove one; return the form and what to show.

    A file that was chosen in the fields of a point supports that point at once: the form that is
    returned names it there.
    """
    sent = _sent(request)
    if not (sent or was_cut(request) or is_about_files(request, act, is_asked=True)):
        return data, entry
    draft = stored_draft(request, consultation, entry)
    if why := _why_none(request, draft, sent, act):
        return data, _refused(entry, {"files": [why]})
    if draft is None:
        return data, entry
    if act.startswith(REMOVE):
        entry = _removed(request, draft, entry, key=act.removeprefix(REMOVE))
    tried = [(number, _attached(request, draft, one)) for number, one in sent]
    supports = [(n, one.key) for n, one in tried if n is not None and isinstance(one, Attachment)]
    if supports:
        data = _naming(data, supports, seen=entry.seen)
        # Still as the form was sent: what the first time stored of it is no change of others.
        entry = kept(request, consultation, data, typed(request, data, kind=entry.kind), act=act)
    refusals = [(number, one) for number, one in tried if not isinstance(one, Attachment)]
    if refusals:
        return data, _with_refusals(data, entry, refusals)
    return data, _said(entry, len(tried), act)


@require_safe
def download(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give the cleaned copy; before there is one, the file as it was sent to those who sent it."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), key=key)
    return as_download(
        fetch_file(attachment, by=request.user), attachment.name, attachment.media_type
    )


def files_shown(draft: Submission | None, content: DraftInput) -> list[Attachment]:
    """Return the files of a draft with what was typed about them."""
    notes = {note.key: note for note in content.attachments}
    files = list(draft.attachments.in_order()) if draft else []
    for file in files:
        if note := notes.get(file.key):
            file.title, file.kept_back = note.title, note.kept_back
    return files


def _why_none(
    request: HttpRequest,
    draft: Submission | None,
    sent: Sequence[tuple[int | None, UploadedFile]],
    act: str,
) -> str | Promise:
    """Return why no file can be attached, "" where nothing is in the way."""
    if was_cut(request):
        return TOO_LARGE_TOGETHER
    if draft is None:
        return NOT_KEPT if sent else ""
    return NONE_CHOSEN if act == "attach" and not sent else ""


def _said(entry: Entry, attached: int, act: str) -> Entry:
    """Return an entry that says how many files were attached, unless one goes on from it."""
    if not attached or act in ("check", "next"):
        return entry
    said = ngettext(
        "%(n)s file is attached. It is being read.",
        "%(n)s files are attached. They are being read.",
        attached,
    )
    return replace(entry, notice=said % {"n": attached})


def _sent(request: HttpRequest) -> list[tuple[int | None, UploadedFile]]:
    """Return the files that came along, each with the number of its point, None without one."""
    sent: list[tuple[int | None, UploadedFile]] = [
        (None, one) for one in request.FILES.getlist("files")
    ]
    for name in request.FILES:
        if found := UPLOAD.fullmatch(name):
            sent += [(int(found[1]), one) for one in request.FILES.getlist(name)]
    return sent


def _attached(
    request: HttpRequest, draft: Submission, sent: UploadedFile
) -> Attachment | str | Promise:
    """Attach one file; return it, or why not."""
    if sent.file is None:
        return NONE_CHOSEN
    try:
        return attach(draft, FileInput(sent.name or "", sent.file), by=request.user)
    except DomainError as refusal:
        return refusal.message


def _naming(data: QueryDict, supports: Sequence[tuple[int, str]], *, seen: str) -> QueryDict:
    """Return what was sent with points that name the files by number and key."""
    named = data.copy()
    named["seen"] = seen
    for number, key in supports:
        named.appendlist(f"point-{number}-file", key)
    return named


def _with_refusals(
    data: QueryDict, entry: Entry, refusals: Sequence[tuple[int | None, str | Promise]]
) -> Entry:
    """Say at the point, or where all files stand, why a file was not taken."""
    points, fields = list(entry.content.points), dict[str, list[str | Promise]]()
    for number, why in refusals:
        place = "files"
        if number is not None:
            at = min(number, len(points))
            if at == len(points):
                # Nothing but the file was entered for it.
                points.append(PointInput(data.get(f"point-{number}-provision", "")))
            place = f"points.{at}.files"
        fields.setdefault(place, []).append(why)
    return _refused(replace(entry, content=replace(entry.content, points=points)), fields)


def _removed(request: HttpRequest, draft: Submission, entry: Entry, *, key: str) -> Entry:
    file = draft.attachments.filter(key=key).select_related("submission").first()
    try:
        if file is not None:
            detach(file, by=request.user)
    except DomainError as refusal:
        return _refused(entry, {"files": [refusal.message]})
    return entry if entry.error else replace(entry, notice=REMOVED)


def _refused(entry: Entry, fields: Mapping[str, Sequence[str | Promise]]) -> Entry:
    """Return an entry that says what was wrong before, and what is wrong with files.

    Its notice keeps one on the page, wherever the error stands.
    """
    error = entry.error or FileRefused(SOME_REFUSED)
    for place, messages in fields.items():
        error.fields[place] = [*error.fields.get(place, []), *messages]
    return replace(entry, error=error, notice=SOME_REFUSED)
