"""Loads records in chunks, each in one transaction: killed at any point, nothing is there twice."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.groups import StakeholderGroup
from apps.analysis.language import detect_language
from apps.audit import services as audit
from apps.consultations.models import Consultation, Question
from apps.consultations.services import QuestionInput, add_question
from apps.submissions import passages, tallies
from apps.submissions.importing.records import Record
from apps.submissions.models import Answer, GroupLabel, Submission

GENERAL_QUESTION = "comment"
ROWS_PER_CHUNK = 1_000
CHARACTERS_PER_CHUNK = 4_000_000
ENOUGH_TO_DETECT = 400
Place = tuple[str, int, int]  # reference, question id, number


@dataclass
class Outcome:
    """What an import did; `conflicts` are rows whose reference holds other words already."""

    submissions: int = 0
    texts: int = 0
    already_there: int = 0
    unknown_labels: Counter[str] = field(default_factory=Counter)
    undeclared: int = 0
    new_questions: list[str] = field(default_factory=list)
    conflicts: list[Record] = field(default_factory=list)


class Loader:
    """Takes in records of one file into one consultation."""

    def __init__(self, consultation: Consultation, *, has_questions: bool, digest: str) -> None:
        self.outcome = Outcome()
        self._consultation = consultation
        self._has_questions = has_questions
        self._digest = digest
        self._chunk: list[tuple[Record, str]] = []
        self._characters = 0
        self._seen: Counter[bytes] = Counter()
        self._questions = {q.key: q for q in consultation.questions.all()}
        self._question_keys: dict[str, str] = {}
        self._groups = {
            label.casefold(): group
            for label, group in consultation.group_labels.values_list("label", "group")
        } | {group.value: group.value for group in StakeholderGroup}

    def add(self, record: Record) -> None:
        """Take a record; it is stored with its chunk."""
        self._chunk.append((record, record.reference or self._made_reference(record)))
        self._characters += len(record.text)
        if len(self._chunk) >= ROWS_PER_CHUNK or self._characters >= CHARACTERS_PER_CHUNK:
            self.flush()

    def flush(self) -> None:
        """Store the chunk in one transaction."""
        chunk, self._chunk, self._characters = self._chunk, [], 0
        if chunk:
            _Chunk(self, chunk).store()

    def question_of(self, record: Record) -> Question:
        """Return the question a record answers, made where the source names a new one."""
        value = record.question if self._has_questions else ""
        key = self._question_keys.get(value)
        if key is None:
            key = slugify(value)[:80] or GENERAL_QUESTION
            self._question_keys[value] = key
        if key not in self._questions:
            text = value or _("Your comment")
            self._questions[key] = add_question(
                self._consultation, QuestionInput(key=key, text=text)
            )
            self.outcome.new_questions.append(text)
        return self._questions[key]

    def group_of(self, record: Record) -> str:
        """Return the stakeholder group of a declared label; unknown ones are other, and listed."""
        if not record.group:
            self.outcome.undeclared += 1
            return StakeholderGroup.OTHER
        group = self._groups.get(record.group.casefold())
        if group is None:
            self.outcome.unknown_labels[record.group] += 1
            return StakeholderGroup.OTHER
        return group

    def number_of(self, reference: str, question: Question) -> int:
        """Return which text of a submission to a question this is, counted through the file."""
        if not self._has_questions:
            return 1
        key = hashlib.blake2b(f"{reference}\0{question.pk}".encode(), digest_size=12).digest()
        self._seen[key] += 1
        return self._seen[key]

    def _made_reference(self, record: Record) -> str:
        """Return a reference from the content: the same file gives the same references again."""
        told = (record.text, record.organisation, record.group, record.title, record.question)
        digest = hashlib.blake2b("\0".join(told).encode(), digest_size=12)
        self._seen[digest.digest()] += 1
        return f"row-{digest.hexdigest()}-{self._seen[digest.digest()]}"

    @property
    def consultation(self) -> Consultation:
        """The consultation records go into."""
        return self._consultation

    @property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return self._digest


class _Chunk:
    """One transaction of a load."""

    def __init__(self, loader: Loader, rows: Sequence[tuple[Record, str]]) -> None:
        self._loader, self._rows = loader, rows
        self._consultation = loader.consultation

    @transaction.atomic
    def store(self) -> None:
        submissions, texts = self._existing()
        new = self._new_submissions(set(submissions))
        created = Submission.objects.bulk_create(new.values(), batch_size=1_000)
        submissions |= {str(one.reference): one for one in created}
        answers = self._new_answers(submissions, texts)
        stored = Answer.objects.bulk_create(answers, batch_size=1_000)
        languages = {one.pk: one.language for one in submissions.values()}
        passages.store(
            row
            for answer in stored
            for row in passages.rows_of_answer(answer, language=languages[answer.submission_id])
        )
        self._count(created, stored, submissions)
        self._loader.outcome.submissions += len(created)
        self._loader.outcome.texts += len(stored)
        if created or stored:
            self._record(created, len(stored))

    def _existing(self) -> tuple[dict[str, Submission], dict[Place, str]]:
        found = Submission.objects.filter(
            consultation=self._consultation, reference__in={ref for _record, ref in self._rows}
        ).only("pk", "reference", "language", "group", "weight")
        submissions = {str(one.reference): one for one in found}
        answers = Answer.objects.filter(submission__in=list(submissions.values()))
        texts = {
            (reference, question, number): text
            for reference, question, number, text in answers.values_list(
                "submission__reference", "question_id", "number", "text"
            )
        }
        return submissions, texts

    def _new_submissions(self, known: Iterable[str]) -> dict[str, Submission]:
        new: dict[str, Submission] = {}
        now = timezone.now()
        for record, reference in self._rows:
            if reference not in known and reference not in new:
                new[reference] = self._submission(record, reference, now)
        return new

    def _submission(self, record: Record, reference: str, now: Any) -> Submission:
        language = record.language or _language_of(record.text[:ENOUGH_TO_DETECT])
        state = Submission.State
        return Submission(
            consultation=self._consultation,
            reference=reference,
            state=state.WITHDRAWN if record.is_withdrawn else state.SUBMITTED,
            source=Submission.Source.IMPORT,
            organisation_name=record.organisation,
            group=self._loader.group_of(record),
            declared_label=record.group,
            title=record.title,
            language=language or self._consultation.language,
            country=record.country,
            weight=record.weight,
            attachments_declared=min(record.attachments, 32_000),
            source_url=record.source_url,
            submitted_at=record.submitted_at or now,
            is_dated=record.submitted_at is not None,
            created_at=now,
        )

    def _new_answers(
        self, submissions: dict[str, Submission], texts: dict[Place, str]
    ) -> list[Answer]:
        answers = []
        for record, reference in self._rows:
            if not record.text:
                # An attachment or a withdrawn comment: the submission is all there is.
                continue
            question = self._loader.question_of(record)
            place = (reference, question.pk, self._loader.number_of(reference, question))
            if place in texts:
                if texts[place] == record.text:
                    self._loader.outcome.already_there += 1
                else:
                    self._loader.outcome.conflicts.append(
                        replace(record, reference=reference, text=record.text[:200])
                    )
                continue
            texts[place] = record.text
            answers.append(
                Answer(
                    submission=submissions[reference],
                    question=question,
                    number=place[2],
                    text=record.text,
                )
            )
        return answers

    def _count(
        self,
        created: Sequence[Submission],
        answers: Sequence[Answer],
        submissions: dict[str, Submission],
    ) -> None:
        added: dict[str, dict[int | None, tuple[int, int]]] = defaultdict(dict)
        for one in created:
            n, letters = added[one.group].get(None, (0, 0))
            added[one.group][None] = (n + 1, letters + one.weight)
        for answer in answers:
            if answer.number > 1:
                continue  # a further text of somebody who is counted for this question already
            one = answer.submission
            n, letters = added[one.group].get(answer.question_id, (0, 0))
            added[one.group][answer.question_id] = (n + 1, letters + one.weight)
        for group in sorted(added):
            tallies.add_to_group(self._consultation.pk, group, added[group])

    def _record(self, created: Sequence[Submission], texts: int) -> None:
        references = "\n".join(sorted(str(one.reference) for one in created))
        audit.record(
            "submissions.imported",
            subject=self._consultation.slug,
            detail={
                "file": self._loader.digest,
                "submissions": len(created),
                "texts": texts,
                "references": hashlib.sha256(references.encode()).hexdigest(),
            },
        )


@lru_cache(maxsize=4_096)  # letters of a campaign begin alike
def _language_of(text: str) -> str:
    return detect_language(text)


@transaction.atomic
def save_labels(consultation: Consultation, labels: dict[str, str]) -> None:
    """Store or change what declared categories stand for; `labels` maps label to group."""
    GroupLabel.objects.bulk_create(
        (
            GroupLabel(consultation=consultation, label=label, group=group)
            for label, group in labels.items()
        ),
        update_conflicts=True,
        unique_fields=["consultation", "label"],
        update_fields=["group"],
    )
    audit.record("labels.saved", subject=consultation.slug, detail={"labels": len(labels)})
