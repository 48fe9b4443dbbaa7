"""Lets the apps above follow when words of a submission are hidden, or come back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Removal:
    """Words that were hidden in one text of a submission, or came back.

    part   name of the text, as citations name it: "answer:why", "point:2:reason",
           "attachment:1#page=3", "reply:1"; "name" for the name of who wrote it
    start  first character, counted from 0; `end` is the first after the words
    """

    submission_id: int
    part: str
    start: int
    end: int
    words: str


Listener = Callable[[Sequence[Removal]], None]
_when_hidden: list[Listener] = []
_when_restored: list[Listener] = []


def when_hidden(listener: Listener) -> Listener:
    """Register what a higher app does in the transaction that hides words; rows hold blocks."""
    if listener not in _when_hidden:
        _when_hidden.append(listener)
    return listener


def when_restored(listener: Listener) -> Listener:
    """Register what a higher app does in the transaction that puts words back; rows hold them."""
    if listener not in _when_restored:
        _when_restored.append(listener)
    return listener


def tell_hidden(removals: Sequence[Removal]) -> None:
    """Let every registered listener follow."""
    for listener in _when_hidden:
        listener(removals)


def tell_restored(removals: Sequence[Removal]) -> None:
    """Let every registered listener follow."""
    for listener in _when_restored:
        listener(removals)
