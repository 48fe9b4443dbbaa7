"""Finds the campaigns among what was filed and stores them; nothing is removed or weighed down."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Count, QuerySet
from numpy.typing import NDArray

from apps.analysis.campaigns import CampaignMap, find_campaigns
from apps.analysis.sentences import split_sentences
from apps.consultations.models import Consultation
from apps.submissions.models import (
    Campaign,
    CampaignLetter,
    CampaignScan,
    OwnWords,
    Passage,
    Submission,
)

SHORTEST_TITLE, LONGEST_TITLE = 40, 110
SHARED_BY = 5
CHUNK = 2_000

Spans = dict[int, list[tuple[int, int]]]  # by submission: fingerprint and length of each passage


@dataclass(frozen=True)
class FoundCampaigns:
    """Campaigns among submissions, not yet stored: one text per submission."""

    submission_ids: Sequence[int]
    texts: Sequence[str]
    found: CampaignMap


def find_in(
    submission_ids: Sequence[int],
    texts: Sequence[str],
    *,
    progress: Callable[[int, int, str], None],
) -> FoundCampaigns:
    """Search the texts, one per submission, for campaigns."""
    progress(0, len(texts), "campaigns")
    return FoundCampaigns(submission_ids, texts, find_campaigns(texts))


def store_scan(
    consultation: Consultation, campaigns: FoundCampaigns, *, cut_off_at: datetime
) -> CampaignScan:
    """Write the campaigns with their letters as a new scan."""
    scan = CampaignScan.objects.create(consultation=consultation, cut_off_at=cut_off_at)
    for number in range(len(campaigns.found.representatives)):
        members = np.flatnonzero(campaigns.found.labels == number)
        _store(scan, number, campaigns, members)
    return scan


def shared_sentences(passages: Spans) -> set[int]:
    """Return the fingerprints that at least five letters, or more than half of fewer, share."""
    seen = Counter(f for spans in passages.values() for f in {f for f, _ in spans if f})
    least = min(SHARED_BY, len(passages) // 2 + 1)
    return {fingerprint for fingerprint, n in seen.items() if n >= least}


def mostly_shared(submissions: QuerySet[Submission]) -> list[int]:
    """Return those that mostly consist of sentences which at least five of them share.

    Who takes answers from one kit, each other ones, copies no letter as a whole: a search for
    campaigns compares whole letters and finds none. Sentences too short to be told apart do not
    count. Two queries.
    """
    told = Passage.objects.filter(submission__in=submissions).exclude(fingerprint=0).order_by()
    holders = told.values("fingerprint").annotate(n=Count("submission", distinct=True))
    shared = set(holders.filter(n__gte=SHARED_BY).values_list("fingerprint", flat=True))
    if not shared:
        return []
    # Positive while sentences of its own outweigh those it shares.
    balance: Counter[int] = Counter()
    rows = told.values_list("submission_id", "fingerprint", "start", "end")
    for pk, fingerprint, start, end in rows.iterator(chunk_size=CHUNK):
        balance[pk] += start - end if fingerprint in shared else end - start
    return sorted(pk for pk, left in balance.items() if left < 0)


def own_share(spans: Sequence[tuple[int, int]], shared: set[int]) -> float:
    """Return the share of characters in sentences of the sender's own; short ones do not count."""
    total = sum(length for fingerprint, length in spans if fingerprint)
    own = sum(length for fingerprint, length in spans if fingerprint and fingerprint not in shared)
    return own / total if total else 0.0


def _store(
    scan: CampaignScan, number: int, campaigns: FoundCampaigns, members: NDArray[np.intp]
) -> None:
    found = campaigns.found
    ids = [campaigns.submission_ids[i] for i in members]
    passages = _passages(ids)
    shared = shared_sentences(passages)
    sample = int(found.representatives[number])
    campaign = Campaign.objects.create(
        scan=scan,
        number=number + 1,
        title=_title(campaigns.texts[sample]),
        sample_id=ids[list(members).index(sample)],
        submissions=len(ids),
        letters=sum(_weights(ids).values()),
        sentences=sorted(shared),
    )
    CampaignLetter.objects.bulk_create(
        (
            CampaignLetter(
                campaign=campaign,
                submission_id=pk,
                similarity=float(found.similarity[i]),
                own_share=own_share(passages[pk], shared),
            )
            for pk, i in zip(ids, members, strict=True)
        ),
        batch_size=CHUNK,
    )
    for run in _runs(ids):
        OwnWords.objects.bulk_create(_own_words(campaign, run, shared))


def _own_words(campaign: Campaign, ids: Sequence[int], shared: set[int]) -> Iterator[OwnWords]:
    """Yield the points and answers of letters with sentences that are not the campaign's."""
    said: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    told = Passage.objects.filter(submission__in=ids, page__isnull=True).exclude(fingerprint=0)
    for *place, fingerprint in told.values_list("point", "answer", "fingerprint"):
        said[place[0], place[1]].add(fingerprint)
    for (point_id, answer_id), sentences in said.items():
        if sentences - shared:
            yield OwnWords(
                campaign=campaign,
                point_id=point_id,
                answer_id=answer_id,
                is_beside=bool(sentences & shared),
            )


def _passages(ids: Sequence[int]) -> Spans:
    spans: Spans = defaultdict(list)
    for run in _runs(ids):
        rows = Passage.objects.filter(submission__in=run).order_by("submission_id", "id")
        for pk, fingerprint, start, end in rows.values_list(
            "submission_id", "fingerprint", "start", "end"
        ):
            spans[pk].append((fingerprint, end - start))
    return spans


def _weights(ids: Sequence[int]) -> Mapping[int, int]:
    weights: dict[int, int] = {}
    for run in _runs(ids):
        weights.update(Submission.objects.filter(pk__in=run).values_list("pk", "weight"))
    return weights


def _runs(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _title(text: str) -> str:
    """Return the first sentence that says something, a salutation left out, cut at a word."""
    sentences = [text[start:end] for start, end in split_sentences(text)]
    telling = [s for s in sentences if len(s) > SHORTEST_TITLE and not s.rstrip().endswith(",")]
    words = " ".join((telling or sentences or [text])[0].split())
    if len(words) <= LONGEST_TITLE:
        return words
    return words[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
