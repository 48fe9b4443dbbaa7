"""Endpoints with which a person deletes the account: asked here, confirmed with a mailed link."""

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.services import (
    delete_account,
    parting_of,
    require_leaving_token,
    write_leaving_link,
)
from apps.core.endpoints import Endpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY


class ObstacleSerializer(serializers.Serializer):
    text = serializers.CharField(help_text="What to do first.")
    url = serializers.CharField(help_text="The page for it; empty where there is none.")


class PartingSerializer(serializers.Serializer):
    obstacles = ObstacleSerializer(many=True)
    remains = serializers.ListField(
        child=serializers.CharField(), help_text="What stays on record, without your name."
    )
    own_words = serializers.IntegerField(
        help_text="How many responses of your own can be withdrawn with the account."
    )


class LeavingSerializer(serializers.Serializer):
    withdraw = serializers.BooleanField(
        default=False, help_text="Withdraw the responses that you filed on your own before."
    )


@extend_schema(tags=["people"])
class Deletion(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = PartingSerializer

    def get(self, request: Request) -> Response:
        """Say what stands in the way of deleting your account, and what stays on record."""
        parting = parting_of(cast(Any, request.user))
        return Response(self.get_serializer(parting).data)

    @extend_schema(
        operation_id="me_deletion_ask",
        request=None,
        responses={202: PartingSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Ask for a mail with the link that deletes your account; it holds for an hour."""
        return once(request, lambda: self._asked(cast(Any, request.user)))

    def _asked(self, person: Any) -> Response:
        write_leaving_link(person)
        return Response(self.get_serializer(parting_of(person)).data, status=202)


@extend_schema(tags=["people"])
class DeletionByLink(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = LeavingSerializer

    @extend_schema(
        operation_id="me_deletion_confirm", request=LeavingSerializer, responses={204: None}
    )
    def post(self, request: Request, token: str) -> Response:
        """Delete your account for good, with the last part of the mailed link."""
        require_leaving_token(token, request.user)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        delete_account(cast(Any, request.user), is_withdrawing=asked.validated_data["withdraw"])
        return Response(status=204)
