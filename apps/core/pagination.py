"""Cursor pages of the API: `results` and the address of the `next` page, never a COUNT."""

from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from apps.core.keyset import paginate

LARGEST_PAGE = 100


class KeysetPagination(BasePagination):
    """Page by keyset; a view names its order in `keyset_by` (default: newest row first)."""

    default_size = 50

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page asked for by `after` and `page_size`."""
        page = paginate(
            queryset,
            after=request.query_params.get("after", ""),
            size=self._size(request),
            by=getattr(view, "keyset_by", "-id"),
        )
        self.next_url = (
            replace_query_param(request.build_absolute_uri(), "after", page.next_cursor)
            if page.next_cursor
            else None
        )
        return list(page.items)

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap the rows."""
        return Response({"next": self.next_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the wrapping for the OpenAPI document."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the two query parameters."""
        return [
            {"name": "after", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
            },
        ]

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size", "")
        return max(1, min(int(asked), LARGEST_PAGE)) if asked.isdecimal() else self.default_size
