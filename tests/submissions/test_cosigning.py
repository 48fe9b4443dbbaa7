"""A campaign in the open: registered by an organisation, signed by confirmed addresses."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Letter
from apps.accounts.services import make_token
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.submissions.errors import (
    CampaignClosed,
    InvalidContent,
    LinkIsOver,
    NotCurrent,
    PhaseClosed,
)
from apps.submissions.models import CoSignature, GroupTally, RegisteredCampaign, Submission
from apps.submissions.services import (
    CampaignInput,
    SignatureInput,
    close_campaign,
    confirm_signature,
    decide_dispute,
    disown,
    disown_signature,
    register_campaign,
    request_signature,
    sign_for_organisation,
    start_revision,
    unsign_for_organisation,
    withdraw,
)
from apps.submissions.tasks import forget_unanswered
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
TEXT = "Name two independent observers before the pause begins."


@pytest.fixture(autouse=True)
def _calm():
    cache.clear()


@pytest.fixture
def campaign(open_consultation, member, forum):
    content = CampaignInput(
        "Say who watches", TEXT, "why", provision="article-1", stance="changes", ask="amend"
    )
    return register_campaign(open_consultation, content, by=member, organisation=forum)


def ask(campaign, email="ann@example.org", **more):
    """Ask to sign, and return the word at the end of the link in the newest mail."""
    request_signature(campaign, SignatureInput(email, **more))
    letter = Letter.objects.order_by("-id").first()
    return re.search(r"campaign-signatures/([^/]+)/", letter.context["link"]).group(1)


def counts(campaign):
    campaign.refresh_from_db()
    return campaign.people, campaign.organisations, campaign.distinct_texts


def place(campaign):
    return [campaign.consultation.slug, campaign.slug]


def letters(campaign):
    tally = GroupTally.objects.get(
        consultation=campaign.consultation, question=None, group=campaign.carrier.group
    )
    return Submission.objects.get(pk=campaign.carrier_id).weight, tally.letters, tally.submissions


def test_the_text_of_a_campaign_is_filed_as_one_submission(campaign):
    assert campaign.carrier.is_submitted
    assert campaign.carrier.answers.get().text == TEXT
    assert campaign.carrier.points.get().ask == "amend"
    assert counts(campaign) == (0, 0, 1)
    assert Entry.objects.filter(kind="campaign.registered").count() == 1


def test_a_drafter_registers_no_campaign(open_consultation, drafter, forum):
    with pytest.raises(NotAllowed):
        register_campaign(
            open_consultation, CampaignInput("T", TEXT, "why"), by=drafter, organisation=forum
        )


def test_a_campaign_says_what_is_missing(open_consultation, member, forum):
    with pytest.raises(InvalidContent) as refused:
        register_campaign(
            open_consultation, CampaignInput("", "x" * 10_001), by=member, organisation=forum
        )
    assert set(refused.value.fields) == {"title", "text", "question"}


def test_a_confirmed_signature_is_a_letter_and_no_position(campaign):
    token = ask(campaign)
    assert counts(campaign) == (0, 0, 1)
    assert confirm_signature(token) is None
    assert counts(campaign) == (1, 0, 1)
    assert letters(campaign) == (2, 2, 1)
    signature = CoSignature.objects.get()
    assert signature.address == ""
    assert "ann@" not in str(CoSignature.objects.values().get())


def test_own_words_are_filed_on_their_own_with_a_receipt(campaign):
    receipt = confirm_signature(ask(campaign, own_words="I live beside it."))
    own = Submission.objects.get(reference=receipt.number)
    assert (own.group, own.source, own.author) == ("individual", "campaign", None)
    assert own.answers.get().text == "I live beside it."
    assert counts(campaign) == (1, 0, 2)
    assert letters(campaign) == (1, 1, 1), "the own words are the person's letter"


def test_a_link_used_twice_counts_once(campaign):
    token = ask(campaign)
    confirm_signature(token)
    assert confirm_signature(token) is None
    assert counts(campaign) == (1, 0, 1)


def test_an_address_that_signed_gets_the_same_answer_and_counts_once(campaign, client):
    page = campaign.get_absolute_url()
    first = client.post(page, {"email": "ann@example.org"})
    confirm_signature(ask(campaign))
    again = client.post(page, {"email": "Ann@Example.org", "own_words": "Changed"})
    assert first.status_code == again.status_code
    hidden = re.compile(rb'value="\w{64}"')  # the token of a form is new on each page
    assert hidden.sub(b"", first.content) == hidden.sub(b"", again.content)
    assert counts(campaign) == (1, 0, 1)
    assert not CoSignature.objects.exclude(address="", own_words="").exists()


def test_who_never_signed_is_forgotten_and_the_link_says_so(campaign, client):
    token = ask(campaign, own_words="Never said.", name="Ann", is_name_public=True)
    disown_signature(token)
    kept = CoSignature.objects.get()
    assert (kept.address, kept.name, kept.own_words) == ("", "", "")
    page = client.get(reverse("submissions:signature", args=[token]))
    assert (page.status_code, "Your name is off" in page.content.decode()) == (200, True)
    assert confirm_signature(token) is None
    assert counts(campaign) == (0, 0, 1)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        forget_unanswered()
    assert not CoSignature.objects.exists()


def test_a_text_that_was_withdrawn_is_shown_nowhere_with_its_campaign(client, campaign, member):
    token = ask(campaign)
    pages = [
        reverse("submissions:campaign", args=place(campaign)),
        reverse("submissions:signature", args=[token]),
    ]
    assert all(campaign.title in client.get(page).content.decode() for page in pages)
    withdraw(campaign.carrier, by=member)
    for page in pages:
        said = client.get(page).content.decode()
        assert "Its author withdrew this text." in said
        assert campaign.title not in said
        assert TEXT not in said


def test_a_campaign_in_a_false_name_no_longer_names_who_did_not_write_it(
    client, campaign, member, owner, forum
):
    dispute = disown(campaign.carrier, by=member)
    decide_dispute(dispute, outcome="upheld", reason="It was not them.", by=owner)
    page = client.get(reverse("submissions:campaign", args=place(campaign))).content.decode()
    assert forum.name not in page


def test_names_of_signers_do_not_stand_in_the_order_of_their_own_words(client, campaign):
    for name in ("Cleo", "Ann", "Bob"):
        token = ask(
            campaign,
            f"{name}@example.org",
            name=name,
            is_name_public=True,
            own_words=f"I am number {len(name)} beside it.",
        )
        confirm_signature(token)
    page = client.get(reverse("submissions:campaign", args=place(campaign))).content.decode()
    assert page.index("<bdi>Ann") < page.index("<bdi>Bob") < page.index("<bdi>Cleo")


def test_asking_again_never_takes_the_place_of_what_waits(campaign):
    first = ask(campaign, own_words="I live beside it.", name="Ann", is_name_public=True)
    second = ask(campaign)
    disown_signature(ask(campaign))
    receipt = confirm_signature(first)
    assert Submission.objects.get(reference=receipt.number).answers.get().text
    assert confirm_signature(second) is None
    assert counts(campaign) == (1, 0, 2)
    assert CoSignature.objects.get(state="confirmed").name == "Ann"


def test_the_newer_link_may_count_first_and_both_lead_to_what_stands(campaign):
    first = ask(campaign, own_words="I live beside it.")
    second = ask(campaign, name="Ann", is_name_public=True)
    confirm_signature(second)
    assert confirm_signature(first) is None
    assert counts(campaign) == (1, 0, 1)
    assert not CoSignature.objects.exclude(address="", own_words="").exists()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        forget_unanswered()
        disown_signature(first)
    assert counts(campaign) == (0, 0, 1)


def test_a_signature_is_withdrawn_with_its_words_and_can_be_given_again(campaign):
    token = ask(campaign, own_words="I live beside it.", name="Ann", is_name_public=True)
    receipt = confirm_signature(token)
    disown_signature(token)
    disown_signature(token)
    assert counts(campaign) == (0, 0, 1)
    assert Submission.objects.get(reference=receipt.number).state == "withdrawn"
    assert CoSignature.objects.get().name == ""
    confirm_signature(ask(campaign))
    assert counts(campaign) == (1, 0, 1)


def test_a_name_is_kept_only_where_it_may_be_public(campaign):
    confirm_signature(ask(campaign, name="Ann"))
    assert CoSignature.objects.get().name == ""


def test_the_page_names_who_wishes_to_be_seen_and_counts_the_others(campaign, client):
    confirm_signature(ask(campaign, name="Ann \u202e<b>Lee", is_name_public=True))
    confirm_signature(ask(campaign, "bob@example.org", name="Bob Quiet"))
    ask(campaign, "cat@example.org", name="Cat Waits", is_name_public=True)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Lee</bdi>" in page
    assert "\u202e" not in page
    assert "and 1 more" in page
    assert "Bob Quiet" not in page
    assert "Cat Waits" not in page


def test_the_consequence_is_said_before_a_campaign_closes(campaign, member, client):
    client.force_login(member)
    page = client.get(campaign.get_absolute_url()).content.decode()
    said = page.index("Nobody can sign any more. What was signed stays.")
    assert page.index("<summary>Take no more signatures") < said < page.rindex("Take no more")


def test_an_unknown_and_an_old_link_are_over(campaign):
    token = ask(campaign)
    with pytest.raises(LinkIsOver):
        confirm_signature("nothing")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        with pytest.raises(LinkIsOver):
            confirm_signature(token)
        forget_unanswered()
    assert not CoSignature.objects.exists()


def test_comments_that_close_before_the_mail_is_answered_leave_ten_minutes(campaign):
    early, late = ask(campaign), ask(campaign, "bob@example.org", own_words="Me too.")
    phase = campaign.consultation.comment_phase()
    phase.closes_at = timezone.now()
    phase.save()
    receipt = confirm_signature(late)
    assert Submission.objects.get(reference=receipt.number).is_late
    phase.closes_at = timezone.now() - timedelta(minutes=11)
    phase.opens_at = phase.closes_at - timedelta(days=1)
    phase.save()
    CoSignature.objects.filter(state="asked").update(
        asked_at=timezone.now() - timedelta(minutes=12)
    )
    with pytest.raises(PhaseClosed):
        confirm_signature(early)
    assert counts(campaign) == (1, 0, 2)


def test_an_organisation_signs_once_and_never_its_own_text(campaign, member, forum):
    signer = MembershipFactory(organisation=OrganisationFactory(name="Lab"), role="submitter")
    for _again in range(2):
        sign_for_organisation(campaign, by=signer.user, organisation=signer.organisation)
    assert counts(campaign) == (0, 1, 1)
    with pytest.raises(NotAllowed):
        sign_for_organisation(campaign, by=member, organisation=forum)


def test_an_organisation_takes_its_signature_back_and_may_sign_again(campaign, member, client):
    signer = MembershipFactory(organisation=OrganisationFactory(name="Lab"), role="submitter")
    mine = {"by": signer.user, "organisation": signer.organisation}
    address = reverse("submissions:campaign-sign-as", args=place(campaign))
    asked = {"organisation": signer.organisation.slug}
    client.force_login(signer.user)
    client.post(address, asked)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "Take back the signature of Lab" in page
    assert "Sign as an organisation" not in page
    with pytest.raises(NotAllowed):
        unsign_for_organisation(campaign, by=member, organisation=signer.organisation)
    for _again in range(2):
        page = client.post(address, asked | {"then": "take-back"}, follow=True).content.decode()
        assert "The signature of your organisation is taken back." in page
        assert counts(campaign) == (0, 0, 1)
    assert "Organisations that signed" not in page
    sign_for_organisation(campaign, **mine)
    assert counts(campaign) == (0, 1, 1)
    token = make_token(signer.user, name="programs", scope="write")[1]
    client.logout()
    gone = client.delete(
        reverse(
            "api:campaign-organisation-signature", args=[*place(campaign), signer.organisation.slug]
        ),
        headers={"Authorization": f"Token {token}"},
    )
    assert gone.status_code == 204
    assert counts(campaign) == (0, 0, 1)
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert kinds.count("campaign.organisation_signed") == 2
    assert kinds.count("campaign.signature_withdrawn") == 2


def test_a_closed_campaign_takes_no_signature_and_a_signed_text_never_changes(campaign, member):
    token = ask(campaign)
    close_campaign(campaign, by=member)
    campaign.refresh_from_db()
    with pytest.raises(CampaignClosed):
        ask(campaign, "bob@example.org")
    with pytest.raises(CampaignClosed):
        confirm_signature(token)
    with pytest.raises(NotCurrent):
        start_revision(campaign.carrier, by=member)


def test_an_address_is_not_flooded_with_mail(campaign):
    for _again in range(8):
        request_signature(campaign, SignatureInput("ann@example.org"))
    assert Letter.objects.count() == 5


@pytest.mark.parametrize("email", ["", "ann", "ann@", "a\0@example.org", "a" * 300 + "@x.org"])
def test_what_is_no_address_is_refused_and_what_was_typed_is_kept(campaign, client, email):
    page = client.post(
        campaign.get_absolute_url(), {"email": email, "own_words": "Keep these words."}
    )
    assert page.status_code == 422
    assert "Keep these words." in page.content.decode()
    assert not CoSignature.objects.exists()


def test_the_whole_way_on_pages(open_consultation, member, client):
    client.force_login(member)
    slug = open_consultation.slug
    made = client.post(
        reverse("submissions:campaign-new", args=[slug]),
        {"organisation": "citizens-forum", "title": "Watch it", "text": TEXT, "question": "why"},
        headers={"accept-language": "ar"},
    )
    assert made.status_code == 302
    assert RegisteredCampaign.objects.get().carrier.language == "ar"
    client.logout()
    assert TEXT in client.get(made["Location"]).content.decode()
    assert client.post(made["Location"], {"email": "ann@example.org"}).status_code == 200
    run_until_idle(f"letter:{Letter.objects.get().pk}")
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body).group(1)
    assert client.get(link).status_code == 200
    assert counts(RegisteredCampaign.objects.get()) == (0, 0, 1), "looking is not signing"
    assert "You have signed" in client.post(link, {"then": "confirm"}).content.decode()
    assert counts(RegisteredCampaign.objects.get()) == (1, 0, 1)
    assert "Watch it" in client.get(reverse("submissions:campaigns", args=[slug])).content.decode()


def test_the_whole_way_over_the_api(campaign, client):
    base = f"/api/v1/consultations/{campaign.consultation.slug}/campaigns/{campaign.slug}/"
    asked = client.post(
        base + "signatures/", {"email": "ann@example.org"}, content_type="application/json"
    )
    assert (asked.status_code, asked.json()["state"]) == (202, "asked")
    token = Letter.objects.get().context["link"].rstrip("/").rsplit("/", 1)[1]
    link = f"/api/v1/campaign-signatures/{token}/"
    done = client.post(link, {"then": "confirm"}, content_type="application/json")
    assert done.json() == {"state": "confirmed", "receipt": None}
    assert client.get(base).json()["people"] == 1


def _sign_both(campaign, number):
    lab = OrganisationFactory(name=f"Lab {number}", slug=f"lab-{number}")
    signer = MembershipFactory(organisation=lab, role="submitter")
    sign_for_organisation(campaign, by=signer.user, organisation=lab)
    confirm_signature(ask(campaign, f"p{number}@example.org"))


def test_a_page_of_a_campaign_costs_the_same_however_many_signed(campaign, client):
    _sign_both(campaign, 0)
    client.get(campaign.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(campaign.get_absolute_url())
    for number in range(1, 5):
        _sign_both(campaign, number)
    with CaptureQueriesContext(connection) as many:
        client.get(campaign.get_absolute_url())
    assert len(many) == len(few)


def test_the_database_holds_an_address_once_in_a_campaign(campaign):
    CoSignature.objects.create(campaign=campaign, email_key="k", state="confirmed")
    with pytest.raises(IntegrityError):
        CoSignature.objects.create(campaign=campaign, email_key="k", state="confirmed")


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="threads cannot share the SQLite of the tests, in memory"
)
@pytest.mark.django_db(transaction=True)
def test_the_same_address_twice_at_once_is_one_signature(campaign):
    tokens = [ask(campaign) for _each in range(4)]

    def sign(token):
        try:
            confirm_signature(token)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(sign, tokens))
    assert counts(campaign) == (1, 0, 1)


def test_the_page_shows_own_words_page_by_page_and_what_the_text_answers(
    campaign, client, monkeypatch
):
    monkeypatch.setattr("apps.submissions.views.campaigning.WORDS_SHOWN", 1)
    for address, words in (
        ("ann@example.org", "Heron words."),
        ("bob@example.org", "Egret words."),
    ):
        token = ask(campaign, address, own_words=words)
        confirm_signature(token)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "Egret words." in page
    assert "Heron words." not in page
    assert "/submissions/?question=why" in page
    assert "/draft/#provision-article-1" in page
    after = re.search(r'href="(\?after=[^"#]+)#own"', page)[1]
    later = client.get(campaign.get_absolute_url() + after).content.decode()
    assert "Heron words." in later
    assert "Egret words." not in later
    disown_signature(token)
    assert "Egret words." not in client.get(campaign.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_with_one_text_of_its_own_and_with_many(campaign, client):
    costs = []
    for numbers in (range(1), range(1, 6)):
        for number in numbers:
            confirm_signature(ask(campaign, f"p{number}@example.org", own_words="Words."))
        with CaptureQueriesContext(connection) as seen:
            client.get(campaign.get_absolute_url())
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_after_closing_the_form_to_register_says_so_at_once(campaign, member, client):
    address = reverse("submissions:campaign-new", args=[campaign.consultation.slug])
    client.force_login(member)
    assert 'name="text"' in client.get(address).content.decode()
    campaign.consultation.phases.update(closes_at=timezone.now() - timedelta(hours=1))
    page = client.get(address).content.decode()
    assert "Responses closed on" in page
    assert 'name="text"' not in page
    typed = {
        "organisation": "citizens-forum",
        "title": "T",
        "text": "Typed before.",
        "question": "why",
    }
    assert "Typed before." in client.post(address, typed).content.decode()


def test_the_page_of_an_organisation_lists_what_it_registered_and_signed(campaign, client):
    lab = OrganisationFactory(name="Lab", slug="lab")
    signer = MembershipFactory(organisation=lab, role="submitter").user
    own = reverse("submissions:organisation", args=["lab"])
    assert campaign.get_absolute_url() not in client.get(own).content.decode()
    sign_for_organisation(campaign, by=signer, organisation=lab)
    page = client.get(own).content.decode()
    assert "Signed by it" in page
    assert campaign.get_absolute_url() in page
    address = reverse("submissions:organisation", args=["citizens-forum"])
    page = client.get(address).content.decode()
    assert "Registered by it" in page
    assert "Signed by it" not in page
