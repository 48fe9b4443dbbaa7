"""Pages of people without an account: confirm an address to respond, make it an account."""

from typing import Any

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.account.views import RequestLoginCodeView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.services import become_account, guest_for


class GuestForm(RequestLoginCodeForm):
    """Sends a code to any address; nobody learns whether it has an account."""

    _user: User | None

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if email and self._user is None:
            guest = guest_for(email)
            self._user = guest if guest.is_active else None
        return email


class Guest(RequestLoginCodeView):
    """Asks for an address; the code leads on to where somebody wanted to go.

    An address with an account logs in to it, with its second factor where it has one.
    """

    template_name = "accounts/guest.html"

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        """Let who mistyped an address, and waits for its code in vain, give another."""
        if stage.key == LoginByCodeStage.key:
            return None
        return super()._redirect_to_pending_stage(request, stage)

    def get_form_class(self) -> type[GuestForm]:
        return GuestForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "place": "login"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    if request.method == "POST":
        become_account(person)
        messages.success(
            request, _("You have an account now. Set a password or a passkey if you like.")
        )
        then = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            then, {request.get_host()}, require_https=request.is_secure()
        )
        return redirect(then if is_ours else "account_email")
    if not person.is_guest:
        return redirect("account_email")
    return render(request, "accounts/become.html")
