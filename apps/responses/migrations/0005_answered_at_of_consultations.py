from django.db import migrations


def keep_answered_at(apps, schema_editor):
    del schema_editor
    consultations = apps.get_model("consultations", "Consultation").objects
    for one in apps.get_model("responses", "Completion").objects.order_by("pk"):
        consultations.filter(pk=one.consultation_id).update(answered_at=one.made_at)


class Migration(migrations.Migration):

    dependencies = [
        ("consultations", "0008_answered_and_taken_back"),
        ("responses", "0004_provisions_taken_out"),
    ]

    operations = [migrations.RunPython(keep_answered_at, migrations.RunPython.noop)]
