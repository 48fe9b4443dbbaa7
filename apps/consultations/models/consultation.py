"""What is consulted on, and when: consultations and their phases."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.consultations.models.documents import Document
from apps.consultations.models.hosts import Host, HostRole

GRACE = timedelta(minutes=10)  # for whoever was typing when a phase closed


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
        return self.of_staff(user, HostRole.MODERATORS)

    def edited_by(self, user: Any) -> "ConsultationQuerySet":
        """Return the consultations of the hosts a person is an owner or an editor of."""
        return self.of_staff(user, HostRole.EDITORS)

    def of_staff(self, user: Any, roles: Collection[str]) -> "ConsultationQuerySet":
        """Return the consultations of the hosts a person holds one of the roles of."""
        if not user.is_authenticated:
            return self.none()
        held = HostRole.objects.filter(role__in=roles, user=user)
        return self.filter(host__in=held.values("host"))

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

    def ended_before(self, moment: datetime) -> "ConsultationQuerySet":
        """Return consultations all of whose phases, at least one, were closed at a moment."""
        phases = Phase.objects.filter(consultation=models.OuterRef("pk"))
        later = phases.filter(Q(closes_at__gt=moment) | Q(closes_at__isnull=True))
        return self.filter(models.Exists(phases)).exclude(models.Exists(later))

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
        here = Document.objects.published().filter(consultation=models.OuterRef("pk"))
        return self.with_phases().annotate(
            first_document=models.Subquery(here.order_by("id").values("slug")[:1])
        )


class Identity(models.TextChoices):
    """How it is known who responds, from the least to the most."""

    EMAIL = "email", _("Confirmed e-mail address, without an account")
    ACCOUNT = "account", _("Account")
    ORGANISATION = "organisation", _("Verified organisation")


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
    # The least that is accepted of whoever responds; more is always welcome.
    least_identity = models.CharField(
        _("who may respond"),
        max_length=12,
        choices=Identity.choices,
        default=Identity.ACCOUNT,
        db_default=Identity.ACCOUNT,
    )
    # Where the organiser's clock hangs: phases are entered and shown in it, and kept as instants.
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", db_default="UTC")
    # Languages besides its own in which it is to be read.
    languages = models.JSONField(_("translated into"), default=list, blank=True)
    moderation_policy = models.TextField(_("how we moderate"), blank=True, db_default="")
    analysis_policy = models.TextField(_("how we read the answers"), blank=True, db_default="")
    short_window_reason = models.TextField(
        _("why the window is shorter than 12 weeks"), blank=True, db_default=""
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # Kept by whoever marks it answered, so that lists tell without a query.
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    # What is asked is kept in memory between requests, as it was at this instant.
    form_changed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_identity__in=Identity.values),
                name="consultation_identity_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("consultations:detail", args=[self.slug])

    def form_changes(self) -> None:
        """Note, in the caller's transaction, that questions or texts are not what they were."""
        self.form_changed_at = timezone.now()
        self.save(update_fields=["form_changed_at"])

    @property
    def zone(self) -> ZoneInfo:
        """Return the organiser's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.published_at <= timezone.now()

    def current_phase(self) -> "Phase | None":
        """Return the phase that is open now, without a query where phases were fetched."""
        return next((phase for phase in self.phases.all() if phase.is_open), None)

    def phase_for(self, kind: str) -> "Phase | None":
        """Return the open phase of a kind, else the latest one, else None."""
        phases = [p for p in self.phases.all() if p.kind == kind]
        return next((p for p in phases if p.is_open), phases[-1] if phases else None)

    def comment_phase(self) -> "Phase | None":
        return self.phase_for(Phase.Kind.COMMENT)

    def reply_phase(self) -> "Phase | None":
        return self.phase_for(Phase.Kind.REPLY)


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
    is_closed_early = models.BooleanField(_("closed early"), default=False, db_default=False)

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

    @property
    def takes_replies(self) -> bool:
        """Return whether it is for replies to what others said, and for nothing else."""
        return self.kind == self.Kind.REPLY

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
