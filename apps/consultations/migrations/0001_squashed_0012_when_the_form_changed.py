"""The tables of this app, as the migrations it replaces left them."""

import apps.consultations.models.documents
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("consultations", "0001_initial"),
        ("consultations", "0002_who_may_respond"),
        ("consultations", "0003_preparing"),
        ("consultations", "0004_stakeholders"),
        ("consultations", "0005_credits"),
        ("consultations", "0006_background_files"),
        ("consultations", "0007_offers_of_roles"),
        ("consultations", "0008_answered_and_taken_back"),
        ("consultations", "0009_standing_once_an_address_is_forgotten"),
        ("consultations", "0010_stakeholders_known_here"),
        ("consultations", "0011_closed_early"),
        ("consultations", "0012_when_the_form_changed"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0008_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "docket",
                    models.CharField(max_length=60, unique=True, verbose_name="docket number"),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call for evidence", "Call for evidence"),
                            ("draft text", "Draft text"),
                            ("hearing", "Hearing"),
                            ("deliberation", "Deliberation"),
                            ("accord", "Accord"),
                        ],
                        default="call for evidence",
                        max_length=32,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    models.CharField(default="en", max_length=12, verbose_name="language"),
                ),
                (
                    "authority",
                    models.CharField(blank=True, max_length=300, verbose_name="who asks"),
                ),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="source")),
                (
                    "attribution",
                    models.TextField(blank=True, verbose_name="licence and attribution"),
                ),
                (
                    "least_identity",
                    models.CharField(
                        choices=[
                            ("email", "Confirmed e-mail address, without an account"),
                            ("account", "Account"),
                            ("organisation", "Verified organisation"),
                        ],
                        db_default="account",
                        default="account",
                        max_length=12,
                        verbose_name="who may respond",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        db_default="UTC", default="UTC", max_length=64, verbose_name="time zone"
                    ),
                ),
                (
                    "languages",
                    models.JSONField(blank=True, default=list, verbose_name="translated into"),
                ),
                (
                    "moderation_policy",
                    models.TextField(blank=True, db_default="", verbose_name="how we moderate"),
                ),
                (
                    "analysis_policy",
                    models.TextField(
                        blank=True, db_default="", verbose_name="how we read the answers"
                    ),
                ),
                (
                    "short_window_reason",
                    models.TextField(
                        blank=True,
                        db_default="",
                        verbose_name="why the window is shorter than 12 weeks",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published at"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="answered at"
                    ),
                ),
                ("form_changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "verbose_name": "consultation",
                "verbose_name_plural": "consultations",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("least_identity__in", ["email", "account", "organisation"])
                        ),
                        name="consultation_identity_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Host",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("slug", models.SlugField(max_length=80, unique=True)),
            ],
            options={
                "verbose_name": "host",
                "verbose_name_plural": "hosts",
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "slug"), name="document_slug_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "published_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="published at"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="consultations.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "document version",
                "verbose_name_plural": "document versions",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "number"), name="version_number_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftProvision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=80)),
                ("position", models.PositiveIntegerField()),
                ("level", models.PositiveSmallIntegerField(default=2)),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="label")),
                ("heading", models.CharField(max_length=400, verbose_name="heading")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("credits", models.JSONField(blank=True, default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_provisions",
                        to="consultations.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "provision in preparation",
                "verbose_name_plural": "provisions in preparation",
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "key"), name="draft_key_is_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupGoal",
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
                ("goal", models.PositiveIntegerField(verbose_name="goal")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goals",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal of a group",
                "verbose_name_plural": "goals of groups",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "group"), name="one_goal_per_stakeholder_group"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "group__in",
                                [
                                    "policymaker",
                                    "civil",
                                    "company",
                                    "association",
                                    "research",
                                    "union",
                                    "individual",
                                    "other",
                                ],
                            )
                        ),
                        name="goal_group_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="consultation",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consultations",
                to="consultations.host",
            ),
        ),
        migrations.CreateModel(
            name="HostRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("editor", "Editor"),
                            ("moderator", "Moderator"),
                            ("analyst", "Analyst"),
                            ("dpo", "Data-protection officer"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="consultations.host",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="host_roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "staff role",
                "verbose_name_plural": "staff roles",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("host", "user", "role"), name="role_is_given_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("published", "Published with open items"),
                            ("extended", "Extended"),
                            ("closed", "Closed early"),
                            ("moved", "Dates changed"),
                            ("archived", "Question archived"),
                            ("reopened", "No longer marked as answered"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("details", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
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
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="notice_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "published",
                                    "extended",
                                    "closed",
                                    "moved",
                                    "archived",
                                    "reopened",
                                ],
                            )
                        ),
                        name="notice_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Phase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comment", "Comment"),
                            ("reply", "Reply comment"),
                            ("vote", "Vote"),
                            ("review", "Review"),
                        ],
                        default="comment",
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("opens_at", models.DateTimeField(verbose_name="opens at")),
                (
                    "closes_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closes at"),
                ),
                (
                    "is_closed_early",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="closed early"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "phase",
                "verbose_name_plural": "phases",
                "ordering": ["opens_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__isnull", True),
                            ("closes_at__gt", models.F("opens_at")),
                            _connector="OR",
                        ),
                        name="phase_closes_after_it_opens",
                    ),
                    models.UniqueConstraint(
                        fields=("consultation", "kind", "opens_at"), name="phase_is_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=80)),
                ("position", models.PositiveIntegerField()),
                ("level", models.PositiveSmallIntegerField(default=2)),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="label")),
                ("heading", models.CharField(max_length=400, verbose_name="heading")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("credits", models.JSONField(blank=True, default=list)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="provisions",
                        to="consultations.documentversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "provision",
                "verbose_name_plural": "provisions",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "key"), name="provision_key_is_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "position"), name="provision_position_is_unique"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=80)),
                ("position", models.PositiveIntegerField()),
                ("text", models.TextField(verbose_name="question")),
                ("hint", models.TextField(blank=True, verbose_name="hint")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Free text"),
                            ("single", "One choice"),
                            ("multiple", "Several choices"),
                            ("scale", "Scale from 1 to 5"),
                            ("stance", "Stance"),
                        ],
                        default="text",
                        max_length=16,
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="required")),
                ("groups", models.JSONField(blank=True, default=list, verbose_name="asked of")),
                ("provision_key", models.SlugField(blank=True, max_length=80)),
                (
                    "scale_low",
                    models.CharField(blank=True, max_length=100, verbose_name="meaning of 1"),
                ),
                (
                    "scale_high",
                    models.CharField(blank=True, max_length=100, verbose_name="meaning of 5"),
                ),
                ("condition_key", models.SlugField(blank=True, db_default="", max_length=80)),
                ("condition_values", models.JSONField(blank=True, default=list)),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="archived at"),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "key"), name="question_key_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=80)),
                ("label", models.CharField(max_length=300, verbose_name="label")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="consultations.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "choice",
                "verbose_name_plural": "choices",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "key"), name="choice_key_is_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("editor", "Editor"),
                            ("moderator", "Moderator"),
                            ("analyst", "Analyst"),
                            ("dpo", "Data-protection officer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="consultations.host",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of a role",
                "verbose_name_plural": "offers of a role",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("host", "email", "role"), name="role_is_offered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stakeholder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
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
                        verbose_name="stakeholder group",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("standing", models.CharField(blank=True, db_default="", max_length=8)),
                (
                    "invited_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="invited at"),
                ),
                ("invitations", models.PositiveSmallIntegerField(default=0)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stakeholders",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "stakeholder",
                "verbose_name_plural": "stakeholders",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "name"), name="stakeholder_is_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "group__in",
                                [
                                    "policymaker",
                                    "civil",
                                    "company",
                                    "association",
                                    "research",
                                    "union",
                                    "individual",
                                    "other",
                                ],
                            )
                        ),
                        name="stakeholder_group_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("place", models.CharField(max_length=200)),
                ("original", models.CharField(max_length=64)),
                ("text", models.TextField(verbose_name="translation")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation",
                "verbose_name_plural": "translations",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "language", "place"),
                        name="one_translation_per_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="translation_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BackgroundDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("summary", models.TextField(verbose_name="summary")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="address")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        db_default="",
                        upload_to=apps.consultations.models.documents.background_place,
                        verbose_name="file",
                    ),
                ),
                (
                    "file_name",
                    models.CharField(
                        blank=True, db_default="", max_length=200, verbose_name="file name"
                    ),
                ),
                ("size", models.PositiveIntegerField(db_default=0, default=0, verbose_name="size")),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="background",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "background document",
                "verbose_name_plural": "background documents",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("url", ""), _negated=True),
                            models.Q(("file", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="background_is_on_the_web_or_a_file",
                    )
                ],
            },
        ),
    ]
