"""The page of an organisation shows what it said across consultations, and nothing hidden."""

import pytest
from django.urls import reverse

from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    DraftFactory,
    QuestionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db


def page(client, forum, **query):
    return client.get(reverse("submissions:organisation", args=[forum.slug]), query)


def say(forum, consultation, text, **fields):
    submission = SubmissionFactory(
        consultation=consultation, organisation=forum, organisation_name=forum.name, **fields
    )
    AnswerFactory(
        submission=submission, question=QuestionFactory(consultation=consultation), text=text
    )
    return submission


def test_it_shows_everything_said_in_every_consultation(client, forum):
    one, two = ConsultationFactory(slug="one"), ConsultationFactory(slug="two")
    said = [say(forum, one, "Heron words."), say(forum, two, "Egret words.")]
    SubmissionFactory(consultation=one, organisation_name="Somebody else")
    text = page(client, forum).content.decode()
    assert "Heron words." in text
    assert "Egret words." in text
    assert "in 2 consultations" in text
    assert "Somebody else" not in text
    for submission in said:
        assert submission.get_absolute_url() in text
        shown = client.get(submission.get_absolute_url()).content.decode()
        assert reverse("submissions:organisation", args=[forum.slug]) in shown


def test_what_is_not_public_is_not_there(client, forum):
    say(forum, ConsultationFactory(published_at=None), "In a draft consultation.")
    say(forum, ConsultationFactory(), "Taken back.", state="withdrawn")
    DraftFactory(organisation=forum, organisation_name=forum.name, title="Still a draft.")
    text = page(client, forum).content.decode()
    for hidden in ("In a draft consultation.", "Taken back.", "Still a draft."):
        assert hidden not in text
    assert "It has not filed anything yet" in text


def test_it_costs_the_same_with_many_and_goes_on_by_pages(
    client, forum, django_assert_max_num_queries
):
    consultation = ConsultationFactory()
    for _number in range(25):
        say(forum, consultation, "Again.")
    with django_assert_max_num_queries(7):
        first = page(client, forum)
    rest = page(client, forum, after=first.context["next_cursor"])
    assert (len(first.context["rows"]), len(rest.context["rows"])) == (20, 5)
    assert page(client, forum, after="broken").status_code == 400
