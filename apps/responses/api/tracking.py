"""What was promised, whether it is done, what follows, and what was done where, over the API."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly
from apps.responses.api.ledger import edited
from apps.responses.counting import (
    Place,
    on_provisions,
    on_questions,
    provisions_answered,
    questions_answered,
    share_of,
)
from apps.responses.ledger import ANSWERS, KINDS, POINTS
from apps.responses.models import Completion, Milestone, OfficialResponse, Promise
from apps.responses.services import (
    MilestoneEntry,
    PromiseEntry,
    add_milestone,
    change_milestone,
    mark_answered,
    promise,
    take_back_answered,
)


class PromiseSerializer(serializers.Serializer[Any]):
    share = serializers.IntegerField(min_value=0, max_value=100, help_text="In per cent.")
    due_on = serializers.DateField(required=False, allow_null=True)


class StandingSerializer(serializers.Serializer[Any]):
    promise = PromiseSerializer(allow_null=True)
    answered = serializers.IntegerField()
    points = serializers.IntegerField()
    percent = serializers.IntegerField(
        allow_null=True, help_text="Null where there are no points to answer."
    )
    marked_answered_at = serializers.DateTimeField(allow_null=True)


class TakeBackSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(allow_blank=True, help_text="Everybody reads it.")


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    state = serializers.ChoiceField(
        choices=Milestone.State.choices, default=Milestone.State.PLANNED.value
    )

    class Meta:
        model = Milestone
        fields = ("id", "title", "due_on", "state", "note", "done_on")
        # Whether they fit together is the service's to say.
        validators: list[Any] = []


class NumbersSerializer(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    asked = serializers.IntegerField()
    open = serializers.IntegerField()
    decided = serializers.DictField(child=serializers.IntegerField())


class PlaceSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    key = serializers.CharField()
    groups = NumbersSerializer(many=True)


def _visible(request: Request, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)


def _standing(consultation: Consultation) -> dict[str, Any]:
    made = Promise.objects.filter(consultation=consultation).first()
    marked = Completion.objects.filter(consultation=consultation).first()
    share = share_of(consultation)
    return {
        "promise": made and {"share": made.share, "due_on": made.due_on},
        "answered": share.answered,
        "points": share.of,
        "percent": share.percent,
        "marked_answered_at": marked and marked.made_at,
    }


@extend_schema(tags=["responses"])
class PromiseOf(Endpoint):
    serializer_class = StandingSerializer

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "PUT" else ReadOnly()]

    @extend_schema(operation_id="promise_read")
    def get(self, request: Request, slug: str) -> Response:
        """Return what the host promised to answer, and how far it is."""
        return Response(self.get_serializer(_standing(_visible(request, slug))).data)

    @extend_schema(
        operation_id="promise_make", request=PromiseSerializer, responses=StandingSerializer
    )
    def put(self, request: Request, slug: str) -> Response:
        """Promise to answer a share of the points; once it is public it may only rise."""
        consultation = edited(request, slug)
        entered = PromiseSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        due_on = entered.validated_data.get("due_on")
        typed = PromiseEntry(str(entered.validated_data["share"]), str(due_on) if due_on else "")
        promise(consultation, typed, by=request.user)
        return Response(self.get_serializer(_standing(consultation)).data)


@extend_schema(tags=["responses"])
class Answered(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = StandingSerializer

    @extend_schema(
        operation_id="consultations_mark_answered", request=None, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Mark a consultation answered; refused under the share that was promised."""
        consultation = edited(request, slug)
        return once(request, lambda: self._mark(consultation))

    def _mark(self, consultation: Consultation) -> Response:
        mark_answered(consultation, by=self.request.user)
        return Response(self.get_serializer(_standing(consultation)).data)


@extend_schema(tags=["responses"])
class TakenBack(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = TakeBackSerializer

    @extend_schema(
        operation_id="consultations_take_back_answered",
        responses=StandingSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Take the mark back, with a reason everybody reads."""
        consultation = edited(request, slug)
        return once(request, lambda: self._take_back(consultation))

    def _take_back(self, consultation: Consultation) -> Response:
        entered = self.get_serializer(data=self.request.data)
        entered.is_valid(raise_exception=True)
        reason = entered.validated_data["reason"]
        take_back_answered(consultation, reason, by=self.request.user)
        return Response(StandingSerializer(_standing(consultation)).data)


@extend_schema(tags=["responses"])
class Milestones(Endpoint):
    serializer_class = MilestoneSerializer

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "POST" else ReadOnly()]

    @extend_schema(operation_id="milestones_list", responses=MilestoneSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List what the host does after its answers; there are a hundred at most."""
        rows = _visible(request, slug).milestones.all()
        return Response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        operation_id="milestones_add",
        responses={201: MilestoneSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Plan something in the open."""
        consultation = edited(request, slug)
        return once(request, lambda: self._add(consultation))

    def _add(self, consultation: Consultation) -> Response:
        entered = self.get_serializer(data=self.request.data)
        entered.is_valid(raise_exception=True)
        typed = _typed(MilestoneEntry(""), entered.validated_data)
        made = add_milestone(consultation, typed, by=self.request.user)
        return Response(self.get_serializer(made).data, status=201)


@extend_schema(tags=["responses"])
class MilestoneOf(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = MilestoneSerializer

    @extend_schema(operation_id="milestones_change")
    def patch(self, request: Request, slug: str, milestone_id: int) -> Response:
        """Change a milestone, finish it or drop it with a note."""
        there = get_object_or_404(edited(request, slug).milestones, pk=milestone_id)
        entered = self.get_serializer(there, data=request.data, partial=True)
        entered.is_valid(raise_exception=True)
        typed = _typed(MilestoneEntry.of(there), entered.validated_data)
        made = change_milestone(there, typed, by=request.user)
        return Response(self.get_serializer(made).data)


@extend_schema(tags=["responses"])
class Done(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = PlaceSerializer

    @extend_schema(operation_id="done_list", responses=PlaceSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Return what was asked and decided on each provision and question, by group."""
        consultation = _visible(request, slug)
        on_text = on_provisions(consultation, provisions_answered(consultation))
        asked = on_questions(consultation, questions_answered(consultation))
        rows = [_told(POINTS, one) for one in on_text] + [_told(ANSWERS, one) for one in asked]
        return Response(self.get_serializer(rows, many=True).data)


def _typed(before: MilestoneEntry, given: dict[str, Any]) -> MilestoneEntry:
    return replace(before, **{name: str(value or "") for name, value in given.items()})


def _told(kind: str, place: Place) -> dict[str, Any]:
    groups = [
        {
            "group": row["group"],
            "asked": row["asked"],
            "open": row["open"],
            "decided": {
                value: place.decided[row["group"]][value]
                for value in OfficialResponse.Decision.values
            },
        }
        for row in place.rows
    ]
    return {"kind": kind, "key": place.key, "groups": groups}
