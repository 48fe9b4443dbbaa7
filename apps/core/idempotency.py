"""A request with an `Idempotency-Key` has one effect, however often and at once it is sent.

The reply is stored in the transaction of the effect: either both are there or neither. A second
request at the same instant waits at the unique constraint until the first has ended.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import DomainError
from apps.core.models import StoredReply

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200


class MalformedKey(DomainError):
    """The key cannot be stored as it is."""

    code = "idempotency_key_malformed"
    status = 400


class KeyReused(DomainError):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    status = 422


class _KeyTaken(Exception):
    """A reply to this key exists or was being written."""


def once(request: Request, effect: Callable[[], Response]) -> HttpResponse:
    """Run the effect once per key of a person; repeat its stored reply after that.

    Without the header the effect simply runs. A refused request stores nothing: it had no effect
    and may be corrected and sent again with the same key.

    raises  MalformedKey; KeyReused where the key came with another body or address
    """
    key, person = request.headers.get(HEADER), cast(Any, request.user)
    if key is None:
        return _rendered(effect())
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise MalformedKey(
            _("An Idempotency-Key is 1 to 200 printable ASCII characters, for example a UUID.")
        )
    fingerprint = _fingerprint(request)
    run = partial(_perform, request, key, fingerprint, effect)
    try:
        return run()
    except _KeyTaken:
        stored = StoredReply.objects.filter(user=person, key=key)
    # A reply past its time is as good as none, purged or not.
    if stored.expired().delete()[0]:
        return run()
    return _replay(stored.get(), fingerprint)


def _perform(
    request: Request, key: str, fingerprint: str, effect: Callable[[], Response]
) -> HttpResponse:
    with transaction.atomic():
        try:
            reply = StoredReply.objects.create(
                user=cast(Any, request.user), key=key, fingerprint=fingerprint
            )
        except IntegrityError as error:
            raise _KeyTaken from error
        response = _rendered(effect())
        reply.status = response.status_code
        reply.body = response.content.decode()
        reply.location = response.headers.get("Location", "")
        reply.save(update_fields=["status", "body", "location"])
    return response


def _replay(stored: StoredReply, fingerprint: str) -> HttpResponse:
    if stored.fingerprint != fingerprint:
        raise KeyReused(
            _("This Idempotency-Key was used for another request. Use a new key for a new request.")
        )
    response = HttpResponse(stored.body, status=stored.status, content_type="application/json")
    if stored.location:
        response.headers["Location"] = stored.location
    response.headers[REPLAYED] = "true"
    return response


def _rendered(answer: Response) -> HttpResponse:
    body = b"" if answer.data is None else JSONRenderer().render(answer.data)
    response = HttpResponse(body, status=answer.status_code, content_type="application/json")
    for name, value in answer.headers.items():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _fingerprint(request: Request) -> str:
    what = f"{request.method} {request.get_full_path()}\n".encode()
    # As parsed: the order of keys and white space make no other request.
    return hashlib.sha256(what + JSONRenderer().render(_ordered(request.data))).hexdigest()


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
