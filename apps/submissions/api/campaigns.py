"""Endpoints of registered campaigns: registered, read, signed, confirmed by the word of a mail."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly
from apps.submissions.api.filing import organisation_of
from apps.submissions.api.views import visible_consultation
from apps.submissions.limiting import require_calm
from apps.submissions.models import Point, RegisteredCampaign, Stance
from apps.submissions.services import (
    CampaignInput,
    SignatureInput,
    close_campaign,
    confirm_signature,
    disown_signature,
    register_campaign,
    request_signature,
    sign_for_organisation,
    unsign_for_organisation,
)


class CampaignSerializer(serializers.ModelSerializer[RegisteredCampaign]):
    """A campaign with its three counts."""

    organisation = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    submission = serializers.CharField(source="carrier.reference", read_only=True)
    distinct_texts = serializers.IntegerField(read_only=True)

    class Meta:
        model = RegisteredCampaign
        fields = ("slug", "title", "text", "organisation", "submission", "people", "organisations")
        fields += ("distinct_texts", "opened_at", "closed_at")  # type: ignore[assignment]
        read_only_fields = fields


class RegistrationSerializer(serializers.Serializer[Any]):
    """What an organisation registers."""

    organisation = serializers.SlugField()
    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=10_000)
    question = serializers.CharField(required=False, default="", allow_blank=True)
    provision = serializers.CharField(required=False, default="", allow_blank=True)
    stance = serializers.ChoiceField(Stance.choices, required=False, default="", allow_blank=True)
    ask = serializers.ChoiceField(Point.Ask.choices, required=False, default="", allow_blank=True)


class SigningSerializer(serializers.Serializer[Any]):
    """Either `organisation`, for which the person submits, or the address of a person."""

    organisation = serializers.SlugField(required=False)
    email = serializers.CharField(required=False, default="", allow_blank=True, max_length=254)
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=150)
    is_name_public = serializers.BooleanField(required=False, default=False)
    country = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    own_words = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=10_000
    )


class AnswerToMailSerializer(serializers.Serializer[Any]):
    """What the signer does with the link of the mail."""

    then = serializers.ChoiceField(["confirm", "disown"])


class SignedSerializer(serializers.Serializer[Any]):
    """What became of it; `receipt` is the tracking number of own words."""

    state = serializers.CharField()
    receipt = serializers.CharField(allow_null=True)


def _campaign(request: Request, slug: str, campaign: str) -> RegisteredCampaign:
    consultation = visible_consultation(request, slug)
    found = RegisteredCampaign.objects.filter(carrier__state="submitted")
    return get_object_or_404(
        found.select_related("organisation", "carrier__consultation", "consultation"),
        consultation=consultation,
        slug=campaign,
    )


@extend_schema(tags=["campaigns"])
class Campaigns(ListEndpoint):
    serializer_class = CampaignSerializer
    queryset = RegisteredCampaign.objects.none()

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "POST" else ReadOnly()]

    def get_queryset(self) -> QuerySet[RegisteredCampaign]:
        consultation = visible_consultation(self.request, self.kwargs["slug"])
        found = RegisteredCampaign.objects.filter(
            consultation=consultation, carrier__state="submitted"
        )
        return found.select_related("organisation", "carrier")

    @extend_schema(operation_id="campaigns_list", responses=CampaignSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the registered campaigns with people, organisations and distinct texts."""
        return self.paginated(request)

    @extend_schema(
        operation_id="campaigns_register",
        request=RegistrationSerializer,
        responses={201: CampaignSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "A campaign on one article",
                {
                    "organisation": "citizens-forum",
                    "title": "Say who watches",
                    "text": "Name two independent observers.",
                    "question": "why",
                    "provision": "art-4",
                    "stance": "changes",
                    "ask": "amend",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Register a campaign for an organisation; its text can never be changed."""
        return once(request, lambda: self._register(request, slug))

    def _register(self, request: Request, slug: str) -> Response:
        asked = RegistrationSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        organisation = organisation_of(request.user, data.pop("organisation"))
        assert organisation is not None  # noqa: S101  the field is required
        consultation = visible_consultation(request, slug)
        campaign = register_campaign(
            consultation, CampaignInput(**data), by=request.user, organisation=organisation
        )
        return Response(CampaignSerializer(campaign).data, status=201)


@extend_schema(tags=["campaigns"])
class OneCampaign(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = CampaignSerializer

    @extend_schema(operation_id="campaigns_retrieve")
    def get(self, request: Request, slug: str, campaign: str) -> Response:
        """Return a campaign with its text and counts."""
        return Response(self.get_serializer(_campaign(request, slug, campaign)).data)


@extend_schema(tags=["campaigns"])
class Closing(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CampaignSerializer

    @extend_schema(operation_id="campaigns_close", request=None)
    def post(self, request: Request, slug: str, campaign: str) -> Response:
        """Take no more signatures."""
        found = _campaign(request, slug, campaign)
        close_campaign(found, by=request.user)
        found.refresh_from_db(fields=["closed_at"])
        return Response(self.get_serializer(found).data)


@extend_schema(tags=["campaigns"])
class Signatures(Endpoint):
    permission_classes = [AllowAny]
    serializer_class = SigningSerializer

    @extend_schema(
        operation_id="campaigns_sign",
        responses={202: SignedSerializer},
        examples=[
            OpenApiExample(
                "A person with own words",
                {"email": "name@example.org", "own_words": "I live beside it."},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str, campaign: str) -> Response:
        """Ask to sign: a mail with a link follows, whether or not the address signed before."""
        found = _campaign(request, slug, campaign)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        organisation = organisation_of(request.user, data.pop("organisation", None))
        if organisation is not None:
            sign_for_organisation(found, by=request.user, organisation=organisation)
            return Response({"state": "confirmed", "receipt": None}, status=202)
        require_calm(request)
        request_signature(found, SignatureInput(**data))
        return Response({"state": "asked", "receipt": None}, status=202)


@extend_schema(tags=["campaigns"])
class OrganisationSignature(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CampaignSerializer

    @extend_schema(operation_id="campaigns_unsign", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, campaign: str, organisation: str) -> HttpResponse:
        """Take back the signature of an organisation."""
        found = _campaign(request, slug, campaign)
        own = organisation_of(request.user, organisation)
        assert own is not None  # noqa: S101  the address names one
        unsign_for_organisation(found, by=request.user, organisation=own)
        return Response(status=204)


@extend_schema(tags=["campaigns"])
class OneSignature(Endpoint):
    permission_classes = [AllowAny]
    serializer_class = AnswerToMailSerializer

    @extend_schema(operation_id="campaigns_answer_mail", responses=SignedSerializer)
    def post(self, request: Request, token: str) -> Response:
        """Confirm a signature with the word at the end of the link, or disown it."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if asked.validated_data["then"] == "disown":
            disown_signature(token)
            return Response({"state": "withdrawn", "receipt": None})
        receipt = confirm_signature(token)
        return Response({"state": "confirmed", "receipt": receipt.number if receipt else None})
