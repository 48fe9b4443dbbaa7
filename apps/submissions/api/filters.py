"""By what a list of submissions can be narrowed; nothing else is a filter."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.utils import timezone

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Question
from apps.submissions.models import Stance, Submission, SubmissionQuerySet


class YesNoField(forms.Field):
    """True or false; what is neither is refused, where Django would take it for not asked."""

    known: ClassVar[dict[str, bool | None]] = {"": None, "true": True, "false": False}

    def to_python(self, value: Any) -> bool | None:
        text = str(value or "").lower()
        if text not in self.known:
            told = forms.ChoiceField.default_error_messages["invalid_choice"]
            raise forms.ValidationError(told, params={"value": text})
        return self.known[text]


class YesNoFilter(django_filters.BooleanFilter):
    """Asks for `true` or `false`."""

    field_class = YesNoField


class SaidFilters(django_filters.FilterSet):
    """By what submissions of all consultations can be narrowed."""

    # First: it looks at the newest rows, and few of them may be left by the others.
    q = django_filters.CharFilter(
        method="by_words", max_length=200, label="Words that all occur in its texts or names."
    )
    group = django_filters.ChoiceFilter(choices=StakeholderGroup.choices)
    stance = django_filters.ChoiceFilter(
        choices=Stance.choices,
        method="by_point",
        label="Stance of one of its points or answers; with a provision, of a point on it.",
    )
    organisation = django_filters.CharFilter(
        method="by_organisation",
        max_length=200,
        label="Slug of the organisation, or words of its name.",
    )
    verified = YesNoFilter(method="by_verified", label="Whether the organisation is verified now.")

    class Meta:
        model = Submission
        fields: ClassVar[list[str]] = []

    def by_point(self, rows: SubmissionQuerySet, name: str, value: str) -> SubmissionQuerySet:
        """Both filters speak of one point: the one asked for last narrows to it."""
        del value
        asked = {key: self.form.cleaned_data.get(key) or "" for key in ("provision", "stance")}
        is_last = name == "stance" or not asked["stance"]
        return rows.with_point(**asked) if is_last else rows

    def by_words(self, rows: SubmissionQuerySet, name: str, value: str) -> SubmissionQuerySet:
        del name
        return rows.containing(value)

    def by_organisation(
        self, rows: SubmissionQuerySet, name: str, value: str
    ) -> SubmissionQuerySet:
        del name
        return rows.said_by(value)

    def by_verified(self, rows: SubmissionQuerySet, name: str, value: bool) -> SubmissionQuerySet:
        del name
        standing = {"organisation__verified_until__gt": timezone.now()}
        return rows.filter(**standing) if value else rows.exclude(**standing)


class SubmissionFilters(SaidFilters):
    """By what those of one consultation can be narrowed: it knows what its keys mean."""

    question = django_filters.CharFilter(
        method="by_question", max_length=80, label="Key of a question it answers."
    )
    provision = django_filters.CharFilter(
        method="by_point", max_length=80, label="Key of a provision it makes a point on."
    )

    def by_question(self, rows: SubmissionQuerySet, name: str, value: str) -> SubmissionQuerySet:
        del name
        slug = self.request.parser_context["kwargs"]["slug"]
        question = Question.objects.filter(consultation__slug=slug, key=value).first()
        return rows.answering(question) if question else rows.none()
