"""Every error of the API as an RFC 9457 problem document."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.core.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem for an error, None for one that is a fault of ours (a 500)."""
    if isinstance(error, DomainError):
        return _problem(error.status, error.code, str(error.message), {"errors": error.fields})
    answer = exception_handler(error, context)
    if answer is None:
        return None
    extra: dict[str, Any] = {}
    detail = HTTPStatus(answer.status_code).description or HTTPStatus(answer.status_code).phrase
    if isinstance(error, exceptions.ValidationError):
        extra["errors"] = error.get_full_details()
        detail = "Some fields need attention."
    elif isinstance(error, exceptions.APIException):
        detail = str(error.detail)
    code = getattr(error, "default_code", None) or _code_of(error)
    response = _problem(answer.status_code, code, detail, extra)
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in answer.headers:
            response.headers[header] = answer.headers[header]
    return response


def not_found(request: Any, exception: Exception | None = None) -> JsonResponse:
    """Answer an unknown API address with a problem instead of a page."""
    body = {"type": "about:blank", "title": "Not Found", "status": 404, "code": "not_found"}
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def _code_of(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    return "permission_denied" if isinstance(error, PermissionDenied) else "error"


def _problem(status: int, code: str, detail: str, extra: dict[str, Any]) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **{key: value for key, value in extra.items() if value},
    }
    return Response(body, status=status, content_type=CONTENT_TYPE)
