"""The letters of two campaigns among the submissions of the benchmark of the ledger.

As a search for campaigns leaves them: a scan, its campaigns with their letters, the sentences of
what the letters say, and which of their points hold words of their senders' own.
"""

from typing import Any

CAMPAIGNS = ((1, 5), (2, 500))  # number; one submission in so many is a letter of it
BESIDE = 4  # one letter in so many has own words beside the campaign's, in its first point
APART = 10  # one letter in so many has a last point that is wholly its sender's own
BATCH = 1_000


def add_letters(consultation: Any) -> None:
    """Insert both campaigns; no submission is a letter of two."""
    from django.utils import timezone

    from apps.submissions.models import CampaignScan, Submission

    scan = CampaignScan.objects.create(consultation=consultation, cut_off_at=timezone.now())
    pks = list(Submission.objects.order_by("pk").values_list("pk", flat=True))
    for number, every in CAMPAIGNS:
        _campaign(scan, number, pks[number - 1 :: every])


def _campaign(scan: Any, number: int, letters: list[int]) -> None:
    from apps.submissions.models import Campaign, CampaignLetter, Point

    campaign = Campaign.objects.create(
        scan=scan,
        number=number,
        title=f"Dear minister, {number}",
        sample_id=letters[0],
        submissions=len(letters),
        letters=len(letters),
        sentences=[number * 1_000 + place for place in range(1, 5)],
    )
    CampaignLetter.objects.bulk_create(
        (
            CampaignLetter(campaign=campaign, submission_id=pk, similarity=1, own_share=0)
            for pk in letters
        ),
        batch_size=BATCH,
    )
    places = {pk: place for place, pk in enumerate(letters)}
    for first in range(0, len(letters), BATCH):
        some = letters[first : first + BATCH]
        points = list(Point.objects.filter(submission__in=some).defer("reason"))
        _read(campaign, [(one, places[one.submission_id]) for one in points])


def _read(campaign: Any, points: list[tuple[Any, int]]) -> None:
    """Insert the sentences of points, and which of these are their senders' own."""
    from apps.submissions.models import OwnWords, Passage

    passages, own = [], []
    for point, place in points:
        is_beside = point.number == 1 and place % BESIDE == 0
        is_apart = point.number == 4 and place % APART == 0
        if is_beside or is_apart:
            own.append(OwnWords(campaign=campaign, point=point, is_beside=is_beside))
        told = [] if is_apart else [campaign.sentences[point.number - 1]]
        told += [10_000_000 + point.pk] if is_beside or is_apart else []
        passages += [
            Passage(
                submission_id=point.submission_id,
                point=point,
                field="reason",
                start=40 * n,
                end=40 * n + 39,
                fingerprint=fingerprint,
            )
            for n, fingerprint in enumerate(told)
        ]
    Passage.objects.bulk_create(passages, batch_size=BATCH)
    OwnWords.objects.bulk_create(own, batch_size=BATCH)
