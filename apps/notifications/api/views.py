"""Endpoints of what a person follows."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.notifications.models import LONGEST_TOPIC, Following, Frequency, Kind
from apps.notifications.services import change, follow, stop


class FollowingSerializer(serializers.ModelSerializer[Following]):
    """A thing that is followed; `key` is its slug, of a provision “consultation/provision”."""

    kind = serializers.ChoiceField(Kind.choices, read_only=True)
    key = serializers.CharField(read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Following
        fields = ("id", "kind", "key", "title", "url", "frequency", "created_at")
        read_only_fields = fields

    def get_url(self, following: Following) -> str:
        return f"{self.context['view'].root}{following.path}"


class FollowSerializer(serializers.Serializer[Any]):
    """What is to be followed, and how often mail comes."""

    kind = serializers.ChoiceField(Kind.choices)
    key = serializers.CharField(max_length=LONGEST_TOPIC)
    frequency = serializers.ChoiceField(Frequency.choices, default=Frequency.DAILY)


class FrequencySerializer(serializers.Serializer[Any]):
    """How often mail comes."""

    frequency = serializers.ChoiceField(Frequency.choices)


PROVISION = OpenApiExample(
    "A provision, with mail once a week",
    {"kind": "provision", "key": "pause-protocol/article-4", "frequency": "weekly"},
    request_only=True,
)


@extend_schema(tags=["following"])
class Followings(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = FollowingSerializer
    queryset = Following.objects.none()

    def get_queryset(self) -> QuerySet[Following]:
        return Following.objects.of(self.request.user)

    @extend_schema(operation_id="followings_list", responses=FollowingSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List what you follow."""
        return self.paginated(request)

    @extend_schema(
        operation_id="followings_follow",
        request=FollowSerializer,
        responses={201: FollowingSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[PROVISION],
    )
    def post(self, request: Request) -> HttpResponse:
        """Follow a consultation, a provision or an organisation, or change how often mail comes."""
        return once(request, lambda: self._follow(request))

    def _follow(self, request: Request) -> Response:
        asked = FollowSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        following = follow(request.user, **asked.validated_data)
        return Response(self.get_serializer(following).data, status=201)


@extend_schema(tags=["following"])
class OneFollowing(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = FollowingSerializer

    @extend_schema(operation_id="followings_retrieve")
    def get(self, request: Request, following_id: int) -> Response:
        """Return one thing you follow."""
        return Response(self.get_serializer(self._own(following_id)).data)

    @extend_schema(
        operation_id="followings_change", request=FrequencySerializer, responses=FollowingSerializer
    )
    def patch(self, request: Request, following_id: int) -> Response:
        """Change how often mail comes."""
        following = self._own(following_id)
        asked = FrequencySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(self.get_serializer(change(following, **asked.validated_data)).data)

    @extend_schema(operation_id="followings_stop", responses={204: None})
    def delete(self, request: Request, following_id: int) -> Response:
        """Follow it no longer."""
        stop(self._own(following_id))
        return Response(status=204)

    def _own(self, following_id: int) -> Following:
        return get_object_or_404(Following.objects.of(self.request.user), pk=following_id)
