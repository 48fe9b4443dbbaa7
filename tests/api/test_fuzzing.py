"""Requests made from the OpenAPI document: no fault of ours, no answer it does not describe."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


# What there is: a generated address leads nowhere, so each request is also sent to a real one.
REAL = {"slug": "pause", "document": "draft", "number": "1", "version": 1, "reference": "REF/0"}
LIMITS = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def _one_connection():
    """Leave the connection of the test open at the end of a request, as Django's client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
def test_every_answer_is_as_described(file_many, bearer):
    file_many(3)
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 20
    for operation in operations:

        @LIMITS
        @given(case=operation.as_strategy())
        def ask(case):
            case.call_and_validate(headers=bearer, checks=CHECKS)
            if known := REAL.keys() & (case.path_parameters or {}).keys():
                case.path_parameters.update({name: REAL[name] for name in known})
                case.call_and_validate(headers=bearer, checks=CHECKS)

        ask()
