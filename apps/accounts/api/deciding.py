"""Endpoints of operations staff: names that were held, and register numbers to look up."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation, Verification
from apps.accounts.services import decide_name, review
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY

MOST = 50


class HeldNameSerializer(serializers.ModelSerializer):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    looks_like: Any = serializers.SlugRelatedField(
        source="resembles", slug_field="slug", read_only=True, help_text="Slug of the other one."
    )
    state = serializers.ChoiceField(choices=Organisation.State.choices)
    unusual_characters = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Organisation
        fields = [
            *("slug", "name", "asked_name", "group", "country", "website", "state"),
            *("looks_like", "unusual_characters", "created_at"),
        ]


class NameDecisionSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=["listed", "refused"])
    reason = serializers.CharField(max_length=2000, help_text="Its members read this.")


class RegisterNumberSerializer(serializers.ModelSerializer):
    organisation: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    name = serializers.CharField(source="organisation.name", read_only=True)
    country = serializers.CharField(source="organisation.country", read_only=True)
    reviews = serializers.IntegerField(
        source="reviews.count", read_only=True, help_text="How many found it; two are needed."
    )

    class Meta:
        model = Verification
        fields = [
            *("id", "organisation", "name", "country", "subject", "state", "requested_at"),
            "reviews",
        ]


class ReviewSerializer(serializers.Serializer[Any]):
    is_confirmed = serializers.BooleanField(help_text="Whether the register has it so.")
    reason = serializers.CharField(max_length=2000, help_text="What you found, and where.")


@extend_schema(tags=["operations"])
class HeldNames(Endpoint):
    permission_classes = [IsAdminUser]
    serializer_class = HeldNameSerializer

    @extend_schema(operation_id="held_names_list", responses=HeldNameSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the names, and new names, that wait for a person; the oldest 50 first."""
        return Response(self.get_serializer(Organisation.objects.held()[:MOST], many=True).data)


@extend_schema(tags=["operations"])
class HeldName(Endpoint):
    permission_classes = [IsAdminUser]
    serializer_class = HeldNameSerializer

    @extend_schema(
        operation_id="held_names_decide",
        request=NameDecisionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "Another organisation of a similar name",
                {"outcome": "listed", "reason": "A union of its own, see its statutes."},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """List a name or refuse it, with a reason; never for an organisation of your own."""
        return once(request, lambda: self._decide(request, slug))

    def _decide(self, request: Request, slug: str) -> Response:
        held = get_object_or_404(Organisation, slug=slug)
        asked = NameDecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decided = decide_name(held, by=request.user, **asked.validated_data)
        return Response(self.get_serializer(decided).data)


@extend_schema(tags=["operations"])
class RegisterNumbers(Endpoint):
    permission_classes = [IsAdminUser]
    serializer_class = RegisterNumberSerializer

    @extend_schema(
        operation_id="register_numbers_list", responses=RegisterNumberSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the register numbers that wait for two members of staff; the oldest 50 first."""
        waiting = Verification.objects.for_review().prefetch_related("reviews")[:MOST]
        return Response(self.get_serializer(waiting, many=True).data)


@extend_schema(tags=["operations"])
class RegisterNumberReview(Endpoint):
    permission_classes = [IsAdminUser]
    serializer_class = RegisterNumberSerializer

    @extend_schema(
        operation_id="register_numbers_review",
        request=ReviewSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "Found",
                {"is_confirmed": True, "reason": "Same name and seat in the register."},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Say what you found; two who found it confirm, one who did not refuses."""
        return once(request, lambda: self._review(request, pk))

    def _review(self, request: Request, pk: int) -> Response:
        waiting = get_object_or_404(Verification, pk=pk, method=Verification.Method.REGISTER)
        asked = ReviewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        seen = review(waiting, by=request.user, **asked.validated_data)
        return Response(self.get_serializer(seen).data)
