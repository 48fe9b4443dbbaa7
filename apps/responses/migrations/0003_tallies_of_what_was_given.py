"""Counts what was answered before there were tallies."""

from django.db import migrations
from django.db.models import Count


def count_given(apps, schema_editor):
    """Make the tallies of every response from the parts it stands on."""
    parts = apps.get_model("responses", "AnsweredPart").objects.filter(
        is_current=True, submission__state="submitted"
    )
    tally = apps.get_model("responses", "ResponseTally")
    rows = (
        parts.order_by()
        .values_list("response", "point__provision", "answer__question", "submission__group")
        .annotate(n=Count("pk"))
    )
    tally.objects.bulk_create(
        tally(response_id=response, provision_id=provision, question_id=question, group=group, parts=n)
        for response, provision, question, group, n in rows
    )


class Migration(migrations.Migration):
    dependencies = [("responses", "0002_bulk_promises_and_milestones")]
    operations = [migrations.RunPython(count_given, migrations.RunPython.noop)]
