"""Which question a row of a source answers: one there is, the general one, or a new one."""

import hashlib

from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.consultations.models import Consultation, Question
from apps.consultations.services import QuestionInput, add_question

GENERAL_QUESTION = "comment"
LONGEST_KEY = 80


class Questions:
    """Finds questions by key or text and adds what a source names besides; lists the new ones."""

    def __init__(self, consultation: Consultation) -> None:
        self._consultation = consultation
        there = list(consultation.questions.order_by("-position"))
        self._by_key = {question.key: question.pk for question in there}
        # The first of questions with the same text is the one that is meant.
        self._by_text = {question.text: question.pk for question in there}
        self.new: list[str] = []

    def find(self, value: str) -> int:
        """Return the id of the question a source calls by this key or text, made where needed."""
        if not value:
            return self._by_key.get(GENERAL_QUESTION) or self._add(
                GENERAL_QUESTION, _("Your comment")
            )
        found = self._by_key.get(value) or self._by_text.get(value)
        return found or self._add(self._new_key(value), value)

    def _new_key(self, value: str) -> str:
        """Return a key made from the words; where they are taken or give none, with a digest."""
        key = slugify(value)[:LONGEST_KEY]
        if key and key not in self._by_key and key != GENERAL_QUESTION:
            return key
        digest = hashlib.blake2b(value.encode(), digest_size=4).hexdigest()
        return f"{key[: LONGEST_KEY - 9] or 'question'}-{digest}"

    def _add(self, key: str, text: str) -> int:
        question: Question = add_question(self._consultation, QuestionInput(key=key, text=text))
        self._by_key[key] = self._by_text[text] = question.pk
        self.new.append(text)
        return question.pk
