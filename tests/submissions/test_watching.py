"""What the host watches: counts, growth and coverage, never the words of a draft."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.consultations.models import Phase
from apps.consultations.services import add_stakeholders, set_goals
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import CampaignScan, Submission
from apps.submissions.services import file_submission, save_draft, start_draft
from apps.submissions.watching import growth_of, watch
from tests.factories import HostRoleFactory, SubmissionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(open_consultation):
    Phase.objects.update(opens_at=timezone.now() - timedelta(weeks=3) + timedelta(hours=1))
    return type(open_consultation).objects.get(pk=open_consultation.pk)


def filed(consultation, weeks_ago, **fields):
    at = timezone.now() - timedelta(weeks=weeks_ago)
    return SubmissionFactory(consultation=consultation, submitted_at=at, **fields)


def test_growth_adds_up_week_by_week(consultation):
    for weeks in (2.5, 1.5, 1.4, 0.1):
        filed(consultation, weeks)
    filed(consultation, 9)  # before it opened: it counts in the first week
    growth = growth_of(consultation)
    assert [n for _at, n in growth.rows] == [2, 4, 5]
    assert growth.path.startswith("M44.0 200.0L")


def test_a_long_consultation_is_drawn_in_longer_steps(consultation):
    Phase.objects.update(opens_at=timezone.now() - timedelta(weeks=200))
    consultation = type(consultation).objects.get(pk=consultation.pk)
    filed(consultation, 150)
    filed(consultation, 1)
    rows = growth_of(consultation).rows
    assert len(rows) <= 26
    assert rows[-1][1] == 2


def test_what_was_withdrawn_was_heard_and_what_is_a_reply_or_was_replaced_is_not_counted(
    consultation,
):
    filed(consultation, 1)
    filed(consultation, 1, state=Submission.State.WITHDRAWN)
    filed(consultation, 1, state=Submission.State.SUPERSEDED)
    filed(consultation, 1, is_reply=True)
    assert growth_of(consultation).top == 2
    assert sum(row["heard"] for row in watch(consultation)["regions"]) == 2


def test_the_page_tells_counts_and_no_word_of_a_draft(consultation, owner, client, participant):
    draft = start_draft(consultation, author=participant, group="individual")
    content = DraftInput(answers=[AnswerInput("why", "My secret draft.")], group="individual")
    save_draft(draft, content, by=participant)
    file_submission(
        consultation,
        DraftInput(answers=[AnswerInput("why", "Because.")], group="research", country="KE"),
        by=UserFactory(),
    )
    found = watch(consultation)
    assert (found["total"], found["drafts"], found["countries"]) == (1, 1, [("KE", 1)])
    client.force_login(owner)
    page = client.get(reverse("consultations:workspace-consultation", args=[consultation.slug]))
    text = page.content.decode()
    assert "My secret draft." not in text
    assert "drafts in progress" in text


def test_texts_that_several_people_sent_are_told_as_last_found(consultation, owner, client):
    sample = filed(consultation, 1)
    assert watch(consultation)["letters"] == []
    scan = CampaignScan.objects.create(consultation=consultation, cut_off_at=timezone.now())
    for number, letters in ((1, 3), (2, 70)):
        scan.campaigns.create(
            number=number, title=f"Text {number}", sample=sample, submissions=2, letters=letters
        )
    client.force_login(owner)
    page = client.get(
        reverse("consultations:workspace-consultation", args=[consultation.slug])
    ).text
    assert page.index("Text 2") < page.index("70 senders") < page.index("Text 1")
    told = client.get(f"/api/v1/workspace/consultations/{consultation.slug}/watched/").json()
    first = {"title": "Text 2", "senders": 70, "sample": sample.reference}
    assert told["letters"][0] == first
    assert told["searched_at"]


def test_watching_costs_the_same_however_much_was_filed(
    consultation, owner, client, django_assert_max_num_queries
):
    client.force_login(owner)
    address = reverse("consultations:workspace-consultation", args=[consultation.slug])
    for number in range(12):
        filed(consultation, number / 5, group="civil", country="KE")
    with django_assert_max_num_queries(20):
        assert client.get(address).status_code == 200


def test_counts_ask_for_nothing_an_index_lacks(consultation):
    # For the key of a row PostgreSQL reads every row: it is in none of these indexes.
    filed(consultation, 1, country="KE")
    with CaptureQueriesContext(connection) as asked:
        watch(consultation)
    counted = [one["sql"] for one in asked.captured_queries if "COUNT(" in one["sql"]]
    counting = [sql for sql in counted if 'FROM "submissions_submission"' in sql]
    assert len(counting) == 3
    assert all("COUNT(*)" in sql and '"id")' not in sql.split("WHERE")[0] for sql in counting)


def test_names_and_codes_of_a_country_are_one(consultation):
    for country in ("United States", "us", "Old Prussia", ""):
        filed(consultation, 1, country=country)
    assert watch(consultation)["countries"] == [("US", 2), ("Old Prussia", 1)]


@pytest.mark.parametrize(("role", "is_led"), [("editor", True), ("moderator", False)])
def test_only_who_may_invite_is_led_to_it(role, is_led, consultation, owner, client):
    set_goals(consultation, {"civil": 3}, by=owner)
    colleague = UserFactory()
    HostRoleFactory(host=consultation.host, user=colleague, role=role)
    client.force_login(colleague)
    page = client.get(reverse("consultations:workspace-consultation", args=[consultation.slug]))
    assert ("Invite 3 more" in page.content.decode()) == is_led


def test_regions_tell_who_was_heard_listed_and_invited(consultation, owner):
    listed = "Lake Forum; civil; KE; lake@example.org\nTrades; company; BR\nNowhere; civil"
    add_stakeholders(consultation, listed, by=owner)
    consultation.stakeholders.filter(country="KE").update(invited_at=timezone.now())
    for country in ("Kenya", "FR", "Old Prussia"):
        filed(consultation, 1, country=country)
    rows = {one["region"]: one for one in watch(consultation)["regions"]}
    told = {key: (one["heard"], one["listed"], one["invited"]) for key, one in rows.items()}
    assert told["africa"] == (1, 1, 1)
    assert told["latin-america"] == (0, 1, 0)
    assert told["europe"] == (1, 0, 0)
    assert told["asia"] == (0, 0, 0)
    assert told[""] == (1, 1, 0), "no country, or one that is in no region: nobody is left out"
    assert sum(heard for heard, _listed, _invited in told.values()) == 3


def test_the_page_tells_coverage_by_region(consultation, owner, client):
    add_stakeholders(consultation, "Lake Forum; civil; KE", by=owner)
    client.force_login(owner)
    address = reverse("consultations:workspace-consultation", args=[consultation.slug])
    page = client.get(address).content.decode()
    assert "Coverage by region" in page
    assert "Latin America and the Caribbean" in page
    assert "No known country" not in page
    filed(consultation, 1)
    assert "No known country" in client.get(address).text
