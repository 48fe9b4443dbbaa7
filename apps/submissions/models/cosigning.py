"""Campaigns an organisation registered, and who signed them with a confirmed address."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.submissions.models.submission import Submission

LONGEST_CAMPAIGN = 10_000
LINK_HOLDS = timedelta(days=7)


class RegisteredCampaignQuerySet(models.QuerySet["RegisteredCampaign"]):
    """Reads of registered campaigns."""

    def signed_by(self, moment: datetime) -> Any:
        """Say how many had signed by a moment, the oldest campaign first.

        adds  people_then, organisations_then, own_texts_then
        """
        stands = Q(signatures__state="confirmed", signatures__confirmed_at__lte=moment)
        is_person = Q(signatures__organisation__isnull=True)
        has_text = Q(signatures__submission__isnull=False)
        return self.annotate(
            people_then=Count("signatures", filter=stands & is_person),
            organisations_then=Count(
                "signatures", filter=stands & Q(signatures__organisation__isnull=False)
            ),
            own_texts_then=Count("signatures", filter=stands & has_text),
        ).order_by("pk")


class RegisteredCampaign(models.Model):
    """One text with n senders, as its organiser registered it; the text never changes.

    The text itself is filed as the submission `carrier`. The three counts are kept in the
    transaction of each signature: no page counts signatures.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="registered_campaigns"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="registered_campaigns"
    )
    carrier = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="registered_campaign"
    )
    slug = models.SlugField(max_length=80)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), max_length=LONGEST_CAMPAIGN)
    people = models.PositiveIntegerField(_("people"), default=0)
    organisations = models.PositiveIntegerField(_("organisations"), default=0)
    own_texts = models.PositiveIntegerField(_("texts of their own"), default=0)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RegisteredCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("registered campaign")
        verbose_name_plural = _("registered campaigns")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "slug"], name="registered_campaign_slug_is_unique"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("submissions:campaign", args=[self.consultation.slug, self.slug])

    @property
    def is_open(self) -> bool:
        """Return whether its organiser still takes signatures."""
        return self.closed_at is None

    @property
    def distinct_texts(self) -> int:
        """Return the text of the campaign and those of the signers' own."""
        return 1 + self.own_texts


class CoSignatureQuerySet(models.QuerySet["CoSignature"]):
    """Reads of signatures, and what is swept away."""

    def behind(self, token_hash: str) -> "CoSignature | None":
        """Return what a link is about: what its address confirmed, else what was asked for."""
        asked = self.filter(token_hash=token_hash).first()
        if asked is None or asked.state == CoSignature.State.CONFIRMED:
            return asked
        same = self.filter(campaign=asked.campaign_id, email_key=asked.email_key)
        return same.filter(state=CoSignature.State.CONFIRMED).first() or asked

    def forget_what_waits(self) -> None:
        """Delete all that was typed and never confirmed; links stay, to say what became of it."""
        self.filter(state=CoSignature.State.ASKED).update(
            state=CoSignature.State.WITHDRAWN,
            address="",
            name="",
            is_name_public=False,
            country="",
            own_words="",
        )

    def forget_unanswered(self) -> None:
        """Delete what was never confirmed once its link is over, but links to what stands."""
        over = timezone.now() - LINK_HOLDS
        standing = CoSignature.objects.filter(
            campaign=OuterRef("campaign"),
            email_key=OuterRef("email_key"),
            state=CoSignature.State.CONFIRMED,
        )
        waited = self.filter(confirmed_at__isnull=True, asked_at__lt=over)
        waited.filter(Q(state=CoSignature.State.ASKED) | ~Exists(standing)).delete()


class CoSignature(models.Model):
    """A person or an organisation that signs a campaign.

    A person is known by a keyed hash of the address; the address itself, and what was typed, is
    kept only until it is confirmed.
    """

    class State(models.TextChoices):
        """Only a confirmed one counts."""

        ASKED = "asked", _("Waits for the mail to be answered")
        CONFIRMED = "confirmed", _("Confirmed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    campaign = models.ForeignKey(
        RegisteredCampaign, on_delete=models.CASCADE, related_name="signatures", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    email_key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  unique
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)  # noqa: DJ001
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    # Empty once confirmed, but a name that its owner wants to be seen.
    address = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_name_public = models.BooleanField(default=False)
    country = models.CharField(_("country"), max_length=60, blank=True)
    own_words = models.TextField(_("own words"), blank=True)
    # The signer's own words, filed; only then.
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="co_signature"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = CoSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            # Several may wait: no request may take the place of another that is not its own.
            models.UniqueConstraint(
                fields=["campaign", "email_key"],
                condition=Q(state="confirmed"),
                name="address_signs_a_campaign_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "organisation"], name="organisation_signs_a_campaign_once"
            ),
            models.CheckConstraint(
                condition=Q(email_key__isnull=True) ^ Q(organisation__isnull=True),
                name="signer_is_a_person_or_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(address="", own_words=""),
                name="answered_signature_keeps_no_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "-id"],
                condition=Q(state="confirmed", organisation__isnull=False),
                name="signing_organisations",
            ),
            models.Index(fields=["campaign", "email_key"], name="signatures_of_an_address"),
            models.Index(
                fields=["asked_at"],
                condition=Q(confirmed_at__isnull=True),
                name="signature_unconfirmed_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} of {self.campaign_id}"
