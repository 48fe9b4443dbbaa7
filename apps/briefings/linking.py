"""Addresses that lead from a claim to the exact words it rests on, on this site."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from apps.briefings.content import Citation as PrintedCitation
from apps.briefings.models import Citation
from apps.consultations.models import Consultation
from apps.submissions.marking import mark_query

Place = tuple[str, str, int | None, int | None]
AROUND = 240  # characters shown before and behind a quote


@dataclass(frozen=True)
class Quoted:
    """The exact words of a citation and what stands around them; `words` is "" without a span."""

    before: str = ""
    words: str = ""
    after: str = ""


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
    if citation.page is not None:
        return citation.page.part
    return citation.point.part(citation.field) if citation.point is not None else ""


def cited_place(citation: Citation) -> Place:
    """Return where the words of a citation stand: (reference, part, start, end)."""
    return str(citation.submission.reference), part_of(citation), citation.start, citation.end


def claim_pages(consultation: Consultation, version: int) -> Callable[[str], str]:
    """Return the function that gives the address of a claim's page, by its number."""
    return lambda number: reverse("briefings:claim", args=[consultation.slug, version, number])


def words_of(citation: Citation) -> str:
    """Return the exact words of a citation, "" where it cites the submission as a whole."""
    return quoted(citation).words


def is_gone(citation: Citation) -> bool:
    """Return whether the words of a citation stand nowhere any more.

    A revision that keeps something back takes the words of the version before it away (0071).
    Words that moderators hide leave as many characters.
    """
    start, end = citation.start, citation.end
    return start is not None and end is not None and len(words_of(citation)) != end - start


def quoted(citation: Citation) -> Quoted:
    """Return the exact words of a citation in their context, which is cut at whole words."""
    if citation.start is None or citation.end is None:
        return Quoted()
    source = citation.answer or citation.point or citation.page
    whole = str(getattr(source, citation.field or "text"))
    before, after = whole[: citation.start], whole[citation.end :]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + " …"
    return Quoted(before, whole[citation.start : citation.end], after)
