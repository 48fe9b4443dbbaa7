"""The response form: what was typed, where each field stands, what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten
from typing import Any

from django.utils.translation import get_language, gettext

from apps.consultations.models import Consultation, Question
from apps.consultations.translating import Reading
from apps.core.display import display_text
from apps.submissions import seeing, steps
from apps.submissions.drafting import Form, provisions_of_today
from apps.submissions.fields import PointField, QuestionField, ReplyField
from apps.submissions.formdata import answer_fields, point_fields
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.models import KeptBack, Point, Reply, Stance, Visibility
from apps.submissions.services.answering import find_targets

LONGEST_NAME = 80  # characters of a question in the error summary


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
            yield from answer_fields(answer)
        for number, point in enumerate(self.content.points):
            if not self._is_shown(point):
                yield from point_fields(number, point)
        if self.step not in ("", steps.SEEN):
            yield from seeing.values(self.content)

    def redactions(self) -> list[seeing.RedactionField]:
        """Return the words to keep back with their errors, and room for one more."""
        return seeing.fields(self.content, self.errors)

    def file_errors(self) -> list[Any]:
        """Return what is wrong with the files, each message naming its file."""
        about = [texts for place, texts in self.errors.items() if place.startswith("attachments.")]
        return [*self.errors.get("files", ()), *(text for texts in about for text in texts)]

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
        texts = self._texts_of_today()
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

    def _texts_of_today(self) -> Mapping[str, str]:
        """Return what provisions say whose words are quoted or put otherwise, by key."""
        points = self.content.points
        keys = {point.provision for point in points if point.quote or point.proposed_text}
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
                between = " " if name.endswith(("?", "؟", "？", ".", "!")) else ": "
                text = f"{name}{between}{message}" if name else str(message)
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
        if kind == "attachments":
            return "files", ""  # the message names the file
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
