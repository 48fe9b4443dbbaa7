"""Endpoints of organisations: registered, read, their members, invitations and verifications."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Invitation, Membership, Organisation, RegisterNumber, Verification
from apps.accounts.registers import Register
from apps.accounts.services import (
    OrganisationInput,
    accept_invitation,
    ask_by_domain,
    ask_by_email,
    ask_by_register,
    change_details,
    change_role,
    decline_invitation,
    invite,
    look_now,
    register,
    remove_member,
    withdraw_invitation,
)
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly


class BadgeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Verification
        fields = ["method", "subject", "checked_at", "expires_at"]


class OrganisationSerializer(serializers.ModelSerializer):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    state = serializers.ChoiceField(
        choices=Organisation.State.choices, help_text="Only a listed one can submit."
    )
    badges = BadgeSerializer(many=True, source="standing", help_text="What was checked, and when.")
    url = serializers.SerializerMethodField(help_text="Its page for people.")

    class Meta:
        model = Organisation
        fields = ["slug", "name", "group", "country", "website", "state", "badges", "url"]

    def get_url(self, organisation: Organisation) -> str:
        page = reverse("submissions:organisation", args=[organisation.slug])
        return f"{self.context['view'].root}{page}"


class NumberSerializer(serializers.ModelSerializer):
    register = serializers.ChoiceField(choices=Register.choices)

    class Meta:
        model = RegisterNumber
        fields = ["register", "country", "number"]


class DetailsSerializer(OrganisationSerializer):
    numbers = NumberSerializer(many=True)

    class Meta(OrganisationSerializer.Meta):
        fields = [*OrganisationSerializer.Meta.fields, "asked_name", "numbers"]


class OrganisationInputSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=400)
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    country = serializers.CharField(
        max_length=60, allow_blank=True, default="", help_text="Its code or its English name."
    )
    website = serializers.CharField(max_length=400, allow_blank=True, default="")
    numbers: Any = serializers.DictField(
        child=serializers.CharField(max_length=60, allow_blank=True),
        default=dict,
        help_text=f"Register numbers by register: {', '.join(Register.values)}.",
    )


class MemberSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="user.__str__", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "name", "role"]


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Membership.Role.choices)


class SeatOfferSerializer(serializers.ModelSerializer):
    role = serializers.ChoiceField(choices=Membership.Role.choices)
    is_undelivered = serializers.BooleanField(
        read_only=True, default=False, help_text="No mail server has taken its mail so far."
    )

    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "expires_at", "is_undelivered"]
        read_only_fields = ["id", "expires_at"]


class VerificationSerializer(serializers.ModelSerializer):
    method = serializers.ChoiceField(choices=Verification.Method.choices)
    token = serializers.SerializerMethodField(
        help_text="What is to stand in the record or the file; null for other ways."
    )

    class Meta:
        model = Verification
        fields = [
            *("id", "method", "state", "subject", "token", "problem"),
            *("requested_at", "checked_at", "expires_at"),
        ]

    def get_token(self, asked: Verification) -> str | None:
        in_domain = (Verification.Method.DNS, Verification.Method.FILE)
        return asked.token if asked.method in in_domain else None


class AskSerializer(serializers.Serializer[Any]):
    method = serializers.ChoiceField(choices=Verification.Method.choices)
    address = serializers.CharField(
        max_length=254, default="", allow_blank=True, help_text="Of the domain, for `email`."
    )
    register = serializers.ChoiceField(
        choices=Register.choices, allow_null=True, default=None, help_text="For `register`."
    )


def shown(organisations: QuerySet[Organisation], slug: str) -> Organisation:
    """Return one of them with its badges; raise Http404 where there is none so named."""
    organisation = get_object_or_404(organisations, slug=slug)
    badges = organisation.verifications.standing().order_by("method")
    organisation.standing = badges  # type: ignore[attr-defined]
    return organisation


@extend_schema(tags=["organisations"])
class Organisations(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = OrganisationSerializer

    @extend_schema(
        operation_id="organisations_register",
        request=OrganisationInputSerializer,
        responses={201: OrganisationSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "A civil-society body",
                {
                    "name": "Neighbourhood Forum",
                    "group": "civil",
                    "country": "KE",
                    "website": "https://forum.example.org",
                    "numbers": {"charity": "12345"},
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Register an organisation; you become its first signatory.

        A name that looks like another is `held` until staff has looked at it.
        """
        return once(request, lambda: self._register(request))

    def _register(self, request: Request) -> Response:
        asked = OrganisationInputSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = register(OrganisationInput(**asked.validated_data), by=request.user)
        own = Organisation.objects.with_member(request.user)
        return Response(self.get_serializer(shown(own, made.slug)).data, status=201)


@extend_schema(tags=["organisations"])
class OneOrganisation(Endpoint):
    permission_classes = [ReadOnly | IsAuthenticated]
    serializer_class = OrganisationSerializer

    @extend_schema(operation_id="organisations_retrieve")
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Return an organisation with what was checked of it; one that was merged leads on."""
        visible = Organisation.objects.visible_to(request.user)
        if not visible.filter(slug=slug).exists():
            whole = get_object_or_404(Organisation, merged__slug=slug).slug
            return redirect("api:organisation", whole, permanent=True)
        return Response(self.get_serializer(shown(visible, slug)).data)

    @extend_schema(
        operation_id="organisations_change",
        request=OrganisationInputSerializer,
        responses=DetailsSerializer,
    )
    def put(self, request: Request, slug: str) -> Response:
        """Change what your organisation says of itself, as a signatory; give every part anew.

        A new name that looks like another waits as `asked_name`. What was checked ends where it was
        checked of something that is different now.
        """
        own = Organisation.objects.with_member(request.user)
        asked = OrganisationInputSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        details = OrganisationInput(**asked.validated_data)
        changed = change_details(get_object_or_404(own, slug=slug), details, by=request.user)
        answer = DetailsSerializer(shown(own, changed.slug), context=self.get_serializer_context())
        return Response(answer.data)


class _Own(Endpoint):
    """An address of an organisation that only its members know."""

    permission_classes = [IsAuthenticated]

    def own(self, slug: str) -> Organisation:
        own = Organisation.objects.with_member(self.request.user).called(slug)
        if own is None:
            raise Http404
        return own

    def created(self, request: Request, make: Callable[[dict[str, Any]], Any]) -> HttpResponse:
        """Make something of a valid request, once per key, and return it with 201."""

        def effect() -> Response:
            asked = self.asked(request)
            return Response(self.get_serializer(make(asked)).data, status=201)

        return once(request, effect)

    def asked(self, request: Request) -> dict[str, Any]:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)


@extend_schema(tags=["organisations"])
class Members(_Own):
    serializer_class = MemberSerializer

    @extend_schema(operation_id="members_list", responses=MemberSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List who belongs to your organisation, with their roles."""
        seats = self.own(slug).memberships.select_related("user").order_by("created_at", "id")
        return Response(self.get_serializer(seats, many=True).data)


@extend_schema(tags=["organisations"])
class Member(_Own):
    serializer_class = MemberSerializer

    @extend_schema(operation_id="members_change", request=RoleSerializer)
    def put(self, request: Request, slug: str, pk: int) -> Response:
        """Give a member another role, as a signatory; the last signatory stays one."""
        seat = get_object_or_404(self.own(slug).memberships, pk=pk)
        asked = RoleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(
            self.get_serializer(change_role(seat, by=request.user, **asked.validated_data)).data
        )

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Remove a member, or leave the organisation; what was filed stays."""
        remove_member(get_object_or_404(self.own(slug).memberships, pk=pk), by=request.user)
        return Response(status=204)


@extend_schema(tags=["organisations"])
class Invitations(_Own):
    serializer_class = SeatOfferSerializer

    @extend_schema(operation_id="invitations_list", responses=SeatOfferSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the seats that were offered and not taken yet."""
        offers = self.own(slug).invitations.with_delivery()
        return Response(self.get_serializer(offers, many=True).data)

    @extend_schema(
        operation_id="invitations_send",
        responses={201: SeatOfferSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample("A drafter", {"email": "ama@example.org", "role": "drafter"}),
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Offer a seat by mail, as a signatory; a second offer replaces the first."""
        organisation = self.own(slug)
        return self.created(request, lambda asked: invite(organisation, by=request.user, **asked))


@extend_schema(tags=["organisations"])
class OneInvitation(_Own):
    serializer_class = SeatOfferSerializer

    @extend_schema(operation_id="invitations_take_back", responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Take an offer back: the link of its mail opens nothing any more."""
        withdraw_invitation(get_object_or_404(self.own(slug).invitations, pk=pk), by=request.user)
        return Response(status=204)


@extend_schema(tags=["organisations"])
class Seat(Endpoint):
    serializer_class = MemberSerializer

    def get_permissions(self) -> list[BasePermission]:
        # Who gets a mail by mistake must be able to say no without an account.
        return [] if self.request.method == "DELETE" else [IsAuthenticated()]

    @extend_schema(operation_id="invitations_accept", request=None, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, token: str) -> HttpResponse:
        """Take the seat a mail offers; only whoever has confirmed the address it was sent to."""
        return once(request, lambda: self._accept(request, token))

    def _accept(self, request: Request, token: str) -> Response:
        person: Any = request.user
        return Response(self.get_serializer(accept_invitation(token, by=person)).data)

    @extend_schema(operation_id="invitations_decline", responses={204: None})
    def delete(self, request: Request, token: str) -> Response:
        """Say no to a seat."""
        del request
        decline_invitation(token)
        return Response(status=204)


@extend_schema(tags=["organisations"])
class Verifications(_Own):
    serializer_class = VerificationSerializer

    @extend_schema(operation_id="verifications_list", responses=VerificationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List what was checked of your organisation, or is being checked, newest first."""
        checks = self.own(slug).verifications.all()[:50]
        return Response(self.get_serializer(checks, many=True).data)

    @extend_schema(
        operation_id="verifications_ask",
        request=AskSerializer,
        responses={201: VerificationSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample("A record in the domain name", {"method": "dns"}, request_only=True),
            OpenApiExample(
                "A mail to the domain",
                {"method": "email", "address": "office@forum.example.org"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Ask for a check, as a signatory; each way says in its answer what to do next."""
        return once(request, lambda: self._ask(request, slug))

    def _ask(self, request: Request, slug: str) -> Response:
        organisation = self.own(slug)
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        method, data = asked.validated_data["method"], asked.validated_data
        if method == Verification.Method.EMAIL:
            made = ask_by_email(organisation, data["address"], by=request.user)
        elif method == Verification.Method.REGISTER:
            number = get_object_or_404(organisation.numbers, register=data["register"])
            made = ask_by_register(organisation, number, by=request.user)
        else:
            made = ask_by_domain(organisation, method, by=request.user)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=["organisations"])
class Look(_Own):
    serializer_class = VerificationSerializer

    @extend_schema(operation_id="verifications_look", request=None, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, slug: str, pk: int) -> HttpResponse:
        """Let a job look for the record or the file now."""
        return once(request, lambda: self._look(request, slug, pk))

    def _look(self, request: Request, slug: str, pk: int) -> Response:
        asked = get_object_or_404(self.own(slug).verifications, pk=pk)
        look_now(asked, by=request.user)
        return Response(self.get_serializer(asked).data)
