"""What became of the words of one submission: passage by passage, the claims that use them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from apps.briefings.linking import part_of
from apps.briefings.models import Briefing, Citation, Claim, CorpusItem, Understanding
from apps.briefings.prose import fill_placeholders
from apps.submissions.models import AttachmentPage, Passage, Submission


@dataclass(frozen=True)
class Use:
    """A claim that quotes a passage, and what the author said of it."""

    claim: Claim
    sentence: str
    mark: Understanding | None


@dataclass
class FollowedPassage:
    """A sentence-sized span with the claims whose quotes overlap it."""

    part: str
    start: int
    end: int
    words: str
    uses: list[Use] = field(default_factory=list)


@dataclass
class FollowedPart:
    """One text of a submission: what it answers or is about, and its passages in order."""

    part: str
    title: str
    passages: list[FollowedPassage]

    @property
    def used(self) -> int:
        """How many of its passages a claim uses."""
        return sum(bool(passage.uses) for passage in self.passages)


@dataclass(frozen=True)
class Followed:
    """Everything about one submission and the newest briefing a reader may see.

    whole     claims that rest on the submission as a whole, without a quote
    versions  (briefing, number of claims that cite it), newest first
    """

    briefing: Briefing | None
    item: CorpusItem | None
    parts: Sequence[FollowedPart]
    whole: Sequence[Use]
    versions: Sequence[tuple[Briefing, int]]


def followed(submission: Submission, user: Any) -> Followed:
    """Return what became of a submission's words: a constant number of queries."""
    ready = Briefing.objects.visible_to(user).ready().filter(consultation=submission.consultation)
    versions = list(ready.defer("content").order_by("-version"))
    cited = Citation.objects.filter(submission=submission, claim__briefing__in=versions)
    counted = dict(
        cited.order_by()
        .values_list("claim__briefing")
        .annotate(n=Count("claim", distinct=True))
        .values_list("claim__briefing", "n")
    )
    newest = versions[0] if versions else None
    parts = _parts(submission)
    whole = _add_uses(submission, newest, parts) if newest else []
    item = newest and CorpusItem.objects.filter(corpus=newest.corpus_id, submission=submission)
    return Followed(
        briefing=newest,
        item=item.first() if item else None,
        parts=parts,
        whole=whole,
        versions=[(one, counted.get(one.pk, 0)) for one in versions],
    )


def _parts(submission: Submission) -> list[FollowedPart]:
    """Return the texts of a submission that were split into passages, in reading order."""
    found: dict[str, FollowedPart] = {}
    rows = Passage.objects.filter(submission=submission).select_related(
        "answer__question", "point__provision", "page__attachment"
    )
    public = set(
        AttachmentPage.objects.public()
        .filter(attachment__submission=submission)
        .values_list("pk", flat=True)
    )
    for row in rows.order_by(
        "page", "answer__question__position", "point__number", "field", "start"
    ):
        if row.page_id is not None and row.page_id not in public:
            continue
        part, title, text = _source(row)
        one = found.setdefault(part, FollowedPart(part, title, []))
        one.passages.append(FollowedPassage(part, row.start, row.end, text[row.start : row.end]))
    return list(found.values())


def _source(row: Passage) -> tuple[str, str, str]:
    """Return the name of the text a passage lies in, what it is about, and the text itself."""
    if row.answer is not None:
        return row.answer.part, row.answer.question.text, row.answer.text
    if row.page is not None:
        file = row.page.attachment
        return row.page.part, f"{file}, {row.page.number}", row.page.text
    if row.point is None:
        raise ValueError(f"Passage {row.pk} lies in no text")
    text = str(getattr(row.point, row.field))
    return row.point.part(row.field), str(row.point.provision), text


def _add_uses(
    submission: Submission, briefing: Briefing, parts: Sequence[FollowedPart]
) -> list[Use]:
    """Put the claims of a briefing beside the passages they quote; return those without a quote."""
    citations = (
        Citation.objects.filter(submission=submission, claim__briefing=briefing)
        .select_related("claim__theme", "answer__question", "point", "page__attachment")
        .order_by("claim__position")
    )
    marks = {
        mark.claim_id: mark
        for mark in Understanding.objects.filter(submission=submission, claim__briefing=briefing)
    }
    passages: Mapping[str, Sequence[FollowedPassage]] = {one.part: one.passages for one in parts}
    whole: dict[int, Use] = {}
    for citation in citations:
        use = _use(citation.claim, marks.get(citation.claim_id))
        if citation.start is None or citation.end is None:
            whole.setdefault(citation.claim_id, use)
            continue
        for passage in passages.get(part_of(citation), ()):
            if passage.start < citation.end and citation.start < passage.end:
                passage.uses.append(use)
    return list(whole.values())


def _use(claim: Claim, mark: Understanding | None) -> Use:
    values = {name: number["value"] for name, number in claim.numbers.items()}
    return Use(claim, fill_placeholders(claim.text, values), mark)


def counts_of(submissions: Sequence[Submission]) -> dict[int, int]:
    """Return how many claims of the newest briefing of its consultation cite each: two queries."""
    newest: dict[int, int] = {}
    ready = Briefing.objects.ready().filter(
        consultation__in={one.consultation_id for one in submissions}
    )
    for consultation, pk in ready.order_by("version").values_list("consultation", "pk"):
        newest[consultation] = pk
    counted: dict[int, int] = defaultdict(int)
    rows = Citation.objects.filter(submission__in=submissions, claim__briefing__in=newest.values())
    for pk, n in (
        rows.order_by().values_list("submission").annotate(n=Count("claim", distinct=True))
    ):
        counted[pk] = n
    return counted
