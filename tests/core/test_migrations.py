"""Databases from before migrations were put together go on as they are."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from apps.core.checks import HALF_WAY, no_database_is_half_way

pytestmark = pytest.mark.django_db


def test_a_database_with_every_replaced_migration_needs_none():
    recorder, loader = MigrationRecorder(connection), MigrationExecutor(connection).loader
    together = {key: one.replaces for key, one in loader.replacements.items()}
    assert together
    for (app, name), replaced in together.items():
        recorder.record_unapplied(app, name)
        for pair in replaced:
            recorder.record_applied(*pair)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_database_that_lacks_some_of_them_is_refused_in_words():
    loader = MigrationExecutor(connection).loader
    key, split = next((k, m.replaces) for k, m in loader.replacements.items() if m.replaces[1:])
    assert no_database_is_half_way(databases=["default"]) == []
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*key)
    for pair in split[1:]:
        recorder.record_unapplied(*pair)
    recorder.record_applied(*split[0])
    (error,) = no_database_is_half_way(databases=["default"])
    assert (error.id, key[1] in error.msg) == (HALF_WAY, True)
    assert "migrate" in error.hint
