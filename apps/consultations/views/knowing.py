"""Where a host finds organisations that are known here, and invites them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.consultations.services import add_organisations, invite_organisations
from apps.consultations.services.inviting import told_of
from apps.consultations.views.workspace import edited_consultation, show
from apps.core.forms import whole_number
from apps.core.keyset import paginate
from apps.core.regions import Region
from apps.core.views import refusal_of, shows_refusals

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def known(request: HttpRequest, slug: str) -> HttpResponse:
    """List organisations by name, group and region; add those chosen, or invite them at once."""
    consultation = edited_consultation(request, slug)
    error = None
    if request.method == "POST":
        error = refusal_of(lambda: _act(request, consultation))
        if error is None:
            return redirect("consultations:stakeholders", slug)
    asked = {name: request.GET.get(name, "").strip() for name in ("words", "group", "region")}
    page = paginate(
        Organisation.objects.sought(**asked),
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
        by="id",
    )
    there = consultation.stakeholders.filter(organisation__in=page.items)
    context = {
        "consultation": consultation,
        "tab": "stakeholders",
        "asked": asked,
        "groups": StakeholderGroup.choices,
        "regions": Region.choices,
        "found": page.items,
        "there": set(there.values_list("organisation", flat=True)),
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
        "chosen": request.POST.getlist("organisations"),
        "message": request.POST.get("message", ""),
    }
    return show(request, "stakeholders_known", context, error=error)


def _act(request: HttpRequest, consultation: Consultation) -> None:
    numbers = [whole_number(one) for one in request.POST.getlist("organisations")]
    chosen = [one for one in numbers if one is not None]
    if request.POST.get("act") == "invite":
        message = request.POST.get("message", "")
        invited = invite_organisations(consultation, chosen, message=message, by=request.user)
        messages.success(request, told_of(invited))
        return
    n = len(add_organisations(consultation, chosen, by=request.user))
    told = ngettext("%(n)d is on the list now.", "%(n)d are on the list now.", n)
    messages.success(request, told % {"n": n})
