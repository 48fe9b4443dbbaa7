"""Endpoints of what a consultation asks: texts in preparation, questions; and of its staff."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.api.preparing import Workspace
from apps.consultations.api.serializers import QuestionSerializer, VersionSerializer
from apps.consultations.inputs import QuestionInput
from apps.consultations.models import (
    Document,
    DraftProvision,
    Host,
    HostRole,
    Question,
    RoleOffer,
)
from apps.consultations.outlining import markdown_of, provisions_of
from apps.consultations.services import (
    ProvisionEdit,
    add_document,
    appoint,
    begin_version,
    change_provision,
    change_question,
    discard_text,
    dismiss,
    end_offer,
    move_question,
    publish_text,
    remove_question,
    restore_question,
    write_question,
    write_text,
)
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY


class ProvisionDraftSerializer(serializers.ModelSerializer[DraftProvision]):
    class Meta:
        model = DraftProvision
        fields = ["key", "label", "heading", "level", "text", "revision"]
        read_only_fields = ["key"]


class ProvisionEditSerializer(serializers.Serializer[Any]):
    heading = serializers.CharField(max_length=400)
    text = serializers.CharField(max_length=100_000, default="", allow_blank=True)
    label: Any = serializers.CharField(max_length=60, default="", allow_blank=True)
    level = serializers.IntegerField(min_value=1, max_value=6, default=2)
    revision = serializers.IntegerField(
        min_value=0, max_value=10**9, help_text="The one you saw; an older one is refused."
    )


class DocumentTitleSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=300)
    slug = serializers.SlugField(read_only=True)


class DraftTextSerializer(serializers.Serializer[Any]):
    markdown = serializers.CharField(
        max_length=5_000_000,
        allow_blank=True,
        help_text="Headings become provisions; `{#key}` behind one is its lasting name.",
    )
    provisions = ProvisionDraftSerializer(many=True, read_only=True)


class QuestionEntrySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2_000)
    kind = serializers.ChoiceField(choices=Question.Kind.choices, default="text")
    hint = serializers.CharField(max_length=2_000, default="", allow_blank=True)
    is_required = serializers.BooleanField(default=False)
    groups = serializers.ListField(
        child=serializers.ChoiceField(choices=StakeholderGroup.choices), default=list
    )
    provision_key = serializers.CharField(max_length=80, default="", allow_blank=True)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=50, default=list
    )
    scale_low = serializers.CharField(max_length=100, default="", allow_blank=True)
    scale_high = serializers.CharField(max_length=100, default="", allow_blank=True)
    condition_key = serializers.CharField(max_length=80, default="", allow_blank=True)
    condition_values = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=50, default=list
    )


class PlaceSerializer(serializers.Serializer[Any]):
    act = serializers.ChoiceField(choices=["earlier", "later", "restore"])


class SeatSerializer(serializers.ModelSerializer[HostRole]):
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=HostRole.Role.choices)

    class Meta:
        model = HostRole
        fields = ["id", "email", "role"]


class OfferSerializer(serializers.ModelSerializer[RoleOffer]):
    class Meta:
        model = RoleOffer
        fields = ["id", "email", "role", "expires_at"]


@extend_schema(tags=["workspace"])
class Documents(Workspace):
    serializer_class = DocumentTitleSerializer

    @extend_schema(
        operation_id="workspace_documents_add",
        responses={201: DocumentTitleSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Begin a document; nobody else sees it before its first version is published."""
        return once(request, self._add)

    def _add(self) -> Response:
        title = self.entered(DocumentTitleSerializer)["title"]
        made = add_document(self.edited(), title, by=self.request.user)
        return Response(self.get_serializer(made).data, status=201)


class _OfDocument(Workspace):
    def document(self) -> Document:
        """Return the document of the address."""
        consultation = self.edited()
        found = get_object_or_404(consultation.documents, slug=self.kwargs["document"])
        found.consultation = consultation
        return found


@extend_schema(tags=["workspace"])
class DraftText(_OfDocument):
    serializer_class = DraftTextSerializer

    def _shown(self, provisions: list[DraftProvision]) -> Response:
        text = {"markdown": markdown_of(provisions), "provisions": provisions}
        return Response(self.get_serializer(text).data)

    @extend_schema(operation_id="workspace_draft_text")
    def get(self, request: Request, slug: str, document: str) -> Response:
        """Return the next version of a document, empty where none is in preparation."""
        return self._shown(list(self.document().draft_provisions.order_by("position")))

    @extend_schema(operation_id="workspace_draft_text_write")
    def put(self, request: Request, slug: str, document: str) -> Response:
        """Replace the whole text of the next version; provisions that stay keep their keys."""
        provisions = provisions_of(self.entered(DraftTextSerializer)["markdown"])
        return self._shown(write_text(self.document(), provisions, by=request.user))

    @extend_schema(operation_id="workspace_draft_text_begin", request=None)
    def patch(self, request: Request, slug: str, document: str) -> Response:
        """Begin the next version with what the newest one says; begun before, it stays."""
        return self._shown(begin_version(self.document(), by=request.user))

    @extend_schema(operation_id="workspace_draft_text_discard", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, document: str) -> Response:
        """Give the next version up; what is published stays."""
        discard_text(self.document(), by=request.user)
        return Response(status=204)


@extend_schema(tags=["workspace"])
class DraftOfProvision(_OfDocument):
    serializer_class = ProvisionDraftSerializer

    @extend_schema(operation_id="workspace_provision_change", request=ProvisionEditSerializer)
    def put(self, request: Request, slug: str, document: str, key: str) -> Response:
        """Change one provision of the next version; refused where somebody was faster."""
        entered = ProvisionEdit(**self.entered(ProvisionEditSerializer))
        changed = change_provision(self.document(), key, entered, by=request.user)
        return Response(self.get_serializer(changed).data)


@extend_schema(tags=["workspace"])
class Versions(_OfDocument):
    @extend_schema(
        operation_id="workspace_version_publish",
        request=None,
        responses={201: VersionSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, document: str) -> HttpResponse:
        """Publish the text in preparation as the next version."""
        return once(request, self._publish)

    def _publish(self) -> Response:
        version = publish_text(self.document(), by=self.request.user)
        return Response(VersionSerializer(version).data, status=201)


@extend_schema(tags=["workspace"])
class Questions(Workspace):
    @extend_schema(
        operation_id="workspace_questions_add",
        request=QuestionEntrySerializer,
        responses={201: QuestionSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "Asked of those only who said no",
                {
                    "text": "Why not?",
                    "condition_key": "would-you-join",
                    "condition_values": ["no"],
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Append a question."""
        return once(request, self._add)

    def _add(self) -> Response:
        entered = _question(self.entered(QuestionEntrySerializer))
        made = write_question(self.edited(), entered, by=self.request.user)
        return Response(QuestionSerializer(made).data, status=201)


@extend_schema(tags=["workspace"])
class OneQuestion(Workspace):
    def _question(self) -> Question:
        consultation = self.edited()
        found = get_object_or_404(consultation.questions, key=self.kwargs["key"])
        found.consultation = consultation
        return found

    @extend_schema(
        operation_id="workspace_question_change",
        request=QuestionEntrySerializer,
        responses=QuestionSerializer,
    )
    def put(self, request: Request, slug: str, key: str) -> Response:
        """Change a question; once answered, its words stay."""
        entered = _question(self.entered(QuestionEntrySerializer))
        changed = change_question(self._question(), entered, by=request.user)
        return Response(QuestionSerializer(changed).data)

    @extend_schema(
        operation_id="workspace_question_place",
        request=PlaceSerializer,
        responses=QuestionSerializer,
    )
    def patch(self, request: Request, slug: str, key: str) -> Response:
        """Put a question one place earlier or later, or ask an archived one again."""
        question, act = self._question(), self.entered(PlaceSerializer)["act"]
        if act == "restore":
            restore_question(question, by=request.user)
        else:
            move_question(question, earlier=act == "earlier", by=request.user)
        return Response(QuestionSerializer(self._question()).data)

    @extend_schema(operation_id="workspace_question_remove", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, key: str) -> Response:
        """Take a question out; one with answers is archived."""
        remove_question(self._question(), by=request.user)
        return Response(status=204)


def _question(entered: dict[str, Any]) -> QuestionInput:
    choices = [("", label) for label in entered.pop("choices")]
    return QuestionInput(key="", choices=choices, **entered)


class _OfHost(Workspace):
    def host(self) -> Host:
        """Return the host of the address, as long as the reader works for it."""
        own = Host.objects.filter(roles__user=self.request.user.pk).distinct()
        return get_object_or_404(own, slug=self.kwargs["host"])


@extend_schema(tags=["workspace"])
class Staff(_OfHost):
    serializer_class = SeatSerializer

    @extend_schema(operation_id="workspace_staff", responses=SeatSerializer(many=True))
    def get(self, request: Request, host: str) -> Response:
        """List who works for a host, and as what."""
        seats = self.host().roles.select_related("user").order_by("id")
        return Response(self.get_serializer(seats, many=True).data)

    @extend_schema(
        operation_id="workspace_staff_appoint",
        responses={201: SeatSerializer, 202: OfferSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, host: str) -> HttpResponse:
        """Give a role, as an owner; without an account it is offered by mail, and 202 says so."""
        return once(request, self._appoint)

    def _appoint(self) -> Response:
        entered = self.entered(SeatSerializer)
        given = appoint(
            self.host(),
            email=entered["user"]["email"],
            role=entered["role"],
            by=self.request.user,
        )
        if isinstance(given, RoleOffer):
            return Response(OfferSerializer(given).data, status=202)
        return Response(self.get_serializer(given).data, status=201)


@extend_schema(tags=["workspace"])
class Seat(_OfHost):
    @extend_schema(operation_id="workspace_staff_dismiss", request=None, responses={204: None})
    def delete(self, request: Request, host: str, role_id: int) -> Response:
        """Take a role away, as an owner; the last owner stays."""
        dismiss(get_object_or_404(self.host().roles, pk=role_id), by=request.user)
        return Response(status=204)


@extend_schema(tags=["workspace"])
class Offers(_OfHost):
    serializer_class = OfferSerializer

    @extend_schema(operation_id="workspace_offers", responses=OfferSerializer(many=True))
    def get(self, request: Request, host: str) -> Response:
        """List the roles that were offered by mail and wait for an answer."""
        return Response(self.get_serializer(self.host().offers.order_by("id"), many=True).data)


@extend_schema(tags=["workspace"])
class OneOffer(_OfHost):
    @extend_schema(operation_id="workspace_offers_withdraw", request=None, responses={204: None})
    def delete(self, request: Request, host: str, offer_id: int) -> Response:
        """Take an offer back, as an owner: its link opens nothing any more."""
        end_offer(get_object_or_404(self.host().offers, pk=offer_id), by=request.user)
        return Response(status=204)
