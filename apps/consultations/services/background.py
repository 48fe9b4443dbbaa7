"""What to read before answering: background documents with what they say in short."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import BackgroundDocument, Consultation
from apps.consultations.services.details import address_problem
from apps.consultations.services.editing import (
    Problems,
    check_line,
    check_text,
    editable,
    refuse,
)

MOST_BACKGROUND = 50
LONGEST_SUMMARY = 2_000


@transaction.atomic
def add_background(
    consultation: Consultation, *, title: str, summary: str, url: str, by: Any
) -> BackgroundDocument:
    """Name a document to read before answering; raise NotAllowed, InvalidEntry."""
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    check_line(problems, "title", title, most=300, is_needed=True)
    check_text(problems, "summary", summary, most=LONGEST_SUMMARY, is_needed=True)
    if problem := address_problem(url.strip()):
        problems["url"].append(problem)
    if locked.background.count() >= MOST_BACKGROUND:
        told = _("There can be %(most)s background documents.") % {"most": MOST_BACKGROUND}
        problems["title"].append(told)
    refuse(problems)
    added = BackgroundDocument.objects.create(
        consultation=locked, title=title.strip(), summary=summary.strip(), url=url.strip()
    )
    audit.record("background.added", subject=locked.slug, actor=by, detail={"url": added.url})
    return added


@transaction.atomic
def remove_background(background: BackgroundDocument, *, by: Any) -> None:
    """Name a document no longer."""
    locked = editable(background.consultation, by)
    detail = {"url": background.url}
    locked.background.filter(pk=background.pk).delete()
    audit.record("background.removed", subject=locked.slug, actor=by, detail=detail)
