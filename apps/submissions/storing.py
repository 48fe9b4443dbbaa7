"""Keeps attached and uploaded files under random names; a file is on the disk before its row is.

Whoever takes away the last row that names a file takes the file away too, after the transaction;
what a crash leaves behind is swept once a day.
"""

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.submissions.models import Attachment, ImportUpload

CHUNK = 256 * 1024
A_DAY = 24 * 3600


def folder() -> Path:
    """Return the folder of all attached files, made where it is missing."""
    place = Path(settings.MEDIA_ROOT) / "attachments"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def path_of(name: str) -> Path:
    """Return where a stored file lies."""
    return folder() / name[:2] / name


@contextmanager
def writing() -> Iterator[tuple[str, IO[bytes]]]:
    """Give a new name and a file to write; on leaving it is durable, after an error it is gone."""
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    try:
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            yield name, file
            file.flush()
            os.fsync(file.fileno())
        _settle(path.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def copy_for(attachment: Attachment, user: Any) -> IO[bytes] | None:
    """Open what a person gets of a file they may see; None where there is nothing to give.

    The published copy; before there is one, the file as it was sent, to who may draft with it.
    Of a file with hidden pages its author gets all of them, and who decides about them.
    """
    name = attachment.published
    if attachment.whole:
        name = attachment.whole if _may_see_whole(attachment, user) else name
    elif not name and _may_see_original(attachment, user):
        name = attachment.stored
    try:
        return path_of(name).open("rb") if name else None
    except FileNotFoundError:
        return None  # a copy took the place of the original at this very moment


def _may_see_whole(attachment: Attachment, user: Any) -> bool:
    held = attachment.submission
    if held is not None and user.has_perm("consultations.moderate", held.consultation):
        return True
    return _may_see_original(attachment, user)


def _may_see_original(attachment: Attachment, user: Any) -> bool:
    submission = attachment.submission
    if submission is None or submission.owner is None:
        owner = attachment.sender_id if submission is None else submission.author_id
        return owner is not None and owner == user.pk
    return bool(user.has_perm("accounts.draft_for", submission.owner))


def forget(names: Iterable[str]) -> None:
    """Delete files once the transaction is committed, those no row names any more."""
    for name in filter(None, names):
        transaction.on_commit(partial(_delete_unnamed, name))


def sweep() -> int:
    """Delete files that no row names and that are a day old; return how many.

    A row no submission named within the day goes first, and so does what was uploaded to be taken
    in and has waited or was done for `ImportUpload.KEPT`.
    """
    swept, old = 0, time.time() - A_DAY
    Attachment.objects.loose().filter(created_at__lt=timezone.now() - timedelta(days=1)).delete()
    ImportUpload.objects.outdated().update(stored="", table="", rejects="")
    for path in folder().glob("??/*"):
        if path.stat().st_mtime < old and not _is_named(path.name):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _delete_unnamed(name: str) -> None:
    if not _is_named(name):
        path_of(name).unlink(missing_ok=True)


def _is_named(name: str) -> bool:
    if Attachment.objects.filter(Q(stored=name) | Q(published=name) | Q(whole=name)).exists():
        return True
    return ImportUpload.objects.naming(name).exists()


def _settle(place: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
