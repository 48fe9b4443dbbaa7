"""Makes the copy of a file that is published while pages of it are hidden.

Until it is there, and where the format has no pages that could be blank, the file is withheld.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable

from apps.analysis.files import confining
from apps.analysis.files.limits import Unfit
from apps.analysis.files.notices import Notice
from apps.jobs import services as jobs
from apps.submissions import storing
from apps.submissions.models import Attachment
from apps.submissions.stones import notices_of

BLANKING = "submissions.blank_pages"


def follow(attachments: Iterable[int]) -> None:
    """Take files back whose hidden pages changed; give those whole again that hide none.

    The caller changed `hidden_pages` in the same transaction: no copy with these pages outlasts it.
    """
    rows = Attachment.objects.select_for_update(of=("self",)).order_by("pk")
    for file in rows.filter(pk__in=set(attachments)):
        if not file.hidden_pages:
            _give_back(file)
            continue
        if file.whole:
            storing.forget([file.published])
        else:
            file.whole = file.published
        _publish(file, "")
        if file.kind == "PDF" and file.whole:
            # Each change of the pages is a job of its own; whoever reads newer pages wins.
            jobs.enqueue(
                BLANKING,
                key=f"blank:{file.pk}:{secrets.token_hex(8)}",
                payload={"attachment": file.pk},
            )


def make_copy(attachment_id: int) -> Callable[[], None] | None:
    """Make the copy with blank pages; return what publishes it, None where that cannot be made.

    A file that cannot be cut stays withheld. Safe to run twice: a copy for other pages than those
    that are hidden by then is thrown away.
    """
    file = Attachment.objects.filter(pk=attachment_id).select_related("submission").first()
    if file is None or not (file.hidden_pages and file.whole) or file.published:
        return None
    pages, source = list(file.hidden_pages), file.whole
    try:
        with storing.path_of(source).open("rb") as held, storing.writing() as (name, copy):
            confining.blank(held, _notices(file), copy)  # type: ignore[arg-type]
    except Unfit:
        return None
    return lambda: _write(attachment_id, name, pages=pages, source=source)


def _notices(file: Attachment) -> list[Notice]:
    """Return what the hidden pages say, those that say the same together."""
    told = notices_of(file)
    pages: dict[tuple[str, ...], list[int]] = {}
    for page in file.hidden_pages:
        pages.setdefault(tuple(told.get(page, ())), []).append(page)
    return list(pages.items())


def _write(attachment_id: int, name: str, *, pages: list[int], source: str) -> None:
    rows = Attachment.objects.select_for_update(of=("self",))
    file = rows.filter(pk=attachment_id).first()
    is_current = file is not None and file.hidden_pages == pages and file.whole == source
    if file is None or file.published or not is_current:
        storing.forget([name])
        return
    _publish(file, name)


def _give_back(file: Attachment) -> None:
    if file.whole:
        storing.forget([file.published])
        name, file.whole = file.whole, ""
        _publish(file, name)


def _publish(file: Attachment, name: str) -> None:
    file.published, file.published_size, file.published_sha256 = name, 0, ""
    if name:
        path = storing.path_of(name)
        file.published_size = path.stat().st_size
        with path.open("rb") as held:
            file.published_sha256 = hashlib.file_digest(held, "sha256").hexdigest()
    told = ("whole", "published", "published_size", "published_sha256")
    file.save(update_fields=list(told))
