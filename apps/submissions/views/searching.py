"""The search in everything that was said here, over all consultations a reader may see."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.filters import MOST_COUNTED, read_filters
from apps.submissions.listing import LISTED_ANYWHERE, shown_rows_of_many
from apps.submissions.models import Stance, Submission
from apps.submissions.snippets import suggested
from apps.submissions.views.reading import with_snippets

PAGE_SIZE = 50


@require_safe
@shows_refusals
def search(request: HttpRequest) -> HttpResponse:
    # Keys of questions and provisions mean something inside one consultation only.
    asked = read_filters(request.GET)
    filters = replace(asked, question="", provision="")
    after = request.GET.get("after", "")
    filed = Submission.objects.filed_where(request.user)
    rows: Any = filters.narrow(filed, ())
    page = paginate(rows, after=after, size=PAGE_SIZE, by="-submitted_at", drawn=LISTED_ANYWHERE)
    is_whole = not after and not page.next_cursor
    count = len(page.items) if is_whole else rows.values("pk")[: MOST_COUNTED + 1].count()
    organisation = Organisation.objects.listed().filter(slug=filters.organisation).first()
    context = {
        "place": "consultations",
        "rows": with_snippets(shown_rows_of_many(page.items), page.items, filters.words),
        "suggested": suggested(filed, filters.words) if filters.words and not page.items else "",
        "next_cursor": page.next_cursor,
        "is_first_page": not after,
        "count": min(count, MOST_COUNTED),
        "is_more": count > MOST_COUNTED,
        "filters": filters,
        "is_of_one": bool(asked.question or asked.provision),
        "organisation": organisation,
        "stances": Stance.choices,
        "groups": [
            {"group": group, "on": group in filters.groups} for group in StakeholderGroup.values
        ],
    }
    # The form stands on the page twice, folded for narrow screens: it is put together once.
    context["form"] = render_to_string("submissions/_filters_anywhere.html", context)
    return render(request, "submissions/search.html", context)
