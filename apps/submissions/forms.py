"""The response form: what was typed, where each field stands, what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from textwrap import shorten
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from apps.consultations.models import Consultation, Question
from apps.consultations.translating import Reading
from apps.core.display import display_text
from apps.submissions import seeing, steps
from apps.submissions.drafting import MOST_POINTS, MOST_REPLIES, Form, provisions_of_today
from apps.submissions.fields import PointField, QuestionField, ReplyField
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    ReplyInput,
)
from apps.submissions.models import (
    Attachment,
    KeptBack,
    Point,
    Reply,
    Stance,
    Visibility,
)
from apps.submissions.services.answering import find_targets

FILE = re.compile(r"attachment-([\w-]{1,32})-title", re.ASCII)
POINT = re.compile(r"point-(\d{1,3})-provision")
REPLY = re.compile(r"reply-(\d{1,3})-part")
MOST_FILES = Attachment.MOST
LONGEST_NAME = 80  # characters of a question in the error summary
TEXTS = ("reason", "proposed_text", "change_condition")


class ResponseForm:
    """A response as typed; it never refuses to be shown again."""

    stances = Stance.choices
    asks = Point.Ask.choices
    reply_kinds = Reply.Kind.choices
    scale = list(Question.SCALE)
    visibilities = Visibility.choices
    kept_back_reasons = KeptBack.choices

    def __init__(
        self,
        consultation: Consultation,
        content: DraftInput,
        *,
        group: str,
        errors: Any = None,
        is_reply: bool = False,
    ) -> None:
        """Keep what is shown: everything, until a `step` names the one thing of it."""
        self.consultation = consultation
        self.content = content
        self.group = group
        self.errors: Mapping[str, Sequence[Any]] = errors or {}
        self.step = ""
        self.asked = Form(consultation, is_reply=is_reply)
        self.reading = Reading(consultation, get_language())
        self.reading.ask(self.asked.questions.values())

    @property
    def provisions(self) -> list[Any]:
        """Provisions that hold text, in the order of the document."""
        return [one for one in self.asked.provisions.values() if one.has_text]

    def choices(self) -> tuple[Sequence[Any], Sequence[Question]]:
        """Return the provisions and the questions the group may choose to answer."""
        return steps.choices(self.asked, self.group)

    @property
    def not_asked(self) -> int:
        """How many questions are for other groups."""
        return sum(not q.is_asked_of(self.group) for q in self.asked.questions.values())

    def questions(self) -> Iterator[QuestionField]:
        """Yield the questions asked of the group, with what was answered."""
        answers = {answer.question: answer for answer in self.content.answers}
        for key, question in self.asked.questions.items():
            if question.is_asked_of(self.group) and self.step in ("", steps.QUESTION + key):
                answer = answers.get(key, AnswerInput(question=key))
                errors = self.errors.get(f"answers.{key}", ())
                depends_on = self.asked.questions.get(question.condition_key)
                yield QuestionField(question, answer, errors, depends_on)

    def gone(self) -> Iterator[QuestionField]:
        """Yield the questions that were archived since somebody answered them, with the answers."""
        for answer in self.content.answers:
            question = self.asked.archived.get(answer.question)
            if question is not None and not answer.is_empty:
                yield QuestionField(question, answer, (), None)

    def kept(self) -> Iterator[tuple[str, Any]]:
        """Yield (name, value) of what has no field: of other steps and groups, or asked no more."""
        shown = {one.question.key for one in self.questions()}
        known = self.asked.questions.keys() | self.asked.archived.keys()
        for answer in self.content.answers:
            if answer.question in shown or answer.question not in known:
                continue
            name = f"answer-{answer.question}"
            yield from ((f"{name}.choices", choice) for choice in answer.choices)
            values = {"text": answer.text, "scale": answer.scale, "stance": answer.stance}
            yield from ((f"{name}.{part}", value) for part, value in values.items() if value)
        for number, point in enumerate(self.content.points):
            if not self._is_shown(point):
                yield from _point_values(number, point)
        if self.step not in ("", steps.SEEN):
            yield from seeing.values(self.content)

    def redactions(self) -> list[seeing.RedactionField]:
        """Return the words to keep back with their errors, and room for one more."""
        return seeing.fields(self.content, self.errors)

    @property
    def provision(self) -> Any:
        """The provision the step is about, None where it is about something else."""
        kind, _colon, key = self.step.partition(":")
        found = self.asked.provisions.get(key) if f"{kind}:" == steps.PROVISION else None
        # Its text was left in the database while the form was read.
        return found and provisions_of_today(self.consultation).get(key=key)

    @property
    def translation(self) -> str:
        """What the provision of the step says in the language of the page, "" in the original."""
        held = self.provision
        text = self.reading.words(f"provision:{held.key}:text", held.text) if held else ""
        return text if held and text != held.text else ""

    def points(self) -> Iterator[PointField]:
        """Yield the points with their errors; of a provision without one, room for the first."""
        shown = list(self._shown_points())
        if not shown and self.step.startswith(steps.PROVISION):
            key = self.step.removeprefix(steps.PROVISION)
            shown = [PointField(len(self.content.points), PointInput(provision=key))]
        yield from shown

    def _shown_points(self) -> Iterator[PointField]:
        texts = self._texts_of_anchors()
        for number, point in enumerate(self.content.points):
            if not self._is_shown(point):
                continue
            errors = self._errors_of(f"points.{number}.")
            yield PointField(number, point, errors, texts.get(point.provision, ""))

    def replies(self) -> Iterator[ReplyField]:
        """Yield the replies with what they answer and their errors."""
        targets = find_targets(self.consultation, self.content.replies)
        for number, reply in enumerate(self.content.replies):
            errors = self._errors_of(f"replies.{number}.")
            yield ReplyField(number, reply, targets.get(reply.place), errors)

    def _errors_of(self, start: str) -> Mapping[str, Sequence[Any]]:
        return {
            name.removeprefix(start): texts
            for name, texts in self.errors.items()
            if name.startswith(start)
        }

    def _texts_of_anchors(self) -> Mapping[str, str]:
        keys = {point.provision for point in self.content.points if point.quote}
        return self.asked.texts(keys) if keys else {}

    def _is_shown(self, point: PointInput) -> bool:
        return self.step in ("", steps.PROVISION + point.provision)

    def summary(self) -> Iterator[tuple[str, str, str]]:
        """Yield (anchor, message, step) for the error summary; a message names what it is about.

        The step is "" where the field stands on this page.
        """
        for place, messages in self.errors.items():
            anchor, name = self._place(place)
            step = self.step and self.step_of(place)
            for message in messages:
                text = f"{name}: {message}" if name else str(message)
                yield anchor, text, "" if step == self.step else step

    def step_of(self, place: str) -> str:
        """Return the step that holds a field, the first one for what belongs to none."""
        kind, _dot, rest = place.partition(".")
        number = rest.partition(".")[0]
        if kind == "answers" and rest in self.asked.questions:
            return steps.QUESTION + rest
        if kind == "points" and number.isdecimal() and int(number) < len(self.content.points):
            return steps.PROVISION + self.content.points[int(number)].provision
        if kind in ("visibility", "redactions"):
            return steps.SEEN
        if kind in ("files", "attachments"):
            return steps.FILES
        if kind == "comment":
            return self.step
        return steps.CHOOSE if kind in ("answers", "points") else steps.CAPACITY

    def _place(self, place: str) -> tuple[str, str]:
        """Return the anchor and the name of what an error belongs to."""
        kind, _dot, rest = place.partition(".")
        if kind == "answers" and rest:
            question = self.asked.questions.get(rest)
            text = display_text(question.text) if question else ""
            return f"answer-{rest}", shorten(text, LONGEST_NAME, placeholder=" …")
        if kind == "points" and rest:
            number, _dot, field_name = rest.partition(".")
            name = gettext("Point %(number)s") % {"number": int(number) + 1}
            return f"point-{number}-{field_name or 'provision'}", name
        if kind == "replies" and rest:
            number, _dot, field_name = rest.partition(".")
            name = gettext("Reply %(number)s") % {"number": int(number) + 1}
            return f"reply-{number}-{field_name}", name
        if kind == "redactions" and rest:
            number, _dot, field_name = rest.partition(".")
            name = gettext("Words to keep back %(number)s") % {"number": int(number) + 1}
            return f"redaction-{number}-{field_name}", name
        known = (
            "group",
            "for",
            "points",
            "replies",
            "files",
            "comment",
            "visibility",
            "redactions",
        )
        return kind if kind in known else "response", ""


def _point_values(number: int, point: PointInput) -> Iterator[tuple[str, str]]:
    """Yield (name, value) as the fields of a point would be sent."""
    start = f"point-{number}-"
    yield f"{start}provision", point.provision
    for name in ("stance", "ask", *TEXTS):
        if value := getattr(point, name):
            yield start + name, value
    yield from ((f"{start}file", key) for key in point.files)
    if point.quote:
        yield f"{start}quote", point.quote
        yield f"{start}nth", str(point.nth or "")
    for source in point.evidence:
        yield f"{start}evidence", source.url
        yield f"{start}evidence-title", source.title


def content_from(data: QueryDict, *, group: str) -> DraftInput:
    """Return what was typed, whatever it is; the services say what may be kept."""
    return DraftInput(
        group=group,
        answers=[answer for answer in _answers(data) if not answer.is_empty],
        points=list(_points(data)),
        replies=list(_replies(data)),
        attachments=list(_files(data)),
        visibility=data.get("visibility", Visibility.NAMED),
        redactions=list(seeing.redactions(data)),
    )


def _files(data: QueryDict) -> Iterator[FileNote]:
    for name in data:
        if found := FILE.fullmatch(name):
            kept_back = data.get(f"attachment-{found[1]}-kept-back", "")
            yield FileNote(found[1], data.get(name, ""), kept_back)


def _answers(data: QueryDict) -> Iterator[AnswerInput]:
    keys = dict.fromkeys(
        name.removeprefix("answer-").partition(".")[0]
        for name in data
        if name.startswith("answer-")
    )
    for key in keys:
        scale = data.get(f"answer-{key}.scale", "")
        yield AnswerInput(
            question=key,
            text=data.get(f"answer-{key}.text", ""),
            choices=data.getlist(f"answer-{key}.choices"),
            scale=_number(scale) or None,
            stance=data.get(f"answer-{key}.stance", ""),
        )


def _points(data: QueryDict) -> Iterator[PointInput]:
    numbers = sorted(int(found[1]) for name in data if (found := POINT.fullmatch(name)))
    # One more than may be kept, so that the service says so and nothing vanishes silently.
    for number in numbers[: MOST_POINTS + 1]:
        start = f"point-{number}-"
        yield PointInput(
            provision=data.get(f"{start}provision", ""),
            stance=data.get(f"{start}stance", ""),
            ask=data.get(f"{start}ask", ""),
            evidence=list(_sources(data, start)),
            files=data.getlist(f"{start}file")[:MOST_FILES],
            quote=data.get(f"{start}quote", ""),
            nth=_number(data.get(f"{start}nth", "")),
            **{name: data.get(start + name, "") for name in TEXTS},
        )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _replies(data: QueryDict) -> Iterator[ReplyInput]:
    numbers = sorted(int(found[1]) for name in data if (found := REPLY.fullmatch(name)))
    for number in numbers[: MOST_REPLIES + 1]:
        start = f"reply-{number}-"
        yield ReplyInput(
            submission=data.get(f"{start}submission", ""),
            part=data.get(f"{start}part", ""),
            kind=data.get(f"{start}kind", ""),
            text=data.get(f"{start}text", ""),
            evidence=list(_sources(data, start)),
        )


def _sources(data: QueryDict, start: str) -> Iterator[EvidenceInput]:
    addresses = data.getlist(f"{start}evidence")
    titles = data.getlist(f"{start}evidence-title")
    for address, title in zip_longest(addresses[: MOST_POINTS + 1], titles, fillvalue=""):
        if address.strip() or title.strip():
            yield EvidenceInput(address.strip(), title.strip())
