"""Reads a consultation from a TOML file with its documents in Markdown beside it.

A provision of the Markdown is a heading with an explicit key, `### Article 4 · Title {#art-4}`,
and its text up to the next heading. What stands before " · " is the provision's label.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.consultations.models import Consultation
from apps.consultations.services import (
    ConsultationInput,
    PhaseInput,
    ProvisionInput,
    QuestionInput,
    create_consultation,
    publish_version,
)

HEADING = re.compile(r"^(#{1,6}) +(.+?) *(?:\{#([a-z0-9-]+)\})? *$")
DETAILS = (
    "summary",
    "kind",
    "language",
    "authority",
    "source_url",
    "attribution",
    "least_identity",
)


class MalformedDocument(ValueError):
    """The Markdown cannot be split into provisions; the message names the line."""


@transaction.atomic
def load_consultation(path: Path, *, by: Any = None) -> Consultation:
    """Create and publish the consultation of a TOML file, or return it where it exists already.

    raises  FileNotFoundError, tomllib.TOMLDecodeError, KeyError, MalformedDocument
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    existing = Consultation.objects.filter(slug=content["slug"]).first()
    if existing:
        return existing
    consultation = create_consultation(
        ConsultationInput(
            slug=content["slug"],
            docket=content["docket"],
            title=content["title"],
            details={key: content[key] for key in DETAILS if key in content},
            phases=[_phase(phase) for phase in content.get("phases", [])],
            questions=[_question(question) for question in content.get("questions", [])],
        ),
        by=by,
        publish=True,
    )
    for document in content.get("documents", []):
        text = (path.parent / document["file"]).read_text(encoding="utf-8")
        publish_version(
            consultation,
            slug=document["slug"],
            title=document["title"],
            provisions=list(split_provisions(text)),
            published_at=_instant(document, "published"),
            by=by,
        )
    return consultation


def split_provisions(markdown: str) -> Iterator[ProvisionInput]:
    """Yield the provisions of a document in order.

    raises  MalformedDocument for a heading below the first level without a key, or a repeated key
    """
    seen: set[str] = set()
    current: tuple[str, str, int] | None = None
    lines: list[str] = []
    for number, line in enumerate(markdown.splitlines(), 1):
        match = HEADING.match(line)
        if not match:
            lines.append(line)
            continue
        if current:
            yield _provision(*current, lines)
        level, heading, key = len(match[1]), match[2], match[3]
        if level > 1 and (not key or key in seen):
            problem = f"the key {key} is used twice" if key else "a heading needs a {#key}"
            raise MalformedDocument(f"Line {number}: {problem}.")
        seen.add(key or "")
        current, lines = (key, heading, level) if key else None, []
    if current:
        yield _provision(*current, lines)


def _provision(key: str, heading: str, level: int, lines: list[str]) -> ProvisionInput:
    label, divider, title = heading.partition(" · ")
    return ProvisionInput(
        key=key,
        label=label if divider else "",
        heading=title if divider else heading,
        text="\n".join(lines).strip(),
        level=level,
    )


def _phase(phase: Mapping[str, Any]) -> PhaseInput:
    opens_at = _instant(phase, "opens")
    if opens_at is None:
        raise KeyError("opens_at")
    return PhaseInput(
        kind=phase["kind"],
        title=phase.get("title", ""),
        opens_at=opens_at,
        closes_at=_instant(phase, "closes"),
    )


def _instant(content: Mapping[str, Any], act: str) -> datetime | None:
    """Return a fixed instant, or one so many days from today: a demo is always open.

    A day begins an act at midnight and ends one in its last minute, as people read dates.
    """
    if f"{act}_in_days" not in content:
        fixed: datetime | None = content.get(f"{act}_at")
        return fixed
    day = timezone.now() + timedelta(days=content[f"{act}_in_days"])
    hour, minute = (23, 59) if act == "closes" else (0, 0)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _question(question: Mapping[str, Any]) -> QuestionInput:
    return QuestionInput(
        key=question["key"],
        text=question["text"],
        kind=question.get("kind", "text"),
        hint=question.get("hint", ""),
        is_required=question.get("required", False),
        groups=question.get("groups", []),
        provision_key=question.get("provision", ""),
        choices=[(choice["key"], choice["label"]) for choice in question.get("choices", [])],
        scale_low=question.get("scale_low", ""),
        scale_high=question.get("scale_high", ""),
    )
