"""Mails that prove what was filed, and the signed link that says “I never wrote this”."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from apps.accounts import mailing
from apps.accounts.models import Membership, User
from apps.audit.models import Entry, Receipt
from apps.audit.services import finds_false
from apps.consultations.models import HostRole
from apps.core.languages import is_offered
from apps.core.templatetags.plain import instant, instant_in
from apps.submissions.models import Dispute, Submission

SALT = "submissions.disown"
DISPUTE_DECIDED = "submission.dispute_decided"
VALID = 400 * 24 * 3600  # seconds


def post_receipt(submission_id: int) -> None:
    """Write the receipt mails of a filed submission: to its author and the other signatories.

    The signatories of an organisation learn of everything filed in its name.
    """
    submission = (
        Submission.objects.select_related("consultation", "author", "organisation", "withheld_for")
        .filter(pk=submission_id, state=Submission.State.SUBMITTED)
        .first()
    )
    if submission is None:
        return
    receipt = Receipt.objects.get(number=submission.reference)
    language = language_of(submission)
    with translation.override(language):  # the dates are put in words here
        for person in readers_of(submission):
            context = _receipt_context(submission, receipt, person)
            mailing.post(person.email, "submissions/mail/filed", context, language=language)


def token_of(submission: Submission, person: User | None) -> str:
    """Return what stands in the link that disowns a submission; None: who reads it is unknown."""
    return signing.dumps([submission.pk, person.pk if person else None], salt=SALT)


def disown_link(submission: Submission, person: User | None) -> str:
    """Return the address that every mail about something said in a person's name ends with."""
    path = reverse("submissions:disown", args=[token_of(submission, person)])
    return mailing.absolute(path)


def read_token(token: str) -> tuple[Submission, User | None]:
    """Return whose link this is; raise signing.BadSignature for a wrong or expired one.

    Of what was revised since it is the newest version: that one counts. A draft can be signed for
    by others, who get mails about it before it is filed.

    raises  Submission.DoesNotExist where the submission was deleted
    """
    submission_id, person_id = signing.loads(token, salt=SALT, max_age=VALID)
    filed = Submission.objects.on_record().select_related("consultation")
    found = Submission.objects.select_related("consultation").get(pk=submission_id)
    while newer := filed.filter(revises=found).first():
        found = newer
    return found, User.objects.filter(pk=person_id).first()


def tell_host(submission: Submission) -> None:
    """Write to the owners and moderators of the host that a submission is disputed."""
    path = reverse("submissions:disputes", args=[submission.consultation.slug])
    staff = HostRole.objects.filter(
        host=submission.consultation.host_id, role__in=HostRole.MODERATORS, user__is_active=True
    )
    for address in sorted(set(staff.values_list("user__email", flat=True))):
        context = {**_facts(submission), "decide": mailing.absolute(path)}
        mailing.post(address, "submissions/mail/disputed", context)


def tell_decision(dispute: Dispute) -> None:
    """Write to whoever disputed a submission what was decided, and why."""
    if dispute.said_by is not None:
        context = {
            **_facts(dispute.submission),
            "is_upheld": dispute.outcome == Dispute.Outcome.UPHELD,
            "reason": dispute.reason,
        }
        language = language_of(dispute.submission)
        mailing.post(dispute.said_by.email, "submissions/mail/decided", context, language=language)


@finds_false
def was_found_false(subject: str) -> bool:
    """Return whether the log says that the host upheld a dispute about a submission."""
    decided = Entry.objects.about(subject).filter(kind=DISPUTE_DECIDED)
    return decided.filter(detail__outcome=Dispute.Outcome.UPHELD.value).exists()


def name_of(submission: Submission) -> str:
    """Return how audit entries name a submission."""
    return f"{submission.consultation.slug}/{submission.reference}"


def readers_of(submission: Submission) -> Iterator[User]:
    """Yield who gets the mails about a submission: its author and the other signatories."""
    if submission.author is not None:
        yield submission.author
    signing_for = Membership.objects.filter(
        organisation=submission.owner, role=Membership.Role.SIGNATORY
    )
    if submission.owner is not None:
        for membership in signing_for.exclude(user=submission.author_id).select_related("user"):
            yield membership.user


def language_of(submission: Submission) -> str:
    """Return in which language mails about it go out: its own, or the main one of this site."""
    return submission.language if is_offered(submission.language) else settings.LANGUAGE_CODE


def _receipt_context(submission: Submission, receipt: Receipt, person: User) -> dict[str, Any]:
    phase = submission.phase
    # What was said at a hearing may be filed when nothing can be revised any more.
    until = phase.closes_at if phase is not None and not phase.is_over else None
    slug = submission.consultation.slug
    return {
        **_facts(submission),
        "organisation": submission.owner.name if submission.owner else "",
        "visibility": submission.visibility,
        "parties": ", ".join(party.name for party in submission.parties.joined()),
        "left_out": ", ".join(
            submission.parties.left_out().values_list("organisation__name", flat=True)
        ),
        "filed_at": instant(receipt.filed_at),
        "commitment": receipt.commitment,
        "until": instant_in(until, submission.consultation.time_zone),
        "is_revision": submission.revises_id is not None,
        "receipt": mailing.absolute(
            reverse("submissions:filed", args=[slug, submission.reference])
        ),
        "check": mailing.absolute(reverse("audit:check")),
        "disown": disown_link(submission, person),
    }


def _facts(submission: Submission) -> dict[str, Any]:
    return {
        "consultation": submission.consultation.title,
        "number": submission.reference,
        "page": mailing.absolute(submission.get_absolute_url()),
    }
