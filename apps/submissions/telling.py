"""Mails to those who draft together: asked to sign, invited, void, filed, left."""

from django.urls import reverse
from django.utils import translation

from apps.accounts import mailing
from apps.accounts.models import Membership, Organisation, User
from apps.submissions.models import JointParty, Submission
from apps.submissions.proving import disown_link, language_of


def ask_signatories(
    draft: Submission, organisation: Organisation, signatories: list[User], *, asked_by: User
) -> None:
    """Write to each signatory where the draft can be read and signed off."""
    page = "submissions:reply-check" if draft.is_reply else "submissions:check"
    address = reverse(page, args=[draft.consultation.slug])
    context = {
        "consultation": draft.consultation.title,
        "organisation": organisation.name,
        "asked_by": str(asked_by),
        "page": mailing.absolute(f"{address}?for={organisation.slug}"),
    }
    for person in signatories:
        own = {**context, "disown": disown_link(draft, person)}
        mailing.post(person.email, "submissions/mail/sign_off", own, language=language_of(draft))


def tell_party(party: JointParty, what: str) -> None:
    """Write to those who may sign for a party: invited, again, void, filed, left_out, withdrawn."""
    path = reverse("submissions:invitation", args=[party.pk])
    _post(party, what, path, to=party.organisation)


def tell_leading(party: JointParty, what: str) -> None:
    """Write to those who may submit for the leading organisation: joined, declined, left."""
    submission = party.submission
    path = (
        reverse("submissions:joint", args=[submission.pk])
        if submission.is_draft
        else submission.get_absolute_url()
    )
    if submission.organisation is not None:
        _post(party, what, path, to=submission.organisation)


def _post(party: JointParty, what: str, path: str, *, to: Organisation) -> None:
    language = language_of(party.submission)
    with translation.override(language):  # a name that is withheld is put in words here
        leading = party.leading
    context = {
        "consultation": party.submission.consultation.title,
        "leading": leading,
        "what": what,
        "organisation": party.organisation.name,
        "page": mailing.absolute(path),
    }
    for person in to.holders(*Membership.SUBMITTING):
        own = {**context, "disown": disown_link(party.submission, person)}
        mailing.post(person.email, "submissions/mail/joint", own, language=language)
