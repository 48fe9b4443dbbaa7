"""The page on which operations staff decide about names that look like another."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Organisation
from apps.accounts.services import decide_name
from apps.core.errors import DomainError
from apps.core.views import shows_refusals

SHOWN = 50


@require_safe
@login_required
def names(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@login_required
@shows_refusals
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    _require_staff(request)
    organisation = get_object_or_404(Organisation, slug=slug)
    typed = {name: request.POST.get(name, "") for name in ("outcome", "reason")}
    try:
        decide_name(organisation, **typed, by=request.user)
    except DomainError as error:
        if not error.fields:
            raise
        return _show(request, wrong=slug, error=error)
    return redirect("accounts:names")


def _require_staff(request: HttpRequest) -> None:
    if not getattr(request.user, "is_staff", False):
        raise Http404


def _show(
    request: HttpRequest, *, wrong: str = "", error: DomainError | None = None
) -> HttpResponse:
    _require_staff(request)
    held = Organisation.objects.held()
    context = {
        "held": held[:SHOWN],
        "count": held.count(),
        "wrong": wrong,
        "error": error,
        "typed": request.POST,
    }
    status = error.status if error else 200
    return render(request, "accounts/names.html", context, status=status)
