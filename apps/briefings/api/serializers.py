"""How briefings, claims and files look in the API."""

from django.urls import reverse
from rest_framework import serializers

from apps.accounts.groups import StakeholderGroup
from apps.briefings.models import Briefing, BriefingFile, Understanding
from apps.briefings.redacting import removed_quotes
from apps.submissions.models import Stance


class BriefingRowSerializer(serializers.ModelSerializer):
    consultation = serializers.SlugField(source="consultation.slug")
    cut_off_at = serializers.DateTimeField(
        source="corpus.cut_off_at", allow_null=True, default=None
    )
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Briefing
        fields = [
            "consultation",
            "version",
            "state",
            "created_at",
            "ready_at",
            "cut_off_at",
            "content_hash",
            "url",
            "page",
        ]

    def get_url(self, briefing: Briefing) -> str:
        place = [briefing.consultation.slug, briefing.version]
        return f"{self.context['view'].root}{reverse('api:briefing', args=place)}"

    def get_page(self, briefing: Briefing) -> str:
        return f"{self.context['view'].root}{briefing.get_absolute_url()}"


class FileSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = BriefingFile
        fields = ["format", "size", "sha256", "warning", "url"]

    def get_url(self, file: BriefingFile) -> str:
        place = [file.briefing.consultation.slug, file.briefing.version, file.format]
        return f"{self.context['view'].root}{reverse('api:briefing-file', args=place)}"


class BriefingSerializer(BriefingRowSerializer):
    files = FileSerializer(many=True)
    quotes_removed = serializers.SerializerMethodField(
        help_text="Of how many quotes moderators removed words after publication."
    )

    class Meta(BriefingRowSerializer.Meta):
        fields = [*BriefingRowSerializer.Meta.fields, "failure", "quotes_removed", "files"]

    def get_quotes_removed(self, briefing: Briefing) -> int:
        return removed_quotes(briefing)


class FigureSerializer(serializers.Serializer):
    name = serializers.CharField()
    value = serializers.JSONField(help_text="A number, or a text that names a thing.")
    query = serializers.CharField(help_text="How it was computed.")


class QuoteSerializer(serializers.Serializer):
    part = serializers.CharField(help_text="The text of the submission it lies in.")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    sha256 = serializers.CharField()


class CitationSerializer(serializers.Serializer):
    submission = serializers.CharField(help_text="Reference of the submission.")
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True)
    campaign = serializers.CharField(allow_null=True)
    passage = QuoteSerializer(allow_null=True)
    url = serializers.URLField()


class UnderstandingSerializer(serializers.Serializer):
    submission = serializers.CharField(help_text="Reference of the submission.")
    verdict = serializers.ChoiceField(choices=Understanding.Verdict.choices)
    words = serializers.CharField(allow_blank=True, help_text="What the author meant.")


class ClaimSerializer(serializers.Serializer):
    number = serializers.CharField()
    section = serializers.CharField()
    kind = serializers.CharField()
    theme = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    figures = FigureSerializer(many=True)
    consultation = serializers.SlugField()
    briefing = serializers.IntegerField(help_text="Version of the briefing.")
    citations = CitationSerializer(many=True)
    understandings = UnderstandingSerializer(
        many=True, help_text="What the authors it cites say of it."
    )
    page = serializers.URLField()


class ProgressSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Briefing.State.choices)
    share = serializers.FloatField(help_text="From 0 to 1.")
    stage = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    failure = serializers.CharField(allow_blank=True)
