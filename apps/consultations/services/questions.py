"""What is asked: questions written, changed, put in order, taken out or archived."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from django.db import transaction
from django.db.models import Count, ProtectedError, Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.audit import services as audit
from apps.consultations.inputs import QuestionInput
from apps.consultations.models import Consultation, DraftProvision, Provision, Question, Stance
from apps.consultations.services.creating import add_choices, add_question
from apps.consultations.services.editing import (
    Problems,
    check_line,
    check_text,
    editable,
    refuse,
)
from apps.core.errors import DomainError

MOST_ASKED = 200
MOST_CHOICES = 50
LONGEST_QUESTION = 2_000
Kind = Question.Kind
WITH_CHOICES = (Kind.SINGLE, Kind.MULTIPLE)
# A text can be anything, so no condition can be put on it.
CONDITIONAL_ON = (Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.STANCE)
WORDS = ("text", "kind", "choices", "scale_low", "scale_high")


class AlreadyAnswered(DomainError):
    """An answer is to the words that were asked; these cannot change under it."""

    code = "already_answered"


class QuestionIsNeeded(DomainError):
    """Another question is asked depending on this one."""

    code = "question_is_needed"


@transaction.atomic
def write_question(consultation: Consultation, entered: QuestionInput, *, by: Any) -> Question:
    """Append a question; its key is made from its words where none is given.

    raises  NotAllowed, InvalidEntry
    """
    locked = editable(consultation, by)
    there = list(locked.questions.order_by("position").prefetch_related("choices"))
    entered = replace(entered, choices=keyed_choices(entered.choices))
    _check(locked, entered, earlier=[one for one in there if not one.archived_at], there=there)
    key = entered.key or _fresh_key(entered.text, {one.key for one in there})
    question = add_question(locked, replace(entered, key=key))
    audit.record("question.added", subject=locked.slug, actor=by, detail={"question": key})
    return question


@transaction.atomic
def change_question(question: Question, entered: QuestionInput, *, by: Any) -> Question:
    """Change a question; once somebody answered it, only what does not change its meaning.

    raises  NotAllowed, InvalidEntry; AlreadyAnswered for other words, kind or choices
    """
    locked = editable(question.consultation, by)
    held = locked.questions.select_for_update().get(pk=question.pk)
    there = list(locked.questions.asked().order_by("position").prefetch_related("choices"))
    earlier = [one for one in there if one.position < held.position]
    entered = replace(entered, key=held.key, choices=keyed_choices(entered.choices, held))
    _check(locked, entered, earlier=earlier, there=[])
    changed = [field.name for field in fields(entered) if _differs(held, entered, field.name)]
    if not changed:
        return held
    _require_unanswered(held, changed)
    for name in changed:
        if name != "choices":
            value = getattr(entered, name)
            setattr(held, name, value if isinstance(value, (str, bool)) else list(value))
    held.save()
    if "choices" in changed:
        held.choices.all().delete()
        add_choices(held, entered.choices)
    detail = {"question": held.key, "fields": changed}
    audit.record("question.changed", subject=locked.slug, actor=by, detail=detail)
    return held


@transaction.atomic
def remove_question(question: Question, *, by: Any) -> bool:
    """Take a question out; one with answers is archived: it is asked no more, its answers stay.

    returns  whether it was archived
    raises   NotAllowed; QuestionIsNeeded where another one depends on it
    """
    locked = editable(question.consultation, by)
    held = locked.questions.select_for_update().get(pk=question.pk)
    dependent = locked.questions.asked().filter(condition_key=held.key).first()
    if dependent:
        told = _("“%(question)s” is asked depending on this one. Change its condition first.")
        raise QuestionIsNeeded(told % {"question": dependent.text[:80]})
    key = held.key
    try:
        with transaction.atomic():
            held.delete()
        kind = "question.removed"
    except ProtectedError:
        Question.objects.filter(pk=question.pk, archived_at=None).update(archived_at=timezone.now())
        kind = "question.archived"
    audit.record(kind, subject=locked.slug, actor=by, detail={"question": key})
    return kind == "question.archived"


@transaction.atomic
def restore_question(question: Question, *, by: Any) -> None:
    """Ask an archived question again, with the answers it was given."""
    locked = editable(question.consultation, by)
    locked.questions.filter(pk=question.pk).update(archived_at=None)
    detail = {"question": question.key}
    audit.record("question.restored", subject=locked.slug, actor=by, detail=detail)


@transaction.atomic
def move_question(question: Question, *, earlier: bool, by: Any) -> None:
    """Put a question one place earlier or later; a condition stays behind what it depends on.

    raises  NotAllowed, QuestionIsNeeded
    """
    locked = editable(question.consultation, by)
    there = list(locked.questions.asked().order_by("position"))
    place = next((n for n, one in enumerate(there) if one.pk == question.pk), None)
    other = None if place is None else place + (-1 if earlier else 1)
    if place is None or other is None or not 0 <= other < len(there):
        return
    first, second = sorted((place, other))
    if there[second].condition_key == there[first].key:
        raise QuestionIsNeeded(_("A question stays behind the one it depends on."))
    there[first].position, there[second].position = there[second].position, there[first].position
    Question.objects.bulk_update([there[first], there[second]], ["position"])


def keyed_choices(
    choices: Sequence[tuple[str, str]], question: Question | None = None
) -> list[tuple[str, str]]:
    """Return choices with keys: as they were where the words are the same, else from the words."""
    known = {one.label: one.key for one in question.choices.all()} if question else {}
    keyed: list[tuple[str, str]] = []
    for key, label in choices:
        wanted = key or known.get(label.strip(), "") or _stem(label, "choice")
        keyed.append((_free(wanted, {one for one, _label in keyed}), label.strip()))
    return keyed


def _check(
    consultation: Consultation,
    entered: QuestionInput,
    *,
    earlier: Sequence[Question],
    there: Sequence[Question],
) -> None:
    problems: Problems = defaultdict(list)
    check_text(problems, "text", entered.text, most=LONGEST_QUESTION, is_needed=True)
    check_text(problems, "hint", entered.hint, most=LONGEST_QUESTION)
    for name in ("scale_low", "scale_high"):
        check_line(problems, name, getattr(entered, name), most=100)
    if entered.kind not in Kind.values:
        problems["kind"].append(_("Choose how it is answered."))
    if not set(entered.groups) <= set(StakeholderGroup.values):
        problems["groups"].append(_("Choose the groups from the list."))
    if entered.key and (len(entered.key) > 80 or slugify(entered.key) != entered.key):
        problems["key"].append(_("A key is made of small letters, digits and hyphens."))
    if entered.key and entered.key in {one.key for one in there}:
        problems["key"].append(_("Another question has this key."))
    if len(there) >= MOST_ASKED:
        problems["text"].append(_("There can be %(most)s questions.") % {"most": MOST_ASKED})
    if entered.provision_key and not _has_provision(consultation, entered.provision_key):
        problems["provision_key"].append(_("The text has no such provision."))
    _check_choices(problems, entered)
    _check_condition(problems, entered, earlier)
    refuse(problems)


def _check_choices(problems: Problems, entered: QuestionInput) -> None:
    if entered.kind not in WITH_CHOICES:
        if entered.choices:
            problems["choices"].append(_("Only questions with choices offer choices."))
        return
    labels = [label for _key, label in entered.choices]
    if len(labels) < 2:
        problems["choices"].append(_("Offer at least two choices, one in each line."))
    if len(labels) > MOST_CHOICES:
        problems["choices"].append(_("Offer %(most)s choices or fewer.") % {"most": MOST_CHOICES})
    if len(set(labels)) < len(labels):
        problems["choices"].append(_("Two choices say the same."))
    for label in labels:
        check_line(problems, "choices", label, most=300, is_needed=True)


def _check_condition(
    problems: Problems, entered: QuestionInput, earlier: Sequence[Question]
) -> None:
    if not entered.condition_key:
        if entered.condition_values:
            problems["condition_key"].append(_("Choose the question it depends on."))
        return
    on = next((one for one in earlier if one.key == entered.condition_key), None)
    if on is None or on.kind not in CONDITIONAL_ON:
        told = _("It can depend on an earlier question with choices, a scale or a stance.")
        problems["condition_key"].append(told)
        return
    possible = set(values_of(on))
    if not entered.condition_values or not set(entered.condition_values) <= possible:
        problems["condition_values"].append(_("Choose at least one answer of that question."))


def values_of(question: Question) -> list[str]:
    """Return what a question can be answered by, as conditions name it."""
    if question.kind == Kind.SCALE:
        return [str(number) for number in Question.SCALE]
    if question.kind == Kind.STANCE:
        return list(Stance.values)
    return [choice.key for choice in question.choices.all()]


def _has_provision(consultation: Consultation, key: str) -> bool:
    if key == Question.WHOLE_TEXT:
        return True
    published = Provision.objects.filter(version__document__consultation=consultation, key=key)
    drafted = DraftProvision.objects.filter(document__consultation=consultation, key=key)
    return published.exists() or drafted.exists()


def _differs(held: Question, entered: QuestionInput, name: str) -> bool:
    new = getattr(entered, name)
    if name == "choices":
        return [(one.key, one.label) for one in held.choices.all()] != list(new)
    old = getattr(held, name)
    return bool(old != (new if isinstance(new, (str, bool)) else list(new)))


def answered_by(question: Question) -> int | None:
    """Return how many responses answer a question, drafts too; None where it never was answered.

    A response that was revised counts once.
    """
    # The app of answers lies above this one; the database knows both.
    held = Question.objects.filter(pk=question.pk, answers__isnull=False)
    if not held.exists():
        return None
    newest = ~Q(answers__submission__state="superseded")
    counted = Count("answers__submission", distinct=True, filter=newest)
    return int(held.aggregate(n=counted)["n"])


def _require_unanswered(held: Question, changed: Sequence[str]) -> None:
    if set(changed).isdisjoint(WORDS):
        return
    if answered_by(held) is not None:
        raise AlreadyAnswered(
            _(
                "Somebody has answered this question, and an answer is to the words that were"
                " asked. Archive it and ask a new one; hint, groups and order can still change."
            )
        )


def _fresh_key(text: str, taken: set[str]) -> str:
    return _free(_stem(text, "question"), taken)


def _stem(text: str, otherwise: str) -> str:
    return slugify(text)[:40].strip("-") or otherwise


def _free(stem: str, taken: set[str]) -> str:
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
