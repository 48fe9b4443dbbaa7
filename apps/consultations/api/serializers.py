"""How consultations look in the API."""

from rest_framework import serializers

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import (
    Choice,
    Consultation,
    Document,
    DocumentVersion,
    Host,
    Identity,
    Phase,
    Question,
)


class HostSerializer(serializers.ModelSerializer):
    class Meta:
        model = Host
        fields = ["slug", "name"]


class PhaseSerializer(serializers.ModelSerializer):
    is_open = serializers.BooleanField()

    class Meta:
        model = Phase
        fields = ["kind", "title", "opens_at", "closes_at", "is_open"]


class ConsultationRowSerializer(serializers.ModelSerializer):
    host = HostSerializer()
    phases = PhaseSerializer(many=True)

    class Meta:
        model = Consultation
        fields = [
            "slug",
            "docket",
            "title",
            "summary",
            "kind",
            "language",
            "authority",
            "least_identity",
            "published_at",
            "answered_at",
            "host",
            "phases",
        ]


class WhoMayRespondSerializer(serializers.Serializer):
    least_identity = serializers.ChoiceField(
        choices=Identity.choices, help_text="The least that is asked of whoever responds."
    )


class ChoiceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Choice
        fields = ["key", "label"]


class QuestionSerializer(serializers.ModelSerializer):
    groups = serializers.ListField(
        child=serializers.ChoiceField(choices=StakeholderGroup.choices),
        help_text="Stakeholder groups it is asked of; empty means everybody.",
    )
    choices = ChoiceSerializer(many=True)
    condition_values = serializers.ListField(
        child=serializers.CharField(),
        help_text="It is asked of those only who answered `condition_key` by one of these.",
    )

    class Meta:
        model = Question
        fields = [
            "key",
            "text",
            "hint",
            "kind",
            "is_required",
            "groups",
            "provision_key",
            "scale_low",
            "scale_high",
            "condition_key",
            "condition_values",
            "archived_at",
            "choices",
        ]


class VersionSerializer(serializers.ModelSerializer):
    class Meta:
        model = DocumentVersion
        fields = ["number", "published_at"]


class DocumentSerializer(serializers.ModelSerializer):
    versions = VersionSerializer(many=True)

    class Meta:
        model = Document
        fields = ["slug", "title", "versions"]


class ConsultationSerializer(ConsultationRowSerializer):
    documents = DocumentSerializer(many=True)
    questions = QuestionSerializer(many=True)

    class Meta(ConsultationRowSerializer.Meta):
        fields = [
            *ConsultationRowSerializer.Meta.fields,
            "source_url",
            "attribution",
            "documents",
            "questions",
        ]
