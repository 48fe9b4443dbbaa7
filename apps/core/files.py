"""How files come in, no further than they may be large, and go out, to be saved and not shown."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import FileResponse, Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CUT = "_upload_was_cut"
# By the code with which the analysis of files says what is wrong.
REFUSALS: Mapping[str, str | Promise] = {
    "extension": _("Attach a PDF, DOCX, ODT or TXT file. Save it as one of these first."),
    "picture": _(
        "Pictures of this kind cannot be taken. Save it as PDF, as JPEG, or as PNG without"
        " see-through parts."
    ),
    "empty": _("It is empty. Save it again, then attach it."),
    "too_large": _("It is larger than %(most)s MB. Split it, or make its pictures smaller.")
    % {"most": settings.FILE_UPLOAD_MOST_BYTES // 1024**2},
    "other_kind": _("It is not what its name says. Save it again in the program it comes from."),
    "two_kinds": _("It holds a second file. Save it again in the program it comes from."),
    "encrypted": _("It is protected with a password, or is an old Word file. Save it without."),
    "macros": _("It holds macros. Save it as a document without macros."),
    "bomb": _("It would unpack to far more than it says. Save it again as PDF."),
    "entities": _("It holds something that could harm its readers. Save it again as PDF."),
    "encoding": _("Its letters cannot be read. Save it as text in UTF-8."),
    "damaged": _("It is damaged or not complete. Save it again, then attach it."),
}


def why_unfit(code: str) -> str | Promise:
    """Return why a document cannot be taken, and what to do; an unknown code says it is damaged."""
    return REFUSALS.get(code, REFUSALS["damaged"])


def was_cut(request: HttpRequest) -> bool:
    """Return whether files of a request were left out because together they are too large."""
    return bool(getattr(request, CUT, False))


class BoundedUpload(TemporaryFileUploadHandler):
    """Keeps no more of a file than FILE_UPLOAD_MOST_BYTES; its size says how large it was.

    Of a request whose files together are larger than FILE_UPLOAD_MOST_BYTES_TOGETHER nothing more
    is kept: what was typed before them stays, and `was_cut` says that something is missing.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._here = self._together = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count a file."""
        super().new_file(*args, **kwargs)
        self._here = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write as much as may be; what is over is only counted."""
        self._here += len(raw_data)
        self._together += len(raw_data)
        if self._together > settings.FILE_UPLOAD_MOST_BYTES_TOGETHER:
            vars(self.request)[CUT] = True
            raise StopUpload(connection_reset=False)  # read to its end, so that the answer arrives
        if self._here <= settings.FILE_UPLOAD_MOST_BYTES + self.chunk_size:
            super().receive_data_chunk(raw_data, start)


def as_download(file: IO[bytes] | None, name: str, media_type: str) -> FileResponse:
    """Return a file that browsers save and never run; raise Http404 where there is none."""
    if file is None:
        raise Http404
    response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
