"""Endpoint where authors say whether a claim understood them."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.briefings.api.serializers import UnderstandingSerializer
from apps.briefings.models import Briefing, Claim, Understanding
from apps.briefings.services import mark_claim, take_back_mark
from apps.core.endpoints import Endpoint
from apps.submissions.models import Submission


class MarkSerializer(serializers.Serializer):
    submission = serializers.CharField(
        max_length=120, help_text="Reference of your submission, which the claim cites."
    )
    verdict = serializers.ChoiceField(choices=Understanding.Verdict.choices)
    words = serializers.CharField(
        allow_blank=True, default="", help_text="What you meant; needed where you contest."
    )


@extend_schema(tags=["briefings"])
class ClaimUnderstanding(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = MarkSerializer

    @extend_schema(
        operation_id="claims_mark",
        request=MarkSerializer,
        responses={200: UnderstandingSerializer},
        examples=[
            OpenApiExample(
                "Not what was meant",
                {
                    "submission": "PL-7K3M-9Q2X-4TBC",
                    "verdict": "contested",
                    "words": "We ask for more time, not for no rule.",
                },
                request_only=True,
            )
        ],
    )
    def put(self, request: Request, slug: str, version: int, number: str) -> Response:
        """Say whether a claim that cites your submission understood it; again replaces it."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        claim = self._claim(slug, version, number)
        submission = self._submission(claim, data["submission"])
        said = {"verdict": data["verdict"], "words": data["words"].strip()}
        mark_claim(claim, submission, **said, by=request.user)
        answer = {"submission": submission.reference, **said}
        return Response(UnderstandingSerializer(answer).data)

    @extend_schema(
        operation_id="claims_take_mark_back",
        responses={204: None},
        parameters=[OpenApiParameter("submission", str, required=True)],
    )
    def delete(self, request: Request, slug: str, version: int, number: str) -> Response:
        """Take back what you said of a claim."""
        claim = self._claim(slug, version, number)
        submission = self._submission(claim, request.query_params.get("submission", ""))
        take_back_mark(claim, submission, by=request.user)
        return Response(status=204)

    def _claim(self, slug: str, version: int, number: str) -> Claim:
        visible = Briefing.objects.visible_to(self.request.user)
        claims = Claim.objects.filter(briefing__in=visible)
        return get_object_or_404(
            claims.select_related("briefing__consultation").defer("briefing__content"),
            briefing__consultation__slug=slug,
            briefing__version=version,
            number=number,
        )

    def _submission(self, claim: Claim, reference: str) -> Submission:
        visible = Submission.objects.visible_to(self.request.user)
        return get_object_or_404(
            visible.of(claim.briefing.consultation), reference=reference.replace("\0", "")
        )
