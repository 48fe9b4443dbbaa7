"""Where authors say whether a claim understood them."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.briefings.models import Briefing, Claim, Understanding
from apps.briefings.services import mark_claim, take_back_mark
from apps.briefings.understanding import cited_own, marks_of_claim
from apps.consultations.views.reading import visible_consultation
from apps.core.errors import DomainError
from apps.core.views import shows_refusals
from apps.submissions.models import Submission

KEPT = "kept-mark"


@require_POST
@login_required
@shows_refusals
def understanding(request: HttpRequest, slug: str, version: int, number: str) -> HttpResponse:
    """Keep what an author says of a claim; what lacks something is asked for again, as typed."""
    consultation = visible_consultation(request, slug)
    if "\0" in number:
        raise Http404
    claim = get_object_or_404(
        Claim.objects.filter(briefing__in=Briefing.objects.visible_to(request.user)),
        briefing__consultation=consultation,
        briefing__version=version,
        number=number,
    )
    own = cited_own(claim, request.user)
    submission = get_object_or_404(
        own, reference=request.POST.get("submission", "").replace("\0", "")
    )
    verdict, words = request.POST.get("verdict", ""), request.POST.get("words", "")
    page = reverse("briefings:claim", args=[slug, version, number])
    try:
        if request.POST.get("then") == "take-back":
            take_back_mark(claim, submission, by=request.user)
        else:
            mark_claim(claim, submission, verdict=verdict, words=words, by=request.user)
    except DomainError as error:
        if not error.fields:
            raise
        request.session[KEPT] = {
            "claim": claim.pk,
            "submission": submission.reference,
            "verdict": verdict,
            "words": words,
            "errors": {name: [str(m) for m in found] for name, found in error.fields.items()},
        }
    return redirect(f"{page}#understood")


def claim_marks(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """Return what a claim's page shows of its marks, and of the reader's own."""
    marks = marks_of_claim(claim)
    by_submission = {mark.submission_id: mark for mark in marks}
    kept = request.session.get(KEPT) if request.user.is_authenticated else None
    if kept and kept["claim"] == claim.pk:
        del request.session[KEPT]
    else:
        kept = None
    own = [
        _own(submission, by_submission.get(submission.pk), kept or {})
        for submission in cited_own(claim, request.user)
    ]
    return {"marks": marks, "own": own, "verdicts": Understanding.Verdict.choices}


def _own(
    submission: Submission, mark: Understanding | None, kept: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the form of one submission: what was typed and refused, else what was said before."""
    form: dict[str, Any] = {"submission": submission, "mark": mark}
    form |= {"errors": {}, "verdict": "", "words": ""}
    if kept.get("submission") == submission.reference:
        return form | {name: kept[name] for name in ("verdict", "words", "errors")}
    return form | ({"verdict": mark.verdict, "words": mark.words} if mark else {})
