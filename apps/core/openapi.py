"""What the OpenAPI document says of every operation: its problems, its idempotency key."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from apps.core.idempotency import HEADER
from apps.core.problems import CONTENT_TYPE

IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=(
        "A key of your own, for example a UUID. The same key with the same body repeats the stored "
        "answer, marked `Idempotency-Replayed: true`; with another body it is refused. Kept 48 h."
    ),
    pattern=r"^[!-~]{1,200}$",
)
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 lays it out.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["Conflict"]},
        "status": {"type": "integer", "examples": [409]},
        "code": {"type": "string", "examples": ["phase_closed"]},
        "detail": {"type": "string", "examples": ["The comment phase closed on 1 May 2026."]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string", "examples": ["points.0.provision"]},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
_ALWAYS = {
    "400": "The request cannot be understood: a parameter, a filter or the JSON.",
    "404": "There is nothing at this address that you may see.",
    "406": "Answers are JSON.",
    "429": "Too many requests; wait for the seconds in Retry-After.",
}
_PERSON = {"401": "Log in or send a token.", "403": "You may not do this."}
_BODY = {
    "409": "It cannot be done now; `code` and `detail` say why.",
    "410": "The link of a mail was used, taken back or is too old.",
    "413": "The body is too large.",
    "415": "Send JSON, or where a file is sent multipart/form-data.",
    "422": "The Idempotency-Key was used for another request.",
}


def declare_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the problem schema and, to every operation, the problems it may answer with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, description in _problems_of(method, operation).items():
                operation["responses"].setdefault(
                    status,
                    {
                        "description": description,
                        "content": {
                            CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                        },
                    },
                )
    return result


def _problems_of(method: str, operation: dict[str, Any]) -> dict[str, str]:
    problems = {**_ALWAYS, **_PERSON}
    if method == "get":
        operation["responses"].setdefault("304", {"description": "You have this already."})
    if method in ("post", "put", "patch", "delete"):
        problems |= _BODY
    return problems
