"""Endpoints of consultations: the list and one with its phases, documents and questions."""

from collections.abc import Mapping
from typing import ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.api.serializers import (
    ConsultationRowSerializer,
    ConsultationSerializer,
    WhoMayRespondSerializer,
)
from apps.consultations.models import Consultation, ConsultationQuerySet, Document, Question
from apps.consultations.services import choose_identity
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.permissions import ReadOnly


class ConsultationFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Consultation.Kind.choices)
    host = django_filters.CharFilter(field_name="host__slug")
    open = django_filters.BooleanFilter(
        method="by_openness", label="Whether a comment phase is open now."
    )
    q = django_filters.CharFilter(
        method="by_words", max_length=200, label="Words in the title, summary or docket number."
    )

    class Meta:
        model = Consultation
        fields: ClassVar[list[str]] = []

    def by_openness(
        self, rows: ConsultationQuerySet, name: str, value: bool
    ) -> ConsultationQuerySet:
        del name
        return rows.open_for_comment() if value else rows.exclude(pk__in=rows.open_for_comment())

    def by_words(self, rows: ConsultationQuerySet, name: str, value: str) -> ConsultationQuerySet:
        del name
        return rows.containing(value)


@extend_schema(tags=["consultations"])
class Consultations(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class = ConsultationRowSerializer
    filterset_class = ConsultationFilters
    orderings: ClassVar[Mapping[str, str]] = {"-created_at": "-id", "created_at": "id"}

    def get_queryset(self) -> QuerySet[Consultation]:
        return Consultation.objects.visible_to(self.request.user).with_phases()

    @extend_schema(
        operation_id="consultations_list", responses=ConsultationRowSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List consultations."""
        return self.paginated(request)


@extend_schema(tags=["consultations"])
class OneConsultation(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = ConsultationSerializer

    @extend_schema(operation_id="consultations_retrieve")
    def get(self, request: Request, slug: str) -> Response:
        """Return a consultation with its phases, documents and questions."""
        visible = Consultation.objects.visible_to(request.user).with_phases()
        consultation = get_object_or_404(
            visible.prefetch_related(
                Prefetch("documents", Document.objects.published().prefetch_related("versions")),
                Prefetch("questions", Question.objects.prefetch_related("choices")),
            ),
            slug=slug,
        )
        return Response(self.get_serializer(consultation).data)


@extend_schema(tags=["consultations"])
class ChosenIdentity(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = WhoMayRespondSerializer

    @extend_schema(
        operation_id="consultations_identity",
        examples=[
            OpenApiExample("Verified organisations only", {"least_identity": "organisation"})
        ],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Decide who may respond; for owners and editors of the host."""
        own = Consultation.objects.in_workspace_of(request.user)
        consultation = get_object_or_404(own, slug=slug)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = choose_identity(
            consultation, asked.validated_data["least_identity"], by=request.user
        )
        return Response(self.get_serializer(chosen).data)
