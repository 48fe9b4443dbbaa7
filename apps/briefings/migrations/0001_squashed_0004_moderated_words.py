"""The tables of this app, as the migrations it replaces left them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("briefings", "0001_initial"),
        ("briefings", "0002_citations_of_attached_pages"),
        ("briefings", "0003_understandings"),
        ("briefings", "0004_moderated_words"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultations", "0001_squashed_0012_when_the_form_changed"),
        ("submissions", "0001_squashed_0027_refused_edits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Corpus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cut_off_at", models.DateTimeField(verbose_name="cut-off")),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corpora",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corpora",
                        to="submissions.campaignscan",
                    ),
                ),
            ],
            options={
                "verbose_name": "corpus",
                "verbose_name_plural": "corpora",
            },
        ),
        migrations.CreateModel(
            name="CodeFrame",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("signed_off_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code_frames",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "signed_off_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corpus",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code_frames",
                        to="briefings.corpus",
                    ),
                ),
            ],
            options={
                "verbose_name": "code frame",
                "verbose_name_plural": "code frames",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "version"), name="frame_version_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Briefing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("building", "Being built"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="building",
                        max_length=10,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="started at"
                    ),
                ),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="ready at")),
                ("content", models.JSONField(blank=True, default=dict)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("failure", models.TextField(blank=True, verbose_name="why it failed")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefings",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frame",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefings",
                        to="briefings.codeframe",
                    ),
                ),
                (
                    "corpus",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefings",
                        to="briefings.corpus",
                    ),
                ),
            ],
            options={
                "verbose_name": "briefing",
                "verbose_name_plural": "briefings",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "version"), name="briefing_version_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CorpusItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("own", "Own text"),
                            ("campaign", "Campaign letter"),
                            ("attachment", "Attachment only"),
                            ("empty", "Empty"),
                        ],
                        max_length=12,
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("has_own_words", models.BooleanField(default=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.campaign",
                    ),
                ),
                (
                    "corpus",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="briefings.corpus",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "corpus item",
                "verbose_name_plural": "corpus items",
                "constraints": [
                    models.UniqueConstraint(fields=("corpus", "submission"), name="item_is_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("key", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("terms", models.JSONField(default=list, verbose_name="terms")),
                ("rule", models.TextField(blank=True, verbose_name="rule")),
                ("original", models.JSONField(blank=True, default=dict)),
                ("provision_key", models.SlugField(blank=True, max_length=80)),
                (
                    "frame",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="themes",
                        to="briefings.codeframe",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consultations.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("frame", "number"), name="theme_number_is_unique"
                    ),
                    models.UniqueConstraint(fields=("frame", "key"), name="theme_key_is_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("position", models.PositiveIntegerField()),
                ("section", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("numbers", models.JSONField(default=dict)),
                (
                    "briefing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="briefings.briefing",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="briefings.theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("briefing", "number"), name="claim_number_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("support", "Support"),
                            ("changes", "Support with changes"),
                            ("neutral", "Neutral"),
                            ("oppose", "Oppose"),
                            ("cannot", "Cannot say"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="theme_assignments",
                        to="submissions.submission",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="briefings.theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme assignment",
                "verbose_name_plural": "theme assignments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("theme", "submission"), name="theme_is_assigned_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Understanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("confirmed", "Understood"), ("contested", "Not what we meant")],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="what was meant")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="understandings",
                        to="briefings.claim",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="understandings",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "understanding",
                "verbose_name_plural": "understandings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("claim", "submission"),
                        name="one_understanding_per_claim_and_submission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "confirmed"),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="contesting_takes_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BriefingFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("html", "HTML"),
                            ("pdf", "PDF"),
                            ("docx", "DOCX"),
                            ("json", "JSON"),
                        ],
                        max_length=8,
                    ),
                ),
                ("path", models.CharField(max_length=300)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("warning", models.TextField(blank=True)),
                (
                    "briefing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="briefings.briefing",
                    ),
                ),
            ],
            options={
                "verbose_name": "briefing file",
                "verbose_name_plural": "briefing files",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("briefing", "format"), name="file_format_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                ("field", models.CharField(blank=True, max_length=16)),
                ("start", models.PositiveIntegerField(blank=True, null=True)),
                ("end", models.PositiveIntegerField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("hidden_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "stance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("support", "Support"),
                            ("changes", "Support with changes"),
                            ("neutral", "Neutral"),
                            ("oppose", "Oppose"),
                            ("cannot", "Cannot say"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.answer",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.campaign",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.attachmentpage",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.point",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.submission",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="briefings.claim",
                    ),
                ),
            ],
            options={
                "verbose_name": "citation",
                "verbose_name_plural": "citations",
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end__isnull", True), ("sha256", ""), ("start__isnull", True)
                            ),
                            models.Q(
                                ("end__gt", models.F("start")),
                                ("start__isnull", False),
                                models.Q(
                                    ("answer__isnull", False),
                                    ("point__isnull", False),
                                    ("page__isnull", False),
                                    _connector="OR",
                                ),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quote_names_its_span",
                    )
                ],
            },
        ),
    ]
