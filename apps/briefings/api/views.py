"""Endpoints of briefings: lists, one, its content, claims with citations, files, progress."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.briefings.api.citing import claim_rows
from apps.briefings.api.serializers import (
    BriefingRowSerializer,
    BriefingSerializer,
    ClaimSerializer,
    ProgressSerializer,
)
from apps.briefings.models import Briefing, BriefingFile, Claim
from apps.briefings.services import retry_briefing, start_briefing
from apps.briefings.stages import STAGES
from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly
from apps.jobs.services import progress_of
from apps.submissions.models import Submission

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def visible_briefing(request: Request, slug: str, version: int) -> Briefing:
    visible = Briefing.objects.visible_to(request.user).select_related("consultation", "corpus")
    return get_object_or_404(visible, consultation__slug=slug, version=version)


@extend_schema(tags=["briefings"])
class Briefings(ListEndpoint):
    serializer_class = BriefingRowSerializer
    queryset = Briefing.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-version": "-version", "version": "version"}

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "POST" else ReadOnly()]

    def get_queryset(self) -> QuerySet[Briefing]:
        # The content of a briefing weighs megabytes and is no part of a list.
        visible = Briefing.objects.visible_to(self.request.user).defer("content")
        return visible.filter(consultation__slug=self.kwargs["slug"]).select_related(
            "consultation", "corpus"
        )

    @extend_schema(operation_id="briefings_list", responses=BriefingRowSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the briefings of a consultation."""
        get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)
        return self.paginated(request)

    @extend_schema(
        operation_id="briefings_start",
        request=None,
        responses={202: BriefingRowSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Start the next version; owners, editors and analysts of the host may."""
        return once(request, lambda: self._start(request, slug))

    def _start(self, request: Request, slug: str) -> Response:
        visible = Consultation.objects.visible_to(request.user).select_related("host")
        started = start_briefing(get_object_or_404(visible, slug=slug), by=request.user)
        location = reverse("api:briefing-progress", args=[slug, started.version])
        return Response(
            self.get_serializer(started).data,
            status=202,
            headers={"Location": f"{self.root}{location}"},
        )


@extend_schema(tags=["briefings"])
class OneBriefing(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = BriefingSerializer

    @extend_schema(operation_id="briefings_retrieve")
    def get(self, request: Request, slug: str, version: int) -> Response:
        """Return a briefing and its files; its words are under `content/` and `claims/`."""
        visible = Briefing.objects.visible_to(request.user).defer("content")
        briefing = get_object_or_404(
            visible.select_related("consultation", "corpus").prefetch_related("files"),
            consultation__slug=slug,
            version=version,
        )
        return Response(self.get_serializer(briefing).data)


@extend_schema(tags=["briefings"])
class Content(Endpoint):
    permission_classes = [ReadOnly]

    @extend_schema(operation_id="briefings_content", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, version: int) -> Response:
        """Return the whole content of a finished briefing: what all formats are made from."""
        briefing = visible_briefing(request, slug, version)
        if not briefing.content:
            raise Http404
        return Response(briefing.content)


class _AsItIs(BaseContentNegotiation):
    """A file is what it is, whatever the client would prefer; an error is a problem."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        renderer: BaseRenderer = renderers[0]
        return renderer, renderer.media_type


@extend_schema(tags=["briefings"])
class File(Endpoint):
    permission_classes = [ReadOnly]
    content_negotiation_class = _AsItIs

    @extend_schema(
        operation_id="briefings_file",
        parameters=[
            OpenApiParameter("file_format", str, OpenApiParameter.PATH, enum=list(MEDIA_TYPES))
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, version: int, file_format: str) -> FileResponse:
        """Download a briefing as HTML, PDF, DOCX or JSON."""
        visible = Briefing.objects.visible_to(request.user)
        file = get_object_or_404(
            BriefingFile.objects.filter(briefing__in=visible),
            briefing__consultation__slug=slug,
            briefing__version=version,
            format=file_format,
        )
        path = Path(settings.BRIEFINGS_ROOT) / file.path
        if not path.is_file():
            raise Http404
        response = FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename=path.name,
            content_type=MEDIA_TYPES[file.format],
        )
        response.headers["ETag"] = f'"{file.sha256}"'
        return response


@extend_schema(tags=["briefings"])
class Progress(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="briefings_progress")
    def get(self, request: Request, slug: str, version: int) -> Response:
        """Return how far the jobs of a briefing are; the host's staff may."""
        own = Briefing.objects.in_workspace_of(request.user).defer("content")
        briefing = get_object_or_404(own, consultation__slug=slug, version=version)
        progress = progress_of(briefing.job_key, stages=STAGES)
        answer = {
            "state": briefing.state,
            "share": progress.share,
            "stage": progress.stage,
            "done": progress.done,
            "total": progress.total,
            "failure": briefing.failure or progress.reason,
        }
        return Response(self.get_serializer(answer).data)


@extend_schema(tags=["briefings"])
class Retry(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = BriefingRowSerializer

    @extend_schema(
        operation_id="briefings_retry",
        request=None,
        responses={202: BriefingRowSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, version: int) -> HttpResponse:
        """Try the jobs of a failed briefing again; nothing happens to one that did not fail."""
        return once(request, lambda: self._retry(request, slug, version))

    def _retry(self, request: Request, slug: str, version: int) -> Response:
        own = Briefing.objects.in_workspace_of(request.user).defer("content")
        briefing = get_object_or_404(
            own.select_related("consultation__host", "corpus"),
            consultation__slug=slug,
            version=version,
        )
        retry_briefing(briefing, by=request.user)
        briefing.refresh_from_db(fields=["state"])
        return Response(self.get_serializer(briefing).data, status=202)


class ClaimFilters(django_filters.FilterSet):
    section = django_filters.CharFilter(max_length=20)
    kind = django_filters.CharFilter(max_length=20)

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = []


class _ClaimList(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class = ClaimSerializer
    queryset = Claim.objects.none()
    filterset_class: Any = ClaimFilters

    def claims(self) -> QuerySet[Claim]:
        visible = Briefing.objects.visible_to(self.request.user)
        return (
            Claim.objects.filter(briefing__in=visible)
            .select_related("briefing__consultation", "theme")
            .defer("briefing__content")
        )

    def rows(self, page: list[Claim]) -> list[dict[str, Any]]:
        return claim_rows(page, root=self.root)


@extend_schema(tags=["briefings"])
class Claims(_ClaimList):
    orderings: ClassVar[Mapping[str, str]] = {"position": "position"}

    def get_queryset(self) -> QuerySet[Claim]:
        return self.claims().filter(briefing=self.briefing)

    @extend_schema(operation_id="claims_list", responses=ClaimSerializer(many=True))
    def get(self, request: Request, slug: str, version: int) -> Response:
        """List the claims of a briefing in its order, each with what it rests on."""
        self.briefing = visible_briefing(request, slug, version)
        return self.paginated(request)


@extend_schema(tags=["briefings"])
class OneClaim(_ClaimList):
    pagination_class: Any = None
    filter_backends: Any = []

    @extend_schema(operation_id="claims_retrieve", responses=ClaimSerializer)
    def get(self, request: Request, slug: str, version: int, number: str) -> Response:
        """Return one claim with what it rests on."""
        claim = get_object_or_404(
            self.claims(),
            briefing__consultation__slug=slug,
            briefing__version=version,
            number=number,
        )
        return Response(self.rows([claim])[0])


class ClaimsOfFilters(ClaimFilters):
    submission = django_filters.CharFilter(
        method="by_submission", max_length=120, label="Reference of a submission."
    )

    def by_submission(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        del name
        slug = self.request.parser_context["kwargs"]["slug"]
        visible = Submission.objects.visible_to(self.request.user)
        cited = visible.filter(consultation__slug=slug, reference=value)
        return rows.filter(citations__submission__in=cited).distinct()


@extend_schema(tags=["briefings"])
class ClaimsOf(_ClaimList):
    filterset_class: Any = ClaimsOfFilters
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id"}

    def get_queryset(self) -> QuerySet[Claim]:
        return self.claims().filter(briefing__consultation__slug=self.kwargs["slug"])

    @extend_schema(operation_id="consultation_claims_list", responses=ClaimSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the claims of all briefings of a consultation, or those that use a submission."""
        get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)
        return self.paginated(request)
