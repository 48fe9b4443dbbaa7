"""Endpoint of proof: the receipt of what was filed, with all that shows it was not changed."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.audit.models import Receipt
from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint
from apps.submissions.models import Submission
from apps.submissions.services import proof_of


class ProofSerializer(serializers.Serializer[Any]):
    """A receipt with what its commitment is made over."""

    number = serializers.CharField(help_text="The tracking number.")
    consultation = serializers.CharField(help_text="Its title when this was filed.")
    filed_at = serializers.DateTimeField()
    commitment = serializers.CharField()
    salt = serializers.CharField(
        allow_blank=True, help_text="In hexadecimal; empty once it was erased."
    )
    how = serializers.CharField(help_text="How the commitment is made again.")
    content = serializers.JSONField(help_text="Everything that was filed, also what is kept back.")


@extend_schema(tags=["receipts"])
class Proof(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = ProofSerializer

    @extend_schema(operation_id="submissions_receipt")
    def get(self, request: Request, slug: str, reference: str) -> Response:
        """Return the receipt of what you or your organisation filed, to keep and to check."""
        own = Submission.objects.belonging_to(request.user)
        visible = Consultation.objects.visible_to(request.user).filter(slug=slug)
        submission = get_object_or_404(
            own.select_related("consultation"), consultation__in=visible, reference=reference
        )
        receipt = get_object_or_404(Receipt, number=reference)
        return Response(self.get_serializer(proof_of(submission, receipt)).data)
