"""What the pages about the API show: its operations as the OpenAPI document has them, its guide."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.text import slugify
from drf_spectacular.generators import SchemaGenerator

from apps.core.markdown import Page, inline_html, page_of

GUIDE = Path(settings.BASE_DIR) / "docs" / "api.md"


@dataclass(frozen=True)
class Operation:
    """One thing a program can ask for."""

    name: str
    method: str
    path: str
    summary: SafeString


@dataclass(frozen=True)
class OperationGroup:
    """What belongs together, under the tag it has in the document."""

    title: str
    anchor: str
    operations: tuple[Operation, ...]


@lru_cache(maxsize=2 * len(settings.LANGUAGES))
def document(language: str, renderer: type[Any]) -> bytes:
    """Return the OpenAPI document as it is sent; kept, because only a new release changes it.

    To make it takes a second of a processor, and anybody may ask for it as often as they like.
    """
    with translation.override(language):
        written: bytes = renderer().render(SchemaGenerator().get_schema(request=None, public=True))
    return written


@lru_cache(maxsize=1)
def operation_groups() -> tuple[OperationGroup, ...]:
    """Return every operation by its tag; kept, because only a new release changes them."""
    found: dict[str, list[Operation]] = {}
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    for path, operations in paths.items():
        for method, said in operations.items():
            summary = inline_html(said["description"].split("\n\n")[0])
            one = Operation(said["operationId"], method.upper(), path, summary)
            found.setdefault(said["tags"][0], []).append(one)
    return tuple(
        OperationGroup(tag.capitalize(), slugify(tag), tuple(operations))
        for tag, operations in sorted(found.items())
    )


@lru_cache(maxsize=1)
def guide() -> Page:
    """Return the guide of the API; kept, because only a new release changes it."""
    return page_of(GUIDE.read_text(encoding="utf-8"))
