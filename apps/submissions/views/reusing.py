"""Pages on which somebody takes over what they said before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.consultations.views.reading import visible_consultation
from apps.core.errors import DomainError
from apps.core.keyset import paginate
from apps.core.languages import language_written
from apps.core.templatetags.plain import day
from apps.core.views import shows_refusals
from apps.submissions.models import Submission
from apps.submissions.services import fitting, reusable, reuse, start_draft
from apps.submissions.views.entries import organisation_or_404, respond_address

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def reuse_earlier(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    organisation = organisation_or_404(request, request.GET.get("for", ""))
    own = reusable(request.user, organisation)
    asked = request.GET.get("earlier", "")
    if asked:
        pk = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
        earlier = get_object_or_404(own.select_related("consultation"), pk=pk)
        return _choose(request, consultation, organisation, earlier)
    shown = own.select_related("consultation")
    page = paginate(shown, after=request.GET.get("after", ""), size=PAGE_SIZE, by="-submitted_at")
    context = {
        "consultation": consultation,
        "tab": "respond",
        "organisation": organisation,
        "earlier": page.items,
        "next_cursor": page.next_cursor,
        "back": respond_address(consultation, organisation),
    }
    return render(request, "submissions/reuse.html", context)


def _choose(
    request: HttpRequest,
    consultation: Consultation,
    organisation: Organisation | None,
    earlier: Submission,
) -> HttpResponse:
    """Show what fits, and copy what was chosen."""
    error = None
    if request.method == "POST":
        try:
            group = organisation.group if organisation else earlier.group
            draft = start_draft(
                consultation,
                author=request.user,
                organisation=organisation,
                group=group,
                language=language_written(consultation.language),
            )
            used = reuse(draft, earlier, parts=request.POST.getlist("part"), by=request.user)
        except DomainError as refusal:
            error = refusal
        else:
            messages.success(request, _said(earlier, len(used)))
            return redirect(respond_address(consultation, organisation))
    found, said = fitting(consultation, earlier)
    context = {
        "consultation": consultation,
        "tab": "respond",
        "organisation": organisation,
        "one": earlier,
        "fits": found,
        "left": len(said.answers) + len(said.points) - len(found),
        "chosen": request.POST.getlist("part") if error else [fit.part for fit in found],
        "error": error,
        "back": respond_address(consultation, organisation),
    }
    status = error.status if error else 200
    return render(request, "submissions/reuse_choose.html", context, status=status)


def _said(earlier: Submission, used: int) -> str:
    taken = ngettext(
        "%(n)d part is taken over from your response of %(day)s, %(number)s.",
        "%(n)d parts are taken over from your response of %(day)s, %(number)s.",
        used,
    )
    told = taken % {"n": used, "day": day(earlier.submitted_at), "number": earlier.reference}
    return told + " " + _("Read them before you submit.")
