"""Mails about decisions: to the author, to who flagged, to the moderators."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from apps.accounts import mailing
from apps.consultations.models import HostRole
from apps.core.templatetags.plain import instant
from apps.moderation.hiding import words_of
from apps.moderation.models import DEFINITIONS, Appeal, Decision, LiftReason, Rule
from apps.submissions.models import Submission
from apps.submissions.proving import disown_link, language_of, readers_of
from apps.submissions.sections import address_of_words

MOST_SHOWN = 20  # passages in a mail; the page shows all


def tell_decision(decision: Decision) -> None:
    """Tell the author what was hidden and how to appeal; of what was kept, who flagged it."""
    context = _facts(decision) | {"statement": decision.statement}
    if not decision.stands:
        flagged = decision.case.flagged.filter(said_by__is_active=True)
        for address in sorted(set(flagged.values_list("said_by__email", flat=True))):
            mailing.post(address, "moderation/mail/kept", context)
        return
    submission = decision.case.submission
    language = language_of(submission)
    # As the mail itself, in the language of its author, whatever the moderator reads.
    with translation.override(language):
        context |= {
            "rule": str(Rule(decision.rule).label),
            "definition": str(DEFINITIONS[decision.rule]),
            "removed": words_of(decision.removed)[:MOST_SHOWN],
            "pages": decision.pages,
            "until": instant(decision.appeal_until),
            "appeal": _appeal_address(submission),
        }
    for person in readers_of(submission):
        own = {**context, "disown": disown_link(submission, person)}
        mailing.post(person.email, "moderation/mail/hidden", own, language=language)


def tell_moderators(lodged: Appeal) -> None:
    """Tell the host's owners and moderators of an appeal, but for who decided the first time."""
    case = lodged.decision.case
    staff = HostRole.objects.filter(
        host=case.consultation.host_id, role__in=HostRole.MODERATORS, user__is_active=True
    ).exclude(user=lodged.decision.decided_by_id)
    context = _facts(lodged.decision) | {
        "case": mailing.absolute(reverse("moderation:case", args=[case.consultation.slug, case.pk]))
    }
    for address in sorted(set(staff.values_list("user__email", flat=True))):
        mailing.post(address, "moderation/mail/appealed", context)


def tell_appeal(lodged: Appeal) -> None:
    """Tell the author what another moderator found."""
    context = _facts(lodged.decision) | {
        "is_reversed": lodged.outcome == Appeal.Outcome.REVERSED,
        "statement": lodged.statement,
    }
    submission = lodged.decision.case.submission
    for person in readers_of(submission):
        own = {**context, "disown": disown_link(submission, person)}
        mailing.post(
            person.email, "moderation/mail/appeal_decided", own, language=language_of(submission)
        )


def tell_lifted(decision: Decision) -> None:
    """Tell the author that the words are back, and why."""
    submission = decision.case.submission
    language = language_of(submission)
    with translation.override(language):
        reason = str(LiftReason(decision.lifted_for).label)
    context = _facts(decision) | {"reason": reason, "statement": decision.lifted_statement}
    for person in readers_of(submission):
        own = {**context, "disown": disown_link(submission, person)}
        mailing.post(person.email, "moderation/mail/lifted", own, language=language)


def _facts(decision: Decision) -> dict[str, Any]:
    submission = decision.case.submission
    return {
        "consultation": submission.consultation.title,
        "number": submission.reference,
        "page": mailing.absolute(submission.get_absolute_url()),
    }


def _appeal_address(submission: Submission) -> str:
    return mailing.absolute(address_of_words(submission) or submission.get_absolute_url())
