from django.db import migrations, models


def mark_what_was_closed_early(apps, schema_editor):
    """Mark the phase that ends when a notice says it was closed, where it still does."""
    notices = apps.get_model("consultations", "Notice").objects.filter(kind="closed")
    phases = apps.get_model("consultations", "Phase").objects
    for notice in notices.order_by("pk").iterator():
        for told in notice.details.get("phases", []):
            ends = told.get("to", [None, None])[1]
            if ends:
                held = phases.filter(consultation=notice.consultation_id, closes_at=ends)
                held.update(is_closed_early=True)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0010_stakeholders_known_here")]

    operations = [
        migrations.AddField(
            model_name="phase",
            name="is_closed_early",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="closed early"
            ),
        ),
        migrations.RunPython(mark_what_was_closed_early, migrations.RunPython.noop, elidable=True),
    ]
