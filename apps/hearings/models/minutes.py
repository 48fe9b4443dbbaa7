"""What the minutes say a speaker said, and what the speaker says to that."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Stance
from apps.hearings.models.hearing import AgendaItem, Hearing
from apps.hearings.models.speaking import Speaker
from apps.submissions.models import Answer, Point, Submission


class StatementQuerySet(models.QuerySet["Statement"]):
    """Reads of statements; only confirmed ones are for everybody."""

    def public(self) -> "StatementQuerySet":
        """Return what its speakers confirmed, with the words as they stand on the record."""
        confirmed = self.filter(state=Statement.State.CONFIRMED, submission__isnull=False)
        return confirmed.select_related("speaker", "item", "submission", "point", "answer")

    def in_order(self) -> "StatementQuerySet":
        """Order as the hearing went: by agenda item, what belongs to none last."""
        at_item = models.F("item__position").asc(nulls_last=True)
        return self.order_by(at_item, "speaker__position", "pk")

    def unanswered(self) -> "StatementQuerySet":
        """Return what waits for its speaker."""
        return self.filter(state=Statement.State.SENT)

    def writable(self) -> "StatementQuerySet":
        """Return what staff may still change, and sends next."""
        return self.filter(state__in=Statement.WRITABLE)


class Statement(models.Model):
    """One thing a speaker said, about one provision or one question.

    text            as staff wrote it; it stays as it is when the speaker corrects it
    corrected_text  the speaker's own words: they stand instead where it is confirmed, and tell
                    staff what is wrong where it is contested
    revision        goes up with each change, so that nobody confirms what they did not read
    """

    class State(models.TextChoices):
        """What the speaker says to it."""

        DRAFT = "draft", _("Being written")
        SENT = "sent", _("Waits for its speaker")
        CONFIRMED = "confirmed", _("Confirmed")
        CONTESTED = "contested", _("Contested")
        STRUCK = "struck", _("Struck by its speaker")

    WRITABLE: ClassVar[tuple[str, ...]] = (State.DRAFT, State.CONTESTED)

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="statements")
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="statements")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    provision_key = models.SlugField(max_length=80, blank=True)
    question_key = models.SlugField(max_length=80, blank=True)
    text = models.TextField(_("what was said"))
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices, blank=True)
    ask = models.CharField(_("ask"), max_length=8, choices=Point.Ask.choices, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    corrected_text = models.TextField(_("the speaker’s own words"), blank=True)
    corrected_stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    corrected_ask = models.CharField(max_length=8, choices=Point.Ask.choices, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    submission = models.ForeignKey(
        Submission, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    point = models.ForeignKey(
        Point, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    answer = models.ForeignKey(
        Answer, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(~Q(provision_key="") & Q(question_key=""))
                | (Q(provision_key="") & ~Q(question_key="")),
                name="statement_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="statement_says_something"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_at__isnull=False),
                name="statement_is_answered_after_it_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_id} · {self.provision_key or self.question_key}"

    @property
    def about(self) -> str:
        """Name what it is about: "provision:article-1" or "question:why"."""
        if self.provision_key:
            return f"provision:{self.provision_key}"
        return f"question:{self.question_key}"

    @property
    def is_corrected(self) -> bool:
        return self.state == self.State.CONFIRMED and bool(self.corrected_text)

    @property
    def words(self) -> str:
        """Return what counts: the speaker's own words where there are any."""
        return self.corrected_text if self.is_corrected else self.text

    @property
    def final_stance(self) -> str:
        return self.corrected_stance if self.is_corrected else self.stance

    @property
    def final_ask(self) -> str:
        return self.corrected_ask if self.is_corrected else self.ask

    @property
    def is_writable(self) -> bool:
        return self.state in self.WRITABLE
