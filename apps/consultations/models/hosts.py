"""Who runs consultations: hosts, and what their staff may do."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Host(models.Model):
    """The body that runs consultations on this installation; not an Organisation."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def __str__(self) -> str:
        return self.name


class HostRole(models.Model):
    """What a person may do in a host's workspace."""

    class Role(models.TextChoices):
        """The duties of a host's staff."""

        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")
        MODERATOR = "moderator", _("Moderator")
        ANALYST = "analyst", _("Analyst")
        DATA_PROTECTION_OFFICER = "dpo", _("Data-protection officer")

    EDITORS: ClassVar[tuple[str, ...]] = (Role.OWNER, Role.EDITOR)
    ANALYSTS: ClassVar[tuple[str, ...]] = (Role.OWNER, Role.EDITOR, Role.ANALYST)
    MODERATORS: ClassVar[tuple[str, ...]] = (Role.OWNER, Role.MODERATOR)
    # Who reads along: each of these pages shows them no button that changes something.
    CHECKERS: ClassVar[tuple[str, ...]] = (*EDITORS, Role.DATA_PROTECTION_OFFICER)
    OVERSEERS: ClassVar[tuple[str, ...]] = (*MODERATORS, Role.DATA_PROTECTION_OFFICER)
    # Who answers for how personal data is handled.
    GUARDIANS: ClassVar[tuple[str, ...]] = (Role.OWNER, Role.DATA_PROTECTION_OFFICER)
    AUDITORS: ClassVar[tuple[str, ...]] = (Role.DATA_PROTECTION_OFFICER,)
    # Who reads what submitters keep back from the public: those who decide and those who weigh it.
    CONFIDANTS: ClassVar[tuple[str, ...]] = (Role.OWNER, Role.MODERATOR, Role.ANALYST)

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="host_roles"
    )
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(fields=["host", "user", "role"], name="role_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} of {self.host}"


class RoleOffer(models.Model):
    """A role offered to whoever reads the mail of an address; gone once taken, refused or old."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="offers")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=16, choices=HostRole.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("offer of a role")
        verbose_name_plural = _("offers of a role")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["host", "email", "role"], name="role_is_offered_once")
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.role} of {self.host}"

    @property
    def is_over(self) -> bool:
        """Return whether the link of its mail opens nothing any more."""
        return self.expires_at <= timezone.now()
