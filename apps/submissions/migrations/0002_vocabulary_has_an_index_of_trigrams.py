"""Each database keeps its own index of the trigrams in a vocabulary.

On SQLite triggers keep it: a later migration that makes the table again must make them again.
"""

import sqlite3

from django.db import migrations

TRIGRAMS = "submissions_vocabulary_trigrams"
ADD = f"INSERT INTO {TRIGRAMS} (rowid, words) VALUES (NEW.submission_id, NEW.words);"
REMOVE = f"""
    INSERT INTO {TRIGRAMS} ({TRIGRAMS}, rowid, words)
    VALUES ('delete', OLD.submission_id, OLD.words);
"""
SQLITE = [
    # Which rows hold a trigram, not where: a fifth of the size, written in half the time.
    f"""
    CREATE VIRTUAL TABLE {TRIGRAMS} USING fts5 (
        words, content = 'submissions_vocabulary', content_rowid = 'submission_id',
        tokenize = 'trigram case_sensitive 1', detail = 'none'
    )
    """,
    f"INSERT INTO {TRIGRAMS} ({TRIGRAMS}) VALUES ('rebuild')",
    f"""
    CREATE TRIGGER submissions_vocabulary_added AFTER INSERT ON submissions_vocabulary
    BEGIN {ADD} END
    """,
    f"""
    CREATE TRIGGER submissions_vocabulary_removed AFTER DELETE ON submissions_vocabulary
    BEGIN {REMOVE} END
    """,
    f"""
    CREATE TRIGGER submissions_vocabulary_changed AFTER UPDATE ON submissions_vocabulary
    BEGIN {REMOVE} {ADD} END
    """,
]
POSTGRESQL = [f"CREATE INDEX {TRIGRAMS} ON submissions_vocabulary USING gin (words gin_trgm_ops)"]
UNDO = {
    "sqlite": [
        "DROP TRIGGER submissions_vocabulary_added",
        "DROP TRIGGER submissions_vocabulary_removed",
        "DROP TRIGGER submissions_vocabulary_changed",
        f"DROP TABLE {TRIGRAMS}",
    ],
    "postgresql": [f"DROP INDEX {TRIGRAMS}"],
}


def add_trigrams(apps, schema_editor):
    """Add the extension on PostgreSQL; since 13 the owner of a database may.

    Not with Django's own operation: that needs the driver, which an embedded server lacks.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def index(apps, schema_editor):
    """Make the index of this database; SQLite must be new enough to have one."""
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite" and sqlite3.sqlite_version_info < (3, 34):
        raise RuntimeError(
            f"Search needs SQLite 3.34 or newer; this Python has {sqlite3.sqlite_version}."
        )
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    replaces = [("submissions", "0005_vocabulary_has_an_index_of_trigrams")]
    dependencies = [("submissions", "0001_squashed_0027_refused_edits")]
    operations = [
        migrations.RunPython(add_trigrams, migrations.RunPython.noop),
        migrations.RunPython(index, drop),
    ]
