"""What submitters keep from the public, in numbers, for those who look after personal data."""

from collections import Counter
from typing import Any

from django.db.models import Count

from apps.consultations.models import Consultation
from apps.consultations.rules import may_audit
from apps.consultations.sections import Section, section
from apps.submissions.models import Attachment, Submission, Visibility


@section("workspace", order=80)
def kept_back(consultation: Consultation, user: Any) -> Section | None:
    """Show how many withhold a name, words or files: two queries beside that of roles."""
    if not may_audit(user, consultation):
        return None
    filed = Submission.objects.filter(consultation=consultation).filed().order_by()
    counted = Counter(dict(filed.values_list("visibility").annotate(n=Count("pk"))))
    files = Attachment.objects.filter(submission__in=filed).exclude(kept_back="").count()
    rows = [(label, counted[value]) for value, label in Visibility.choices]
    return Section("submissions/_kept_back.html", {"rows": rows, "files": files})
