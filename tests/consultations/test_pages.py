"""What the public reads about a consultation: the list, the overview, the document."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from apps.consultations.models import Provision
from apps.submissions.models import GroupTally, PointTally
from tests.factories import (
    ConsultationFactory,
    DocumentVersionFactory,
    PhaseFactory,
    ProvisionFactory,
    QuestionFactory,
    days,
)

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script> \u202eevil\u202c ' + "W" * 300


def page(client, name, *args, **query):
    return client.get(reverse(f"consultations:{name}", args=args), query)


def test_the_list_groups_consultations_by_what_can_be_done_now(client):
    PhaseFactory(consultation__title="Now open")
    PhaseFactory(consultation__title="Next month", is_to_come=True)
    PhaseFactory(consultation__title="Long ago", is_closed=True)
    answer = page(client, "list")
    assert [one.consultation.title for one in answer.context["open"]] == ["Now open"]
    assert [one.consultation.title for one in answer.context["soon"]] == ["Next month"]
    assert [one.consultation.title for one in answer.context["closed"]] == ["Long ago"]
    assert "9 days left" in answer.text


def test_a_consultation_between_two_phases_is_not_closed(client):
    consultation = ConsultationFactory()
    PhaseFactory(consultation=consultation, is_closed=True)
    PhaseFactory(consultation=consultation, kind="vote", opens_at=days(3))
    answer = page(client, "list")
    assert [one.consultation for one in answer.context["soon"]] == [consultation]


def test_the_list_is_searched_by_every_word(client):
    PhaseFactory(consultation__title="Training compute")
    PhaseFactory(consultation__title="Training of teachers")
    answer = page(client, "list", q="training COMPUTE")
    assert answer.context["found"] == 1
    assert "Training of teachers" not in answer.text


def test_a_search_without_a_result_says_what_to_do(client):
    PhaseFactory()
    answer = page(client, "list", q="\0nothing like it")
    assert "No consultation matches your words" in answer.text


def test_an_installation_without_consultations_says_so(client):
    assert "No consultation yet" in page(client, "list").text


def test_closed_consultations_come_in_pages(client):
    for _ in range(23):
        PhaseFactory(is_closed=True)
    first = page(client, "list")
    second = page(client, "list", after=first.context["next_cursor"])
    assert (len(first.context["closed"]), len(second.context["closed"])) == (20, 3)
    assert first.context["closed_count"] == second.context["closed_count"] == 23
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U", "W10", "é"])
def test_a_damaged_link_to_a_page_of_the_list_is_answered_kindly(client, cursor):
    answer = page(client, "list", after=cursor)
    assert answer.status_code == 400
    assert "Go back to its first page" in answer.text


def test_the_list_costs_the_same_for_five_and_for_forty(client, django_assert_num_queries):
    def fill(number):
        for _ in range(number):
            phase = PhaseFactory()
            GroupTally.objects.create(
                consultation=phase.consultation, group="civil", submissions=3, letters=3
            )

    fill(5)
    with django_assert_num_queries(4):
        page(client, "list")
    fill(35)
    with django_assert_num_queries(4):
        page(client, "list")


@pytest.mark.parametrize("name", ["detail", "document"])
def test_a_draft_consultation_is_hidden_from_the_public(client, host, owner, name):
    hidden = ConsultationFactory(host=host, published_at=None)
    version = DocumentVersionFactory(document__consultation=hidden, document__slug="text")
    ProvisionFactory(version=version)
    args = [hidden.slug] + (["text"] if name == "document" else [])
    assert page(client, name, *args).status_code == 404
    assert hidden.title not in page(client, "list").text
    client.force_login(owner)
    assert page(client, name, *args).status_code == 200
    assert "Not published" in page(client, "list").text


def test_a_phase_of_one_day_is_told_with_its_hours_on_the_clock_of_its_host(client, host):
    there = ConsultationFactory(host=host, slug="day", time_zone="Europe/Paris")
    opens = datetime(2026, 3, 2, 8, tzinfo=UTC)
    there.phases.create(kind="comment", opens_at=opens, closes_at=opens + timedelta(hours=8))
    told = page(client, "detail", "day").text
    assert told.count("On 2 March 2026, 09:00 to 17:00 CET") == 2, "in the head and the timeline"
    assert "2 March 2026 to 2 March 2026" not in told


def test_the_overview_shows_phases_documents_and_questions(client, open_consultation):
    answer = page(client, "detail", open_consultation.slug)
    assert answer.status_code == 200
    assert "Where we are" in answer.text
    assert reverse("consultations:document", args=[open_consultation.slug, "draft"]) in answer.text
    assert "6 questions" in answer.text
    assert "Asked of:" in answer.text
    assert "Nobody was heard yet" in answer.text
    assert "Start your response" in answer.text


def test_a_closed_consultation_offers_no_response(client, closed_consultation):
    answer = page(client, "detail", closed_consultation.slug)
    assert reverse("submissions:respond", args=[closed_consultation.slug]) not in answer.text


def test_who_was_heard_is_counted_by_group_and_letters_apart(client, open_consultation):
    for group, submissions, letters in (("civil", 3, 3), ("individual", 12, 400)):
        GroupTally.objects.create(
            consultation=open_consultation, group=group, submissions=submissions, letters=letters
        )
    answer = page(client, "detail", open_consultation.slug)
    assert "Civil society 3" in answer.text  # in the description of the picture
    assert "Letters they stand for" in answer.text
    assert "403" in answer.text
    assert answer.text.count('<use href="#g-individual" x=') == 12


def test_the_overview_costs_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    consultation = PhaseFactory().consultation
    for _ in range(30):
        QuestionFactory(consultation=consultation, groups=["civil", "company"])
    with django_assert_max_num_queries(11):
        page(client, "detail", consultation.slug)


def test_the_document_is_read_provision_by_provision(client, open_consultation):
    answer = page(client, "document", open_consultation.slug, "draft")
    for number in (1, 2, 3):
        assert f'id="provision-article-{number}"' in answer.text
        assert f'href="#provision-article-{number}"' in answer.text
    assert (
        f"{reverse('submissions:respond', args=[open_consultation.slug])}?provision=" in answer.text
    )
    assert "No points yet" in answer.text


def test_a_text_nobody_made_a_point_on_says_so_once(client, closed_consultation, open_consultation):
    answer = page(client, "document", closed_consultation.slug, "draft")
    assert answer.text.count("Nobody made a point") == 1
    assert "No points" not in answer.text
    assert "Key to stances" not in answer.text
    answer = page(client, "document", open_consultation.slug, "draft")
    assert answer.text.count("Nobody has made a point") == 1
    assert "Key to stances" not in answer.text


def test_the_bars_are_explained_where_there_are_bars(client, closed_consultation):
    provision = Provision.objects.get(
        key="article-2", version__document__consultation=closed_consultation
    )
    PointTally.objects.create(provision=provision, group="civil", stance="oppose", points=1)
    answer = page(client, "document", closed_consultation.slug, "draft")
    assert "Key to stances" in answer.text
    assert answer.text.count("No points") == 2
    assert "No points yet" not in answer.text


def test_points_stand_beside_their_provision_by_group_and_stance(client, open_consultation):
    provision = Provision.objects.get(
        key="article-2", version__document__consultation=open_consultation
    )
    for group, stance, points in (
        ("civil", "support", 3),
        ("civil", "oppose", 1),
        ("union", "", 2),
    ):
        PointTally.objects.create(provision=provision, group=group, stance=stance, points=points)
    answer = page(client, "document", open_consultation.slug, "draft")
    assert "Civil society: Support 3, Oppose 1" in answer.text
    assert "Trade union: No stance given 2" in answer.text
    assert "6 points" in answer.text
    assert "provision=article-2" in answer.text


def test_an_earlier_version_stays_readable_and_says_that_it_is_earlier(client):
    first = DocumentVersionFactory(document__slug="text", number=1)
    ProvisionFactory(version=first, key="a", text="Old words.")
    second = DocumentVersionFactory(document=first.document, number=2)
    ProvisionFactory(version=second, key="a", text="New words.")
    args = [first.document.consultation.slug, "text"]
    assert "New words." in page(client, "document", *args).text
    earlier = page(client, "document", *args, version="1")
    assert "Old words." in earlier.text
    assert "This is an earlier version" in earlier.text
    assert page(client, "document", *args, version="9").status_code == 404


def test_the_document_costs_the_same_for_any_number_of_provisions(
    client, django_assert_num_queries
):
    version = DocumentVersionFactory(document__slug="text")
    for _ in range(60):
        provision = ProvisionFactory(version=version)
        PointTally.objects.create(provision=provision, group="civil", stance="support", points=1)
    with django_assert_num_queries(7):
        page(client, "document", version.document.consultation.slug, "text")


def test_hostile_text_is_shown_as_text_on_every_page(client):
    consultation = ConsultationFactory(
        title=HOSTILE[:290], summary=HOSTILE, authority=HOSTILE[:290]
    )
    PhaseFactory(consultation=consultation, title=HOSTILE[:190])
    QuestionFactory(consultation=consultation, text=HOSTILE)
    version = DocumentVersionFactory(
        document__consultation=consultation, document__slug="text", document__title=HOSTILE[:290]
    )
    ProvisionFactory(version=version, heading=HOSTILE[:390], label=HOSTILE[:55], text=HOSTILE)
    answers = [
        page(client, "list"),
        page(client, "detail", consultation.slug),
        page(client, "document", consultation.slug, "text"),
    ]
    for answer in answers:
        assert "<script>alert" not in answer.text
        assert "\u202e" not in answer.text
        assert "⟨U+202E⟩evil" in answer.text
