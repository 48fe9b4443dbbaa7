"""Lets the apps above follow when a submission loses a name that was not its author's."""

from collections.abc import Callable

from apps.submissions.models import Submission

Listener = Callable[[Submission], None]
_when_nameless: list[Listener] = []


def when_nameless(listener: Listener) -> Listener:
    """Register what a higher app does in the transaction in which the name goes from the row."""
    if listener not in _when_nameless:
        _when_nameless.append(listener)
    return listener


def tell_nameless(submission: Submission) -> None:
    """Let every registered listener follow."""
    for listener in _when_nameless:
        listener(submission)
