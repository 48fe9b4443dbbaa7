"""Texts that many people sent, as a search found them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation
from apps.submissions.models.content import Answer, Point
from apps.submissions.models.submission import Submission


class CampaignScan(models.Model):
    """One search for campaigns over everything filed in a consultation up to an instant."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="campaign_scans"
    )
    cut_off_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("campaign scan")
        verbose_name_plural = _("campaign scans")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.cut_off_at:%Y-%m-%d %H:%M}"


class Campaign(models.Model):
    """One text with several senders, found as near-duplicates; never a verdict."""

    scan = models.ForeignKey(CampaignScan, on_delete=models.CASCADE, related_name="campaigns")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    sample = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    submissions = models.PositiveIntegerField(_("submissions"))
    letters = models.PositiveBigIntegerField(_("letters"))
    # Fingerprints of the sentences its letters share: what else a letter says is its sender's own.
    sentences = models.JSONField(default=list)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="campaign_number_is_unique")
        ]

    def __str__(self) -> str:
        return self.title


class CampaignLetter(models.Model):
    """A submission that carries a campaign's text, and how much of it is the sender's own."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="campaign_letters"
    )
    similarity = models.FloatField()
    own_share = models.FloatField()

    class Meta:
        verbose_name = _("campaign letter")
        verbose_name_plural = _("campaign letters")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "campaign"], name="letter_is_in_a_campaign_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} in {self.campaign_id}"


class OwnWords(models.Model):
    """A point or an answer in a letter of a campaign that has sentences of its sender's own.

    is_beside  whether sentences of the campaign stand there too: what is not is no letter's
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="own_words", db_index=False
    )
    point = models.ForeignKey(Point, on_delete=models.CASCADE, null=True, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, related_name="+")
    is_beside = models.BooleanField()

    class Meta:
        verbose_name = _("own words in a campaign letter")
        verbose_name_plural = _("own words in campaign letters")
        indexes = [
            models.Index(fields=["campaign", "point"], name="own_words_of_point"),
            models.Index(fields=["campaign", "answer"], name="own_words_of_answer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(point__isnull=False, answer__isnull=True)
                | Q(point__isnull=True, answer__isnull=False),
                name="own_words_are_of_a_point_or_an_answer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point_id or self.answer_id} in {self.campaign_id}"
