"""From a frozen corpus to a briefing: snapshots, themes, claims, citations, files."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Consultation, Question
from apps.submissions.models import (
    Answer,
    AttachmentPage,
    Campaign,
    CampaignScan,
    Point,
    Stance,
    Submission,
)


class Corpus(models.Model):
    """A frozen snapshot: which submissions with which content, up to which instant."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="corpora")
    cut_off_at = models.DateTimeField(_("cut-off"))
    scan = models.ForeignKey(
        CampaignScan, on_delete=models.PROTECT, null=True, blank=True, related_name="corpora"
    )
    content_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("corpus")
        verbose_name_plural = _("corpora")

    def __str__(self) -> str:
        return f"{self.consultation} · {self.cut_off_at:%Y-%m-%d %H:%M}"


class CorpusItem(models.Model):
    """One submission of a corpus with exactly one state: a ledger without gaps."""

    class State(models.TextChoices):
        """What could be read of it."""

        OWN = "own", _("Own text")
        CAMPAIGN = "campaign", _("Campaign letter")
        ATTACHMENT = "attachment", _("Attachment only")
        EMPTY = "empty", _("Empty")

    corpus = models.ForeignKey(
        Corpus, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices)
    content_hash = models.CharField(max_length=64)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    has_own_words = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("corpus item")
        verbose_name_plural = _("corpus items")
        constraints = [
            models.UniqueConstraint(fields=["corpus", "submission"], name="item_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} ({self.state})"


class CodeFrame(models.Model):
    """A versioned list of themes, proposed by analysis until a person signs it off."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="code_frames"
    )
    version = models.PositiveIntegerField()
    corpus = models.ForeignKey(Corpus, on_delete=models.PROTECT, related_name="code_frames")
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    signed_off_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("code frame")
        verbose_name_plural = _("code frames")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "version"], name="frame_version_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.version}"


class Theme(models.Model):
    """What several submissions speak of, under one question or one provision."""

    frame = models.ForeignKey(CodeFrame, on_delete=models.CASCADE, related_name="themes")
    number = models.PositiveIntegerField()
    key = models.SlugField(max_length=80)
    title = models.CharField(_("title"), max_length=300)
    terms = models.JSONField(_("terms"), default=list)
    rule = models.TextField(_("rule"), blank=True)
    # Title, terms and rule before a word of them was hidden; {} where none is.
    original = models.JSONField(default=dict, blank=True)
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    provision_key = models.SlugField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["frame", "number"], name="theme_number_is_unique"),
            models.UniqueConstraint(fields=["frame", "key"], name="theme_key_is_unique"),
        ]

    def __str__(self) -> str:
        return self.title


class ThemeAssignment(models.Model):
    """A submission raises a theme."""

    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, related_name="assignments", db_index=False
    )
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="theme_assignments"
    )
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)

    class Meta:
        verbose_name = _("theme assignment")
        verbose_name_plural = _("theme assignments")
        constraints = [
            models.UniqueConstraint(fields=["theme", "submission"], name="theme_is_assigned_once")
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} · {self.submission_id}"


class BriefingQuerySet(models.QuerySet["Briefing"]):
    """Reads of briefings; visibility is decided here and nowhere else."""

    def visible_to(self, user: Any) -> "BriefingQuerySet":
        """Return ready briefings of visible consultations; a host's staff sees all of its own."""
        ready = Q(
            state=Briefing.State.READY, consultation__in=Consultation.objects.visible_to(user)
        )
        own = Q(consultation__in=Consultation.objects.in_workspace_of(user))
        return self.filter(ready | own) if user.is_authenticated else self.filter(ready)

    def in_workspace_of(self, user: Any) -> "BriefingQuerySet":
        return self.filter(consultation__in=Consultation.objects.in_workspace_of(user))

    def ready(self) -> "BriefingQuerySet":
        return self.filter(state=Briefing.State.READY)


class Briefing(models.Model):
    """One version; `content` is the model that all formats are made from.

    It never changes but for one thing: words that moderators hide go from it (`hiding`).
    """

    class State(models.TextChoices):
        """Where its jobs stand."""

        BUILDING = "building", _("Being built")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="briefings"
    )
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    corpus = models.ForeignKey(
        Corpus, on_delete=models.PROTECT, null=True, blank=True, related_name="briefings"
    )
    frame = models.ForeignKey(
        CodeFrame, on_delete=models.PROTECT, null=True, blank=True, related_name="briefings"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    content = models.JSONField(default=dict, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "version"], name="briefing_version_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("briefings:detail", args=[self.consultation.slug, self.version])

    @property
    def job_key(self) -> str:
        return f"briefing:{self.pk}"

    @property
    def frozen(self) -> Corpus:
        """Return the corpus; raise ValueError before it is frozen."""
        if self.corpus is None:
            raise ValueError(f"The corpus of briefing {self.pk} is not frozen yet")
        return self.corpus

    @property
    def code_frame(self) -> CodeFrame:
        """Return the code frame; raise ValueError before there is one."""
        if self.frame is None:
            raise ValueError(f"Briefing {self.pk} has no themes yet")
        return self.frame


class Claim(models.Model):
    """A sentence of a briefing; `number` is what readers cite: 1.2, F3, U1."""

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="claims")
    number = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    section = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    text = models.TextField()
    numbers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "number"], name="claim_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:60]}"


class Citation(models.Model):
    """What a claim rests on: a submission and, for a quote, the exact span of one of its texts."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="citations")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="citations")
    position = models.PositiveIntegerField(default=0)
    answer = models.ForeignKey(
        Answer, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    page = models.ForeignKey(
        AttachmentPage, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    field = models.CharField(max_length=16, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # When moderators hid words of it, where that was after the version was published.
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True, sha256="")
                | (
                    Q(start__isnull=False, end__gt=F("start"))
                    & (Q(answer__isnull=False) | Q(point__isnull=False) | Q(page__isnull=False))
                    & ~Q(sha256="")
                ),
                name="quote_names_its_span",
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} ← {self.submission_id}"


class Understanding(models.Model):
    """What an author says of a claim that cites the author's words: understood, or not."""

    class Verdict(models.TextChoices):
        """Whether the claim says what was meant."""

        CONFIRMED = "confirmed", _("Understood")
        CONTESTED = "contested", _("Not what we meant")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="understandings")
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="understandings"
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    words = models.TextField(_("what was meant"), blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("understanding")
        verbose_name_plural = _("understandings")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "submission"], name="one_understanding_per_claim_and_submission"
            ),
            models.CheckConstraint(
                condition=Q(verdict="confirmed") | ~Q(words=""), name="contesting_takes_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} · {self.verdict}"


class BriefingFile(models.Model):
    """A finished format with its checksum."""

    class Format(models.TextChoices):
        """What a briefing can be downloaded as."""

        HTML = "html", "HTML"
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"
        JSON = "json", "JSON"

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=8, choices=Format.choices)
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    warning = models.TextField(blank=True)

    class Meta:
        verbose_name = _("briefing file")
        verbose_name_plural = _("briefing files")
        constraints = [
            models.UniqueConstraint(fields=["briefing", "format"], name="file_format_is_unique")
        ]

    def __str__(self) -> str:
        return self.path
