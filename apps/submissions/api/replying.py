"""How replies and the sources they name look in the API, and the lists of replies."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.core.endpoints import Endpoint, ListEndpoint, NamedFilters
from apps.core.permissions import ReadOnly
from apps.submissions.filters import ReplyFilters
from apps.submissions.models import (
    LONGEST_CITATION,
    LONGEST_TEXT,
    EvidenceLink,
    Reply,
    ReplyQuerySet,
    Stance,
    Submission,
)

PART_HELP = "What of it is answered: `point:2`, or `answer:` and the key of the question."


class EvidenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = EvidenceLink
        fields = ["url", "title"]


class EvidenceInputSerializer(serializers.Serializer):
    url = serializers.URLField(
        max_length=1000, allow_blank=True, default="", help_text="Empty for a book, say."
    )
    title = serializers.CharField(
        max_length=LONGEST_CITATION,
        allow_blank=True,
        default="",
        help_text="What it is; without an address, the citation.",
    )


class ReplyInputSerializer(serializers.Serializer):
    submission = serializers.CharField(
        max_length=120, help_text="Reference of the submission that is answered."
    )
    part = serializers.CharField(max_length=100, help_text=PART_HELP)
    kind = serializers.ChoiceField(choices=Reply.Kind.choices, allow_blank=True, default="")
    text = serializers.CharField(
        max_length=LONGEST_TEXT, allow_blank=True, default="", trim_whitespace=False
    )
    evidence = EvidenceInputSerializer(many=True, default=list, max_length=20)  # type: ignore[call-arg]


class TargetSerializer(serializers.Serializer):
    submission = serializers.CharField(source="submission.reference")
    part = serializers.CharField(help_text=PART_HELP)
    state = serializers.ChoiceField(
        source="submission.state",
        choices=Submission.State.choices,
        help_text="Whether what was answered still stands.",
    )
    about = serializers.CharField(help_text="The provision or the question.")
    words = serializers.CharField(
        allow_blank=True, help_text="What was said there; empty where it was withdrawn."
    )
    stance = serializers.ChoiceField(choices=Stance.choices, allow_blank=True)


class ReplySerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(choices=Reply.Kind.choices, allow_blank=True)
    evidence = EvidenceSerializer(many=True)
    answers = TargetSerializer(source="target", help_text="What it answers.")

    class Meta:
        model = Reply
        fields = ["number", "kind", "text", "evidence", "answers"]


class ReplyRowSerializer(ReplySerializer):
    submission = serializers.CharField(
        source="submission.reference", help_text="The submission that replies."
    )
    group = serializers.ChoiceField(
        source="submission.group", choices=StakeholderGroup.choices, help_text="Who replies."
    )
    organisation_name = serializers.CharField(source="submission.organisation_name")
    submitted_at = serializers.DateTimeField(source="submission.submitted_at")
    url = serializers.SerializerMethodField(help_text="Address of the submission that replies.")
    page = serializers.SerializerMethodField(help_text="Its address for people.")

    class Meta(ReplySerializer.Meta):
        fields = [
            *("submission", "group", "organisation_name", "submitted_at"),
            *ReplySerializer.Meta.fields,
            *("url", "page"),
        ]

    def get_url(self, reply: Reply) -> str:
        place = [reply.submission.consultation.slug, reply.submission.reference]
        return f"{self.context['view'].root}{reverse('api:submission', args=place)}"

    def get_page(self, reply: Reply) -> str:
        return f"{self.context['view'].root}{reply.get_absolute_url()}"


class ReplyCountSerializer(serializers.Serializer):
    group = serializers.ChoiceField(choices=StakeholderGroup.choices)
    kind = serializers.ChoiceField(choices=Reply.Kind.choices)
    replies = serializers.IntegerField()


def _replies(request: Request, slug: str) -> ReplyQuerySet:
    visible = Consultation.objects.visible_to(request.user)
    consultation = get_object_or_404(visible, slug=slug)
    return Reply.objects.visible_to(request.user).of(consultation)


@extend_schema(tags=["submissions"])
class Replies(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class = ReplyRowSerializer
    queryset = Reply.objects.none()
    filterset_class = ReplyFilters
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[Reply]:
        return _replies(self.request, self.kwargs["slug"]).with_both_sides()

    @extend_schema(operation_id="replies_list", responses=ReplyRowSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the replies in a consultation; with `submission` and `part`, one thread."""
        return self.paginated(request)


@extend_schema(tags=["submissions"])
class ReplyCounts(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = ReplyCountSerializer
    queryset = Reply.objects.none()
    filter_backends: Any = [NamedFilters]
    filterset_class = ReplyFilters

    @extend_schema(operation_id="replies_counts", responses=ReplyCountSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Count replies by group and kind, with the same filters as their list."""
        rows: Any = self.filter_queryset(_replies(request, slug))
        return Response(self.get_serializer(rows.counted(), many=True).data)
