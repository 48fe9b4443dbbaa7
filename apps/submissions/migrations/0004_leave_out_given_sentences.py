"""Passages of proposed wordings from before hold sentences of the provision: a job takes them out."""

from django.db import migrations


def begin(apps, schema_editor):
    if not apps.get_model("submissions", "Point").objects.exclude(proposed_text="").exists():
        return
    job = apps.get_model("jobs", "Job")
    first = job(key="given:0", root="given:0", kind="submissions.leave_out_given")
    first.payload = {"after": 0}
    job.objects.bulk_create([first], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_finished_jobs_leave_the_index"),
        ("submissions", "0003_own_words_by_campaign"),
    ]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
