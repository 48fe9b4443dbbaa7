"""What a consultation is made of, as whoever makes one hands it over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.consultations.models import Question


@dataclass(frozen=True)
class PhaseInput:
    """A window; `closes_at` None stays open until a later act closes it."""

    kind: str
    opens_at: datetime
    closes_at: datetime | None = None
    title: str = ""


@dataclass(frozen=True)
class ProvisionInput:
    """A part of a document; `key` must be stable across versions.

    credits  points whose proposed words it takes over, as "reference/point:2"
    """

    key: str
    heading: str
    text: str
    label: str = ""
    level: int = 2
    credits: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionInput:
    """A question with its choices as (key, label)."""

    key: str
    text: str
    kind: str = Question.Kind.TEXT
    hint: str = ""
    is_required: bool = False
    groups: Sequence[str] = ()
    provision_key: str = ""
    choices: Sequence[tuple[str, str]] = ()
    scale_low: str = ""
    scale_high: str = ""
    condition_key: str = ""
    condition_values: Sequence[str] = ()


@dataclass(frozen=True)
class ConsultationInput:
    """What a consultation starts with; `details` are plain fields of the model."""

    slug: str
    docket: str
    title: str
    details: Mapping[str, Any] = field(default_factory=dict)
    phases: Sequence[PhaseInput] = ()
    questions: Sequence[QuestionInput] = ()
