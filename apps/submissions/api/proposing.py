"""Endpoint where the host takes over words that somebody proposed."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.submissions.models import Point
from apps.submissions.services.proposing import take_proposal


class TakenSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    text = serializers.CharField()
    revision = serializers.IntegerField()
    credits = serializers.ListField(child=serializers.CharField())


@extend_schema(tags=["workspace"])
class TakenProposal(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = TakenSerializer

    @extend_schema(
        operation_id="workspace_proposal_take", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, reference: str, point_number: int) -> HttpResponse:
        """Put the proposed words of a point into the next version of the text, with credit."""
        return once(request, lambda: self._take(slug, reference, point_number))

    def _take(self, slug: str, reference: str, point_number: int) -> Response:
        edited = Consultation.objects.edited_by(self.request.user)
        made = Point.objects.filter(submission__consultation__in=edited.filter(slug=slug))
        point = get_object_or_404(
            made.select_related("submission", "provision"),
            submission__reference=reference,
            number=point_number,
        )
        return Response(self.get_serializer(take_proposal(point, by=self.request.user)).data)
