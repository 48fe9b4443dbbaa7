"""How files come in, no further than they may be large, and go out, to be saved and not shown."""

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import FileResponse, Http404, HttpRequest

CUT = "_upload_was_cut"


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
