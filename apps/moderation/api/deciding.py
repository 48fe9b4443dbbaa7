"""What moderators do over the API: the queue, one case, decisions, also about appeals."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, HostRole
from apps.consultations.rules import may_moderate
from apps.core.endpoints import PAGING, Endpoint, ListEndpoint, NamedOrder
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.moderation.api.serializers import (
    AppealDecisionSerializer,
    CaseOpeningSerializer,
    CaseRowSerializer,
    CaseSerializer,
    DecidedCaseSerializer,
    DecisionInputSerializer,
    LiftSerializer,
    with_accounts,
)
from apps.moderation.models import Appeal, Case, Decision, Rule
from apps.moderation.paging import file_of
from apps.moderation.services import DecisionInput, decide, decide_appeal, is_own, lift, open_case
from apps.moderation.texts import texts_of
from apps.moderation.waiting import cases_of, decided_in, shown
from apps.submissions.models import Submission

MOST_FLAGS = 100
DECISION = OpenApiExample(
    "Words about somebody who did not agree",
    {
        "action": "redact",
        "rule": "personal",
        "words": ["12 Harbour Street"],
        "statement": "It tells where a person lives who takes no part in this.",
        "public_note": "An address.",
    },
    request_only=True,
)
UPHELD = OpenApiExample(
    "The decision stands",
    {"outcome": "upheld", "statement": "The person asked us to keep it out."},
    request_only=True,
)


class CaseFilterSerializer(serializers.Serializer[Any]):
    rule = serializers.ChoiceField(choices=Rule.choices, required=False)
    group = serializers.ChoiceField(choices=StakeholderGroup.choices, required=False)


@extend_schema(tags=["moderation"])
class Cases(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CaseRowSerializer
    filter_backends: Any = [NamedOrder]
    queryset = Case.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"rank": "rank", "-id": "-id"}

    def get_queryset(self) -> QuerySet[Case]:
        consultation = _of_staff(self.request, self.kwargs["slug"], HostRole.OVERSEERS)
        return cases_of(consultation, **_asked_in(self.request))

    def rows(self, page: list[Case]) -> list[Any]:
        return list(self.get_serializer(shown(page), many=True).data)

    @extend_schema(
        operation_id="moderation_cases_list",
        parameters=[CaseFilterSerializer],
        responses=CaseRowSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """List what waits, the most urgent first; data-protection officers read along."""
        return self.paginated(request)

    @extend_schema(
        operation_id="moderation_cases_open",
        request=CaseOpeningSerializer,
        responses={201: CaseSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Look at a part that nobody reported; where it waits already, that case is returned."""
        return once(request, lambda: self._open(request, slug))

    def _open(self, request: Request, slug: str) -> Response:
        consultation = _of_staff(request, slug, HostRole.MODERATORS)
        asked = CaseOpeningSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        filed = Submission.objects.of(consultation).on_record()
        reference = asked.validated_data["submission"]
        submission = get_object_or_404(filed.select_related("consultation"), reference=reference)
        found = open_case(submission, asked.validated_data["part"], by=request.user)
        return Response(_whole(found, request), status=201)


@extend_schema(tags=["moderation"])
class Decided(ListEndpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = DecidedCaseSerializer
    filter_backends: Any = [NamedOrder]
    queryset = Decision.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[Decision]:
        self.consultation = _of_staff(self.request, self.kwargs["slug"], HostRole.OVERSEERS)
        found = decided_in(self.consultation, **_asked_in(self.request))
        return found.defer(None)  # what was taken out is shown here

    def rows(self, page: list[Decision]) -> list[Any]:
        may_decide = may_moderate(self.request.user, self.consultation)
        shown_of = page if may_decide else _without_words(page)
        return list(self.get_serializer(shown_of, many=True).data)

    @extend_schema(
        operation_id="moderation_decided_list",
        parameters=[CaseFilterSerializer],
        responses=DecidedCaseSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """List what was decided, the newest first; what was taken out, for moderators only."""
        return self.paginated(request)


@extend_schema(tags=["moderation"])
class OneCase(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CaseSerializer

    @extend_schema(operation_id="moderation_cases_retrieve")
    def get(self, request: Request, slug: str, case_id: int) -> Response:
        """Return a case with what the part says, the reports, and what was decided before."""
        return Response(_whole(_case(request, slug, case_id, HostRole.OVERSEERS), request))


@extend_schema(tags=["moderation"])
class CaseDecision(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = DecisionInputSerializer

    @extend_schema(
        operation_id="moderation_cases_decide",
        responses=CaseSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[DECISION],
    )
    def post(self, request: Request, slug: str, case_id: int) -> HttpResponse:
        """Keep a part, redact words, hide pages of a file or all of it; those concerned get a mail.

        Nobody decides about what they wrote or signed themselves.
        """
        return once(request, lambda: self._decide(request, slug, case_id))

    def _decide(self, request: Request, slug: str, case_id: int) -> Response:
        found = _case(request, slug, case_id)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decide(found, DecisionInput(**asked.validated_data), by=request.user)
        return Response(_whole(_case(request, slug, case_id), request))


@extend_schema(tags=["moderation"])
class AppealDecision(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = AppealDecisionSerializer

    @extend_schema(
        operation_id="moderation_appeals_decide",
        responses=CaseSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[UPHELD],
    )
    def post(self, request: Request, slug: str, case_id: int) -> HttpResponse:
        """Let a decision stand (`upheld`) or put the words back (`reversed`), as somebody else."""
        return once(request, lambda: self._decide(request, slug, case_id))

    def _decide(self, request: Request, slug: str, case_id: int) -> Response:
        found = _case(request, slug, case_id)
        lodged = Appeal.objects.filter(decision__case=found).order_by("-pk")
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decide_appeal(get_object_or_404(lodged), by=request.user, **asked.validated_data)
        return Response(_whole(_case(request, slug, case_id), request))


@extend_schema(tags=["moderation"])
class Lift(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = LiftSerializer

    @extend_schema(
        operation_id="moderation_decisions_lift",
        responses=CaseSerializer,
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, decision_id: int) -> HttpResponse:
        """Take a decision back unasked; the words come back, the author and the log are told."""
        return once(request, lambda: self._lift(request, slug, decision_id))

    def _lift(self, request: Request, slug: str, decision_id: int) -> Response:
        taken = Decision.objects.filter(consultation=_of_staff(request, slug, HostRole.MODERATORS))
        found = get_object_or_404(taken.select_related("case"), pk=decision_id)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        lift(found, by=request.user, **asked.validated_data)
        return Response(_whole(_case(request, slug, found.case_id), request))


def _of_staff(request: Request, slug: str, roles: Collection[str]) -> Consultation:
    return get_object_or_404(Consultation.objects.of_staff(request.user, roles), slug=slug)


def _case(
    request: Request, slug: str, case_id: int, roles: Collection[str] = HostRole.MODERATORS
) -> Case:
    cases = Case.objects.of(_of_staff(request, slug, roles))
    return get_object_or_404(cases.select_related("submission__consultation"), pk=case_id)


def _without_words(decisions: Iterable[Decision]) -> list[Decision]:
    """Return decisions without what they took out: that is for those who decide."""
    found = list(decisions)
    for one in found:
        one.removed = []
    return found


def _whole(found: Case, request: Request) -> Any:
    decisions = found.decisions.select_related("appeal", "case")
    may_decide = may_moderate(request.user, found.submission.consultation)
    texts = texts_of(found.submission, found.part)
    file = file_of(found)
    told: Any = {
        **{name: getattr(found, name) for name in ("id", "part", "kind", "group", "state")},
        **{name: getattr(found, name) for name in ("opened_at", "flags", "submission")},
        "texts": [one for one in texts if may_decide or one.is_public],
        "page_count": file.page_count if file else None,
        "flagged": with_accounts(list(found.flagged.order_by("pk")[:MOST_FLAGS])),
        "decisions": decisions if may_decide else _without_words(decisions),
        "is_own": is_own(found.submission, request.user),
    }
    return CaseSerializer(told).data


def _asked_in(request: Request) -> dict[str, Any]:
    known = PAGING | set(CaseFilterSerializer().fields)
    if unknown := sorted(set(request.query_params) - known):
        told = f"There is no such filter. There are: {', '.join(sorted(known))}."
        raise ValidationError(dict.fromkeys(unknown, told))
    given = {name: value for name, value in request.query_params.items() if name not in PAGING}
    asked = CaseFilterSerializer(data=given)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
