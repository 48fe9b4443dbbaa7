"""Endpoints of a draft among colleagues: comments, and the sign-off by a signatory."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.submissions.models import DraftComment, SignOff, Submission
from apps.submissions.services import (
    ask_for_sign_off,
    comment,
    resolve_comment,
    seal_of,
    sign_off,
)
from apps.submissions.services.signing import signatories_of, stands_over

LONGEST_PLACE = 140


class CommentSerializer(serializers.ModelSerializer[DraftComment]):
    """A comment; only those who may draft see it, and only while the draft is one."""

    author = serializers.StringRelatedField[Any](allow_null=True)

    class Meta:
        model = DraftComment
        fields = ("id", "place", "author", "text", "at", "resolved_at")
        read_only_fields = fields


class CommentInputSerializer(serializers.Serializer[Any]):
    """What a colleague says."""

    place = serializers.CharField(
        max_length=LONGEST_PLACE,
        allow_blank=True,
        default="",
        help_text="`provision:KEY`, `question:KEY`, `files`, or empty for the whole response.",
    )
    text = serializers.CharField(max_length=5_000, trim_whitespace=False)


class SealSerializer(serializers.Serializer[Any]):
    """What is signed."""

    seal = serializers.CharField(
        max_length=64, help_text="As it was read: nobody signs what changed meanwhile."
    )


class SignOffSerializer(serializers.Serializer[Any]):
    """How the sign-off of a draft stands."""

    is_required = serializers.BooleanField(help_text="Whether filing needs it.")
    is_signed = serializers.BooleanField(help_text="Whether it stands over the draft as it is.")
    seal = serializers.CharField(help_text="SHA-256 over all that would be filed.")
    signatories = serializers.ListField(child=serializers.CharField(), help_text="Who can sign.")
    asked_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True, help_text="When an edit made it void.")


COMMENT = OpenApiExample(
    "On the point about Article 3",
    {"place": "provision:article-3", "text": "Is this figure still right?"},
    request_only=True,
)


def own_draft(request: Request, draft_id: int) -> Submission:
    drafts = Submission.objects.drafts_of(request.user)
    return get_object_or_404(drafts.select_related("consultation", "organisation"), pk=draft_id)


@extend_schema(tags=["drafts"])
class Comments(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CommentSerializer
    queryset = DraftComment.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"id": "id", "-id": "-id"}

    def get_queryset(self) -> QuerySet[DraftComment]:
        draft = own_draft(self.request, self.kwargs["draft_id"])
        return DraftComment.objects.visible_to(self.request.user).filter(draft=draft).in_order()

    @extend_schema(operation_id="comments_list", responses=CommentSerializer(many=True))
    def get(self, request: Request, draft_id: int) -> Response:
        """List the comments of your colleagues on a draft."""
        return self.paginated(request)

    @extend_schema(
        operation_id="comments_leave",
        request=CommentInputSerializer,
        responses={201: CommentSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[COMMENT],
    )
    def post(self, request: Request, draft_id: int) -> HttpResponse:
        """Comment on a place of a draft; all comments go when it is filed or discarded."""
        return once(request, lambda: self._leave(request, draft_id))

    def _leave(self, request: Request, draft_id: int) -> Response:
        draft = own_draft(request, draft_id)
        asked = CommentInputSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = comment(draft, by=request.user, **asked.validated_data)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=["drafts"])
class Resolution(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CommentSerializer

    @extend_schema(operation_id="comments_resolve", request=None, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, draft_id: int, comment_id: int) -> HttpResponse:
        """Mark a comment as dealt with; a second time changes nothing."""
        return once(request, lambda: self._resolve(request, draft_id, comment_id))

    def _resolve(self, request: Request, draft_id: int, comment_id: int) -> Response:
        mine = DraftComment.objects.visible_to(request.user).select_related("draft")
        found = get_object_or_404(mine, draft=draft_id, pk=comment_id)
        return Response(self.get_serializer(resolve_comment(found, by=request.user)).data)


@extend_schema(tags=["drafts"])
class OneSignOff(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = SignOffSerializer

    @extend_schema(operation_id="sign_off_retrieve")
    def get(self, request: Request, draft_id: int) -> Response:
        """Return how the sign-off stands, and the seal a signatory signs."""
        return Response(self._standing(own_draft(request, draft_id)))

    @extend_schema(
        operation_id="sign_off_give",
        request=SealSerializer,
        responses=SignOffSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, draft_id: int) -> HttpResponse:
        """Sign a draft off as a signatory: exactly what the seal stands for."""
        return once(request, lambda: self._give(request, draft_id))

    def _give(self, request: Request, draft_id: int) -> Response:
        draft = own_draft(request, draft_id)
        asked = SealSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sign_off(draft, seal=asked.validated_data["seal"], by=request.user)
        return Response(self._standing(draft))

    def _standing(self, draft: Submission) -> Mapping[str, Any]:
        organisation, seal = draft.organisation, seal_of(draft)
        found = SignOff.objects.filter(draft=draft).select_related("signed_by").first()
        names = [str(one) for one in signatories_of(organisation)] if organisation else []
        facts = {
            "is_required": organisation is not None and organisation.requires_sign_off,
            "is_signed": organisation is not None and stands_over(found, seal, organisation),
            "seal": seal,
            "signatories": names,
            **{name: getattr(found, name, None) for name in ("asked_at", "signed_at", "voided_at")},
        }
        answer: Mapping[str, Any] = self.get_serializer(facts).data
        return answer


@extend_schema(tags=["drafts"])
class SignOffRequest(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = SignOffSerializer

    @extend_schema(
        operation_id="sign_off_ask",
        request=None,
        responses={204: None},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, draft_id: int) -> HttpResponse:
        """Ask the signatories by mail to sign a draft off; at most once in ten minutes."""
        return once(request, lambda: self._ask(request, draft_id))

    def _ask(self, request: Request, draft_id: int) -> Response:
        ask_for_sign_off(own_draft(request, draft_id), by=request.user)
        return Response(status=204)
