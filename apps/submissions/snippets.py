"""Where a text says what was searched for, and what somebody may have meant to search for."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Left
from rapidfuzz import fuzz, process

from apps.core.display import display_text
from apps.submissions.models import Answer, AttachmentPage, Point, Submission
from apps.submissions.searching import (
    MOST_WORDS,
    NEWEST,
    aligned,
    expression_of,
    folded,
    needles_of,
    unfolded,
    unquoted,
)

AROUND = 150  # characters before and after the first word found
READ = 20_000  # characters of each text looked at
NEAR = 80  # per cent of likeness, as rapidfuzz counts it
MOST_PAGES = 200  # of files, among those on one page of a list
SHORTEST = 4  # letters: below, nearly every word is near another
WORD = re.compile(r"[^\W_]+")
Part = tuple[str, bool]


def snippets(submission_ids: Sequence[int], words: str) -> Mapping[int, list[Part]]:
    """Return of each submission a few words around those searched for.

    returns  by id, the parts of one excerpt: (text, whether it was searched for); a submission
             found by its name alone has none
    """
    needles = needles_of(words)
    found: dict[int, list[Part]] = {}
    if not needles:
        return found
    for read in (_texts, partial(_pages, words=words)):
        # Files are long: they are read for those alone whose own words do not say it.
        for submission_id, text in read([one for one in submission_ids if one not in found]):
            if submission_id not in found and (spans := spans_of(text, needles)):
                found[submission_id] = list(_parts(text, spans))
    return found


def spans_of(text: str, needles: Sequence[str]) -> list[tuple[int, int]]:
    """Return where folded words occur in a text, as offsets of the text, none overlapping."""
    plain, places = aligned(text)
    spans: list[tuple[int, int]] = []
    pattern = "|".join(map(_pattern, sorted(needles, key=len, reverse=True)))
    for match in re.finditer(pattern, plain):
        start, end = unfolded(match.span(), places)
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def suggested(rows: Any, words: str) -> str:
    """Return words that occur and resemble those that do not, "" where none is near.

    rows  submissions searched; the words of the newest ones are looked at, of none withdrawn
    """
    newest = rows.order_by("-submitted_at", "-id").values("pk")[:NEWEST]
    held = Submission._default_manager.filter(pk__in=newest, state=Submission.State.SUBMITTED)
    lines = held.values_list("vocabulary__words")
    counted = Counter(
        word for (line,) in lines.iterator() for word in set(WORD.findall(line or ""))
    )
    typed = unquoted(words).split()
    meant = {word: _meant(folded(word), counted) for word in typed}
    if not all(meant.values()) or all(folded(word) == meant[word] for word in typed):
        return ""
    return " ".join(
        word if folded(word) == meant[word] else _as_written(meant[word], held) for word in typed
    )


def _meant(word: str, counted: Counter[str]) -> str:
    if word in counted:
        return word
    if len(word) < SHORTEST:
        return ""
    near = process.extract(
        word,
        [other for other in counted if abs(len(other) - len(word)) <= 2],
        scorer=fuzz.ratio,
        score_cutoff=NEAR,
        limit=5,
    )
    # Of words as near as each other, the one more people wrote.
    best = max(near, key=lambda one: (round(one[1]), counted[one[0]]), default=None)
    return str(best[0]) if best else ""


def _as_written(word: str, held: Any) -> str:
    """Return a folded word with its marks, as a text writes it; two queries."""
    holding = held.filter(vocabulary__words__contains=word).values_list("pk", flat=True)[:1]
    for _pk, text in _texts(list(holding)):
        for start, end in spans_of(text, [word]):
            around = text[:start][-1:] + text[end : end + 1]
            if not any(map(str.isalnum, around)):
                return text[start:end].lower()
    return word


def _texts(submission_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the texts of submissions, answers first: one query."""
    if not submission_ids:
        return
    sources = [(Answer, "text"), *((Point, field) for field in Point.TEXT_FIELDS)]
    first, *others = (
        model._default_manager.filter(submission__in=submission_ids)
        .exclude(**{field: ""})
        .order_by()
        .values_list("submission_id", Left(field, READ), Value(place), "pk")
        for place, (model, field) in enumerate(sources)
    )
    for submission_id, text, _place, _pk in sorted(first.union(*others, all=True), key=_order):
        yield submission_id, text


def _pages(submission_ids: Sequence[int], *, words: str) -> Iterator[tuple[int, str]]:
    """Yield pages of files that hold one of the words, not all: there may be thousands."""
    if not submission_ids:
        return
    asked = map(expression_of, unquoted(words).split()[:MOST_WORDS])
    names_one = reduce(or_, (Q(text__regex=word) for word in asked))
    pages = AttachmentPage.objects.public().filter(
        names_one, attachment__submission__in=submission_ids
    )
    first_pages = pages.order_by("attachment", "number")[:MOST_PAGES]
    yield from first_pages.values_list("attachment__submission", Left("text", READ))


def _order(row: tuple[int, str, int, int]) -> tuple[int, int]:
    return row[2], row[3]


def _parts(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Part]:
    start, end = max(spans[0][0] - AROUND, 0), spans[0][1] + AROUND
    if start:
        # From a whole word on, where words are separated.
        space = text.find(" ", start, spans[0][0])
        start = space + 1 if space >= 0 else start
        yield "… ", False
    for first, last in spans:
        if last > end:
            break
        yield display_text(text[start:first]), False
        yield display_text(text[first:last]), True
        start = last
    rest = text[start:end]
    if end < len(text):
        rest = (rest.rpartition(" ")[0] or rest) + " …"
    yield display_text(rest), False


def _pattern(needle: str) -> str:
    word = re.escape(needle.strip())
    # A short word stands alone, as the search asks; where no spaces are written none do.
    return rf"(?<!\w){word}(?!\w)" if needle.startswith(" ") and needle.isascii() else word
