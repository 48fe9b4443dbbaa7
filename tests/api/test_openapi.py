"""The OpenAPI document is complete and free of warnings; Swagger UI runs from our own files."""

import re

import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

METHODS = {"get", "post", "put", "patch", "delete"}
FORMATS = {
    "json": "application/vnd.oai.openapi+json",
    "yaml": "application/vnd.oai.openapi; charset=utf-8",
}


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method} {path}", operation


def test_the_document_is_valid_and_without_warnings(tmp_path):
    file = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    assert file.read_text().startswith("openapi: 3.1")


def test_every_operation_says_what_it_does_and_which_problems_it_answers_with(document):
    for name, operation in operations(document):
        assert operation.get("description"), name
        problems = {s: r for s, r in operation["responses"].items() if s[0] in "45"}
        assert {"400", "401", "403", "404", "406", "429"} <= set(problems), name
        for answer in problems.values():
            assert "application/problem+json" in answer["content"], name


@pytest.mark.parametrize(("name", "kind"), FORMATS.items())
def test_the_document_is_made_once_and_is_for_everybody(client, document, monkeypatch, name, kind):
    first = client.get("/api/v1/schema/", {"format": name})
    monkeypatch.delattr(SchemaGenerator, "get_schema")
    again = client.get("/api/v1/schema/", {"format": name})
    assert first.content == again.content
    assert yaml.load(again.content, yaml.CSafeLoader) == document  # JSON is YAML too
    assert again.headers["Content-Type"] == kind
    assert again.headers["Content-Disposition"] == f'inline; filename="Plenary.{name}"'


def test_operations_that_change_something_take_an_idempotency_key(document):
    without = {
        name
        for name, operation in operations(document)
        if name.startswith("post")
        and "Idempotency-Key" not in {p["name"] for p in operation.get("parameters", ())}
    }
    # Disowning, signing, answering its mail and closing a campaign do the same when sent again;
    # what is said to the minutes or confirmed with the link of a mail is refused a second time.
    # After an account is deleted nobody is there to ask again. A check changes nothing, the text of
    # a token must not be stored for a replay, and the same file sent again is the one there.
    assert without == {
        "post /api/v1/receipts/check/",
        "post /api/v1/campaign-signatures/{token}/",
        "post /api/v1/never-wrote-this/{token}/",
        "post /api/v1/verify/{token}/",
        "post /api/v1/said/by-mail/{speaker_token}/",
        "post /api/v1/consultations/{slug}/campaigns/{campaign}/closing/",
        "post /api/v1/consultations/{slug}/campaigns/{campaign}/signatures/",
        "post /api/v1/me/deletion/{token}/",
        "post /api/v1/tokens/",
        "post /api/v1/attachments/",
        "post /api/v1/drafts/{id}/attachments/",
        "post /api/v1/consultations/{slug}/imports/",
    }


def test_operation_names_are_unique(document):
    names = [operation["operationId"] for _name, operation in operations(document)]
    assert len(names) == len(set(names))


def test_the_page_to_try_it_on_has_no_inline_code_and_no_third_party(client):
    page = client.get("/api/v1/try/").content.decode()
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", page)
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert addresses
    assert not [address for address in addresses if re.match(r"(https?:)?//", address)]
