"""What higher apps do when a version of a document is published, in the same transaction."""

from collections.abc import Callable

from apps.consultations.models import DocumentVersion

Listener = Callable[[DocumentVersion], None]

_listeners: list[Listener] = []


def on_version(listener: Listener) -> Listener:
    """Register what is to happen with each new version; a listener does little, a job the rest."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def published(version: DocumentVersion) -> None:
    """Tell everybody who registered."""
    for listener in _listeners:
        listener(version)
