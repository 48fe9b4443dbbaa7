"""What JSON the API takes: UTF-8, bounded in size and depth, text a database can hold."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32
_UNSTORABLE = frozenset(map(chr, range(0xD800, 0xE000))) | {"\0"}


class BoundedJSONParser(JSONParser):
    """The only parser of the API."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the JSON of a body; raise ParseError or RequestDataTooBig."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RequestDataTooBig
        try:
            value = json.loads(
                raw.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
            )
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
        except ValueError as error:  # not UTF-8, not JSON, or a number of thousands of digits
            raise ParseError(_("Malformed JSON: %(problem)s") % {"problem": error}) from error
        _check(value, DEEPEST)
        return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:20]} is too large")
    return value


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise ParseError(_("The JSON is nested too deeply."))
    if isinstance(value, str):
        if not _UNSTORABLE.isdisjoint(value):
            raise ParseError(_("A text holds a NUL character or half of a surrogate pair."))
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
