import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_merging"),
        ("consultations", "0009_standing_once_an_address_is_forgotten"),
    ]

    operations = [
        migrations.AddField(
            model_name="stakeholder",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
    ]
