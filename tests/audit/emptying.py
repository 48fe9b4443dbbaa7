"""Lets tests that commit clean up after themselves, which the append-only log refuses."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
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


def _empty_all(_case):
    """Empty the database, the log included, and write what stands in a new one.

    Django truncates every table instead: on PostgreSQL seconds for each test, most of them waiting
    for the disk, where few tables have any rows.
    """
    with log_may_be_emptied(), transaction.atomic(), connection.cursor() as cursor:
        # In any order: what refers to what is looked at when all of it is gone.
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


@pytest.fixture(scope="session", autouse=True)
def tests_may_empty_the_log():
    """Empty the database after a test that commits, the log included."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_all)
        yield
