"""Every error of the API is an RFC 9457 problem, sent as one."""

import json

import pytest
from django.test import Client
from rest_framework.test import APIRequestFactory

from apps.core.endpoints import Endpoint
from apps.core.openapi import PROBLEM

CHECK = "/api/v1/receipts/check/"


def problem(answer, status):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == status
    assert set(PROBLEM["required"]) <= set(body)
    return body


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/consultations", "/api/v1/a/b%00"])
def test_an_unknown_address_is_a_problem(client, path):
    assert problem(client.get(path), 404)["code"] == "not_found"


def test_an_unknown_object_is_a_problem(client, consultation):
    problem(client.get("/api/v1/consultations/unknown/"), 404)
    problem(client.get("/api/v1/consultations/pause/submissions/%00/"), 404)


def test_a_method_that_is_not_there_is_a_problem_that_names_those_there_are(client):
    answer = client.get(CHECK)
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert "POST" in answer.headers["Allow"]


def test_asking_without_a_login_is_a_problem_that_says_how_to_log_in(client, db):
    answer = client.get("/api/v1/me/")
    assert problem(answer, 401)["code"] == "not_authenticated"
    assert answer.headers["WWW-Authenticate"] == "Token"


def test_another_format_is_a_problem(client, db):
    problem(client.get("/api/v1/consultations/", headers={"Accept": "text/csv"}), 406)
    problem(client.post(CHECK, {"number": "1"}), 415)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[1]",
        b'{"number": "a\\u0000b"}',
        b'{"number": "\\ud800"}',
        b'{"number": "x", "content": NaN}',
        b'{"number": "x", "content": 1e999}',
        b'{"number": ' + b"9" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"number": "x", "content": ' + b"[" * 40 + b"]" * 40 + b"}",
    ],
)
def test_what_is_no_sound_json_is_a_problem(client, db, body):
    problem(client.post(CHECK, body, content_type="application/json"), 400)


def test_a_body_that_is_too_large_is_a_problem(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    body = json.dumps({"number": "x" * 2_000})
    problem(client.post(CHECK, body, content_type="application/json"), 413)


def test_a_wrong_field_is_named_with_its_place(client, bearer, consultation):
    body = {"group": "civil", "points": [{"provision": "art-1", "evidence": [{"url": "no"}]}]}
    answer = client.post(
        "/api/v1/consultations/pause/submissions/",
        body,
        content_type="application/json",
        headers=bearer,
    )
    (error,) = problem(answer, 400)["errors"]
    assert error["field"] == "points.0.evidence.0.url"


def test_a_fault_of_ours_is_a_problem_without_details(monkeypatch, db):
    def fail(*_arguments, **_names):
        raise RuntimeError("secret")

    monkeypatch.setattr("apps.audit.api.views.check_receipt", fail)
    client = Client(raise_request_exception=False)
    answer = client.post(CHECK, {"number": "x"}, content_type="application/json")
    assert "secret" not in json.dumps(problem(answer, 500))


def test_a_view_that_names_no_permission_is_closed(db):
    class Forgotten(Endpoint):
        def get(self, request):
            raise AssertionError("reached")

    answer = Forgotten.as_view()(APIRequestFactory().get("/"))
    assert answer.status_code == 401


def test_who_asks_too_often_is_told_when_to_come_back(client, db, settings):
    settings.API_REQUESTS_PER_MINUTE = {"anonymous": 2, "person": 2}
    answers = [client.get("/api/v1/stakeholder-groups/") for _ in range(4)]
    assert problem(answers[-1], 429)["code"] == "throttled"
    assert 0 <= int(answers[-1].headers["Retry-After"]) <= 60
