"""Endpoints of a consultation in preparation: begun, described, dated, checked, published."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.api.serializers import ConsultationRowSerializer, PhaseSerializer
from apps.consultations.models import BackgroundDocument, Consultation, Host, HostRole
from apps.consultations.outlines import OUTLINES
from apps.consultations.readiness import readiness_of
from apps.consultations.services import (
    BackgroundInput,
    DetailsInput,
    PhaseEntry,
    StartInput,
    add_background,
    change_details,
    clone_consultation,
    close_early,
    publish,
    remove_background,
    schedule,
    start_consultation,
    translate,
)
from apps.consultations.translating import translated
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY

LOCAL = "As clocks in the time zone of the consultation show it: 2027-01-04T09:00."


class Workspace(Endpoint):
    """An endpoint for owners and editors of a host; for others there is nothing."""

    permission_classes = [IsAuthenticated]
    serializer_class: Any = serializers.Serializer

    def edited(self) -> Consultation:
        """Return the consultation of the address, or answer as where there is none."""
        edited = Consultation.objects.edited_by(self.request.user).with_phases()
        return get_object_or_404(edited, slug=self.kwargs["slug"])

    def entered(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return what was sent, checked in form."""
        asked = serializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def shown(self, consultation: Consultation, *, status: int = 200) -> Response:
        """Return a consultation as lists show it."""
        found = Consultation.objects.with_phases().get(pk=consultation.pk)
        return Response(ConsultationRowSerializer(found).data, status=status)


class StartSerializer(serializers.Serializer[Any]):
    host = serializers.SlugRelatedField(slug_field="slug", queryset=Host.objects.all())
    title = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(choices=[(key, one.name) for key, one in OUTLINES.items()])
    language = serializers.CharField(max_length=12, default="en")
    time_zone = serializers.CharField(max_length=64, default="UTC")
    docket = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="Empty takes the next free one."
    )


class CloneSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=300)
    docket = serializers.CharField(max_length=60, default="", allow_blank=True)


class ConsultationDetailsSerializer(serializers.ModelSerializer[Consultation]):
    languages = serializers.ListField(
        child=serializers.CharField(max_length=12), max_length=30, default=list
    )

    class Meta:
        model = Consultation
        fields = [
            *("title", "summary", "kind", "language", "languages", "time_zone", "authority"),
            *("source_url", "moderation_policy", "analysis_policy", "short_window_reason"),
        ]


class PhaseEntrySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(
        source="pk", required=False, help_text="Of a phase that is there; none for a new one."
    )
    kind = serializers.CharField(max_length=16)
    opens = serializers.CharField(max_length=32, help_text=LOCAL)
    closes = serializers.CharField(
        max_length=32, default="", allow_blank=True, help_text=f"{LOCAL} Empty stays open."
    )
    title = serializers.CharField(max_length=200, default="", allow_blank=True)


class ScheduleSerializer(serializers.Serializer[Any]):
    phases = PhaseEntrySerializer(many=True, max_length=20)  # type: ignore[call-arg]
    reason = serializers.CharField(
        max_length=4_000,
        default="",
        allow_blank=True,
        help_text="Needed once the consultation is published; everybody reads it.",
    )


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=4_000, default="", allow_blank=True)


class ReadinessSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label: Any = serializers.CharField()
    state = serializers.CharField(help_text="`done`, `open` or `blocking`.")
    told = serializers.CharField(help_text="What to do, empty where it is done.")
    is_needed = serializers.BooleanField(help_text="Whether publishing waits for it.")
    figure: Any = serializers.CharField(help_text="What was measured, empty where nothing was.")


class BackgroundSerializer(serializers.ModelSerializer[BackgroundDocument]):
    class Meta:
        model = BackgroundDocument
        fields = ["id", "title", "summary", "url"]
        extra_kwargs = {"url": {"required": True, "allow_blank": False}}  # noqa: RUF012


class TranslatedSerializer(serializers.Serializer[Any]):
    place = serializers.CharField(source="place.name")
    original = serializers.CharField(source="place.original")
    text = serializers.CharField()
    state = serializers.CharField(help_text="`missing`, `stale` or `done`.")


class TranslateSerializer(serializers.Serializer[Any]):
    texts = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=200_000),
        help_text="Translation by place; an empty one takes it away.",
    )


@extend_schema(tags=["workspace"])
class Started(Workspace):
    @extend_schema(
        operation_id="workspace_start",
        request=StartSerializer,
        responses={201: ConsultationRowSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "A draft text",
                {"host": "secretariat", "title": "A pause", "kind": "draft text"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Begin an unpublished consultation with the phases and questions of its kind."""
        return once(request, self._start)

    def _start(self) -> Response:
        entered = self.entered(StartSerializer)
        host = entered.pop("host")
        made = start_consultation(host, StartInput(**entered), by=self.request.user)
        return self.shown(made, status=201)


@extend_schema(tags=["workspace"])
class Cloned(Workspace):
    @extend_schema(
        operation_id="workspace_clone",
        request=CloneSerializer,
        responses={201: ConsultationRowSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Begin a consultation with everything an earlier one asks, and no answer to it."""
        return once(request, self._clone)

    def _clone(self) -> Response:
        source, entered = self.edited(), self.entered(CloneSerializer)
        return self.shown(clone_consultation(source, **entered, by=self.request.user), status=201)


@extend_schema(tags=["workspace"])
class Details(Workspace):
    serializer_class = ConsultationDetailsSerializer

    @extend_schema(operation_id="workspace_details")
    def get(self, request: Request, slug: str) -> Response:
        """Return what a consultation says of itself."""
        return Response(self.get_serializer(self.edited()).data)

    @extend_schema(operation_id="workspace_details_change")
    def put(self, request: Request, slug: str) -> Response:
        """Change what a consultation says of itself; another time zone moves no date."""
        entered = DetailsInput(**self.entered(ConsultationDetailsSerializer))
        changed = change_details(self.edited(), entered, by=request.user)
        return Response(self.get_serializer(changed).data)


@extend_schema(tags=["workspace"])
class Schedule(Workspace):
    @extend_schema(
        operation_id="workspace_schedule",
        request=ScheduleSerializer,
        responses=PhaseSerializer(many=True),
    )
    def put(self, request: Request, slug: str) -> Response:
        """Replace the phases; once published, a change needs a reason that everybody reads."""
        entered = self.entered(ScheduleSerializer)
        entries = [PhaseEntry(**one) for one in entered["phases"]]
        phases = schedule(self.edited(), entries, reason=entered["reason"], by=request.user)
        return Response(PhaseSerializer(phases, many=True).data)


@extend_schema(tags=["workspace"])
class Closing(Workspace):
    @extend_schema(
        operation_id="workspace_close",
        request=ReasonSerializer,
        responses=PhaseSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, phase_id: int) -> HttpResponse:
        """Close an open phase now, with a reason; whoever was typing has 10 minutes left."""
        return once(request, lambda: self._close(phase_id))

    def _close(self, phase_id: int) -> Response:
        consultation = self.edited()
        phase = get_object_or_404(consultation.phases, pk=phase_id)
        phase.consultation = consultation
        reason = self.entered(ReasonSerializer)["reason"]
        closed = close_early(phase, reason=reason, by=self.request.user)
        return Response(PhaseSerializer(closed).data)


@extend_schema(tags=["workspace"])
class Readiness(Workspace):
    @extend_schema(operation_id="workspace_readiness", responses=ReadinessSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List what was looked at before a consultation is published, and what is open of it."""
        read = Consultation.objects.of_staff(request.user, HostRole.CHECKERS).with_phases()
        items = readiness_of(get_object_or_404(read, slug=slug))
        return Response(ReadinessSerializer(items, many=True).data)


@extend_schema(tags=["workspace"])
class Publication(Workspace):
    @extend_schema(
        operation_id="workspace_publish",
        request=ReasonSerializer,
        responses=ConsultationRowSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Publish a consultation with its texts; with open items only with a reason."""
        return once(request, self._publish)

    def _publish(self) -> Response:
        reason = self.entered(ReasonSerializer)["reason"]
        return self.shown(publish(self.edited(), reason=reason, by=self.request.user))


@extend_schema(tags=["workspace"])
class Background(Workspace):
    serializer_class = BackgroundSerializer

    @extend_schema(
        operation_id="workspace_background_add",
        responses={201: BackgroundSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Name a document to read before answering, with what it says in short."""
        return once(request, self._add)

    def _add(self) -> Response:
        entered = BackgroundInput(**self.entered(BackgroundSerializer))
        added = add_background(self.edited(), entered, by=self.request.user)
        return Response(self.get_serializer(added).data, status=201)


@extend_schema(tags=["workspace"])
class OneBackground(Workspace):
    @extend_schema(operation_id="workspace_background_remove", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, background_id: int) -> Response:
        """Name a document no longer."""
        row = get_object_or_404(self.edited().background, pk=background_id)
        remove_background(row, by=request.user)
        return Response(status=204)


@extend_schema(tags=["workspace"])
class TranslationInto(Workspace):
    @extend_schema(operation_id="workspace_translation", responses=TranslatedSerializer(many=True))
    def get(self, request: Request, slug: str, language: str) -> Response:
        """List every text of a consultation with its translation, and what is missing."""
        return Response(TranslatedSerializer(translated(self.edited(), language), many=True).data)

    @extend_schema(
        operation_id="workspace_translate",
        request=TranslateSerializer,
        responses=TranslatedSerializer(many=True),
    )
    def put(self, request: Request, slug: str, language: str) -> Response:
        """Keep translations of the places that are named; others stay as they are."""
        consultation, texts = self.edited(), self.entered(TranslateSerializer)["texts"]
        translate(consultation, language, texts, by=request.user)
        return Response(TranslatedSerializer(translated(consultation, language), many=True).data)
