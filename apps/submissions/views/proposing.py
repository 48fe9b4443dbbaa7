"""Where the host takes over words that somebody proposed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.consultations.views.workspace import edited_consultation
from apps.core.views import shows_refusals
from apps.submissions.models import Point
from apps.submissions.services.proposing import take_proposal


@require_POST
@login_required
@shows_refusals
def take(request: HttpRequest, slug: str, reference: str, point_number: int) -> HttpResponse:
    """Put the proposed words of a point into the next version."""
    consultation = edited_consultation(request, slug)
    made = Point.objects.filter(submission__consultation=consultation)
    point = get_object_or_404(
        made.select_related("submission", "provision__version__document"),
        submission__reference=reference,
        number=point_number,
    )
    taken = take_proposal(point, by=request.user)
    messages.success(request, _("The words are in the next version, with credit. Mend them here."))
    document = point.provision.version.document
    return redirect("consultations:provision", slug, document.slug, taken.key)
