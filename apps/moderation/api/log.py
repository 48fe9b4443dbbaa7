"""The public log and the statistics of moderation over the API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.permissions import ReadOnly
from apps.moderation.api.serializers import HIDDEN_PAGES
from apps.moderation.counting import FIELDS, Statistics, statistics_of
from apps.moderation.logged import APPEAL_CHOICES, KIND_CHOICES, decisions_of, logged
from apps.moderation.models import Decision, LiftReason, Rule


class LoggedDecisionSerializer(serializers.Serializer[Any]):
    decided_at = serializers.DateTimeField(source="at")
    kind = serializers.ChoiceField(choices=KIND_CHOICES, help_text="What kind of part it is about.")
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    action = serializers.ChoiceField(choices=Decision.Action.choices)
    pages = serializers.CharField(allow_blank=True, help_text=HIDDEN_PAGES)
    rule = serializers.ChoiceField(choices=Rule.choices)
    note = serializers.CharField()
    appeal = serializers.ChoiceField(choices=APPEAL_CHOICES)
    reversed_at = serializers.DateTimeField(allow_null=True)
    lifted_for = serializers.ChoiceField(
        choices=LiftReason.choices,
        allow_blank=True,
        help_text="Why a moderator took it back without an appeal.",
    )


class ModeratedGroupSerializer(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    submissions = serializers.IntegerField()
    cases = serializers.IntegerField()
    flags = serializers.IntegerField()
    kept = serializers.IntegerField()
    redacted = serializers.IntegerField()
    hidden = serializers.IntegerField()
    touched = serializers.IntegerField(help_text="Submissions from which something is removed.")
    appeals = serializers.IntegerField()
    reversed = serializers.IntegerField()
    p = serializers.FloatField(
        allow_null=True,
        help_text="Fisher's exact test of its share against all other groups, adjusted by Holm.",
    )
    is_clearly_more = serializers.BooleanField()


class ModerationStatisticsSerializer(serializers.Serializer[Any]):
    groups = ModeratedGroupSerializer(many=True)


def _visible(request: Request, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)


@extend_schema(tags=["moderation"])
class ModerationLog(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class = LoggedDecisionSerializer
    queryset = Decision.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[Decision]:
        return decisions_of(_visible(self.request, self.kwargs["slug"]))

    def rows(self, page: list[Decision]) -> list[Any]:
        return list(self.get_serializer([logged(one) for one in page], many=True).data)

    @extend_schema(
        operation_id="moderation_log_list", responses=LoggedDecisionSerializer(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """List every decision that removed something: no names, no references, no words."""
        return self.paginated(request)


@extend_schema(tags=["moderation"])
class ModerationStatistics(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = ModerationStatisticsSerializer

    @extend_schema(operation_id="moderation_statistics_read")
    def get(self, request: Request, slug: str) -> Response:
        """Return what was filed, reported and decided by stakeholder group."""
        found = statistics_of(_visible(request, slug))
        return Response(self.get_serializer({"groups": list(_rows(found))}).data)


def _rows(found: Statistics) -> list[dict[str, Any]]:
    return [
        {
            "group": row.group,
            **{name: getattr(row, name) for name in FIELDS},
            "p": found.compared[row.group].p if row.group in found.compared else None,
            "is_clearly_more": row in found.standing_out,
        }
        for row in found.rows
    ]
