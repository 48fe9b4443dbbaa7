"""What a check finds: written down with its date; a record or a file is looked for by a job."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.domains import Unreachable, has_file, has_record
from apps.accounts.models import Organisation, Verification, VerificationQuerySet
from apps.audit import services as audit
from apps.jobs import services as jobs

CHECK = "accounts.check_domain"
CHECKED_EVERY = timedelta(days=30)
MOST_AT_ONCE = 500
Method, State = Verification.Method, Verification.State


def check_domain(asked: Verification) -> bool:
    """Return whether the token stands in the domain's record or file; raise Unreachable."""
    look = has_record if asked.method == Method.DNS else has_file
    return look(asked.subject, asked.token or "")


def found(asked: Verification) -> str:
    """Look, and return "" where the token is there, else what was missing."""
    try:
        return "" if check_domain(asked) else _missing(asked)
    except Unreachable as error:
        return _("The domain could not be asked: %(error)s.") % {"error": error}


def _missing(asked: Verification) -> str:
    if asked.method == Method.DNS:
        return _(
            "The record is not there, or says something else. It can take a day before a new one "
            "is seen everywhere."
        )
    return _(
        "The file is not there, or holds something else. It must hold the text alone, at this very "
        "address and without leading to another."
    )


@transaction.atomic
def write_down(verification_id: int, problem: str) -> None:
    """Confirm where there is no problem, else note it: it may be there the next time."""
    asked = Verification.objects.select_for_update(of=("self",)).get(pk=verification_id)
    may_be = asked.organisation.is_listed and (asked.is_open or asked.is_standing)
    if may_be and not problem:
        confirm(asked)
    else:
        note_problem(asked, problem)


def check_again() -> int:
    """Queue the records and files that were not looked at for a month; return how many.

    What is not found any more is not shown as verified once its time is over.
    """
    due = Verification.objects.standing().filter(
        method__in=[Method.DNS, Method.FILE], checked_at__lt=timezone.now() - CHECKED_EVERY
    )
    ids = list(due.order_by("checked_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in ids:
        key = f"check-domain:{pk}:{timezone.now():%Y-%m-%d}"
        jobs.enqueue(CHECK, key=key, payload={"verification": pk})
    return len(ids)


@transaction.atomic
def confirm(asked: Verification) -> Verification:
    """Write down that it was checked now, and until when that holds."""
    asked.state, asked.checked_at, asked.problem = State.CONFIRMED, timezone.now(), ""
    asked.expires_at = asked.checked_at + Verification.HOLDS[Method(asked.method)]
    asked.save()
    # Checked anew, it is said once: the check before this one is over.
    same = {"method": asked.method, "subject": asked.subject, "number": asked.number_id}
    before = asked.organisation.verifications.standing().filter(**same).exclude(pk=asked.pk)
    before.update(expires_at=asked.checked_at)
    _keep_until(asked.organisation)
    audit.record(
        "organisation.verified",
        subject=asked.organisation.slug,
        detail={"method": str(asked.method), "subject": asked.subject},
    )
    return asked


@transaction.atomic
def refuse(asked: Verification, problem: str) -> Verification:
    """Write down that it was checked and not found; a confirmation of before ends with it."""
    asked.state, asked.checked_at, asked.problem = State.REFUSED, timezone.now(), problem
    asked.save()
    _keep_until(asked.organisation)
    audit.record(
        "organisation.not_verified",
        subject=asked.organisation.slug,
        detail={"method": str(asked.method), "subject": asked.subject},
    )
    return asked


@transaction.atomic
def end(organisation: Organisation, ended: VerificationQuerySet) -> None:
    """End what was checked of something that is not so any more, and what waits for a check."""
    ended.filter(state=State.PENDING).delete()
    standing = ended.standing()
    for asked in standing:
        audit.record(
            "organisation.verification_ended",
            subject=organisation.slug,
            detail={"method": str(asked.method), "subject": asked.subject},
        )
    standing.update(expires_at=timezone.now())
    _keep_until(organisation)


def note_problem(asked: Verification, problem: str) -> None:
    """Say what was missing this time; it may be there the next time."""
    # When something was last confirmed stays as it is: the badge shows that date.
    Verification.objects.filter(pk=asked.pk).update(problem=problem[:300])


def _keep_until(organisation: Organisation) -> None:
    last = organisation.verifications.standing().order_by("-expires_at").first()
    Organisation.objects.filter(pk=organisation.pk).update(
        verified_until=last.expires_at if last else None
    )
