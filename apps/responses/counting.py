"""What was asked and what was decided on it, from the tallies: only answers are counted here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, F, Sum

from apps.accounts.groups import GROUP_ORDER
from apps.consultations.models import Consultation, Provision, Question
from apps.responses.models import Completion, OfficialResponse, ResponseTally
from apps.submissions.models import Answer, PointTally, Submission

Written = dict[tuple[str, str], int]  # by key of the question and group
KEPT_SECONDS = 60
Decision = OfficialResponse.Decision


@dataclass(frozen=True)
class Share:
    """How many of the points are answered."""

    answered: int
    of: int

    @property
    def percent(self) -> int | None:
        """Return whole per cent, rounded down: 99.9 % are not all, and of nothing there is none."""
        return 100 * self.answered // self.of if self.of else None

    def missing_to(self, share: int) -> int:
        """Return how many more must be answered until a share in per cent is."""
        return max(-(-share * self.of // 100) - self.answered, 0)


class Used(NamedTuple):
    """A response, and on how many points of a place it stands."""

    response: OfficialResponse
    n: int


@dataclass
class Place:
    """A provision or a question: what was asked there by whom, and what was decided.

    asked      points by group; of a question, how many answered it in words
    decided    by group, how many points by decision
    """

    key: str
    of: Any
    asked: Counter[str] = field(default_factory=Counter)
    decided: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    reasons: Sequence[Used] = ()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each group that said or got something, with a number per decision."""
        groups = sorted({*self.asked, *self.decided}, key=lambda one: GROUP_ORDER[one])
        return [self._row(group) for group in groups]

    @property
    def total(self) -> dict[str, Any]:
        """Return the same over all groups."""
        decided = sum(self.decided.values(), Counter())
        return _numbers(sum(self.asked.values()), decided)

    def _row(self, group: str) -> dict[str, Any]:
        return {"group": group, **_numbers(self.asked[group], self.decided.get(group, Counter()))}


def _numbers(asked: int, decided: Counter[str]) -> dict[str, Any]:
    return {
        "asked": asked,
        "counts": [(one.label, decided[one.value]) for one in Decision],
        "open": max(asked - sum(decided.values()), 0),
    }


def share_of(consultation: Consultation) -> Share:
    """Return how many points are answered; where no text is consulted on, how many answers."""
    return _share(consultation, lambda: _written(consultation))


def _share(consultation: Consultation, written: Callable[[], Written]) -> Share:
    here = {"provision__version__document__consultation": consultation}
    of = PointTally.objects.filter(**here).aggregate(n=Sum("points"))["n"] or 0
    given = ResponseTally.objects.filter(response__consultation=consultation)
    if not of:
        given, of = given.filter(question__isnull=False), sum(written().values())
    else:
        given = given.filter(provision__isnull=False)
    return Share(min(given.aggregate(n=Sum("parts"))["n"] or 0, of), of)


def share_lately(consultation: Consultation) -> Share:
    """Return the same as of a minute ago at most, for the pages that everybody reads."""
    key = f"responses:share:{consultation.pk}"
    known = cache.get(key)
    if not isinstance(known, Share):
        known = share_of(consultation)
        cache.set(key, known, timeout=KEPT_SECONDS)
    return known


def share_told(
    consultation: Consultation, completion: Completion | None, *, is_beside_tables: bool = False
) -> Share:
    """Return what public pages say is answered; once it is marked so, the count of that instant.

    is_beside_tables  the page shows tables, whose figures these must agree with
    """
    if completion is None and is_beside_tables:
        return _share(consultation, lambda: _written_lately(consultation))
    if completion is None:
        return share_lately(consultation)
    return Share(completion.answered, completion.points)


def provisions_answered(consultation: Consultation) -> list[str]:
    """Return the keys of the provisions somebody spoke of, in the order of the newest text."""
    here = Provision.objects.filter(version__document__consultation=consultation)
    spoken_of = PointTally.objects.filter(
        points__gt=0, provision__version__document__consultation=consultation
    )
    keys = set(spoken_of.values_list("provision__key", flat=True).distinct())
    ordered = here.order_by("-version__number", "version__document", "position")
    return list(dict.fromkeys(key for key in ordered.values_list("key", flat=True) if key in keys))


def questions_answered(consultation: Consultation) -> list[str]:
    """Return the keys of the questions somebody answered in words, in order."""
    answered = {key for key, _group in _written_lately(consultation)}
    asked = Question.objects.filter(consultation=consultation).order_by("position")
    return [key for key in asked.values_list("key", flat=True) if key in answered]


def on_provisions(consultation: Consultation, keys: Sequence[str]) -> list[Place]:
    """Return what was asked and decided on each of some provisions: three queries."""
    here = Provision.objects.filter(version__document__consultation=consultation, key__in=keys)
    newest = here.defer("text").select_related("version__document").order_by("version__number")
    places = {one.key: Place(one.key, one) for one in newest}
    said = PointTally.objects.filter(provision__in=here, points__gt=0).order_by()
    rows = said.values_list("provision__key", "group").annotate(n=Sum("points"))
    for key, group, n in rows:
        places[key].asked[group] += n
    _add_decided(places, ResponseTally.objects.filter(provision__in=here), "provision__key")
    return [places[key] for key in keys if key in places]


def on_questions(consultation: Consultation, keys: Sequence[str]) -> list[Place]:
    """Return what was answered in words and decided on each of some questions: three queries."""
    asked = Question.objects.filter(consultation=consultation, key__in=keys)
    places = {one.key: Place(one.key, one) for one in asked}
    for (key, group), n in _written_lately(consultation).items():
        if key in places:
            places[key].asked[group] += n
    _add_decided(places, ResponseTally.objects.filter(question__in=asked), "question__key")
    return [places[key] for key in keys if key in places]


def reasons_on(consultation: Consultation, *, kind: str, key: str, page: slice) -> list[Used]:
    """Return the responses that stand on a place, those on most points first: two queries."""
    there = ResponseTally.objects.filter(response__consultation=consultation, parts__gt=0)
    there = there.filter(**{f"{kind}__key": key}).order_by()
    used = there.values("response").annotate(used=Sum("parts")).order_by("-used", "-response")
    counts = {row["response"]: row["used"] for row in used[page]}
    rows = OfficialResponse.objects.select_related("change__version__document", "consultation")
    found = {one.pk: one for one in rows.filter(pk__in=counts)}
    return [Used(found[pk], n) for pk, n in counts.items() if pk in found]


def _add_decided(places: dict[str, Place], given: Any, key: str) -> None:
    rows = given.filter(parts__gt=0).order_by().annotate(decision=F("response__decision"))
    for place, group, decision, n in rows.values_list(key, "group", "decision").annotate(
        n=Sum("parts")
    ):
        places[place].decided[group][decision] += n


def _written(consultation: Consultation) -> Written:
    """Return how many answers hold words, by question and group: what is ticked asks for none."""
    there = {"submission__consultation": consultation, "submission__is_reply": False}
    said = Answer.objects.filter(**there, submission__state=Submission.State.SUBMITTED)
    rows = said.exclude(text="").order_by().values_list("question__key", "submission__group")
    return {(key, group): n for key, group, n in rows.annotate(n=Count("pk"))}


def _written_lately(consultation: Consultation) -> Written:
    """Return the same as of a minute ago at most: no tally knows it, and everybody reads it."""
    key = f"responses:written:{consultation.pk}"
    known: Written | None = cache.get(key)
    if known is None:
        known = _written(consultation)
        cache.set(key, known, timeout=KEPT_SECONDS)
    return known
