"""Public pages of consultations: the list, the overview, a document provision by provision."""

from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from typing import Any

from django.db.models import Count, Prefetch, Window, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.markup import marked_html
from apps.consultations.models import (
    BackgroundDocument,
    Consultation,
    ConsultationQuerySet,
    Document,
    DocumentVersion,
    Notice,
    Phase,
    Provision,
    Question,
)
from apps.consultations.outlining import is_own_heading
from apps.consultations.sections import (
    Entry,
    Section,
    entries_of,
    margins_of,
    masthead_facts,
    sections_of,
)
from apps.consultations.standing import Standing, standing_of
from apps.consultations.translating import Reading
from apps.core.files import as_download
from apps.core.keyset import Page, paginate
from apps.core.views import shows_refusals

PAGE_SIZE = 20
MOST_RUNNING = 100
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Listed:
    """One consultation of the list with what the apps above say about it."""

    consultation: Consultation
    standing: Standing
    entries: list[Entry]


@cache
def _with_masthead() -> ConsultationQuerySet:
    """Composed once: putting a query together costs as much as answering it."""
    return Consultation.objects.with_masthead().annotate(**masthead_facts())


def visible_consultation(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation with what its masthead shows, or raise Http404."""
    return get_object_or_404(_with_masthead().visible_to(request.user), slug=slug)


def reading_of(request: HttpRequest, consultation: Consultation) -> Reading:
    """Return a consultation as read in the language of the page, in its own where that is asked."""
    return Reading(consultation, None if "original" in request.GET else get_language())


def search_words(request: HttpRequest) -> str:
    """Return the words searched for, cut to a length and without what no text can hold."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


@require_safe
@shows_refusals
def consultation_list(request: HttpRequest) -> HttpResponse:
    words, after = search_words(request), request.GET.get("after", "")
    found = Consultation.objects.visible_to(request.user)
    found = found.containing(words).select_related("host")
    running = [] if after else list(found.running()[:MOST_RUNNING])
    closed, closed_count = _closed_page(found, after=after)
    listed = _listed([*running, *closed.items])
    context = {
        "place": "consultations",
        "is_place_itself": True,
        "words": words,
        "open": [one for one in listed if one.standing.is_open],
        "soon": [one for one in listed if one.standing.state in ("soon", "draft")],
        "closed": [one for one in listed if one.standing.state == "closed"],
        "closed_count": closed_count,
        "next_cursor": closed.next_cursor,
        "is_first_page": not after,
        "found": len(running) + closed_count,
        "groups": StakeholderGroup.values,
        "picture": None if words or after else _picture(listed),
    }
    return render(request, "consultations/list.html", context)


def _closed_page(found: ConsultationQuerySet, *, after: str) -> tuple[Page[Any], int]:
    """Return a page of what is over and how many there are in all."""
    over = found.over()
    if after:
        return paginate(over, after=after, size=PAGE_SIZE), over.count()
    page = paginate(over.annotate(total=Window(Count("*"))), after="", size=PAGE_SIZE)
    return page, page.items[0].total if page.items else 0


def _listed(consultations: list[Consultation]) -> list[Listed]:
    prefetch_related_objects(consultations, Prefetch("phases", Phase.objects.order_by("opens_at")))
    entries = entries_of(consultations)
    return [Listed(one, standing_of(one), entries.get(one.pk, [])) for one in consultations]


def _picture(listed: list[Listed]) -> tuple[Consultation, Section] | None:
    """Return the first picture of who was heard, of an open consultation where there is one."""
    for one in sorted(listed, key=lambda each: not each.standing.is_open):
        for entry in one.entries:
            if entry.picture:
                return one.consultation, entry.picture
    return None


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    reading = reading_of(request, consultation)
    questions = list(Question.objects.asked().filter(consultation=consultation))
    if reading.is_offered:
        prefetch_related_objects(questions, "choices")
    reading.ask(questions)
    reading.introduce(consultation)
    context = {
        "place": "consultations",
        "reading": reading,
        "consultation": consultation,
        "tab": "overview",
        "standing": standing_of(consultation),
        "documents": _documents(consultation, reading),
        "questions": questions,
        "background": BackgroundDocument.objects.filter(consultation=consultation),
        "notices": Notice.objects.filter(consultation=consultation),
        "sections": sections_of("overview", consultation, request.user),
    }
    return render(request, "consultations/detail.html", context)


def _documents(consultation: Consultation, reading: Reading) -> list[dict[str, Any]]:
    """Return the documents, each with its latest version and how many provisions that has."""
    versions = (
        DocumentVersion.objects.filter(document__consultation=consultation)
        .select_related("document")
        .annotate(size=Count("provisions"))
        .order_by("document_id", "number")
    )
    latest = {version.document_id: version for version in versions}
    for version in latest.values():
        reading.head(version.document)
    return [{"document": version.document, "version": version} for version in latest.values()]


@require_safe
def background_file(request: HttpRequest, slug: str, background_id: int) -> HttpResponseBase:
    """Give a background document that is a file, as it was sent."""
    consultation = visible_consultation(request, slug)
    found = get_object_or_404(BackgroundDocument, pk=background_id, consultation=consultation)
    media_type = guess_type(found.file_name)[0] or "application/octet-stream"
    try:
        opened = found.file.open("rb") if found.file else None
    except FileNotFoundError:
        opened = None
    return as_download(opened, found.file_name, media_type)


@require_safe
def document(request: HttpRequest, slug: str, document_slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    published = Document.objects.published().filter(consultation=consultation)
    found = get_object_or_404(published, slug=document_slug)
    found.consultation = consultation
    versions = list(found.versions.order_by("-number"))
    version = _version(versions, request.GET.get("version", ""))
    provisions = list(version.provisions.order_by("position"))
    standing, margins = standing_of(consultation), margins_of(version)
    reading = reading_of(request, consultation)
    reading.head(found)
    context = {
        "place": "consultations",
        "reading": reading,
        "consultation": consultation,
        "tab": "document",
        "standing": standing,
        "document": found,
        "version": version,
        "versions": versions,
        "is_latest": version == versions[0],
        "takes_comments": version == versions[0] and standing.takes_comments,
        "has_margins": bool(margins),
        "provisions": _outline(provisions, margins, reading),
        "count": sum(1 for provision in provisions if provision.text),
        # How to read the margins is told where there is something to read in them.
        "sections": sections_of("document", consultation, request.user) if margins else [],
    }
    return render(request, "consultations/document.html", context)


def _version(versions: list[DocumentVersion], asked: str) -> DocumentVersion:
    """Return the version asked for, the latest where none is; raise Http404 for an unknown one."""
    for version in versions:
        if asked in ("", str(version.number)):
            return version
    raise Http404


def _outline(
    provisions: list[Provision], margins: dict[int, list[Section]], reading: Reading
) -> list[dict[str, Any]]:
    """Return the provisions with the level of their heading on the page and their margins."""
    top = min((provision.level for provision in provisions), default=1)
    rows = []
    for one in provisions:
        beside = margins.get(one.pk, [])
        text = reading.words(f"provision:{one.key}:text", one.text)
        one.heading = reading.words(f"provision:{one.key}:heading", one.heading)
        # What points are about are words of the original.
        spans = _spans(beside) if text == one.text else ()
        rows.append(
            {
                "provision": one,
                "html": marked_html(text, spans),
                "language": reading.original if text == one.text else reading.language,
                "is_part": not one.text,
                "is_headed": is_own_heading(one.heading, text),
                "is_top": one.level == top,
                "margins": beside,
            }
        )
    return rows


def _spans(sections: list[Section]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({span for section in sections for span in section.spans}))
