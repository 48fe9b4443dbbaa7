"""A draft written together: comments, the sign-off of its organisation, others that join."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Consultation
from apps.submissions.models.submission import Submission


class DraftCommentQuerySet(models.QuerySet["DraftComment"]):
    """Reads of comments; only who may draft sees them."""

    def visible_to(self, user: Any) -> "DraftCommentQuerySet":
        return self.filter(draft__in=Submission.objects.drafts_of(user))

    def unresolved(self) -> "DraftCommentQuerySet":
        return self.filter(resolved_at__isnull=True)

    def in_order(self) -> "DraftCommentQuerySet":
        return self.select_related("author", "resolved_by").order_by("id")


class DraftComment(models.Model):
    """What a colleague says about one place of a draft; gone once it is filed or discarded."""

    draft = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    # Key of a step, see steps.py; empty for the whole response.
    place = models.CharField(max_length=140, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(_("comment"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = DraftCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a draft")
        verbose_name_plural = _("comments on drafts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.draft_id}, {self.place or 'whole'}"


class SignOff(models.Model):
    """That a signatory was asked to sign a draft off, and signed exactly what it held then."""

    draft = models.OneToOneField(
        Submission, on_delete=models.CASCADE, primary_key=True, related_name="sign_off"
    )
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    # SHA-256 over what was signed, see services/sealing.py.
    seal = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, seal="")
                | (Q(signed_at__isnull=False) & ~Q(seal="")),
                name="sign_off_has_a_seal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}"

    @property
    def stands(self) -> bool:
        """Return whether it was given and no edit came after it."""
        return self.signed_at is not None and self.voided_at is None


class JointPartyQuerySet(models.QuerySet["JointParty"]):
    """Reads of parties; who was asked and did not join is nobody else's business."""

    def on_record(self) -> "JointPartyQuerySet":
        """Return those the public sees: who signed, and who left afterwards."""
        return self.filter(state__in=JointParty.PUBLIC).order_by("name", "pk")

    def joined(self) -> "JointPartyQuerySet":
        return self.filter(state=JointParty.State.JOINED)

    def left_out(self) -> "JointPartyQuerySet":
        return self.filter(state=JointParty.State.LEFT_OUT)

    def answerable_by(self, user: Any) -> "JointPartyQuerySet":
        """Return the invitations a person may answer for an organisation."""
        ours = Organisation.objects.with_submitter(user)
        visible = Consultation.objects.visible_to(user)
        return self.filter(organisation__in=ours, submission__consultation__in=visible)

    def with_both_sides(self) -> "JointPartyQuerySet":
        """Fetch who is invited, by whom and to what."""
        related = ("organisation", "submission__organisation", "submission__consultation")
        return self.select_related(*related)


class JointParty(models.Model):
    """An organisation invited to join the draft of another, and what became of it."""

    class State(models.TextChoices):
        """How far it is; only who joined is ever named in public."""

        INVITED = "invited", _("Invited")
        JOINED = "joined", _("Signed")
        VOID = "void", _("Signed before a change: must sign again")
        DECLINED = "declined", _("Declined")
        LEFT_OUT = "left_out", _("Left out: had not signed")
        LEFT = "left", _("Left")

    PUBLIC: ClassVar[tuple[str, ...]] = (State.JOINED, State.LEFT)
    MOST: ClassVar[int] = 100

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="parties", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="joint_parties"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    invited_at = models.DateTimeField(_("invited at"), default=timezone.now)
    reservations = models.TextField(_("reservations"), blank=True)
    # Keys of the provisions they are about; none where they are about the whole.
    provisions = models.JSONField(default=list, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    # As filed; empty before.
    name = models.CharField(_("organisation"), max_length=200, blank=True)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices, blank=True
    )

    objects = JointPartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party of a joint submission")
        verbose_name_plural = _("parties of joint submissions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "organisation"], name="organisation_joins_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["joined", "left"])
                | (Q(signed_at__isnull=False) & ~Q(seal="")),
                name="joint_party_has_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_at__isnull=False),
                name="joint_party_that_left_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.submission_id} ({self.state})"

    @property
    def leading(self) -> str:
        """Return who leads what it was invited to: the name, or of one that withholds it the group.

        A later version can take the name off one that was filed with it.
        """
        submission = self.submission
        return submission.speaker or _("An organisation that withholds its name (%(group)s)") % {
            "group": submission.get_group_display()
        }

    @property
    def has_left(self) -> bool:
        """Return whether only the tombstone is left of it."""
        return self.state == self.State.LEFT
