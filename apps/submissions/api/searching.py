"""The endpoint that searches what was said in all consultations."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.endpoints import ListEndpoint
from apps.core.permissions import ReadOnly
from apps.submissions.api.filters import SaidFilters
from apps.submissions.api.rows import FILED_ANYWHERE, rows_of_many
from apps.submissions.api.serializers import FoundSerializer
from apps.submissions.models import Submission


@extend_schema(tags=["submissions"])
class Search(ListEndpoint):
    permission_classes = [ReadOnly]
    serializer_class = FoundSerializer
    queryset = Submission.objects.none()
    filterset_class = SaidFilters
    orderings: ClassVar[Mapping[str, str]] = {"-submitted_at": "-submitted_at"}

    def get_queryset(self) -> QuerySet[Submission, Any]:
        return Submission.objects.filed_where(self.request.user)

    @extend_schema(operation_id="search", responses=FoundSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Search all submissions of all consultations you may see, newest first."""
        return self.paginated(request)

    def rows(self, page: list[Submission]) -> list[dict[str, Any]]:
        ids = [one.pk for one in page]
        found = {row["id"]: row for row in FILED_ANYWHERE.filter(pk__in=ids)}
        return rows_of_many([found[pk] for pk in ids], root=self.root)
