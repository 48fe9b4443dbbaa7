"""Where people follow what they filed: all of it, and what became of the words of one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.briefings.following import counts_of, followed
from apps.briefings.models import Understanding
from apps.briefings.understanding import speaks_for
from apps.consultations.views.reading import visible_consultation
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.listing import name_of
from apps.submissions.models import Submission
from apps.submissions.sections import sections_below, sections_for_author
from apps.submissions.views.entries import respond_address

PAGE_SIZE = 30


@require_safe
@login_required
@shows_refusals
def mine(request: HttpRequest) -> HttpResponse:
    own = Submission.objects.belonging_to(request.user).select_related(
        "consultation", "organisation", "withheld_for"
    )
    page = paginate(own, after=request.GET.get("after", ""), size=PAGE_SIZE)
    used = counts_of(page.items)
    context = {
        "rows": [
            {
                "one": one,
                "used": used.get(one.pk, 0),
                "go_on": respond_address(one.consultation, one.owner) if one.is_draft else "",
            }
            for one in page.items
        ],
        "count": own.count(),
        "next_cursor": page.next_cursor,
        "is_first_page": "after" not in request.GET,
    }
    return render(request, "briefings/mine.html", context)


@require_safe
def words(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Show what became of the words of one submission; its author may say what was meant."""
    if "\0" in reference:
        raise Http404
    consultation = visible_consultation(request, slug)
    visible = Submission.objects.visible_to(request.user).of(consultation).on_record()
    submission = get_object_or_404(
        visible.exclude(state=Submission.State.WITHDRAWN), reference=reference
    )
    submission.consultation = consultation
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "submissions",
        "submission": submission,
        "who": name_of(submission.organisation_name, submission.group, submission.visibility),
        "followed": followed(submission, request.user),
        "is_own": speaks_for(request.user).filter(pk=submission.pk).exists(),
        "verdicts": Understanding.Verdict,
        "official": sections_below(submission, request.user),
        "told": sections_for_author(submission, request.user),
    }
    return render(request, "briefings/words.html", context)
