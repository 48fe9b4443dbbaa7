"""What a search looks through, written for everything that was filed before."""

import django.db.models.deletion
from django.db import migrations, models

from apps.submissions.searching import vocabulary_of

CHUNK = 1_000
TEXTS = {"Answer": ["text"], "Point": ["reason", "proposed_text", "change_condition"]}


def add_trigrams(apps, schema_editor):
    """Add the extension on PostgreSQL; since 13 the owner of a database may.

    Not with Django's own operation: that needs the driver, which an embedded server lacks.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def write_what_is_there(apps, schema_editor):
    """Write a vocabulary for each submission: of its names and texts, of one withdrawn, its names."""

    def rows_of(name):
        return apps.get_model("submissions", name).objects.using(schema_editor.connection.alias)

    filed = rows_of("Submission").filter(state__in=["submitted", "withdrawn"]).order_by("pk")
    last = 0
    while rows := filed.filter(pk__gt=last).values_list(
        "pk", "reference", "organisation_name", "state"
    )[:CHUNK]:
        texts = {pk: names for pk, *names, _state in rows}
        heard = [pk for pk, *_names, state in rows if state == "submitted"]
        for name, fields in TEXTS.items():
            found = rows_of(name).filter(submission__in=heard)
            for pk, *parts in found.values_list("submission", *fields):
                texts[pk] += parts
        rows_of("Vocabulary").bulk_create(
            apps.get_model("submissions", "Vocabulary")(
                submission_id=pk, words=vocabulary_of(parts)
            )
            for pk, parts in texts.items()
        )
        last = max(texts)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_draft_edits")]
    operations = [
        migrations.RunPython(add_trigrams, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="vocabulary",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                ("words", models.TextField()),
            ],
            options={
                "verbose_name": "vocabulary of a submission",
                "verbose_name_plural": "vocabularies of submissions",
            },
        ),
        migrations.RunPython(write_what_is_there, migrations.RunPython.noop),
    ]
