"""Organisations, which speak through their members."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts import names
from apps.accounts.groups import StakeholderGroup
from apps.accounts.models.letters import Letter
from apps.accounts.models.people import User
from apps.accounts.registers import Register
from apps.core.regions import Region, countries_in

SOON_SENT = timedelta(minutes=2)  # a mail server that works takes a mail within seconds


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations."""

    def with_member(self, user: Any) -> "OrganisationQuerySet":
        """Return the organisations a person may draft for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user).distinct()

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Return the organisations on the public list, and those a person belongs to."""
        public = models.Q(state=Organisation.State.LISTED)
        if not user.is_authenticated:
            return self.filter(public)
        own = Membership.objects.filter(user=user).values("organisation")
        return self.filter(public | models.Q(pk__in=own))

    def with_submitter(self, user: Any) -> "OrganisationQuerySet":
        """Return the listed organisations a person may submit and sign for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            state=Organisation.State.LISTED,
            memberships__user=user,
            memberships__role__in=Membership.SUBMITTING,
        )

    def with_signatory(self, user: Any) -> "OrganisationQuerySet":
        """Return the organisations a person is signatory of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__role=Membership.Role.SIGNATORY)

    def listed(self) -> "OrganisationQuerySet":
        """Return those whose names stand on the public list."""
        return self.filter(state=Organisation.State.LISTED)

    def named_like(self, words: str) -> "OrganisationQuerySet":
        """Return the organisations whose name holds these words, in any case."""
        return self.filter(name__icontains=words.strip()) if "\0" not in words else self.none()

    def sought(
        self, *, words: str = "", group: str = "", region: str = ""
    ) -> "OrganisationQuerySet":
        """Return those on the public list by words of the name, by group and by region.

        What is no group and no region narrows nothing.
        """
        found = self.listed()
        if words:
            found = found.named_like(words)
        if group in StakeholderGroup.values:
            found = found.filter(group=group)
        if region in Region.values:
            found = found.filter(country__in=countries_in(region))
        return found

    def called(self, slug: str) -> "Organisation | None":
        """Return the one with a slug, or the one that a duplicate so called is part of now."""
        return self.filter(slug=slug).first() or self.filter(merged__slug=slug).first()

    def now_called(self, slug: str) -> str:
        """Return the slug of the organisation that one was merged into, or the same."""
        return self.filter(merged__slug=slug).values_list("slug", flat=True).first() or slug

    def held(self) -> "OrganisationQuerySet":
        """Return those whose names, or new names, wait for a person, the oldest first."""
        waits = models.Q(state=Organisation.State.HELD) | ~models.Q(asked_name="")
        return self.filter(waits).select_related("resembles").order_by("created_at", "id")

    def that_looks_like(self, name: str) -> "Organisation | None":
        """Return an organisation whose name one could take for this one, None where none is."""
        shape = names.skeleton(name)
        taken = self.exclude(state=Organisation.State.REFUSED)
        if found := taken.filter(skeleton=shape).order_by("id").first():
            return found
        for pk, other in taken.values_list("pk", "skeleton").iterator():
            if names.are_alike(shape, other):
                return self.get(pk=pk)
        return None


class Organisation(models.Model):
    """Who speaks when it is not a private person."""

    class State(models.TextChoices):
        """Whether its name stands on the public list; only then it can submit."""

        LISTED = "listed", _("Listed")
        HELD = "held", _("Its name is being looked at")
        REFUSED = "refused", _("Name refused")
        MERGED = "merged", _("Merged into another")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    group = models.CharField(
        _("stakeholder group"), max_length=16, choices=StakeholderGroup.choices
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.LISTED)
    # What its name looks like; see names.py.
    skeleton = models.CharField(max_length=400, blank=True, db_index=True, editable=False)
    resembles = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    # Until when one of its verifications holds; empty where none ever did.
    verified_until = models.DateTimeField(null=True, blank=True, editable=False)
    # What it wants to be called instead, while a person looks at that name; else empty.
    asked_name = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    # Of a duplicate: where its members, drafts and words are now. Its row keeps its name taken.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    # What staff decided about its name, in words for its members.
    decision = models.TextField(_("why its name was held or refused"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    requires_sign_off = models.BooleanField(
        _("asks for a sign-off"), default=False, db_default=False
    )
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organisation_name_is_unique_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(group__in=StakeholderGroup.values),
                name="organisation_group_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="only_a_merged_organisation_is_part_of_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the name looks like beside the name, whoever writes it."""
        self.skeleton = names.skeleton(self.name)
        super().save(*args, **kwargs)

    @property
    def name_to_decide(self) -> str:
        """Return the name that staff looks at."""
        return self.asked_name or self.name

    @property
    def unusual_characters(self) -> list[str]:
        return names.unusual_characters(self.name_to_decide)

    @property
    def is_verified(self) -> bool:
        return self.verified_until is not None and self.verified_until > timezone.now()

    @property
    def is_listed(self) -> bool:
        return self.state == self.State.LISTED

    def holders(self, *roles: str) -> models.QuerySet[User]:
        """Return the active people who hold one of the roles."""
        held = models.Q(memberships__organisation=self, memberships__role__in=roles)
        return User.objects.filter(held, is_active=True).order_by("pk")


class RegisterNumber(models.Model):
    """The number an organisation says it has in a public register."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="numbers")
    register = models.CharField(max_length=8, choices=Register.choices)
    # Of the register, where each country has its own.
    country = models.CharField(max_length=2, blank=True)
    number = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("register number")
        verbose_name_plural = _("register numbers")
        ordering = ["register"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "country", "number"], name="register_number_names_one"
            ),
            models.UniqueConstraint(
                fields=["organisation", "register"], name="one_number_per_register"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_register_display()} {self.number}"


class Membership(models.Model):
    """What a person may do for an organisation."""

    class Role(models.TextChoices):
        """Each role includes the ones before it."""

        DRAFTER = "drafter", _("Drafter")
        SUBMITTER = "submitter", _("Submitter")
        SIGNATORY = "signatory", _("Signatory")

    SUBMITTING: ClassVar[tuple[str, ...]] = (Role.SUBMITTER, Role.SIGNATORY)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.DRAFTER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_membership_per_person_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.role})"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def with_delivery(self) -> "InvitationQuerySet":
        """Say of each whether no mail server took its mail, though there was time enough."""
        waiting = Letter.objects.filter(
            address=models.OuterRef("email"),
            template=Invitation.MAIL,
            created_at__lt=timezone.now() - SOON_SENT,
        )
        return self.annotate(is_undelivered=models.Exists(waiting))


class Invitation(models.Model):
    """A seat offered to whoever reads the mail of an address; gone once taken, refused or old."""

    MAIL: ClassVar[str] = "accounts/mail/invitation"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=16, choices=Membership.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"], name="one_invitation_per_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()
