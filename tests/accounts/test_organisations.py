"""Organisations: registered, held, decided on; seats offered, taken, changed, given up."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts.errors import (
    AnotherAddress,
    InvalidOrganisation,
    InvitationOver,
    LastSignatory,
    TooManyOrganisations,
)
from apps.accounts.mailing import send
from apps.accounts.models import Invitation, Letter, Membership, Organisation
from apps.accounts.services import (
    OrganisationInput,
    accept_invitation,
    change_role,
    decide_name,
    invite,
    register,
    remove_member,
)
from apps.accounts.services.organisations import MOST_ORGANISATIONS
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
LEI = "5493001KJTIIGC8Y1R12"
NEW = "/organisations/new/"


@pytest.fixture
def founder():
    return UserFactory(email="founder@example.org", name="Fatima Founder")


@pytest.fixture
def society(founder):
    return register(OrganisationInput("Civic Society", "civil"), by=founder)


@pytest.fixture
def staff():
    return UserFactory(email="staff@example.org", is_staff=True)


def token_of_last_mail():
    for letter in Letter.objects.all():
        send(letter)
    return re.search(r"/invitations/([^/]+)/", mail.outbox[-1].body)[1]


def test_who_registers_becomes_the_signatory(society, founder):
    assert society.state == "listed"
    assert society.memberships.get().role == Membership.Role.SIGNATORY
    assert founder.has_perm("accounts.submit_for", society)
    assert Entry.objects.filter(kind="organisation.registered", subject=society.slug).exists()


def test_a_name_that_looks_like_another_waits_and_cannot_submit(society, open_consultation, staff):
    other = UserFactory()
    held = register(OrganisationInput("Civic S\u043eciety", "civil"), by=other)
    assert (held.state, held.resembles) == ("held", society)
    assert Letter.objects.filter(address="staff@example.org").count() == 1
    content = DraftInput(answers=[AnswerInput("why", "Because.")], group="civil")
    with pytest.raises(NotAllowed):
        file_submission(open_consultation, content, by=other, organisation=held)
    assert not Organisation.objects.visible_to(founder_of(society)).filter(pk=held.pk).exists()


def founder_of(organisation):
    return organisation.memberships.get().user


def test_the_same_name_in_any_case_is_refused_with_what_to_do(society):
    with pytest.raises(InvalidOrganisation, match="invite you"):
        register(OrganisationInput(" CIVIC  society ", "civil"), by=UserFactory())


def test_a_listed_name_lets_its_members_submit_and_tells_them(society, staff):
    other = UserFactory(email="other@example.org")
    held = register(OrganisationInput("Civic Soclety", "civil"), by=other)
    decide_name(held, outcome="listed", reason="It is another one.", by=staff)
    held.refresh_from_db()
    assert other.has_perm("accounts.submit_for", held)
    assert Letter.objects.filter(address="other@example.org").exists()


@pytest.mark.parametrize("who", ["member", "nobody"])
def test_only_staff_that_does_not_belong_decides_on_a_name(society, staff, who):
    judge = staff if who == "member" else UserFactory()
    held = register(OrganisationInput("Civic Soclety", "civil"), by=staff)
    with pytest.raises(NotAllowed):
        decide_name(held, outcome="listed", reason="Fine.", by=judge)


def test_a_name_is_decided_on_once_and_with_a_reason(society, staff):
    held = register(OrganisationInput("Civic Soclety", "civil"), by=UserFactory())
    with pytest.raises(InvalidOrganisation) as refusal:
        decide_name(held, outcome="", reason=" ", by=staff)
    assert set(refusal.value.fields) == {"outcome", "reason"}
    decide_name(held, outcome="refused", reason="It imitates.", by=staff)
    with pytest.raises(InvalidOrganisation):
        decide_name(held, outcome="listed", reason="Again.", by=staff)


@pytest.mark.parametrize(
    ("register_name", "number", "is_right"),
    [
        ("lei", LEI, True),
        ("lei", LEI[:-1] + "3", False),
        ("lei", LEI.lower(), True),
        ("eu", "03181945560-59", True),
        ("eu", "59", False),
        ("company", "HRB 12345 B", True),
        ("company", "<script>", False),
        ("moon", "1234", False),
    ],
)
def test_register_numbers_are_checked(founder, register_name, number, is_right):
    details = OrganisationInput("Firm", "company", "DE", numbers={register_name: number})
    if is_right:
        assert register(details, by=founder).numbers.get().number == number.upper()
        return
    with pytest.raises(InvalidOrganisation) as refusal:
        register(details, by=founder)
    assert f"numbers.{register_name}" in refusal.value.fields
    assert not Organisation.objects.exists()


def test_a_number_names_one_organisation(founder):
    register(OrganisationInput("Firm", "company", numbers={"lei": LEI}), by=founder)
    with pytest.raises(InvalidOrganisation, match="attention"):
        register(OrganisationInput("Another", "company", numbers={"lei": LEI}), by=UserFactory())


def test_everything_wrong_is_named_at_once_and_nothing_is_kept(founder):
    with pytest.raises(InvalidOrganisation) as refusal:
        register(OrganisationInput("\u200b", "individual", "Narnia", "javascript:x"), by=founder)
    assert set(refusal.value.fields) == {"name", "group", "country", "website"}


def test_one_person_registers_a_bounded_number(founder):
    for _number in range(MOST_ORGANISATIONS):
        MembershipFactory(user=founder)
    with pytest.raises(TooManyOrganisations):
        register(OrganisationInput("One more", "civil"), by=founder)


def test_a_seat_is_offered_by_mail_and_taken_by_its_reader(society, founder):
    invite(society, "Colleague@Example.org", role="submitter", by=founder)
    assert "colleague@example.org" not in str(Entry.objects.values_list("detail", flat=True))
    colleague = UserFactory(email="colleague@example.org")
    accept_invitation(token_of_last_mail(), by=colleague)
    assert society.memberships.get(user=colleague).role == "submitter"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("country", ["SE", "se", "Sweden", " SWEDEN ", "swe"])
def test_country_and_website_are_read_as_people_write_them(founder, country):
    typed = OrganisationInput("Small Forum", "civil", country, "forum.example.org")
    made = register(typed, by=founder)
    assert (made.country, made.website) == ("SE", "https://forum.example.org")


def test_an_invitation_that_went_to_a_wrong_address_opens_nothing(society, founder):
    invite(society, "wrong@example.org", role="signatory", by=founder)
    token = token_of_last_mail()
    with pytest.raises(AnotherAddress, match="another address"):
        accept_invitation(token, by=UserFactory())
    assert society.memberships.count() == 1


def test_a_second_invitation_replaces_the_first(society, founder):
    invite(society, "colleague@example.org", role="drafter", by=founder)
    old = token_of_last_mail()
    Letter.objects.all().delete()
    invite(society, "colleague@example.org", role="submitter", by=founder)
    colleague = UserFactory(email="colleague@example.org")
    with pytest.raises(InvitationOver):
        accept_invitation(old, by=colleague)
    assert accept_invitation(token_of_last_mail(), by=colleague).role == "submitter"


def test_an_invitation_whose_mail_no_server_takes_says_so_and_is_sent_again(
    client, society, founder, time_machine
):
    invite(society, "typo@example.invalid", role="submitter", by=founder)
    client.force_login(founder)
    address = reverse("accounts:members", args=[society.slug])
    told = "No mail server has taken this mail so far."
    assert told not in client.get(address).text
    time_machine.move_to(timezone.now() + timedelta(minutes=10))
    client.force_login(founder)
    page = client.get(address).text
    assert told in page
    assert "Send it to typo@example.invalid again" in page
    api = f"/api/v1/organisations/{society.slug}/invitations/"
    assert client.get(api).json()[0]["is_undelivered"] is True
    again = reverse("accounts:invite", args=[society.slug])
    Letter.objects.all().delete()
    client.post(again, {"email": "typo@example.invalid", "role": "submitter"})
    assert Letter.objects.count() == 1
    assert told not in client.get(address).text


def test_fifty_invitations_are_the_most_and_each_can_be_sent_again(society, founder):
    for number in range(50):
        invite(society, f"a{number}@example.org", role="drafter", by=founder)
    with pytest.raises(InvalidOrganisation, match="Too many invitations"):
        invite(society, "one-more@example.org", role="drafter", by=founder)
    invite(society, "a7@example.org", role="submitter", by=founder)
    assert society.invitations.count() == 50


def test_a_taken_seat_keeps_its_role_when_an_old_invitation_is_opened(society, founder):
    colleague = UserFactory(email="colleague@example.org")
    invite(society, colleague.email, role="drafter", by=founder)
    MembershipFactory(organisation=society, user=colleague, role="signatory")
    accept_invitation(token_of_last_mail(), by=colleague)
    assert society.memberships.get(user=colleague).role == "signatory"


@pytest.mark.parametrize(
    ("email", "role"), [("not an address", "drafter"), ("a@example.org", "king")]
)
def test_a_malformed_invitation_is_refused(society, founder, email, role):
    with pytest.raises(InvalidOrganisation):
        invite(society, email, role=role, by=founder)
    assert not Letter.objects.exists()


def test_only_signatories_invite(society):
    submitter = MembershipFactory(organisation=society, role="submitter").user
    with pytest.raises(NotAllowed):
        invite(society, "a@example.org", role="drafter", by=submitter)


def test_the_last_signatory_cannot_leave_nor_step_down(society, founder):
    drafter = MembershipFactory(organisation=society, role="drafter")
    seat = society.memberships.get(user=founder)
    with pytest.raises(LastSignatory, match="another member"):
        remove_member(seat, by=founder)
    with pytest.raises(LastSignatory):
        change_role(seat, role="drafter", by=founder)
    change_role(drafter, role="signatory", by=founder)
    remove_member(seat, by=founder)
    assert [one.role for one in society.memberships.all()] == ["signatory"]


def test_a_member_leaves_and_removes_nobody_else(society, founder):
    drafter = MembershipFactory(organisation=society, role="drafter")
    with pytest.raises(NotAllowed):
        remove_member(society.memberships.get(user=founder), by=drafter.user)
    remove_member(drafter, by=drafter.user)
    assert society.memberships.count() == 1


def test_the_form_keeps_what_was_typed_and_names_what_is_wrong(client, founder):
    client.force_login(founder)
    page = client.post(NEW, {"name": "Civic Society", "group": "civil", "number-lei": "123"})
    assert page.status_code == 422
    assert 'value="Civic Society"' in page.text
    assert 'value="123"' in page.text
    assert "number of this register" in page.text


def test_the_whole_way_in_a_browser_session(client, founder):
    client.force_login(founder)
    made = client.post(NEW, {"name": "Civic Society", "group": "civil"}, follow=True)
    assert "Invite a colleague" in made.text
    slug = Organisation.objects.get().slug
    sent = client.post(
        reverse("accounts:invite", args=[slug]),
        {"email": "colleague@example.org", "role": "drafter"},
        follow=True,
    )
    assert "colleague@example.org" in sent.text
    address = reverse("accounts:invitation", args=[token_of_last_mail()])
    client.logout()
    assert "Civic Society" in client.get(address).text
    asked = client.post(address, {"then": "accept"})
    assert asked.headers["Location"].startswith(reverse("account_login"))
    client.force_login(UserFactory(email="colleague@example.org"))
    taken = client.post(address, {"then": "accept"}, follow=True)
    assert "You are a member now." in taken.text
    assert "Invite a colleague" not in taken.text
    assert client.get(address).status_code == 410


def test_an_invitation_leads_through_log_in_and_sign_up_and_back(client, society, founder):
    invite(society, "new@example.org", role="drafter", by=founder)
    address = reverse("accounts:invitation", args=[token_of_last_mail()])
    page = client.get(address).text
    assert f'href="{reverse("account_login")}?next={address}"' in page
    assert f'href="{reverse("account_signup")}?next={address}"' in page
    assert 'value="accept"' not in page


def test_who_is_logged_in_with_another_address_reads_which_one_it_needs(client, society, founder):
    invite(society, "new@example.org", role="drafter", by=founder)
    address = reverse("accounts:invitation", args=[token_of_last_mail()])
    client.force_login(UserFactory(email="another@example.org"))
    page = client.get(address).text
    assert "sent to new@example.org, and you are logged in as another@example.org" in page
    assert 'value="accept"' not in page
    assert client.post(address, {"then": "accept"}).status_code == 403


def test_a_refusal_leads_back_to_the_page_whose_form_was_sent_and_nowhere_else(client, founder):
    held = register(OrganisationInput("Civic S\u043eciety", "civil"), by=founder)
    page = reverse("accounts:verification", args=[held.slug])
    client.force_login(founder)

    def refused(came_from):
        asked = client.post(page, {"method": "dns"}, headers={"referer": came_from})
        assert asked.status_code == 403
        return asked.text

    assert f'href="{page}"' in refused(f"http://testserver{page}")
    assert 'href="/evil' not in refused("http://evil.example/evil")
    assert ">Back<" not in client.get(reverse("accounts:invitation", args=["gone"])).text


def test_nobody_needs_an_account_to_decline(client, society, founder):
    invite(society, "wrong@example.org", role="drafter", by=founder)
    address = reverse("accounts:invitation", args=[token_of_last_mail()])
    assert "declined" in client.post(address, {"then": "decline"}).text
    assert not Invitation.objects.exists()


def test_the_page_of_members_costs_the_same_for_many(
    client, society, founder, django_assert_max_num_queries
):
    for _number in range(15):
        MembershipFactory(organisation=society, role="drafter")
    client.force_login(founder)
    with django_assert_max_num_queries(12):
        client.get(reverse("accounts:members", args=[society.slug]))


def test_staff_decides_on_the_page_of_names(client, society, staff, settings):
    settings.SECOND_FACTOR_FOR_STAFF = False
    held = register(OrganisationInput("Civic Soclety", "civil"), by=UserFactory())
    client.force_login(staff)
    page = client.get(reverse("accounts:names"))
    assert "Civic Soclety" in page.text
    address = reverse("accounts:decide-name", args=[held.slug])
    refused = client.post(address, {"outcome": "refused", "reason": ""})
    assert refused.status_code == 422
    client.post(address, {"outcome": "refused", "reason": "It imitates."})
    held.refresh_from_db()
    assert (held.state, held.decision) == ("refused", "It imitates.")


def test_a_held_organisation_has_no_public_page(client, society):
    held = register(OrganisationInput("Civic Soclety", "civil"), by=UserFactory())
    address = reverse("submissions:organisation", args=[held.slug])
    assert client.get(address).status_code == 404
    client.force_login(founder_of(held))
    assert client.get(address).status_code == 200


def test_two_organisations_of_one_name_in_another_script_have_addresses_of_their_own(founder):
    first = register(OrganisationInput("\u4e2d\u56fd\u79d1\u5b66\u9662", "research"), by=founder)
    second = register(
        OrganisationInput("\u65e5\u672c\u5b66\u8853\u4f1a\u8b70", "research"), by=founder
    )
    OrganisationFactory(slug="mine-2")
    assert (first.slug, second.slug) == ("organisation", "organisation-2")
    assert register(OrganisationInput("Mine", "company"), by=founder).slug not in ("mine", "mine-2")
