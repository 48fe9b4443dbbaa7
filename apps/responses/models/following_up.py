"""What a host promised to answer, that it is done, and what it does later."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation


class Promise(models.Model):
    """The share of the points that a host promised to answer, in per cent, and until when."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, primary_key=True, related_name="promise"
    )
    share = models.PositiveSmallIntegerField(_("per cent of the points"))
    due_on = models.DateField(_("until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100), name="promise_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.share} %"


class Completion(models.Model):
    """A host marked a consultation answered; the counts are those of that instant."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.CASCADE, primary_key=True, related_name="completion"
    )
    answered = models.PositiveIntegerField(_("points answered"))
    points = models.PositiveIntegerField(_("points in all"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.answered} / {self.points}"


class Milestone(models.Model):
    """Something a host does after its answers, tracked until it is done or dropped."""

    class State(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("what will be done"), max_length=200)
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    note = models.TextField(_("note"), blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | Q(state__in=["planned", "dropped"], done_on__isnull=True),
                name="milestone_is_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(note=""), name="dropped_milestone_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Return whether its day is over and it is still planned."""
        is_due = self.due_on is not None and self.due_on < timezone.now().date()
        return is_due and self.state == self.State.PLANNED
