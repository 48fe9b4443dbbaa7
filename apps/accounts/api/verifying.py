"""Endpoint behind the mail of a verification: it confirms that an organisation reads its domain."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.organisations import VerificationSerializer
from apps.accounts.services import confirm_email
from apps.core.endpoints import Endpoint


@extend_schema(tags=["organisations"])
class MailVerification(Endpoint):
    permission_classes = [AllowAny]
    serializer_class = VerificationSerializer

    @extend_schema(operation_id="verifications_confirm_mail", request=None)
    def post(self, request: Request, token: str) -> Response:
        """Confirm an address of the domain with the word at the end of the link; it works once."""
        del request
        return Response(self.get_serializer(confirm_email(token)).data)
