"""The ledger is narrowed by its address: provision, group, stance, theme, words, what is open."""

import pytest
from django.urls import reverse

from apps.briefings.models import Briefing, CodeFrame, Corpus, Theme, ThemeAssignment
from apps.responses import ledger
from apps.responses.errors import UnknownFilter
from apps.responses.ledger import LedgerFilter, count_of, read_filter, rows_of
from apps.responses.services import ResponseInput, respond
from apps.submissions.services import withdraw
from tests.factories import days

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(say):
    """Three voices: an individual, a company, a union."""
    return [
        say(("article-1", "oppose"), ("article-3", "changes")),
        say(("article-1", "support"), group="company", words="A zeppelin passed."),
        say(("article-2", "oppose"), group="union"),
    ]


def found(consultation, **asked):
    rows = rows_of(consultation, LedgerFilter(**asked)).order_by("id")
    return [f"{row.submission.group} {row.provision.key}" for row in rows]


def make_theme(consultation, submission, key="delay", provision="article-1"):
    corpus = Corpus.objects.create(consultation=consultation, cut_off_at=days(0))
    frame = CodeFrame.objects.create(consultation=consultation, version=1, corpus=corpus)
    Briefing.objects.create(consultation=consultation, version=1, state="ready", frame=frame)
    theme = Theme.objects.create(
        frame=frame, number=1, key=key, title="Delay", provision_key=provision
    )
    ThemeAssignment.objects.create(theme=theme, submission=submission)
    return theme


def test_it_begins_with_what_there_is(say, open_consultation, owner, client):
    client.force_login(owner)
    address = reverse("responses:ledger", args=[open_consultation.slug])
    said = say()
    assert said.reference in client.get(address).text, "nobody made a point yet"
    also = say(("article-1", "oppose"))
    page = client.get(address).text
    assert also.reference in page
    assert said.reference not in page


@pytest.mark.parametrize("few", [0, 5_000])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"provision": "article-1"}, ["individual article-1", "company article-1"]),
        ({"group": "union"}, ["union article-2"]),
        ({"stance": "oppose"}, ["individual article-1", "union article-2"]),
        ({"provision": "article-1", "group": "company"}, ["company article-1"]),
        ({"words": "ZEPPELIN"}, ["company article-1"]),
        ({"words": "nowhere"}, []),
        ({"provision": "article-9"}, []),
    ],
)
def test_filters_leave_what_matches_and_count_it(
    heard, open_consultation, asked, expected, few, monkeypatch
):
    monkeypatch.setattr(ledger, "FEW", few)
    assert found(open_consultation, **asked) == expected
    assert count_of(open_consultation, LedgerFilter(**asked)) == (len(expected), False)


def test_what_is_answered_or_withdrawn_is_not_open(heard, open_consultation, owner):
    first, _second, third = heard
    entered = ResponseInput([(first.reference, "point:1")], "rejected", "No.")
    respond(open_consultation, entered, by=owner)
    withdraw(third, by=third.author)
    asked = LedgerFilter(is_open=True)
    assert found(open_consultation, is_open=True) == ["individual article-3", "company article-1"]
    assert count_of(open_consultation, asked).n == 2
    assert count_of(open_consultation, LedgerFilter(is_open=True, stance="oppose")).n == 0


def test_what_was_answered_and_then_withdrawn_leaves_the_count_right(
    heard, open_consultation, owner
):
    first = heard[0]
    entered = ResponseInput([(first.reference, "point:1")], "rejected", "No.")
    respond(open_consultation, entered, by=owner)
    withdraw(first, by=first.author)
    assert count_of(open_consultation, LedgerFilter(is_open=True)).n == 2
    assert count_of(open_consultation, LedgerFilter()).n == 2


@pytest.mark.parametrize("few", [0, 5_000])
def test_a_theme_of_the_newest_briefing_finds_points_of_submissions_that_raise_it(
    heard, open_consultation, few, monkeypatch
):
    monkeypatch.setattr(ledger, "FEW", few)
    make_theme(open_consultation, heard[0])
    assert found(open_consultation, theme="delay") == ["individual article-1"]
    assert found(open_consultation, theme="delay", provision="article-3") == []
    assert count_of(open_consultation, LedgerFilter(theme="delay")).n == 1


def test_more_than_can_be_counted_is_said(heard, open_consultation, monkeypatch):
    monkeypatch.setattr(ledger, "MOST_COUNTED", 1)
    assert count_of(open_consultation, LedgerFilter(words="late")) == (1, True)


@pytest.mark.parametrize("asked", [{"group": "martians"}, {"stance": "x"}, {"kind": "y"}])
def test_what_no_filter_knows_is_refused(asked):
    with pytest.raises(UnknownFilter):
        read_filter(asked)


def test_a_theme_there_is_not_is_refused(heard, open_consultation, owner, client):
    client.force_login(owner)
    page = reverse("responses:ledger", args=[open_consultation.slug])
    assert client.get(page, {"theme": "gone"}).status_code == 400


def test_the_page_keeps_the_filter_and_pages_through_it(
    say, open_consultation, owner, client, monkeypatch
):
    monkeypatch.setattr("apps.responses.views.answering.PAGE_SIZE", 2)
    for _number in range(3):
        say(("article-1", "oppose"))
    say(("article-1", "support"))
    client.force_login(owner)
    page = reverse("responses:ledger", args=[open_consultation.slug])
    shown = client.get(page, {"stance": "oppose", "provision": "article-1"})
    text = shown.content.decode()
    assert "3 match." in text
    assert '<option value="oppose" selected>' in text
    last = client.get(page, {"stance": "oppose", "after": shown.context["next_cursor"]})
    assert (len(shown.context["rows"]), len(last.context["rows"])) == (2, 1)


@pytest.mark.parametrize(
    "asked",
    [{}, {"group": "individual", "stance": "oppose"}, {"theme": "delay"}, {"words": "late"}],
)
def test_the_ledger_costs_the_same_for_many(
    say, open_consultation, owner, client, django_assert_max_num_queries, asked
):
    make_theme(open_consultation, say(("article-1", "oppose")))
    client.force_login(owner)
    page = reverse("responses:ledger", args=[open_consultation.slug])
    api = f"/api/v1/consultations/{open_consultation.slug}/ledger/"
    costs = []
    for place in (page, api):
        with django_assert_max_num_queries(32) as few:
            assert client.get(place, asked).status_code == 200
        costs.append(len(few.captured_queries))
    for _number in range(8):
        say(("article-1", "oppose"), ("article-2", "support"))
    for place, cost in zip((page, api), costs, strict=True):
        with django_assert_max_num_queries(cost):
            client.get(place, asked)


def test_the_api_narrows_as_the_page_does(heard, open_consultation, owner, client):
    api = f"/api/v1/consultations/{open_consultation.slug}/ledger/"
    assert client.get(api).status_code == 401
    client.force_login(owner)
    rows = client.get(api, {"group": "company"}).json()["results"]
    assert [(row["submission"], row["part"], row["words"]) for row in rows] == [
        (heard[1].reference, "point:1", "A zeppelin passed.")
    ]
    answers = client.get(api, {"kind": "answers", "question": "why"}).json()["results"]
    assert [row["part"] for row in answers] == ["answer:why"] * 3
    assert client.get(f"{api}count/", {"open": "true"}).json() == {"count": 4, "is_more": False}
    assert client.get(api, {"colour": "red"}).status_code == 400
    assert client.get(api, {"group": "martians"}).status_code == 400
