"""The texts consulted on, their versions and provisions, the next version in preparation."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads of documents."""

    def published(self) -> "DocumentQuerySet":
        """Return those with a version; one that is only in preparation is its host's alone."""
        return self.filter(
            models.Exists(DocumentVersion.objects.filter(document=models.OuterRef("pk")))
        )


class Document(models.Model):
    """A text consulted on; its words are in its versions."""

    consultation = models.ForeignKey(
        "consultations.Consultation", on_delete=models.CASCADE, related_name="documents"
    )
    slug = models.SlugField(max_length=80)
    title = models.CharField(_("title"), max_length=300)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "slug"], name="document_slug_is_unique")
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One immutable state of a document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published at"), default=timezone.now)

    class Meta:
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.document} (version {self.number})"


class Provision(models.Model):
    """A part of a document one can take a position on; the key lives across versions."""

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.CASCADE, related_name="provisions"
    )
    key = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=2)
    label = models.CharField(_("label"), max_length=60, blank=True)
    heading = models.CharField(_("heading"), max_length=400)
    text = models.TextField(_("text"), blank=True)
    # Whose proposed words it took over: "PL-7Z23-D6BB-GRAM/point:2".
    credits = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="provision_key_is_unique"),
            models.UniqueConstraint(
                fields=["version", "position"], name="provision_position_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.heading}" if self.label else self.heading


class DraftProvision(models.Model):
    """A provision of the next version, while the host's staff writes it; nobody else reads it.

    `revision` goes up with each change, so that of two people who changed the same one the second
    is told instead of overwriting the first.
    """

    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="draft_provisions"
    )
    key = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=2)
    label = models.CharField(_("label"), max_length=60, blank=True)
    heading = models.CharField(_("heading"), max_length=400)
    text = models.TextField(_("text"), blank=True)
    # Whose proposed words it took over: "PL-7Z23-D6BB-GRAM/point:2".
    credits = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("provision in preparation")
        verbose_name_plural = _("provisions in preparation")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "key"], name="draft_key_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.heading}" if self.label else self.heading


def background_place(background: "BackgroundDocument", name: str) -> str:
    """Return where a file is stored: its own name tells nobody where it lies."""
    del background, name
    return f"background/{secrets.token_hex(16)}"


class BackgroundDocument(models.Model):
    """What to read before answering, on the web or as a file, with what it says in short."""

    consultation = models.ForeignKey(
        "consultations.Consultation", on_delete=models.CASCADE, related_name="background"
    )
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"))
    url = models.URLField(_("address"), max_length=500, blank=True)
    # Under a random name; a copy of a consultation names the same file.
    file = models.FileField(_("file"), upload_to=background_place, blank=True, db_default="")
    file_name = models.CharField(_("file name"), max_length=200, blank=True, db_default="")
    size = models.PositiveIntegerField(_("size"), default=0, db_default=0)

    class Meta:
        verbose_name = _("background document")
        verbose_name_plural = _("background documents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(file=""), name="background_is_on_the_web_or_a_file"
            )
        ]

    def __str__(self) -> str:
        return self.title
