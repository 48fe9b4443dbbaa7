"""What is being typed is saved by itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.consultations.models import Phase
from apps.consultations.views.reading import visible_consultation
from apps.submissions.drafting import text_of_today
from apps.submissions.errors import ChangedElsewhere, InvalidContent
from apps.submissions.models import LONGEST_TEXT
from apps.submissions.views.conflicting import UNDECIDED, saved_by_itself
from apps.submissions.views.entries import typed


@require_POST
def autosave(request: HttpRequest, slug: str, kind: str = Phase.Kind.COMMENT) -> HttpResponse:
    """Save what is being typed; answer with a line that says so, whatever happens."""
    consultation = visible_consultation(request, slug)
    entry = typed(request, request.POST, kind=kind)
    if request.user.is_authenticated and entry.error is None:
        entry = saved_by_itself(request, consultation, request.POST, entry)
    context = {
        "entry": entry,
        "is_logged_out": not request.user.is_authenticated,
        "is_conflict": isinstance(entry.error, ChangedElsewhere) and bool(entry.error.conflicts),
        "is_undecided": UNDECIDED in request.POST,
        "is_unfinished": isinstance(entry.error, InvalidContent) and bool(entry.seen),
        "at": timezone.now(),
    }
    return render(request, "submissions/_saved.html", context)


@require_POST
def compare_wording(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how the wording being typed for one point differs from the text of its provision."""
    consultation = visible_consultation(request, slug)
    number = request.POST.get("compared", "")
    start = f"point-{number if number.isdecimal() else ''}-"
    key = request.POST.get(f"{start}provision", "")
    context = {
        "before": "" if "\0" in key else text_of_today(consultation, key),
        "after": request.POST.get(f"{start}proposed_text", "")[:LONGEST_TEXT],
    }
    return render(request, "submissions/_compare.html", context)
