"""What was done with a consultation, for those who look after how it is run."""

from typing import Any

from apps.audit.models import Entry
from apps.consultations.models import Consultation
from apps.consultations.rules import may_audit
from apps.consultations.sections import Section, section

MOST_ENTRIES = 50


@section("workspace", order=90)
def record_of(consultation: Consultation, user: Any) -> Section | None:
    """Show the newest entries of the record, which names nobody: one query beside that of roles."""
    if not may_audit(user, consultation):
        return None
    newest = Entry.objects.filter(subject=consultation.slug).order_by("-id")[:MOST_ENTRIES]
    rows = [
        (one, ", ".join(f"{name}: {told}" for name, told in one.detail.items())) for one in newest
    ]
    return Section("consultations/workspace/_record.html", {"rows": rows})
