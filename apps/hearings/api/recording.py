"""Endpoints of the workspace: the speaking list, and the minutes."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.hearings.api.holding import TAGS, OfHearing
from apps.hearings.api.serializers import (
    AllMinutesSerializer,
    HearingStatementSerializer,
    MailedSerializer,
    PublicSpeakerSerializer,
    SpeakerActSerializer,
    SpeakerEntrySerializer,
    StaffSpeakerSerializer,
    StatementEntrySerializer,
)
from apps.hearings.models import Hearing, Speaker, Statement
from apps.hearings.services import (
    SpeakerInput,
    StatementInput,
    accept,
    add_speaker,
    change_statement,
    decline,
    move_speaker,
    order_in_turn,
    recall_statement,
    remind_speakers,
    remove_statement,
    send_statements,
    set_address,
    set_all_minutes,
    set_minutes,
    write_statement,
)


def typed_statement(entered: dict[str, Any]) -> StatementInput:
    """Return a statement as it would be typed."""
    return StatementInput(**{**entered, "item": str(entered["item"] or "")})


class OfSpeaker(OfHearing):
    """An endpoint of one speaker of a hearing."""

    def speaker(self) -> Speaker:
        """Return the speaker of the address."""
        hearing = self.hearing()
        found = get_object_or_404(hearing.speakers, pk=self.kwargs["speaker_id"])
        found.hearing = hearing
        return found


@extend_schema(tags=TAGS)
class Speakers(OfHearing):
    serializer_class = StaffSpeakerSerializer

    @extend_schema(operation_id="workspace_speakers", responses=StaffSpeakerSerializer(many=True))
    def get(self, request: Request, slug: str, hearing: str) -> Response:
        """List who asked to speak and who is on the list, with addresses; a thousand at most."""
        return self._listed(self.hearing())

    @extend_schema(
        operation_id="workspace_speakers_minutes",
        request=AllMinutesSerializer,
        responses=StaffSpeakerSerializer(many=True),
    )
    def patch(self, request: Request, slug: str, hearing: str) -> Response:
        """Give several on the list other minutes to speak; who is not on it is passed over."""
        found = self.hearing()
        given = self.entered(AllMinutesSerializer)["speakers"]
        minutes = {one["speaker"]: str(one["minutes"]) for one in given}
        set_all_minutes(found, minutes, by=request.user)
        return self._listed(found)

    def _listed(self, found: Hearing) -> Response:
        rows = found.speakers.select_related("person").order_by("position", "pk")
        return Response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        operation_id="workspace_speakers_add",
        request=SpeakerEntrySerializer,
        responses={201: StaffSpeakerSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Put somebody without an account on the list."""
        return once(request, self._add)

    def _add(self) -> Response:
        found = self.hearing()
        entered = self.entered(SpeakerEntrySerializer)
        numbers = {name: str(entered[name] or "") for name in ("item", "minutes")}
        typed = SpeakerInput(**{**entered, **numbers})
        made = add_speaker(found, typed, by=self.request.user)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=TAGS)
class SpeakerOf(OfSpeaker):
    serializer_class = StaffSpeakerSerializer

    @extend_schema(operation_id="workspace_speakers_decide", request=SpeakerActSerializer)
    def patch(self, request: Request, slug: str, hearing: str, speaker_id: int) -> Response:
        """Accept or decline a request, give time or an address, or move somebody in the list."""
        there, entered = self.speaker(), self.entered(SpeakerActSerializer)
        minutes, act, by = str(entered["minutes"] or ""), entered["act"], request.user
        if act == "accept":
            accept(there, minutes=minutes, by=by)
        elif act == "decline":
            decline(there, reason=entered["reason"], by=by)
        elif act == "address":
            set_address(there, email=entered["email"], by=by)
        elif act == "minutes":
            set_minutes(there, minutes=minutes, by=by)
        else:
            move_speaker(there, earlier=act == "earlier", by=by)
        return Response(self.get_serializer(self.speaker()).data)


@extend_schema(tags=TAGS)
class SpeakerOrder(OfHearing):
    serializer_class = PublicSpeakerSerializer

    @extend_schema(
        operation_id="workspace_speakers_order",
        request=None,
        responses=PublicSpeakerSerializer(many=True),
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Put the list in order, the stakeholder groups in turn."""
        return once(request, self._order)

    def _order(self) -> Response:
        ordered = order_in_turn(self.hearing(), by=self.request.user)
        return Response(self.get_serializer(ordered, many=True).data)


@extend_schema(tags=TAGS)
class Statements(OfSpeaker):
    serializer_class = HearingStatementSerializer

    @extend_schema(
        operation_id="workspace_statements", responses=HearingStatementSerializer(many=True)
    )
    def get(self, request: Request, slug: str, hearing: str, speaker_id: int) -> Response:
        """List what was written of a speaker, and what the speaker says to it."""
        rows = self.speaker().statements.select_related("submission").order_by("pk")
        return Response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        operation_id="workspace_statements_write",
        request=StatementEntrySerializer,
        responses={201: HearingStatementSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, hearing: str, speaker_id: int) -> HttpResponse:
        """Write down what a speaker said; nobody else reads it before it is confirmed."""
        return once(request, self._write)

    def _write(self) -> Response:
        there, entered = self.speaker(), self.entered(StatementEntrySerializer)
        made = write_statement(there, typed_statement(entered), by=self.request.user)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=TAGS)
class StatementOf(OfHearing):
    serializer_class = HearingStatementSerializer

    def _statement(self) -> Statement:
        hearing = self.hearing()
        known = hearing.statements.select_related("speaker", "submission")
        found = get_object_or_404(known, pk=self.kwargs["statement_id"])
        found.hearing = hearing
        return found

    @extend_schema(operation_id="workspace_statements_change", request=StatementEntrySerializer)
    def put(self, request: Request, slug: str, hearing: str, statement_id: int) -> Response:
        """Change a statement that was not sent, or that its speaker contests."""
        there, entered = self._statement(), self.entered(StatementEntrySerializer)
        changed = change_statement(there, typed_statement(entered), by=request.user)
        return Response(self.get_serializer(changed).data)

    @extend_schema(operation_id="workspace_statements_recall", request=None)
    def patch(self, request: Request, slug: str, hearing: str, statement_id: int) -> Response:
        """Take a statement back that waits for its speaker."""
        recalled = recall_statement(self._statement(), by=request.user)
        return Response(self.get_serializer(recalled).data)

    @extend_schema(operation_id="workspace_statements_remove", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, hearing: str, statement_id: int) -> Response:
        """Take a statement out that nobody confirmed."""
        remove_statement(self._statement(), by=request.user)
        return Response(status=204)


@extend_schema(tags=TAGS)
class Sending(OfSpeaker):
    serializer_class = MailedSerializer

    @extend_schema(
        operation_id="workspace_statements_send", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, hearing: str, speaker_id: int) -> HttpResponse:
        """Ask a speaker to confirm what was written; return how many statements were sent."""
        return once(request, self._send)

    def _send(self) -> Response:
        return Response({"count": send_statements(self.speaker(), by=self.request.user)})


@extend_schema(tags=TAGS)
class SpeakerReminders(OfHearing):
    serializer_class = MailedSerializer

    @extend_schema(
        operation_id="workspace_speakers_remind", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Write once more to speakers who did not answer and got no mail for a week."""
        return once(request, self._remind)

    def _remind(self) -> Response:
        return Response({"count": remind_speakers(self.hearing(), by=self.request.user)})
