"""Endpoints of drafts: started, replaced, read by their own, filed or discarded."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation, Phase
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.submissions.api.filing import (
    content_of,
    gives_away,
    organisation_of,
    receipt_response,
)
from apps.submissions.api.inputs import ContentSerializer, DraftStartSerializer
from apps.submissions.api.serializers import (
    DraftRowSerializer,
    DraftSerializer,
    ReceiptSerializer,
    SubmissionSerializer,
)
from apps.submissions.api.views import whole, without_words_where_withdrawn
from apps.submissions.concealing import public_version
from apps.submissions.models import Attachment, Submission, Visibility
from apps.submissions.services import (
    confided,
    discard_draft,
    reusable,
    reuse,
    save_draft,
    start_draft,
    start_revision,
    submit,
    withdraw,
)
from apps.submissions.services import content_of as content_of_draft
from apps.submissions.telltale import files_that_tell, signs_of


@extend_schema(tags=["drafts"])
class Drafts(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = DraftRowSerializer
    queryset = Submission.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[Submission]:
        drafts = Submission.objects.drafts_of(self.request.user)
        return drafts.select_related("consultation", "organisation")

    @extend_schema(operation_id="drafts_list", responses=DraftRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List your drafts and those of your organisations."""
        return self.paginated(request)

    @extend_schema(
        operation_id="drafts_start",
        request=DraftStartSerializer,
        responses={201: DraftSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Start a draft, or return the one there is in the open phase of its kind."""
        return once(request, lambda: self._start(request))

    def _start(self, request: Request) -> Response:
        asked = DraftStartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        visible = Consultation.objects.visible_to(request.user)
        consultation = get_object_or_404(visible, slug=asked.validated_data["consultation"])
        draft = start_draft(
            consultation,
            author=request.user,
            organisation=organisation_of(request.user, asked.validated_data["organisation"]),
            group=asked.validated_data["group"],
            kind=Phase.Kind.REPLY if asked.validated_data["is_reply"] else Phase.Kind.COMMENT,
        )
        return draft_response(draft, root=self.root)


def draft_response(draft: Submission, *, root: str) -> Response:
    """Return 201 with a draft and its address."""
    url = f"{root}{reverse('api:draft', args=[draft.pk])}"
    shown = whole(Submission.objects.filter(pk=draft.pk), files=Attachment.objects.all()).get()
    return Response(
        DraftSerializer(shown, context={"root": root}).data, status=201, headers={"Location": url}
    )


class _DraftEndpoint(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class: Any = DraftSerializer

    def get_queryset(self) -> QuerySet[Submission]:
        return Submission.objects.drafts_of(self.request.user).select_related(
            "consultation", "organisation"
        )


@extend_schema(tags=["drafts"])
class Draft(_DraftEndpoint):
    @extend_schema(operation_id="drafts_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        """Return a draft with everything in it."""
        draft = get_object_or_404(whole(self.get_queryset(), files=Attachment.objects.all()), pk=pk)
        return Response(self.get_serializer(draft).data)

    @extend_schema(
        operation_id="drafts_replace",
        request=ContentSerializer,
        responses={200: DraftSerializer},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Replace everything in a draft."""
        draft = get_object_or_404(self.get_queryset(), pk=pk)
        asked = ContentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        save_draft(draft, content_of(asked.validated_data), by=request.user)
        return self.get(request, pk)

    @extend_schema(operation_id="drafts_discard", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Discard a draft."""
        discard_draft(get_object_or_404(self.get_queryset(), pk=pk), by=request.user)
        return Response(status=204)


class ReuseSerializer(serializers.Serializer):
    consultation = serializers.SlugField(max_length=80, help_text="Where it was filed.")
    reference = serializers.CharField(max_length=120, help_text="The tracking number.")
    parts = serializers.ListField(
        child=serializers.CharField(max_length=100),
        max_length=1_000,
        allow_null=True,
        default=None,
        help_text="“answer:key” and “point:place”, counted from 0; null: all that fits.",
    )


@extend_schema(tags=["drafts"])
class Reuse(_DraftEndpoint):
    @extend_schema(
        operation_id="drafts_reuse",
        request=ReuseSerializer,
        responses={200: DraftSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "All that fits of an earlier response",
                {"consultation": "pause-protocol", "reference": "PL-7K3M-9Q2X-4TBC"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, pk: int) -> HttpResponse:
        """Copy what fits of an earlier response of the same owner; what is there stays."""
        return once(request, lambda: self._reuse(request, pk))

    def _reuse(self, request: Request, pk: int) -> Response:
        draft = get_object_or_404(self.get_queryset(), pk=pk)
        asked = ReuseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        named = asked.validated_data
        earlier = get_object_or_404(
            reusable(request.user, draft.organisation),
            consultation__slug=named["consultation"],
            reference=named["reference"],
        )
        reuse(draft, earlier, parts=named["parts"], by=request.user)
        shown = whole(self.get_queryset(), files=Attachment.objects.all()).get(pk=pk)
        return Response(self.get_serializer(shown).data)


class PublicVersionSerializer(ContentSerializer):
    """A draft as everybody would read it."""

    speaker = serializers.CharField(
        allow_blank=True, help_text="The name everybody reads; empty where it is withheld."
    )
    gives_away = serializers.ListField(
        child=serializers.CharField(),
        help_text="In words, what would tell the public what is kept back, or who speaks.",
    )


@extend_schema(tags=["drafts"])
class PublicVersion(_DraftEndpoint):
    serializer_class = PublicVersionSerializer

    @extend_schema(operation_id="drafts_public", responses=PublicVersionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Return what everybody would read if a draft were filed as it is."""
        draft = get_object_or_404(self.get_queryset(), pk=pk)
        content = content_of_draft(draft)
        shown, _found = public_version(content, language=draft.language)
        files = [note for note in shown.attachments if not note.kept_back]
        is_withheld = shown.visibility == Visibility.WITHHELD
        answer = asdict(replace(shown, attachments=files))
        told = [message for _place, message in files_that_tell(draft, content)]
        return Response(
            {
                **answer,
                "speaker": "" if is_withheld else draft.speaker,
                "gives_away": [*told, *signs_of(draft, content)],
            }
        )


@extend_schema(tags=["drafts"])
class DraftFiling(_DraftEndpoint):
    serializer_class = ReceiptSerializer

    @extend_schema(
        operation_id="drafts_submit",
        request=None,
        responses={201: ReceiptSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, pk: int) -> HttpResponse:
        """File a draft and get the receipt."""
        return once(request, lambda: self._submit(request, pk))

    def _submit(self, request: Request, pk: int) -> Response:
        draft = get_object_or_404(self.get_queryset(), pk=pk)
        receipt = submit(draft, by=request.user, source=Submission.Source.API)
        left_out = draft.parties.left_out().values_list("organisation__name", flat=True)
        return receipt_response(
            receipt,
            draft.consultation,
            root=self.root,
            left_out=list(left_out),
            gives_away=gives_away(receipt, draft.visibility),
        )


class _FiledEndpoint(Endpoint):
    permission_classes = [IsAuthenticated]

    def filed(self, slug: str, reference: str) -> Submission:
        visible = Submission.objects.visible_to(self.request.user).on_record()
        named = visible.select_related("consultation", "organisation")
        return get_object_or_404(named, consultation__slug=slug, reference=reference)


@extend_schema(tags=["drafts"])
class Revisions(_FiledEndpoint):
    serializer_class = DraftSerializer

    @extend_schema(
        operation_id="submissions_revise",
        request=None,
        responses={201: DraftSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, reference: str) -> HttpResponse:
        """Start the draft that will replace a submission when it is filed, a copy of it."""
        return once(request, lambda: self._start(request, slug, reference))

    def _start(self, request: Request, slug: str, reference: str) -> Response:
        draft = start_revision(self.filed(slug, reference), by=request.user)
        return draft_response(draft, root=self.root)


@extend_schema(tags=["submissions"])
class Original(_FiledEndpoint):
    serializer_class = ContentSerializer

    @extend_schema(operation_id="submissions_original", responses=ContentSerializer)
    def get(self, request: Request, slug: str, reference: str) -> Response:
        """Return what was filed with what is kept back: to its owner, and to staff of the host."""
        shown = Submission.objects.confided_to(request.user).exclude(visibility=Visibility.NAMED)
        shown = shown.exclude(state=Submission.State.WITHDRAWN).on_record()
        submission = get_object_or_404(shown, consultation__slug=slug, reference=reference)
        return Response(asdict(confided(submission, request.user)))


@extend_schema(tags=["submissions"])
class Withdrawal(_FiledEndpoint):
    serializer_class = SubmissionSerializer

    @extend_schema(
        operation_id="submissions_withdraw",
        request=None,
        responses={200: SubmissionSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, reference: str) -> HttpResponse:
        """Withdraw a submission for good: it stays on the record without its words."""
        return once(request, lambda: self._withdraw(request, slug, reference))

    def _withdraw(self, request: Request, slug: str, reference: str) -> Response:
        withdrawn = withdraw(self.filed(slug, reference), by=request.user)
        shown = whole(Submission.objects.filter(pk=withdrawn.pk)).get()
        return Response(self.get_serializer(without_words_where_withdrawn(shown)).data)
