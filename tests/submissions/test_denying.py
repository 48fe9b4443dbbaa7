"""“I never wrote this” stands in every mail that tells somebody of what is said in their name."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from apps.accounts.mailing import send
from apps.accounts.models import Letter, Membership
from apps.moderation.services import lift
from apps.notifications import telling
from apps.notifications.services import announce, follow
from apps.responses.telling import ANSWERED
from apps.submissions.announcing import topic_of
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Dispute
from apps.submissions.proving import post_receipt
from apps.submissions.services import (
    CampaignInput,
    SignatureInput,
    ask_for_sign_off,
    file_submission,
    invite,
    register_campaign,
    request_signature,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import MembershipFactory
from tests.moderation.cast import hidden, reversed_for
from tests.submissions.joint_cast import ally, drafted, filed_as, signed

pytestmark = pytest.mark.django_db
CONTENT = DraftInput(answers=[AnswerInput("why", text="Heron words.")], group="civil")
LINK = re.compile(r"http://127\.0\.0\.1:8000(/never-wrote-this/\S+)")
# “You never wrote this” or, in news of what others did with it, its number.
SAID = "? Then open this link. You need no account."
FOLDERS = ("submissions", "hearings", "moderation", "notifications")
# What tells nobody of a submission in the reader's own name, and why.
OTHERS = {
    "submissions/mail/disputed": "to the host",
    "submissions/mail/decided": "answers who said it",
    "moderation/mail/appealed": "to the host",
    "moderation/mail/kept": "to who flagged the words of another",
    "hearings/mail/accepted": "about a place on a list",
    "hearings/mail/declined": "about a place on a list",
    "hearings/mail/cancelled": "about a date",
    "hearings/mail/moved": "about a date",
    "hearings/mail/statements": "asks before anything is filed, and offers to strike it",
}
# The line is in other words where something else than a text is denied.
OWN_WORDS = {"submissions/mail/co_signature": "I never signed this"}


def templates():
    for app in FOLDERS:
        for path in sorted((Path(settings.BASE_DIR) / "templates" / app / "mail").glob("*.txt")):
            if not path.stem.endswith("_subject"):
                yield f"{app}/mail/{path.stem}", path.read_text()


@pytest.fixture
def outbox(db):
    """Return a function that sends what was written down, and returns the last mail to each."""

    def sent():
        mail.outbox.clear()
        for letter in Letter.objects.order_by("pk"):
            send(letter)
        Letter.objects.all().delete()
        return {message.to[0]: message.body for message in mail.outbox}

    return sent


@pytest.fixture
def filed(open_consultation, participant):
    return filed_as(file_submission(open_consultation, CONTENT, by=participant))


def test_every_template_has_the_line_or_a_reason_to_lack_it():
    unsaid = set()
    for name, text in templates():
        has_link = "{{ disown }}" in text or "mail/_disown.txt" in text or "one.disown" in text
        if not has_link and OWN_WORDS.get(name, "\0") not in text:
            unsaid.add(name)
    assert unsaid == set(OTHERS)


def test_the_receipt_of_a_revision_has_the_link_too(filed, participant, outbox, client):
    later = filed_as(submit(start_revision(filed, by=participant), by=participant))
    post_receipt(later.pk)
    body = outbox()[participant.email]
    assert "Your revised response is filed" in body
    _says_so(client, body, later, participant)


def test_a_signatory_who_is_asked_can_deny_what_is_filed_later(
    open_consultation, forum, member, outbox, client
):
    signatory = MembershipFactory(organisation=forum, role=Membership.Role.SIGNATORY).user
    draft = drafted(open_consultation, forum, member)
    ask_for_sign_off(draft, by=member)
    body = outbox()[signatory.email]
    link = LINK.search(body)[1]
    page = client.get(link)
    assert (page.status_code, "Nothing is filed yet" in page.content.decode()) == (200, True)
    refused = client.post(link)
    assert refused.status_code == 409
    assert not Dispute.objects.exists()
    filed = filed_as(submit(draft, by=member))
    _says_so(client, body, filed, signatory)


def test_every_mail_of_a_joint_response_has_the_link(
    open_consultation, forum, member, outbox, client
):
    union, person = ally("Union")
    draft = drafted(open_consultation, forum, member)
    party = invite(draft, union, by=member)
    invited = outbox()[person.email]
    signed(party, person)
    joined = outbox()[member.email]
    filed = filed_as(submit(draft, by=member))
    together = outbox()[person.email]
    for body in (invited, joined, together):
        page = client.get(LINK.search(body)[1]).content.decode()
        assert SAID in body
        assert filed.reference in page
        assert "marked as disputed at once" in page
    withdraw(filed, by=member)
    withdrawn = outbox()[person.email]
    page = client.get(LINK.search(withdrawn)[1]).content.decode()
    assert "Nothing is left to dispute" in page


def test_news_of_what_became_of_a_response_has_the_link_for_its_author_alone(
    filed, participant, rival, outbox, client
):
    slug = filed.consultation.slug
    follow(rival, kind="submission", key=f"{slug}/{filed.reference}", frequency="daily")
    _announce(filed)
    telling.sort_in()
    telling.tell("daily", 1, 10_000_000)
    sent = outbox()
    assert SAID not in sent[rival.email]
    assert LINK.search(sent[rival.email]) is None
    assert f"You never wrote {filed.reference} (" in sent[participant.email]
    _says_so(client, sent[participant.email], filed, participant)


def test_signatories_deny_in_the_news_what_was_filed_for_their_organisation(
    open_consultation, forum, member, drafter, outbox
):
    signatory = MembershipFactory(organisation=forum, role=Membership.Role.SIGNATORY).user
    filed = filed_as(file_submission(open_consultation, CONTENT, by=member, organisation=forum))
    key = f"{open_consultation.slug}/{filed.reference}"
    follow(drafter, kind="submission", key=key, frequency="daily")
    _announce(filed)
    telling.sort_in()
    telling.tell("daily", 1, 10_000_000)
    sent = outbox()
    said = {address for address, body in sent.items() if SAID in body}
    assert said == {member.email, signatory.email}
    assert drafter.email in sent


def test_what_moderators_decided_is_told_with_the_link(
    filed, moderator, owner, participant, outbox, client
):
    decision = hidden(filed, by=moderator)
    body = outbox()[participant.email]
    assert "took out words" in body
    _says_so(client, body, filed, participant)
    reversed_for(decision, author=participant, by=owner)
    body = outbox()[participant.email]
    assert "looked at your appeal" in body
    assert SAID in body
    lift(hidden(filed, by=moderator), reason="no_rule", statement="It may stay.", by=owner)
    body = outbox()[participant.email]
    assert "took back a decision" in body
    _says_so(client, body, filed, participant)


def test_who_never_signed_a_campaign_is_told_what_to_press(
    outbox, client, open_consultation, member, forum
):
    content = CampaignInput("Say who watches", "Say it.", "why")
    campaign = register_campaign(open_consultation, content, by=member, organisation=forum)
    request_signature(campaign, SignatureInput("ama@example.org"))
    body = outbox()["ama@example.org"]
    assert "press “I never signed this”" in body
    link = re.search(r"http://127\.0\.0\.1:8000(\S+)", body)[1]
    assert "I never signed this" in client.get(link).content.decode()


def _announce(filed):
    announce(
        [topic_of(filed)],
        title=ANSWERED,
        values={"reference": filed.reference, "consultation": filed.consultation.title},
        path=filed.get_absolute_url(),
        at=timezone.now(),
    )


def _says_so(client, body, submission, person):
    """Follow the link of a mail, and see that it disputes the submission for its reader."""
    assert SAID in body
    client.post(LINK.search(body)[1])
    dispute = Dispute.objects.get(outcome="")
    assert (dispute.submission, dispute.said_by) == (submission, person)
