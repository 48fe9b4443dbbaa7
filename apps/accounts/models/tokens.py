"""What programs send instead of a log-in."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class AccessToken(AbstractAuthToken):
    """What a program sends instead of a log-in: only its digest is kept, and it expires."""

    class Scope(models.TextChoices):
        """What a program may do with it, never more than its person may."""

        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    # A number to name it by: the digest is nobody's business.
    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.READ)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["created"]

    def __str__(self) -> str:
        return self.name
