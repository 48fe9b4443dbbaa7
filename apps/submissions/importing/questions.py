"""Which question a row of a source answers: one there is, the general one, or a new one."""

import hashlib

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.consultations.models import Consultation, Question
from apps.consultations.services import QuestionInput, add_question

GENERAL_QUESTION = "comment"
LONGEST_KEY = 80
MOST_QUESTIONS = 500  # a file that names more has something else in that column


class Questions:
    """Finds questions by key or text and adds what a source names besides; lists the new ones.

    are_asked  whether new ones are asked of everybody from then on, or archived at once
    """

    def __init__(self, consultation: Consultation, *, are_asked: bool = True) -> None:
        self._consultation = consultation
        self._are_asked = are_asked
        there = list(consultation.questions.order_by("-position"))
        self._by_key = {question.key: question.pk for question in there}
        # The first of questions with the same text is the one that is meant.
        self._by_text = {question.text: question.pk for question in there}
        self._named: set[str] = set()
        self.new: list[str] = []

    def has_room_for(self, value: str) -> bool:
        """Return whether a source may name this question: not after too many others."""
        if len(self._named) < MOST_QUESTIONS:
            self._named.add(value)
        return value in self._named

    def find(self, value: str) -> int:
        """Return the id of the question a source calls by this key or text, made where needed.

        To be called with the consultation locked: nobody else may make the same one meanwhile.
        """
        if not value:
            return self._known(GENERAL_QUESTION) or self._add(GENERAL_QUESTION, _("Comment"))
        return self._known(value) or self._add(self._new_key(value), value)

    def _known(self, value: str) -> int | None:
        found = self._by_key.get(value) or self._by_text.get(value)
        if found is None:  # an import beside this one may have made it
            there = self._consultation.questions.filter(Q(key=value) | Q(text=value))
            for question in there.order_by("-position"):
                self._by_key[question.key] = self._by_text[question.text] = found = question.pk
        return found

    def _new_key(self, value: str) -> str:
        """Return a key made from the words; where they are taken or give none, with a digest."""
        key = slugify(value)[:LONGEST_KEY]
        is_taken = self._consultation.questions.filter(key=key).exists()
        if key and key != GENERAL_QUESTION and not is_taken:
            return key
        digest = hashlib.blake2b(value.encode(), digest_size=4).hexdigest()
        return f"{key[: LONGEST_KEY - 9] or 'question'}-{digest}"

    def _add(self, key: str, text: str) -> int:
        question: Question = add_question(self._consultation, QuestionInput(key=key, text=text))
        if not self._are_asked:
            question.archived_at = timezone.now()
            question.save(update_fields=["archived_at"])
        self._by_key[key] = self._by_text[text] = question.pk
        self.new.append(text)
        return question.pk
