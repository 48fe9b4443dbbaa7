"""Endpoint that checks a receipt against the log."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.audit.services import check_receipt
from apps.core.endpoints import Endpoint


class AskedSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=60, help_text="The tracking number, however typed.")
    content = serializers.JSONField(
        required=False, allow_null=True, default=None, help_text="What you say was filed."
    )
    consultation = serializers.CharField(required=False, help_text="As the receipt file says it.")
    filed_at = serializers.CharField(required=False, help_text="As the receipt file says it.")
    commitment = serializers.CharField(required=False, help_text="As the receipt file says it.")
    salt = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=200,
        help_text="Of the receipt; without it nothing is said of the content.",
    )


class CheckSerializer(serializers.Serializer):
    found = serializers.BooleanField()
    number = serializers.CharField(allow_null=True)
    consultation = serializers.CharField(allow_null=True)
    filed_at = serializers.DateTimeField(allow_null=True)
    commitment = serializers.CharField(allow_null=True)
    entry_is_intact = serializers.BooleanField(
        help_text="Whether the hash in the log equals the one made again from the entry."
    )
    content_matches = serializers.BooleanField(
        allow_null=True, help_text="Null without content and the right salt, or once it is erased."
    )
    differing = serializers.ListField(
        child=serializers.CharField(),
        help_text="Names of what was sent of the receipt file and is not as it was given out.",
    )


@extend_schema(tags=["receipts"])
class ReceiptChecks(Endpoint):
    # Whoever holds the number may ask; the answer holds nothing of what was filed.
    permission_classes = [AllowAny]
    serializer_class = AskedSerializer

    @extend_schema(
        request=AskedSerializer,
        responses={200: CheckSerializer},
        examples=[
            OpenApiExample("A number", {"number": "PL-7K3M-9Q2X-4TBC"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Check a tracking number and, with the salt of its receipt, whether content was filed."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told = dict(asked.validated_data)
        check = check_receipt(
            told.pop("number"), content=told.pop("content"), salt=told.pop("salt"), lines=told
        )
        receipt = check.receipt
        answer = {
            "found": receipt is not None,
            "number": receipt and receipt.number,
            "consultation": receipt and receipt.title,
            "filed_at": receipt and receipt.filed_at,
            "commitment": receipt and receipt.commitment,
            "entry_is_intact": check.entry_is_intact,
            "content_matches": check.content_matches,
            "differing": check.differing,
        }
        return Response(CheckSerializer(answer).data)
