"""Submissions as plain values, without a model instance or a serializer per row."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Left
from django.urls import reverse

from apps.core.endpoints import quoted
from apps.submissions.api.serializers import SubmissionFactsSerializer
from apps.submissions.listing import shorten
from apps.submissions.models import Answer, Submission

EXCERPT = 240
COLUMNS = ("id", *SubmissionFactsSerializer.Meta.fields)

_first_text = Answer.objects.filter(submission=OuterRef("pk")).order_by("id")
# Composed once: putting a query together costs as much as answering it. The database cuts the
# excerpt; one character more says whether there is more to read.
FILED = Submission.objects.filed().values(
    *COLUMNS, excerpt=Subquery(_first_text.values(beginning=Left("text", EXCERPT + 1))[:1])
)

FILED_ANYWHERE = FILED.values(*COLUMNS, "excerpt", "consultation__slug")


def list_rows(page: Sequence[dict[str, Any]], *, slug: str, root: str) -> list[dict[str, Any]]:
    """Return the rows of a page with their addresses; `root` is "https://host"."""
    # One reverse per page: the reference is the only part that differs.
    in_api = root + reverse("api:submissions", args=[slug])
    on_page = root + reverse("submissions:list", args=[slug])
    for row in page:
        _dress(row, in_api=in_api, on_page=on_page)
    return list(page)


def rows_of_many(page: Sequence[dict[str, Any]], *, root: str) -> list[dict[str, Any]]:
    """Return the rows of a page of `FILED_ANYWHERE`, each with the slug of its consultation."""
    for row in page:
        slug = row["consultation"] = row.pop("consultation__slug")
        in_api = root + reverse("api:submissions", args=[slug])
        _dress(row, in_api=in_api, on_page=root + reverse("submissions:list", args=[slug]))
    return list(page)


def _dress(row: dict[str, Any], *, in_api: str, on_page: str) -> None:
    del row["id"]
    reference = quoted(row["reference"])
    row["url"] = f"{in_api}{reference}/"
    row["page"] = f"{on_page}{reference}/"
    is_withdrawn = row["state"] == Submission.State.WITHDRAWN
    row["excerpt"] = "" if is_withdrawn else shorten(row["excerpt"] or "", EXCERPT)
    row["title"] = "" if is_withdrawn else row["title"]
