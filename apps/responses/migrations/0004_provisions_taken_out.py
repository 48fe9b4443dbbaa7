"""A response can have led to a provision that is not there any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("responses", "0003_tallies_of_what_was_given")]
    operations = [
        migrations.AddField(
            "officialresponse",
            "is_taken_out",
            models.BooleanField(db_default=False, default=False),
        ),
    ]
