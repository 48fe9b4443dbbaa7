"""One response to everything that matches: frozen when asked, given once, safe to run twice."""

from dataclasses import replace

import pytest
from django.urls import reverse

from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.jobs.executing import Run, claim, finish, run_until_idle
from apps.jobs.models import Job
from apps.notifications.models import Following, News
from apps.responses import bulking
from apps.responses.errors import InvalidResponse
from apps.responses.ledger import LedgerFilter
from apps.responses.models import AnsweredPart, BulkPart, BulkResponse, OfficialResponse
from apps.responses.services import ResponseInput, respond, respond_to_all
from apps.submissions.services import withdraw
from tests.factories import HostRoleFactory
from tests.responses.conftest import ENTERED

pytestmark = pytest.mark.django_db


def standing(bulk):
    parts = AnsweredPart.objects.standing().filter(response=bulk.pk).order_by("number")
    return [f"{part.submission.group} {part.point.provision.key}" for part in parts]


def test_everything_that_matches_gets_one_response(say, answer_all):
    say(("article-1", "oppose"), ("article-2", "oppose"))
    say(("article-1", "support"), group="company")
    bulk = answer_all(provision="article-1")
    assert OfficialResponse.objects.count() == 1
    assert standing(bulk) == ["individual article-1", "company article-1"]
    assert bulk.finished_at is not None


def test_answers_to_questions_are_answered_too(say, answer_all):
    say(("article-1", "oppose"))
    bulk = answer_all(kind="answers", question="why")
    assert AnsweredPart.objects.standing().get(response=bulk.pk).answer.question.key == "why"


def test_what_is_filed_after_it_was_asked_is_not_meant(say, answer_all):
    say(("article-1", "oppose"))
    bulk = answer_all(run=False)
    say(("article-1", "oppose"), group="company")
    run_until_idle(bulk.job_key)
    assert standing(bulk) == ["individual article-1"]


def test_what_its_author_withdraws_meanwhile_is_left_out_and_counted(say, answer_all):
    gone = say(("article-1", "oppose"), ("article-2", "oppose"))
    say(("article-1", "oppose"), group="company")
    bulk = answer_all(run=False)
    withdraw(gone, by=gone.author)
    run_until_idle(bulk.job_key)
    assert standing(bulk) == ["company article-1"]
    assert bulking.counts_of(bulk) == {"answered": 1, "gone": 2, "later": 0}


def test_what_somebody_answers_meanwhile_keeps_that_response(
    say, answer_all, open_consultation, owner
):
    said = say(("article-1", "oppose"), ("article-2", "oppose"))
    bulk = answer_all(run=False)
    entered = ResponseInput([(said.reference, "point:1")], "accepted", "Yes.")
    mine = respond(open_consultation, entered, by=owner)
    run_until_idle(bulk.job_key)
    assert [part.point.number for part in mine.parts.standing()] == [1]
    assert bulking.counts_of(bulk) == {"answered": 1, "gone": 0, "later": 1}


def test_what_was_answered_before_keeps_its_response_unless_it_is_asked_for_anew(
    say, answer_all, open_consultation, owner
):
    said = say(("article-1", "oppose"), ("article-2", "oppose"))
    entered = ResponseInput([(said.reference, "point:1")], "accepted", "Yes.")
    earlier = respond(open_consultation, entered, by=owner)
    bulk = answer_all()
    assert earlier.parts.standing().exists()
    assert standing(bulk) == ["individual article-2"]
    with pytest.raises(InvalidResponse) as refused:
        answer_all()
    assert refused.value.fields == {"targets": ["Everything is answered."]}
    bulk = answer_all(replace(ENTERED, anew=True))
    assert not earlier.parts.standing().exists()
    assert standing(bulk) == ["individual article-1", "individual article-2"]


def test_the_ledger_says_before_how_many_are_new_how_many_answered_and_who_gets_mail(
    say, open_consultation, owner, participant, client
):
    said = say(("article-1", "oppose"), ("article-2", "oppose"), by=participant)
    say(("article-1", "oppose"))
    Following.objects.exclude(user=participant).delete()
    entered = ResponseInput([(said.reference, "point:1")], "accepted", "Yes.")
    respond(open_consultation, entered, by=owner)
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[open_consultation.slug])
    page = client.get(ledger)
    reach = page.context["reach"]
    assert (reach.new.n, reach.answered.n, reach.people.n) == (2, 1, 1)
    assert "Replace the answers there are already: 1" in page.content.decode()
    typed = {"all": "1", "decision": "rejected", "reason": "No.", "anew": "1"}
    client.post(ledger, typed)
    assert BulkResponse.objects.get().count == 3


def test_a_worker_killed_in_the_middle_leaves_every_point_answered_once(
    say, answer_all, monkeypatch
):
    monkeypatch.setattr(bulking, "PART_SIZE", 2)
    for _number in range(5):
        say(("article-1", "oppose"), ("article-2", "oppose"))
    bulk = answer_all(run=False)
    assert BulkPart.objects.count() == 5
    Job.objects.of(bulk.job_key).update(run_after=bulk.response.made_at)
    first = claim(Job.objects.get(key=bulk.job_key).pk)
    _finish(first, bulking.split)
    parts = list(Job.objects.filter(kind=bulking.GIVE).order_by("pk"))
    _finish(claim(parts[0].pk), bulking.give)
    # Killed: its work was done, and nothing of it stored. Its lease runs out.
    lost = claim(parts[1].pk)
    bulking.give(Run(lost))
    Job.objects.filter(pk=lost.pk).update(lease_until=bulk.response.made_at)
    run_until_idle(bulk.job_key)
    bulk.refresh_from_db()
    assert len(standing(bulk)) == AnsweredPart.objects.count() == 10
    assert bulk.finished_at is not None


def test_running_a_part_twice_answers_once(say, answer_all, participant):
    say(("article-1", "oppose"), by=participant)
    bulk = answer_all()
    again = Job.objects.of(bulk.job_key).exclude(kind=bulking.SPLIT)
    again.update(state="queued", finished_at=None)
    again.filter(kind=bulking.END).update(remaining=1)
    run_until_idle(bulk.job_key)
    assert AnsweredPart.objects.count() == 1
    assert News.objects.filter(topic__startswith="submission:").count() == 1
    assert Entry.objects.filter(kind="response.bulk_given").count() == 1
    assert standing(bulk) == ["individual article-1"]


def _finish(job, work):
    run = Run(job)
    finish(run, work(run))


def test_parts_never_cut_a_submission(monkeypatch):
    monkeypatch.setattr(bulking, "PART_SIZE", 2)
    rows = [(1, 1), (1, 2), (1, 3), (2, 4), (3, 5), (3, 6)]
    assert bulking.split_up(rows) == [[1, 2, 3], [4, 5, 6]]


def test_only_who_follows_is_told_and_each_author_once(say, answer_all, participant):
    said = say(("article-1", "oppose"), ("article-2", "oppose"), by=participant)
    other = say(("article-1", "oppose"), group="company")
    Following.objects.filter(user=other.author).delete()
    bulk = answer_all()
    news = News.objects.filter(path__contains="#response-")
    assert [one.topic for one in news] == [f"submission:open-consultation/{said.reference}"]
    assert news.get().path.endswith(f"#response-{bulk.pk}")


def test_the_log_has_the_beginning_with_the_filter_and_the_end_with_the_counts(say, answer_all):
    say(("article-1", "oppose"))
    bulk = answer_all(provision="article-1", is_open=True)
    asked, given = Entry.objects.filter(kind__startswith="response.").order_by("pk")
    assert asked.kind == "response.bulk_asked"
    assert asked.detail["filter"] == {
        "kind": "points",
        "provision": "article-1",
        "is_open": True,
    }
    assert (asked.detail["count"], asked.detail["response"]) == (1, bulk.pk)
    assert given.detail == {"response": bulk.pk, "count": 1, "answered": 1, "gone": 0, "later": 0}


@pytest.mark.parametrize(
    ("entered", "asked", "field"),
    [
        (ENTERED, {"provision": "article-9"}, "targets"),
        (ResponseInput(decision="rejected", reason=""), {}, "reason"),
        (ResponseInput(decision="maybe", reason="So."), {}, "decision"),
        (ResponseInput(decision="rejected", reason="So.", change="article-1"), {}, "change"),
    ],
)
def test_what_cannot_be_is_named_and_no_job_is_made(
    say, open_consultation, owner, entered, asked, field
):
    say(("article-1", "oppose"))
    with pytest.raises(InvalidResponse) as refused:
        respond_to_all(open_consultation, LedgerFilter(**asked), entered, by=owner)
    assert list(refused.value.fields) == [field]
    assert not BulkResponse.objects.exists()
    assert not Job.objects.filter(kind=bulking.SPLIT).exists()


@pytest.mark.parametrize("role", ["moderator", "analyst", "dpo"])
def test_only_owners_and_editors_answer_everything(say, open_consultation, host, role):
    say(("article-1", "oppose"))
    staff = HostRoleFactory(host=host, role=role).user
    with pytest.raises(NotAllowed):
        respond_to_all(open_consultation, LedgerFilter(), ENTERED, by=staff)


def test_staff_asks_in_the_ledger_and_follows_the_progress(say, open_consultation, owner, client):
    said = say(("article-1", "oppose"))
    say(("article-2", "oppose"), group="company")
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[open_consultation.slug]) + "?group=individual"
    typed = {"all": "1", "decision": "rejected", "reason": ""}
    refused = client.post(ledger, typed)
    assert refused.status_code == 422
    assert 'name="all" value="1" checked' in refused.content.decode()
    asked = client.post(ledger, typed | {"reason": "We keep it."})
    bulk = BulkResponse.objects.get()
    page = reverse("responses:bulk", args=[open_consultation.slug, bulk.pk])
    assert asked.headers["Location"] == page
    before = client.get(page)
    assert "0 of 1" in before.content.decode()
    polled = {"headers": {"HX-Request": "true"}}
    assert client.get(f"{page}?seen={before.context['seen']}", **polled).status_code == 204
    run_until_idle(bulk.job_key)
    after = client.get(page, **polled)
    assert after.status_code == 286
    assert "Everything is answered" in after.content.decode()
    assert AnsweredPart.objects.get().submission == said


def test_the_button_pressed_twice_answers_once_and_the_ledger_leads_back(
    say, answer_all, owner, client
):
    say(("article-1", "oppose"))
    bulk = answer_all(run=False)
    assert answer_all(run=False) == bulk
    client.force_login(owner)
    ledger = client.get(reverse("responses:ledger", args=["open-consultation"]))
    assert f"/responses/bulk/{bulk.pk}/" in ledger.content.decode()
    run_until_idle(bulk.job_key)
    assert AnsweredPart.objects.count() == 1


def test_a_part_that_was_given_up_is_said_and_tried_again(say, answer_all, owner, client):
    say(("article-1", "oppose"))
    bulk = answer_all(run=False)
    now = bulk.response.made_at
    Job.objects.of(bulk.job_key).update(state="dead", finished_at=now, error_message="Full disk")
    client.force_login(owner)
    page = reverse("responses:bulk", args=["open-consultation", bulk.pk])
    assert "It stopped." in client.get(page).content.decode()
    client.post(f"{page}retry/")
    run_until_idle(bulk.job_key)
    assert standing(bulk) == ["individual article-1"]


def test_the_api_answers_everything_once_per_key_and_tells_how_far_it_is(
    say, open_consultation, owner, client
):
    say(("article-1", "oppose"))
    root = f"/api/v1/consultations/{open_consultation.slug}/bulk-responses/"
    body = {
        "filter": {"provision": "article-1", "open": True},
        "decision": "covered",
        "reason": "Article 9 says so.",
    }
    post = {"content_type": "application/json", "headers": {"Idempotency-Key": "bulk"}}
    client.force_login(owner)
    made = client.post(root, body, **post)
    again = client.post(root, body, **post)
    assert (made.status_code, again.json()) == (202, made.json())
    bulk = BulkResponse.objects.get()
    assert not made.json()["is_finished"]
    run_until_idle(bulk.job_key)
    told = client.get(made.json()["progress"]).json()
    assert (told["answered"], told["count"], told["is_finished"]) == (1, 1, True)
    wrong = client.post(root, body | {"filter": {"group": "martians"}}, **post | {"headers": {}})
    assert wrong.status_code == 400


def test_a_response_to_many_shows_the_first_and_leads_to_all(
    say, answer_all, client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("apps.responses.views.reading.PARTS_IN_LIST", 2)
    monkeypatch.setattr("apps.responses.views.reading.PARTS", 2)
    for _number in range(3):
        say(("article-1", "oppose"))
    bulk = answer_all()
    page = client.get(reverse("responses:list", args=["open-consultation"])).content.decode()
    assert "All 3 it answers" in page
    assert page.count(", <bdi>") == 2
    one = reverse("responses:one", args=["open-consultation", bulk.pk])
    with django_assert_max_num_queries(12):
        first = client.get(one)
    rest = client.get(one, {"after": first.context["next_cursor"]})
    assert (len(first.context["parts"]), len(rest.context["parts"])) == (2, 1)
    assert "All 3 it answers" in rest.content.decode()
    parts = f"/api/v1/consultations/open-consultation/responses/{bulk.pk}/parts/"
    assert len(client.get(parts).json()["results"]) == 3


@pytest.mark.parametrize(
    "address", ["/workspace/{}/responses/bulk/{}/", "/api/v1/consultations/{}/bulk-responses/{}/"]
)
def test_a_number_no_response_can_have_is_not_found(open_consultation, owner, client, address):
    client.force_login(owner)
    found = client.get(address.format(open_consultation.slug, 10**20))
    assert found.status_code == 404
