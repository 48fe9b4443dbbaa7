"""Replies to what others said, and how many there are; threads are one level deep."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.submissions.models.content import Answer, Point, all_hidden
from apps.submissions.models.submission import Submission

REPLY_EXCERPT = 600  # characters of a reply among others
# How what a reply answers is named inside its submission, as citations do.
PART = re.compile(r"point:(\d{1,5})|answer:([-\w]{1,80})(?:#(\d{1,5}))?", re.ASCII)


@dataclass(frozen=True)
class Target:
    """What a reply answers: a point of a submission, or the answer to a question."""

    submission: Submission
    point: Point | None = None
    answer: Answer | None = None

    @property
    def part(self) -> str:
        """Name it inside its submission: "point:2" or "answer:why"."""
        return self.point.name if self.point else self.answer.part if self.answer else ""

    @property
    def url(self) -> str:
        """Where it can be read."""
        place = f"point-{self.point.number}" if self.point else ""
        place = f"answer-{self.answer.pk}" if self.answer else place
        return f"{self.submission.get_absolute_url()}#{place}"

    @property
    def about(self) -> str:
        """The provision or the question it is about."""
        return str(self.point.provision if self.point else self.answer and self.answer.question)

    @property
    def stance(self) -> str:
        said = self.point or self.answer
        return said.stance if said and not self.is_withdrawn else ""

    @property
    def words(self) -> str:
        """What was said there; nothing where its author withdrew it."""
        if self.is_withdrawn:
            return ""
        if self.point:
            texts = [text for _field, text in self.point.texts()]
            return next((text for text in texts if not all_hidden([text])), "".join(texts[:1]))
        return self.answer.text if self.answer else ""

    @property
    def is_hidden(self) -> bool:
        """Return whether the public reads none of its words."""
        said = self.point or self.answer
        return bool(said and said.is_hidden)

    @property
    def is_withdrawn(self) -> bool:
        return self.submission.state == Submission.State.WITHDRAWN

    @property
    def is_replaced(self) -> bool:
        return self.submission.state == Submission.State.SUPERSEDED


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Reads of replies; whoever may see a consultation may see the replies that stand in it."""

    def visible_to(self, user: Any) -> "ReplyQuerySet":
        """Return the replies of submissions that are filed, neither withdrawn nor replaced."""
        visible = Consultation.objects.visible_to(user)
        return self.filter(
            submission__state=Submission.State.SUBMITTED, submission__consultation__in=visible
        )

    def of(self, consultation: Consultation) -> "ReplyQuerySet":
        return self.filter(submission__consultation=consultation)

    def to_part(self, part: str) -> "ReplyQuerySet":
        """Return the replies to points or answers of this name, none for what names nothing."""
        found = PART.fullmatch(part)
        if not found:
            return self.none()
        if found[1]:
            return self.filter(point__number=int(found[1]))
        return self.filter(answer__question__key=found[2], answer__number=int(found[3] or 1))

    def counted(self) -> "models.QuerySet[Reply, Any]":
        """Return how many there are of each kind by each group, as rows."""
        by_group = self.annotate(group=F("submission__group")).values("group", "kind")
        return by_group.annotate(replies=Count("pk")).order_by("group", "kind")

    def with_both_sides(self) -> "ReplyQuerySet":
        """Fetch who replies with which sources, and what they answer."""
        return self.select_related(
            "submission__consultation",
            "submission__organisation",
            "answered__consultation",
            "point__provision__version__document",
            "answer__question",
        ).prefetch_related("evidence")

    def in_brief(self) -> "ReplyQuerySet":
        """Fetch who replies, with which sources and how each `beginning`; long texts stay there."""
        rows = self.select_related("submission__consultation").prefetch_related("evidence")
        return rows.annotate(beginning=Left("text", REPLY_EXCERPT + 1)).defer("text")


class Reply(models.Model):
    """What a submission of a reply phase says to one point or answer of another submission."""

    class Kind(models.TextChoices):
        """What a reply does to what it answers."""

        REBUTTAL = "rebuttal", _("Rebuttal")
        SUPPORT = "support", _("Support")
        EVIDENCE = "evidence", _("Evidence")
        QUESTION = "question", _("Question")

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="replies", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    # As filed: what is answered stays where it is when its author withdraws or replaces it.
    answered = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="replies_to_it", db_index=False
    )
    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    answer = models.ForeignKey(
        Answer, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, blank=True)
    text = models.TextField(_("text"), blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="reply_number_is_unique"),
            models.UniqueConstraint(
                fields=["submission", "point", "kind"], name="point_is_answered_once_a_kind"
            ),
            models.UniqueConstraint(
                fields=["submission", "answer", "kind"], name="answer_is_answered_once_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(point__isnull=False, answer__isnull=True)
                | Q(point__isnull=True, answer__isnull=False),
                name="reply_answers_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(kind__in=["rebuttal", "support", "evidence", "question"]),
                name="reply_kind_is_known",
            ),
        ]
        indexes = [models.Index(fields=["answered", "id"], name="reply_to_submission")]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number}"

    def get_absolute_url(self) -> str:
        return f"{self.submission.get_absolute_url()}#reply-{self.number}"

    @property
    def name_as_part(self) -> str:
        """Name this reply inside its submission, as citations do."""
        return f"reply:{self.number}"

    @property
    def target(self) -> Target:
        return Target(self.answered, self.point, self.answer)


class ReplyTally(models.Model):
    """How many replies of a kind a group made; kept by the services that file and withdraw."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="reply_tallies", db_index=False
    )
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    kind = models.CharField(max_length=8, choices=Reply.Kind.choices)
    replies = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tally of replies")
        verbose_name_plural = _("tallies of replies")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "group", "kind"], name="reply_tally_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.kind}: {self.replies}"
