"""Endpoints of what people filed, and of what became of the words of one submission."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.briefings.following import followed
from apps.briefings.models import Understanding
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.permissions import ReadOnly
from apps.submissions.models import Submission


class MySubmissionSerializer(serializers.ModelSerializer):
    consultation = serializers.SlugField(source="consultation.slug")
    organisation = serializers.SlugField(source="owner.slug", default=None, allow_null=True)

    class Meta:
        model = Submission
        fields = ["id", "consultation", "organisation", "reference", "state", "submitted_at"]


class UseSerializer(serializers.Serializer):
    claim = serializers.CharField(source="claim.number")
    theme = serializers.CharField(source="claim.theme.title", default=None, allow_null=True)
    sentence = serializers.CharField()
    verdict = serializers.ChoiceField(
        source="mark.verdict",
        choices=Understanding.Verdict.choices,
        default=None,
        allow_null=True,
        help_text="What its author said of the claim.",
    )


class FollowedPassageSerializer(serializers.Serializer):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    words = serializers.CharField()
    uses = UseSerializer(many=True)


class FollowedPartSerializer(serializers.Serializer):
    part = serializers.CharField(help_text="How citations name this text.")
    title = serializers.CharField()
    passages = FollowedPassageSerializer(many=True)


class FollowedSerializer(serializers.Serializer):
    briefing = serializers.IntegerField(
        source="briefing.version", default=None, allow_null=True, help_text="The newest version."
    )
    parts = FollowedPartSerializer(many=True)
    whole = UseSerializer(many=True, help_text="Claims that rest on it without a quote.")


@extend_schema(tags=["submissions"])
class MySubmissions(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = MySubmissionSerializer
    queryset = Submission.objects.none()

    def get_queryset(self) -> QuerySet[Submission]:
        own = Submission.objects.belonging_to(self.request.user)
        return own.select_related("consultation", "organisation", "withheld_for")

    @extend_schema(operation_id="me_submissions_list", responses=MySubmissionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List what you and your organisations wrote, drafts too, newest first."""
        return self.paginated(request)


@extend_schema(tags=["submissions"])
class Words(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class: Any = FollowedSerializer

    @extend_schema(operation_id="submissions_words")
    def get(self, request: Request, slug: str, reference: str) -> Response:
        """Return its passages, each with the claims of the newest briefing that use it."""
        visible = Submission.objects.visible_to(request.user).on_record()
        shown = visible.exclude(state=Submission.State.WITHDRAWN).select_related("consultation")
        submission = get_object_or_404(shown, consultation__slug=slug, reference=reference)
        return Response(self.get_serializer(followed(submission, request.user)).data)
