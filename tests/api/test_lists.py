"""Lists: whole by keyset pages, narrowed by named filters only, at a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

SUBMISSIONS = "/api/v1/consultations/pause/submissions/"


def walk(client, url):
    rows = []
    while url:
        page = client.get(url).json()
        rows += page["results"]
        url = page["next"]
    return rows


def queries(client, url, **headers):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url, headers=headers).status_code == 200
    return len(captured)


@pytest.mark.parametrize("ordering", ["-submitted_at", "submitted_at"])
def test_the_pages_of_a_list_hold_every_row_once_in_order(client, file_many, ordering):
    made = file_many(60)
    rows = walk(client, f"{SUBMISSIONS}?page_size=8&ordering={ordering}")
    expected = sorted(made, key=lambda s: (s.submitted_at, s.pk), reverse=ordering.startswith("-"))
    assert [row["reference"] for row in rows] == [s.reference for s in expected]


def test_a_row_leads_to_its_submission_whatever_its_reference_holds(client, file_many):
    file_many(1)
    (row,) = walk(client, SUBMISSIONS)
    assert client.get(row["url"]).json()["reference"] == "REF/0"


@pytest.mark.parametrize("path", [SUBMISSIONS, "/api/v1/consultations/"])
def test_a_list_asks_the_database_as_often_for_fifty_rows_as_for_five(client, file_many, path):
    file_many(50)
    few = queries(client, f"{path}?page_size=5")
    assert queries(client, f"{path}?page_size=50") == few <= 6


def test_a_person_with_a_token_is_within_six_queries_too(client, file_many, bearer):
    file_many(50)
    assert queries(client, SUBMISSIONS, **bearer) <= 6


def test_filters_narrow_a_list_and_can_be_combined(client, file_many):
    file_many(20)
    rows = walk(client, f"{SUBMISSIONS}?group=civil&question=why&q=because")
    assert len(rows) == 10
    assert {row["group"] for row in rows} == {"civil"}
    assert walk(client, f"{SUBMISSIONS}?question=how") == []
    assert walk(client, f"{SUBMISSIONS}?question=unknown") == []


@pytest.mark.parametrize(
    "query",
    [
        "?author=1",
        "?group=everybody",
        "?ordering=author",
        "?q=%00",
        "?after=nowhere",
        "?after=WyJ2IiwgImEiLCAxXQ",  # ["v", "a", 1]: a place in another list
        "?after=WyJ0IiwgIjIwMjYtMDEtMDFUMDA6MDA6MDAiLCAxXQ",  # without a time zone
        "?after=WyJ0IiwgIjIwMjYtMDEtMDFUMDA6MDA6MDArMDA6MDAiLCAxZTk5XQ",
    ],
)
def test_what_is_no_named_filter_or_place_is_a_problem(client, consultation, query):
    answer = client.get(SUBMISSIONS + query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_drafts_and_unpublished_consultations_are_in_no_list(client, file_many, consultation):
    file_many(2, state="submitted")
    consultation.submissions.filter(reference="REF/1").update(state="draft")
    assert [row["reference"] for row in walk(client, SUBMISSIONS)] == ["REF/0"]
    type(consultation).objects.update(published_at=None)
    assert walk(client, "/api/v1/consultations/") == []
    assert client.get(SUBMISSIONS).status_code == 404


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("word " * 48, "word " * 48),
        ("word " * 47 + "sentences and more", "word " * 46 + "word …"),
        ("\u6587" * 500, "\u6587" * 240 + " …"),
    ],
    ids=["whole text", "whole words", "no gaps"],
)
def test_an_excerpt_ends_with_a_whole_word_and_says_where_it_was_cut(
    client, file_many, text, excerpt
):
    (one,) = file_many(1)
    one.answers.update(text=text)
    (row,) = walk(client, SUBMISSIONS)
    assert row["excerpt"] == excerpt


def test_a_withdrawn_submission_is_listed_without_its_words(client, file_many):
    file_many(1, state="withdrawn")
    (row,) = walk(client, SUBMISSIONS)
    assert (row["state"], row["excerpt"]) == ("withdrawn", "")
    assert client.get(row["url"]).json()["answers"] == []


def test_an_empty_consultation_has_an_empty_list_and_an_unknown_one_none(client, consultation):
    assert client.get(SUBMISSIONS).json() == {"next": None, "results": []}
    assert client.get("/api/v1/consultations/nothing/submissions/").status_code == 404
