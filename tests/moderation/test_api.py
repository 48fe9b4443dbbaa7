"""Moderation by programs: report, look, decide, appeal; nobody learns what is not theirs."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.moderation.limiting import FROM_ONE_PLACE
from apps.moderation.models import Appeal, Case, Decision, Flag
from apps.moderation.services import flag
from apps.submissions.models import HIDDEN
from apps.submissions.services import start_revision, submit, withdraw
from tests.factories import UserFactory
from tests.moderation.cast import hidden, redacted, shown_by_api
from tests.moderation.conftest import SECRET

pytestmark = pytest.mark.django_db
CASES = "/api/v1/workspace/open-consultation/moderation/cases/"
DECIDED = "/api/v1/workspace/open-consultation/moderation/decisions/"
REDACT = {
    "action": "redact",
    "rule": "personal",
    "words": [SECRET],
    "statement": "He did not agree.",
    "public_note": "A name.",
}


@pytest.fixture(autouse=True)
def _no_earlier_requests():
    cache.clear()


def submission_address(submission, what=""):
    slug, reference = submission.consultation.slug, submission.reference
    return f"/api/v1/consultations/{slug}/submissions/{reference}/{what}"


def appeal_address(decision):
    slug = decision.consultation.slug
    return f"/api/v1/consultations/{slug}/moderation/decisions/{decision.pk}/appeal/"


@pytest.fixture
def ask(client):
    """Return a function that asks as somebody, or as nobody."""

    def ask(address, data=None, *, by=None, key="", method="post"):
        client.logout()
        if by is not None:
            client.force_login(by)
        headers = {"Idempotency-Key": key} if key else {}
        if data is None and method == "post":
            return client.get(address)
        body = json.dumps(data)
        return client.post(address, body, content_type="application/json", headers=headers)

    return ask


def test_anybody_reports_and_learns_nothing_of_others(ask, submission, rival):
    flag(submission, "answer:why", rule="hate", text="Look here.", by=rival)
    address = submission_address(submission, "flags/")
    answer = ask(address, {"part": "answer:why", "rule": "personal", "text": "A name."})
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "submission": submission.reference,
        "part": "answer:why",
        "rule": "personal",
        "is_repeated": False,
    }
    assert Case.objects.get().flags == 2


def test_a_person_who_reports_twice_is_told_so(ask, submission, rival):
    address = submission_address(submission, "flags/")
    first, second = (ask(address, {"rule": "hate"}, by=rival) for _time in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["is_repeated"] is True
    assert Flag.objects.count() == 1


def test_a_report_sent_again_with_its_key_counts_once(ask, submission, rival):
    address = submission_address(submission, "flags/")
    answers = [ask(address, {"rule": "hate"}, by=rival, key="one") for _time in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert Flag.objects.count() == 1


def test_few_reports_come_from_one_place_without_an_account(ask, submission, rival):
    address = submission_address(submission, "flags/")
    for _n in range(FROM_ONE_PLACE):
        assert ask(address, {"rule": "off_topic"}).status_code == 201
    refused = ask(address, {"rule": "off_topic"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_reports")
    assert ask(address, {"rule": "off_topic"}, by=rival).status_code == 201


@pytest.mark.parametrize(
    ("said", "status", "place"),
    [
        ({}, 422, "rule"),
        ({"rule": "rude"}, 422, "rule"),
        ({"rule": None}, 400, "rule"),
        ({"rule": ["hate"]}, 400, "rule"),
        ({"rule": "hate", "text": "x" * 1_001}, 422, "text"),
        ({"rule": "hate", "text": "x" * 500_000}, 422, "text"),
        ({"rule": "hate", "text": "a\0b"}, 400, None),
        ({"rule": "hate", "part": "answer:nothing"}, 404, None),
        ({"rule": "hate", "part": "point:99999999999999999999"}, 404, None),
        ({"rule": "hate", "part": "point:²"}, 404, None),
        ({"rule": "hate", "part": "attachment:1"}, 404, None),
        ({"rule": "hate", "part": "x" * 100_000}, 404, None),
    ],
)
def test_a_report_that_does_not_fit_is_refused(ask, submission, rival, said, status, place):
    answer = ask(submission_address(submission, "flags/"), said, by=rival)
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    if place:
        assert [one["field"] for one in answer.json()["errors"]] == [place]
    assert not Flag.objects.exists()


def test_half_a_character_is_refused_and_breaks_nothing(client, submission, rival, moderator):
    client.force_login(rival)
    body = '{"rule": "hate", "text": "\\ud800"}'
    address = submission_address(submission, "flags/")
    for headers in ({}, {"Idempotency-Key": "k"}):
        answer = client.post(address, body, content_type="application/json", headers=headers)
        assert answer.status_code in (400, 422), answer.content
    case = flag(submission, "", rule="hate", by=None)
    client.force_login(moderator)
    body = '{"action": "redact", "rule": "hate", "words": ["\\ud800x"], "statement": "So."}'
    answer = client.post(f"{CASES}{case.pk}/decision/", body, content_type="application/json")
    assert answer.status_code in (400, 422), answer.content


def test_nobody_reports_what_is_not_there_for_them(ask, submission, author, rival, open_phase):
    consultation = submission.consultation
    draft = start_revision(submission, by=author)
    later = submit(draft, by=author)
    assert ask(submission_address(submission, "flags/"), {"rule": "hate"}).status_code == 404
    newest = consultation.submissions.get(reference=later.number)
    withdraw(newest, by=author)
    assert ask(submission_address(newest, "flags/"), {"rule": "hate"}).status_code == 404
    consultation.published_at = None
    consultation.save()
    assert ask(submission_address(newest, "flags/"), {"rule": "hate"}).status_code == 404


def test_the_queue_shows_the_most_urgent_first_page_by_page(ask, submission, moderator):
    for part, rule in {"": "off_topic", "point:1": "threat", "point:2": "hate"}.items():
        flag(submission, part, rule=rule, by=UserFactory())
    first = ask(f"{CASES}?page_size=2", by=moderator).json()
    second = ask(first["next"], by=moderator).json()
    assert [one["part"] for one in first["results"] + second["results"]] == [
        "point:1",
        "point:2",
        "",
    ]
    assert second["next"] is None
    assert first["results"][0]["rules"] == [{"rule": "threat", "flags": 1}]
    assert first["results"][0]["kind"] == "point"
    narrowed = ask(f"{CASES}?rule=hate&group=individual", by=moderator).json()["results"]
    assert [one["part"] for one in narrowed] == ["point:2"]
    assert ask(f"{CASES}?group=company", by=moderator).json()["results"] == []
    for asked in ("rule=rude", "group=all", "order=1", "after=zzz", "ordering=part"):
        assert ask(f"{CASES}?{asked}", by=moderator).status_code == 400, asked


@pytest.mark.parametrize("address", [CASES, DECIDED, CASES + "{case}/"])
def test_lists_and_cases_cost_the_same_however_long(client, submission, moderator, address):
    case = flag(submission, "", rule="hate", by=None)
    address = address.format(case=case.pk)
    redacted(submission, "Keep this", by=moderator, part="point:2")
    flag(submission, "point:2", rule="hate", by=None)
    client.force_login(moderator)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        before = client.get(address).json()
    for part in ("answer:why", "point:1"):
        for _n in range(3):
            flag(submission, part, rule="threat", by=UserFactory())
            flag(submission, "", rule="threat", by=UserFactory())
        hidden(submission, by=moderator, part=part)
        flag(submission, part, rule="threat", by=UserFactory())
    with CaptureQueriesContext(connection) as many:
        after = client.get(address).json()
    assert len(json.dumps(before)) < len(json.dumps(after))
    assert len(many) == len(few) <= 20, [one["sql"] for one in many]


def test_a_case_tells_all_but_who_reported_it(ask, submission, moderator, rival):
    case = flag(submission, "answer:why", rule="personal", text="A neighbour.", by=rival)
    flag(submission, "answer:why", rule="hate", by=None)
    told = ask(f"{CASES}{case.pk}/", by=moderator).json()
    assert told["texts"] == [{"part": "answer:why", "text": submission.answers.get().text}]
    assert [(one["rule"], one["has_account"]) for one in told["flagged"]] == [
        ("personal", True),
        ("hate", False),
    ]
    assert (told["state"], told["flags"], told["is_own"]) == ("open", 2, False)
    assert rival.email not in json.dumps(told)
    assert str(rival.pk) not in {str(value) for one in told["flagged"] for value in one.values()}


def test_a_moderator_opens_decides_and_another_hears_the_appeal(
    ask, submission, author, moderator, second_moderator, client
):
    opened = ask(
        CASES, {"submission": submission.reference, "part": "answer:why"}, by=moderator, key="open"
    )
    assert opened.status_code == 201, opened.content
    case = opened.json()["id"]
    answers = [
        ask(f"{CASES}{case}/decision/", REDACT, by=moderator, key="decide") for _time in "ab"
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert Decision.objects.count() == 1
    assert answers[0].json()["decisions"][0]["removed"] == [SECRET]
    again = ask(f"{CASES}{case}/decision/", REDACT, by=second_moderator)
    assert (again.status_code, again.json()["code"]) == (409, "decided_already")
    told = shown_by_api(client, submission)
    assert SECRET not in json.dumps(told)
    answer = submission.answers.get().text
    start = answer.index(HIDDEN)
    assert [{**one, "at": ""} for one in told["moderated"]] == [
        {
            "part": "answer:why",
            "start": start,
            "end": start + len(SECRET),
            "rule": "personal",
            "at": "",
            "note": "A name.",
        }
    ]
    own = ask(submission_address(submission, "decisions/"), by=author).json()
    assert own[0]["removed"] == [SECRET]
    assert own[0]["appeal"] is None
    decision = Decision.objects.get(pk=own[0]["id"])
    lodged = [
        ask(appeal_address(decision), {"text": "It is public."}, by=author, key="a") for _t in "ab"
    ]
    assert [one.status_code for one in lodged] == [201, 201]
    verdict = {"outcome": "reversed", "statement": "It is."}
    same = ask(f"{CASES}{case}/appeal/", verdict, by=moderator)
    assert (same.status_code, same.json()["code"]) == (403, "same_moderator")
    other = ask(f"{CASES}{case}/appeal/", verdict, by=second_moderator)
    assert other.status_code == 200, other.content
    assert other.json()["decisions"][0]["appeal"]["outcome"] == "reversed"
    told = shown_by_api(client, submission)
    assert SECRET in told["answers"][0]["text"]
    assert told["moderated"] == []
    twice = ask(f"{CASES}{case}/appeal/", verdict, by=second_moderator)
    assert (twice.status_code, twice.json()["code"]) == (409, "decided_already")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"action": ""}, "action"),
        ({"rule": "rude"}, "rule"),
        ({"statement": " "}, "statement"),
        ({"statement": "x" * 2_001}, "statement"),
        ({"public_note": "x" * 301}, "public_note"),
        ({"words": []}, "words"),
        ({"words": ["not there"]}, "words"),
        ({"words": ["x" * 5_001]}, "words"),
    ],
)
def test_what_lacks_something_is_refused_by_name(ask, submission, moderator, change, place):
    case = flag(submission, "", rule="hate", by=None)
    answer = ask(f"{CASES}{case.pk}/decision/", REDACT | change, by=moderator)
    assert answer.status_code == 422, answer.content
    assert {one["field"] for one in answer.json()["errors"]} == {place}
    assert not Decision.objects.exists()


def test_strangers_to_the_host_find_nothing(
    ask, submission, author, moderator, stranger_to_the_host, analyst, rival
):
    decision = hidden(submission, by=moderator, part="answer:why")
    case = f"{CASES}{decision.case_id}/"
    for person in (stranger_to_the_host, analyst, rival, author):
        assert ask(CASES, by=person).status_code == 404
        assert ask(DECIDED, by=person).status_code == 404
        assert ask(case, by=person).status_code == 404
        assert ask(f"{case}decision/", REDACT, by=person).status_code == 404
        assert ask(f"{case}appeal/", {}, by=person).status_code == 404
        opened = ask(CASES, {"submission": submission.reference}, by=person)
        assert opened.status_code == 404
    for person in (stranger_to_the_host, rival, moderator):
        assert ask(submission_address(submission, "decisions/"), by=person).status_code == 404
        assert ask(appeal_address(decision), {"text": "No."}, by=person).status_code == 404
    assert not Appeal.objects.exists()


def test_a_case_of_another_consultation_is_not_reached_through_this_one(
    ask, submission, closed_consultation, moderator
):
    case = flag(submission, "", rule="hate", by=None)
    other = CASES.replace("open-consultation", closed_consultation.slug)
    assert ask(f"{other}{case.pk}/", by=moderator).status_code == 404
    found = ask(other, {"submission": submission.reference}, by=moderator)
    assert found.status_code == 404


def test_what_somebody_wrote_themselves_is_marked_and_refused(ask, submission, author, host):
    host.roles.create(user=author, role="moderator")
    case = flag(submission, "", rule="hate", by=None)
    assert ask(f"{CASES}{case.pk}/", by=author).json()["is_own"] is True
    refused = ask(f"{CASES}{case.pk}/decision/", REDACT, by=author)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_words")


def test_an_appeal_comes_once_in_time_and_with_a_reason(ask, submission, author, moderator):
    decision = hidden(submission, by=moderator, part="answer:why")
    address = appeal_address(decision)
    for text in ("", "x" * 2_001):
        refused = ask(address, {"text": text}, by=author)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "text")
    assert ask(address, {"text": "Look again."}, by=author).status_code == 201
    again = ask(address, {"text": "Look again."}, by=author)
    assert (again.status_code, again.json()["code"]) == (409, "appeal_closed")


def test_a_file_and_a_source_that_went_whole_have_no_span(ask, submission, moderator, client):
    hidden(submission, by=moderator, part="point:1", rule="rights")
    told = shown_by_api(client, submission)["moderated"]
    reason = submission.points.get(number=1).reason
    assert [(one["part"], one["start"], one["end"]) for one in told] == [
        ("point:1:reason", 0, len(reason)),
        ("point:1", None, None),
    ]


def test_a_submission_costs_the_same_with_many_decisions(submission, moderator, client):
    shown_by_api(client, submission)
    with CaptureQueriesContext(connection) as none:
        shown_by_api(client, submission)
    for part in ("answer:why", "point:1", "point:2", ""):
        hidden(submission, by=moderator, part=part)
    with CaptureQueriesContext(connection) as many:
        told = shown_by_api(client, submission)["moderated"]
    assert {"title", "answer:why", "point:1:reason", "point:2:reason"} <= {o["part"] for o in told}
    assert len(many) == len(none)
