"""What briefings give to everybody, and what is left out so that few people do not show."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.briefings.models import Briefing
from apps.consultations.models import Consultation
from apps.consultations.protecting import Export, exports


@exports
def briefings(consultation: Consultation) -> Iterable[Export]:
    """Name the files of briefings and the tables of the results, once there are any: one query."""
    if not Briefing.objects.ready().filter(consultation=consultation).exists():
        return
    rule = _(
        "Positions of fewer than 5 authors of a group, where one of them is not named in public."
        " Totals stay: each submission can be read at its own address."
    )
    place = [consultation.slug]
    yield Export(_("Briefings, as files"), reverse("briefings:list", args=place), rule)
    yield Export(
        _("Results, with tables and slides"), reverse("briefings:results", args=place), rule
    )
