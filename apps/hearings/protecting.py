"""What hearings hold of people, in counts for a data-protection officer."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.consultations.models import Consultation
from apps.consultations.protecting import Holding, holds
from apps.hearings.models import Speaker


@holds
def speakers(consultation: Consultation) -> Iterable[Holding]:
    """Count who asked to speak, and the addresses staff entered for them: one query."""
    found = Speaker.objects.filter(hearing__consultation=consultation).aggregate(
        all=Count("pk"), addresses=Count("pk", filter=~Q(email=""))
    )
    kept = _("As long as the hearing is on record")
    yield Holding(_("Requests to speak at a hearing"), found["all"], kept)
    yield Holding(_("Addresses of speakers without an account"), found["addresses"], kept)
