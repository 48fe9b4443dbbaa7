"""The formal package of one author or organisation, and the edits of its draft."""

from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import (
    Consultation,
    HostRole,
    Identity,
    Phase,
    Question,
)
from apps.submissions import searching

LONGEST_TEXT = 100_000


class Visibility(models.TextChoices):
    """How a submission is seen by those it does not belong to."""

    NAMED = "named", _("Public, with the name")
    WITHHELD = "withheld", _("Public, name withheld")
    CONFIDENTIAL = "confidential", _("Parts kept back")


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

    def belonging_to(self, user: Any) -> "SubmissionQuerySet":
        """Return what a person wrote, and all of the organisations the person drafts for."""
        if not user.is_authenticated:
            return self.none()
        ours = Organisation.objects.with_member(user).values("pk")
        return self.filter(Q(author=user) | Q(organisation__in=ours) | Q(withheld_for__in=ours))

    def confided_to(self, user: Any) -> "SubmissionQuerySet":
        """Return those of which a person may read what is kept back: see `CONFIDANTS`.

        Where its author keeps nothing back, moderators took it out: that is for them alone.
        """
        if not user.is_authenticated:
            return self.none()
        own = Submission.objects.belonging_to(user).values("pk")
        hosts = HostRole.objects.filter(user=user).values("host")
        deciding = Q(consultation__host__in=hosts.filter(role__in=HostRole.MODERATORS))
        reading = Q(consultation__host__in=hosts.filter(role__in=HostRole.CONFIDANTS))
        is_authors = ~Q(visibility=Visibility.NAMED)
        return self.filter(Q(pk__in=own) | deciding | (reading & is_authors))

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
        if organisation is None:
            return self.filter(author=user.pk, organisation=None, withheld_for=None)
        return self.filter(Q(organisation=organisation) | Q(withheld_for=organisation))

    def filed(self) -> "SubmissionQuerySet":
        """Return what counts as heard: submitted, and withdrawn ones as tombstones; no replies."""
        heard = [Submission.State.SUBMITTED, Submission.State.WITHDRAWN]
        return self.filter(state__in=heard, is_reply=False)

    def filed_where(self, user: Any) -> "SubmissionQuerySet":
        """Return what counts as heard in every consultation a person may see."""
        return self.filed().filter(consultation__in=Consultation.objects.visible_to(user))

    def of_kind(self, kind: str) -> "SubmissionQuerySet":
        """Return what belongs to phases of a kind: replies, or everything else."""
        return self.filter(is_reply=kind == Phase.Kind.REPLY)

    def on_record(self) -> "SubmissionQuerySet":
        """Return what was ever filed: also what a newer version replaced."""
        return self.filter(state__in=Submission.PUBLIC)

    def newest_first(self) -> "SubmissionQuerySet":
        return self.order_by("-submitted_at", "-id")

    def answering(self, question: Question) -> "SubmissionQuerySet":
        return self.filter(models.Exists(question.answers.filter(submission=models.OuterRef("pk"))))

    def with_point(self, *, provision: str = "", stance: str = "") -> "SubmissionQuerySet":
        """Return submissions with a point on a provision, of a stance, or both in one point.

        Where only a stance is asked for, an answer that takes it is as good as a point. What was
        withdrawn takes no position any more.
        """
        asked = {"provision__key": provision, "stance": stance}
        held: dict[str, Any] = {name: text for name, text in asked.items() if text}
        held["submission"] = models.OuterRef("pk")
        found = Q(models.Exists(apps.get_model("submissions", "Point").objects.filter(**held)))
        if not provision:
            answers = apps.get_model("submissions", "Answer").objects.filter(**held)
            found |= Q(models.Exists(answers))
        return self.filter(found).exclude(state=Submission.State.WITHDRAWN)

    def containing(self, words: str) -> "SubmissionQuerySet":
        """Return submissions in whose texts or names every word occurs, in any case."""
        return searching.containing(self, words)

    def said_by(self, organisation: str) -> "SubmissionQuerySet":
        """Return what an organisation said: its slug is given, or words of its name as shown.

        The slug of a duplicate stands for the organisation it is part of now.
        """
        slug = Organisation.objects.now_called(organisation)
        if Organisation.objects.filter(slug=slug).exists():
            return self.filter(organisation__slug=slug)
        return searching.named(self, organisation)


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
        PAPER = "paper", _("Received on paper, entered by the host’s staff")
        EMAIL = "email", _("Received by e-mail, entered by the host’s staff")
        HEARING = "hearing", _("Said at a hearing, confirmed by the speaker")

    Visibility = Visibility
    # Entered on behalf of somebody; `submitted_at` is then the day on which it was received.
    BY_STAFF: ClassVar[tuple[str, ...]] = (Source.PAPER, Source.EMAIL)
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
    # Whose it is where the name is withheld: then `organisation` is empty once it is filed, so that
    # whatever the public sees or searches knows no name. Only own and staff pages read this.
    withheld_for = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="withheld_submissions",
    )
    visibility = models.CharField(
        _("how it is seen"),
        max_length=12,
        choices=Visibility.choices,
        default=Visibility.NAMED,
        db_default=Visibility.NAMED,
    )
    # How it was known who filed it; empty where it came from elsewhere.
    identity = models.CharField(
        _("identity"), max_length=12, choices=Identity.choices, blank=True, db_default=""
    )
    # What is kept back and why; the words themselves only while it is a draft, see concealing.py.
    redactions = models.JSONField(
        default=list, blank=True, db_default=Value([], models.JSONField())
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
    # Belongs to a reply phase: it holds replies to others, nothing of its own.
    is_reply = models.BooleanField(_("answers others"), default=False, db_default=False)
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
            models.CheckConstraint(
                condition=Q(identity="") | Q(identity__in=Identity.values),
                name="submission_identity_is_known",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values),
                name="submission_visibility_is_known",
            ),
            models.CheckConstraint(
                condition=Q(withheld_for__isnull=True) | Q(organisation__isnull=True),
                name="submission_with_name_withheld_shows_none",
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
            models.Index(fields=["-submitted_at", "-id"], name="submission_newest_anywhere"),
            models.Index(
                fields=["consultation", "-submitted_at", "-id"], name="submission_newest_first"
            ),
            models.Index(
                fields=["consultation", "group", "-submitted_at", "-id"],
                name="submission_group_newest",
            ),
            # What the host watches is counted from these alone, without a look at any row.
            models.Index(
                fields=["consultation", "state", "is_reply", "submitted_at"],
                name="submission_growth",
            ),
            models.Index(
                fields=["consultation", "state", "is_reply", "identity", "country"],
                name="submission_from_where",
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
    def kind(self) -> str:
        """The kind of phase it belongs to."""
        return Phase.Kind.REPLY if self.is_reply else Phase.Kind.COMMENT

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def owner(self) -> Organisation | None:
        """Return the organisation it belongs to, named or not; never for what the public sees."""
        return self.organisation or self.withheld_for

    @property
    def speaker(self) -> str:
        """Return the name it was filed under; of a draft, what its organisation is called today."""
        if self.is_draft and self.organisation is not None:
            return self.organisation.name
        return self.organisation_name

    @property
    def files_kept_back(self) -> list[str]:
        """Return why files are not public, a reason for each; no query where none can be."""
        if self.visibility == Visibility.NAMED:
            return []
        files = apps.get_model("submissions", "Attachment").objects.filter(submission=self)
        kept = files.exclude(kept_back="").order_by("number")
        return list(kept.values_list("kept_back", flat=True))

    @property
    def is_entered_by_staff(self) -> bool:
        """Return whether the host's staff entered it on behalf of somebody."""
        return self.source in self.BY_STAFF

    @property
    def was_spoken(self) -> bool:
        """Return whether it was said at a hearing; `submitted_at` is then when that began."""
        return self.source == self.Source.HEARING

    def is_named(self) -> bool:
        """Return whether its author stands on the public record by name."""
        return bool(self.organisation_name)


class DraftEdit(models.Model):
    """The form a draft was last saved from, and what stood in it where it is not content yet."""

    draft = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="edit"
    )
    form = models.CharField(max_length=32, blank=True)
    # With a button: what that form saves by itself now was on its way before, and is older.
    is_sent = models.BooleanField(default=False, db_default=False)
    typed = models.TextField(blank=True)
    # Digests of the parts of what that form sent; see parts.py.
    parts = models.JSONField(default=dict, blank=True)
    # Keys of the steps that somebody chose to answer; see steps.py.
    concerns = models.JSONField(default=list, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edit of a draft")
        verbose_name_plural = _("edits of drafts")

    def __str__(self) -> str:
        return f"{self.draft_id}"
