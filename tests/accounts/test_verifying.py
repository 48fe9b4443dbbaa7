"""Verification: what was checked, by which way, and whom it keeps out."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts import checking
from apps.accounts.domains import (
    PREFIX,
    Unreachable,
    address_at,
    domain_of,
    has_file,
    has_record,
    is_public_address,
)
from apps.accounts.errors import InvalidVerification, VerificationOver
from apps.accounts.mailing import send
from apps.accounts.models import Letter, RegisterNumber, Verification
from apps.accounts.services import (
    ask_by_domain,
    ask_by_email,
    ask_by_register,
    confirm_email,
    look_now,
    review,
)
from apps.core.errors import NotAllowed
from apps.jobs.models import Job
from tests.accounts.servers import name_server, slow_server, web_server
from tests.factories import MembershipFactory, OrganisationFactory, SubmissionFactory, UserFactory

LEI = "5493001KJTIIGC8Y1R12"


@pytest.fixture
def society(db):
    return OrganisationFactory(name="Civic Society", website="https://www.civic.example.org/about")


@pytest.fixture
def signatory(society):
    return MembershipFactory(organisation=society, role="signatory").user


@pytest.fixture
def staff(db):
    return [UserFactory(is_staff=True) for _number in range(2)]


def is_verified(organisation):
    organisation.refresh_from_db()
    return organisation.is_verified


def token_of_mail():
    for letter in Letter.objects.all():
        send(letter)
    return re.search(r"/verify/([^/]+)/", mail.outbox[-1].body)[1]


def anywhere(_address):
    return True


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.example.org/x", "example.org"),
        ("http://EXAMPLE.org:8080", "example.org"),
        ("https://b\u00fcro.example", "xn--bro-hoa.example"),
        ("https://ex\u0430mple.org", "xn--exmple-4nf.org"),
        ("https://127.0.0.1/", ""),
        ("https://localhost/", ""),
        ("https://somebody.github.io/", ""),
        ("https://gmail.com/", ""),
        ("", ""),
        ("https://[broken", ""),
    ],
)
def test_the_domain_is_read_from_the_website(website, domain):
    assert domain_of(website) == domain


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org.evil.example",
        "a@mail.example.org",
        "a@evil.example@example.org",
        "a@ex\u0430mple.org",
        '"a@example.org"@evil.example',
        "a b@example.org",
        "a\n@example.org",
        "@example.org",
        "a@@example.org",
        "",
    ],
)
def test_only_a_plain_address_at_exactly_the_domain_counts(address):
    assert address_at("example.org", address) == ""
    assert address_at("example.org", " Board@EXAMPLE.org ") == "board@example.org"


def test_a_mail_to_the_domain_verifies_once_and_for_a_year(society, signatory):
    ask_by_email(society, "board@civic.example.org", by=signatory)
    assert not is_verified(society)
    token = token_of_mail()
    assert token not in str(Verification.objects.values())
    confirm_email(token)
    assert is_verified(society)
    with pytest.raises(VerificationOver):
        confirm_email(token)
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert not is_verified(society)
        assert not society.verifications.standing().exists()


def test_a_link_older_than_seven_days_confirms_nothing(society, signatory):
    ask_by_email(society, "board@civic.example.org", by=signatory)
    token = token_of_mail()
    with time_machine.travel(timezone.now() + timedelta(days=8)), pytest.raises(VerificationOver):
        confirm_email(token)


def test_a_second_mail_makes_the_first_worthless(society, signatory):
    ask_by_email(society, "board@civic.example.org", by=signatory)
    first = token_of_mail()
    ask_by_email(society, "board@civic.example.org", by=signatory)
    with pytest.raises(VerificationOver):
        confirm_email(first)


def test_an_address_elsewhere_is_refused_by_name(society, signatory):
    with pytest.raises(InvalidVerification, match="@civic.example.org"):
        ask_by_email(society, "board@gmail.com", by=signatory)
    assert not Letter.objects.exists()


def test_only_a_signatory_of_a_listed_organisation_may_ask(society, signatory):
    submitter = MembershipFactory(organisation=society, role="submitter").user
    with pytest.raises(NotAllowed):
        ask_by_domain(society, "dns", by=submitter)
    society.state = "held"
    society.save()
    with pytest.raises(NotAllowed, match="listed"):
        ask_by_domain(society, "dns", by=signatory)


def test_a_record_in_the_domain_name_is_found(db):
    records = {"_plenary.example.org": ["v=spf1 -all", f"{PREFIX}abc"]}
    with name_server(records) as resolver:
        assert has_record("example.org", "abc", resolver=resolver)
        assert not has_record("example.org", "ab", resolver=resolver)
        assert not has_record("other.example.org", "abc", resolver=resolver)


def test_a_name_server_that_says_nothing_is_unreachable(monkeypatch):
    monkeypatch.setattr("apps.accounts.domains.SECONDS", 0.3)
    with name_server({}) as resolver:
        resolver.port += 1
        with pytest.raises(Unreachable):
            has_record("example.org", "abc", resolver=resolver)


@pytest.mark.parametrize(
    ("body", "answer", "is_there"),
    [
        (f"{PREFIX}abc\n".encode(), {}, True),
        (b"<html>plenary-verification=abc</html>", {}, False),
        (f"{PREFIX}abcd".encode(), {}, False),
        (f"{PREFIX}abc".encode(), {"status": 404}, False),
        (f"{PREFIX}abc".encode(), {"status": 302, "location": "https://evil.example/"}, False),
        (f"{PREFIX}abc".encode() + b" " * 5_000_000, {}, False),
        (f"{PREFIX}abc".encode(), {"path": "/elsewhere"}, False),
    ],
)
def test_the_file_holds_the_token_and_nothing_else(body, answer, is_there):
    with web_server(body, **answer) as port:
        found = has_file("localhost", "abc", scheme="http", port=port, may_ask=anywhere)
    assert found is is_there


def test_nothing_inside_this_network_is_ever_asked():
    with web_server(f"{PREFIX}abc".encode()) as port, pytest.raises(Unreachable, match="public"):
        has_file("localhost", "abc", scheme="http", port=port)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "169.254.169.254",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "224.0.1.1",
    ],
)
def test_no_address_that_leads_inside_counts_as_public(address):
    assert not is_public_address(address)
    assert is_public_address("9.9.9.9")


def test_one_address_inside_is_enough_to_ask_none(monkeypatch):
    found = [(0, 0, 0, "", (address, 443)) for address in ("9.9.9.9", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_how: found)
    with pytest.raises(Unreachable, match="public"):
        has_file("example.org", "abc")


def test_the_file_may_begin_with_the_mark_of_an_editor():
    body = "\ufeffplenary-verification=abc\r\n".encode()
    with web_server(body) as port:
        assert has_file("localhost", "abc", scheme="http", port=port, may_ask=anywhere)


def test_a_website_is_asked_where_a_loop_runs_already():
    async def asked(port):
        return has_file("localhost", "abc", scheme="http", port=port, may_ask=anywhere)

    with web_server(f"{PREFIX}abc".encode()) as port, ThreadPoolExecutor() as thread:
        assert thread.submit(asyncio.run, asked(port)).result()


def test_a_website_that_is_only_at_www_can_hold_the_file(monkeypatch):
    def addresses(host, port, **_how):
        if host != "www.example.org":
            raise OSError("unknown")
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    with web_server(f"{PREFIX}abc".encode()) as port:
        monkeypatch.setattr("socket.getaddrinfo", addresses)
        asked = {"scheme": "http", "port": port, "may_ask": anywhere}
        assert has_file("example.org", "abc", **asked)
        with pytest.raises(Unreachable, match="no address"):
            has_file("example.net", "abc", **asked)


def test_the_second_address_is_asked_where_the_first_takes_no_connection(monkeypatch):
    with web_server(f"{PREFIX}abc".encode()) as port:
        found = [(0, 0, 0, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_how: found)
        assert has_file("example.org", "abc", scheme="http", port=port, may_ask=anywhere)


@pytest.mark.parametrize("before", [b"", b"HTTP/1.0 200 OK\r\n\r\n"])
def test_who_answers_a_byte_at_a_time_is_not_waited_for(monkeypatch, before):
    monkeypatch.setattr("apps.accounts.domains.SECONDS", 0.5)
    with slow_server(before) as port:
        began = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            has_file("127.0.0.1", "abc", scheme="http", port=port, may_ask=anywhere)
        assert time.monotonic() - began < 5


@pytest.fixture
def two_ways(monkeypatch):
    """The network of this test: a name server and a web server that hold what it puts there."""
    records = {}
    with name_server(records) as resolver:
        monkeypatch.setattr("dns.resolver.Resolver", lambda: resolver)
        yield records


def test_a_record_verifies_through_the_job_and_is_looked_at_again(society, signatory, two_ways):
    asked = ask_by_domain(society, "dns", by=signatory)
    look_now(asked, by=signatory)
    assert Job.objects.filter(kind=checking.CHECK).count() == 1
    checking.write_down(asked.pk, checking.found(asked))
    asked.refresh_from_db()
    assert asked.state == "pending"
    assert asked.problem.startswith("The record is not there")
    two_ways["_plenary.civic.example.org"] = [PREFIX + asked.token]
    checking.write_down(asked.pk, checking.found(asked))
    assert is_verified(society)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert checking.check_again() == 1
        two_ways.clear()
        checking.write_down(asked.pk, checking.found(asked))
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert not is_verified(society)


def test_a_second_look_within_a_minute_says_so(client, society, signatory):
    asked = ask_by_domain(society, "dns", by=signatory)
    client.force_login(signatory)
    look = reverse("accounts:verification-look", args=[society.slug, asked.pk])
    with time_machine.travel(timezone.now().replace(second=20)) as clock:
        assert "We are looking." in client.post(look, follow=True).text
        assert "We looked just now." in client.post(look, follow=True).text
        clock.shift(60)
        assert "We are looking." in client.post(look, follow=True).text
    assert Job.objects.filter(kind=checking.CHECK).count() == 2


def test_a_check_made_anew_is_one_badge(client, society, signatory):
    for _year in range(2):
        ask_by_email(society, "board@civic.example.org", by=signatory)
        confirm_email(token_of_mail())
    page = client.get(reverse("submissions:organisation", args=[society.slug])).text
    assert page.count("E-mail at its domain") == 1
    assert is_verified(society)


def test_what_was_not_confirmed_in_time_says_how_to_go_on(client, society, signatory):
    ask_by_domain(society, "dns", by=signatory)
    numbered(society, signatory)
    Verification.objects.update(requested_at=timezone.now() - timedelta(days=8))
    client.force_login(signatory)
    page = client.get(reverse("accounts:verification", args=[society.slug])).text
    assert page.count("not confirmed within seven days") == 1
    assert page.count("Two people of our staff look it up") == 2  # of the check, and of the way


def numbered(society, signatory):
    number = RegisterNumber.objects.create(organisation=society, register="lei", number=LEI)
    return ask_by_register(society, number, by=signatory)


def test_a_register_number_needs_two_members_of_staff(society, signatory, staff):
    asked = numbered(society, signatory)
    review(asked, is_confirmed=True, reason="Name and address fit.", by=staff[0])
    assert not is_verified(society)
    with pytest.raises(InvalidVerification, match="Another person"):
        review(asked, is_confirmed=True, reason="Still fits.", by=staff[0])
    review(asked, is_confirmed=True, reason="Fits.", by=staff[1])
    assert is_verified(society)


@pytest.mark.parametrize(
    ("found", "said"), [([True, True], "The badge shows it"), ([False], "It is another body.")]
)
def test_signatories_are_told_what_staff_found_once_it_is_decided(
    society, signatory, staff, found, said
):
    asked = numbered(society, signatory)
    told = Letter.objects.filter(template="accounts/mail/register_decided")
    for person, is_confirmed in zip(staff, found, strict=False):
        assert not told.exists()
        review(asked, is_confirmed=is_confirmed, reason="It is another body.", by=person)
    assert [letter.address for letter in told] == [signatory.email]
    send(told.get())
    assert said in mail.outbox[-1].body
    assert LEI in mail.outbox[-1].body


def test_checks_in_two_registers_stand_side_by_side(client, society, signatory, staff):
    for register, text in (("company", "12345"), ("lei", "5493001KJTIIGC8Y1R12")):
        number = society.numbers.create(register=register, country="", number=text)
        ask_by_register(society, number, by=signatory)
    waiting = Verification.objects.for_review()
    assert [one.number.register for one in waiting] == ["company", "lei"]
    told = Letter.objects.filter(template="accounts/mail/register_asked", address=staff[0].email)
    assert [one.context["subject"] for one in told] == [one.subject for one in waiting]
    send(told[0])
    assert "/workspace/registers/" in mail.outbox[-1].body


def test_site_staff_of_no_host_find_what_waits(client, society, signatory, staff, settings):
    settings.SECOND_FACTOR_FOR_STAFF = False
    number = society.numbers.create(register="company", country="", number="12345")
    ask_by_register(society, number, by=signatory)
    client.force_login(staff[0])
    page = client.get("/workspace/").content.decode()
    assert "1 number waits" in page
    assert "0 names wait" in page
    assert 'href="/workspace/registers/"' in page
    assert 'href="/workspace/names/"' in page
    assert 'href="/workspace/"' in client.get("/").content.decode()
    client.force_login(signatory)
    assert client.get("/workspace/").status_code == 404


def test_one_who_does_not_find_it_is_enough_to_refuse(society, signatory, staff):
    asked = numbered(society, signatory)
    review(asked, is_confirmed=False, reason="Another name stands there.", by=staff[0])
    with pytest.raises(VerificationOver):
        review(asked, is_confirmed=True, reason="Fits.", by=staff[1])
    assert not is_verified(society)


def test_staff_never_reviews_its_own_organisation(society, signatory, staff):
    asked = numbered(society, signatory)
    MembershipFactory(organisation=society, user=staff[0], role="drafter")
    for person in (staff[0], signatory):
        with pytest.raises(NotAllowed):
            review(asked, is_confirmed=True, reason="Fits.", by=person)


def test_the_number_of_another_organisation_verifies_nothing(society, signatory):
    number = RegisterNumber.objects.create(
        organisation=OrganisationFactory(), register="lei", number=LEI
    )
    with pytest.raises(InvalidVerification):
        ask_by_register(society, number, by=signatory)


def test_the_badge_says_what_was_checked_and_when(client, society, signatory):
    address = reverse("submissions:organisation", args=[society.slug])
    assert "Not verified" in client.get(address).text
    ask_by_email(society, "board@civic.example.org", by=signatory)
    token = token_of_mail()
    page = reverse("accounts:confirm-domain", args=[token])
    assert "Civic Society" in client.get(page).text
    assert not is_verified(society)
    client.post(page)
    shown = client.get(address).text
    assert "civic.example.org" in shown
    assert "Checked on" in shown
    assert "holds until" in shown


def test_the_list_is_narrowed_to_verified_organisations(client, society, open_consultation):
    verified = timezone.now() + timedelta(days=5)
    type(society).objects.filter(pk=society.pk).update(verified_until=verified)
    SubmissionFactory(
        consultation=open_consultation,
        organisation=society,
        organisation_name=society.name,
        reference="SEEN-1",
    )
    SubmissionFactory(consultation=open_consultation, reference="OTHER-1")
    page = client.get(reverse("submissions:list", args=[open_consultation.slug]), {"verified": "1"})
    assert "SEEN-1" in page.text
    assert "OTHER-1" not in page.text
    api = reverse("api:submissions", args=[open_consultation.slug])
    for asked, wanted in (("true", "SEEN-1"), ("false", "OTHER-1")):
        rows = client.get(api, {"verified": asked}).json()["results"]
        assert [row["reference"] for row in rows] == [wanted]


def test_the_page_of_checks_shows_what_to_do(client, society, signatory):
    client.force_login(signatory)
    address = reverse("accounts:verification", args=[society.slug])
    client.post(address, {"method": "dns"})
    assert "_plenary.civic.example.org" in client.get(address).text
    client.post(address, {"method": "file"})
    assert "/.well-known/plenary-verification.txt" in client.get(address).text
    wrong = client.post(address, {"method": "email", "address": "me@gmail.com"})
    assert wrong.status_code == 422
    assert 'value="me@gmail.com"' in wrong.text


def test_staff_reviews_on_its_page(client, society, signatory, staff, settings):
    settings.SECOND_FACTOR_FOR_STAFF = False
    asked = numbered(society, signatory)
    for person in staff:
        client.force_login(person)
        assert LEI in client.get(reverse("accounts:reviews")).text
        address = reverse("accounts:review", args=[asked.pk])
        assert client.post(address, {"found": "yes"}).status_code == 422
        client.post(address, {"found": "yes", "reason": "It fits."})
    assert is_verified(society)
