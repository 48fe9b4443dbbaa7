"""The same Idempotency-Key has one effect, also at the same instant."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from apps.accounts.models import User
from apps.accounts.services import make_token
from apps.core.idempotency import once
from apps.core.models import StoredReply
from apps.core.parsing import BoundedJSONParser
from apps.core.tasks import purge_replies
from apps.submissions.models import Submission

FILE = "/api/v1/consultations/pause/submissions/"
BODY = {"group": "individual", "answers": [{"question": "why", "text": "So that it ends."}]}


def send(bearer, key="one", body=BODY, path=FILE):
    headers = {**bearer, "Idempotency-Key": key}
    return Client().post(path, body, content_type="application/json", headers=headers)


def test_the_same_request_again_gets_the_stored_answer(consultation, bearer):
    first, again = send(bearer), send(bearer)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Submission.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(consultation, bearer):
    send(bearer)
    answer = send(bearer, body={**BODY, "title": "Another"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Submission.objects.count() == 1


def test_another_spelling_of_the_same_json_is_the_same_request(consultation, bearer):
    send(bearer)
    again = send(bearer, body=dict(reversed(BODY.items())))
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_refused_request_may_be_corrected_under_the_same_key(consultation, bearer):
    assert send(bearer, body={"group": "nobody"}).status_code == 400
    assert not StoredReply.objects.exists()
    assert send(bearer).status_code == 201


def test_the_keys_of_two_people_do_not_meet(consultation, bearer):
    _token, text = make_token(User.objects.create_user("b@example.org"), name="b", scope="write")
    send(bearer)
    other = send({"Authorization": f"Token {text}"})
    assert "Idempotency-Replayed" not in other.headers
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "ä"])
def test_a_malformed_key_is_refused(consultation, bearer, key):
    answer = send(bearer, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


def test_a_reply_is_kept_for_two_days(consultation, bearer):
    send(bearer)
    assert StoredReply.objects.purge() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=48, seconds=1), tick=False):
        assert StoredReply.objects.expired().count() == 1
        assert StoredReply.objects.purge() == 1


def test_a_reply_that_is_kept_no_longer_is_not_repeated(consultation, bearer):
    send(bearer)
    StoredReply.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert "Idempotency-Replayed" not in send(bearer).headers


@pytest.fixture
def committed_person(django_db_setup, django_db_blocker):
    """A person other connections see; the audit log is not touched: it cannot be emptied."""
    with django_db_blocker.unblock():
        yield User.objects.create_user("at-once@example.org")
        User.objects.filter(email__endswith="at-once@example.org").delete()


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="threads cannot share the SQLite of the tests, in memory"
)
def test_the_same_request_many_times_at_once_has_one_effect(committed_person):
    def effect():
        time.sleep(0.05)  # long enough for the others to arrive
        User.objects.create_user("effect-at-once@example.org")
        return Response({"made": True}, status=201)

    def at_once(_number):
        wsgi = APIRequestFactory().post(FILE, BODY, format="json", HTTP_IDEMPOTENCY_KEY="one")
        request = Request(wsgi, parsers=[BoundedJSONParser()])
        request.user = committed_person
        try:
            return once(request, effect)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(at_once, range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert User.objects.filter(email="effect-at-once@example.org").count() == 1


def test_the_clock_throws_old_replies_away(consultation, bearer, settings):
    send(bearer)
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert purge_replies.name in scheduled
    purge_replies()
    assert StoredReply.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        purge_replies()
    assert not StoredReply.objects.exists()
