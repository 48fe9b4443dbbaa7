"""Which points and answers are copies of others: the same words in letters of one campaign."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from apps.consultations.models import Consultation
from apps.responses.letters import Kind, Part, parts_like, parts_of
from apps.responses.models import AnsweredPart
from apps.submissions.models import (
    Answer,
    Campaign,
    CampaignLetter,
    CampaignScan,
    OwnWords,
    Passage,
    Point,
    Submission,
)

MOST_NAMED = 50  # texts to choose from
SCAN = "responses.copies"  # here for the web server, which need not load what searches
Named = tuple[str, str]


@dataclass(frozen=True)
class Alike:
    """What else stands in letters of the same campaign, by id.

    copies   say the same
    letters  of what holds sentences of the campaign and some of its sender's own: those that hold
             the campaign's alone. They are no copies of it, but their answer is also one to the
             letter in it
    beyond   of what holds the campaign's alone: those that hold it, and sentences of their own
    own      the fingerprints of the sentences of its sender's own, beside those of the campaign
    cut      the number of the campaign, where it has more letters than are looked at here; else ""
    """

    copies: Sequence[int] = ()
    letters: Sequence[int] = ()
    beyond: Sequence[int] = ()
    own: frozenset[int] = frozenset()
    cut: str = ""


@dataclass(frozen=True)
class Letters:
    """The letters something goes beyond: one of them, how many, and the response on them."""

    first: Any
    n: int
    response: int | None


class _Shared(NamedTuple):
    """What a campaign is called by, and the fingerprints of what its letters share."""

    number: str
    sentences: frozenset[int]


@dataclass(frozen=True)
class Along:
    """What is answered together with what is named: copies, and the letter in what goes beyond."""

    copies: Sequence[Named]
    letters: Sequence[Named]


def newest_search(consultation: Consultation) -> CampaignScan | None:
    """Return the search that tells copies, None where nobody looked yet."""
    return CampaignScan.objects.filter(consultation=consultation).order_by("-pk").first()


def search_key(consultation: Consultation, newest: CampaignScan | None) -> str:
    """Return what makes the next search one job, however often it is asked for.

    It names the last search: what ends stores the next one, and another may follow.
    """
    return f"copies:{consultation.pk}:{newest.pk if newest else 0}"


def newest_scan(consultation: Consultation) -> list[int]:
    """Return the id of the search that tells copies, in a list that is empty where there is none.

    Read apart: as part of a statement, databases would search it for every row.
    """
    scans = CampaignScan.objects.filter(consultation=consultation).order_by("-id")
    return list(scans.values_list("pk", flat=True)[:1])


def campaigns_of(consultation: Consultation) -> list[tuple[str, str]]:
    """Return number and title of the first texts with several senders of the newest search."""
    found = Campaign.objects.filter(scan__in=newest_scan(consultation)).order_by("number")
    named = found.values_list("number", "title")[:MOST_NAMED]
    return [(str(number), title[:90]) for number, title in named]


def own_words(scan: Sequence[int], field: str, *, is_beside: bool = True) -> Any:
    """Return the ids of points, or of answers, with words of their own in letters, as a query.

    is_beside  whether those beside sentences of a campaign, or those without any
    """
    there = OwnWords.objects.filter(campaign__scan__in=scan, is_beside=is_beside)
    return there.filter(**{f"{field}__isnull": False}).values(field)


def alike_to(consultation: Consultation, said: Sequence[Any]) -> dict[int, Alike]:
    """Return what is like points, or answers, by id: six queries, or two for none.

    The newest scan says which letters carry the text of one campaign. Of these, what stands at the
    same place with the same stance is a copy where it has no sentence of its sender's own; where
    its sentences are too short to tell, it must say the same. Where more copies may be left,
    `cut` says so.

    said  all points or all answers, with their submissions and places
    """
    campaigns = _campaigns(consultation, {one.submission_id for one in said})
    if not campaigns:
        return {}
    model, shared = type(said[0]), _shared(campaigns.values())
    here = parts_of(said, shared)
    there, is_cut = parts_like(said, shared)
    there |= here
    words = _words(model, there, {one.kind for one in here.values() if not one.is_letter})
    alike: dict[tuple[Kind, str | None], list[int]] = defaultdict(list)
    beyond: dict[Kind, list[int]] = defaultdict(list)
    for pk in sorted(there):
        kind = there[pk].kind
        if there[pk].is_letter or pk in words:
            alike[kind, words.get(pk)].append(pk)
        if there[pk].is_beside:
            beyond[kind].append(pk)
    own = _own_fingerprints(model, here, shared)
    return {
        pk: Alike(
            [other for other in alike[one.kind, words.get(pk)] if other != pk],
            alike.get((one.kind, None), []) if one.is_beside else [],
            beyond.get(one.kind, []) if one.is_letter else [],
            own.get(pk, frozenset()),
            shared[one.kind.campaign].number if is_cut else "",
        )
        for pk, one in here.items()
    }


def letters_beyond(model: Any, alike: Mapping[int, Alike]) -> dict[int, Letters]:
    """Return the letters points, or answers, go beyond: two queries, none where none does.

    The one that is shown is answered, if one is.
    """
    asked = {pk: one.letters for pk, one in alike.items() if one.letters}
    if not asked:
        return {}
    field = "point" if model is Point else "answer"
    letters = {pk for group in asked.values() for pk in group}
    there = AnsweredPart.objects.deciding().filter(**{f"{field}__in": letters})
    given = dict(there.values_list(field, "response"))
    first = {
        pk: next((one for one in group if one in given), group[0]) for pk, group in asked.items()
    }
    place = "provision" if model is Point else "question"
    rows = model.objects.select_related("submission__consultation", place).in_bulk(first.values())
    return {
        pk: Letters(rows[first[pk]], len(group), given.get(first[pk]))
        for pk, group in asked.items()
    }


def own_sentences(alike: Mapping[int, Alike], said: Sequence[Any]) -> dict[int, str]:
    """Return the sentences of the senders' own beside a letter, by id: a query, none for none."""
    beyond = {one.pk: one for one in said if alike.get(one.pk, Alike()).own}
    if not beyond:
        return {}
    field = "point" if isinstance(said[0], Point) else "answer"
    found: dict[int, list[str]] = defaultdict(list)
    rows = Passage.objects.filter(**{f"{field}__in": beyond}).order_by("pk")
    for pk, name, start, end, told in rows.values_list(
        field, "field", "start", "end", "fingerprint"
    ):
        if told in alike[pk].own:
            one = beyond[pk]
            texts = dict(one.texts()) if isinstance(one, Point) else {"": one.text}
            found[pk].append(texts.get(name, "")[start:end].strip())
    return {pk: " … ".join(filter(None, sentences)) for pk, sentences in found.items()}


def _campaigns(consultation: Consultation, submissions: set[int]) -> dict[int, int]:
    letters = CampaignLetter.objects.filter(
        submission__in=submissions, campaign__scan__in=newest_scan(consultation)
    )
    return dict(letters.values_list("submission", "campaign"))


def _shared(campaigns: Iterable[int]) -> dict[int, _Shared]:
    rows = Campaign.objects.filter(pk__in=campaigns).values_list("pk", "number", "sentences")
    return {pk: _Shared(str(number), frozenset(found)) for pk, number, found in rows}


def _words(model: Any, there: Mapping[int, Part], kinds: Container[Kind]) -> dict[int, str]:
    """Return what tells from others what is no campaign's, of some kinds, by id: one query."""
    asked = [pk for pk, one in there.items() if one.kind in kinds and not one.is_letter]
    found = {}
    for one in model.objects.filter(pk__in=asked) if asked else ():
        texts = [text for _field, text in one.texts()] if model is Point else [one.text]
        found[one.pk] = " ".join(" ".join(texts).casefold().split())
    return found


def _own_fingerprints(
    model: Any, here: Mapping[int, Part], shared: Mapping[int, _Shared]
) -> dict[int, frozenset[int]]:
    """Return the fingerprints of sentences beside the campaign's, by id: a query, none for none."""
    asked = [pk for pk, one in here.items() if one.is_beside]
    field = "point" if model is Point else "answer"
    told = Passage.objects.filter(**{f"{field}__in": asked}).exclude(fingerprint=0).order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for pk, fingerprint in told.values_list(field, "fingerprint") if asked else ():
        if fingerprint not in shared[here[pk].kind.campaign].sentences:
            found[pk].add(fingerprint)
    return {pk: frozenset(own) for pk, own in found.items()}


def named_along(consultation: Consultation, named: Iterable[Named]) -> Along:
    """Return the names of what is answered together with what is named.

    What was answered apart keeps its response: a copy follows while it is open, or while the same
    response stands on it as on what it copies. Where a letter is answered, so is the letter in
    what goes beyond it; the sentences beside it stay open.

    named  (reference of a submission, "point:2" or "answer:why")
    """
    asked = set(named)
    references = {reference for reference, _part in asked}
    there = Submission.objects.of(consultation).filter(reference__in=references)
    copies: dict[Named, None] = {}
    letters: dict[Named, None] = {}
    for model, place in ((Point, "provision"), (Answer, "question")):
        rows = _answered(model, place)
        said = [one for one in rows.filter(submission__in=there) if _name(one) in asked]
        alike = alike_to(consultation, said)
        ids = {pk for one in alike.values() for pk in (*one.copies, *one.beyond)}
        others = rows.in_bulk(ids) if ids else {}
        for one in said:
            found = alike.get(one.pk, Alike())
            follow = [pk for pk in found.copies if others[pk].stands in (None, one.stands)]
            copies.update((_name(others[pk]), None) for pk in follow)
            letters.update((_name(others[pk]), None) for pk in found.beyond)
    return Along(
        [name for name in copies if name not in asked],
        [name for name in letters if name not in asked and name not in copies],
    )


def _answered(model: Any, place: str) -> Any:
    """Return points or answers with the response that stands on each."""
    field = "point" if model is Point else "answer"
    here = AnsweredPart.objects.deciding().filter(**{field: OuterRef("pk")})
    rows = model.objects.select_related("submission", place).order_by("pk")
    return rows.annotate(stands=Subquery(here.values("response")[:1]))


def _name(one: Any) -> Named:
    part = one.name if isinstance(one, Point) else one.part
    return str(one.submission.reference), part
