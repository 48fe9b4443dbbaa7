"""Endpoints of people: stakeholder groups, me, my organisations, my tokens."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.serializers import (
    MadeTokenSerializer,
    MeSerializer,
    MyOrganisationSerializer,
    StakeholderGroupSerializer,
    TokenSerializer,
)
from apps.accounts.groups import LOOKS, StakeholderGroup
from apps.accounts.models import AccessToken, Membership
from apps.accounts.services import make_token, revoke_token
from apps.core.endpoints import Endpoint
from apps.core.permissions import ReadOnly


@extend_schema(tags=["people"])
class StakeholderGroups(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = StakeholderGroupSerializer

    @extend_schema(
        operation_id="stakeholder_groups_list", responses=StakeholderGroupSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the stakeholder groups with the shape and colour each has everywhere."""
        groups = [
            {
                "id": group.value,
                "name": group.label,
                "short": LOOKS[group].short,
                "shape": LOOKS[group].shape,
                "colour": LOOKS[group].colour,
            }
            for group in StakeholderGroup
        ]
        return Response(self.get_serializer(groups, many=True).data)


@extend_schema(tags=["people"])
class Me(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = MeSerializer

    def get(self, request: Request) -> Response:
        """Return who is logged in and what this log-in may do."""
        scope = getattr(request.auth, "scope", AccessToken.Scope.WRITE)
        person: Any = request.user
        me = {"email": person.email, "name": person.name, "scope": scope}
        return Response(self.get_serializer(me).data)


@extend_schema(tags=["people"])
class MyOrganisations(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = MyOrganisationSerializer

    @extend_schema(
        operation_id="me_organisations_list", responses=MyOrganisationSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the organisations you draft or submit for."""
        person: Any = request.user
        memberships = Membership.objects.filter(user=person).select_related("organisation")
        memberships = memberships.order_by("organisation__name")
        return Response(self.get_serializer(memberships, many=True).data)


class _TokenEndpoint(Endpoint):
    # A token cannot make or revoke tokens: who finds one must not be able to outlive it.
    authentication_classes: Any = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    serializer_class = TokenSerializer

    def get_queryset(self) -> QuerySet[AccessToken]:
        if not self.request.user.is_authenticated:
            return AccessToken.objects.none()
        return AccessToken.objects.filter(user=self.request.user)


@extend_schema(tags=["tokens"])
class Tokens(_TokenEndpoint):
    @extend_schema(operation_id="tokens_list", responses=TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List your tokens. Only a browser session may: tokens cannot manage tokens."""
        return Response(self.get_serializer(self.get_queryset(), many=True).data)

    @extend_schema(request=TokenSerializer, responses={201: MadeTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token that expires after 30 days; its text is in this answer only."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made, text = make_token(cast(Any, request.user), **asked.validated_data)
        answer = {**TokenSerializer(made).data, "token": text}
        return Response(answer, status=201)


@extend_schema(tags=["tokens"])
class Token(_TokenEndpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: Any) -> Response:
        """Revoke a token."""
        revoke_token(
            get_object_or_404(self.get_queryset(), number=number), by=cast(Any, request.user)
        )
        return Response(status=204)
