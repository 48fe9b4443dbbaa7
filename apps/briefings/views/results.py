"""The results of a consultation for everybody: pictures first, each with its table and data."""

from typing import Any

from csp.decorators import csp_replace
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from apps.briefings.content import BriefingContent
from apps.briefings.models import Briefing
from apps.briefings.renderers import briefing_context
from apps.briefings.renderers.slides import render_slides
from apps.briefings.results import agreements, tables_of
from apps.briefings.wording import in_active_language
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.sheets import csv_of

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
KEPT_SECONDS = 3_600
SHOWN = ("groups", "stances", "heard", "positions", "theme_lead", "is_coded")


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    briefing = _newest(request, consultation)
    context: dict[str, Any] = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "results",
        "briefing": briefing,
    }
    if briefing is not None:
        context |= _pictures(briefing)
    return render(request, "briefings/results.html", context)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]
@require_safe
def embedded(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who was heard and the positions, small enough for a page of somebody else."""
    consultation = visible_consultation(request, slug)
    if not consultation.is_published or (briefing := _newest(request, consultation)) is None:
        raise Http404
    context = {"consultation": consultation, "briefing": briefing, **_pictures(briefing)}
    return render(request, "briefings/embedded.html", context)


@require_safe
def table(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Answer with the data of a picture as CSV."""
    consultation = visible_consultation(request, slug)
    briefing = _newest(request, consultation)
    found = tables_of(_content(briefing)).get(name) if briefing else None
    if found is None:
        raise Http404
    answer = HttpResponse(csv_of(found.header, found.rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{name}.csv"'
    return answer


@require_safe
def slides(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the main pictures as slides; made once per version and kept for a while."""
    consultation = visible_consultation(request, slug)
    briefing = _newest(request, consultation)
    if briefing is None:
        raise Http404
    key = f"slides:{briefing.pk}:{briefing.content_hash}"
    made = cache.get_or_set(key, lambda: render_slides(_content(briefing)), KEPT_SECONDS)
    answer = HttpResponse(made, content_type=SLIDES)
    answer["Content-Disposition"] = f'attachment; filename="{slug}.pptx"'
    return answer


def _newest(request: HttpRequest, consultation: Consultation) -> Briefing | None:
    ready = Briefing.objects.visible_to(request.user).ready().filter(consultation=consultation)
    return ready.order_by("-version").first()


def _content(briefing: Briefing) -> BriefingContent:
    return BriefingContent.model_validate(briefing.content)


def _pictures(briefing: Briefing) -> dict[str, Any]:
    """Return what the pictures need, kept for a while: its hash names it."""
    key = f"results:{briefing.pk}:{briefing.content_hash}:{get_language()}"
    held: dict[str, Any] | None = cache.get(key) if briefing.content_hash else None
    if held is None:
        content = in_active_language(_content(briefing))
        shown = briefing_context(content, "r-")
        held = {name: shown[name] for name in SHOWN} | {
            "agreements": agreements(content),
            # The themes stand on their own page of the briefing, not on this one.
            "theme_rows": [{**row, "anchor": ""} for row in shown["theme_rows"]],
        }
        cache.set(key, held, KEPT_SECONDS)
    return held
