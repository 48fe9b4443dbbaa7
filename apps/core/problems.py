"""Every error of the API as an RFC 9457 problem document."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from apps.core.errors import DomainError

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


def problem_response(error: Exception, context: dict[str, Any]) -> Response:
    """Return the problem for an error; one that is a fault of ours is logged and is a 500."""
    if isinstance(error, DomainError):
        set_rollback()
        errors = [
            {"field": field, "detail": str(message)}
            for field, messages in error.fields.items()
            for message in messages
        ]
        return _problem(error.status, error.code, str(error.message), errors)
    if isinstance(error, RequestDataTooBig):
        detail = "The request is larger than this installation takes."
        return _problem(413, "too_large", detail, [])
    answer = exception_handler(error, context)
    if answer is None:
        return _fault(context)
    detail = HTTPStatus(answer.status_code).description or HTTPStatus(answer.status_code).phrase
    errors = []
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flattened(error.get_full_details()))
        detail = "Some fields need attention."
    elif isinstance(error, exceptions.APIException):
        detail = str(error.detail)
    response = _problem(answer.status_code, _code_of(error), detail, errors)
    for header in ("WWW-Authenticate", "Retry-After"):
        if header in answer.headers:
            response.headers[header] = answer.headers[header]
    return response


@csrf_exempt
def not_found(request: HttpRequest, address: str = "") -> JsonResponse:
    """Answer an unknown API address with a problem instead of a page."""
    detail = "There is nothing at this address. Every address of the API ends with a slash."
    body = {**_body(404, "not_found"), "detail": detail}
    return JsonResponse(body, status=404, content_type=CONTENT_TYPE)


def _fault(context: dict[str, Any]) -> Response:
    # Django does both for an error that reaches it; this one is answered before.
    got_request_exception.send(sender=None, request=context["request"]._request)
    logger.exception("Fault in %s", context["request"].path)
    return _problem(500, "fault", "Something went wrong on our side. It was written down.", [])


def _code_of(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    if isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        return codes if isinstance(codes, str) else str(error.default_code)
    return "error"


def _flattened(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield nested details of a serializer as {field, detail, code}, the field with dots."""
    if isinstance(details, dict) and isinstance(details.get("message"), str):
        yield {"field": path, "detail": details["message"], "code": details["code"]}
    elif isinstance(details, dict):
        for name, inner in details.items():
            # What concerns the object as a whole belongs to the object's own path.
            inner_path = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            yield from _flattened(inner, inner_path)
    elif all(isinstance(inner, dict) and "message" in inner for inner in details):
        for inner in details:
            yield from _flattened(inner, path)
    else:
        for number, inner in enumerate(details):
            yield from _flattened(inner, f"{path}.{number}".lstrip("."))


def _problem(status: int, code: str, detail: str, errors: list[dict[str, str]]) -> Response:
    body = {**_body(status, code), "detail": detail, **({"errors": errors} if errors else {})}
    return Response(body, status=status, content_type=CONTENT_TYPE)


def _body(status: int, code: str) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "code": code}
