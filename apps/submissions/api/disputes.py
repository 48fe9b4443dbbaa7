"""Endpoints of “I never wrote this”: said with a mail, listed and decided by the host."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation, HostRole
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.submissions.models import Dispute, Submission
from apps.submissions.proving import read_token
from apps.submissions.services import decide_dispute, disown


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """A dispute; `outcome` is empty until the host decided."""

    submission = serializers.CharField(source="submission.reference", read_only=True)

    class Meta:
        model = Dispute
        fields = ("id", "submission", "said_at", "outcome", "reason", "decided_at")
        read_only_fields = fields


class DecisionSerializer(serializers.Serializer[Any]):
    """What the host found, and why."""

    outcome = serializers.CharField(required=False, default="", allow_blank=True)
    reason = serializers.CharField(required=False, default="", allow_blank=True)


DECISION = OpenApiExample(
    "Not written by its named author",
    {"outcome": "upheld", "reason": "The address was used without its owner."},
    request_only=True,
)


@extend_schema(tags=["submissions"])
class Disputes(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = DisputeSerializer
    queryset = Dispute.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[Dispute]:
        return _disputes(self.request, self.kwargs["slug"], HostRole.OVERSEERS)

    @extend_schema(operation_id="disputes_list", responses=DisputeSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the disputes of a consultation; its data-protection officers read along."""
        return self.paginated(request)


@extend_schema(tags=["submissions"])
class DisputeDecision(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = DecisionSerializer

    @extend_schema(
        operation_id="disputes_decide",
        responses=DisputeSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[DECISION],
    )
    def post(self, request: Request, slug: str, dispute_id: int) -> HttpResponse:
        """Decide a dispute: `upheld` withdraws the submission, `dismissed` takes the note away."""
        return once(request, lambda: self._decide(request, slug, dispute_id))

    def _decide(self, request: Request, slug: str, dispute_id: int) -> Response:
        dispute = get_object_or_404(_disputes(request, slug, HostRole.MODERATORS), pk=dispute_id)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decided = decide_dispute(dispute, by=request.user, **asked.validated_data)
        return Response(DisputeSerializer(decided).data)


@extend_schema(tags=["submissions"])
class Disowning(Endpoint):
    permission_classes = [AllowAny]
    serializer_class = DisputeSerializer

    @extend_schema(operation_id="submissions_disown", request=None)
    def post(self, request: Request, token: str) -> Response:
        """Say “I never wrote this” with the word at the end of the link of a receipt mail.

        Saying it twice changes nothing.
        """
        try:
            submission, person = read_token(token)
        except (BadSignature, Submission.DoesNotExist) as error:
            raise Http404 from error
        return Response(self.get_serializer(disown(submission, by=person)).data)


def _disputes(request: Request, slug: str, roles: Collection[str]) -> QuerySet[Dispute]:
    own = Consultation.objects.of_staff(request.user, roles)
    consultation = get_object_or_404(own, slug=slug)
    found = Dispute.objects.filter(submission__consultation=consultation)
    return found.select_related("submission")
