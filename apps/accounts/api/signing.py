"""Endpoint of the rule whether an organisation files nothing without a sign-off."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Organisation
from apps.accounts.services import decide_sign_off
from apps.core.endpoints import Endpoint


class RuleSerializer(serializers.Serializer[Any]):
    """Whether an organisation files nothing without a sign-off."""

    is_required = serializers.BooleanField()


@extend_schema(tags=["people"])
class SignOffRule(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = RuleSerializer

    @extend_schema(operation_id="organisations_sign_off_rule")
    def put(self, request: Request, slug: str) -> Response:
        """Decide, as a signatory, whether your organisation files nothing without a sign-off."""
        mine = Organisation.objects.with_member(request.user)
        organisation = get_object_or_404(mine, slug=slug)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decided = decide_sign_off(organisation, by=request.user, **asked.validated_data)
        return Response({"is_required": decided.requires_sign_off})
