"""Who works for a host: appointed, offered a role by mail, dismissed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.models import Host, HostRole, RoleOffer
from apps.consultations.rules import has_role
from apps.consultations.services import accept_offer, appoint, dismiss, end_offer, offer_of
from apps.consultations.views.confirming import Consequence, unconfirmed
from apps.consultations.views.workspace import show
from apps.core.errors import DomainError
from apps.core.views import refusal_of, shows_refusals

TAKE_AWAY = Consequence(
    gettext_lazy("Take this role away?"),
    gettext_lazy(
        "The person can no longer do this work here, from now on. An owner can give it back."
    ),
    gettext_lazy("Take it away"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def staff(request: HttpRequest, host_slug: str) -> HttpResponse:
    """Show who works for a host; let its owners appoint somebody."""
    host = _own_host(request, host_slug)
    typed = {"email": "", "role": HostRole.Role.EDITOR.value}
    error = None
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        error = refusal_of(lambda: _appoint(request, host, typed))
        if error is None:
            return redirect("consultations:staff", host_slug)
    return _show_staff(request, host, typed, error=error)


@require_POST
@login_required
@shows_refusals
def dismiss_staff(request: HttpRequest, host_slug: str, role_id: int) -> HttpResponse:
    """Take a role away, as an owner."""
    host = _own_host(request, host_slug)
    given = get_object_or_404(host.roles, pk=role_id)
    back = reverse("consultations:staff", args=[host_slug])
    about = f"{given.user.name or given.user.email} · {given.get_role_display()}"
    if has_role(request.user, host, HostRole.Role.OWNER) and (
        page := unconfirmed(request, TAKE_AWAY, about=about, back=back)
    ):
        return page
    error = refusal_of(lambda: dismiss(given, by=request.user))
    if error is not None:
        return _show_staff(request, host, {"email": "", "role": ""}, error=error)
    messages.success(request, _("The role was taken away."))
    is_out = not host.roles.filter(user=request.user.pk).exists()
    if is_out:
        return redirect("consultations:list")
    return redirect("consultations:staff", host_slug)


@require_POST
@login_required
@shows_refusals
def offer_withdrawn(request: HttpRequest, host_slug: str, offer_id: int) -> HttpResponse:
    """Take an offer back, as an owner."""
    host = _own_host(request, host_slug)
    end_offer(get_object_or_404(host.offers, pk=offer_id), by=request.user)
    messages.success(request, _("Taken back. The link in the mail opens nothing any more."))
    return redirect("consultations:staff", host_slug)


@require_http_methods(["GET", "HEAD", "POST"])
@shows_refusals
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is offered; only a button takes or refuses it, as programs open links of mails."""
    found = offer_of(token)
    if request.method == "POST" and request.POST.get("then") == "decline":
        end_offer(found)
        return render(request, "consultations/workspace/offer.html", {"is_declined": True})
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        accept_offer(token, by=request.user)
        messages.success(request, _("You work here now. Welcome."))
        return redirect("consultations:workspace")
    response = render(request, "consultations/workspace/offer.html", {"offer": found})
    response["Referrer-Policy"] = "same-origin"  # the address is a key
    return response


def _appoint(request: HttpRequest, host: Host, typed: dict[str, str]) -> None:
    given = appoint(host, **typed, by=request.user)
    if isinstance(given, RoleOffer):
        messages.success(
            request,
            _("Nobody here has this address yet, so we sent an invitation. It holds for 14 days."),
        )
    else:
        messages.success(request, _("The role was given."))


def _own_host(request: HttpRequest, host_slug: str) -> Host:
    own = Host.objects.filter(roles__user=request.user.pk).distinct()
    return get_object_or_404(own, slug=host_slug)


def _show_staff(
    request: HttpRequest, host: Host, typed: dict[str, str], *, error: DomainError | None
) -> HttpResponse:
    is_owner = has_role(request.user, host, HostRole.Role.OWNER)
    context = {
        "host": host,
        "seats": host.roles.select_related("user").order_by("user__email", "role"),
        "offers": host.offers.all() if is_owner else (),
        "roles": HostRole.Role.choices,
        "is_owner": is_owner,
        "typed": typed,
    }
    return show(request, "staff", context, error=error)
