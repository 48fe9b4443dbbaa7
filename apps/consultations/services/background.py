"""What to read before answering: background documents with what they say in short."""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.analysis.files.limits import Unfit
from apps.analysis.files.recognising import clean_name, recognise
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
from apps.core.files import why_unfit

MOST_BACKGROUND = 50
LONGEST_SUMMARY = 2_000


@dataclass(frozen=True)
class BackgroundInput:
    """A document as typed: its address on the web, or a file that was sent with its name."""

    title: str
    summary: str
    url: str = ""
    file: IO[bytes] | None = None
    file_name: str = ""


@transaction.atomic
def add_background(
    consultation: Consultation, entered: BackgroundInput, *, by: Any
) -> BackgroundDocument:
    """Name a document to read before answering; raise NotAllowed, InvalidEntry."""
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    check_line(problems, "title", entered.title, most=300, is_needed=True)
    check_text(problems, "summary", entered.summary, most=LONGEST_SUMMARY, is_needed=True)
    name, url = clean_name(entered.file_name), entered.url.strip()
    _check_place(problems, entered, name, url)
    if locked.background.count() >= MOST_BACKGROUND:
        told = _("There can be %(most)s background documents.") % {"most": MOST_BACKGROUND}
        problems["title"].append(told)
    refuse(problems)
    added = BackgroundDocument(
        consultation=locked, title=entered.title.strip(), summary=entered.summary.strip(), url=url
    )
    if entered.file is not None:
        added.file, added.file_name = File(entered.file, name), name
        added.size = added.file.size
    added.save()
    audit.record("background.added", subject=locked.slug, actor=by, detail=_facts(added))
    return added


def _check_place(problems: Problems, entered: BackgroundInput, name: str, url: str) -> None:
    if url and (problem := address_problem(url)):
        problems["url"].append(problem)
    if bool(url) == bool(entered.file):
        problems["url"].append(_("Give an address on the web or choose a file, one of the two."))
    elif entered.file is not None:
        try:
            recognise(name, entered.file)  # type: ignore[arg-type]
        except Unfit as unfit:
            problems["file"].append(f"{name}: {why_unfit(unfit.code)}")


def _facts(background: BackgroundDocument) -> dict[str, Any]:
    return {"url": background.url, "file": background.file.name or ""}


@transaction.atomic
def remove_background(background: BackgroundDocument, *, by: Any) -> None:
    """Name a document no longer; its file goes with the last that names it."""
    locked = editable(background.consultation, by)
    locked.background.filter(pk=background.pk).delete()
    audit.record("background.removed", subject=locked.slug, actor=by, detail=_facts(background))
    file = background.file.name
    if file and not BackgroundDocument.objects.filter(file=file).exists():
        transaction.on_commit(partial(background.file.storage.delete, file))
