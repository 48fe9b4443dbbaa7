"""Files of a response: taken with the form they were sent with, and given to who may see them."""

from collections.abc import Sequence
from dataclasses import replace

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.consultations.models import Consultation
from apps.core.errors import DomainError
from apps.core.files import as_download, was_cut
from apps.submissions import storing
from apps.submissions.errors import FileRefused
from apps.submissions.inputs import DraftInput
from apps.submissions.models import Attachment, Submission
from apps.submissions.services import FileInput, attach, detach
from apps.submissions.views.entries import Entry, stored_draft

REMOVE = "detach-"
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
    request: HttpRequest, consultation: Consultation, entry: Entry, *, act: str
) -> Entry:
    """Attach what was sent to the stored draft, or remove one; return what to show."""
    sent = request.FILES.getlist("files")
    if was_cut(request):
        return replace(entry, error=_joined(entry.error, [TOO_LARGE_TOGETHER]))
    if not (sent or is_about_files(request, act, is_asked=True)):
        return entry
    draft = stored_draft(request, consultation, entry)
    if draft is None:
        return replace(entry, error=_joined(entry.error, [NOT_KEPT])) if sent else entry
    if act.startswith(REMOVE):
        entry = _removed(request, draft, entry, key=act.removeprefix(REMOVE))
    elif not sent:
        return replace(entry, error=_joined(entry.error, [NONE_CHOSEN]))
    refusals = [why for one in sent for why in _attached(request, draft, one)]
    kept = len(sent) - len(refusals)
    if refusals:
        return replace(entry, error=_joined(entry.error, refusals))
    if kept and act not in ("check", "next"):
        said = ngettext(
            "%(n)s file is attached. It is being read.",
            "%(n)s files are attached. They are being read.",
            kept,
        )
        return replace(entry, notice=said % {"n": kept})
    return entry


@require_safe
def download(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give the cleaned copy; before there is one, the file as it was sent to those who sent it."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), key=key)
    return as_download(
        storing.copy_for(attachment, request.user), attachment.name, attachment.media_type
    )


def files_shown(draft: Submission | None, content: DraftInput) -> list[Attachment]:
    """Return the files of a draft with what was typed about them."""
    notes = {note.key: note for note in content.attachments}
    files = list(draft.attachments.in_order()) if draft else []
    for file in files:
        if note := notes.get(file.key):
            file.title, file.kept_back = note.title, note.kept_back
    return files


def _attached(
    request: HttpRequest, draft: Submission, sent: UploadedFile
) -> Sequence[str | Promise]:
    """Attach one file; return why not, nothing where it was."""
    if sent.file is None:
        return [NONE_CHOSEN]
    try:
        attach(draft, FileInput(sent.name or "", sent.file), by=request.user)
    except DomainError as refusal:
        return [refusal.message]
    return []


def _removed(request: HttpRequest, draft: Submission, entry: Entry, *, key: str) -> Entry:
    file = draft.attachments.filter(key=key).select_related("submission").first()
    try:
        if file is not None:
            detach(file, by=request.user)
    except DomainError as refusal:
        return replace(entry, error=_joined(entry.error, [refusal.message]))
    return entry if entry.error else replace(entry, notice=REMOVED)


def _joined(error: DomainError | None, messages: Sequence[str | Promise]) -> DomainError:
    """Return an error that says what was wrong before, and what is wrong with files."""
    if error is None:
        return FileRefused(SOME_REFUSED, fields={"files": list(messages)})
    error.fields["files"] = [*error.fields.get("files", []), *messages]
    return error
