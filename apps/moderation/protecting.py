"""What moderation holds of people, in counts for a data-protection officer, and publishes."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.consultations.models import Consultation
from apps.consultations.protecting import Export, Holding, exports, holds
from apps.moderation.models import Flag


@holds
def reports(consultation: Consultation) -> Iterable[Holding]:
    """Count reports by people with an account: one query."""
    known = Flag.objects.filter(case__consultation=consultation, said_by__isnull=False)
    yield Holding(
        _("Reports by people with an account"), known.count(), _("As long as the account exists")
    )


@exports
def public_log(consultation: Consultation) -> Iterable[Export]:
    """Name the log of what moderators did, with its tables."""
    yield Export(
        _("What moderators did, with tables"),
        reverse("moderation:log", args=[consultation.slug]),
        _("Names and the words that were removed. Numbers stay: they are about acts of the host."),
    )
