"""Endpoints of the stakeholder map: goals, whom a host wants to hear, invitations."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.api.preparing import Workspace
from apps.consultations.models import Consultation, GroupGoal, Stakeholder
from apps.consultations.sections import standings_of
from apps.consultations.services import (
    add_organisations,
    add_stakeholders,
    invite,
    remind,
    remove_stakeholder,
    set_goals,
)
from apps.core.endpoints import ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.regions import Region


class GoalSerializer(serializers.ModelSerializer[GroupGoal]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)

    class Meta:
        model = GroupGoal
        fields = ["group", "goal"]


class GoalsSerializer(serializers.Serializer[Any]):
    goals = GoalSerializer(many=True, max_length=8)  # type: ignore[call-arg]


class StakeholderSerializer(serializers.ModelSerializer[Stakeholder]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    state = serializers.SerializerMethodField(help_text="`filed`, `began` or empty.")

    class Meta:
        model = Stakeholder
        fields = [
            *("id", "name", "group", "country", "email"),
            *("invitations", "invited_at", "state"),
        ]
        extra_kwargs: ClassVar = {
            "invitations": {"help_text": "How many mails went out."},
            "invited_at": {"help_text": "When the last of them did."},
        }

    def get_state(self, stakeholder: Stakeholder) -> str:
        return str(self.context.get("standings", {}).get(stakeholder.pk, ""))


class ListedSerializer(serializers.Serializer[Any]):
    listed = serializers.CharField(
        max_length=1_000_000, help_text="One in each line: name; group; country; e-mail address."
    )


class ReachedSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class InviteSerializer(serializers.Serializer[Any]):
    stakeholders = serializers.ListField(
        child=serializers.IntegerField(), max_length=500, default=list
    )
    organisations = serializers.ListField(
        child=serializers.SlugField(),
        max_length=500,
        default=list,
        help_text="Known here, by slug: added to the list; their members who may submit get it.",
    )
    message = serializers.CharField(max_length=2_000, default="", allow_blank=True)


class RemindSerializer(serializers.Serializer[Any]):
    message = serializers.CharField(max_length=2_000, default="", allow_blank=True)


class KnownSerializer(serializers.ModelSerializer[Organisation]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    is_on_list = serializers.BooleanField(help_text="Whether it is on the list already.")

    class Meta:
        model = Organisation
        fields = ["slug", "name", "group", "country", "is_on_list"]


class KnownFilters(django_filters.FilterSet):
    """By what the organisations known here are narrowed, as on the page."""

    q = django_filters.CharFilter(method="by_all", max_length=200, label="Words of its name.")
    group = django_filters.ChoiceFilter(choices=StakeholderGroup.choices, method="by_all")
    region = django_filters.ChoiceFilter(
        choices=Region.choices, method="by_all", label="Region of the world, after UN M49."
    )

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []

    def by_all(self, rows: Any, name: str, value: str) -> Any:
        """Narrow by one of them, under the name by which organisations are sought."""
        return rows.sought(**{"words" if name == "q" else name: value})


@extend_schema(tags=["workspace"])
class Goals(Workspace):
    @extend_schema(operation_id="workspace_goals", responses=GoalSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List how many of each group are to be heard."""
        return Response(GoalSerializer(self.edited().goals.order_by("id"), many=True).data)

    @extend_schema(
        operation_id="workspace_goals_set",
        request=GoalsSerializer,
        responses=GoalSerializer(many=True),
    )
    def put(self, request: Request, slug: str) -> Response:
        """Say how many of each group are to be heard; a group that is not named has no goal."""
        consultation, goals = self.edited(), self.entered(GoalsSerializer)["goals"]
        set_goals(consultation, {one["group"]: one["goal"] for one in goals}, by=request.user)
        return self.get(request, slug)


@extend_schema(tags=["workspace"])
class Stakeholders(ListEndpoint, Workspace):
    permission_classes = [IsAuthenticated]
    serializer_class = StakeholderSerializer
    queryset = Stakeholder.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"id": "id"}

    def get_queryset(self) -> QuerySet[Stakeholder]:
        return self.edited().stakeholders.all()

    def rows(self, page: list[Any]) -> list[Any]:
        """Return stakeholders with how far each of them is."""
        consultation = Consultation(pk=page[0].consultation_id) if page else None
        standings = standings_of(consultation, page) if consultation else {}
        context = {**self.get_serializer_context(), "standings": standings}
        return list(StakeholderSerializer(page, many=True, context=context).data)

    @extend_schema(
        operation_id="workspace_stakeholders", responses=StakeholderSerializer(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """List whom the host wants to hear: invited, began, filed or missing."""
        return self.paginated(request)

    @extend_schema(
        operation_id="workspace_stakeholders_add",
        request=ListedSerializer,
        responses={201: ReachedSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "Two rows",
                {"listed": "Lakeview Forum; civil; KE; forum@example.org\nUnion of Crews; union"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Add those named in a list, all of them or none."""
        return once(request, self._add)

    def _add(self) -> Response:
        listed = self.entered(ListedSerializer)["listed"]
        added = add_stakeholders(self.edited(), listed, by=self.request.user)
        return Response({"count": added}, status=201)


@extend_schema(tags=["workspace"])
class OneStakeholder(Workspace):
    @extend_schema(operation_id="workspace_stakeholder_remove", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, stakeholder_id: int) -> Response:
        """Take somebody off the list; what they filed stays."""
        consultation = self.edited()
        row = get_object_or_404(consultation.stakeholders, pk=stakeholder_id)
        row.consultation = consultation
        remove_stakeholder(row, by=request.user)
        return Response(status=204)


@extend_schema(tags=["workspace"])
class Invitations(Workspace):
    @extend_schema(
        operation_id="workspace_invite",
        request=InviteSerializer,
        responses=ReachedSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Write to those chosen who have an address and got no mail for a week."""
        return once(request, self._invite)

    @transaction.atomic
    def _invite(self) -> Response:
        entered = self.entered(InviteSerializer)
        if slugs := entered["organisations"]:
            listed = Organisation.objects.listed().filter(slug__in=slugs)
            added = add_organisations(
                self.edited(), list(listed.values_list("pk", flat=True)), by=self.request.user
            )
            entered["stakeholders"] += added
        invited = invite(
            self.edited(),
            entered["stakeholders"],
            message=entered["message"],
            by=self.request.user,
        )
        return Response({"count": invited})


@extend_schema(tags=["workspace"])
class Reminders(Workspace):
    @extend_schema(
        operation_id="workspace_remind",
        request=RemindSerializer,
        responses=ReachedSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Write again to those who were invited more than a week ago and have not begun."""
        return once(request, self._remind)

    def _remind(self) -> Response:
        message = self.entered(RemindSerializer)["message"]
        return Response({"count": remind(self.edited(), message=message, by=self.request.user)})


@extend_schema(tags=["workspace"])
class KnownOrganisations(ListEndpoint, Workspace):
    permission_classes = [IsAuthenticated]
    serializer_class = KnownSerializer
    filterset_class = KnownFilters
    queryset = Organisation.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"id": "id"}

    def get_queryset(self) -> QuerySet[Organisation]:
        there = self.edited().stakeholders.filter(organisation=OuterRef("pk"))
        return Organisation.objects.listed().annotate(is_on_list=Exists(there))

    @extend_schema(
        operation_id="workspace_known_organisations", responses=KnownSerializer(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Find organisations that are known here, to invite them."""
        return self.paginated(request)
