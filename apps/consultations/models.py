"""What is consulted on, by whom, when: hosts, consultations, phases, documents, questions."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

GRACE = timedelta(minutes=10)  # for whoever was typing when a phase closed


class Host(models.Model):
    """The body that runs consultations on this installation; not an Organisation."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def __str__(self) -> str:
        return self.name


class HostRole(models.Model):
    """What a person may do in a host's workspace."""

    class Role(models.TextChoices):
        """The duties of a host's staff."""

        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")
        MODERATOR = "moderator", _("Moderator")
        ANALYST = "analyst", _("Analyst")
        DATA_PROTECTION_OFFICER = "dpo", _("Data-protection officer")

    MODERATORS: ClassVar[tuple[str, ...]] = (Role.OWNER, Role.MODERATOR)

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="host_roles"
    )
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(fields=["host", "user", "role"], name="role_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} of {self.host}"


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Reads of consultations; visibility is decided here and nowhere else."""

    def visible_to(self, user: Any) -> "ConsultationQuerySet":
        """Return what is published, and a host's drafts to its own staff."""
        published = Q(published_at__lte=timezone.now())
        if not user.is_authenticated:
            return self.filter(published)
        own = Host.objects.filter(roles__user=user)
        return self.filter(published | Q(host__in=own))

    def in_workspace_of(self, user: Any) -> "ConsultationQuerySet":
        """Return the consultations of the hosts a person works for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(host__in=Host.objects.filter(roles__user=user))

    def moderated_by(self, user: Any) -> "ConsultationQuerySet":
        """Return the consultations of the hosts a person is an owner or a moderator of."""
        if not user.is_authenticated:
            return self.none()
        moderators = HostRole.objects.filter(role__in=HostRole.MODERATORS, user=user)
        return self.filter(host__in=moderators.values("host"))

    def open_for_comment(self) -> "ConsultationQuerySet":
        phases = Phase.objects.open().filter(kind=Phase.Kind.COMMENT)
        return self.filter(models.Exists(phases.filter(consultation=models.OuterRef("pk"))))

    def running(self) -> "ConsultationQuerySet":
        """Return consultations with a phase that is open or still to come."""
        ahead = Phase.objects.filter(Q(closes_at__gt=timezone.now()) | Q(closes_at__isnull=True))
        return self.filter(models.Exists(ahead.filter(consultation=models.OuterRef("pk"))))

    def over(self) -> "ConsultationQuerySet":
        """Return consultations without a phase that is open or still to come."""
        ahead = Phase.objects.filter(Q(closes_at__gt=timezone.now()) | Q(closes_at__isnull=True))
        return self.exclude(models.Exists(ahead.filter(consultation=models.OuterRef("pk"))))

    def containing(self, words: str) -> "ConsultationQuerySet":
        """Return consultations with every word in the title, summary or docket number."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(title__icontains=word) | Q(summary__icontains=word) | Q(docket__icontains=word)
            )
        return found

    def with_phases(self) -> "ConsultationQuerySet":
        """Fetch phases and host together with the consultations."""
        return self.select_related("host").prefetch_related(
            Prefetch("phases", Phase.objects.order_by("opens_at"))
        )

    def with_masthead(self) -> "ConsultationQuerySet":
        """Fetch what the head of every page of a consultation shows: two queries in all."""
        documents = Document.objects.filter(consultation=models.OuterRef("pk")).order_by("id")
        return self.with_phases().annotate(
            first_document=models.Subquery(documents.values("slug")[:1])
        )


class Consultation(models.Model):
    """A process with a docket number."""

    class Kind(models.TextChoices):
        """What is asked for."""

        CALL_FOR_EVIDENCE = "call for evidence", _("Call for evidence")
        DRAFT_TEXT = "draft text", _("Draft text")
        HEARING = "hearing", _("Hearing")
        DELIBERATION = "deliberation", _("Deliberation")
        ACCORD = "accord", _("Accord")

    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="consultations")
    slug = models.SlugField(max_length=80, unique=True)
    docket = models.CharField(_("docket number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    kind = models.CharField(
        _("kind"), max_length=32, choices=Kind.choices, default=Kind.CALL_FOR_EVIDENCE
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    authority = models.CharField(_("who asks"), max_length=300, blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    attribution = models.TextField(_("licence and attribution"), blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:detail", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.published_at <= timezone.now()

    def current_phase(self) -> "Phase | None":
        """Return the phase that is open now, without a query where phases were fetched."""
        return next((phase for phase in self.phases.all() if phase.is_open), None)

    def comment_phase(self) -> "Phase | None":
        """Return the open comment phase, else the latest one, else None."""
        phases = [p for p in self.phases.all() if p.kind == Phase.Kind.COMMENT]
        return next((p for p in phases if p.is_open), phases[-1] if phases else None)


class PhaseQuerySet(models.QuerySet["Phase"]):
    """Time logic as verbs."""

    def open(self, at: datetime | None = None) -> "PhaseQuerySet":
        """Return the phases open at an instant: from opening (included) to closing (excluded)."""
        moment = at or timezone.now()
        return self.filter(
            Q(closes_at__gt=moment) | Q(closes_at__isnull=True), opens_at__lte=moment
        )


class Phase(models.Model):
    """A window of a consultation with what is allowed in it."""

    class Kind(models.TextChoices):
        """What may be done while it is open."""

        COMMENT = "comment", _("Comment")
        REPLY = "reply", _("Reply comment")
        VOTE = "vote", _("Vote")
        REVIEW = "review", _("Review")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.COMMENT)
    title = models.CharField(_("title"), max_length=200, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="phase_closes_after_it_opens",
            ),
            models.UniqueConstraint(
                fields=["consultation", "kind", "opens_at"], name="phase_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)

    def is_in_grace(self, begun_at: datetime | None) -> bool:
        """Return whether what was begun before the closing may still be finished."""
        closing = self.closes_at
        if closing is None or begun_at is None:
            return False
        return begun_at < closing <= timezone.now() < closing + GRACE

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def is_to_come(self) -> bool:
        return timezone.now() < self.opens_at


class Document(models.Model):
    """A text consulted on; its words are in its versions."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="documents"
    )
    slug = models.SlugField(max_length=80)
    title = models.CharField(_("title"), max_length=300)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "slug"], name="document_slug_is_unique")
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One immutable state of a document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published at"), default=timezone.now)

    class Meta:
        verbose_name = _("document version")
        verbose_name_plural = _("document versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.document} (version {self.number})"


class Provision(models.Model):
    """A part of a document one can take a position on; the key lives across versions."""

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.CASCADE, related_name="provisions"
    )
    key = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=2)
    label = models.CharField(_("label"), max_length=60, blank=True)
    heading = models.CharField(_("heading"), max_length=400)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="provision_key_is_unique"),
            models.UniqueConstraint(
                fields=["version", "position"], name="provision_position_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.heading}" if self.label else self.heading


class Question(models.Model):
    """Asked of everybody or, where `groups` names some, of these stakeholder groups."""

    class Kind(models.TextChoices):
        """How it is answered."""

        TEXT = "text", _("Free text")
        SINGLE = "single", _("One choice")
        MULTIPLE = "multiple", _("Several choices")
        SCALE = "scale", _("Scale from 1 to 5")
        STANCE = "stance", _("Stance")

    SCALE: ClassVar[range] = range(1, 6)

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="questions"
    )
    key = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    text = models.TextField(_("question"))
    hint = models.TextField(_("hint"), blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.TEXT)
    is_required = models.BooleanField(_("required"), default=False)
    groups = models.JSONField(_("asked of"), default=list, blank=True)
    provision_key = models.SlugField(max_length=80, blank=True)
    scale_low = models.CharField(_("meaning of 1"), max_length=100, blank=True)
    scale_high = models.CharField(_("meaning of 5"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key"], name="question_key_is_unique")
        ]

    def __str__(self) -> str:
        return self.text

    def is_asked_of(self, group: str) -> bool:
        return not self.groups or group in self.groups


class Choice(models.Model):
    """One answer a question offers."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(max_length=80)
    label = models.CharField(_("label"), max_length=300)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "key"], name="choice_key_is_unique")
        ]

    def __str__(self) -> str:
        return self.label
