"""What a person enters, and whether it may be kept: content and its checks, without any write."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Provision, Question
from apps.submissions.errors import IncompleteSubmission, InvalidContent
from apps.submissions.models import LONGEST_TEXT, Point, Stance

LONGEST_LINE = 300
LONGEST_ADDRESS = 1_000
MOST_POINTS = 200
MOST_LINKS = 20
Fields = dict[str, list[str | Promise]]


@dataclass(frozen=True)
class AnswerInput:
    """The reply to the question with this key; `choices` are keys of choices."""

    question: str
    text: str = ""
    choices: Sequence[str] = ()
    scale: int | None = None
    stance: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was answered."""
        return not (self.text.strip() or self.choices or self.scale or self.stance)


@dataclass(frozen=True)
class EvidenceInput:
    """A source on the web."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class FileNote:
    """A file that was sent before, by its key, and what it is called."""

    key: str
    title: str = ""


@dataclass(frozen=True)
class PointInput:
    """One ask on the provision with this key; `files` are keys of files that support it."""

    provision: str
    stance: str = ""
    ask: str = ""
    reason: str = ""
    proposed_text: str = ""
    change_condition: str = ""
    evidence: Sequence[EvidenceInput] = ()
    files: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether the point says nothing yet."""
        texts = (self.reason, self.proposed_text, self.change_condition)
        marks = (self.stance, self.ask, self.evidence, self.files)
        return not any(marks) and not any(text.strip() for text in texts)


@dataclass(frozen=True)
class DraftInput:
    """Everything of one response."""

    answers: Sequence[AnswerInput] = ()
    points: Sequence[PointInput] = ()
    group: str = ""
    title: str = ""
    language: str = ""
    country: str = ""
    attachments: Sequence[FileNote] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was answered and no point made."""
        return all(a.is_empty for a in self.answers) and all(p.is_empty for p in self.points)


class Form:
    """What a consultation asks: its questions with choices, and the provisions of today."""

    def __init__(self, consultation: Consultation) -> None:
        questions = consultation.questions.prefetch_related("choices")
        self.questions: dict[str, Question] = {q.key: q for q in questions}
        of_today = provisions_of_today(consultation)
        # Texts stay where they are: a document can be long, and no check reads it.
        shown = of_today.annotate(has_text=~Q(text="")).defer("text").order_by("position")
        self.provisions: dict[str, Any] = {provision.key: provision for provision in shown}

    def split(self, content: DraftInput) -> tuple[DraftInput, list[AnswerInput]]:
        """Return the content without answers to questions of other groups, and those answers."""
        others = {q.key for q in self.questions.values() if not q.is_asked_of(content.group)}
        if content.group not in StakeholderGroup.values:
            others = set()
        kept = [answer for answer in content.answers if answer.question not in others]
        left_out = [answer for answer in content.answers if answer.question in others]
        return replace(content, answers=kept), left_out

    def check(self, content: DraftInput) -> None:
        """Raise InvalidContent naming every place that cannot be kept."""
        fields: Fields = defaultdict(list)
        if content.group not in StakeholderGroup.values:
            fields["group"].append(_("Choose the group you speak for."))
        for name in ("title", "language", "country"):
            _check_text(fields, name, getattr(content, name), longest=LONGEST_LINE)
        self._check_answers(fields, content)
        if len(content.points) > MOST_POINTS:
            fields["points"].append(_("Keep to %(most)s points or fewer.") % {"most": MOST_POINTS})
        for number, point in enumerate(content.points[:MOST_POINTS]):
            self._check_point(fields, f"points.{number}", point)
        if fields:
            raise InvalidContent(_("Some of what you entered needs attention."), fields=fields)

    def require_complete(self, content: DraftInput) -> None:
        """Raise IncompleteSubmission naming what must still be answered."""
        answered = {a.question for a in content.answers if not a.is_empty}
        missing = [
            question
            for question in self.questions.values()
            if question.is_required
            and question.is_asked_of(content.group)
            and question.key not in answered
        ]
        fields: Fields = {f"answers.{q.key}": [_("Answer this question.")] for q in missing}
        unsaid = [n for n, point in enumerate(content.points) if point.is_empty]
        for number in unsaid:
            fields[f"points.{number}.reason"] = [_("Say what you ask for, or remove this point.")]
        if not answered and len(unsaid) == len(content.points) and not fields:
            fields["answers"] = [_("Answer a question or make a point before you submit.")]
        if fields:
            raise IncompleteSubmission(_("Some answers are still missing."), fields=fields)

    def _check_answers(self, fields: Fields, content: DraftInput) -> None:
        seen: set[str] = set()
        for answer in content.answers:
            place = f"answers.{answer.question}"
            if answer.question in seen:
                fields[place].append(_("This question is answered twice."))
            seen.add(answer.question)
            for problem in self._answer_problems(answer, content.group):
                fields[place].append(problem)
            _check_text(fields, place, answer.text)

    def _answer_problems(self, answer: AnswerInput, group: str) -> Iterator[str | Promise]:
        question = self.questions.get(answer.question)
        if question is None:
            yield _("There is no question with this key in the consultation.")
            return
        if not answer.is_empty and not question.is_asked_of(group):
            yield _("This question is asked of other groups only.")
        known = {choice.key for choice in question.choices.all()}
        if strangers := sorted(set(answer.choices) - known):
            yield _("“%(choice)s” is not among the choices.") % {"choice": strangers[0]}
        if question.kind == Question.Kind.SINGLE and len(answer.choices) > 1:
            yield _("Choose one answer only.")
        if answer.scale is not None and answer.scale not in Question.SCALE:
            yield _("Choose a value from 1 to 5.")
        if answer.stance and answer.stance not in Stance.values:
            yield _("Choose one of the stances offered.")

    def _check_point(self, fields: Fields, place: str, point: PointInput) -> None:
        if point.provision not in self.provisions:
            fields[f"{place}.provision"].append(_("Choose the provision this point is about."))
        if point.stance and point.stance not in Stance.values:
            fields[f"{place}.stance"].append(_("Choose one of the stances offered."))
        if point.ask and point.ask not in Point.Ask.values:
            fields[f"{place}.ask"].append(_("Choose one of the asks offered."))
        for name in Point.TEXT_FIELDS:
            _check_text(fields, f"{place}.{name}", getattr(point, name))
        if len(point.evidence) > MOST_LINKS:
            fields[f"{place}.evidence"].append(_("Name fewer sources for this point."))
        for link in point.evidence[:MOST_LINKS]:
            is_web = link.url.startswith(("http://", "https://")) and " " not in link.url
            if not is_web or len(link.url) > LONGEST_ADDRESS:
                fields[f"{place}.evidence"].append(
                    _("Give an address that begins with https:// or http://.")
                )
            _check_text(fields, f"{place}.evidence", link.url + link.title, longest=1_500)


def provisions_of_today(consultation: Consultation) -> QuerySet[Provision]:
    """Return the provisions of the newest version of each document."""
    provisions = Provision.objects.filter(version__document__consultation=consultation)
    return provisions.exclude(version__document__versions__number__gt=F("version__number"))


def text_of_today(consultation: Consultation, key: str) -> str:
    """Return what a provision says today, "" where there is none with this key."""
    found = provisions_of_today(consultation).filter(key=key).values_list("text", flat=True)
    return found.first() or ""


def unix_lines(text: str) -> str:
    """Return the text with the line ends people typed; browsers send two characters for each."""
    return text.replace("\r\n", "\n")


def _check_text(fields: Fields, place: str, text: str, *, longest: int = LONGEST_TEXT) -> None:
    for problem in problems_of(text, longest=longest):
        fields[place].append(problem)


def problems_of(text: str, *, longest: int) -> Iterator[str | Promise]:
    """Yield what keeps a text from being stored as it is."""
    if over := max(len(text) - longest, 0):
        yield (
            _("Shorten this by %(over)s characters; %(most)s are possible.")
            % {"over": over, "most": longest}
        )
    if not _can_be_stored(text):
        yield _("Remove the characters that cannot be shown; paste plain text.")


def _can_be_stored(text: str) -> bool:
    """Return whether a text is free of NUL and of halves of surrogate pairs."""
    try:
        # What UTF-8 cannot spell is found by encoding: a loop over 100,000 characters takes long.
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
