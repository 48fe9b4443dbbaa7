"""Search takes letters with and without marks for the same: what it looks through is folded anew.

Only words are folded again, which stand there already: no text is read. Each batch is committed on
its own, and folding twice changes nothing, so that a run that was stopped can be begun again.
"""

from django.db import migrations

from apps.submissions.searching import folded

CHUNK = 500


def fold_marks(apps, schema_editor):
    """Fold the words of each vocabulary again, a bounded number of rows at a time."""
    rows_of = apps.get_model("submissions", "Vocabulary").objects
    there = rows_of.using(schema_editor.connection.alias).order_by("pk")
    last = 0
    while rows := list(there.filter(pk__gt=last)[:CHUNK]):
        last = rows[-1].pk
        changed = []
        for row in rows:
            words = row.words if row.words.isascii() else _folded_again(row.words)
            if words != row.words:
                row.words = words
                changed.append(row)
        # Few at a time: one statement holds all their words.
        there.bulk_update(changed, ["words"], batch_size=CHUNK // 5)


def _folded_again(words):
    return f" {' '.join(sorted({folded(word) for word in words.split()}))} "


class Migration(migrations.Migration):
    """Without one transaction around all batches."""

    atomic = False
    dependencies = [("submissions", "0023_parts_of_an_edit")]
    operations = [migrations.RunPython(fold_marks, migrations.RunPython.noop)]
