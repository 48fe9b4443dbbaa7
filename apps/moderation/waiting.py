"""The queue: what moderators have to look at, the most urgent first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Left

from apps.consultations.models import Consultation
from apps.moderation.logged import KINDS
from apps.moderation.models import Case, Decision, Flag, Rule
from apps.submissions.models import Answer, Attachment, Point, Reply

EXCERPT = 240  # characters
Texts = dict[tuple[int, str], str]


@dataclass(frozen=True)
class Waiting:
    """One case with what is shown of it; `flagged` are (rule, how many flagged it)."""

    case: Case
    excerpt: str
    flagged: Sequence[tuple[str, int]]
    decision: Decision | None = None

    @property
    def rules(self) -> list[tuple[str, int]]:
        """The rules by their labels."""
        return [(str(Rule(rule).label), n) for rule, n in self.flagged]

    @property
    def kind_label(self) -> str:
        """What kind of part it is."""
        return str(KINDS[self.case.kind])


def cases_of(consultation: Consultation, *, rule: str = "", group: str = "") -> QuerySet[Case]:
    """Return the cases that wait, narrowed."""
    found = Case.objects.of(consultation).waiting()
    if rule:
        found = found.filter(Exists(Flag.objects.filter(case=OuterRef("pk"), rule=rule)))
    if group:
        found = found.filter(group=group)
    return found.select_related("submission")


def decided_in(
    consultation: Consultation, *, rule: str = "", group: str = ""
) -> QuerySet[Decision]:
    """Return what was decided, what was kept as well, narrowed."""
    found = Decision.objects.filter(consultation=consultation)
    if rule:
        found = found.filter(rule=rule)
    if group:
        found = found.filter(case__group=group)
    return found.select_related("case__submission", "appeal").defer("removed", "statement")


def decided(decisions: Sequence[Decision]) -> list[Waiting]:
    """Return what is shown of cases that were decided, at the cost of those that wait."""
    rows = shown([one.case for one in decisions])
    return [replace(row, decision=one) for row, one in zip(rows, decisions, strict=True)]


def shown(cases: Sequence[Case]) -> list[Waiting]:
    """Return what is shown of cases: five queries for any number."""
    flagged: dict[int, list[tuple[str, int]]] = defaultdict(list)
    counted = Flag.objects.filter(case__in=cases).order_by().values("case", "rule")
    for row in counted.annotate(n=Count("pk")).order_by("-n", "rule"):
        flagged[row["case"]].append((row["rule"], row["n"]))
    texts = _beginnings({case.submission_id for case in cases})
    return [Waiting(case, _excerpt(case, texts), flagged[case.pk]) for case in cases]


def _excerpt(case: Case, texts: Texts) -> str:
    if case.part:
        return texts.get((case.submission_id, case.part), "")
    return texts.get((case.submission_id, ""), case.submission.title)


def _beginnings(submissions: Iterable[int]) -> Texts:
    """Return how each part of submissions begins, and under "" how the whole does."""
    found: Texts = {}
    for pk, part, text in _texts(list(submissions)):
        found.setdefault((pk, part), text)
        found.setdefault((pk, ""), text)
    return found


def _texts(ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    answers = Answer.objects.filter(submission__in=ids).exclude(text="").order_by("id")
    for answer in answers.select_related("question").defer("text").annotate(begin=_begin("text")):
        yield answer.submission_id, answer.part, answer.begin
    points = Point.objects.filter(submission__in=ids).order_by("number")
    begun = [_begin(name) for name in Point.TEXT_FIELDS]
    for pk, number, *said in points.values_list("submission_id", "number", *begun):
        yield pk, f"point:{number}", next(filter(None, said), "")
    replies = Reply.objects.filter(submission__in=ids).order_by("number")
    for pk, number, text in replies.values_list("submission_id", "number", _begin("text")):
        yield pk, f"reply:{number}", text
    files = Attachment.objects.filter(submission__in=ids).order_by("number")
    for pk, number, title, name in files.values_list("submission_id", "number", "title", "name"):
        yield pk, f"attachment:{number}", title or name


def _begin(field: str) -> Left:
    return Left(field, EXCERPT)
