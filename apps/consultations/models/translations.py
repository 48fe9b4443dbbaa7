"""Words of a consultation in other languages, and whether they are still of today."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models.consultation import Consultation


class Translation(models.Model):
    """One text of a consultation in another language.

    place     what it translates: "title", "summary", "question:why:text", "choice:why/often:label",
              "provision:article-4:heading", "phase:1:title", "document:draft:title"
    original  digest of the words that were translated: with other words it is out of date
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=12)
    place = models.CharField(max_length=200)
    original = models.CharField(max_length=64)
    text = models.TextField(_("translation"))
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "language", "place"], name="one_translation_per_place"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="translation_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.place}"
