"""Writes the files of a briefing and makes it public; a version never changes after that,

but for words that moderators hide: see `hiding`."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from apps.audit import services as audit
from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing, BriefingFile
from apps.briefings.renderers import (
    note_on_print,
    render_docx,
    render_html,
    render_json,
    render_pdf,
)
from apps.briefings.telling import tell_cited
from apps.notifications.models import Kind
from apps.notifications.services import announce

Format = BriefingFile.Format


def render(briefing: Briefing, file_format: str) -> tuple[bytes, str]:
    """Return the bytes of one format and a warning for the reader, empty where there is none."""
    content = BriefingContent.model_validate(briefing.content)
    if file_format == Format.PDF:
        pdf = render_pdf(content)
        return pdf.data, " ".join((*pdf.warnings, note_on_print(content))).strip()
    if file_format == Format.DOCX:
        return render_docx(content), note_on_print(content)
    renderers = {Format.HTML: render_html, Format.JSON: render_json}
    return renderers[Format(file_format)](content), ""


def write_file(briefing: Briefing, file_format: str) -> BriefingFile:
    """Render one format, write it to disk and record its checksum; safe to run twice.

    Where moderators hid words meanwhile it is rendered again: no file holds them.
    """
    while True:
        made = render(briefing, file_format)
        with transaction.atomic():
            now = Briefing.objects.select_for_update().values("content_hash").get(pk=briefing.pk)
            if now["content_hash"] == briefing.content_hash:
                return _store(briefing, file_format, *made)
        briefing.refresh_from_db(fields=["content", "content_hash"])


def _store(briefing: Briefing, file_format: str, data: bytes, warning: str) -> BriefingFile:
    name = f"{briefing.consultation.slug}-v{briefing.version}.{file_format}"
    # A folder for each content: what is deleted late is never what was written meanwhile.
    folder = Path(briefing.consultation.slug) / str(briefing.version)
    relative = folder / briefing.content_hash[:16] / name
    path = Path(settings.BRIEFINGS_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved into place: a reader never sees half a file.
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(data)
    part.replace(path)
    file, _created = BriefingFile.objects.update_or_create(
        briefing=briefing,
        format=file_format,
        defaults={
            "path": str(relative),
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "warning": warning,
        },
    )
    return file


@transaction.atomic
def make_ready(briefing: Briefing) -> None:
    """Mark a briefing ready, record what was published, and announce it."""
    locked = Briefing.objects.select_for_update().values("content_hash").get(pk=briefing.pk)
    briefing.content_hash = locked["content_hash"]
    briefing.state = Briefing.State.READY
    briefing.ready_at = timezone.now()
    briefing.save(update_fields=["state", "ready_at"])
    files = dict(briefing.files.values_list("format", "sha256"))
    audit.record(
        "briefing.published",
        subject=f"{briefing.consultation.slug}/{briefing.version}",
        actor=None,
        detail={"content": briefing.content_hash, "files": files},
    )
    if briefing.consultation.is_published:
        announce(
            [Kind.CONSULTATION.topic(briefing.consultation.slug)],
            title=gettext_noop("Briefing, version %(number)s: %(consultation)s"),
            values={
                "number": str(briefing.version),
                "consultation": briefing.consultation.title,
            },
            path=briefing.get_absolute_url(),
            at=briefing.ready_at,
        )
        tell_cited(briefing)
