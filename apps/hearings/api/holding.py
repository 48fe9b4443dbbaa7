"""Endpoints of the workspace: a hearing planned, announced, moved, cancelled; its agenda."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.api.preparing import Workspace
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.hearings.api.serializers import (
    AgendaItemSerializer,
    HearingEntrySerializer,
    HearingSerializer,
    ItemPlaceSerializer,
    WhySerializer,
)
from apps.hearings.models import AgendaItem, Hearing
from apps.hearings.services import (
    HearingInput,
    ItemInput,
    add_item,
    announce_hearing,
    cancel_hearing,
    change_hearing,
    change_item,
    close_hearing,
    create_hearing,
    delete_hearing,
    move_item,
    publish_minutes,
    remove_item,
)

TAGS = ["workspace"]


def typed_hearing(entered: dict[str, Any]) -> HearingInput:
    """Return a hearing as it would be typed."""
    return HearingInput(**{**entered, "minutes_each": str(entered["minutes_each"])})


def typed_item(entered: dict[str, Any]) -> ItemInput:
    """Return a matter of an agenda as it would be typed."""
    return ItemInput(**{**entered, "minutes": str(entered.get("minutes") or "")})


class OfHearing(Workspace):
    """An endpoint of one hearing, for owners and editors of its host."""

    serializer_class: Any = HearingSerializer

    def hearing(self) -> Hearing:
        """Return the hearing of the address."""
        consultation = self.edited()
        found = get_object_or_404(consultation.hearings, slug=self.kwargs["hearing"])
        found.consultation = consultation
        return found

    def told(self, hearing: Hearing, *, status: int = 200) -> Response:
        """Return a hearing as lists show it."""
        context = self.get_serializer_context()
        return Response(HearingSerializer(hearing, context=context).data, status=status)


@extend_schema(tags=TAGS)
class HeldHearings(OfHearing):
    @extend_schema(operation_id="workspace_hearings", responses=HearingSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List all hearings of a consultation, also those nobody else sees yet."""
        consultation = self.edited()
        rows = list(consultation.hearings.all())
        for one in rows:
            one.consultation = consultation
        return Response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        operation_id="workspace_hearings_plan",
        request=HearingEntrySerializer,
        responses={201: HearingSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Plan a hearing; nobody else sees it before it is announced."""
        return once(request, self._plan)

    def _plan(self) -> Response:
        consultation = self.edited()
        entered = typed_hearing(self.entered(HearingEntrySerializer))
        return self.told(create_hearing(consultation, entered, by=self.request.user), status=201)


@extend_schema(tags=TAGS)
class HeldHearing(OfHearing):
    @extend_schema(
        operation_id="workspace_hearings_change",
        request=HearingEntrySerializer,
        responses=HearingSerializer,
    )
    def put(self, request: Request, slug: str, hearing: str) -> Response:
        """Change a hearing; of another time or place speakers and followers get a mail."""
        found = self.hearing()
        entered = typed_hearing(self.entered(HearingEntrySerializer))
        return self.told(change_hearing(found, entered, by=request.user))

    @extend_schema(operation_id="workspace_hearings_delete", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, hearing: str) -> Response:
        """Delete a draft; what was announced is cancelled instead."""
        delete_hearing(self.hearing(), by=request.user)
        return Response(status=204)


class _Step(OfHearing):
    def step(self, act: Callable[[Hearing], Hearing]) -> HttpResponse:
        """Do something with the hearing, once."""
        return once(self.request, lambda: self.told(act(self.hearing())))


@extend_schema(tags=TAGS)
class Announcement(_Step):
    @extend_schema(
        operation_id="workspace_hearings_announce", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Let everybody see a hearing and ask to speak."""
        return self.step(lambda found: announce_hearing(found, by=request.user))


@extend_schema(tags=TAGS)
class Cancellation(_Step):
    @extend_schema(
        operation_id="workspace_hearings_cancel",
        request=WhySerializer,
        responses=HearingSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Cancel a hearing with a reason; it stays to be seen."""
        return self.step(
            lambda found: cancel_hearing(
                found, reason=self.entered(WhySerializer)["reason"], by=request.user
            )
        )


@extend_schema(tags=TAGS)
class HearingClosing(_Step):
    @extend_schema(
        operation_id="workspace_hearings_close", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Say that a hearing is over."""
        return self.step(lambda found: close_hearing(found, by=request.user))


@extend_schema(tags=TAGS)
class MinutesPublication(_Step):
    @extend_schema(
        operation_id="workspace_minutes_publish", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Let everybody read what was confirmed, now and later."""
        return self.step(lambda found: publish_minutes(found, by=request.user))


@extend_schema(tags=TAGS)
class Agenda(OfHearing):
    serializer_class = AgendaItemSerializer

    @extend_schema(operation_id="workspace_agenda", responses=AgendaItemSerializer(many=True))
    def get(self, request: Request, slug: str, hearing: str) -> Response:
        """List what a hearing is about, in order."""
        return Response(self.get_serializer(self.hearing().items.all(), many=True).data)

    @extend_schema(
        operation_id="workspace_agenda_add",
        responses={201: AgendaItemSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, hearing: str) -> HttpResponse:
        """Append a matter to the agenda."""
        return once(request, self._add)

    def _add(self) -> Response:
        found = self.hearing()
        entered = typed_item(self.entered(AgendaItemSerializer))
        made = add_item(found, entered, by=self.request.user)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=TAGS)
class AgendaItemOf(OfHearing):
    serializer_class = AgendaItemSerializer

    def _item(self) -> AgendaItem:
        hearing = self.hearing()
        found = get_object_or_404(hearing.items, pk=self.kwargs["item_id"])
        found.hearing = hearing
        return found

    @extend_schema(operation_id="workspace_agenda_change")
    def put(self, request: Request, slug: str, hearing: str, item_id: int) -> Response:
        """Change a matter of the agenda."""
        there, entered = self._item(), typed_item(self.entered(AgendaItemSerializer))
        return Response(self.get_serializer(change_item(there, entered, by=request.user)).data)

    @extend_schema(
        operation_id="workspace_agenda_move",
        request=ItemPlaceSerializer,
        responses=AgendaItemSerializer,
    )
    def patch(self, request: Request, slug: str, hearing: str, item_id: int) -> Response:
        """Put a matter one place earlier or later."""
        there = self._item()
        move_item(there, earlier=self.entered(ItemPlaceSerializer)["earlier"], by=request.user)
        return Response(self.get_serializer(there).data)

    @extend_schema(operation_id="workspace_agenda_remove", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, hearing: str, item_id: int) -> Response:
        """Take a matter off the agenda."""
        remove_item(self._item(), by=request.user)
        return Response(status=204)
