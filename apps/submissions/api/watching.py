"""What the host watches while a consultation runs, over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint
from apps.core.regions import Region
from apps.submissions.watching import watch


class CoverageSerializer(serializers.Serializer[Any]):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    heard = serializers.IntegerField()
    goal = serializers.IntegerField(help_text="0 where none is set.")
    missing = serializers.IntegerField()


class StepSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField()
    submissions = serializers.IntegerField(help_text="All up to then.")


class CountrySerializer(serializers.Serializer[Any]):
    country = serializers.CharField()
    submissions = serializers.IntegerField()


class RegionSerializer(serializers.Serializer[Any]):
    region = serializers.ChoiceField(
        choices=Region.choices, allow_blank=True, help_text="Empty: no country, or none of these."
    )
    heard = serializers.IntegerField()
    listed = serializers.IntegerField(help_text="Stakeholders the host wants to hear.")
    invited = serializers.IntegerField()


class LetterSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="How the text begins.")
    senders = serializers.IntegerField(source="letters")
    sample = serializers.CharField(source="sample.reference", help_text="One that was filed.")


class WatchedSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    verified = serializers.IntegerField(help_text="By verified organisations.")
    drafts = serializers.IntegerField(help_text="In progress; their text is private.")
    answered = serializers.IntegerField(
        allow_null=True, help_text="Share of the questions to all that were answered, in per cent."
    )
    coverage = CoverageSerializer(many=True)
    regions = RegionSerializer(many=True)
    growth = StepSerializer(many=True)
    countries = CountrySerializer(many=True)
    letters = LetterSerializer(
        many=True, help_text="Texts several people sent, as the last search found them."
    )
    searched_at = serializers.DateTimeField(
        allow_null=True, help_text="Up to when; null where it found none."
    )


@extend_schema(tags=["workspace"])
class Watched(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = WatchedSerializer

    @extend_schema(operation_id="workspace_watched")
    def get(self, request: Request, slug: str) -> Response:
        """Return who was heard, who is missing and how it grows, for staff of the host."""
        own = Consultation.objects.in_workspace_of(request.user).with_phases()
        found = watch(get_object_or_404(own, slug=slug))
        rows = found["growth"].rows if found["growth"] else ()
        found["growth"] = [{"until": until, "submissions": n} for until, n in rows]
        found["countries"] = [{"country": one, "submissions": n} for one, n in found["countries"]]
        return Response(self.get_serializer(found).data)
