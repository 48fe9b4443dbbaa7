"""The search over all consultations: what it finds, what it never shows, and at which cost."""

import pytest
from django.urls import reverse

from apps.submissions import vocabulary
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    DraftFactory,
    OrganisationFactory,
    PointFactory,
    ProvisionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/search/"


@pytest.fixture
def everything():
    """Submissions of two public consultations and of one that is not public yet."""
    one = ConsultationFactory(slug="one", title="On herons")
    two = ConsultationFactory(slug="two", title="On egrets")
    hidden = ConsultationFactory(slug="hidden", published_at=None)
    forum = OrganisationFactory(name="River Forum", slug="river-forum")
    rows = [
        said(one, "The heron stands.", organisation=forum, organisation_name=forum.name),
        said(two, "No heron was seen.", group="company"),
        said(two, "Egrets only."),
        said(hidden, "A heron in a draft consultation."),
    ]
    said(one, "A heron nobody filed.", factory=DraftFactory)
    said(one, "A heron taken back.", state="withdrawn")
    return rows


def said(consultation, text, *, factory=SubmissionFactory, **fields):
    submission = factory(consultation=consultation, **fields)
    AnswerFactory(submission=submission, text=text)
    vocabulary.write([submission.pk])
    return submission


def found(client, **query):
    return client.get(reverse("submissions:search"), query)


def texts(answer):
    return [row["excerpt"] for row in answer.context["rows"]]


def test_words_are_found_in_every_public_consultation_newest_first(client, everything):
    answer = found(client, q="heron")
    page = answer.content.decode()
    assert texts(answer) == ["No heron was seen.", "The heron stands."]
    assert "<mark>heron</mark>" in page
    assert "On herons" in page
    assert "On egrets" in page
    assert reverse("submissions:detail", args=["one", everything[0].reference]) in page
    assert answer.context["count"] == 2


def test_without_words_everything_stands_newest_first_and_withdrawn_ones_as_tombstones(
    client, everything
):
    answer = found(client)
    assert len(answer.context["rows"]) == 4
    assert "taken back" not in answer.content.decode()
    assert "draft consultation" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"group": "company"}, ["No heron was seen."]),
        ({"organisation": "river-forum"}, ["The heron stands."]),
        ({"stance": "oppose"}, ["Egrets only."]),
        ({"verified": "1"}, []),
        ({"q": "heron", "group": "research"}, []),
        ({"question": "why", "provision": "article-1", "q": "egrets"}, ["Egrets only."]),
    ],
)
def test_it_is_narrowed(client, everything, query, expected):
    PointFactory(submission=everything[2], stance="oppose", provision=ProvisionFactory())
    assert texts(found(client, **query)) == expected


@pytest.mark.parametrize("name", ["question", "provision"])
def test_what_means_something_in_one_consultation_only_is_not_left_out_silently(
    client, everything, name
):
    said = "Questions and provisions are not looked at here"
    assert said in found(client, **{name: "article-1"}).text
    assert said not in found(client, q="heron").text
    assert client.get(API, {name: "article-1"}).status_code == 400


def test_filters_stay_when_words_are_changed(client, everything):
    page = found(client, group="company", verified="1", stance="oppose").content.decode()
    for name, value in (("group", "company"), ("verified", "1"), ("stance", "oppose")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_what_may_have_been_meant_is_offered(client, everything):
    assert "Did you mean" in found(client, q="herom").content.decode()


def test_a_filter_nobody_knows_is_refused_in_words(client, everything):
    answer = found(client, group="herons")
    assert answer.status_code == 400
    assert "There is no stakeholder group" in answer.content.decode()


def test_it_costs_the_same_for_many(client, everything, django_assert_max_num_queries):
    for number in range(58):
        consultation = ConsultationFactory(slug=f"more-{number}")
        said(consultation, f"Heron number {number}.")
    with django_assert_max_num_queries(12) as few:
        answer = found(client, q="heron")
    most = len(few)
    assert len(answer.context["rows"]) == 50
    rest = found(client, q="heron", after=answer.context["next_cursor"])
    assert len(rest.context["rows"]) == 10
    for number in range(60):
        said(ConsultationFactory(slug=f"again-{number}"), "Heron again.")
    with django_assert_max_num_queries(most):
        found(client, q="heron")


def test_the_api_finds_the_same(client, everything):
    rows = client.get(API, {"q": "heron"}).json()["results"]
    assert [(row["consultation"], row["excerpt"]) for row in rows] == [
        ("two", "No heron was seen."),
        ("one", "The heron stands."),
    ]
    assert rows[0]["page"].endswith(
        reverse("submissions:detail", args=["two", everything[1].reference])
    )
    assert client.get(rows[0]["url"]).status_code == 200
    assert client.get(API, {"provision": "article-1"}).status_code == 400
