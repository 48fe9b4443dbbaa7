"""What a data-protection officer reads of a consultation: what is kept back, what was done."""

from collections import Counter
from typing import Any

from django.db.models import Count, Q

from apps.audit.models import Entry
from apps.consultations.models import Consultation
from apps.consultations.rules import may_audit
from apps.consultations.sections import Section, section
from apps.submissions.models import Attachment, Submission, Visibility

MOST_ENTRIES = 50
# What people do before they file is theirs alone; that it came from an earlier response, or a file
# of some size, would lead from a sign to who withholds the name.
OF_DRAFTS = Q(kind__regex=r"^(draft|joint)\.") | Q(
    kind__in=["attachment.added", "attachment.removed"]
)


@section("workspace", order=80)
def overseen(consultation: Consultation, user: Any) -> Section | None:
    """Show how many withhold a name, words or files, and what the host did last: three queries.

    The record names nobody. For others it costs the query of their roles.
    """
    if not may_audit(user, consultation):
        return None
    filed = Submission.objects.filter(consultation=consultation).filed().order_by()
    counted = Counter(dict(filed.values_list("visibility").annotate(n=Count("pk"))))
    done = Entry.objects.filter(subject=consultation.slug).exclude(OF_DRAFTS)
    newest = done.order_by("-id")[:MOST_ENTRIES]
    context = {
        "seen_as": [(label, counted[value]) for value, label in Visibility.choices],
        "files": Attachment.objects.filter(submission__in=filed).exclude(kept_back="").count(),
        "record": [(one, _in_words(one.detail)) for one in newest],
    }
    return Section("submissions/_overseen.html", context)


def _in_words(detail: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {told}" for name, told in detail.items())
