"""Files that belong to a submission, and the text of their pages."""

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.submissions.models.confiding import KeptBack
from apps.submissions.models.content import Point
from apps.submissions.models.submission import Submission


def new_key() -> str:
    """Return a word nobody can guess: it names a file in addresses."""
    return secrets.token_urlsafe(16)


def page_part(number: int, page: int) -> str:
    """Name one page of the n-th attachment of a submission, as citations do."""
    return f"attachment:{number}#page={page}"


def numbered(pages: Iterable[int]) -> str:
    """Return numbers of pages as people write them: "2, 4–6"."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads of attachments; whoever may see a submission's words may see its files."""

    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Return files of what was filed and not withdrawn, and of drafts the person may edit."""
        filed = (
            Submission.objects.visible_to(user)
            .on_record()
            .exclude(state=Submission.State.WITHDRAWN)
        )
        readable = Q(submission__in=filed, kept_back="")
        if user.is_authenticated:
            readable |= Q(submission__in=filed.confided_to(user))
            readable |= Q(submission__in=Submission.objects.drafts_of(user))
            readable |= Q(submission__in=Submission.objects.shared_with(user))
            readable |= Q(submission__isnull=True, sender=user)
        return self.filter(readable)

    def loose(self) -> "AttachmentQuerySet":
        """Return those that were only sent so far."""
        return self.filter(submission__isnull=True)

    def published(self) -> "AttachmentQuerySet":
        """Return those of which a cleaned copy exists."""
        return self.exclude(published="")

    def public(self) -> "AttachmentQuerySet":
        """Return those that are not kept back."""
        return self.filter(kept_back="")

    def in_order(self) -> "AttachmentQuerySet":
        return self.order_by("number")


class Attachment(models.Model):
    """A file somebody attached: what is published is a copy without details about its maker."""

    class State(models.TextChoices):
        """How far the reading of its words is."""

        WAITING = "waiting", _("Waiting")
        READ = "read", _("Read")
        NO_TEXT = "no_text", _("Without text")
        FAILED = "failed", _("Failed")

    class Reason(models.TextChoices):
        """Why it is not published, or not read, or not to its end."""

        ENCRYPTED = "encrypted", _("It is protected with a password.")
        DAMAGED = "damaged", _("It is damaged, or it is not what its name says.")
        TOO_COMPLEX = "too_complex", _("It takes too much time or memory to open.")
        NOT_CLEANED = "not_cleaned", _("The names hidden in it could not be taken out.")
        TOO_LONG = "too_long", _("It is longer than what is read of a file.")

    class Media(models.TextChoices):
        """The kinds of files that are taken, by their media type."""

        PDF = "application/pdf", "PDF"
        DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"
        ODT = "application/vnd.oasis.opendocument.text", "ODT"
        TXT = "text/plain", "TXT"

    MOST: ClassVar[int] = 10

    # None while it was only sent, to be named by the submission that follows.
    submission = models.ForeignKey(
        Submission,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        db_index=False,
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Evidence for one point; points of a draft are written anew with each save, files are not.
    point = models.ForeignKey(
        Point, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments"
    )
    number = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    title = models.CharField(_("title"), max_length=300, blank=True)
    # Why the public does not get it; empty where it does.
    kept_back = models.CharField(
        _("kept back"), max_length=12, choices=KeptBack.choices, blank=True, db_default=""
    )
    media_type = models.CharField(max_length=80, choices=Media.choices)
    # Of the file as it was sent: its owner can make this digest again, the receipt holds it.
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    # Random names in the store. The file as sent is kept until its cleaned copy exists.
    stored = models.CharField(max_length=80, blank=True)
    published = models.CharField(max_length=80, blank=True)
    published_size = models.PositiveIntegerField(default=0)
    published_sha256 = models.CharField(max_length=64, blank=True)
    # Pages somebody else hid, and the cleaned copy with all of them: not for the public meanwhile.
    hidden_pages = models.JSONField(default=list, blank=True)
    whole = models.CharField(max_length=80, blank=True, db_default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    page_count = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    pages_read = models.PositiveIntegerField(_("pages read"), default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number"], name="attachment_number_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(submission__isnull=True) | Q(number__gte=1),
                name="attachment_of_a_submission_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "read", "no_text", "failed"]),
                name="attachment_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kept_back="") | Q(kept_back__in=KeptBack.values),
                name="attachment_is_kept_back_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["read", "no_text"]) | ~Q(published="") | ~Q(whole=""),
                name="attachment_that_was_read_is_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name

    def get_absolute_url(self) -> str:
        return reverse("submissions:attachment", args=[self.key])

    @property
    def name_as_part(self) -> str:
        """Name this file inside its submission, as citations do."""
        return f"attachment:{self.number}"

    @property
    def neutral_name(self) -> str:
        """Return a file name that tells nothing of who sent it, or what is in it."""
        return f"attachment-{self.number}.{self.kind.lower()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def kind(self) -> str:
        """PDF, DOCX, ODT or TXT."""
        return self.Media(self.media_type).label

    @property
    def what_happened(self) -> str | Promise:
        """Say in plain words what became of it, "" where all of it was read."""
        if self.whole:
            return self._what_is_hidden
        if self.state == self.State.WAITING:
            return _("Your file has arrived. It is being read.")
        return self._what_was_read

    @property
    def _what_is_hidden(self) -> str | Promise:
        hidden = {"pages": numbered(self.hidden_pages)}
        if self.published:
            return _("Pages hidden in this file: %(pages)s. These pages are blank in it.") % hidden
        return (
            _("Pages hidden in this file: %(pages)s. The file is withheld while this stands.")
            % hidden
        )

    @property
    def _what_was_read(self) -> str | Promise:
        if self.kept_back and self.state in (self.State.NO_TEXT, self.State.FAILED):
            # Nothing of it is published; only what is wrong with the file is left to say.
            return self.get_reason_display()
        if self.state == self.State.NO_TEXT:
            return _(
                "This file holds pictures of pages, no text. It is published, but its words are"
                " not analysed."
            )
        if self.state == self.State.FAILED and not self.published:
            return _("This file is not published. %(why)s") % {"why": self.get_reason_display()}
        if self.state == self.State.FAILED:
            return _("This file is published, but its words could not be read. %(why)s") % {
                "why": self.get_reason_display()
            }
        if self.reason and self.page_count and self.pages_read < self.page_count:
            return _("Pages 1 to %(read)s of %(all)s were read. %(why)s") % {
                "read": self.pages_read,
                "all": self.page_count,
                "why": self.get_reason_display(),
            }
        if self.reason:
            return _("Only the beginning was read. %(why)s") % {"why": self.get_reason_display()}
        return ""


class AttachmentPageQuerySet(models.QuerySet["AttachmentPage"]):
    """Reads of pages."""

    def public(self) -> "AttachmentPageQuerySet":
        """Return those of files that are not kept back: only these are searched and analysed."""
        return self.filter(attachment__kept_back="")


class AttachmentPage(models.Model):
    """The text of one page, exactly as passages and quotes count its characters."""

    attachment = models.ForeignKey(
        Attachment, on_delete=models.CASCADE, related_name="pages", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField()

    objects = AttachmentPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of an attachment")
        verbose_name_plural = _("pages of attachments")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="page_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}, {self.number}"

    @property
    def part(self) -> str:
        """Name this text inside its submission, as citations do."""
        return page_part(self.attachment.number, self.number)
