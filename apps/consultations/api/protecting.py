"""What a data-protection officer asks of a consultation, over the API: counts only."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation, HostRole
from apps.consultations.protecting import protection_of
from apps.core.endpoints import Endpoint


class HoldingSerializer(serializers.Serializer[Any]):
    label: Any = serializers.CharField()
    count = serializers.IntegerField()
    kept = serializers.CharField(help_text="Until when.")
    setting = serializers.CharField(help_text="The setting that decides it, empty where none does.")


class DoneSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="As the record names it.")
    label: Any = serializers.CharField()
    times = serializers.IntegerField()
    people = serializers.IntegerField(help_text="How many different people.")
    last_at = serializers.DateTimeField(allow_null=True)


class ExportSerializer(serializers.Serializer[Any]):
    label: Any = serializers.CharField()
    url = serializers.CharField()
    rule = serializers.CharField(help_text="What is left out of it.")


class ProtectionSerializer(serializers.Serializer[Any]):
    holdings = HoldingSerializer(many=True)
    forgotten = DoneSerializer(many=True)
    given_out = DoneSerializer(many=True)
    exports = ExportSerializer(many=True)
    confidants = serializers.IntegerField(
        help_text="Members of staff who may read what people keep back."
    )


@extend_schema(tags=["workspace"])
class DataProtection(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = ProtectionSerializer

    @extend_schema(operation_id="workspace_data_protection")
    def get(self, request: Request, slug: str) -> Response:
        """Count what personal data is held, for owners and data-protection officers of the host."""
        own = Consultation.objects.of_staff(request.user, HostRole.GUARDIANS).with_phases()
        found = protection_of(get_object_or_404(own, slug=slug))
        return Response(self.get_serializer(found).data)
