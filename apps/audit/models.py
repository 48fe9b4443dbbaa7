"""Append-only entries and receipts; the database refuses to change or delete an entry."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EntryIsFinal(TypeError):
    """An entry can be neither changed nor deleted; what was wrong is corrected by a new entry."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Refuses in Python what the database refuses as well."""

    def update(self, **fields: Any) -> NoReturn:
        raise EntryIsFinal(_("Audit entries cannot be changed."))

    def delete(self) -> NoReturn:
        raise EntryIsFinal(_("Audit entries cannot be deleted."))

    def about(self, subject: str) -> "EntryQuerySet":
        return self.filter(subject=subject).order_by("id")


class Entry(models.Model):
    """One thing that happened. It names no person: `actor` is a pseudonym or "system"."""

    kind = models.CharField(_("kind"), max_length=60)
    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.CharField(_("actor"), max_length=64, default="system")
    subject = models.CharField(_("subject"), max_length=200, db_index=True)
    detail = models.JSONField(_("detail"), default=dict)
    leaf_hash = models.CharField(_("leaf hash"), max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__regex=r"^[a-z_]+\.[a-z_]+$"), name="entry_kind_is_noun_and_verb"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise EntryIsFinal(_("Audit entries cannot be changed."))
        super().save(*args, **kwargs)

    def leaf(self) -> dict[str, Any]:
        """Return what the leaf hash is made over."""
        return {
            "at": self.at.isoformat(),
            "actor": self.actor,
            "detail": self.detail,
            "kind": self.kind,
            "subject": self.subject,
        }

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EntryIsFinal(_("Audit entries cannot be deleted."))


class Receipt(models.Model):
    """What a submitter keeps: a tracking number and a salted commitment to the content.

    Whoever has the salt and the content can prove what was filed; erasing the salt makes the
    commitment say nothing.
    """

    number = models.CharField(_("tracking number"), max_length=20, unique=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="receipt")
    subject = models.CharField(_("subject"), max_length=200)
    title = models.CharField(_("consultation"), max_length=300)
    filed_at = models.DateTimeField(_("filed at"))
    salt = models.BinaryField(null=True)
    commitment = models.CharField(_("commitment"), max_length=64)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return self.number

    @property
    def salt_in_hex(self) -> str:
        """Return the salt as the file of a receipt spells it, "" where it was erased."""
        return bytes(self.salt or b"").hex()
