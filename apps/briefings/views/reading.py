"""What everybody may read: briefings, their claims, their index, their files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, IntegerField, Max, Prefetch, Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.briefings.content import BriefingContent, render_text
from apps.briefings.content import Citation as PrintedCitation
from apps.briefings.content import Claim as PrintedClaim
from apps.briefings.linking import (
    Quoted,
    citation_url,
    cited_place,
    claim_pages,
    is_gone,
    links_into,
    part_of,
    quoted,
)
from apps.briefings.models import Briefing, BriefingFile, Citation, Claim, CorpusItem
from apps.briefings.redacting import digest_of, published_words, removed_quotes
from apps.briefings.renderers import briefing_context
from apps.briefings.renderers.html import Marks
from apps.briefings.understanding import marks_beside
from apps.briefings.views.marking import claim_marks
from apps.briefings.wording import place_of
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.models import Submission

INDEX_PAGE = 100
KEPT_SECONDS = 3_600
REMAKING_SECONDS = 30
# A reader who wants a document finds it first.
FILE_ORDER = Case(
    *(When(format=name, then=Value(n)) for n, name in enumerate(("pdf", "docx", "html", "json"))),
    output_field=IntegerField(),
)


@require_safe
def briefing_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    briefings = (
        Briefing.objects.visible_to(request.user)
        .filter(consultation=consultation)
        .defer("content")
        .prefetch_related(Prefetch("files", BriefingFile.objects.order_by(FILE_ORDER)))
    )
    context = {"consultation": consultation, "tab": "briefings", "briefings": list(briefings)}
    return render(request, "briefings/list.html", context)


@require_safe
def briefing_detail(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    consultation, briefing = _briefing(request, slug, version)
    context: dict[str, Any] = {
        "consultation": consultation,
        "briefing": briefing,
        "tab": "briefings",
    }
    if briefing.state != Briefing.State.READY:
        return render(request, "briefings/building.html", context)
    context["newest"] = _newest_version(request, consultation)
    marks = marks_beside(briefing)
    context["contested"] = [n for n, said in marks.items() if "contested" in said.values()]
    context["files"] = list(briefing.files.order_by(FILE_ORDER))
    context["are_files_missing"] = len(context["files"]) < len(BriefingFile.Format.values)
    context["removed_quotes"] = removed_quotes(briefing)
    context["parts"] = _parts(consultation, briefing, marks)
    return render(request, "briefings/detail.html", context)


def _newest_version(request: HttpRequest, consultation: Consultation) -> int:
    ready = Briefing.objects.visible_to(request.user).ready().filter(consultation=consultation)
    return ready.aggregate(newest=Max("version"))["newest"]


def _parts(consultation: Consultation, briefing: Briefing, marks: Marks) -> dict[str, str]:
    """Return what is the same for every reader, kept for a while: its hash names it."""
    said = digest_of({number: dict(of_claim) for number, of_claim in marks.items()})
    key = f"briefing-page:{briefing.pk}:{briefing.content_hash}:{said}:{get_language()}"
    parts: dict[str, str] | None = cache.get(key) if briefing.content_hash else None
    if parts is None:
        content = BriefingContent.model_validate(briefing.content)
        context = briefing_context(
            content,
            "c-",
            link=links_into(consultation),
            claim_page=claim_pages(consultation, briefing.version),
            marks=marks,
        )
        context |= {"consultation": consultation, "briefing": briefing, "site_index": True}
        parts = {
            name: render_to_string(f"briefings/_page_{name}.html", context)
            for name in ("contents", "head", "body")
        }
        cache.set(key, parts, KEPT_SECONDS)
    return parts


@require_safe
def claim(request: HttpRequest, slug: str, version: int, number: str) -> HttpResponse:
    consultation, briefing = _briefing(request, slug, version)
    if "\0" in number:
        raise Http404
    found = get_object_or_404(
        Claim.objects.select_related("theme"), briefing=briefing, number=number
    )
    citations = found.citations.select_related(
        "submission", "answer__question", "point", "page__attachment", "campaign"
    ).order_by("position", "id")
    printed = PrintedClaim(
        id=found.number,
        origin="extractive",
        text=found.text,
        numbers=found.numbers,
        citations=tuple(PrintedCitation(ref=str(c.submission.reference)) for c in citations),
    )
    context = {
        "consultation": consultation,
        "briefing": briefing,
        "tab": "briefings",
        "claim": found,
        "anchor": f"claim-{briefing.claims.filter(position__lt=found.position).count()}",
        "sentence": render_text(printed),
        "citations": [
            {
                "row": c,
                "quoted": _quoted(c, briefing.content),
                "url": citation_url(consultation, c),
                "place": place_of(part_of(c)),
            }
            for c in citations
        ],
        **claim_marks(request, found),
    }
    return render(request, "briefings/claim.html", context)


def _quoted(citation: Citation, content: Mapping[str, Any]) -> Quoted:
    """Return the words with what stands around them, where that is still to be read."""
    if is_gone(citation):
        return Quoted(words=published_words(content, cited_place(citation)))
    found = quoted(citation)
    is_withdrawn = citation.submission.state == Submission.State.WITHDRAWN
    is_kept_back = citation.page is not None and bool(citation.page.attachment.kept_back)
    return Quoted(words=found.words) if is_withdrawn or is_kept_back else found


@require_safe
@shows_refusals
def index(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    consultation, briefing = _briefing(request, slug, version)
    items = CorpusItem.objects.filter(corpus=briefing.corpus).select_related("submission")
    page = paginate(items, after=request.GET.get("after", ""), size=INDEX_PAGE, by="submission_id")
    used: dict[int, list[str]] = {}
    claims = Claim.objects.filter(
        briefing=briefing, citations__submission__in=[item.submission_id for item in page.items]
    ).order_by("position")
    for pk, number in claims.values_list("citations__submission", "number"):
        if number not in used.setdefault(pk, []):
            used[pk].append(number)
    context = {
        "consultation": consultation,
        "briefing": briefing,
        "tab": "briefings",
        "page": page,
        "rows": [(item, used.get(item.submission_id, [])) for item in page.items],
        "total": items.count(),
    }
    return render(request, "briefings/index.html", context)


@require_safe
def download(
    request: HttpRequest, slug: str, version: int, file_format: str
) -> HttpResponse | FileResponse:
    consultation, briefing = _briefing(request, slug, version)
    if file_format not in BriefingFile.Format.values:
        raise Http404
    file = briefing.files.filter(format=file_format).first()
    if file is None and briefing.state != Briefing.State.READY:
        raise Http404
    if file is None:
        context = {"consultation": consultation, "briefing": briefing, "tab": "briefings"}
        answer = render(request, "briefings/remaking.html", context, status=503)
        answer["Retry-After"] = str(REMAKING_SECONDS)
        return answer
    root = Path(settings.BRIEFINGS_ROOT).resolve()
    path = (root / file.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def _briefing(request: HttpRequest, slug: str, version: int) -> tuple[Consultation, Briefing]:
    consultation = visible_consultation(request, slug)
    visible = Briefing.objects.visible_to(request.user).select_related("corpus").defer("content")
    return consultation, get_object_or_404(visible, consultation=consultation, version=version)
