"""By what a list of submissions can be narrowed; nothing else is a filter."""

from typing import ClassVar

import django_filters

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Question
from apps.submissions.models import Submission, SubmissionQuerySet


class SubmissionFilters(django_filters.FilterSet):
    # First: it looks at the newest rows, and few of them may be left by the others.
    q = django_filters.CharFilter(
        method="by_words", max_length=200, label="Words that all occur in its texts or names."
    )
    group = django_filters.ChoiceFilter(choices=StakeholderGroup.choices)
    question = django_filters.CharFilter(
        method="by_question", max_length=80, label="Key of a question it answers."
    )

    class Meta:
        model = Submission
        fields: ClassVar[list[str]] = []

    def by_question(self, rows: SubmissionQuerySet, name: str, value: str) -> SubmissionQuerySet:
        del name
        slug = self.request.parser_context["kwargs"]["slug"]
        question = Question.objects.filter(consultation__slug=slug, key=value).first()
        return rows.answering(question) if question else rows.none()

    def by_words(self, rows: SubmissionQuerySet, name: str, value: str) -> SubmissionQuerySet:
        del name
        return rows.containing(value)
