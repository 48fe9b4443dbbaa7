"""Pages about the service itself, the choice of appearance, and refusals as pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from apps.core.context import APPEARANCE_COOKIE, APPEARANCES
from apps.core.describing import document, guide, operation_groups
from apps.core.errors import DomainError, NotAllowed

YEAR = 365 * 24 * 3600
PAGES = ("how", "method", "accessibility", "privacy")

View = Callable[..., HttpResponse]


def shows_refusals(view: View) -> View:
    """Answer a refusal by a service with a page that says why, in the status it names."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            context = {
                "message": error.message,
                "page": error.page,
                "back": _page_before(request),
            }
            return render(request, "core/refused.html", context, status=error.status)

    return answered


def _page_before(request: HttpRequest) -> str:
    """Return the page of this site whose form was sent, "" where it is unknown."""
    sent_from = request.headers.get("Referer", "")
    hosts, is_secure = {request.get_host()}, request.is_secure()
    is_ours = url_has_allowed_host_and_scheme(sent_from, hosts, require_https=is_secure)
    # To ask for the very page that was refused again leads nowhere.
    if request.method != "POST" or not is_ours:
        return ""
    return urlsplit(sent_from)._replace(scheme="", netloc="").geturl()


def refusal_of(act: Callable[[], Any]) -> DomainError | None:
    """Do something a person asked for; return why it was refused, for the form to say it.

    raises  NotAllowed: whoever may not do it gets no form
    """
    try:
        act()
    except NotAllowed:
        raise
    except DomainError as refusal:
        return refusal
    return None


@require_safe
def about(request: HttpRequest, name: str) -> HttpResponse:
    if name not in PAGES:
        raise Http404
    return render(
        request,
        f"core/about/{name}.html",
        {"place": "about", "name": name, "days": settings.INVITED_ADDRESS_DAYS},
    )


@require_safe
def api_operations(request: HttpRequest) -> HttpResponse:
    context = {"place": "about", "groups": operation_groups()}
    return render(request, "core/api/operations.html", context)


@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "core/api/guide.html", {"place": "about", "guide": guide()})


class OpenApiDocument(SpectacularAPIView):
    """The document in the language and the format that are asked for."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        writer: Any = request.accepted_renderer
        kind = f"{writer.media_type}; charset={writer.charset}"
        return HttpResponse(
            document(get_language() or settings.LANGUAGE_CODE, writer.__class__),
            content_type=kind if writer.charset else writer.media_type,
            headers={"Content-Disposition": f'inline; filename="Plenary.{writer.format}"'},
        )


@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year and go back to where it was made."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("consultations:list")
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("appearance")
    if chosen in APPEARANCES:
        response.set_cookie(
            APPEARANCE_COOKIE,
            chosen,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
