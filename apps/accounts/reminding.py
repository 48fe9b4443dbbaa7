"""Which checks end soon, and who is told in time to renew them."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts import mailing
from apps.accounts.models import Membership, Organisation, Verification
from apps.core.dates import day_in_words
from apps.core.display import display_text
from apps.jobs import services as jobs

REMIND = "accounts.remind_of_check"
BEFORE = (timedelta(days=30), timedelta(days=7))
MOST_AT_ONCE = 500


def remind() -> int:
    """Queue the reminders of checks that end within 30 days, and within 7; return how many.

    A record or a file that is still there is confirmed anew each month, and comes never so far.
    """
    now = timezone.now()
    keys: dict[str, dict[str, int]] = {}
    listed = Verification.objects.standing().filter(organisation__state=Organisation.State.LISTED)
    for before in BEFORE:
        ending = listed.filter(expires_at__lte=now + before, expires_at__gt=now + _next(before))
        for pk, ends in ending.order_by("expires_at").values_list("pk", "expires_at")[
            :MOST_AT_ONCE
        ]:
            key = f"remind-check:{pk}:{ends:%Y-%m-%d}:{before.days}"
            keys[key] = {"verification": pk}
    jobs.enqueue_all(REMIND, keys)
    return len(keys)


@transaction.atomic
def tell(verification_id: int) -> None:
    """Write to those who can renew a check, unless it ended meanwhile."""
    found = Verification.objects.standing().select_related("organisation")
    ending = found.filter(pk=verification_id).first()
    if ending is None or ending.expires_at is None:
        return
    organisation = ending.organisation
    page = reverse("accounts:verification", args=[organisation.slug])
    context = {
        "name": display_text(organisation.name),
        "method": str(ending.get_method_display()),
        "subject": display_text(ending.subject),
        "until": day_in_words(timezone.localtime(ending.expires_at)),
        "problem": ending.problem,
        "link": mailing.absolute(page),
    }
    holders = organisation.holders(Membership.Role.SIGNATORY)
    for address in holders.values_list("email", flat=True):
        mailing.post(address, "accounts/mail/check_ends", context)


def _next(before: timedelta) -> timedelta:
    return max((other for other in BEFORE if other < before), default=timedelta())
