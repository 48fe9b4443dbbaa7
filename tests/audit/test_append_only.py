"""Entries stay as they were written."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.audit.models import Entry, EntryIsFinal
from apps.audit.services import record
from tests.audit.emptying import log_may_be_emptied

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return record("consultation.created", subject="pause-protocol")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET subject = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_to_change_or_delete_an_entry(entry, statement):
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.get().subject == "pause-protocol"


REPLACE = {
    "sqlite": """
        REPLACE INTO audit_entry (id, kind, at, actor, subject, detail, leaf_hash)
        SELECT id, kind, at, actor, 'x', detail, leaf_hash FROM audit_entry
    """,
    "postgresql": """
        INSERT INTO audit_entry (id, kind, at, actor, subject, detail, leaf_hash)
        SELECT id, kind, at, actor, subject, detail, leaf_hash FROM audit_entry
        ON CONFLICT (id) DO UPDATE SET subject = 'x'
    """,
}


def test_the_database_refuses_to_replace_an_entry(entry):
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute(REPLACE[connection.vendor])
    assert Entry.objects.get().subject == "pause-protocol"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows TRUNCATE")
def test_the_database_refuses_to_truncate_the_log(entry):
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute("TRUNCATE audit_entry CASCADE")
    assert Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_can_be_cleaned_up_and_the_guard_is_back_afterwards():
    record("consultation.created", subject="pause-protocol")
    with log_may_be_emptied():
        Entry.objects.all()._raw_delete("default")
    record("consultation.created", subject="pause-protocol")
    with pytest.raises(DatabaseError, match="cannot be"):
        Entry.objects.all()._raw_delete("default")


def test_the_model_refuses_too(entry):
    entry.subject = "another"
    for act in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(EntryIsFinal):
            act()
    with pytest.raises(EntryIsFinal):
        Entry.objects.update(subject="another")


@pytest.mark.parametrize("kind", ["created", "Consultation.created", "a.b.c", ""])
def test_a_kind_is_a_noun_and_a_verb(kind):
    with pytest.raises(DatabaseError), transaction.atomic():
        record(kind, subject="pause-protocol")


def test_the_actor_is_the_same_pseudonym_every_time_and_never_the_id(django_user_model):
    person = django_user_model.objects.create_user("a@example.org")
    other = django_user_model.objects.create_user("b@example.org")
    entries = [record("draft.saved", subject="s", actor=who) for who in (person, person, other)]
    assert entries[0].actor == entries[1].actor != entries[2].actor
    assert str(person.pk) != entries[0].actor
    assert record("draft.saved", subject="s").actor == "system"
