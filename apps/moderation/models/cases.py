"""What readers flagged, what moderators decided about it, and who appealed."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.moderation.models.rule import LAST, LiftReason, Rule
from apps.submissions.models import Submission

LONGEST_PART = 120


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads of cases."""

    def waiting(self) -> "CaseQuerySet":
        """Return those somebody has to decide: flagged ones and appeals."""
        return self.filter(waits=True)

    def of(self, consultation: Consultation) -> "CaseQuerySet":
        return self.filter(consultation=consultation)

    def moderated_by(self, user: Any) -> "CaseQuerySet":
        """Return those of consultations that a person moderates."""
        return self.filter(consultation__in=Consultation.objects.moderated_by(user))


class Case(models.Model):
    """One part of a submission that somebody flagged, until and after it is decided."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("Open")
        DECIDED = "decided", _("Decided")
        APPEALED = "appealed", _("Appealed")
        CLOSED = "closed", _("Closed")

    WAITING: ClassVar[tuple[str, ...]] = (State.OPEN, State.APPEALED)

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="cases", db_index=False
    )
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="cases")
    # As citations name parts: "answer:why", "point:2", "reply:1", "attachment:1"; "" is all of it.
    part = models.CharField(max_length=LONGEST_PART, blank=True)
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    # The lower, the sooner: see `rank_of`.
    rank = models.PositiveSmallIntegerField(default=LAST)
    flags = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    # For the index of the queue: SQLite uses no partial index where values are bound.
    waits = models.GeneratedField(
        expression=models.Case(
            models.When(state__in=["open", "appealed"], then=True), default=False
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "part"],
                condition=Q(state="open"),
                name="one_open_case_each",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "decided", "appealed", "closed"]),
                name="case_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["consultation", "waits", "rank", "id"], name="case_most_urgent_first"
            ),
            models.Index(fields=["consultation", "group", "state"], name="case_of_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.part}"

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def kind(self) -> str:
        """What kind of part it is: "submission", "answer", "point", "reply", "attachment"."""
        return self.part.partition(":")[0] or "submission"


class Flag(models.Model):
    """Somebody says that a part breaks a rule."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="flagged")
    rule = models.CharField(_("rule"), max_length=16, choices=Rule.choices)
    text = models.TextField(_("what is wrong"), blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    said_at = models.DateTimeField(_("said at"), default=timezone.now)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "said_by"], name="a_person_flags_a_case_once"),
            models.CheckConstraint(
                condition=Q(rule__in=Rule.values), name="flag_names_a_known_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.rule}"


class Decision(models.Model):
    """What a moderator did about a case, by which rule, and what the author is told."""

    class Action(models.TextChoices):
        """What was done."""

        KEEP = "keep", _("Kept")
        REDACT = "redact", _("Words redacted")
        PAGES = "pages", _("Pages hidden")
        HIDE = "hide", _("Hidden")

    HIDING: ClassVar[tuple[str, ...]] = (Action.REDACT, Action.PAGES, Action.HIDE)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    # The same as the case's: the public log reads its newest without a look at the cases.
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="moderated", db_index=False
    )
    action = models.CharField(max_length=8, choices=Action.choices)
    rule = models.CharField(_("rule"), max_length=16, choices=Rule.choices, blank=True)
    # Of a file, as people write them: "2, 4–6"; empty where no single pages were hidden.
    pages = models.TextField(_("pages"), blank=True, db_default="")
    statement = models.TextField(_("statement of reasons"))
    public_note = models.CharField(_("public note"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    # What was taken out of which row, so that it can be put back: see hiding.py.
    removed = models.JSONField(default=list, blank=True)
    reversed_at = models.DateTimeField(_("reversed at"), null=True, blank=True)
    # Taken back without an appeal: why, by whom, and what the author is told.
    lifted_for = models.CharField(
        _("why it was taken back"), max_length=16, choices=LiftReason.choices, blank=True
    )
    lifted_statement = models.TextField(_("statement of reasons"), blank=True, db_default="")
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The submission and the earlier versions of it in which something was hidden.
    versions: ClassVar[Any] = models.ManyToManyField(
        Submission, related_name="moderated", blank=True
    )

    APPEAL_WITHIN: ClassVar[timedelta] = timedelta(days=183)

    class Meta:
        verbose_name = _("moderation decision")
        verbose_name_plural = _("moderation decisions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action="keep", rule="") | Q(rule__in=Rule.values),
                name="decision_that_hides_names_its_rule",
            ),
            models.CheckConstraint(
                condition=Q(action__in=["keep", "redact", "pages", "hide"]),
                name="decision_action_is_known",
            ),
            models.CheckConstraint(
                condition=Q(lifted_for="")
                | Q(lifted_for__in=LiftReason.values, reversed_at__isnull=False)
                & ~Q(lifted_statement=""),
                name="lifted_decision_says_why",
            ),
        ]
        indexes = [
            # Of all actions: SQLite uses no partial index where values are bound.
            models.Index(fields=["consultation", "-id"], name="decision_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.action}"

    @property
    def stands(self) -> bool:
        """Return whether it hides something now."""
        return self.action in self.HIDING and self.reversed_at is None

    @property
    def appeal_until(self) -> datetime:
        return self.decided_at + self.APPEAL_WITHIN

    @property
    def takes_appeals(self) -> bool:
        """Return whether its author could still appeal, unless that was done."""
        return self.stands and timezone.now() <= self.appeal_until


class Appeal(models.Model):
    """An author asks that somebody else looks again."""

    class Outcome(models.TextChoices):
        """What the second moderator found."""

        UPHELD = "upheld", _("The decision stands")
        REVERSED = "reversed", _("The words are back")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(_("why it should be looked at again"))
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said_at = models.DateTimeField(_("said at"), default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    statement = models.TextField(_("statement of reasons"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(statement="") & Q(decided_at__isnull=False),
                name="decided_appeal_has_statement_and_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} · {self.outcome or 'open'}"
