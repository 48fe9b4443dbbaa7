"""What moderators hide in a submission is hidden in every briefing that quotes or lists it."""

import hashlib
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from apps.briefings import naming, redacting
from apps.briefings.linking import part_of, words_of
from apps.briefings.models import Briefing, Citation, Theme
from apps.briefings.reading import chunks
from apps.jobs import services as jobs
from apps.moderation.hiding import CAMPAIGN_TITLE, NAME, blocks
from apps.moderation.hooks import Removal
from apps.moderation.texts import texts_of
from apps.submissions.models import HIDDEN, Campaign, Submission

IN_LINE = "briefings.in_line"
AT_ONCE = 5  # versions that are changed while the moderator waits; the others are withheld first
LISTED = (NAME, CAMPAIGN_TITLE)  # what a version tells of a submission, and quotes nowhere


def hide(removals: Sequence[Removal]) -> None:
    """Take hidden words out of every version of every briefing; the rows hold blocks already.

    Called in the transaction that hides them: no version shows them once it is committed. Files are
    dropped and made again by a job. Very many versions are withheld until a job has changed them.
    """
    _follow(removals, lambda one: one.words)


def restore(removals: Sequence[Removal]) -> None:
    """Put words back that the rows hold again, in the transaction that puts them there."""
    _follow(removals, lambda one: blocks(one.words))


def take_name_off(submission: Submission) -> None:
    """Take the name of who never wrote a submission off every version that lists it."""
    _wait_for_building([submission.pk])
    listing = Briefing.objects.filter(corpus__items__submission=submission)
    _bring_in_line(set(listing.values_list("pk", flat=True)))


def refresh(citations: Sequence[Citation]) -> None:
    """Let citations say what stands in the rows; those of published versions are marked."""
    now = timezone.now()
    for one in citations:
        words = words_of(one)
        one.sha256 = hashlib.sha256(words.encode()).hexdigest()
        is_published = one.claim.briefing.state == Briefing.State.READY
        if HIDDEN not in words:
            one.hidden_at = None
        elif is_published:
            one.hidden_at = one.hidden_at or now
    Citation.objects.bulk_update(citations, ["sha256", "hidden_at"], batch_size=200)


def refresh_claims(briefing: Briefing, theme: Theme) -> None:
    """Refresh what the claims on one theme of a version in the making cite."""
    refresh(list(_spans().filter(claim__briefing=briefing, claim__theme=theme)))


def _follow(removals: Sequence[Removal], before: Callable[[Removal], str]) -> None:
    if not removals:
        return
    ids = sorted({one.submission_id for one in removals})
    _wait_for_building(ids)
    quoting = list(_overlapping(removals))
    refresh(quoting)
    scans = _retitle_campaigns(removals, before)
    touched = {one.claim.briefing_id for one in quoting}
    touched |= set(Briefing.objects.filter(corpus__scan__in=scans).values_list("pk", flat=True))
    touched |= naming.follow(ids, " ".join(one.words for one in removals))
    named = [one.submission_id for one in removals if one.part in LISTED]
    listing = Briefing.objects.filter(corpus__items__submission__in=named)
    touched |= set(listing.values_list("pk", flat=True)) if named else set()
    _bring_in_line(touched)


def _wait_for_building(submission_ids: Sequence[int]) -> None:
    """Let whoever stores claims or content of a version in the making wait, then read the rows."""
    consultations = Submission.objects.filter(pk__in=submission_ids).values("consultation")
    building = Briefing.objects.filter(consultation__in=consultations).exclude(
        state=Briefing.State.READY
    )
    list(building.select_for_update().values_list("pk", flat=True))


def _bring_in_line(briefing_ids: set[int]) -> None:
    """Change the newest versions now; withhold the others until a job has changed them."""
    newest_first = Briefing.objects.filter(pk__in=briefing_ids).order_by("-version", "-pk")
    ordered = list(newest_first.values_list("pk", flat=True))
    for pk in ordered[:AT_ONCE]:
        redacting.bring_in_line(pk)
    later = ordered[AT_ONCE:]
    redacting.drop_files(later)
    ready = Briefing.objects.ready().filter(pk__in=later)
    shown = set(ready.values_list("pk", flat=True))
    ready.update(state=Briefing.State.BUILDING)
    jobs.enqueue_all(
        IN_LINE,
        {
            f"briefing:{pk}:in-line:{uuid.uuid4()}": {"briefing": pk, "was_shown": pk in shown}
            for pk in later
        },
    )


def _overlapping(removals: Sequence[Removal]) -> Iterator[Citation]:
    """Yield the citations of which at least one character is among the words."""
    spans: dict[tuple[int, str], list[Removal]] = defaultdict(list)
    for one in removals:
        spans[one.submission_id, one.part].append(one)
    for run in chunks(sorted({pk for pk, _part in spans})):
        for citation in _spans().filter(submission__in=run):
            held = spans.get((citation.submission_id, part_of(citation)), ())
            start, end = citation.start or 0, citation.end or 0
            if any(one.start < end and start < one.end for one in held):
                yield citation


def _spans() -> QuerySet[Citation]:
    return (
        Citation.objects.filter(start__isnull=False)
        .select_related("answer__question", "point", "page__attachment", "claim__briefing")
        .defer("claim__briefing__content")
    )


def _retitle_campaigns(removals: Sequence[Removal], before: Callable[[Removal], str]) -> set[int]:
    """Cut the titles of campaigns anew from their specimens; return the scans they belong to.

    A title is a sentence of the specimen on one line, so it is found in the text as it was before.
    """
    samples = {one.submission_id for one in removals}
    campaigns = list(Campaign.objects.filter(sample__in=samples))
    if not campaigns:
        return set()
    held = Submission.objects.filter(pk__in={campaign.sample_id for campaign in campaigns})
    texts = {(one.pk, text.part): text.words for one in held for text in texts_of(one)}
    earlier = dict(texts)
    for one in removals:
        place = (one.submission_id, one.part)
        if place in texts:
            was = earlier[place]
            earlier[place] = was[: one.start] + before(one) + was[one.end :]
    changed = []
    for campaign in campaigns:
        for place, text in texts.items():
            title = _same_stretch(campaign.title, earlier[place], text)
            if place[0] == campaign.sample_id and title not in ("", campaign.title):
                campaign.title = title
                changed.append(campaign)
                break
    Campaign.objects.bulk_update(changed, ["title"])
    return {campaign.scan_id for campaign in changed}


def _same_stretch(title: str, earlier: str, now: str) -> str:
    """Return what stands now where a title stood, "" where it stood nowhere."""
    words = title.removesuffix("…").split()
    found = re.search(r"\s+".join(map(re.escape, words)), earlier) if words else None
    if found is None:
        return ""
    stretch = " ".join(now[found.start() : found.end()].split())
    return stretch + ("…" if title.endswith("…") else "")
