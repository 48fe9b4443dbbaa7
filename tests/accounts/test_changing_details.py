"""Details of an organisation: changed by a signatory, looked at again, and honest about checks."""

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from apps.accounts.errors import InvalidOrganisation
from apps.accounts.mailing import send
from apps.accounts.models import Letter, Membership, Organisation, RegisterNumber, Verification
from apps.accounts.services import (
    OrganisationInput,
    ask_by_domain,
    ask_by_register,
    change_details,
    decide_name,
    register,
)
from apps.accounts.services.verifying import confirm
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission, save_draft, start_draft, submit
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
WAS = OrganisationInput(
    "Civic Society", "civil", "KE", "https://civic.example", {"charity": "12345"}
)


@pytest.fixture
def founder():
    return UserFactory(email="founder@example.org")


@pytest.fixture
def society(founder):
    return register(WAS, by=founder)


@pytest.fixture
def staff():
    return UserFactory(email="staff@example.org", is_staff=True)


def changed(society, by, **fields):
    details = {name: getattr(WAS, name) for name in ("name", "group", "country", "website")}
    return change_details(
        society, OrganisationInput(**{**details, "numbers": WAS.numbers, **fields}), by=by
    )


def checked(society, founder):
    """Let a record and a register number be confirmed."""
    for asked in (
        ask_by_domain(society, "dns", by=founder),
        ask_by_register(society, society.numbers.get(), by=founder),
    ):
        confirm(asked)


def standing(society):
    return sorted(society.verifications.standing().values_list("method", flat=True))


def test_every_detail_can_be_changed_and_the_change_is_on_record(society, founder):
    changed(
        society,
        founder,
        name="Open Society of Kisumu",
        group="research",
        country="ug",
        website="https://kisumu.example",
        numbers={"company": "AB 123456"},
    )
    society.refresh_from_db()
    assert (society.name, society.group, society.country) == (
        "Open Society of Kisumu",
        "research",
        "UG",
    )
    assert list(society.numbers.values_list("register", "country", "number")) == [
        ("company", "UG", "AB 123456")
    ]
    entry = Entry.objects.get(kind="organisation.changed")
    assert sorted(entry.detail["changed"]) == ["country", "group", "name", "numbers", "website"]


def test_nothing_changed_is_nothing_on_record(society, founder):
    checked(society, founder)
    changed(society, founder)
    assert not Entry.objects.filter(kind="organisation.changed").exists()
    assert standing(society) == ["dns", "register"]


def test_only_a_signatory_changes_them(society):
    drafter = MembershipFactory(organisation=society, role=Membership.Role.SUBMITTER).user
    for person in (drafter, UserFactory()):
        with pytest.raises(NotAllowed):
            changed(society, person, group="research")


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"group": "research"}, ["dns", "register"]),
        ({"website": "https://www.civic.example/about"}, ["dns", "register"]),
        ({"website": "https://elsewhere.example"}, ["register"]),
        ({"numbers": {}}, ["dns"]),
        ({"numbers": {"charity": "54321"}}, ["dns"]),
        ({"country": "UG"}, ["dns"]),
        ({"name": "Another Body"}, []),
    ],
)
def test_what_was_checked_ends_where_that_changed(society, founder, fields, left):
    checked(society, founder)
    changed(society, founder, **fields)
    society.refresh_from_db()
    assert standing(society) == left
    assert society.is_verified == bool(left)


def test_a_check_that_waits_ends_with_the_old_website(society, founder):
    ask_by_domain(society, "dns", by=founder)
    changed(society, founder, website="https://elsewhere.example")
    assert not Verification.objects.exists()


def test_a_new_name_that_looks_like_another_waits_and_the_old_one_stays(society, founder, staff):
    OrganisationFactory(name="Greenpeace")
    checked(society, founder)
    changed(society, founder, name="Greenpeaсe")  # noqa: RUF001 - a Cyrillic letter
    society.refresh_from_db()
    assert (society.name, society.asked_name, society.state) == (
        "Civic Society",
        "Greenpeaсe",  # noqa: RUF001
        "listed",
    )
    assert standing(society) == ["dns", "register"]
    told = Letter.objects.filter(address="staff@example.org").values_list("template", flat=True)
    assert sorted(told) == ["accounts/mail/name_held", "accounts/mail/register_asked"]
    decide_name(society, outcome="refused", reason="It is not Greenpeace.", by=staff)
    society.refresh_from_db()
    assert (society.name, society.asked_name, society.state) == ("Civic Society", "", "listed")
    send(Letter.objects.order_by("id").last())
    assert "keeps the one it has" in mail.outbox[-1].body


def test_a_new_name_that_staff_lists_is_the_name_and_ends_the_checks(society, founder, staff):
    OrganisationFactory(name="Civic Forum of Kisumu")
    checked(society, founder)
    changed(society, founder, name="Civic Forums of Kisumu")
    decide_name(society, outcome="listed", reason="Two bodies, see their statutes.", by=staff)
    society.refresh_from_db()
    assert (society.name, society.asked_name) == ("Civic Forums of Kisumu", "")
    assert standing(society) == []


def test_a_name_taken_while_it_waited_is_refused_in_words(society, founder, staff):
    OrganisationFactory(name="Civic Forum of Kisumu")
    changed(society, founder, name="Civic Forums of Kisumu")
    OrganisationFactory(name="Civic Forums of Kisumu")
    with transaction.atomic(), pytest.raises(InvalidOrganisation, match="is registered"):
        decide_name(society, outcome="listed", reason="Two bodies.", by=staff)
    society.refresh_from_db()
    assert society.asked_name == "Civic Forums of Kisumu"


def test_a_held_organisation_that_takes_a_plain_name_is_listed(society):
    other = UserFactory()
    held = register(OrganisationInput("Civic Sоciety", "civil"), by=other)  # noqa: RUF001
    assert held.state == "held"
    change_details(held, OrganisationInput("Lake Fishers", "civil"), by=other)
    held.refresh_from_db()
    assert (held.name, held.state) == ("Lake Fishers", "listed")


def test_after_a_refusal_every_name_is_looked_at(society, staff):
    other = UserFactory()
    held = register(OrganisationInput("Civic Sоciety", "civil"), by=other)  # noqa: RUF001
    decide_name(held, outcome="refused", reason="No.", by=staff)
    change_details(held, OrganisationInput("Lake Fishers", "civil"), by=other)
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "lake FISHERS"}, "name"),
        ({"name": "x"}, "name"),
        ({"group": "individual"}, "group"),
        ({"website": "ftp://x"}, "website"),
        ({"country": "Narnia"}, "country"),
        ({"numbers": {"charity": "777"}}, "numbers.charity"),
        ({"country": ""}, "numbers.charity"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_changes(society, founder, fields, field):
    other = OrganisationFactory(name="Lake Fishers")
    RegisterNumber.objects.create(
        organisation=other, register="charity", country="KE", number="777"
    )
    with pytest.raises(InvalidOrganisation) as refused:
        changed(society, founder, **fields)
    assert list(refused.value.fields) == [field]
    society.refresh_from_db()
    assert society.name == "Civic Society"
    assert society.numbers.get().number == "12345"


def test_what_was_filed_keeps_its_name_and_a_draft_takes_the_new_one(
    society, founder, open_consultation
):
    content = DraftInput(answers=[AnswerInput("why", "Because.")], group="civil")
    file_submission(open_consultation, content, by=founder, organisation=society)
    draft = start_draft(open_consultation, author=founder, organisation=society)
    save_draft(draft, content, by=founder)
    changed(society, founder, name="Lake Fishers")
    draft = open_consultation.submissions.get(pk=draft.pk)
    assert draft.speaker == "Lake Fishers"
    submit(draft, by=founder)
    names = open_consultation.submissions.order_by("id").values_list("organisation_name", flat=True)
    assert list(names) == ["Civic Society", "Lake Fishers"]


def test_the_page_shows_what_is_there_keeps_what_was_typed_and_saves(client, society, founder):
    client.force_login(founder)
    address = reverse("accounts:details", args=[society.slug])
    assert 'value="12345"' in client.get(address).content.decode()
    sent = {
        "name": "Lake Fishers",
        "group": "civil",
        "country": "Narnia",
        "number-charity": "12345",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert 'value="Lake Fishers"' in refused.content.decode()
    saved = client.post(address, {**sent, "country": "KE"}, follow=True)
    assert "The details were changed." in saved.content.decode()
    assert Organisation.objects.get().name == "Lake Fishers"
