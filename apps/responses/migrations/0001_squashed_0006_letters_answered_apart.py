"""The tables of this app, as the migrations it replaces left them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("responses", "0001_official_responses"),
        ("responses", "0002_bulk_promises_and_milestones"),
        ("responses", "0003_tallies_of_what_was_given"),
        ("responses", "0004_provisions_taken_out"),
        ("responses", "0005_answered_at_of_consultations"),
        ("responses", "0006_letters_answered_apart"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultations", "0001_squashed_0012_when_the_form_changed"),
        ("submissions", "0001_squashed_0027_refused_edits"),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficialResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("partly", "Accepted in part"),
                            ("rejected", "Rejected"),
                            ("scope", "Out of scope"),
                            ("covered", "Already covered"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("is_taken_out", models.BooleanField(db_default=False, default=False)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at"),
                ),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultations.provision",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_responses",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "official response",
                "verbose_name_plural": "official responses",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decision__in", ["accepted", "partly", "rejected", "scope", "covered"])
                        ),
                        name="decision_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="decision_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("change__isnull", True),
                            ("decision__in", ["accepted", "partly"]),
                            _connector="OR",
                        ),
                        name="only_what_is_accepted_changes_the_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnsweredPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(db_default=0, default=0)),
                ("is_of_letter", models.BooleanField(db_default=False, default=False)),
                ("is_current", models.BooleanField(default=True)),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_parts",
                        to="submissions.answer",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_parts",
                        to="submissions.point",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official_parts",
                        to="submissions.submission",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="responses.officialresponse",
                    ),
                ),
            ],
            options={
                "verbose_name": "part answered officially",
                "verbose_name_plural": "parts answered officially",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_current", True)),
                        fields=["response", "number", "id"],
                        name="part_of_response",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__isnull", True), ("point__isnull", False)),
                            models.Q(("answer__isnull", False), ("point__isnull", True)),
                            _connector="OR",
                        ),
                        name="response_answers_a_point_or_an_answer",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True), ("point__isnull", False)),
                        fields=("point", "is_of_letter"),
                        name="one_response_stands_per_point",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer__isnull", False), ("is_current", True)),
                        fields=("answer", "is_of_letter"),
                        name="one_response_stands_per_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Completion",
            fields=[
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="completion",
                        serialize=False,
                        to="consultations.consultation",
                    ),
                ),
                ("answered", models.PositiveIntegerField(verbose_name="points answered")),
                ("points", models.PositiveIntegerField(verbose_name="points in all")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "completion",
                "verbose_name_plural": "completions",
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what will be done")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("done", "Done"), ("dropped", "Dropped")],
                        default="planned",
                        max_length=7,
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_on__isnull", False), ("state", "done")),
                            models.Q(
                                ("done_on__isnull", True), ("state__in", ["planned", "dropped"])
                            ),
                            _connector="OR",
                        ),
                        name="milestone_is_done_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dropped"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dropped_milestone_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="promise",
                        serialize=False,
                        to="consultations.consultation",
                    ),
                ),
                ("share", models.PositiveSmallIntegerField(verbose_name="per cent of the points")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at"),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__gte", 0), ("share__lte", 100)),
                        name="promise_is_a_share",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponseTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("policymaker", "Policymaker"),
                            ("civil", "Civil society"),
                            ("company", "Company"),
                            ("association", "Business association"),
                            ("research", "Research"),
                            ("union", "Trade union"),
                            ("individual", "Individual"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("parts", models.PositiveIntegerField(default=0)),
                ("letters", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "provision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consultations.provision",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consultations.question",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="responses.officialresponse",
                    ),
                ),
            ],
            options={
                "verbose_name": "tally of a response",
                "verbose_name_plural": "tallies of responses",
                "indexes": [models.Index(fields=["response"], name="tallies_of_response")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("question__isnull", True)),
                        fields=("response", "provision", "group"),
                        name="tally_of_response_on_provision_is_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("provision__isnull", True)),
                        fields=("response", "question", "group"),
                        name="tally_of_response_to_question_is_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("provision__isnull", False), ("question__isnull", True)),
                            models.Q(("provision__isnull", True), ("question__isnull", False)),
                            _connector="OR",
                        ),
                        name="tally_is_of_a_provision_or_a_question",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkResponse",
            fields=[
                (
                    "response",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="bulk",
                        serialize=False,
                        to="responses.officialresponse",
                    ),
                ),
                ("asked", models.JSONField(default=dict)),
                ("count", models.PositiveIntegerField(verbose_name="parts that matched")),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "bulk response",
                "verbose_name_plural": "bulk responses",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1)), name="bulk_answers_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("ids", models.JSONField(default=list)),
                ("answered", models.PositiveIntegerField(default=0)),
                ("gone", models.PositiveIntegerField(default=0)),
                ("later", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bulk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="responses.bulkresponse",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a bulk response",
                "verbose_name_plural": "parts of bulk responses",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bulk", "number"), name="bulk_part_number_is_unique"
                    )
                ],
            },
        ),
    ]
