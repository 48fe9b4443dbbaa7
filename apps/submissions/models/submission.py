"""The formal package of one author or organisation, and the edits of its draft."""

from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Phase, Question
from apps.submissions import searching

LONGEST_TEXT = 100_000


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

    def shared_with(self, user: Any) -> "SubmissionQuerySet":
        """Return the drafts of others that a person may read, to sign for an own organisation."""
        ours = Organisation.objects.with_submitter(user)
        invitations = apps.get_model("submissions", "JointParty").objects
        return self.filter(
            state=Submission.State.DRAFT,
            consultation__in=Consultation.objects.visible_to(user),
            pk__in=invitations.filter(organisation__in=ours).values("submission"),
        )

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

    def with_point(self, *, provision: str = "", stance: str = "") -> "SubmissionQuerySet":
        """Return submissions with a point on a provision, of a stance, or both in one point."""
        asked = {"provision__key": provision, "stance": stance}
        points = apps.get_model("submissions", "Point").objects.filter(
            submission=models.OuterRef("pk"), **{name: text for name, text in asked.items() if text}
        )
        return self.filter(models.Exists(points))

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
        CAMPAIGN = "campaign", _("Campaign")

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
    # Since when somebody who got its receipt says “I never wrote this”; empty once decided.
    disputed_at = models.DateTimeField(_("disputed at"), null=True, blank=True)
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
    # Keys of the steps that somebody chose to answer; see steps.py.
    concerns = models.JSONField(default=list, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edit of a draft")
        verbose_name_plural = _("edits of drafts")

    def __str__(self) -> str:
        return f"{self.draft_id}"
