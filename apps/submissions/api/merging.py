"""The endpoint that makes an organisation registered twice one again."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.organisations import OrganisationSerializer, shown
from apps.accounts.models import Organisation
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.submissions.services import merge_organisations


class MergeSerializer(serializers.Serializer[Any]):
    into = serializers.SlugField(help_text="Slug of the organisation that stays.")
    reason = serializers.CharField(
        max_length=2000, default="", allow_blank=True, help_text="Asked of staff."
    )


@extend_schema(tags=["organisations"])
class Merge(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = OrganisationSerializer

    @extend_schema(
        operation_id="organisations_merge",
        request=MergeSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample("The same body twice", {"into": "river-watch"}, request_only=True)
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Make an organisation part of another that is the same; this cannot be taken back.

        For a signatory of both, who brings the seats along, or for staff that belongs to neither.
        """
        return once(request, lambda: self._merge(request, slug))

    def _merge(self, request: Request, slug: str) -> Response:
        person: Any = request.user
        reachable = Organisation.objects.all()
        if not person.is_staff:
            reachable = Organisation.objects.with_member(person)
        duplicate = get_object_or_404(reachable, slug=slug)
        asked = MergeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        into = get_object_or_404(reachable, slug=asked.validated_data["into"])
        reason = asked.validated_data["reason"]
        whole = merge_organisations(duplicate, into, reason=reason, by=person)
        return Response(self.get_serializer(shown(Organisation.objects.all(), whole.slug)).data)
