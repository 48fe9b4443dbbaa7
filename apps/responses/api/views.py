"""Endpoints of official responses: listed, those to one submission, given by staff."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly
from apps.responses.models import AnsweredPart, OfficialResponse
from apps.responses.services import MOST_AT_ONCE, ResponseInput, respond
from apps.submissions.models import Submission

PARTS_IN_LIST = 100
PART_HELP = "`point:2`, or `answer:` and the key of the question."


class TargetSerializer(serializers.Serializer[Any]):
    submission = serializers.CharField(max_length=120, help_text="Its reference.")
    part = serializers.CharField(max_length=100, help_text=PART_HELP)


class AnsweredSerializer(serializers.Serializer[AnsweredPart]):
    submission = serializers.CharField(source="submission.reference")
    part = serializers.CharField(source="target.part", help_text=PART_HELP)
    senders = serializers.IntegerField(help_text="How many sent the letter it stands in.")
    aspect = serializers.ChoiceField(
        choices=("letter", "own"),
        allow_blank=True,
        help_text="Whether the response is about a campaign's letter in it, or about its sender's"
        " own words beside that; empty where it is about all of it.",
    )


class OfficialResponseSerializer(serializers.ModelSerializer[OfficialResponse]):
    decision = serializers.ChoiceField(choices=OfficialResponse.Decision.choices)
    parts = AnsweredSerializer(
        many=True, help_text=f"What it answers, as far as it stands: the first {PARTS_IN_LIST}."
    )
    part_count = serializers.IntegerField(help_text="How much it answers in all.")
    change = serializers.SerializerMethodField(help_text="Page of the changed text, or empty.")

    class Meta:
        model = OfficialResponse
        fields = ("id", "decision", "reason", "made_at", "change", "part_count", "parts")

    def get_change(self, response: OfficialResponse) -> str:
        root = self.context["view"].root
        return f"{root}{response.change_url}" if response.change_url else ""


class RespondSerializer(serializers.Serializer[Any]):
    targets = TargetSerializer(many=True, max_length=MOST_AT_ONCE)  # type: ignore[call-arg]
    decision = serializers.ChoiceField(choices=OfficialResponse.Decision.choices)
    reason = serializers.CharField(max_length=4_000)
    change = serializers.CharField(
        max_length=80,
        default="",
        allow_blank=True,
        help_text="Key of a provision that changed from one version to the next.",
    )


@extend_schema(tags=["responses"])
class Responses(ListEndpoint):
    serializer_class = OfficialResponseSerializer
    queryset = OfficialResponse.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "POST" else ReadOnly()]

    def get_queryset(self) -> QuerySet[OfficialResponse]:
        given = OfficialResponse.objects.filter(consultation=self._consultation())
        return given.with_parts(most=PARTS_IN_LIST)

    def _consultation(self) -> Consultation:
        visible = Consultation.objects.visible_to(self.request.user)
        return get_object_or_404(visible, slug=self.kwargs["slug"])

    @extend_schema(operation_id="responses_list", responses=OfficialResponseSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List what the host decided, newest first."""
        return self.paginated(request)

    @extend_schema(
        operation_id="responses_give",
        request=RespondSerializer,
        responses={201: OfficialResponseSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "Two points at once",
                {
                    "targets": [
                        {"submission": "PL-7Z23-D6BB-GRAM", "part": "point:1"},
                        {"submission": "PL-EJN4-71XK-V0PS", "part": "point:3"},
                    ],
                    "decision": "partly",
                    "reason": "The period is shorter now; who observes is still open.",
                    "change": "article-5",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Answer points and answers for the host, one or many; who follows them gets the news."""
        return once(request, self._respond)

    def _respond(self) -> Response:
        consultation = self._consultation()
        asked = RespondSerializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        targets = [(one["submission"], one["part"]) for one in data.pop("targets")]
        given = respond(consultation, ResponseInput(targets, **data), by=self.request.user)
        made = OfficialResponse.objects.with_parts(most=MOST_AT_ONCE).get(pk=given.pk)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=["responses"])
class ResponsesTo(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = OfficialResponseSerializer

    @extend_schema(
        operation_id="submissions_responses", responses=OfficialResponseSerializer(many=True)
    )
    def get(self, request: Request, slug: str, reference: str) -> Response:
        """List what the host decided on the points and answers of one submission."""
        visible = Submission.objects.visible_to(request.user).on_record()
        submission = get_object_or_404(visible, consultation__slug=slug, reference=reference)
        standing = AnsweredPart.objects.standing().filter(submission=submission)
        given = OfficialResponse.objects.filter(pk__in=standing.values("response"))
        own = given.with_parts_of(submission)
        return Response(self.get_serializer(own, many=True).data)


@extend_schema(tags=["responses"])
class ResponseParts(ListEndpoint):
    serializer_class = AnsweredSerializer
    permission_classes = [ReadOnly]
    queryset = AnsweredPart.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"number": "number"}

    def get_queryset(self) -> QuerySet[AnsweredPart]:
        visible = OfficialResponse.objects.visible_to(self.request.user)
        given = get_object_or_404(
            visible, consultation__slug=self.kwargs["slug"], pk=self.kwargs["response_id"]
        )
        return AnsweredPart.objects.standing().filter(response=given).with_target()

    @extend_schema(operation_id="responses_parts", responses=AnsweredSerializer(many=True))
    def get(self, request: Request, slug: str, response_id: int) -> Response:
        """List everything one response answers, as far as it stands."""
        return self.paginated(request)
