"""A person deletes the account: what goes, what stays, what has to be done first."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.utils import timezone

from apps.accounts import checking
from apps.accounts.errors import CannotLeave, LinkOver
from apps.accounts.models import AccessToken, Letter, Membership, Review, User, Verification
from apps.accounts.services import (
    become_account,
    delete_account,
    guest_for,
    leaving_token,
    make_token,
    parting_of,
    require_leaving_token,
)
from apps.audit.models import Entry, Receipt
from apps.audit.services import check_receipt
from apps.consultations.protecting import protection_of
from apps.hearings.models import Speaker
from apps.moderation.models import Decision
from apps.moderation.services import DecisionInput, appeal, decide, decide_appeal, flag
from apps.notifications.models import Following
from apps.notifications.services import follow
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Attachment, DraftComment, JointParty, Submission
from apps.submissions.services import (
    comment,
    file_submission,
    register_campaign,
    start_draft,
    start_revision,
)
from apps.submissions.services.campaign_inputs import CampaignInput
from tests.factories import (
    HearingFactory,
    HostRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
)

PAGE = "/my-account/delete/"
PASSWORD = "a-long-enough-password"
pytestmark = pytest.mark.django_db


@pytest.fixture
def question(open_consultation):
    return QuestionFactory(consultation=open_consultation, key="q1")


@pytest.fixture
def said(question):
    return DraftInput(answers=[AnswerInput("q1", text="Water first.")], group="individual")


@pytest.fixture
def person():
    person = UserFactory(email="ada@example.org", name="Ada Private")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def close(open_phase):
    """Let comments close."""

    def now():
        type(open_phase).objects.filter(pk=open_phase.pk).update(closes_at=timezone.now())

    return now


def page_of(client):
    return client.get(PAGE).content.decode()


def test_what_was_filed_stays_with_its_receipt_and_without_its_author(
    person, open_consultation, close, said
):
    receipt = file_submission(open_consultation, said, by=person)
    close()
    delete_account(person)
    filed = Submission.objects.get(reference=receipt.number)
    assert filed.author is None
    assert filed.is_submitted
    assert check_receipt(receipt.number).entry_is_intact
    assert Receipt.objects.get().salt is not None


def test_what_is_nobody_elses_goes(person, open_consultation, said):
    file_submission(open_consultation, said, by=person)
    start_revision(Submission.objects.get(), by=person)
    Attachment.objects.create(sender=person, name="a.txt", media_type="text/plain", size=1)
    make_token(person, name="Export", scope="read")
    follow(person, kind="consultation", key=open_consultation.slug, frequency="instant")
    seat = MembershipFactory(user=person, role="drafter")
    other = MembershipFactory(organisation=seat.organisation, role="signatory")
    draft = start_draft(open_consultation, author=person, organisation=seat.organisation)
    comment(draft, place="", text="Is this right?", by=person)
    delete_account(person)
    assert list(Submission.objects.filter(state="draft")) == [draft]
    assert list(Membership.objects.all()) == [other]
    for model in (AccessToken, Following, DraftComment, Attachment, EmailAddress):
        assert not model.objects.exists(), model


def test_the_log_names_nobody_and_a_last_mail_is_written(person):
    pk = person.pk
    delete_account(person)
    entry = Entry.objects.get(kind="person.account_deleted")
    assert (entry.subject, entry.detail) == ("accounts", {})
    assert str(pk) != entry.actor
    assert Letter.objects.get().address == "ada@example.org"


def test_a_new_account_with_the_address_gets_nothing_of_the_old_one(
    person, open_consultation, said
):
    file_submission(open_consultation, said, by=person)
    delete_account(person)
    again = guest_for("ada@example.org")
    become_account(again)
    assert again.pk != person.pk
    assert not Submission.objects.belonging_to(again).exists()
    assert not Submission.objects.in_capacity(again, None).exists()
    file_submission(open_consultation, said, by=again)
    # Comments were open: the first one was withdrawn, so that nobody counts twice.
    assert Submission.objects.filter(state="submitted").count() == 1
    assert Submission.objects.filter(state="withdrawn").count() == 1


def test_own_responses_are_withdrawn_where_one_asks_for_it(person, open_consultation, close, said):
    file_submission(open_consultation, said, by=person)
    seat = MembershipFactory(user=person, role="signatory")
    MembershipFactory(organisation=seat.organisation, role="signatory")
    file_submission(open_consultation, said, by=person, organisation=seat.organisation)
    assert parting_of(person).own_words == 0
    close()
    assert parting_of(person).own_words == 1
    delete_account(person, is_withdrawing=True)
    assert Submission.objects.get(organisation=None).state == "withdrawn"
    assert Submission.objects.get(organisation=seat.organisation).state == "submitted"


def test_the_last_signatory_makes_another_one_first(person):
    seat = MembershipFactory(user=person, role="signatory", organisation__name="Civic Forum")
    MembershipFactory(organisation=seat.organisation, role="submitter")
    with pytest.raises(CannotLeave, match="last signatory of Civic Forum"):
        delete_account(person)
    assert User.objects.filter(pk=person.pk).exists()
    MembershipFactory(organisation=seat.organisation, role="signatory")
    delete_account(person)


@pytest.mark.parametrize("visibility", ["named", "withheld"])
def test_the_only_member_waits_while_a_response_can_still_be_changed(
    person, open_consultation, close, said, visibility
):
    seat = MembershipFactory(user=person, role="signatory")
    content = DraftInput(answers=said.answers, group="company", visibility=visibility)
    file_submission(open_consultation, content, by=person, organisation=seat.organisation)
    with pytest.raises(CannotLeave, match="can still be changed"):
        delete_account(person)
    close()
    delete_account(person)
    assert Submission.objects.get().is_submitted


def test_the_only_member_of_an_old_organisation_leaves_and_its_check_ends(person):
    seat = MembershipFactory(user=person, role="signatory")
    checking.confirm(Verification(organisation=seat.organisation, method="dns", subject="x.org"))
    assert "nobody speaks for it" in parting_of(person).remains[0]
    delete_account(person)
    seat.organisation.refresh_from_db()
    assert not seat.organisation.is_verified
    assert not seat.organisation.memberships.exists()


def test_a_signature_under_a_joint_draft_waits(person, open_phase):
    seat = MembershipFactory(user=person, role="signatory")
    leading = MembershipFactory(role="signatory")
    draft = start_draft(
        open_phase.consultation, author=leading.user, organisation=leading.organisation
    )
    party = JointParty.objects.create(
        submission=draft,
        organisation=seat.organisation,
        state="joined",
        seal="0" * 64,
        signed_by=person,
        signed_at=open_phase.opens_at,
    )
    with pytest.raises(CannotLeave, match="joint response"):
        delete_account(person)
    with pytest.raises(CannotLeave, match="it leads"):
        delete_account(leading.user)
    JointParty.objects.filter(pk=party.pk).update(state="invited")
    delete_account(person)
    party.refresh_from_db()
    assert party.state == "declined"


def test_a_campaign_that_still_takes_signatures_waits(person, open_consultation):
    seat = MembershipFactory(user=person, role="signatory")
    content = CampaignInput("Nobody alone", "Pause together or not at all.", question="why")
    register_campaign(open_consultation, content, by=person, organisation=seat.organisation)
    with pytest.raises(CannotLeave, match="Close the campaign"):
        delete_account(person)


def test_the_only_owner_of_a_host_names_another_first(person, host):
    HostRoleFactory(host=host, user=person, role="owner")
    with pytest.raises(CannotLeave, match="only owner"):
        delete_account(person)
    HostRoleFactory(host=host, role="owner")
    delete_account(person)
    assert Entry.objects.filter(kind="host.role_taken").count() == 1


def test_the_last_of_staff_stays(person):
    person.is_staff = True
    person.save()
    with pytest.raises(CannotLeave, match="Nobody else runs"):
        delete_account(person)


def test_a_review_of_a_register_outlives_its_reviewer(person):
    person.is_staff = True
    person.save()
    UserFactory(is_staff=True)
    asked = Verification.objects.create(
        organisation=OrganisationFactory(), method="register", subject="A 1"
    )
    Review.objects.create(verification=asked, staff=person, is_confirmed=True, reason="Found.")
    delete_account(person)
    assert Review.objects.get().staff is None


def test_a_request_to_speak_is_withdrawn_and_a_name_not_shown_is_taken_off(
    person, open_consultation
):
    hearing = HearingFactory(consultation=open_consultation)
    speaker = SpeakerFactory(hearing=hearing, person=person, name="Ada Private", is_named=True)
    delete_account(person)
    kept = Speaker.objects.get(pk=speaker.pk)
    assert (kept.state, kept.name, kept.person) == ("withdrawn", "", None)


def test_the_page_says_what_stays_and_asks_for_the_password(
    client, person, open_consultation, close, said
):
    file_submission(open_consultation, said, by=person)
    client.force_login(person)
    open_page = page_of(client)
    assert "Comments are still open there" in open_page
    assert "One version of a response" not in open_page
    close()
    client.force_login(person)
    page = page_of(client)
    assert "One version of a response" in page
    asked = client.post(PAGE, {"withdraw": "1"}, follow=True)
    assert asked.request["PATH_INFO"] == "/accounts/reauthenticate/"
    assert User.objects.filter(pk=person.pk).exists()
    wrong = client.post(asked.redirect_chain[-1][0], {"password": "not the password at all"})
    assert wrong.status_code == 200
    done = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert "Your account is deleted" in done.content.decode()
    assert not User.objects.filter(pk=person.pk).exists()
    assert Submission.objects.get().state == "withdrawn"
    assert client.get(PAGE).status_code == 302


def test_who_has_no_password_gets_a_link(client, person):
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    assert "Send me the link" in page_of(client)
    client.post(PAGE)
    link = Letter.objects.get().context["link"]
    assert User.objects.filter(pk=person.pk).exists()
    path = PAGE + link.split(PAGE)[1]
    assert "for good" in client.get(path).content.decode()
    client.post(path)
    assert not User.objects.filter(pk=person.pk).exists()


def test_a_link_of_another_or_of_yesterday_opens_nothing(client, person, time_machine):
    rival = UserFactory()
    client.force_login(rival)
    token = leaving_token(person)
    assert client.post(f"{PAGE}{token}/").status_code == 410
    assert User.objects.count() == 2
    time_machine.move_to(timezone.now() + timedelta(seconds=3601))
    with pytest.raises(LinkOver):
        require_leaving_token(token, person)


def test_obstacles_are_said_on_the_page_with_the_way_out(client, person):
    seat = MembershipFactory(user=person, role="signatory")
    MembershipFactory(organisation=seat.organisation, role="drafter")
    client.force_login(person)
    refused = client.post(PAGE)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert f"/organisations/{seat.organisation.slug}/members/" in page
    assert "for good" not in page


def test_a_program_asks_and_the_mailed_link_confirms(
    client, person, open_consultation, close, said
):
    file_submission(open_consultation, said, by=person)
    close()
    _token, text = make_token(person, name="Mine", scope="write")
    key = {"Authorization": f"Token {text}"}
    told = client.get("/api/v1/me/deletion/", headers=key).json()
    assert told["own_words"] == 1
    assert client.post("/api/v1/me/deletion/", headers=key).status_code == 202
    link = Letter.objects.get(template="accounts/mail/leaving").context["link"]
    word = link.rstrip("/").rpartition("/")[2]
    place = f"/api/v1/me/deletion/{word}/"
    body = {"withdraw": True}
    done = client.post(place, body, headers=key, content_type="application/json")
    assert done.status_code == 204
    assert client.get("/api/v1/me/", headers=key).status_code == 401
    assert Submission.objects.get().state == "withdrawn"


def test_who_has_a_second_factor_alone_is_asked_for_it(client, person):
    person.set_unusable_password()
    person.save()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client.force_login(person)
    asked = client.post(PAGE, follow=True)
    assert asked.request["PATH_INFO"] == "/accounts/2fa/reauthenticate/"
    assert User.objects.filter(pk=person.pk).exists()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    client.post(asked.redirect_chain[-1][0], {"code": code})
    assert not User.objects.filter(pk=person.pk).exists()


def test_the_officer_reads_how_many_responses_have_no_author_any_more(
    person, open_consultation, close, said
):
    file_submission(open_consultation, said, by=person)
    close()
    delete_account(person)
    counts = {str(one.label): one.count for one in protection_of(open_consultation).holdings}
    assert counts["Responses whose author deleted the account"] == 1
    assert counts["Accounts that responded"] == 0


def test_an_appeal_is_decided_though_its_author_has_gone(
    person, moderator, open_consultation, close, said
):
    file_submission(open_consultation, said, by=person)
    close()
    case = flag(Submission.objects.get(), "", rule="hate", by=None)
    decision = decide(
        case, DecisionInput("hide", rule="hate", statement="It insults."), by=moderator
    )
    lodged = appeal(decision, text="It insults nobody.", by=person)
    delete_account(person)
    second = HostRoleFactory(host=open_consultation.host, role="moderator").user
    lodged.refresh_from_db()
    decide_appeal(lodged, outcome="reversed", statement="True.", by=second)
    assert Decision.objects.get().reversed_at is not None
