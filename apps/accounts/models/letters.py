"""Mail that waits to be sent."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One mail to one address; deleted once a mail server took it.

    What a mail says is made when it is sent: `template` and `context` are kept, not the text.
    """

    address = models.EmailField(_("e-mail address"))
    template = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    headers = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"
