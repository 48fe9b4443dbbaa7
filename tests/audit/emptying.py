"""Lets tests that commit clean up after themselves, which the append-only log refuses."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

_guarding = import_module("apps.audit.migrations.0002_entries_are_append_only")


@contextmanager
def log_may_be_emptied():
    """Take the triggers away and put them back."""
    _guarding.unguard(None, connection.schema_editor())
    try:
        yield
    finally:
        _guarding.guard(None, connection.schema_editor())


@pytest.fixture(scope="session", autouse=True)
def tests_may_empty_the_log():
    """Empty the database after a test that commits, the log included."""

    def empty_all(case):
        with log_may_be_emptied():
            # CASCADE: a table of a replaced third-party model still refers to one of ours.
            call_command("flush", verbosity=0, interactive=False, allow_cascade=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield
