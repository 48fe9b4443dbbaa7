"""Searches made before own words were written down know none: they are made again by jobs."""

from django.db import migrations
from django.db.models import Exists, OuterRef, Subquery


def look_again(apps, schema_editor):
    scans = apps.get_model("submissions", "CampaignScan").objects
    letters = apps.get_model("submissions", "CampaignLetter").objects
    own_words = apps.get_model("submissions", "OwnWords").objects
    job = apps.get_model("jobs", "Job")
    newest = scans.filter(consultation=OuterRef("consultation")).order_by("-pk").values("pk")[:1]
    silent = scans.filter(
        Exists(letters.filter(campaign__scan=OuterRef("pk"), own_share__gt=0)),
        ~Exists(own_words.filter(campaign__scan=OuterRef("pk"))),
        pk=Subquery(newest),
        consultation__answered_at=None,
    )
    keys = {f"copies:{one.consultation_id}:{one.pk}": one.consultation_id for one in silent}
    job.objects.bulk_create(
        [
            job(key=key, root=key, kind="responses.copies", payload={"consultation": pk})
            for key, pk in keys.items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_finished_jobs_leave_the_index"),
        ("responses", "0001_squashed_0006_letters_answered_apart"),
        ("submissions", "0002_vocabulary_has_an_index_of_trigrams"),
    ]
    operations = [migrations.RunPython(look_again, migrations.RunPython.noop)]
