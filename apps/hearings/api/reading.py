"""Endpoints for everybody: hearings, their minutes, asking to speak, answering the minutes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Organisation
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.errors import NotAllowed
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly
from apps.hearings.api.serializers import (
    HearingMinutesSerializer,
    HearingSerializer,
    HearingStatementSerializer,
    OwnRequestSerializer,
    RequestSerializer,
    SaidOnRecordSerializer,
    StatementAnswersSerializer,
    WholeHearingSerializer,
)
from apps.hearings.counting import group_rows, speaking_time
from apps.hearings.models import Hearing, Speaker, Statement
from apps.hearings.proving import read_token
from apps.hearings.reading import minutes_of
from apps.hearings.services import (
    Confirmation,
    RequestInput,
    answer_statements,
    ask_to_speak,
    withdraw_request,
)


class _Announced(Endpoint):
    permission_classes = [ReadOnly]

    def hearing(self) -> Hearing:
        """Return the hearing of the address, as far as everybody may see it."""
        visible = Hearing.objects.visible_to(self.request.user).select_related("consultation")
        place = {"consultation__slug": self.kwargs["slug"], "slug": self.kwargs["hearing"]}
        return get_object_or_404(visible, **place)


@extend_schema(tags=["hearings"])
class Hearings(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class = HearingSerializer
    queryset = Hearing.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"starts_at": "starts_at", "-starts_at": "-starts_at"}

    def get_queryset(self) -> QuerySet[Hearing]:
        visible = Hearing.objects.visible_to(self.request.user).select_related("consultation")
        return visible.filter(consultation__slug=self.kwargs["slug"])

    @extend_schema(operation_id="hearings_list", responses=HearingSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the hearings of a consultation, also those that were cancelled."""
        return self.paginated(request)


@extend_schema(tags=["hearings"])
class HearingOf(_Announced):
    serializer_class = WholeHearingSerializer

    @extend_schema(operation_id="hearings_read")
    def get(self, request: Request, slug: str, hearing: str) -> Response:
        """Return a hearing with its agenda, its speaking list, and the time of each group."""
        found = self.hearing()
        accepted = list(found.speakers.accepted())
        time = speaking_time(found, accepted)
        shown: dict[str, Any] = {
            "agenda": found.items.all(),
            "speakers": accepted,
            "groups": group_rows(found, accepted),
            "speaking_minutes": time.total,
            "length_minutes": time.length,
        }
        return Response(self.get_serializer(_Whole(found, shown)).data)


class _Whole:
    """A hearing with what is counted of it, read like one object."""

    def __init__(self, hearing: Hearing, more: Mapping[str, Any]) -> None:
        self._hearing = hearing
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hearing, name)


@extend_schema(tags=["hearings"])
class Minutes(_Announced):
    serializer_class = HearingMinutesSerializer

    @extend_schema(operation_id="hearings_minutes")
    def get(self, request: Request, slug: str, hearing: str) -> Response:
        """Return what speakers confirmed; there is nothing before the host publishes it."""
        found = self.hearing()
        if found.minutes_published_at is None:
            raise Http404
        minutes = {
            "published_at": found.minutes_published_at,
            "waiting": found.statements.unanswered().count(),
            "pdf": f"{self.root}{found.minutes_pdf_url}",
            "statements": [one for matter in minutes_of(found) for one in matter.said],
        }
        return Response(self.get_serializer(minutes).data)


@extend_schema(tags=["hearings"])
class Requests(_Announced):
    permission_classes = [IsAuthenticated]
    serializer_class = OwnRequestSerializer

    @extend_schema(operation_id="hearings_own_requests", responses=OwnRequestSerializer(many=True))
    def get(self, request: Request, slug: str, hearing: str) -> Response:
        """List your requests to speak, and those of organisations you may submit for."""
        own = Speaker.objects.belonging_to(request.user).filter(hearing=self.hearing())
        return Response(self.get_serializer(own.order_by("pk"), many=True).data)

    @extend_schema(
        operation_id="hearings_ask_to_speak",
        request=RequestSerializer,
        responses={201: OwnRequestSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Ask to speak, once in each capacity."""
        return once(request, self._ask)

    def _ask(self) -> Response:
        found = self.hearing()
        asked = RequestSerializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        data["organisation"] = self._organisation(data["organisation"])
        data["item"] = str(data["item"] or "")
        made = ask_to_speak(found, RequestInput(**data), by=self.request.user)
        return Response(self.get_serializer(made).data, status=201)

    def _organisation(self, slug: str) -> Organisation | None:
        if not slug:
            return None
        found = Organisation.objects.with_submitter(self.request.user).filter(slug=slug).first()
        if found is None:
            raise NotAllowed(
                _("Only a submitter or a signatory may ask to speak for this organisation.")
            )
        return found


@extend_schema(tags=["hearings"])
class OneRequest(_Announced):
    permission_classes = [IsAuthenticated]
    serializer_class = OwnRequestSerializer

    @extend_schema(operation_id="hearings_withdraw_request", responses=OwnRequestSerializer)
    def delete(self, request: Request, slug: str, hearing: str, speaker_id: int) -> Response:
        """Withdraw a request to speak, as long as the hearing has not begun."""
        own = Speaker.objects.belonging_to(request.user).filter(hearing=self.hearing())
        speaker = get_object_or_404(own, pk=speaker_id)
        return Response(self.get_serializer(withdraw_request(speaker, by=request.user)).data)


ANSWERS = OpenApiExample(
    "One confirmed, one in other words",
    {
        "answers": [
            {"statement": 7, "act": "confirm", "revision": 1},
            {"statement": 8, "act": "correct", "revision": 2, "text": "Within 24 hours."},
        ]
    },
    request_only=True,
)


class _Said(Endpoint):
    serializer_class: Any = HearingStatementSerializer

    def sent(self, speaker: Speaker) -> Response:
        """Return what was sent to a speaker."""
        sent = speaker.statements.exclude(state=Statement.State.DRAFT)
        rows = sent.select_related("submission").order_by("pk")
        return Response(HearingStatementSerializer(rows, many=True).data)

    def answered(self, speaker: Speaker, by: Any) -> Response:
        """Take the answers in."""
        entered = StatementAnswersSerializer(data=self.request.data)
        entered.is_valid(raise_exception=True)
        given = [Confirmation(**one) for one in entered.validated_data["answers"]]
        filed = answer_statements(speaker, given, by=by)
        return Response({"submission": filed.reference if filed else None})


@extend_schema(tags=["hearings"])
class OwnStatements(_Said):
    permission_classes = [IsAuthenticated]

    def _speaker(self) -> Speaker:
        own = Speaker.objects.belonging_to(self.request.user).select_related("hearing")
        return get_object_or_404(own, pk=self.kwargs["speaker_id"])

    @extend_schema(operation_id="statements_own", responses=HearingStatementSerializer(many=True))
    def get(self, request: Request, speaker_id: int) -> Response:
        """List what the minutes say you said."""
        return self.sent(self._speaker())

    @extend_schema(
        operation_id="statements_answer",
        request=StatementAnswersSerializer,
        responses=SaidOnRecordSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[ANSWERS],
    )
    def post(self, request: Request, speaker_id: int) -> HttpResponse:
        """Answer all that waits, at once; what you confirm is filed as a submission."""
        return once(request, lambda: self.answered(self._speaker(), request.user))


@extend_schema(tags=["hearings"])
class StatementsByMail(_Said):
    permission_classes = [AllowAny]

    def _speaker(self) -> Speaker:
        try:
            return read_token(self.kwargs["speaker_token"])
        except (BadSignature, Speaker.DoesNotExist) as error:
            raise Http404 from error

    @extend_schema(
        operation_id="statements_by_mail", responses=HearingStatementSerializer(many=True)
    )
    def get(self, request: Request, speaker_token: str) -> Response:
        """List what the minutes say was said by who got the mail with this token."""
        return self.sent(self._speaker())

    @extend_schema(
        operation_id="statements_answer_by_mail",
        request=StatementAnswersSerializer,
        responses=SaidOnRecordSerializer,
        examples=[ANSWERS],
    )
    def post(self, request: Request, speaker_token: str) -> HttpResponse:
        """Answer all that waits, at once; a second time nothing waits."""
        return self.answered(self._speaker(), None)
