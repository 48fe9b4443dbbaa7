"""Endpoints that take in what came another way: tables of other tools, letters and mails."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation
from apps.core.display import display_text
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.files import as_download
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.parsing import BoundedJSONParser
from apps.submissions.api.filing import content_of, receipt_response
from apps.submissions.api.inputs import GROUPS, ContentSerializer
from apps.submissions.api.serializers import ReceiptSerializer
from apps.submissions.importing.known import propose_groups
from apps.submissions.importing.planning import DATE_ORDERS, FIELDS, Plan
from apps.submissions.importing.sources import PERSONAL
from apps.submissions.models import LONGEST_TEXT, ImportUpload, Submission
from apps.submissions.rules import taken_in_by
from apps.submissions.services import (
    FileInput,
    PaperInput,
    enter_for_somebody,
    fetch_rejects,
    first_rows,
    labels_of,
    map_columns,
    proposed_plan,
    run_import,
    take_back,
    upload_table,
)

ORDERS = [(key, str(label)) for key, label in DATE_ORDERS.items() if key]
MAPPING = OpenApiExample(
    "An export of regulations.gov",
    {
        "fields": {"reference": "Document ID", "text": "Comment", "group": "Category"},
        "answers": {"why": "Why do you think so?"},
        "groups": {"Individual Consumer": "individual", "Academic": "research"},
        "rest": "other",
    },
    request_only=True,
)
LETTER = OpenApiExample(
    "A letter with its scan, sent before",
    {
        "source": "paper",
        "received_on": "2026-11-23",
        "organisation": "Friends of the Lake",
        "group": "civil",
        "text": "We ask you to keep the lake open.",
        "attachments": [
            {"key": "pV9mQ2rT0sWb1yZc3eF4gA", "title": "The letter", "kept_back": "personal"}
        ],
    },
    request_only=True,
)


class ImportFileSerializer(serializers.Serializer):
    file = serializers.FileField(help_text="CSV or XLSX, up to 20 MB.", max_length=1_000)


def _column() -> Any:
    return serializers.CharField(max_length=250)


class MappingSerializer(serializers.Serializer):
    answers = serializers.DictField(
        child=_column(), default=dict, help_text="Key of a question -> column."
    )
    groups = serializers.DictField(
        child=serializers.ChoiceField(choices=GROUPS),
        default=dict,
        help_text="Value of the group column -> stakeholder group.",
    )
    rest = serializers.ChoiceField(
        choices=GROUPS,
        allow_blank=True,
        default="",
        help_text="Group of all other values, and of rows without one. Nothing is guessed.",
    )
    date_order = serializers.ChoiceField(
        choices=ORDERS,
        allow_blank=True,
        default="",
        help_text="For dates that do not begin with the year.",
    )

    def get_fields(self) -> dict[str, Any]:
        # A serializer has an attribute `fields` of its own.
        columns = serializers.DictField(
            child=_column(), help_text=f"Field -> column. Fields: {', '.join(FIELDS)}."
        )
        return {"fields": columns, **super().get_fields()}


class LabelSerializer(serializers.Serializer):
    label: Any = serializers.CharField(allow_blank=True, help_text="Empty: rows without a group.")
    rows = serializers.IntegerField()
    proposed = serializers.CharField(allow_blank=True)


class ImportRowSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(help_text="Its address in the API.")

    class Meta:
        model = ImportUpload
        fields: ClassVar[list[str]] = [
            *("id", "name", "kind", "size", "sha256", "state", "rows", "taken", "added"),
            *("already_there", "rejected", "failure", "made_at", "ended_at", "url"),
        ]
        read_only_fields: ClassVar[list[str]] = fields

    taken = serializers.IntegerField(help_text="Rows that are in, by the last run or before.")

    def get_url(self, upload: ImportUpload) -> str:
        place = reverse("api:import", args=[upload.consultation.slug, upload.pk])
        return f"{self.context['root']}{place}"


class ImportSerializer(ImportRowSerializer):
    columns: Any = serializers.ListField(child=serializers.CharField())
    first_rows: Any = serializers.SerializerMethodField(
        help_text="Cells in the order of the columns; those of personal columns are empty."
    )
    mapping: Any = serializers.SerializerMethodField(
        help_text="As decided; before that, as proposed by the names of the columns."
    )
    labels: Any = serializers.SerializerMethodField(
        help_text="The values of the group column, the most frequent first."
    )
    reasons: Any = serializers.SerializerMethodField(
        help_text="Why rows were rejected, as [reason, rows]."
    )

    class Meta(ImportRowSerializer.Meta):
        more = ("columns", "first_rows", "mapping", "labels", "reasons")
        fields: ClassVar[list[str]] = [*ImportRowSerializer.Meta.fields, *more]
        read_only_fields: ClassVar[list[str]] = fields

    def get_first_rows(self, upload: ImportUpload) -> list[list[str]]:
        if not upload.is_kept:
            return []
        shown = [(column, not PERSONAL.search(column)) for column in upload.columns]
        return [
            [
                display_text(str(row.cells.get(column, ""))) if is_shown else ""
                for column, is_shown in shown
            ]
            for row in first_rows(upload)
        ]

    @extend_schema_field(MappingSerializer)
    def get_mapping(self, upload: ImportUpload) -> dict[str, Any]:
        return proposed_plan(upload).as_json()

    @extend_schema_field(LabelSerializer(many=True))
    def get_labels(self, upload: ImportUpload) -> list[dict[str, Any]]:
        if not upload.is_kept:
            return []
        labels = labels_of(upload, proposed_plan(upload)).most_common()
        proposed = propose_groups(upload.consultation, [label for label, _rows in labels])
        return [
            {"label": label, "rows": rows, "proposed": proposed.get(label, "")}
            for label, rows in labels
        ]

    def get_reasons(self, upload: ImportUpload) -> list[list[str]]:
        return [[str(part) for part in one] for one in upload.reasons]


class PaperSerializer(ContentSerializer):
    source: Any = serializers.ChoiceField(
        choices=[(one, Submission.Source(one).label) for one in Submission.BY_STAFF],
        help_text="How it was received.",
    )
    received_on = serializers.DateField(help_text="A day within a comment phase, open or over.")
    organisation = serializers.CharField(
        max_length=300,
        allow_blank=True,
        default="",
        help_text="Its name as written; empty for a private person.",
    )
    text = serializers.CharField(
        max_length=LONGEST_TEXT,
        allow_blank=True,
        default="",
        trim_whitespace=False,
        help_text="What follows no question.",
    )


def _consultation(request: Request, slug: str) -> Consultation:
    return get_object_or_404(taken_in_by(request.user), slug=slug)


class _OfImports(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class: Any = ImportSerializer

    def upload(self, request: Request, slug: str, upload_id: int) -> ImportUpload:
        found = _consultation(request, slug).import_uploads.select_related("consultation")
        return get_object_or_404(found, pk=upload_id)

    def answer(self, upload: ImportUpload, **more: Any) -> Response:
        shown = ImportSerializer(upload, context={"root": self.root}).data
        return Response(shown, **more)


@extend_schema(tags=["imports"])
class Imports(ListEndpoint):
    permission_classes = [IsAuthenticated]
    parser_classes: Any = [MultiPartParser, BoundedJSONParser]
    serializer_class = ImportRowSerializer
    queryset = ImportUpload.objects.none()
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id", "id": "id"}

    def get_queryset(self) -> QuerySet[ImportUpload]:
        own = _consultation(self.request, self.kwargs["slug"])
        return own.import_uploads.select_related("consultation")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "root": self.root}

    @extend_schema(operation_id="imports_list", responses=ImportRowSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List the tables that were uploaded, for owners, editors and moderators of the host."""
        del slug
        return self.paginated(request)

    @extend_schema(
        operation_id="imports_upload",
        request={"multipart/form-data": ImportFileSerializer},
        responses={201: ImportSerializer},
        description=(
            "Upload a table of another tool. The same file sent again is the file there is already:"
            " no Idempotency-Key is needed. Look at `mapping` and `labels`, decide on the mapping,"
            " then run it."
        ),
    )
    def post(self, request: Request, slug: str) -> Response:
        """Upload a table of another tool."""
        consultation = _consultation(request, slug)
        asked = ImportFileSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sent = asked.validated_data["file"]
        made = upload_table(consultation, FileInput(sent.name, sent.file), by=request.user)
        shown = ImportSerializer(made, context={"root": self.root}).data
        return Response(shown, status=201, headers={"Location": shown["url"]})


@extend_schema(tags=["imports"])
class OneImport(_OfImports):
    @extend_schema(operation_id="imports_retrieve")
    def get(self, request: Request, slug: str, upload_id: int) -> Response:
        """Return how a table is read, what a mapping could be, and what came of the last run."""
        return self.answer(self.upload(request, slug, upload_id))


@extend_schema(tags=["imports"])
class ImportMapping(_OfImports):
    @extend_schema(
        operation_id="imports_map",
        request=MappingSerializer,
        responses=ImportSerializer,
        examples=[MAPPING],
    )
    def put(self, request: Request, slug: str, upload_id: int) -> Response:
        """Decide which column holds what, and which group each value stands for."""
        upload = self.upload(request, slug, upload_id)
        asked = MappingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plan = Plan.of(asked.validated_data)
        return self.answer(map_columns(upload, plan, by=request.user))


@extend_schema(tags=["imports"])
class ImportRun(_OfImports):
    @extend_schema(
        operation_id="imports_run",
        request=None,
        responses={202: ImportSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request, slug: str, upload_id: int) -> HttpResponse:
        """Take in the rows; look at the import until its `state` is no longer `running`."""
        upload = self.upload(request, slug, upload_id)
        return once(request, lambda: self.answer(run_import(upload, by=request.user), status=202))


@extend_schema(tags=["imports"])
class ImportRejects(_OfImports):
    @extend_schema(
        operation_id="imports_rejects",
        responses={
            (200, "text/csv"): OpenApiResponse(
                OpenApiTypes.BINARY, "Line, reason, then the columns of the table."
            )
        },
    )
    def get(self, request: Request, slug: str, upload_id: int) -> HttpResponseBase:
        """Fetch the rows that were not taken in, to be mended and uploaded."""
        upload = self.upload(request, slug, upload_id)
        file = fetch_rejects(upload, by=request.user)
        return as_download(file, f"rejects-{upload.pk}.csv", "text/csv; charset=utf-8")


@extend_schema(tags=["imports"])
class Papers(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = PaperSerializer

    @extend_schema(
        operation_id="papers_enter",
        request=PaperSerializer,
        responses={201: ReceiptSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[LETTER],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Enter a letter or a mail for whoever sent it; the receipt is to be handed over."""
        consultation = _consultation(request, slug)
        return once(request, lambda: self._enter(request, consultation))

    def _enter(self, request: Request, consultation: Consultation) -> Response:
        asked = PaperSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        entered = PaperInput(
            content_of(data),
            source=data["source"],
            received_on=f"{data['received_on']:%Y-%m-%d}",
            organisation=data["organisation"],
            text=data["text"],
        )
        receipt = enter_for_somebody(consultation, entered, by=request.user)
        return receipt_response(receipt, consultation, root=self.root)


class PaperMistakeSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=500, help_text="Published with the withdrawal.")


@extend_schema(tags=["imports"])
class PaperWithdrawal(Endpoint):
    permission_classes = [IsAuthenticated]
    serializer_class = PaperMistakeSerializer

    @extend_schema(
        operation_id="papers_take_back", responses={204: None}, parameters=[IDEMPOTENCY_KEY]
    )
    def post(self, request: Request, slug: str, reference: str) -> HttpResponse:
        """Take back what staff entered by mistake; it stays on record as withdrawn."""
        consultation = _consultation(request, slug)
        entered = consultation.submissions.filter(source__in=Submission.BY_STAFF)
        submission = get_object_or_404(entered, reference=reference)
        submission.consultation = consultation
        return once(request, lambda: self._take_back(request, submission))

    def _take_back(self, request: Request, submission: Submission) -> Response:
        asked = PaperMistakeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        take_back(submission, asked.validated_data["why"], by=request.user)
        return Response(status=204)
