"""What a submission holds: answers, points, evidence, and the passages read from them."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Choice, Provision, Question, Stance
from apps.submissions.models.confiding import HIDDEN
from apps.submissions.models.submission import Submission

LONGEST_CITATION = 600  # characters


def answer_part(question_key: str, number: int) -> str:
    """Name the n-th text of a submission to a question, as citations do."""
    return f"answer:{question_key}" + (f"#{number}" if number > 1 else "")


def all_hidden(texts: Sequence[str]) -> bool:
    """Return whether there are words, and blocks stand in place of all of them."""
    said = "".join(texts)
    return HIDDEN in said and not said.replace(HIDDEN, "").strip()


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
    def is_hidden(self) -> bool:
        """Return whether the public reads none of its words."""
        return all_hidden([self.text])

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
        indexes = [models.Index(fields=["provision", "stance"], name="point_of_a_stance")]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number}"

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the filled-in text fields as (field, text)."""
        for field in self.TEXT_FIELDS:
            if text := getattr(self, field):
                yield field, text

    @property
    def is_hidden(self) -> bool:
        """Return whether the public reads none of its words."""
        return all_hidden([text for _field, text in self.texts()])

    @property
    def name(self) -> str:
        """Name this point inside its submission, as replies do."""
        return f"point:{self.number}"

    def part(self, field: str) -> str:
        """Name one text of this point inside its submission, as citations do."""
        return f"{self.name}:{field}"


class EvidenceLink(models.Model):
    """A source named for a point or in a reply."""

    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    # Named, not imported: replies answer points, so their module stands above this one.
    reply = models.ForeignKey(
        "submissions.Reply",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evidence",
    )
    # A book or a judgment has none: then the title cites it.
    url = models.URLField(_("address"), max_length=1000, blank=True)
    title = models.CharField(_("title"), max_length=LONGEST_CITATION, blank=True)

    class Meta:
        verbose_name = _("evidence link")
        verbose_name_plural = _("evidence links")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "url"], condition=~Q(url=""), name="evidence_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["reply", "url"],
                condition=~Q(url=""),
                name="evidence_of_reply_is_named_once",
            ),
            models.CheckConstraint(
                condition=Q(point__isnull=False, reply__isnull=True)
                | Q(point__isnull=True, reply__isnull=False),
                name="evidence_is_named_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="http://")
                | Q(url__startswith="https://")
                | (Q(url="") & ~Q(title="")),
                name="evidence_is_on_the_web_or_cited",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def is_hidden(self) -> bool:
        """Return whether moderators hid it: it goes as a whole."""
        return not self.url and not self.title.strip(HIDDEN)


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
    # Named, not imported: files belong to points, so their module stands above this one.
    page = models.ForeignKey(
        "submissions.AttachmentPage",
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
                condition=Q(answer__isnull=False, point__isnull=True, page__isnull=True, field="")
                | Q(answer__isnull=True, point__isnull=True, page__isnull=False, field="")
                | (Q(answer__isnull=True, point__isnull=False, page__isnull=True) & ~Q(field="")),
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
            models.UniqueConstraint(
                fields=["page", "start"],
                condition=Q(page__isnull=False),
                name="passage_of_page_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"
