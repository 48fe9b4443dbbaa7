"""Loads records in chunks, each in one transaction: killed at any point, nothing is there twice."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.analysis.language import detect_language
from apps.audit import services as audit
from apps.consultations.models import Choice, Consultation
from apps.submissions import passages, tallies, vocabulary
from apps.submissions.importing.labels import Groups
from apps.submissions.importing.questions import MOST_QUESTIONS, Questions
from apps.submissions.importing.records import Record
from apps.submissions.inserting import insert
from apps.submissions.models import Answer, Submission

ROWS_PER_CHUNK = 1_000
CHARACTERS_PER_CHUNK = 4_000_000
LONGEST_REMEMBERED = 5_000
MOST_ATTACHMENTS = 32_000  # what the column holds
State = Submission.State
Place = tuple[int, int, int]  # submission, question, number
Added = dict[str, dict[int | None, tuple[int, int]]]  # group, question, (submissions, letters)
SUBMISSION_COLUMNS = (
    "consultation_id",
    "reference",
    "state",
    "source",
    "organisation_name",
    "group",
    "declared_label",
    "title",
    "language",
    "country",
    "weight",
    "attachments_declared",
    "source_url",
    "submitted_at",
    "is_dated",
    "created_at",
    "updated_at",
)
ANSWER_COLUMNS = ("submission_id", "question_id", "number", "text", "stance", "scale")
PLACE = ("submission_id", "question_id", "number")


class Said(NamedTuple):
    """One answer: its text, and what was chosen."""

    text: str
    stance: str = ""
    scale: int | None = None
    choices: tuple[str, ...] = ()


class Filed(NamedTuple):
    """What must be known of a submission to add a text to it."""

    pk: int
    language: str
    group: str
    weight: int
    source: str
    state: str


@dataclass
class Outcome:
    """What an import did; `already_there` counts rows that add nothing."""

    submissions: int = 0
    texts: int = 0
    already_there: int = 0


class Loader:
    """Takes in the records of one file into one consultation.

    has_questions  rows with the same reference are parts of one submission
    digest         SHA-256 of the file, for the audit log
    reject         called with a record that contradicts what is there, and why
    groups         looks up stakeholder groups; the table of the consultation by default
    """

    def __init__(
        self,
        consultation: Consultation,
        *,
        has_questions: bool,
        digest: str,
        reject: Callable[[Record, str], None],
        groups: Groups | None = None,
        questions: Questions | None = None,
    ) -> None:
        self.outcome = Outcome()
        self.groups = groups or Groups(consultation)
        self.questions = questions or Questions(consultation)
        self.consultation = consultation
        self.digest = digest
        self.reject = reject
        self._has_questions = has_questions
        self._chunk: list[tuple[Record, str]] = []
        self._characters = 0
        self._seen: Counter[bytes] = Counter()
        self._lines: dict[int, int] = {}

    def add(self, record: Record) -> None:
        """Take a record; it is stored with its chunk."""
        if self._has_questions and not self.questions.has_room_for(record.question):
            self.reject(record, _too_many_questions())
            return
        self._chunk.append((record, record.reference or self._made_reference(record)))
        self._characters += len(record.text)
        if len(self._chunk) >= ROWS_PER_CHUNK or self._characters >= CHARACTERS_PER_CHUNK:
            self.flush()

    def flush(self) -> None:
        """Store the chunk in one transaction."""
        chunk, self._chunk, self._characters = self._chunk, [], 0
        if chunk:
            _Chunk(self, chunk).store()

    def finish(self, *, rejected: int) -> None:
        """Store what is left, and record the whole."""
        self.flush()
        audit.record(
            "submissions.import_finished",
            subject=self.consultation.slug,
            detail={
                "file": self.digest,
                "submissions": self.outcome.submissions,
                "texts": self.outcome.texts,
                "already_there": self.outcome.already_there,
                "rejected": rejected,
            },
        )

    def question_of(self, record: Record) -> int:
        """Return the id of the question a record answers."""
        return self.questions.find(record.question if self._has_questions else "")

    def number_of(self, reference: str, question_id: int) -> int:
        """Return which text of a submission to a question this is, counted through the file."""
        if not self._has_questions:
            return 1
        key = hashlib.blake2b(f"{reference}\0{question_id}".encode(), digest_size=12).digest()
        self._seen[key] += 1
        return self._seen[key]

    def first_line_of(self, reference: str, line: int) -> int:
        """Return the line on which a reference stood first, where a file may hold it once only."""
        if self._has_questions:
            return line
        return self._lines.setdefault(hash(reference), line)

    def _made_reference(self, record: Record) -> str:
        """Return a reference from the content: the same file gives the same references again."""
        told = (record.text, record.organisation, record.group, record.title, record.question)
        digest = hashlib.blake2b("\0".join(told).encode(), digest_size=12)
        self._seen[digest.digest()] += 1
        return f"row-{digest.hexdigest()}-{self._seen[digest.digest()]}"


class _Chunk:
    """One transaction of a load."""

    def __init__(self, loader: Loader, rows: list[tuple[Record, str]]) -> None:
        self._loader, self._rows = loader, rows
        self._consultation = loader.consultation
        self._filed: dict[str, Filed] = {}
        self._new: set[str] = set()

    @transaction.atomic
    def store(self) -> None:
        # One chunk at a time for a consultation: a second import of the file waits, then finds
        # that everything is there. Filing does not wait for this kind of lock.
        Consultation.objects.select_for_update(no_key=True).get(pk=self._consultation.pk)
        references = {reference for _record, reference in self._rows}
        self._filed = self._find(references)
        self._new = references - self._filed.keys()
        there = self._texts()
        self._insert_submissions()
        self._filed |= self._find(self._new)
        texts = self._new_texts(there)
        self._insert_texts(texts)
        self._write_vocabularies(texts)
        self._count(texts)
        self._loader.outcome.submissions += len(self._new)
        self._loader.outcome.texts += len(texts)
        if self._new or texts:
            self._record(len(texts))

    def _find(self, references: Iterable[str]) -> dict[str, Filed]:
        found = Submission.objects.of(self._consultation).filter(reference__in=references)
        fields = found.values_list("reference", *Filed._fields)
        return {str(reference): Filed(*values) for reference, *values in fields}

    def _texts(self) -> dict[Place, Said]:
        answers = Answer.objects.filter(submission__in=[one.pk for one in self._filed.values()])
        chosen: dict[Place, list[str]] = defaultdict(list)
        through = answers.filter(choices__isnull=False).order_by("choices__key")
        for *place, choice in through.values_list(*PLACE, "choices__key"):
            chosen[place[0], place[1], place[2]].append(choice)
        found: dict[Place, Said] = {}
        fields = answers.values_list(*PLACE, "text", "stance", "scale")
        for pk, question, number, text, stance, scale in fields:
            place = (pk, question, number)
            found[place] = Said(text, stance, scale, tuple(chosen.get(place, ())))
        return found

    def _insert_submissions(self) -> None:
        now = timezone.now()
        rows: dict[str, tuple[Any, ...]] = {}
        for record, reference in self._rows:
            if reference in self._new and reference not in rows:
                rows[reference] = self._submission(record, reference, now)
        insert(Submission, SUBMISSION_COLUMNS, rows.values())

    def _submission(self, record: Record, reference: str, now: Any) -> tuple[Any, ...]:
        moment = connection.ops.adapt_datetimefield_value
        language = record.language or _language_of(record.text)
        return (
            self._consultation.pk,
            reference,
            str((State.WITHDRAWN if record.is_withdrawn else State.SUBMITTED).value),
            str(Submission.Source.IMPORT.value),
            record.organisation,
            self._loader.groups.take(record.group),
            record.group,
            record.title,
            language or self._consultation.language,
            record.country,
            record.weight,
            min(record.attachments, MOST_ATTACHMENTS),
            record.source_url,
            moment(record.submitted_at or now),
            record.submitted_at is not None,
            moment(now),
            moment(now),
        )

    def _new_texts(self, there: dict[Place, Said]) -> dict[Place, Said]:
        """Return the texts that are not there yet; say what contradicts what is."""
        new: dict[Place, Said] = {}
        begun: set[str] = set()
        for record, reference in self._rows:
            is_first = reference in self._new and reference not in begun
            begun.add(reference)
            first_line = self._loader.first_line_of(reference, record.line)
            if problem := self._contradiction(record, reference, first_line):
                self._loader.reject(record, problem)
                continue
            if not record.is_answer:
                # An attachment or a withdrawn comment: the submission is all there is.
                self._loader.outcome.already_there += not is_first
                continue
            question = self._loader.question_of(record)
            number = self._loader.number_of(reference, question)
            place = (self._filed[reference].pk, question, number)
            known = there.get(place, new.get(place))
            said = Said(record.text, record.stance, record.scale, record.choices)
            if known is None:
                new[place] = said
            elif known == said:
                self._loader.outcome.already_there += 1
            else:
                self._loader.reject(record, _other_text(record, first_line))
        return new

    def _contradiction(self, record: Record, reference: str, first_line: int) -> str:
        filed = self._filed[reference]
        if filed.source != Submission.Source.IMPORT:
            return _("this reference belongs to a submission that was filed here")
        is_withdrawn = filed.state == State.WITHDRAWN
        if record.is_withdrawn and not is_withdrawn:
            return _("withdrawn in the file, but stored here with its words: withdraw it here too")
        if record.is_answer and is_withdrawn:
            return _("stored here as withdrawn, line %(line)s of the file brings words for it") % {
                "line": record.line
            }
        return ""

    def _insert_texts(self, texts: dict[Place, Said]) -> None:
        rows = ((*place, said.text, said.stance, said.scale) for place, said in texts.items())
        insert(Answer, ANSWER_COLUMNS, rows)
        languages = {filed.pk: filed.language for filed in self._filed.values()}
        stored = Answer.objects.filter(submission__in={pk for pk, _q, _n in texts}).order_by("id")
        places = list(stored.values_list("id", *PLACE))
        self._insert_choices(places, texts)
        passages.store(
            row
            for answer, submission, question, number in places
            if (said := texts.get((submission, question, number))) is not None
            for row in passages.rows_of_text(
                said.text, languages[submission], submission=submission, answer=answer
            )
        )

    def _insert_choices(
        self, answers: Iterable[tuple[int, int, int, int]], texts: dict[Place, Said]
    ) -> None:
        if not any(said.choices for said in texts.values()):
            return
        offered = Choice.objects.filter(question__consultation=self._consultation)
        keys = {(q, key): pk for pk, q, key in offered.values_list("pk", "question_id", "key")}
        through = Answer.choices.through
        through.objects.bulk_create(
            through(answer_id=answer, choice_id=keys[question, key])
            for answer, submission, question, number in answers
            for key in texts.get((submission, question, number), Said("")).choices
        )

    def _write_vocabularies(self, texts: dict[Place, Said]) -> None:
        new: dict[int, list[str]] = {}
        for record, reference in self._rows:
            if reference in self._new:
                new.setdefault(self._filed[reference].pk, [reference, record.organisation])
        changed = set()
        for (pk, _question, _number), said in texts.items():
            if pk in new:
                new[pk].append(said.text)
            else:
                changed.add(pk)
        vocabulary.store(new)
        vocabulary.write(sorted(changed))

    def _count(self, texts: Iterable[Place]) -> None:
        added: Added = defaultdict(dict)
        by_pk = {filed.pk: filed for filed in self._filed.values()}
        for reference in self._new:
            _add(added, self._filed[reference], None)
        for pk, question, number in texts:
            if number == 1:  # a further text is of somebody who is counted for this question
                _add(added, by_pk[pk], question)
        for group in sorted(added):
            tallies.add_to_group(self._consultation.pk, group, added[group])

    def _record(self, texts: int) -> None:
        references = "\n".join(sorted(self._new))
        audit.record(
            "submissions.imported",
            subject=self._consultation.slug,
            detail={
                "file": self._loader.digest,
                "submissions": len(self._new),
                "texts": texts,
                "references": hashlib.sha256(references.encode()).hexdigest(),
            },
        )


def _add(added: Added, filed: Filed, question: int | None) -> None:
    submissions, letters = added[filed.group].get(question, (0, 0))
    added[filed.group][question] = (submissions + 1, letters + filed.weight)


def _too_many_questions() -> str:
    return _("the file names more than %(most)s questions; is “question” the right column?") % {
        "most": MOST_QUESTIONS
    }


def _other_text(record: Record, first_line: int) -> str:
    if first_line != record.line:
        return _("line %(line)s has the same reference with another text") % {"line": first_line}
    return _("this reference is there already, with another text")


def _language_of(text: str) -> str:
    # Letters of a campaign are copies; long texts are not kept, so that memory stays small.
    detect = _detect_once if len(text) <= LONGEST_REMEMBERED else detect_language
    return detect(text)


_detect_once = lru_cache(maxsize=1_024)(detect_language)
