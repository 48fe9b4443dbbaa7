"""Which function does the work of which kind of job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from apps.jobs.executing import Run

Effects = Callable[[], None] | None
Work = Callable[["Run"], Effects]
Burial = Callable[[Mapping[str, Any], str], None]


@dataclass(frozen=True)
class Handler:
    """The work of a kind, and what to do when such a job is given up: (payload, why)."""

    work: Work
    when_dead: Burial | None = None


_handlers: dict[str, Handler] = {}


def handler(kind: str, *, when_dead: Burial | None = None) -> Callable[[Work], Work]:
    """Register a function for a kind of job; raise ValueError where the kind has one already.

    when_dead  called in the transaction that gives the job up
    """

    def register(work: Work) -> Work:
        if kind in _handlers:
            raise ValueError(f"Two handlers for jobs of kind {kind}")
        _handlers[kind] = Handler(work, when_dead)
        return work

    return register


def handler_of(kind: str) -> Handler:
    """Return the handler of a kind; raise LookupError naming it where there is none."""
    found = _find(kind)
    if found is None:
        raise LookupError(f"No handler for jobs of kind {kind}")
    return found


def burial_of(kind: str) -> Burial | None:
    """Return what to do when a job of a kind is given up; None where nothing was registered."""
    found = _find(kind)
    return found.when_dead if found else None


def _find(kind: str) -> Handler | None:
    if kind not in _handlers:
        # Only a process that runs jobs loads what they need: the web server stays small.
        autodiscover_modules("tasks")
    return _handlers.get(kind)
