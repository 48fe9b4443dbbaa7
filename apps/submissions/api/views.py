"""Endpoints of what was submitted: lists, one submission, tallies, documents with their points."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.consultations.models import Consultation, DocumentVersion, Provision
from apps.core.endpoints import Endpoint, ListEndpoint
from apps.core.idempotency import once
from apps.core.openapi import IDEMPOTENCY_KEY
from apps.core.permissions import ReadOnly
from apps.submissions.api.filing import (
    content_of,
    gives_away,
    organisation_of,
    receipt_response,
)
from apps.submissions.api.filters import SubmissionFilters
from apps.submissions.api.inputs import FilingSerializer
from apps.submissions.api.rows import FILED, list_rows
from apps.submissions.api.serializers import (
    DocumentVersionSerializer,
    ReceiptSerializer,
    SubmissionRowSerializer,
    SubmissionSerializer,
    TallySerializer,
)
from apps.submissions.models import (
    Answer,
    Attachment,
    GroupTally,
    JointParty,
    Passage,
    Placement,
    Point,
    PointTally,
    Reply,
    Submission,
)
from apps.submissions.services import file_submission

FILING = OpenApiExample(
    "Two answers, a point and a file sent before",
    {
        "group": "civil",
        "language": "en",
        "answers": [
            {"question": "threshold", "text": "A number of parties is not enough."},
            {"question": "monitoring", "choices": ["on-site", "remote"]},
        ],
        "points": [
            {
                "provision": "art-4",
                "stance": "changes",
                "ask": "amend",
                "reason": "A trigger nobody can observe cannot be verified.",
                "quote": "seen by one observer",
                "proposed_text": "… as confirmed by two independent observers.",
                "evidence": [{"url": "https://example.org/study", "title": "A study"}],
                "files": ["pV9mQ2rT0sWb1yZc3eF4gA"],
            }
        ],
        "attachments": [{"key": "pV9mQ2rT0sWb1yZc3eF4gA", "title": "Position paper"}],
    },
    request_only=True,
)
REPLIES = OpenApiExample(
    "A reply to a point of another submission, in a reply phase",
    {
        "group": "research",
        "replies": [
            {
                "submission": "PL-7Q2M-K4TD-9XRC",
                "part": "point:1",
                "kind": "evidence",
                "text": "Two inspections a year found every such case.",
                "evidence": [{"url": "https://example.org/study", "title": "A study"}],
            }
        ],
    },
    request_only=True,
)
# Made once: to copy all its fields for each request takes longer than to check the request.
CHECKS = FilingSerializer()


def visible_consultation(request: Request, slug: str) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(request.user), slug=slug)


@extend_schema(tags=["submissions"])
class Submissions(ListEndpoint):
    serializer_class = SubmissionRowSerializer
    queryset = Submission.objects.none()
    filterset_class = SubmissionFilters
    orderings: ClassVar[Mapping[str, str]] = {
        "-submitted_at": "-submitted_at",
        "submitted_at": "submitted_at",
    }

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.request.method == "POST" else ReadOnly()]

    def get_queryset(self) -> QuerySet[Submission, Any]:
        # The consultation is found inside the query: one round trip to the database, not two.
        named = Consultation.objects.filter(slug=self.kwargs["slug"]).values("pk")[:1]
        return FILED.visible_to(self.request.user).filter(consultation=named)

    def rows(self, page: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not page:
            visible_consultation(self.request, self.kwargs["slug"])  # empty, or nothing at all?
        return list_rows(page, slug=self.kwargs["slug"], root=self.root)

    @extend_schema(operation_id="submissions_list", responses=SubmissionRowSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List what was filed in a consultation; counts by group are under `heard/`."""
        return self.paginated(request)

    @extend_schema(
        operation_id="submissions_file",
        request=FilingSerializer,
        responses={201: ReceiptSerializer},
        parameters=[IDEMPOTENCY_KEY],
        examples=[FILING, REPLIES],
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """File a complete submission; the answer is the receipt with its tracking number.

        A person has one response in a phase: filing again, for whatever group, revises it.
        """
        return once(request, lambda: self._file(request, slug))

    def _file(self, request: Request, slug: str) -> Response:
        asked = CHECKS.run_validation(request.data)
        consultation = visible_consultation(request, slug)
        content = content_of(asked)
        receipt = file_submission(
            consultation,
            content,
            by=request.user,
            organisation=organisation_of(request.user, asked["organisation"]),
            source=Submission.Source.API,
        )
        told = gives_away(receipt, content.visibility)
        return receipt_response(receipt, consultation, root=self.root, gives_away=told)


def whole(
    submissions: QuerySet[Submission], *, files: QuerySet[Attachment] | None = None
) -> QuerySet[Submission]:
    """Fetch everything one submission shows, a constant number of queries.

    files  those of an own draft are all of them; by default those the public gets
    """
    shown = Attachment.objects.public() if files is None else files
    return submissions.select_related("consultation", "organisation", "revises").prefetch_related(
        Prefetch(
            "answers",
            Answer.objects.select_related("question").order_by("question__position", "number"),
        ),
        "answers__choices",
        Prefetch("points", Point.objects.select_related("provision", "anchor").order_by("number")),
        Prefetch(
            "points__anchor__placements", Placement.objects.select_related("version", "provision")
        ),
        "points__evidence",
        Prefetch("replies", Reply.objects.with_both_sides().order_by("number")),
        Prefetch("attachments", shown.order_by("number").select_related("point")),
        # A file can have tens of thousands: they are listed with its pages.
        Prefetch("passages", Passage.objects.filter(page__isnull=True).order_by("id")),
        Prefetch("revisions", Submission.objects.on_record()),
        Prefetch("parties", JointParty.objects.on_record().select_related("organisation")),
    )


def without_words_where_withdrawn(submission: Submission) -> Submission:
    """Return the submission; a withdrawn one is a tombstone, whatever is still in its tables.

    Where the name was taken off, who had signed with it is not told either: that names it.
    """
    if submission.organisation_id is None:
        cast(Any, submission)._prefetched_objects_cache["parties"] = []
    if submission.state == Submission.State.WITHDRAWN:
        for name in ("answers", "points", "replies", "passages", "attachments"):
            cast(Any, submission)._prefetched_objects_cache[name] = []
        submission.title, submission.redactions = "", []
    # Each passage is given its text, so that naming it asks nothing of the database.
    answers = {answer.pk: answer for answer in submission.answers.all()}
    points = {point.pk: point for point in submission.points.all()}
    for passage in submission.passages.all():
        passage.answer = answers.get(passage.answer_id or 0)
        passage.point = points.get(passage.point_id or 0)
    return submission


@extend_schema(tags=["submissions"])
class OneSubmission(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = SubmissionSerializer

    @extend_schema(operation_id="submissions_retrieve")
    def get(self, request: Request, slug: str, reference: str) -> Response:
        """Return a submission with its answers, points, evidence and passages."""
        visible = Submission.objects.visible_to(request.user).on_record()
        submission = get_object_or_404(whole(visible), consultation__slug=slug, reference=reference)
        return Response(self.get_serializer(without_words_where_withdrawn(submission)).data)


@extend_schema(tags=["submissions"])
class Heard(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = TallySerializer

    @extend_schema(operation_id="heard_list", responses=TallySerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Count what was filed, by stakeholder group, in all and to each question."""
        consultation = visible_consultation(request, slug)
        tallies = (
            GroupTally.objects.filter(consultation=consultation, submissions__gt=0)
            .select_related("question")
            .order_by("question__position", "group")
        )
        return Response(self.get_serializer(tallies, many=True).data)


@extend_schema(tags=["consultations"])
class OneDocumentVersion(Endpoint):
    permission_classes = [ReadOnly]
    serializer_class = DocumentVersionSerializer

    @extend_schema(operation_id="document_versions_retrieve")
    def get(self, request: Request, slug: str, document: str, number: int) -> Response:
        """Return a version with its provisions and how many points lie on each."""
        tallies = PointTally.objects.filter(points__gt=0).order_by("group", "stance")
        provisions = Provision.objects.order_by("position").prefetch_related(
            Prefetch("point_tallies", tallies)
        )
        version = get_object_or_404(
            DocumentVersion.objects.filter(
                document__consultation__in=Consultation.objects.visible_to(request.user)
            )
            .select_related("document")
            .prefetch_related(Prefetch("provisions", provisions)),
            document__consultation__slug=slug,
            document__slug=document,
            number=number,
        )
        return Response(self.get_serializer(version).data)
