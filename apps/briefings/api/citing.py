"""Claims as plain values, each with what it rests on; three queries whatever their number.

One more for each briefing that quotes what its author took back since.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Substr
from django.urls import reverse

from apps.briefings.models import Briefing, Citation, Claim, Understanding
from apps.briefings.prose import fill_placeholders
from apps.briefings.redacting import published_words
from apps.core.endpoints import quoted
from apps.submissions.models import Point, Submission, page_part

COLUMNS = (
    "claim_id",
    "claim__briefing_id",
    "stance",
    "field",
    "start",
    "end",
    "sha256",
    "campaign__title",
    "submission__reference",
    "submission__group",
    "submission__consultation__slug",
    "answer__number",
    "answer__question__key",
    "point__number",
    "page__number",
    "page__attachment__number",
)


def claim_rows(claims: Sequence[Claim], *, root: str) -> list[dict[str, Any]]:
    """Return claims, fetched with briefing and consultation, with their citations in order."""
    citations = _citations([claim.pk for claim in claims], root)
    marks = _marks([claim.pk for claim in claims])
    return [
        {
            "number": claim.number,
            "section": claim.section,
            "kind": claim.kind,
            "theme": claim.theme.title if claim.theme else None,
            "text": _sentence(claim),
            "figures": [
                {"name": name, "value": figure["value"], "query": figure["query"]}
                for name, figure in claim.numbers.items()
            ],
            "consultation": claim.briefing.consultation.slug,
            "briefing": claim.briefing.version,
            "citations": citations[claim.pk],
            "understandings": marks[claim.pk],
            "page": f"{root}{_page_of(claim)}",
        }
        for claim in claims
    ]


def _sentence(claim: Claim) -> str:
    values = {name: figure["value"] for name, figure in claim.numbers.items()}
    return fill_placeholders(claim.text, values)


def _page_of(claim: Claim) -> str:
    briefing = claim.briefing
    slug = briefing.consultation.slug
    return reverse("briefings:claim", args=[slug, briefing.version, claim.number])


def _citations(claims: Iterable[int], root: str) -> dict[int, list[dict[str, Any]]]:
    rows = Citation.objects.filter(claim__in=claims).order_by("claim_id", "position", "id")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    in_api: dict[str, str] = {}
    content = cache(lambda pk: Briefing.objects.values_list("content", flat=True).get(pk=pk))
    for row in _with_quote(rows):
        if row["start"] is not None and len(row["quote"] or "") != row["end"] - row["start"]:
            # Its author took it back since: what was published stays, see `linking.is_gone`.
            place = (row["submission__reference"], _part(row), row["start"], row["end"])
            row["quote"] = published_words(content(row["claim__briefing_id"]), place)
        slug = row["submission__consultation__slug"]
        if slug not in in_api:
            in_api[slug] = root + reverse("api:submissions", args=[slug])
        found[row["claim_id"]].append(_citation(row, in_api[slug]))
    return found


def _marks(claims: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Understanding.objects.filter(
        claim__in=claims, submission__state=Submission.State.SUBMITTED
    )
    for mark in rows.select_related("submission").order_by("pk"):
        said = {"verdict": mark.verdict, "words": mark.words}
        found[mark.claim_id].append({"submission": mark.submission.reference, **said})
    return found


def _with_quote(citations: QuerySet[Citation]) -> QuerySet[Citation, dict[str, Any]]:
    """Let the database cut the quoted span: whole texts stay where they are."""
    texts = [When(field=name, then=F(f"point__{name}")) for name in Point.TEXT_FIELDS]
    texts.append(When(page__isnull=False, then=F("page__text")))
    text = Case(*texts, default=F("answer__text"), output_field=TextField())
    return citations.values(
        *COLUMNS,
        quote=Case(
            When(start__isnull=True, then=Value("")),
            default=Substr(text, F("start") + 1, F("end") - F("start")),
            output_field=TextField(),
        ),
    )


def _citation(row: dict[str, Any], in_api: str) -> dict[str, Any]:
    reference = row["submission__reference"]
    passage = None
    if row["start"] is not None:
        passage = {
            "part": _part(row),
            "start": row["start"],
            "end": row["end"],
            "text": row["quote"],
            "sha256": row["sha256"],
        }
    return {
        "submission": reference,
        "group": row["submission__group"],
        "stance": row["stance"],
        "campaign": row["campaign__title"],
        "passage": passage,
        "url": f"{in_api}{quoted(reference)}/",
    }


def _part(row: dict[str, Any]) -> str:
    if row["field"]:
        return f"point:{row['point__number']}:{row['field']}"
    if row["page__number"]:
        return page_part(row["page__attachment__number"], row["page__number"])
    suffix = f"#{row['answer__number']}" if row["answer__number"] > 1 else ""
    return f"answer:{row['answer__question__key']}{suffix}"
