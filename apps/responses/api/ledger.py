"""The ledger over the API: what can be answered, all that matches at once, and how far that is."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, HostRole
from apps.core.endpoints import PAGING, Endpoint, ListEndpoint, NamedOrder
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.jobs.services import progress_of
from apps.responses.bulking import STAGES, counts_of
from apps.responses.ledger import (
    KINDS,
    POINTS,
    LedgerFilter,
    count_of,
    drawn,
    read_filter,
    rows_of,
)
from apps.responses.models import BulkResponse, OfficialResponse
from apps.responses.rows import LedgerRow, ledger_rows
from apps.responses.services import (
    LONGEST_REASON,
    ResponseInput,
    find_copies,
    respond_to_all,
    retry_bulk,
    search_of,
)
from apps.submissions.models import Point, Stance

KEY: dict[str, Any] = {"max_length": 80, "required": False, "allow_blank": True}


class LedgerFilterSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    provision = serializers.CharField(**KEY, help_text="Key of a provision.")
    question = serializers.CharField(**KEY, help_text="Key of a question, with `kind=answers`.")
    group = serializers.ChoiceField(choices=StakeholderGroup.choices, required=False)
    stance = serializers.ChoiceField(choices=Stance.choices, required=False)
    theme = serializers.CharField(**KEY, help_text="Key of a theme of the newest ready briefing.")
    words = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="What the submission says."
    )
    campaign = serializers.CharField(
        **KEY, help_text="Number of a text with several senders in the newest search."
    )
    open = serializers.BooleanField(required=False, help_text="Only what is not answered.")
    own = serializers.BooleanField(
        required=False, help_text="Only own words beside the text of a campaign."
    )


class LedgerRowSerializer(serializers.Serializer[LedgerRow]):
    submission = serializers.CharField(source="target.submission.reference")
    part = serializers.CharField(source="target.part")
    group = serializers.ChoiceField(
        source="target.submission.group", choices=StakeholderGroup.choices
    )
    about = serializers.CharField(source="target.about")
    stance = serializers.ChoiceField(
        source="target.stance", choices=Stance.choices, allow_blank=True
    )
    words = serializers.CharField(source="target.words")
    senders = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=OfficialResponse.Decision.choices, allow_blank=True)
    cut_campaign = serializers.CharField(
        source="cut",
        help_text="Number of its text where that has more copies than are answered with one of"
        " them, or empty. A bulk response with this `campaign` answers all.",
    )
    own_words = serializers.CharField(
        source="own", help_text="Sentences of its sender's own beside a campaign's, or empty."
    )
    letter_decision = serializers.ChoiceField(
        source="on_letter",
        choices=OfficialResponse.Decision.choices,
        allow_blank=True,
        help_text="What was decided on the letter alone; the own words are answered apart.",
    )


class BulkInputSerializer(serializers.Serializer[Any]):
    filter = LedgerFilterSerializer()
    decision = serializers.ChoiceField(choices=OfficialResponse.Decision.choices)
    reason = serializers.CharField(max_length=LONGEST_REASON)
    change = serializers.CharField(max_length=80, default="", allow_blank=True)
    anew = serializers.BooleanField(
        default=False, help_text="Answer also what is answered already; its response is replaced."
    )


class BulkSerializer(serializers.Serializer[Any]):
    response = serializers.IntegerField(help_text="The response it gives.")
    count = serializers.IntegerField(help_text="How much matched when it was asked.")
    answered = serializers.IntegerField()
    gone = serializers.IntegerField(help_text="Withdrawn or replaced by their authors meanwhile.")
    later = serializers.IntegerField(help_text="Answered by a later response, which stands.")
    is_finished = serializers.BooleanField()
    is_dead = serializers.BooleanField(help_text="Given up after several attempts.")
    progress = serializers.CharField(help_text="Address of this figure.")


class CountSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    is_more = serializers.BooleanField(help_text="Counting stopped here: there are more.")


def edited(request: Request, slug: str) -> Consultation:
    """Return a consultation the caller may answer for; raise Http404 for others."""
    return get_object_or_404(Consultation.objects.edited_by(request.user), slug=slug)


def _read(request: Request, slug: str) -> Consultation:
    """Return a consultation whose ledger the caller reads; raise Http404 for others."""
    read = Consultation.objects.of_staff(request.user, HostRole.ANALYSTS)
    return get_object_or_404(read, slug=slug)


def asked_in(request: Request) -> LedgerFilter:
    """Return what the address asks for; raise ValidationError for an unknown name or value."""
    known = PAGING | set(LedgerFilterSerializer().fields)
    if unknown := sorted(set(request.query_params) - known):
        told = f"There is no such filter. There are: {', '.join(sorted(known))}."
        raise ValidationError(dict.fromkeys(unknown, told))
    given = {k: v for k, v in request.query_params.items() if k not in PAGING and v}
    return _checked(given)


def _checked(given: Mapping[str, Any]) -> LedgerFilter:
    checked = LedgerFilterSerializer(data=given)
    checked.is_valid(raise_exception=True)
    return read_filter(checked.validated_data)


@extend_schema(tags=["responses"])
class Ledger(ListEndpoint):
    serializer_class = LedgerRowSerializer
    permission_classes = [IsAuthenticated]
    filter_backends: Any = [NamedOrder]
    queryset = Point.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[Any]:
        self.consultation = _read(self.request, self.kwargs["slug"])
        self.asked = asked_in(self.request)
        return rows_of(self.consultation, self.asked).only("pk")

    def rows(self, page: list[Any]) -> list[Any]:
        found = drawn(self.asked.kind).in_bulk([one.pk for one in page])
        shown = ledger_rows([found[one.pk] for one in page], self.consultation)
        return list(self.get_serializer(shown, many=True).data)

    @extend_schema(
        operation_id="ledger_list",
        parameters=[LedgerFilterSerializer],
        responses=LedgerRowSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """List what can be answered, newest first; owners, editors and analysts of the host may."""
        return self.paginated(request)


@extend_schema(tags=["responses"])
class LedgerCount(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = CountSerializer

    @extend_schema(operation_id="ledger_count", parameters=[LedgerFilterSerializer])
    def get(self, request: Request, slug: str) -> Response:
        """Return how much matches."""
        count = count_of(_read(request, slug), asked_in(request))
        return Response({"count": count.n, "is_more": count.is_more})


class SearchSerializer(serializers.Serializer[Any]):
    cut_off_at = serializers.DateTimeField(
        allow_null=True, help_text="Up to when what was filed was searched; null where never."
    )
    campaigns = serializers.IntegerField(help_text="Texts with several senders.")
    is_running = serializers.BooleanField()
    is_dead = serializers.BooleanField()


@extend_schema(tags=["responses"])
class Copies(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = SearchSerializer

    @extend_schema(operation_id="ledger_copies")
    def get(self, request: Request, slug: str) -> Response:
        """Return how far the search for letters with the same text is."""
        return Response(self.get_serializer(search_of(edited(request, slug))).data)

    @extend_schema(
        operation_id="ledger_copies_find",
        request=None,
        responses={202: SearchSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Let a job look for letters with the same text, which are answered once."""
        consultation = edited(request, slug)
        return once(request, lambda: self._find(consultation))

    def _find(self, consultation: Consultation) -> Response:
        find_copies(consultation, by=self.request.user)
        return Response(self.get_serializer(search_of(consultation)).data, status=202)


@extend_schema(tags=["responses"])
class BulkResponses(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = BulkSerializer

    @extend_schema(
        operation_id="bulk_responses_give",
        request=BulkInputSerializer,
        responses={202: BulkSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "Every open point of companies on one article",
                {
                    "filter": {
                        "kind": POINTS,
                        "provision": "article-5",
                        "group": "company",
                        "open": True,
                    },
                    "decision": "partly",
                    "reason": "The period is shorter now; who observes is still open.",
                    "change": "article-5",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Answer everything that matches now; a job does it, `progress` tells how far it is."""
        consultation = edited(request, slug)
        return once(request, lambda: self._give(consultation))

    def _give(self, consultation: Consultation) -> Response:
        entered = BulkInputSerializer(data=self.request.data)
        entered.is_valid(raise_exception=True)
        data = dict(entered.validated_data)
        asked = read_filter(data.pop("filter"))
        bulk = respond_to_all(consultation, asked, ResponseInput(**data), by=self.request.user)
        return Response(_told(self, bulk), status=202)


@extend_schema(tags=["responses"])
class BulkProgress(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = BulkSerializer

    @extend_schema(operation_id="bulk_responses_progress")
    def get(self, request: Request, slug: str, bulk_id: int) -> Response:
        """Return how far a response to everything that matched is."""
        return Response(_told(self, _bulk(request, slug, bulk_id)))


@extend_schema(tags=["responses"])
class BulkRetry(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = BulkSerializer

    @extend_schema(operation_id="bulk_responses_retry", request=None, parameters=[IDEMPOTENCY_KEY])
    def post(self, request: Request, slug: str, bulk_id: int) -> HttpResponse:
        """Try the parts again that were given up."""
        bulk = _bulk(request, slug, bulk_id)
        return once(request, lambda: self._retry(bulk))

    def _retry(self, bulk: BulkResponse) -> Response:
        retry_bulk(bulk, by=self.request.user)
        return Response(_told(self, bulk))


def _bulk(request: Request, slug: str, bulk_id: int) -> BulkResponse:
    return get_object_or_404(BulkResponse.objects.of(edited(request, slug)).numbered(bulk_id))


def _told(endpoint: Endpoint, bulk: BulkResponse) -> dict[str, Any]:
    slug = bulk.response.consultation.slug
    place = reverse("api:bulk-response", args=[slug, bulk.pk])
    return {
        "response": bulk.pk,
        "count": bulk.count,
        **counts_of(bulk),
        "is_finished": bulk.finished_at is not None,
        "is_dead": progress_of(bulk.job_key, stages=STAGES).is_dead,
        "progress": f"{endpoint.root}{place}",
    }
