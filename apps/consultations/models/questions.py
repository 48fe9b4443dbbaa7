"""What is asked: questions with their choices, of whom, and under which condition."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.consultations.models.consultation import Consultation


class Stance(models.TextChoices):
    """A position on one provision; a missing one is missing, never neutral."""

    SUPPORT = "support", _("Support")
    SUPPORT_WITH_CHANGES = "changes", _("Support with changes")
    NEUTRAL = "neutral", _("Neutral")
    OPPOSE = "oppose", _("Oppose")
    CANNOT_SAY = "cannot", _("Cannot say")


class QuestionQuerySet(models.QuerySet["Question"]):
    """Reads of questions."""

    def asked(self) -> "QuestionQuerySet":
        """Return those that are asked now; archived ones keep the answers they were given."""
        return self.filter(archived_at__isnull=True)


class Question(models.Model):
    """Asked of everybody or, where `groups` names some, of these stakeholder groups.

    With a condition it is asked of those only who answered an earlier question, the one with
    `condition_key`, by one of `condition_values`: keys of choices, a number of a scale, a stance.
    """

    class Kind(models.TextChoices):
        """How it is answered."""

        TEXT = "text", _("Free text")
        SINGLE = "single", _("One choice")
        MULTIPLE = "multiple", _("Several choices")
        SCALE = "scale", _("Scale from 1 to 5")
        STANCE = "stance", _("Stance")

    SCALE: ClassVar[range] = range(1, 6)
    # What `provision_key` says of a question about all of the text. No provision has it: keys
    # are made of headings and begin with a letter or a digit.
    WHOLE_TEXT: ClassVar[str] = "_whole-text"

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="questions"
    )
    key = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    text = models.TextField(_("question"))
    hint = models.TextField(_("hint"), blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.TEXT)
    is_required = models.BooleanField(_("required"), default=False)
    groups = models.JSONField(_("asked of"), default=list, blank=True)
    provision_key = models.SlugField(max_length=80, blank=True)
    scale_low = models.CharField(_("meaning of 1"), max_length=100, blank=True)
    scale_high = models.CharField(_("meaning of 5"), max_length=100, blank=True)
    condition_key = models.SlugField(max_length=80, blank=True, db_default="")
    condition_values = models.JSONField(default=list, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="question_key_is_unique")
        ]

    def __str__(self) -> str:
        return self.text

    def is_asked_of(self, group: str) -> bool:
        return not self.groups or group in self.groups

    def is_due(self, given: Mapping[str, Collection[str]]) -> bool:
        """Return whether what was answered so far, values by key, meets the condition."""
        if not self.condition_key:
            return True
        return not set(self.condition_values).isdisjoint(given.get(self.condition_key, ()))


class Choice(models.Model):
    """One answer a question offers."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(max_length=80)
    label = models.CharField(_("label"), max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="choice_key_is_unique")
        ]

    def __str__(self) -> str:
        return self.label
