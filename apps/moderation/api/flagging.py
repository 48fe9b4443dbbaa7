"""Where programs report what breaks a rule; nobody has to log in."""

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.moderation.api.serializers import FlaggedSerializer, FlagInputSerializer
from apps.moderation.limiting import require_calm
from apps.moderation.services import flag, has_flagged
from apps.submissions.models import Submission

FLAG = OpenApiExample(
    "An answer that tells where somebody lives",
    {"part": "answer:why", "rule": "personal", "text": "It names a neighbour and the house."},
    request_only=True,
)


@extend_schema(tags=["moderation"])
class Flags(Endpoint):
    permission_classes = [AllowAny]
    serializer_class = FlagInputSerializer

    @extend_schema(
        operation_id="moderation_flag",
        responses={200: FlaggedSerializer, 201: FlaggedSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[FLAG],
    )
    def post(self, request: Request, slug: str, reference: str) -> HttpResponse | Response:
        """Put a part of a submission before the moderators of its host.

        Without a token, few can come from one network in an hour, and a key of yours is not kept.
        With one, you report a part once while it waits: a second time changes nothing.
        """
        if not request.user.is_authenticated:
            return self._flag(request, slug, reference)
        return once(request, lambda: self._flag(request, slug, reference))

    def _flag(self, request: Request, slug: str, reference: str) -> Response:
        visible = Submission.objects.visible_to(request.user).on_record()
        found = visible.filter(consultation__slug=slug, reference=reference)
        submission = found.select_related("consultation").first()
        if submission is None:
            raise Http404
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        require_calm(request)
        is_repeated = has_flagged(submission, said["part"], by=request.user)
        flag(submission, by=request.user, **said)
        told = {"submission": reference, "part": said["part"], "rule": said["rule"]}
        answer = FlaggedSerializer({**told, "is_repeated": is_repeated})
        return Response(answer.data, status=200 if is_repeated else 201)
