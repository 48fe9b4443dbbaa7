"""Official responses: what a host decided on points and answers, why, and what changed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Provision, Question
from apps.submissions.models import Answer, Point, Submission, Target


class OfficialResponseQuerySet(models.QuerySet["OfficialResponse"]):
    """Reads of responses; whoever may see a consultation may see how it was answered."""

    def visible_to(self, user: Any) -> "OfficialResponseQuerySet":
        return self.filter(consultation__in=Consultation.objects.visible_to(user))

    def with_parts(self, *, most: int) -> "OfficialResponseQuerySet":
        """Fetch the first parts each answers, as far as they stand, and the text it changed.

        Each is annotated with `part_count`, how many stand in all: one can answer ten thousand.
        """
        first = AnsweredPart.objects.standing().filter(number__lt=most).with_target()
        return self.with_count().prefetch_related(Prefetch("parts", first.order_by("number", "pk")))

    def with_parts_of(self, submission: Submission) -> "OfficialResponseQuerySet":
        """Fetch what each answers of one submission, and the text it changed."""
        own = AnsweredPart.objects.standing().filter(submission=submission).with_target()
        return self.with_count().prefetch_related(Prefetch("parts", own.order_by("number", "pk")))

    def with_count(self) -> "OfficialResponseQuerySet":
        """Fetch the text each changed, and `part_count` from the tallies."""
        tallies = ResponseTally.objects.filter(response=OuterRef("pk")).order_by()
        counted = tallies.values("response").annotate(n=Sum(F("parts") + F("letters"))).values("n")
        rows = self.select_related("change__version__document", "consultation")
        return rows.annotate(part_count=Coalesce(Subquery(counted), 0))


class OfficialResponse(models.Model):
    """One decision with its reason, on one point or answer or on many that say the same."""

    class Decision(models.TextChoices):
        """What the host does with what was said."""

        ACCEPTED = "accepted", _("Accepted")
        PARTLY = "partly", _("Accepted in part")
        REJECTED = "rejected", _("Rejected")
        OUT_OF_SCOPE = "scope", _("Out of scope")
        COVERED = "covered", _("Already covered")

    CHANGING: ClassVar[tuple[str, ...]] = (Decision.ACCEPTED, Decision.PARTLY)

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="official_responses"
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices)
    reason = models.TextField(_("reason"))
    # The provision, in the version that has the change; one taken out, in the last that had it.
    change = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_taken_out = models.BooleanField(default=False, db_default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = OfficialResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("official response")
        verbose_name_plural = _("official responses")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["accepted", "partly", "rejected", "scope", "covered"]),
                name="decision_is_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(change__isnull=True) | Q(decision__in=["accepted", "partly"]),
                name="only_what_is_accepted_changes_the_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} · {self.consultation_id}"

    @property
    def change_url(self) -> str:
        """Return where the change stands in the comparison, "" where no text changed."""
        if self.change is None:
            return ""
        version = self.change.version
        place = reverse(
            "consultations:changes", args=[self.consultation.slug, version.document.slug]
        )
        new = version.number + self.is_taken_out
        # What was answered while there was one version only has nothing to be compared with.
        old = max(new - 1, 1)
        return f"{place}?from={old}&to={new}#provision-{self.change.key}"


class AnsweredPartQuerySet(models.QuerySet["AnsweredPart"]):
    """Reads of what was answered."""

    def standing(self) -> "AnsweredPartQuerySet":
        """Return those whose response was not replaced by a later one."""
        return self.filter(is_current=True)

    def deciding(self) -> "AnsweredPartQuerySet":
        """Return those that answer what they are about; the rest answers the letter in it alone."""
        return self.standing().filter(is_of_letter=False)

    def with_target(self) -> "AnsweredPartQuerySet":
        """Fetch what each is about; `is_beside` tells whether the letter in it is answered apart.

        One of the two is empty, and nothing is equal to what is empty.
        """
        letter = AnsweredPart.objects.standing().filter(is_of_letter=True)
        on_point = Exists(letter.filter(point=OuterRef("point")))
        on_answer = Exists(letter.filter(answer=OuterRef("answer")))
        rows = self.annotate(is_beside=on_point | on_answer)
        return rows.select_related(
            "submission__consultation",
            "submission__registered_campaign",
            "point__provision__version__document",
            "answer__question",
        ).defer("submission__registered_campaign__text")

    def decision_on(self, field: str) -> Subquery:
        """Return an expression: the decision that stands on a point or an answer."""
        here = self.deciding().filter(**{field: OuterRef("pk")})
        return Subquery(here.values("response__decision")[:1])

    def decision_on_letter(self, field: str) -> Subquery:
        """Return an expression: the decision on the letter alone, own words beside it left open."""
        here = self.standing().filter(is_of_letter=True, **{field: OuterRef("pk")})
        return Subquery(here.values("response__decision")[:1])


class AnsweredPart(models.Model):
    """A point or an answer of a submission that a response is about."""

    response = models.ForeignKey(OfficialResponse, on_delete=models.CASCADE, related_name="parts")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="official_parts"
    )
    point = models.ForeignKey(
        Point, on_delete=models.PROTECT, null=True, blank=True, related_name="official_parts"
    )
    answer = models.ForeignKey(
        Answer, on_delete=models.PROTECT, null=True, blank=True, related_name="official_parts"
    )
    # Its place among what the response answers: a page shows the first of many.
    number = models.PositiveIntegerField(default=0, db_default=0)
    # It answers the letter that several sent, not the sentences of the sender's own beside it.
    is_of_letter = models.BooleanField(default=False, db_default=False)
    # False once the host answered the same thing anew; the earlier response stays on record.
    is_current = models.BooleanField(default=True)

    objects = AnsweredPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part answered officially")
        verbose_name_plural = _("parts answered officially")
        constraints = [
            models.CheckConstraint(
                condition=Q(point__isnull=False, answer__isnull=True)
                | Q(point__isnull=True, answer__isnull=False),
                name="response_answers_a_point_or_an_answer",
            ),
            # Without the empty places: counted among the rest, SQLite takes the index for useless.
            models.UniqueConstraint(
                fields=["point", "is_of_letter"],
                condition=Q(is_current=True, point__isnull=False),
                name="one_response_stands_per_point",
            ),
            models.UniqueConstraint(
                fields=["answer", "is_of_letter"],
                condition=Q(is_current=True, answer__isnull=False),
                name="one_response_stands_per_answer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["response", "number", "id"],
                condition=Q(is_current=True),
                name="part_of_response",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.target.part}"

    @property
    def target(self) -> Target:
        return Target(self.submission, self.point, self.answer)

    @property
    def aspect(self) -> str:
        """Return "letter" or "own" where the two are answered apart, "" where it is all of it."""
        if self.is_of_letter:
            return "letter"
        return "own" if getattr(self, "is_beside", False) else ""

    @property
    def senders(self) -> int:
        """Return how many sent the letter it stands in, 1 where it is nobody's campaign."""
        return senders_of(self.submission)


def senders_of(submission: Submission) -> int:
    """Return how many sent a letter, 1 where it is no campaign's; from what was fetched."""
    campaign = getattr(submission, "registered_campaign", None)
    signers = campaign.people + campaign.organisations if campaign else 0
    return int(max(submission.weight, signers))


class ResponseTally(models.Model):
    """How many parts of a group, on one provision or question, a response stands on.

    letters  how many more where it answers the letter alone, and own sentences beside it are open

    Kept in the transaction that gives or replaces a response, and that withdraws what it answers.
    """

    response = models.ForeignKey(
        OfficialResponse, on_delete=models.CASCADE, related_name="tallies", db_index=False
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    group = models.CharField(max_length=16, choices=StakeholderGroup.choices)
    parts = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("tally of a response")
        verbose_name_plural = _("tallies of responses")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "provision", "group"],
                condition=Q(question__isnull=True),
                name="tally_of_response_on_provision_is_unique",
            ),
            models.UniqueConstraint(
                fields=["response", "question", "group"],
                condition=Q(provision__isnull=True),
                name="tally_of_response_to_question_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(provision__isnull=False, question__isnull=True)
                | Q(provision__isnull=True, question__isnull=False),
                name="tally_is_of_a_provision_or_a_question",
            ),
        ]
        indexes = [models.Index(fields=["response"], name="tallies_of_response")]

    def __str__(self) -> str:
        return f"{self.response_id} {self.group}: {self.parts}"
