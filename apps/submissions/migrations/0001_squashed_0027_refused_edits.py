"""The tables of this app, as the migrations it replaces left them."""

import apps.submissions.models.attachments
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("submissions", "0001_initial"),
        ("submissions", "0002_revisions"),
        ("submissions", "0003_draft_edits"),
        ("submissions", "0004_vocabulary"),
        ("submissions", "0006_concerns"),
        ("submissions", "0007_attachments"),
        ("submissions", "0008_disputes"),
        ("submissions", "0009_registered_campaigns"),
        ("submissions", "0010_together"),
        ("submissions", "0011_how_a_submission_is_seen"),
        ("submissions", "0012_how_its_author_was_known"),
        ("submissions", "0013_anchors"),
        ("submissions", "0014_replies"),
        ("submissions", "0015_newest_anywhere"),
        ("submissions", "0016_citations_without_an_address"),
        ("submissions", "0017_what_the_host_watches"),
        ("submissions", "0018_taking_in"),
        ("submissions", "0019_points_of_a_stance"),
        ("submissions", "0020_said_at_a_hearing"),
        ("submissions", "0021_draft_sent_with_a_button"),
        ("submissions", "0022_requests_to_sign_wait_side_by_side"),
        ("submissions", "0023_parts_of_an_edit"),
        ("submissions", "0024_marks_of_letters_are_folded"),
        ("submissions", "0025_own_words_in_letters"),
        ("submissions", "0026_pages_somebody_hid"),
        ("submissions", "0027_refused_edits"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0008_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("consultations", "0001_squashed_0012_when_the_form_changed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Point",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
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
                        verbose_name="stance",
                    ),
                ),
                (
                    "ask",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "Keep"),
                            ("amend", "Amend"),
                            ("delete", "Delete"),
                            ("add", "Add"),
                            ("clarify", "Clarify"),
                        ],
                        max_length=8,
                        verbose_name="ask",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("proposed_text", models.TextField(blank=True, verbose_name="proposed text")),
                (
                    "change_condition",
                    models.TextField(blank=True, verbose_name="what would change our position"),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="consultations.provision",
                    ),
                ),
            ],
            options={
                "verbose_name": "point",
                "verbose_name_plural": "points",
                "ordering": ["number"],
                "indexes": [models.Index(fields=["provision", "stance"], name="point_of_a_stance")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stance", ""),
                            ("stance__in", ["support", "changes", "neutral", "oppose", "cannot"]),
                            _connector="OR",
                        ),
                        name="point_stance_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=120, null=True, verbose_name="reference"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("superseded", "Superseded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "Web form"),
                            ("api", "API"),
                            ("import", "Import"),
                            ("campaign", "Campaign"),
                            ("paper", "Received on paper, entered by the host’s staff"),
                            ("email", "Received by e-mail, entered by the host’s staff"),
                            ("hearing", "Said at a hearing, confirmed by the speaker"),
                        ],
                        default="web",
                        max_length=8,
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("named", "Public, with the name"),
                            ("withheld", "Public, name withheld"),
                            ("confidential", "Parts kept back"),
                        ],
                        db_default="named",
                        default="named",
                        max_length=12,
                        verbose_name="how it is seen",
                    ),
                ),
                (
                    "identity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "Confirmed e-mail address, without an account"),
                            ("account", "Account"),
                            ("organisation", "Verified organisation"),
                        ],
                        db_default="",
                        max_length=12,
                        verbose_name="identity",
                    ),
                ),
                (
                    "redactions",
                    models.JSONField(
                        blank=True, db_default=models.Value([], models.JSONField()), default=list
                    ),
                ),
                (
                    "organisation_name",
                    models.CharField(blank=True, max_length=300, verbose_name="organisation"),
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
                        verbose_name="stakeholder group",
                    ),
                ),
                (
                    "declared_label",
                    models.CharField(blank=True, max_length=200, verbose_name="declared category"),
                ),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                ("language", models.CharField(blank=True, max_length=12, verbose_name="language")),
                ("country", models.CharField(blank=True, max_length=60, verbose_name="country")),
                (
                    "weight",
                    models.PositiveIntegerField(default=1, verbose_name="letters it stands for"),
                ),
                (
                    "attachments_declared",
                    models.PositiveSmallIntegerField(default=0, verbose_name="attachments named"),
                ),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="source")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted at"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "is_reply",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="answers others"
                    ),
                ),
                (
                    "is_late",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="filed in the minutes of grace",
                    ),
                ),
                (
                    "disputed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="disputed at"),
                ),
                ("is_dated", models.BooleanField(default=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="submissions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="consultations.phase",
                    ),
                ),
                (
                    "revises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="submissions.submission",
                    ),
                ),
                (
                    "withheld_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withheld_submissions",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "indexes": [
                    models.Index(
                        fields=["-submitted_at", "-id"], name="submission_newest_anywhere"
                    ),
                    models.Index(
                        fields=["consultation", "-submitted_at", "-id"],
                        name="submission_newest_first",
                    ),
                    models.Index(
                        fields=["consultation", "group", "-submitted_at", "-id"],
                        name="submission_group_newest",
                    ),
                    models.Index(
                        fields=["consultation", "state", "is_reply", "submitted_at"],
                        name="submission_growth",
                    ),
                    models.Index(
                        fields=["consultation", "state", "is_reply", "identity", "country"],
                        name="submission_from_where",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "reference"), name="submission_reference_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("reference__isnull", False), ("submitted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="filed_submission_has_reference_and_time",
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
                        name="submission_group_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1)),
                        name="submission_stands_for_one_letter_or_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("identity", ""),
                            ("identity__in", ["email", "account", "organisation"]),
                            _connector="OR",
                        ),
                        name="submission_identity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("visibility__in", ["named", "withheld", "confidential"])
                        ),
                        name="submission_visibility_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withheld_for__isnull", True),
                            ("organisation__isnull", True),
                            _connector="OR",
                        ),
                        name="submission_with_name_withheld_shows_none",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft"), _negated=True),
                        fields=("revises",),
                        name="submission_is_replaced_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("organisation__isnull", True), ("state", "draft")),
                        fields=("phase", "author"),
                        name="one_personal_draft_per_phase",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("phase", "organisation"),
                        name="one_draft_per_organisation_and_phase",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                (
                    "point",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="anchor",
                        serialize=False,
                        to="submissions.point",
                    ),
                ),
                ("quote", models.TextField(verbose_name="exact words")),
                ("prefix", models.TextField(blank=True)),
                ("suffix", models.TextField(blank=True)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "anchor",
                "verbose_name_plural": "anchors",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="anchor_is_not_empty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=0)),
                (
                    "key",
                    models.CharField(
                        default=apps.submissions.models.attachments.new_key,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                (
                    "kept_back",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("business", "business secret"),
                            ("personal", "personal data"),
                            ("security", "safety or security"),
                            ("rights", "rights of others"),
                            ("proceedings", "legal proceedings"),
                            ("other", "another reason"),
                        ],
                        db_default="",
                        max_length=12,
                        verbose_name="kept back",
                    ),
                ),
                (
                    "media_type",
                    models.CharField(
                        choices=[
                            ("application/pdf", "PDF"),
                            (
                                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                "DOCX",
                            ),
                            ("application/vnd.oasis.opendocument.text", "ODT"),
                            ("text/plain", "TXT"),
                        ],
                        max_length=80,
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(blank=True, max_length=80)),
                ("published", models.CharField(blank=True, max_length=80)),
                ("published_size", models.PositiveIntegerField(default=0)),
                ("published_sha256", models.CharField(blank=True, max_length=64)),
                ("hidden_pages", models.JSONField(blank=True, default=list)),
                ("whole", models.CharField(blank=True, db_default="", max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("read", "Read"),
                            ("no_text", "Without text"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("encrypted", "It is protected with a password."),
                            ("damaged", "It is damaged, or it is not what its name says."),
                            ("too_complex", "It takes too much time or memory to open."),
                            ("not_cleaned", "The names hidden in it could not be taken out."),
                            ("too_long", "It is longer than what is read of a file."),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "page_count",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="pages"),
                ),
                ("pages_read", models.PositiveIntegerField(default=0, verbose_name="pages read")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to="submissions.point",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "number"), name="attachment_number_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submission__isnull", True), ("number__gte", 1), _connector="OR"
                        ),
                        name="attachment_of_a_submission_has_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "read", "no_text", "failed"])),
                        name="attachment_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kept_back", ""),
                            (
                                "kept_back__in",
                                [
                                    "business",
                                    "personal",
                                    "security",
                                    "rights",
                                    "proceedings",
                                    "other",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="attachment_is_kept_back_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["read", "no_text"]), _negated=True),
                            models.Q(("published", ""), _negated=True),
                            models.Q(("whole", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="attachment_that_was_read_is_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "attachment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="submissions.attachment",
                    ),
                ),
            ],
            options={
                "verbose_name": "page of an attachment",
                "verbose_name_plural": "pages of attachments",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attachment", "number"), name="page_number_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cut_off_at", models.DateTimeField()),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_scans",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign scan",
                "verbose_name_plural": "campaign scans",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("submissions", models.PositiveIntegerField(verbose_name="submissions")),
                ("letters", models.PositiveBigIntegerField(verbose_name="letters")),
                ("sentences", models.JSONField(default=list)),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaigns",
                        to="submissions.campaignscan",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scan", "number"), name="campaign_number_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfidentialVersion",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="confidential",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                ("content", models.JSONField()),
                ("receipt", models.JSONField()),
            ],
            options={
                "verbose_name": "confidential version",
                "verbose_name_plural": "confidential versions",
            },
        ),
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="edit",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                ("form", models.CharField(blank=True, max_length=32)),
                ("is_sent", models.BooleanField(db_default=False, default=False)),
                ("typed", models.TextField(blank=True)),
                ("parts", models.JSONField(blank=True, default=dict)),
                ("concerns", models.JSONField(blank=True, default=list)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "edit of a draft",
                "verbose_name_plural": "edits of drafts",
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sign_off",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="asked at")),
                ("seal", models.CharField(blank=True, max_length=64)),
                (
                    "signed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="signed at"),
                ),
                (
                    "voided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="void since"),
                ),
            ],
            options={
                "verbose_name": "sign-off",
                "verbose_name_plural": "sign-offs",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seal", ""), ("signed_at__isnull", True)),
                            models.Q(
                                ("signed_at__isnull", False), models.Q(("seal", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="sign_off_has_a_seal",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="vocabulary",
                        serialize=False,
                        to="submissions.submission",
                    ),
                ),
                ("words", models.TextField()),
            ],
            options={
                "verbose_name": "vocabulary of a submission",
                "verbose_name_plural": "vocabularies of submissions",
            },
        ),
        migrations.AddField(
            model_name="point",
            name="submission",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="points",
                to="submissions.submission",
            ),
        ),
        migrations.CreateModel(
            name="CampaignLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("similarity", models.FloatField()),
                ("own_share", models.FloatField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="submissions.campaign",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaign_letters",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign letter",
                "verbose_name_plural": "campaign letters",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "campaign"), name="letter_is_in_a_campaign_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("scale", models.PositiveSmallIntegerField(blank=True, null=True)),
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
                    "choices",
                    models.ManyToManyField(
                        blank=True, related_name="answers", to="consultations.choice"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="consultations.question",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ["question__position", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "question", "number"), name="answer_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scale__isnull", True), ("scale__range", (1, 5)), _connector="OR"
                        ),
                        name="answer_scale_is_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stance", ""),
                            ("stance__in", ["support", "changes", "neutral", "oppose", "cannot"]),
                            _connector="OR",
                        ),
                        name="answer_stance_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "said_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="said at"),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Not written by its named author"),
                            ("dismissed", "Written by its named author"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disputes",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
                "ordering": ["-said_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("submission",),
                        name="one_open_dispute_each",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            models.Q(
                                models.Q(("reason", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decided_dispute_has_reason_and_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=140)),
                ("text", models.TextField(verbose_name="comment")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved at"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="submissions.submission",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on a draft",
                "verbose_name_plural": "comments on drafts",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="GroupLabel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=200, verbose_name="declared category")),
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
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_labels",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "declared category",
                "verbose_name_plural": "declared categories",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "label"), name="label_is_mapped_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupTally",
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
                ("submissions", models.PositiveIntegerField(default=0)),
                ("letters", models.PositiveBigIntegerField(default=0)),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_tallies",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_tallies",
                        to="consultations.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "tally of submissions",
                "verbose_name_plural": "tallies of submissions",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("question__isnull", True)),
                        fields=("consultation", "group"),
                        name="tally_is_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("question__isnull", False)),
                        fields=("question", "group"),
                        name="tally_of_question_is_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                (
                    "kind",
                    models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], max_length=4),
                ),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(blank=True, max_length=80)),
                ("table", models.CharField(blank=True, max_length=80)),
                ("rejects", models.CharField(blank=True, max_length=80)),
                ("encoding", models.CharField(blank=True, max_length=16)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                ("columns", models.JSONField(default=list)),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("mapping", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "To be mapped"),
                            ("mapped", "Ready to run"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="uploaded",
                        max_length=8,
                    ),
                ),
                ("runs", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0, verbose_name="submissions added")),
                (
                    "already_there",
                    models.PositiveIntegerField(
                        default=0, verbose_name="texts that were there already"
                    ),
                ),
                ("rejected", models.PositiveIntegerField(default=0, verbose_name="rows rejected")),
                ("reasons", models.JSONField(blank=True, default=list)),
                ("failure", models.TextField(blank=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_uploads",
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
                "verbose_name": "uploaded import",
                "verbose_name_plural": "uploaded imports",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "sha256"), name="import_file_is_uploaded_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["uploaded", "mapped", "running", "done", "failed"])
                        ),
                        name="import_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JointParty",
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
                            ("invited", "Invited"),
                            ("joined", "Signed"),
                            ("void", "Signed before a change: must sign again"),
                            ("declined", "Declined"),
                            ("left_out", "Left out: had not signed"),
                            ("left", "Left"),
                        ],
                        default="invited",
                        max_length=8,
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="invited at"
                    ),
                ),
                ("reservations", models.TextField(blank=True, verbose_name="reservations")),
                ("provisions", models.JSONField(blank=True, default=list)),
                ("seal", models.CharField(blank=True, max_length=64)),
                (
                    "signed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="signed at"),
                ),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left at")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="organisation")),
                (
                    "group",
                    models.CharField(
                        blank=True,
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
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint_parties",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "signed_by",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "party of a joint submission",
                "verbose_name_plural": "parties of joint submissions",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "organisation"), name="organisation_joins_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["joined", "left"]), _negated=True),
                            models.Q(
                                ("signed_at__isnull", False), models.Q(("seal", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="joint_party_has_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "left"), _negated=True),
                            ("left_at__isnull", False),
                            _connector="OR",
                        ),
                        name="joint_party_that_left_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_beside", models.BooleanField()),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="submissions.answer",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_words",
                        to="submissions.campaign",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="submissions.point",
                    ),
                ),
            ],
            options={
                "verbose_name": "own words in a campaign letter",
                "verbose_name_plural": "own words in campaign letters",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__isnull", True), ("point__isnull", False)),
                            models.Q(("answer__isnull", False), ("point__isnull", True)),
                            _connector="OR",
                        ),
                        name="own_words_are_of_a_point_or_an_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=16)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("fingerprint", models.BigIntegerField(default=0)),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="submissions.answer",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="submissions.attachmentpage",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="submissions.point",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer__isnull", False),
                                ("field", ""),
                                ("page__isnull", True),
                                ("point__isnull", True),
                            ),
                            models.Q(
                                ("answer__isnull", True),
                                ("field", ""),
                                ("page__isnull", False),
                                ("point__isnull", True),
                            ),
                            models.Q(
                                ("answer__isnull", True),
                                ("page__isnull", True),
                                ("point__isnull", False),
                                models.Q(("field", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="passage_lies_in_one_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))),
                        name="passage_is_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answer__isnull", False)),
                        fields=("answer", "start"),
                        name="passage_of_answer_is_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("point__isnull", False)),
                        fields=("point", "field", "start"),
                        name="passage_of_point_is_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("page__isnull", False)),
                        fields=("page", "start"),
                        name="passage_of_page_is_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointTally",
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
                ("points", models.PositiveIntegerField(default=0)),
                (
                    "provision",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="point_tallies",
                        to="consultations.provision",
                    ),
                ),
            ],
            options={
                "verbose_name": "tally of points",
                "verbose_name_plural": "tallies of points",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provision", "group", "stance"), name="point_tally_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=400)),
                ("form", models.CharField(blank=True, max_length=32)),
                ("words", models.TextField()),
                ("refused_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refused",
                        to="submissions.submission",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "edit that was refused",
                "verbose_name_plural": "edits that were refused",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "person", "part"), name="refused_edit_is_one_of_a_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisteredCampaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(max_length=10000, verbose_name="text")),
                ("people", models.PositiveIntegerField(default=0, verbose_name="people")),
                (
                    "organisations",
                    models.PositiveIntegerField(default=0, verbose_name="organisations"),
                ),
                (
                    "own_texts",
                    models.PositiveIntegerField(default=0, verbose_name="texts of their own"),
                ),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "carrier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_campaign",
                        to="submissions.submission",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_campaigns",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_campaigns",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "registered campaign",
                "verbose_name_plural": "registered campaigns",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "slug"), name="registered_campaign_slug_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CoSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email_key", models.CharField(blank=True, max_length=64, null=True)),
                ("token_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for the mail to be answered"),
                            ("confirmed", "Confirmed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                (
                    "address",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("is_name_public", models.BooleanField(default=False)),
                ("country", models.CharField(blank=True, max_length=60, verbose_name="country")),
                ("own_words", models.TextField(blank=True, verbose_name="own words")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "submission",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="co_signature",
                        to="submissions.submission",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="submissions.registeredcampaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "indexes": [
                    models.Index(
                        condition=models.Q(("organisation__isnull", False), ("state", "confirmed")),
                        fields=["campaign", "-id"],
                        name="signing_organisations",
                    ),
                    models.Index(fields=["campaign", "email_key"], name="signatures_of_an_address"),
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", True)),
                        fields=["asked_at"],
                        name="signature_unconfirmed_since",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "confirmed")),
                        fields=("campaign", "email_key"),
                        name="address_signs_a_campaign_once",
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "organisation"),
                        name="organisation_signs_a_campaign_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email_key__isnull", True),
                            ("organisation__isnull", True),
                            _connector="XOR",
                        ),
                        name="signer_is_a_person_or_an_organisation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "asked"),
                            models.Q(("address", ""), ("own_words", "")),
                            _connector="OR",
                        ),
                        name="answered_signature_keeps_no_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rebuttal", "Rebuttal"),
                            ("support", "Support"),
                            ("evidence", "Evidence"),
                            ("question", "Question"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="submissions.answer",
                    ),
                ),
                (
                    "answered",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies_to_it",
                        to="submissions.submission",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="submissions.point",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply",
                "verbose_name_plural": "replies",
                "ordering": ["number"],
                "indexes": [models.Index(fields=["answered", "id"], name="reply_to_submission")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "number"), name="reply_number_is_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("submission", "point", "kind"), name="point_is_answered_once_a_kind"
                    ),
                    models.UniqueConstraint(
                        fields=("submission", "answer", "kind"),
                        name="answer_is_answered_once_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__isnull", True), ("point__isnull", False)),
                            models.Q(("answer__isnull", False), ("point__isnull", True)),
                            _connector="OR",
                        ),
                        name="reply_answers_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", ""),
                            ("kind__in", ["rebuttal", "support", "evidence", "question"]),
                            _connector="OR",
                        ),
                        name="reply_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="address")),
                ("title", models.CharField(blank=True, max_length=600, verbose_name="title")),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="submissions.point",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="submissions.reply",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence link",
                "verbose_name_plural": "evidence links",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("url", ""), _negated=True),
                        fields=("point", "url"),
                        name="evidence_is_named_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("url", ""), _negated=True),
                        fields=("reply", "url"),
                        name="evidence_of_reply_is_named_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("point__isnull", False), ("reply__isnull", True)),
                            models.Q(("point__isnull", True), ("reply__isnull", False)),
                            _connector="OR",
                        ),
                        name="evidence_is_named_for_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url__startswith", "http://"),
                            ("url__startswith", "https://"),
                            models.Q(("url", ""), models.Q(("title", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="evidence_is_on_the_web_or_cited",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyTally",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rebuttal", "Rebuttal"),
                            ("support", "Support"),
                            ("evidence", "Evidence"),
                            ("question", "Question"),
                        ],
                        max_length=8,
                    ),
                ),
                ("replies", models.PositiveIntegerField(default=0)),
                (
                    "consultation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_tallies",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "tally of replies",
                "verbose_name_plural": "tallies of replies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consultation", "group", "kind"), name="reply_tally_is_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.PositiveIntegerField(default=0)),
                ("end", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("attached", "Word for word in the same provision"),
                            ("moved", "Moved, or with changed words"),
                            ("orphaned", "No longer in the text"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "provision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="consultations.provision",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="consultations.documentversion",
                    ),
                ),
                (
                    "anchor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="submissions.anchor",
                    ),
                ),
            ],
            options={
                "verbose_name": "placement of an anchor",
                "verbose_name_plural": "placements of anchors",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "anchor"), name="anchor_is_placed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("provision__isnull", True), ("state", "orphaned")),
                            models.Q(
                                ("end__gt", models.F("start")),
                                ("provision__isnull", False),
                                ("state__in", ["attached", "moved"]),
                            ),
                            _connector="OR",
                        ),
                        name="anchor_is_placed_or_orphaned",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="signoff",
            name="signed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="point",
            constraint=models.UniqueConstraint(
                fields=("submission", "number"), name="point_number_is_unique"
            ),
        ),
    ]
