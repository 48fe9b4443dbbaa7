"""From the rows of an uploaded table to records, as a plan says; a bad row says why it is one."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.consultations.models import Consultation, Question, Stance
from apps.submissions.importing import known
from apps.submissions.importing.planning import DAY_FIRST, MONTH_FIRST, Plan
from apps.submissions.importing.readers import Row
from apps.submissions.importing.records import Record, Rejected, check_cells, record_from
from apps.submissions.importing.rejects import without_quote
from apps.submissions.importing.sources import COMMENT_PAGE, DOCUMENT_ID

TRUE = frozenset(["1", "true", "yes", "y"])
# Either may be the day; what needs no order is read by in_numbers.
NUMBERED_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(.*)", re.DOTALL)
BETWEEN_CHOICES = re.compile(r"[;|\n]")
STANCES = {
    "for": Stance.SUPPORT,
    "infavour": Stance.SUPPORT,
    "infavor": Stance.SUPPORT,
    "agree": Stance.SUPPORT,
    "yes": Stance.SUPPORT,
    "supportwithamendments": Stance.SUPPORT_WITH_CHANGES,
    "against": Stance.OPPOSE,
    "disagree": Stance.OPPOSE,
    "no": Stance.OPPOSE,
    "noopinion": Stance.CANNOT_SAY,
    "dontknow": Stance.CANNOT_SAY,
}


class Mapped(NamedTuple):
    """One row: the records it gives, all of one submission, or why it is rejected."""

    line: int
    found: list[Record] | Rejected


class Reading:
    """Reads the rows of one table, each once and in order."""

    def __init__(self, consultation: Consultation, plan: Plan) -> None:
        self._plan = plan
        self._questions = {
            question.key: question
            for question in consultation.questions.prefetch_related("choices")
            if question.key in plan.answers
        }
        self._lines: dict[str, int] = {}
        self._made: Counter[str] = Counter()
        with override("en"):
            self._stances = {known.bare(str(one.label)): one for one in Stance}
        self._stances |= {known.bare(str(one.label)): one for one in Stance}
        self._stances |= {one.value: one for one in Stance} | STANCES

    def read(self, rows: Iterator[Row]) -> Iterator[Mapped]:
        """Yield what each row holds."""
        for row in rows:
            if row.problem:
                yield Mapped(row.line, row.problem)
                continue
            try:
                yield Mapped(row.line, self._records(row))
            except Rejected as problem:
                yield Mapped(row.line, problem)

    def _records(self, row: Row) -> list[Record]:
        cells = {
            name: without_quote(str(row.cells.get(column, "")))
            for name, column in self._plan.fields.items()
        }
        is_withdrawn = cells.pop("withdrawn", "").strip().casefold() in TRUE
        attachments = _count(cells.pop("attachments", ""))
        stance = "" if is_withdrawn else self._stance(cells.pop("stance", ""))
        cells.pop("stance", "")
        answers = [] if is_withdrawn else list(self._answers(row))
        has_text = bool(cells.get("text", "").strip()) and not is_withdrawn
        if not (has_text or answers or stance or attachments or is_withdrawn):
            raise Rejected(_("the text is missing"))
        if "submitted_at" in cells:
            cells["submitted_at"] = self._in_order(cells["submitted_at"].strip())
        whole = record_from(row.line, {"text": "", **cells}, has_text=has_text)
        reference = self._reference(whole, answers)
        whole = replace(
            whole,
            reference=reference,
            stance=stance,
            attachments=attachments,
            is_withdrawn=is_withdrawn,
            source_url=self._address(reference),
        )
        own = [whole] if whole.is_answer or not answers else []
        return own + [_answered(whole, answer) for answer in answers]

    def _reference(self, whole: Record, answers: list[Record]) -> str:
        """Return the reference of a row, made from its content where it has none.

        raises  Rejected where another row has it and each is a submission of its own
        """
        if self._plan.answers and not whole.reference:
            told = [whole.text, whole.organisation, whole.group, whole.title]
            told += [f"{a.question}={a.text}{a.stance}{a.scale}{a.choices}" for a in answers]
            digest = hashlib.blake2b("\0".join(told).encode(), digest_size=12).hexdigest()
            self._made[digest] += 1
            return f"row-{digest}-{self._made[digest]}"
        if self._plan.answers and "question" not in self._plan.fields:
            first = self._lines.setdefault(whole.reference, whole.line)
            if first != whole.line:
                raise Rejected(_("line %(line)s has the same reference") % {"line": first})
        return whole.reference

    def _address(self, reference: str) -> str:
        is_known = self._plan.source == known.REGULATIONS_GOV and DOCUMENT_ID.fullmatch(reference)
        return COMMENT_PAGE + reference if is_known else ""

    def _in_order(self, value: str) -> str:
        """Return a date with the year first; raise Rejected where nobody said which is the day."""
        found = NUMBERED_DATE.fullmatch(value)
        if not found:
            return value
        if self._plan.date_order not in (DAY_FIRST, MONTH_FIRST):
            raise Rejected(
                _("“%(value)s” does not begin with the year; choose its order: %(setting)s")
                % {"value": value[:40], "setting": _("How dates are written")}
            )
        day, month = found[1], found[2]
        if self._plan.date_order == MONTH_FIRST:
            day, month = month, day
        return f"{found[3]}-{month:0>2}-{day:0>2}{found[4]}"

    def _stance(self, value: str) -> str:
        if not value.strip():
            return ""
        stance = self._stances.get(known.bare(value)) or self._stances.get(value.strip())
        if stance is None:
            raise Rejected(
                _("“%(value)s” is no stance; write one of: %(stances)s")
                % {"value": value.strip()[:80], "stances": ", ".join(Stance.values)}
            )
        return str(stance.value)

    def _answers(self, row: Row) -> Iterator[Record]:
        for key, question in self._questions.items():
            column = self._plan.answers[key]
            value = without_quote(str(row.cells.get(column, "")))
            if value.strip():
                check_cells({column[:80]: value})
                yield self._answer(row.line, question, value.replace("\r\n", "\n"))

    def _answer(self, line: int, question: Question, value: str) -> Record:
        kind = Question.Kind
        if question.kind == kind.SCALE:
            return Record(line, "", question=question.key, scale=_scale(value.strip(), question))
        if question.kind == kind.STANCE:
            return Record(line, "", question=question.key, stance=self._stance(value))
        if question.kind in (kind.SINGLE, kind.MULTIPLE):
            return Record(line, "", question=question.key, choices=_choices(value, question))
        return Record(line, value, question=question.key)


def _answered(whole: Record, answer: Record) -> Record:
    return replace(
        whole,
        text=answer.text,
        question=answer.question,
        stance=answer.stance,
        scale=answer.scale,
        choices=answer.choices,
    )


def _count(value: str) -> int:
    """Return how many attachments a cell names: a number, or addresses with commas between."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return int(value) if len(value) < 6 else 0
    return len([part for part in re.split(r"[,;\s]+", value) if part])


def _scale(value: str, question: Question) -> int:
    if (
        not value.isascii()
        or not value.isdigit()
        or len(value) > 1
        or int(value) not in Question.SCALE
    ):
        raise Rejected(
            _("“%(value)s” is no number from 1 to 5, for the question “%(question)s”")
            % {"value": value[:80], "question": question.text[:80]}
        )
    return int(value)


def _choices(value: str, question: Question) -> tuple[str, ...]:
    keys: Mapping[str, str] = {}
    for choice in question.choices.all():
        keys = {known.bare(choice.label): choice.key, known.bare(choice.key): choice.key, **keys}
    whole = keys.get(known.bare(value))
    parts = [part for part in BETWEEN_CHOICES.split(value) if part.strip()]
    if question.kind == Question.Kind.MULTIPLE and len(parts) == 1 and whole is None:
        parts = [part for part in value.split(",") if part.strip()]
    found = [whole] if whole else [keys.get(known.bare(part)) for part in parts]
    if None in found or (question.kind == Question.Kind.SINGLE and len(found) != 1):
        raise Rejected(
            _("“%(value)s” is not among the choices of the question “%(question)s”")
            % {"value": value.strip()[:80], "question": question.text[:80]}
        )
    return tuple(sorted({key for key in found if key}))
