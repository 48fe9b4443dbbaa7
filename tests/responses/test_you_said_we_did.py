"""Everybody reads what was asked, what was decided and why, and what changed, place by place."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from apps.responses.models import ResponseTally
from apps.responses.services import ResponseInput, respond
from apps.submissions.models import PointTally, RegisteredCampaign
from apps.submissions.services import withdraw
from apps.submissions.tallies import recount_groups
from tests.factories import AnswerFactory, OrganisationFactory, QuestionFactory

pytestmark = pytest.mark.django_db
PAGE = "/consultations/open-consultation/you-said-we-did/"


@pytest.fixture(autouse=True)
def _without_what_was_kept():
    cache.clear()


def answer(said, owner, part="point:1", decision="rejected", reason="No."):
    entered = ResponseInput([(said.reference, part)], decision, reason)
    return respond(said.consultation, entered, by=owner)


def numbers(client, place=0):
    rows = client.get(PAGE).context["places"][place].rows
    return {
        row["group"]: (row["asked"], [n for _label, n in row["counts"]], row["open"])
        for row in rows
    }


def test_it_counts_decisions_by_group_on_each_provision(say, owner, client):
    first = say(("article-1", "oppose"), ("article-2", "oppose"))
    say(("article-1", "support"), group="company")
    answer(first, owner)
    assert numbers(client) == {
        "individual": (1, [0, 0, 1, 0, 0], 0),
        "company": (1, [0, 0, 0, 0, 0], 1),
    }
    page = client.get(PAGE).content.decode()
    assert "No." in page
    assert "Not answered yet." in page


def test_the_share_agrees_with_the_tables_whatever_was_kept(say, owner, client):
    first, second = say(("article-1", "oppose")), say(("article-1", "support"))
    for n, said in enumerate((first, second), 1):
        client.get(f"/consultations/{said.consultation.slug}/")  # keeps its share for a minute
        answer(said, owner)
        assert client.get(PAGE).context["share"].answered == n
        assert numbers(client)["individual"][0] - numbers(client)["individual"][2] == n


def test_a_later_decision_replaces_the_first_in_the_counts(say, owner, client):
    said = say(("article-1", "oppose"))
    answer(said, owner)
    answer(said, owner, decision="accepted")
    assert numbers(client) == {"individual": (1, [1, 0, 0, 0, 0], 0)}


def test_what_is_withdrawn_counts_no_longer(say, owner, client):
    said = say(("article-1", "oppose"))
    answer(said, owner)
    withdraw(said, by=said.author)
    assert client.get(PAGE).context["places"] == []
    assert not ResponseTally.objects.filter(parts__gt=0).exists()


def test_the_most_used_reason_comes_first(say, answer_all, owner, client):
    voices = [say(("article-1", "oppose")) for _number in range(3)]
    answer_all(ResponseInput(decision="covered", reason="Article 9 says so."))
    answer(voices[0], owner, reason="A word of its own.")
    page = client.get(PAGE).content.decode()
    assert page.index("Article 9 says so.") < page.index("A word of its own.")
    assert "What it answers: 2" in page


def test_what_is_only_ticked_asks_for_no_answer(say, owner, client):
    said = say(("article-1", "oppose"))
    ticked = QuestionFactory(consultation=said.consultation, key="agreed")
    AnswerFactory(submission=said, question=ticked, text="", stance="oppose")
    recount_groups(said.consultation)
    places = client.get(PAGE, {"kind": "answers"}).context["places"]
    assert [(one.key, one.total["asked"]) for one in places] == [("why", 1)]
    said.points.all().delete()
    PointTally.objects.all().delete()
    page = client.get(PAGE)
    shown = sum(one.total["asked"] for one in page.context["places"])
    assert page.context["share"].of == shown == 1


def test_answers_to_questions_stand_beside_points(say, owner, client):
    answer(say(("article-1", "oppose")), owner, part="answer:why", reason="It does not end.")
    page = client.get(PAGE, {"kind": "answers"}).content.decode()
    assert "It does not end." in page


def test_a_place_with_many_reasons_has_pages_of_its_own(say, owner, client, monkeypatch):
    monkeypatch.setattr("apps.responses.views.reading.REASONS", 1)
    monkeypatch.setattr("apps.responses.views.reading.REASONS_OF_ONE", 2)
    for number in range(3):
        answer(say(("article-1", "oppose")), owner, reason=f"Reason {number}.")
    assert "More reasons" in client.get(PAGE).content.decode()
    first = client.get(PAGE, {"place": "article-1"}).content.decode()
    second = client.get(PAGE, {"place": "article-1", "page": "1"}).content.decode()
    assert "Reason 2." in first
    assert "Reason 0." not in first
    assert "Reason 0." in second
    assert client.get(PAGE, {"place": "article-9"}).status_code == 404


def test_provisions_come_in_pages(say, client, monkeypatch):
    monkeypatch.setattr("apps.responses.views.reading.PLACES", 2)
    say(("article-1", "oppose"), ("article-2", "oppose"), ("article-3", "oppose"))
    first = client.get(PAGE)
    assert [place.key for place in first.context["places"]] == ["article-1", "article-2"]
    assert [p.key for p in client.get(PAGE, {"page": "1"}).context["places"]] == ["article-3"]


def test_the_overview_leads_here_once_something_is_answered(say, owner, client):
    said = say(("article-1", "oppose"))
    assert PAGE not in client.get(said.consultation.get_absolute_url()).content.decode()
    answer(said, owner)
    assert PAGE in client.get(said.consultation.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_for_many(say, owner, client, django_assert_max_num_queries):
    answer(say(("article-1", "oppose"), ("article-2", "oppose"), ("article-3", "oppose")), owner)
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE)
    for _number in range(6):
        said = say(("article-1", "oppose"), ("article-2", "oppose"), ("article-3", "oppose"))
        answer(said, owner, part="point:2")
    # A second query for each provision that has reasons now.
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get(PAGE)


def test_the_api_has_the_same_counts(say, owner, client):
    answer(say(("article-1", "oppose")), owner)
    told = client.get("/api/v1/consultations/open-consultation/you-said-we-did/").json()
    assert [(one["kind"], one["key"]) for one in told] == [
        ("points", "article-1"),
        ("answers", "why"),
    ]
    assert told[0]["groups"][0]["decided"]["rejected"] == 1


def test_the_letter_of_a_campaign_is_answered_once_and_its_senders_are_said(say, owner, client):
    letter = say(("article-1", "oppose"))
    RegisteredCampaign.objects.create(
        consultation=letter.consultation,
        organisation=OrganisationFactory(),
        carrier=letter,
        slug="letters",
        title="Letters",
        text="Because it ends.",
        people=400,
        organisations=12,
    )
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=["open-consultation"])
    assert "A letter with 412 senders" in client.get(ledger).content.decode()
    given = answer(letter, owner)
    for page in ("responses:list", "responses:one"):
        more = [given.pk] if page == "responses:one" else []
        text = client.get(reverse(page, args=["open-consultation", *more])).content.decode()
        assert "Answers a letter with 412 senders" in text
    assert numbers(client) == {"individual": (1, [0, 0, 1, 0, 0], 0)}
