"""What an author reads and does over the API: what was decided about own words, an appeal."""

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.moderation.api.serializers import (
    AppealInputSerializer,
    AppealSerializer,
    DecisionTakenSerializer,
)
from apps.moderation.models import Decision
from apps.moderation.services import appeal
from apps.submissions.models import Submission

APPEAL = OpenApiExample(
    "Why it should come back",
    {"text": "The address is that of our own office. It is on our website."},
    request_only=True,
)


@extend_schema(tags=["moderation"])
class OwnDecisions(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = DecisionTakenSerializer

    @extend_schema(operation_id="moderation_own_list", responses=DecisionTakenSerializer(many=True))
    def get(self, request: Request, slug: str, reference: str) -> Response:
        """List what moderators took out of a submission of yours, why, and until when to appeal."""
        own = Submission.objects.belonging_to(request.user).on_record()
        visible = Consultation.objects.visible_to(request.user)
        submission = get_object_or_404(
            own, consultation__in=visible.filter(slug=slug), reference=reference
        )
        decisions = _hiding(Decision.objects.filter(case__submission=submission))
        return Response(self.get_serializer(decisions, many=True).data)


@extend_schema(tags=["moderation"])
class Appeals(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = AppealInputSerializer

    @extend_schema(
        operation_id="moderation_appeal",
        responses={201: AppealSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[APPEAL],
    )
    def post(self, request: Request, slug: str, decision_id: int) -> HttpResponse:
        """Ask that another moderator looks at a decision about your words again: once, in time."""
        return once(request, lambda: self._appeal(request, slug, decision_id))

    def _appeal(self, request: Request, slug: str, decision_id: int) -> Response:
        own = Submission.objects.belonging_to(request.user).values("pk")
        visible = Consultation.objects.visible_to(request.user).filter(slug=slug)
        decisions = Decision.objects.filter(case__submission__in=own, consultation__in=visible)
        decision = get_object_or_404(_hiding(decisions), pk=decision_id)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        lodged = appeal(decision, by=request.user, **asked.validated_data)
        return Response(AppealSerializer(lodged).data, status=201)


def _hiding(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    return decisions.filter(action__in=Decision.HIDING).select_related("case", "appeal")
