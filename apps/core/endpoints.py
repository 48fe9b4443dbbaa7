"""What every endpoint of the API has in common: JSON in and out, tags, throttles, named filters."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.etag import answer_conditionally
from apps.core.pagination import KeysetPagination
from apps.core.parsing import BoundedJSONParser
from apps.core.throttling import WindowThrottle

PAGING = frozenset({"after", "page_size", "ordering"})


class Endpoint(GenericAPIView):
    """An address of the API; closed until it names its permission classes."""

    parser_classes: Any = [BoundedJSONParser]
    throttle_classes: Any = [WindowThrottle]
    pagination_class: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse an address no database can hold, and a method that is not there, to everybody."""
        if any("\0" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404
        if not hasattr(self, str(request.method).lower()):
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)

    @property
    def root(self) -> str:
        """Return "https://host" of the request: full addresses are built from it."""
        return f"{self.request.scheme}://{self.request.get_host()}"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and with a 304 where the reader has the same bytes already."""
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, Response):
            response.render()
        return answer_conditionally(request, response)


class NamedFilters(DjangoFilterBackend):
    """The filters a view names in its `filterset_class`; any other query parameter is refused."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Return the rows asked for; raise ValidationError for an unknown name or value."""
        filterset_class = getattr(view, "filterset_class", None)
        known = PAGING | set(filterset_class.base_filters if filterset_class else ())
        if unknown := sorted(set(request.query_params) - known):
            message = _("There is no such filter. There are: %(known)s.")
            raise ValidationError(
                {name: message % {"known": ", ".join(sorted(known))} for name in unknown}
            )
        if PAGING.issuperset(request.query_params):
            return queryset  # building a form costs more than the page
        return super().filter_queryset(request, queryset, view)


class NamedOrder(BaseFilterBackend):
    """The orders a view allows: `ordering` is one of the keys of its `orderings`."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Tell the view which order was asked for; raise ValidationError for an unknown one."""
        orderings: Mapping[str, str] = view.orderings
        asked = request.query_params.get("ordering", next(iter(orderings)))
        if asked not in orderings:
            message = _("Order by one of: %(orders)s.") % {"orders": ", ".join(orderings)}
            raise ValidationError({"ordering": message})
        view.keyset_by = orderings[asked]
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe `ordering` for the OpenAPI document."""
        orders = list(view.orderings)
        schema = {"type": "string", "enum": orders, "default": orders[0]}
        return [{"name": "ordering", "in": "query", "required": False, "schema": schema}]


class ListEndpoint(Endpoint):
    """A list by keyset pages; `row` turns what the queryset yields into plain values.

    orderings  name in the address -> field of the keyset, the default first
    queryset   names the model for the OpenAPI document; the rows come from `get_queryset`
    """

    filter_backends: Any = [NamedFilters, NamedOrder]
    pagination_class: Any = KeysetPagination
    orderings: ClassVar[Mapping[str, str]] = {"-id": "-id"}

    def paginated(self, request: Request) -> Response:
        """Return the page of rows asked for."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.rows(list(page or ())))

    def rows(self, page: list[Any]) -> list[Any]:
        """Return the page as plain values, by default through the serializer."""
        return list(self.get_serializer(page, many=True).data)


def quoted(reference: str) -> str:
    """Return any text as one segment of an address."""
    return quote(reference, safe="")
