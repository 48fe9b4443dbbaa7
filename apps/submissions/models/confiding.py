"""What a submitter keeps back from the public: the words and names as they were filed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.submissions.models.submission import Submission

# Stands for each character that moderators hid: what quotes a text counts its characters.
HIDDEN = "█"


class KeptBack(models.TextChoices):
    """Why words or files are kept back; the public reads this in their place."""

    BUSINESS = "business", _("business secret")
    PERSONAL = "personal", _("personal data")
    SECURITY = "security", _("safety or security")
    RIGHTS = "rights", _("rights of others")
    PROCEEDINGS = "proceedings", _("legal proceedings")
    OTHER = "other", _("another reason")


class ConfidentialVersion(models.Model):
    """A submission as it was filed, where what the public reads is less.

    No public page, search, briefing or data set reads this table: what they reach are the rows of
    the submission, which hold the public version.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="confidential"
    )
    # As entered: `DraftInput` with its lists, in JSON.
    content = models.JSONField()
    # What the commitment of its receipt was made over.
    receipt = models.JSONField()

    class Meta:
        verbose_name = _("confidential version")
        verbose_name_plural = _("confidential versions")

    def __str__(self) -> str:
        return str(self.submission_id)
