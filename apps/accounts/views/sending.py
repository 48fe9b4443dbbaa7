"""What was sent in a session that was over: shown to its author, and sent on their word."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.middleware import SENT

SHORTEST = 12  # characters; what is shorter is a choice or a key, and says nothing by itself


@require_safe
@never_cache
@login_required
def sent(request: HttpRequest) -> HttpResponse:
    """Show what waits, in a form that sends it to where it was going."""
    waiting = request.session.get(SENT)
    if waiting is None:
        return redirect("consultations:list")
    sent = QueryDict(waiting["fields"])
    fields = [
        (name, value)
        for name, values in sent.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    context = {
        "to": waiting["to"],
        "has_files": waiting["has_files"],
        "fields": fields,
        "texts": [value for _name, value in fields if len(value) >= SHORTEST],
    }
    return render(request, "accounts/sent.html", context)
