"""The tables of this app, as the migrations it replaces left them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("moderation", "0001_initial"),
        ("moderation", "0002_decisions_taken_back"),
        ("moderation", "0003_pages_of_a_file"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultations", "0001_squashed_0012_when_the_form_changed"),
        ("submissions", "0001_squashed_0027_refused_edits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(blank=True, max_length=120)),
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("decided", "Decided"),
                            ("appealed", "Appealed"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=100)),
                ("flags", models.PositiveIntegerField(default=0)),
                (
                    "opened_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="opened at"
                    ),
                ),
                (
                    "waits",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(state__in=["open", "appealed"], then=True), default=False
                        ),
                        output_field=models.BooleanField(),
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "indexes": [
                    models.Index(
                        fields=["consultation", "waits", "rank", "id"],
                        name="case_most_urgent_first",
                    ),
                    models.Index(fields=["consultation", "group", "state"], name="case_of_a_group"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("submission", "part"),
                        name="one_open_case_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "decided", "appealed", "closed"])
                        ),
                        name="case_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("keep", "Kept"),
                            ("redact", "Words redacted"),
                            ("pages", "Pages hidden"),
                            ("hide", "Hidden"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("illegal", "against the law"),
                            ("threat", "threat or danger"),
                            ("personal", "personal data of others"),
                            ("hate", "hate or harassment"),
                            ("impersonation", "false name"),
                            ("rights", "rights of others"),
                            ("advertising", "advertising"),
                            ("off_topic", "off topic"),
                        ],
                        max_length=16,
                        verbose_name="rule",
                    ),
                ),
                ("pages", models.TextField(blank=True, db_default="", verbose_name="pages")),
                ("statement", models.TextField(verbose_name="statement of reasons")),
                (
                    "public_note",
                    models.CharField(blank=True, max_length=300, verbose_name="public note"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="decided at"
                    ),
                ),
                ("removed", models.JSONField(blank=True, default=list)),
                (
                    "reversed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reversed at"),
                ),
                (
                    "lifted_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_rule", "it breaks no rule"),
                            ("too_much", "more was hidden than needed"),
                            ("wrong_part", "the wrong part was hidden"),
                            ("over", "the reason to hide it is over"),
                        ],
                        max_length=16,
                        verbose_name="why it was taken back",
                    ),
                ),
                (
                    "lifted_statement",
                    models.TextField(
                        blank=True, db_default="", verbose_name="statement of reasons"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="moderation.case",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moderated",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "versions",
                    models.ManyToManyField(
                        blank=True, related_name="moderated", to="submissions.submission"
                    ),
                ),
            ],
            options={
                "verbose_name": "moderation decision",
                "verbose_name_plural": "moderation decisions",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["consultation", "-id"], name="decision_newest_first")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", "keep"), ("rule", "")),
                            (
                                "rule__in",
                                [
                                    "illegal",
                                    "threat",
                                    "personal",
                                    "hate",
                                    "impersonation",
                                    "rights",
                                    "advertising",
                                    "off_topic",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="decision_that_hides_names_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["keep", "redact", "pages", "hide"])),
                        name="decision_action_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_for", ""),
                            models.Q(
                                ("lifted_for__in", ["no_rule", "too_much", "wrong_part", "over"]),
                                ("reversed_at__isnull", False),
                                models.Q(("lifted_statement", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lifted_decision_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="why it should be looked at again")),
                (
                    "said_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="said at"),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "The decision stands"),
                            ("reversed", "The words are back"),
                        ],
                        max_length=8,
                    ),
                ),
                ("statement", models.TextField(blank=True, verbose_name="statement of reasons")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal",
                        to="moderation.decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "verbose_name_plural": "appeals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            models.Q(
                                models.Q(("statement", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decided_appeal_has_statement_and_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("illegal", "against the law"),
                            ("threat", "threat or danger"),
                            ("personal", "personal data of others"),
                            ("hate", "hate or harassment"),
                            ("impersonation", "false name"),
                            ("rights", "rights of others"),
                            ("advertising", "advertising"),
                            ("off_topic", "off topic"),
                        ],
                        max_length=16,
                        verbose_name="rule",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="what is wrong")),
                (
                    "said_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="said at"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flagged",
                        to="moderation.case",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "flag",
                "verbose_name_plural": "flags",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "said_by"), name="a_person_flags_a_case_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule__in",
                                [
                                    "illegal",
                                    "threat",
                                    "personal",
                                    "hate",
                                    "impersonation",
                                    "rights",
                                    "advertising",
                                    "off_topic",
                                ],
                            )
                        ),
                        name="flag_names_a_known_rule",
                    ),
                ],
            },
        ),
    ]
