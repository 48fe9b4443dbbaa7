"""Endpoints of joint submissions: parties of a draft, invitations and their answers."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Organisation
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.submissions.api.serializers import DraftSerializer
from apps.submissions.api.signing import SealSerializer, own_draft
from apps.submissions.api.views import whole
from apps.submissions.models import JointParty, Submission
from apps.submissions.services import (
    ReservationInput,
    decline,
    invite,
    join,
    leave,
    seal_of,
    take_back_invitation,
)

FACTS = ("state", "invited_at", "reservations", "provisions", "signed_at", "left_at")


class InvitedSerializer(serializers.ModelSerializer[JointParty]):
    """An organisation that was invited to a draft."""

    organisation = serializers.SlugField(source="organisation.slug")
    name = serializers.CharField(source="organisation.name")
    group = serializers.CharField(source="organisation.group")
    provisions = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = JointParty
        fields = ("organisation", "name", "group", *FACTS)
        read_only_fields = fields


class InvitingSerializer(serializers.Serializer[Any]):
    """Whom to invite."""

    organisation = serializers.SlugField(max_length=80)


class InvitationRowSerializer(serializers.ModelSerializer[JointParty]):
    """What an organisation was invited to; `submission` is its tracking number once filed."""

    organisation = serializers.SlugField(source="organisation.slug")
    consultation = serializers.SlugField(source="submission.consultation.slug")
    leading = serializers.CharField(help_text="Its name, or the group of one that withholds it.")
    submission = serializers.CharField(source="submission.reference", allow_null=True)
    provisions = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = JointParty
        fields: Any = ("id", "organisation", "consultation", "leading", "submission", *FACTS)
        read_only_fields = fields


class InvitationSerializer(InvitationRowSerializer):
    """An invitation with the draft to read, and the seal to sign; both null once filed."""

    draft = serializers.SerializerMethodField()
    seal = serializers.SerializerMethodField()

    class Meta(InvitationRowSerializer.Meta):
        fields: Any = (*InvitationRowSerializer.Meta.fields, "seal", "draft")
        read_only_fields = fields

    @extend_schema(responses=DraftSerializer(allow_null=True))
    def get_draft(self, party: JointParty) -> dict[str, Any] | None:
        if not party.submission.is_draft:
            return None
        draft = whole(Submission.objects.filter(pk=party.submission_id)).get()
        return dict(DraftSerializer(draft, context=self.context).data)

    def get_seal(self, party: JointParty) -> str | None:
        return seal_of(party.submission) if party.submission.is_draft else None


class SignatureSerializer(SealSerializer):
    """A signature with its reservations."""

    reservations = serializers.CharField(
        max_length=10_000, allow_blank=True, default="", trim_whitespace=False
    )
    provisions: Any = serializers.ListField(
        child=serializers.CharField(max_length=120),
        max_length=500,
        default=list,
        help_text="Keys of the provisions the reservations are about; none: the whole.",
    )


SIGNATURE = OpenApiExample(
    "Signed, with a reservation about one provision",
    {
        "seal": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "reservations": "We would start earlier.",
        "provisions": ["article-3"],
    },
    request_only=True,
)


@extend_schema(tags=["joint submissions"])
class Parties(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = InvitedSerializer
    queryset = JointParty.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"id": "id", "-id": "-id"}

    def get_queryset(self) -> QuerySet[JointParty]:
        draft = own_draft(self.request, self.kwargs["draft_id"])
        return draft.parties.select_related("organisation")

    @extend_schema(operation_id="parties_list", responses=InvitedSerializer(many=True))
    def get(self, request: Request, draft_id: int) -> Response:
        """List the organisations that were invited to your draft, and what they answered."""
        return self.paginated(request)

    @extend_schema(
        operation_id="parties_invite",
        request=InvitingSerializer,
        responses={201: InvitedSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, draft_id: int) -> HttpResponse:
        """Invite an organisation to join your draft; who is invited already stays invited."""
        return once(request, lambda: self._invite(request, draft_id))

    def _invite(self, request: Request, draft_id: int) -> Response:
        draft = own_draft(request, draft_id)
        asked = InvitingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        listed = Organisation.objects.visible_to(request.user)
        organisation = get_object_or_404(listed, slug=asked.validated_data["organisation"])
        party = invite(draft, organisation, by=request.user)
        return Response(self.get_serializer(party).data, status=201)


@extend_schema(tags=["joint submissions"])
class OneParty(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = InvitedSerializer

    @extend_schema(operation_id="parties_take_back", responses={204: None})
    def delete(self, request: Request, draft_id: int, organisation: str) -> Response:
        """Take an invitation back: the organisation no longer reads your draft."""
        draft = own_draft(request, draft_id)
        party = get_object_or_404(draft.parties, organisation__slug=organisation)
        party.submission = draft
        take_back_invitation(party, by=request.user)
        return Response(status=204)


@extend_schema(tags=["joint submissions"])
class Invitations(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = InvitationRowSerializer
    queryset = JointParty.objects.none()

    def get_queryset(self) -> QuerySet[JointParty]:
        mine = JointParty.objects.answerable_by(self.request.user)
        return mine.with_both_sides()

    @extend_schema(
        operation_id="joint_invitations_list", responses=InvitationRowSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the joint submissions your organisations were invited to."""
        return self.paginated(request)


class _Invitation(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class: Any = InvitationSerializer

    def party(self, party_id: int) -> JointParty:
        mine = JointParty.objects.answerable_by(self.request.user)
        return get_object_or_404(mine.with_both_sides(), pk=party_id)

    def answered(
        self, request: Request, party_id: int, act: Callable[[JointParty], object]
    ) -> HttpResponse:
        """Do something with an invitation, once; return it as it is then."""

        def effect() -> Response:
            act(self.party(party_id))
            return Response(self.get_serializer(self.party(party_id)).data)

        return once(request, effect)


@extend_schema(tags=["joint submissions"])
class OneInvitation(_Invitation):
    @extend_schema(operation_id="joint_invitations_retrieve")
    def get(self, request: Request, party_id: int) -> Response:
        """Return an invitation with the draft to read, and the seal to sign."""
        return Response(self.get_serializer(self.party(party_id)).data)


@extend_schema(tags=["joint submissions"])
class Signature(_Invitation):
    @extend_schema(
        operation_id="joint_invitations_sign",
        request=SignatureSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[SIGNATURE],
    )
    def post(self, request: Request, party_id: int) -> HttpResponse:
        """Sign for your organisation: exactly what the seal stands for, with reservations."""
        return self.answered(request, party_id, lambda party: self._sign(request, party))

    def _sign(self, request: Request, party: JointParty) -> None:
        asked = SignatureSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        reservation = ReservationInput(given["reservations"], given["provisions"])
        join(party, reservation, seal=given["seal"], by=request.user)


@extend_schema(tags=["joint submissions"])
class Refusal(_Invitation):
    @extend_schema(
        operation_id="joint_invitations_decline", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, party_id: int) -> HttpResponse:
        """Decline, or take your signature back before the draft is filed."""
        return self.answered(request, party_id, lambda party: decline(party, by=request.user))


@extend_schema(tags=["joint submissions"])
class Departure(_Invitation):
    @extend_schema(
        operation_id="joint_invitations_leave", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, party_id: int) -> HttpResponse:
        """Leave a joint submission that was filed; that you signed it stays on the record."""
        return self.answered(request, party_id, lambda party: leave(party, by=request.user))
