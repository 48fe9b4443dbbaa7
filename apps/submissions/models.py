"""What was submitted: submissions, answers, points, evidence, passages, campaigns, tallies."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Choice, Consultation, Phase, Provision, Question
from apps.submissions import searching

LONGEST_TEXT = 100_000


def answer_part(question_key: str, number: int) -> str:
    """Name the n-th text of a submission to a question, as citations do."""
    return f"answer:{question_key}" + (f"#{number}" if number > 1 else "")


class Stance(models.TextChoices):
    """A position on one provision; a missing one is missing, never neutral."""

    SUPPORT = "support", _("Support")
    SUPPORT_WITH_CHANGES = "changes", _("Support with changes")
    NEUTRAL = "neutral", _("Neutral")
    OPPOSE = "oppose", _("Oppose")
    CANNOT_SAY = "cannot", _("Cannot say")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Reads of submissions; visibility is decided here and nowhere else."""

    def visible_to(self, user: Any) -> "SubmissionQuerySet":
        """Return what was filed in consultations the person may see, and the person's own.

        A withdrawn submission stays as a tombstone: its row is visible, its words are gone. One
        that was replaced by a newer version can still be read at its address.
        """
        public = Q(
            state__in=Submission.PUBLIC,
            consultation__in=Consultation.objects.visible_to(user),
        )
        if not user.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(author=user))

    def drafts_of(self, user: Any) -> "SubmissionQuerySet":
        """Return the drafts of a person and of the organisations the person drafts for."""
        mine = Q(author=user) & Q(organisation__isnull=True)
        ours = Q(organisation__in=Organisation.objects.with_member(user))
        return self.filter(mine | ours, state=Submission.State.DRAFT)

    def of(self, consultation: Consultation) -> "SubmissionQuerySet":
        return self.filter(consultation=consultation)

    def in_capacity(self, user: Any, organisation: Organisation | None) -> "SubmissionQuerySet":
        """Return what an organisation wrote, or where none is given what the person wrote alone."""
        mine = self.filter(organisation=organisation)
        return mine if organisation else mine.filter(author=user.pk)

    def filed(self) -> "SubmissionQuerySet":
        """Return what counts as heard: submitted, and withdrawn ones as tombstones."""
        return self.filter(state__in=[Submission.State.SUBMITTED, Submission.State.WITHDRAWN])

    def on_record(self) -> "SubmissionQuerySet":
        """Return what was ever filed: also what a newer version replaced."""
        return self.filter(state__in=Submission.PUBLIC)

    def newest_first(self) -> "SubmissionQuerySet":
        return self.order_by("-submitted_at", "-id")

    def answering(self, question: Question) -> "SubmissionQuerySet":
        return self.filter(models.Exists(question.answers.filter(submission=models.OuterRef("pk"))))

    def containing(self, words: str) -> "SubmissionQuerySet":
        """Return submissions in whose texts or names every word occurs, in any case."""
        return searching.containing(self, words)


class Submission(models.Model):
    """The formal package of one author or organisation in one consultation."""

    class State(models.TextChoices):
        """Where it stands; only `draft` can still be edited."""

        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        SUPERSEDED = "superseded", _("Superseded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Source(models.TextChoices):
        """The door it came through."""

        WEB = "web", _("Web form")
        API = "api", _("API")
        IMPORT = "import", _("Import")

    PUBLIC: ClassVar[tuple[str, ...]] = (State.SUBMITTED, State.SUPERSEDED, State.WITHDRAWN)

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="submissions", db_index=False
    )
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    # The tracking number, or the source's own reference where it was imported; drafts have none.
    reference = models.CharField(_("reference"), max_length=120, null=True, blank=True)  # noqa: DJ001
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.WEB)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    # As filed: an organisation may be renamed later, and an imported name belongs to no account.
    organisation_name = models.CharField(_("organisation"), max_length=300, blank=True)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )
    declared_label = models.CharField(_("declared category"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    weight = models.PositiveIntegerField(_("letters it stands for"), default=1)
    attachments_declared = models.PositiveSmallIntegerField(_("attachments named"), default=0)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    # When it was withdrawn or replaced; unknown where a source only says that it was.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # The earlier version this one replaces, or will replace when it is filed.
    revises = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    # Filed in the minutes of grace after closing, from a draft begun before.
    is_late = models.BooleanField(
        _("filed in the minutes of grace"), default=False, db_default=False
    )
    # False where a source gave no date: then `submitted_at` is the moment of the import.
    is_dated = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "reference"], name="submission_reference_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(reference__isnull=False, submitted_at__isnull=False),
                name="filed_submission_has_reference_and_time",
            ),
            models.CheckConstraint(
                condition=Q(group__in=StakeholderGroup.values), name="submission_group_is_known"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1), name="submission_stands_for_one_letter_or_more"
            ),
            models.UniqueConstraint(
                fields=["revises"],
                condition=~Q(state="draft"),
                name="submission_is_replaced_once",
            ),
            models.UniqueConstraint(
                fields=["phase", "author"],
                condition=Q(state="draft", organisation__isnull=True),
                name="one_personal_draft_per_phase",
            ),
            models.UniqueConstraint(
                fields=["phase", "organisation"],
                condition=Q(state="draft"),
                name="one_draft_per_organisation_and_phase",
            ),
        ]
        indexes = [
            models.Index(
                fields=["consultation", "-submitted_at", "-id"], name="submission_newest_first"
            ),
            models.Index(
                fields=["consultation", "group", "-submitted_at", "-id"],
                name="submission_group_newest",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"draft {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("submissions:detail", args=[self.consultation.slug, self.reference])

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def is_named(self) -> bool:
        """Return whether its author stands on the public record by name."""
        return bool(self.organisation_name)


class DraftEdit(models.Model):
    """The form a draft was last saved from, and what stood in it where it is not content yet."""

    draft = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="edit"
    )
    form = models.CharField(max_length=32, blank=True)
    typed = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edit of a draft")
        verbose_name_plural = _("edits of drafts")

    def __str__(self) -> str:
        return f"{self.draft_id}"


class Answer(models.Model):
    """The reply to one question; `number` counts on where a source has several texts for one."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("text"), blank=True)
    scale = models.PositiveSmallIntegerField(null=True, blank=True)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    choices: ClassVar[Any] = models.ManyToManyField(Choice, related_name="answers", blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__position", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question", "number"], name="answer_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(scale__isnull=True) | Q(scale__range=(1, 5)),
                name="answer_scale_is_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(stance="") | Q(stance__in=Stance.values), name="answer_stance_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.question_id}"

    @property
    def part(self) -> str:
        """Name this text inside its submission, as citations do."""
        return answer_part(self.question.key, self.number)


class Point(models.Model):
    """One atomic ask on one provision."""

    class Ask(models.TextChoices):
        """What should happen to the provision."""

        KEEP = "keep", _("Keep")
        AMEND = "amend", _("Amend")
        DELETE = "delete", _("Delete")
        ADD = "add", _("Add")
        CLARIFY = "clarify", _("Clarify")

    TEXT_FIELDS: ClassVar[tuple[str, ...]] = ("reason", "proposed_text", "change_condition")

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="points", db_index=False
    )
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices, blank=True)
    ask = models.CharField(_("ask"), max_length=8, choices=Ask.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    proposed_text = models.TextField(_("proposed text"), blank=True)
    change_condition = models.TextField(_("what would change our position"), blank=True)

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="point_number_is_unique"),
            models.CheckConstraint(
                condition=Q(stance="") | Q(stance__in=Stance.values), name="point_stance_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number}"

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the filled-in text fields as (field, text)."""
        for field in self.TEXT_FIELDS:
            if text := getattr(self, field):
                yield field, text

    def part(self, field: str) -> str:
        """Name one text of this point inside its submission, as citations do."""
        return f"point:{self.number}:{field}"


class Vocabulary(models.Model):
    """What a search looks through: the words of one filed submission, folded, each once.

    Written after filing and with an import; a draft has none. Each database keeps its own index of
    the trigrams in `words`, which the migration makes: models know no index that only one has.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="vocabulary"
    )
    words = models.TextField()

    class Meta:
        verbose_name = _("vocabulary of a submission")
        verbose_name_plural = _("vocabularies of submissions")

    def __str__(self) -> str:
        return f"{self.submission_id}"


class EvidenceLink(models.Model):
    """A source named for a point."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="evidence")
    url = models.URLField(_("address"), max_length=1000)
    title = models.CharField(_("title"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("evidence link")
        verbose_name_plural = _("evidence links")
        constraints = [
            models.UniqueConstraint(fields=["point", "url"], name="evidence_is_named_once"),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="evidence_is_on_the_web",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class Passage(models.Model):
    """A sentence-sized span of one submitted text: `start` and `end` count its characters."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="passages")
    answer = models.ForeignKey(
        Answer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="passages",
        db_index=False,
    )
    point = models.ForeignKey(
        Point,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="passages",
        db_index=False,
    )
    field = models.CharField(max_length=16, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # Normalised sentence as a number: equal in letters of one campaign; 0 where it is too short.
    fingerprint = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=False, point__isnull=True, field="")
                | (Q(answer__isnull=True, point__isnull=False) & ~Q(field="")),
                name="passage_lies_in_one_text",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_is_not_empty"),
            models.UniqueConstraint(
                fields=["answer", "start"],
                condition=Q(answer__isnull=False),
                name="passage_of_answer_is_unique",
            ),
            models.UniqueConstraint(
                fields=["point", "field", "start"],
                condition=Q(point__isnull=False),
                name="passage_of_point_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


class GroupLabel(models.Model):
    """A source's declared category and the stakeholder group it stands for; staff may edit it."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="group_labels"
    )
    label = models.CharField(_("declared category"), max_length=200)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )

    class Meta:
        verbose_name = _("declared category")
        verbose_name_plural = _("declared categories")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "label"], name="label_is_mapped_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} → {self.get_group_display()}"


class GroupTally(models.Model):
    """How many submissions of a group were filed, in all (no question) or to one question.

    Kept by the services in the transaction that files a submission, so that a list can show its
    count without counting.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="group_tallies", db_index=False
    )
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, blank=True, related_name="group_tallies"
    )
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    submissions = models.PositiveIntegerField(default=0)
    letters = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("tally of submissions")
        verbose_name_plural = _("tallies of submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "group"],
                condition=Q(question__isnull=True),
                name="tally_is_unique",
            ),
            models.UniqueConstraint(
                fields=["question", "group"],
                condition=Q(question__isnull=False),
                name="tally_of_question_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.submissions}"


class PointTally(models.Model):
    """How many points of a group and stance lie on a provision."""

    provision = models.ForeignKey(
        Provision, on_delete=models.CASCADE, related_name="point_tallies", db_index=False
    )
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    stance = models.CharField(max_length=8, choices=Stance.choices, blank=True)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tally of points")
        verbose_name_plural = _("tallies of points")
        constraints = [
            models.UniqueConstraint(
                fields=["provision", "group", "stance"], name="point_tally_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.group} {self.stance}: {self.points}"


class CampaignScan(models.Model):
    """One search for campaigns over everything filed in a consultation up to an instant."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="campaign_scans"
    )
    cut_off_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("campaign scan")
        verbose_name_plural = _("campaign scans")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.cut_off_at:%Y-%m-%d %H:%M}"


class Campaign(models.Model):
    """One text with several senders, found as near-duplicates; never a verdict."""

    scan = models.ForeignKey(CampaignScan, on_delete=models.CASCADE, related_name="campaigns")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    sample = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    submissions = models.PositiveIntegerField(_("submissions"))
    letters = models.PositiveBigIntegerField(_("letters"))
    # Fingerprints of the sentences its letters share: what else a letter says is its sender's own.
    sentences = models.JSONField(default=list)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="campaign_number_is_unique")
        ]

    def __str__(self) -> str:
        return self.title


class CampaignLetter(models.Model):
    """A submission that carries a campaign's text, and how much of it is the sender's own."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="campaign_letters"
    )
    similarity = models.FloatField()
    own_share = models.FloatField()

    class Meta:
        verbose_name = _("campaign letter")
        verbose_name_plural = _("campaign letters")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "campaign"], name="letter_is_in_a_campaign_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} in {self.campaign_id}"
