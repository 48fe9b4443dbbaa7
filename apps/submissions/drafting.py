"""What a person enters, and whether it may be kept: content and its checks, without any write."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.analysis.anchoring import occurrences
from apps.consultations.models import Consultation, DocumentVersion, Provision, Question
from apps.core.texts import problems_of
from apps.submissions import concealing
from apps.submissions.errors import IncompleteSubmission, InvalidContent
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.models import (
    LONGEST_CITATION,
    LONGEST_TEXT,
    Anchor,
    Point,
    Reply,
    Stance,
)

LONGEST_LINE = 300
LONGEST_ADDRESS = 1_000
MOST_POINTS = 200
MOST_LINKS = 20
MOST_REPLIES = 100
MOST_FORMS = 32  # kept in memory by each process
ONLY_REPLIES = _(
    "In a reply phase you answer what others said. Answers and points of your own belong to the"
    " comment phase."
)
NOT_DUE = _(
    "After what you answered before, this question is not asked. Clear this answer, or change the"
    " earlier one."
)
ARCHIVED = _(
    "This question is asked no longer. Open the form and save it to go on without this answer."
)
NO_REPLIES = _("Replies are filed by themselves, while the reply phase is open.")
Fields = dict[str, list[str | Promise]]


class Form:
    """What a consultation asks: its questions with choices, and the provisions of today.

    A form for replies asks nothing: it takes replies only.
    """

    def __init__(self, consultation: Consultation, *, is_reply: bool = False) -> None:
        self.is_reply = is_reply
        self.questions: dict[str, Question] = {}
        self.archived: dict[str, Question] = {}
        self.provisions: dict[str, Any] = {}
        self._of_today = Provision.objects.none()
        if is_reply:
            return
        questions = list(consultation.questions.prefetch_related("choices"))
        self.questions = {q.key: q for q in questions if q.archived_at is None}
        self.archived = {q.key: q for q in questions if q.archived_at is not None}
        of_today = provisions_of_today(consultation)
        # Texts stay where they are: a document can be long, and no check reads it.
        self._of_today = of_today
        shown = of_today.annotate(has_text=~Q(text="")).defer("text").order_by("position")
        self.provisions = {provision.key: provision for provision in shown}

    def texts(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what provisions say today, by key: one query, none without a key."""
        if not (named := set(keys)):
            return {}
        return dict(self._of_today.filter(key__in=named).values_list("key", "text"))

    def split(self, content: DraftInput) -> tuple[DraftInput, list[AnswerInput]]:
        """Return the content without answers to what is not asked, and those answers.

        Not asked are questions of other groups, and questions that were archived.
        """
        others = {q.key for q in self.questions.values() if not q.is_asked_of(content.group)}
        if content.group not in StakeholderGroup.values:
            others = set()
        others |= self.archived.keys()
        kept = [answer for answer in content.answers if answer.question not in others]
        left_out = [answer for answer in content.answers if answer.question in others]
        return replace(content, answers=kept), left_out

    def asked(self, content: DraftInput) -> dict[str, Question]:
        """Return the questions of the group whose conditions what was answered meets, in order."""
        given: dict[str, set[str]] = {}
        asked = {}
        answers = {answer.question: answer for answer in content.answers}
        for key, question in self.questions.items():
            if question.is_asked_of(content.group) and question.is_due(given):
                asked[key] = question
                given[key] = answers[key].values if key in answers else set()
        return asked

    def check(self, content: DraftInput) -> None:
        """Raise InvalidContent naming every place that cannot be kept."""
        fields: Fields = defaultdict(list)
        _check_facts(fields, content)
        (_check_replies if self.is_reply else self._check_own)(fields, content)
        if fields:
            raise InvalidContent(_("Some of what you entered needs attention."), fields=fields)

    def require_complete(self, content: DraftInput) -> None:
        """Raise IncompleteSubmission naming what must still be answered."""
        fields = _missing_in_replies(content) if self.is_reply else self._missing(content)
        fields |= {place: [message] for place, message in concealing.gaps(content)}
        if fields:
            raise IncompleteSubmission(_("Some answers are still missing."), fields=fields)

    def _missing(self, content: DraftInput) -> Fields:
        answered = {a.question for a in content.answers if not a.is_empty}
        asked = self.asked(content)
        missing = [q for q in asked.values() if q.is_required and q.key not in answered]
        fields: Fields = {f"answers.{q.key}": [_("Answer this question.")] for q in missing}
        for key in answered - asked.keys():
            fields[f"answers.{key}"] = [NOT_DUE]
        unsaid = [n for n, point in enumerate(content.points) if point.is_unsaid]
        for number in unsaid:
            fields[f"points.{number}.reason"] = [_("Say what you ask for, or remove this point.")]
        if not answered and len(unsaid) == len(content.points) and not fields:
            fields["answers"] = [_("Answer a question or make a point before you submit.")]
        return fields

    def _check_own(self, fields: Fields, content: DraftInput) -> None:
        self._check_answers(fields, content)
        if len(content.points) > MOST_POINTS:
            fields["points"].append(_("Keep to %(most)s points or fewer.") % {"most": MOST_POINTS})
        for number, point in enumerate(content.points[:MOST_POINTS]):
            self._check_point(fields, f"points.{number}", point)
        for number, message in self._anchor_problems(content.points[:MOST_POINTS]):
            fields[f"points.{number}.quote"].append(message)
        if content.replies:
            fields["replies"].append(NO_REPLIES)

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
            is_over = answer.question in self.archived
            yield ARCHIVED if is_over else _("There is no question with this key here.")
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

    def _anchor_problems(self, points: Sequence[PointInput]) -> Iterator[tuple[int, Any]]:
        texts = self.texts(point.provision for point in points if point.quote.strip())
        for number, point in enumerate(points):
            if point.quote.strip():
                problem = _anchor_problem(point, texts.get(point.provision, ""))
                if problem:
                    yield number, problem

    def _check_point(self, fields: Fields, place: str, point: PointInput) -> None:
        if point.provision not in self.provisions:
            fields[f"{place}.provision"].append(_("Choose the provision this point is about."))
        if point.stance and point.stance not in Stance.values:
            fields[f"{place}.stance"].append(_("Choose one of the stances offered."))
        if point.ask and point.ask not in Point.Ask.values:
            fields[f"{place}.ask"].append(_("Choose one of the asks offered."))
        for name in Point.TEXT_FIELDS:
            _check_text(fields, f"{place}.{name}", getattr(point, name))
        _check_evidence(fields, f"{place}.evidence", point.evidence)


def kept_form(consultation: Consultation, *, is_reply: bool) -> Form:
    """Return the form as it was when the consultation was read; it may be shared: change nothing.

    Reading it was a sixth of the work of filing, and a rush asks for the same form again and again.
    """
    if consultation.form_changed_at is None:
        return Form(consultation, is_reply=is_reply)
    return _form_of(consultation.pk, consultation.form_changed_at, is_reply)


@lru_cache(maxsize=MOST_FORMS)
def _form_of(pk: int, changed_at: datetime, is_reply: bool) -> Form:
    del changed_at  # a form that changed is another entry; the one before is pushed out in time
    return Form(Consultation(pk=pk), is_reply=is_reply)


def _check_evidence(fields: Fields, place: str, links: Sequence[EvidenceInput]) -> None:
    if len(links) > MOST_LINKS:
        fields[place].append(_("Name fewer sources for this point."))
    for link in links[:MOST_LINKS]:
        is_web = link.url.startswith(("http://", "https://")) and " " not in link.url
        if link.url and (not is_web or len(link.url) > LONGEST_ADDRESS):
            fields[place].append(_("Give an address that begins with https:// or http://."))
        elif not link.key:
            fields[place].append(_("Give the address of the source, or say what it is."))
        _check_text(fields, place, link.title, longest=LONGEST_CITATION)
        _check_text(fields, place, link.url, longest=LONGEST_ADDRESS)


def _check_replies(fields: Fields, content: DraftInput) -> None:
    for name in ("answers", "points"):
        if getattr(content, name):
            fields[name].append(ONLY_REPLIES)
    if len(content.replies) > MOST_REPLIES:
        fields["replies"].append(_("Keep to %(most)s replies or fewer.") % {"most": MOST_REPLIES})
    seen: set[tuple[str, ...]] = set()
    for number, reply in enumerate(content.replies[:MOST_REPLIES]):
        place = f"replies.{number}"
        if reply.kind and reply.kind not in Reply.Kind.values:
            fields[f"{place}.kind"].append(_("Choose one of the kinds offered."))
        elif (*reply.place, reply.kind) in seen:
            fields[f"{place}.kind"].append(
                _("You answer this twice in the same way. Put both into one, or remove one.")
            )
        seen.add((*reply.place, reply.kind))
        _check_text(fields, f"{place}.text", reply.text)
        _check_evidence(fields, f"{place}.evidence", reply.evidence)


def _missing_in_replies(content: DraftInput) -> Fields:
    fields: Fields = {}
    for number, reply in enumerate(content.replies):
        if not reply.kind:
            fields[f"replies.{number}.kind"] = [_("Say what your reply does.")]
        if not reply.text.strip():
            fields[f"replies.{number}.text"] = [_("Write your reply, or remove it.")]
    if not content.replies:
        fields["replies"] = [_("Answer a point of somebody else before you submit.")]
    return fields


def _check_facts(fields: Fields, content: DraftInput) -> None:
    if content.group not in StakeholderGroup.values:
        fields["group"].append(_("Choose the group you speak for."))
    for name in ("title", "language", "country"):
        _check_text(fields, name, getattr(content, name), longest=LONGEST_LINE)
    for place, message in concealing.problems(content):
        fields[place].append(message)
    for number, one in enumerate(content.redactions[: concealing.MOST_REDACTIONS]):
        _check_text(fields, f"redactions.{number}.words", one.words + one.note)


def _anchor_problem(point: PointInput, text: str) -> str | Promise:
    """Return why words cannot be what a point is about, "" where they can."""
    if len(point.quote) > Anchor.LONGEST:
        return _("Choose fewer words: %(most)s characters at most.") % {"most": Anchor.LONGEST}
    found = len(occurrences(point.quote, text))
    if not found:
        return _("These words are not in the text of today. Copy them exactly, from one paragraph.")
    if point.nth > found or (found > 1 and not point.nth):
        return _("These words are there %(n)s times. Choose which ones you mean.") % {"n": found}
    return ""


def provisions_of_today(consultation: Consultation) -> QuerySet[Provision]:
    """Return the provisions of the newest version of each document."""
    provisions = Provision.objects.filter(version__document__consultation=consultation)
    return provisions.exclude(version__document__versions__number__gt=F("version__number"))


def left_out_in() -> Case:
    """Return, for points, the newest version of the text where it has their provision no more."""
    document = OuterRef("provision__version__document")
    there = Provision.objects.filter(version__document=document, key=OuterRef("provision__key"))
    of_today = there.exclude(version__document__versions__number__gt=F("version__number"))
    newest = DocumentVersion.objects.filter(document=document).order_by("-number")
    return Case(When(~Exists(of_today), then=Subquery(newest.values("number")[:1])))


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
