"""Endpoints of files: sent, looked at, removed, read page by page, fetched."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.files import as_download
from apps.core.permissions import ReadOnly
from apps.submissions.api.serializers import AttachmentSerializer, PassageSerializer
from apps.submissions.models import Attachment, AttachmentPage, Passage, Submission
from apps.submissions.services import FileInput, attach, detach, fetch_file

SENT = OpenApiExample(
    "A file that was just sent",
    {
        "key": "pV9mQ2rT0sWb1yZc3eF4gA",
        "number": 1,
        "name": "position-paper.pdf",
        "title": "Position paper",
        "kind": "PDF",
        "size": 245_760,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "state": "waiting",
        "reason": "",
        "message": "Your file has arrived. It is being read.",
        "page_count": None,
        "pages_read": 0,
        "published_sha256": "",
        "point": None,
        "file": None,
        "pages": "https://plenary.example.org/api/v1/attachments/pV9mQ2rT0sWb1yZc3eF4gA/pages/",
    },
    response_only=True,
)
SENDING = (
    "The same file sent again is the file there is already: no Idempotency-Key is needed. A job"
    " cleans and reads it; look at `state` until it is no longer `waiting`."
)


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField(help_text="PDF, DOCX, ODT or TXT, up to 20 MB.", max_length=1_000)
    title = serializers.CharField(max_length=300, allow_blank=True, default="")


class PageSerializer(serializers.ModelSerializer):
    part = serializers.CharField(help_text="How citations name this text.")
    passages = PassageSerializer(many=True, help_text="Spans of this text; none while a draft.")

    class Meta:
        model = AttachmentPage
        fields = ["number", "part", "text", "passages"]


class _Upload(Endpoint):
    permission_classes = [IsAuthenticated]
    parser_classes: Any = [MultiPartParser]
    serializer_class: Any = AttachmentSerializer

    def receive(self, request: Request, draft: Submission | None) -> Response:
        asked = UploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sent = asked.validated_data["file"]
        given = FileInput(sent.name, sent.file, asked.validated_data["title"])
        attachment = attach(draft, given, by=request.user)
        facts = self.get_serializer(attachment).data
        return Response(facts, status=201, headers={"Location": facts["url"]})


@extend_schema(tags=["attachments"])
class Uploads(_Upload):
    @extend_schema(
        operation_id="attachments_send",
        request={"multipart/form-data": UploadSerializer},
        responses={201: AttachmentSerializer},
        examples=[SENT],
        description="Send a file for a submission that names it by its key. A JPEG or PNG becomes a"
        " PDF. " + SENDING,
    )
    def post(self, request: Request) -> Response:
        """Send a file first; the submission that follows within a day names it by its key."""
        return self.receive(request, None)


@extend_schema(tags=["attachments"])
class DraftAttachments(_Upload):
    @extend_schema(
        operation_id="drafts_attach",
        request={"multipart/form-data": UploadSerializer},
        responses={201: AttachmentSerializer},
        examples=[SENT],
        description="Attach a file to a draft. " + SENDING,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Attach a file to a draft."""
        drafts = Submission.objects.drafts_of(request.user)
        return self.receive(request, get_object_or_404(drafts, pk=pk))


class _OfAttachments(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class: Any = AttachmentSerializer

    def get_queryset(self) -> QuerySet[Attachment]:
        visible = Attachment.objects.visible_to(self.request.user)
        return visible.select_related("submission__consultation", "submission__organisation")


@extend_schema(tags=["attachments"])
class OneAttachment(_OfAttachments):
    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "DELETE" else ReadOnly()]

    @extend_schema(operation_id="attachments_retrieve")
    def get(self, request: Request, key: str) -> Response:
        """Return what is known of a file: whether it was read, and why not."""
        found = get_object_or_404(self.get_queryset().select_related("point"), key=key)
        return Response(self.get_serializer(found).data)

    @extend_schema(operation_id="attachments_remove", responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Remove a file from your draft, or one that you sent and no submission names."""
        detach(get_object_or_404(self.get_queryset(), key=key), by=request.user)
        return Response(status=204)


@extend_schema(tags=["attachments"])
class AttachmentFile(_OfAttachments):
    @extend_schema(
        operation_id="attachments_file",
        responses={
            (200, "application/octet-stream"): OpenApiResponse(
                OpenApiTypes.BINARY, "The cleaned copy, in its own media type."
            )
        },
    )
    def get(self, request: Request, key: str) -> HttpResponseBase:
        """Fetch the published copy of a file; of your draft also the file as you sent it."""
        found = get_object_or_404(self.get_queryset(), key=key)
        return as_download(fetch_file(found, by=request.user), found.name, found.media_type)


@extend_schema(tags=["attachments"])
class AttachmentPages(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class: Any = PageSerializer
    queryset = AttachmentPage.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"number": "number"}

    def get_queryset(self) -> QuerySet[AttachmentPage]:
        visible = Attachment.objects.visible_to(self.request.user)
        attachment = get_object_or_404(visible, key=self.kwargs["key"])
        passages = Passage.objects.select_related("page__attachment").order_by("start")
        pages = attachment.pages.select_related("attachment")
        return pages.prefetch_related(Prefetch("passages", passages))

    @extend_schema(operation_id="attachments_pages", responses=PageSerializer(many=True))
    def get(self, request: Request, key: str) -> Response:
        """List the words of a file page by page, with the passages that claims can cite."""
        del key
        return self.paginated(request)
