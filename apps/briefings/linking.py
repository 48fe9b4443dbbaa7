"""Addresses that lead from a claim to the exact words it rests on, on this site."""

from collections.abc import Callable

from django.urls import reverse

from apps.briefings.content import Citation as PrintedCitation
from apps.briefings.models import Citation
from apps.consultations.models import Consultation
from apps.submissions.marking import mark_query


def words_url(consultation: Consultation, ref: str, span: tuple[str, int, int] | None) -> str:
    """Return the page of a submission with a span (part, start, end) highlighted."""
    page = reverse("submissions:detail", args=[consultation.slug, ref])
    return page if span is None else page + mark_query(*span)


def links_into(consultation: Consultation) -> Callable[[PrintedCitation], str]:
    """Return the function that gives the address of a printed citation."""

    def link(citation: PrintedCitation) -> str:
        passage = citation.passage
        span = (passage.part, passage.start, passage.end) if passage else None
        return words_url(consultation, citation.ref, span)

    return link


def citation_url(consultation: Consultation, citation: Citation) -> str:
    """Return the address of the words of a stored citation."""
    ref = str(citation.submission.reference)
    if citation.start is None or citation.end is None:
        return words_url(consultation, ref, None)
    return words_url(consultation, ref, (part_of(citation), citation.start, citation.end))


def part_of(citation: Citation) -> str:
    """Name the text a citation lies in, as the page of the submission does."""
    if citation.answer is not None:
        return citation.answer.part
    return citation.point.part(citation.field) if citation.point is not None else ""


def words_of(citation: Citation) -> str:
    """Return the exact words of a citation, "" where it cites the submission as a whole."""
    if citation.start is None or citation.end is None:
        return ""
    whole = (
        citation.answer.text
        if citation.answer is not None
        else getattr(citation.point, citation.field)
    )
    return str(whole[citation.start : citation.end])
