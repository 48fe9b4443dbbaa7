"""What is counted and looked up: words, labels of groups, tallies."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Provision, Question, Stance
from apps.submissions.models.submission import Submission


class Vocabulary(models.Model):
    """What a search looks through: the words of one filed submission, folded, each once.

    Written after filing and with an import; a draft has none. Each database keeps its own index of
    the trigrams in `words`, which the migration makes: models know no index that only one has.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="vocabulary"
    )
    words = models.TextField()

    class Meta:
        verbose_name = _("vocabulary of a submission")
        verbose_name_plural = _("vocabularies of submissions")

    def __str__(self) -> str:
        return f"{self.submission_id}"


class GroupLabel(models.Model):
    """A source's declared category and the stakeholder group it stands for; staff may edit it."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="group_labels"
    )
    label = models.CharField(_("declared category"), max_length=200)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )

    class Meta:
        verbose_name = _("declared category")
        verbose_name_plural = _("declared categories")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "label"], name="label_is_mapped_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} → {self.get_group_display()}"


class GroupTally(models.Model):
    """How many submissions of a group were filed, in all (no question) or to one question.

    Kept by the services in the transaction that files a submission, so that a list can show its
    count without counting.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="group_tallies", db_index=False
    )
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, blank=True, related_name="group_tallies"
    )
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    submissions = models.PositiveIntegerField(default=0)
    letters = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("tally of submissions")
        verbose_name_plural = _("tallies of submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "group"],
                condition=Q(question__isnull=True),
                name="tally_is_unique",
            ),
            models.UniqueConstraint(
                fields=["question", "group"],
                condition=Q(question__isnull=False),
                name="tally_of_question_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.submissions}"


class PointTally(models.Model):
    """How many points of a group and stance lie on a provision."""

    provision = models.ForeignKey(
        Provision, on_delete=models.CASCADE, related_name="point_tallies", db_index=False
    )
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tally of points")
        verbose_name_plural = _("tallies of points")
        constraints = [
            models.UniqueConstraint(
                fields=["provision", "group", "stance"], name="point_tally_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.group} {self.stance}: {self.points}"
