"""The parts of a response, and which of them were changed in an open form or elsewhere meanwhile.

A part is what one answers at one place: a question, all points on a provision, a reply, a file, how
one is seen, the group. Colleagues who write at different places do not disturb each other.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from apps.submissions.inputs import DraftInput, FileNote, PointInput
from apps.submissions.steps import PROVISION, QUESTION

REPLY, FILE = "reply:", "file:"
GROUP, SEEN, CONCERNS = "group", "seen", "concerns"
LISTS: dict[str, Callable[[Any], str]] = {
    "answers": lambda answer: QUESTION + answer.question,
    "points": lambda point: PROVISION + point.provision,
    "replies": lambda reply: REPLY + "/".join(reply.place),
    "attachments": lambda file: FILE + file.key,
}


@dataclass(frozen=True)
class Merged:
    """What stands in a form together with what was changed elsewhere since it was opened.

    conflicts  parts that were changed in both places; `content` has them as the form does
    """

    content: DraftInput
    conflicts: Sequence[str]


def digests(content: DraftInput, concerns: Sequence[str] = ()) -> dict[str, str]:
    """Return what names the state of each part; a part where nothing was entered has none."""
    named = {key: _digest(found) for key, found in held(content).items()}
    named[SEEN] = _digest([content.visibility, *content.redactions])
    named[CONCERNS] = _digest(sorted(concerns))
    return {**named, GROUP: content.group}


def knowing(began: Mapping[str, str], files: Iterable[FileNote]) -> dict[str, str]:
    """Return what a form began from, with the files that were sent since and that it shows."""
    return {**{FILE + file.key: _digest([file]) for file in files}, **began}


def held(content: DraftInput) -> dict[str, list[Any]]:
    """Return what was entered, by part; empty ones have no entry."""
    found: dict[str, list[Any]] = {}
    for name, key_of in LISTS.items():
        for one in getattr(content, name):
            if not getattr(one, "is_empty", False):
                found.setdefault(key_of(one), []).append(one)
    return found


def field(content: DraftInput, key: str) -> str:
    """Return the field of the form that a part begins with, "" where it has none of its own."""
    if key.startswith(QUESTION):
        return f"answers.{key.removeprefix(QUESTION)}"
    for name, inside in (("points", "reason"), ("replies", "text")):
        for number, one in enumerate(getattr(content, name)):
            if LISTS[name](one) == key:
                return f"{name}.{number}.{inside}"
    if key.startswith(FILE):
        return "attachments"
    return {SEEN: "visibility", GROUP: "group"}.get(key, "points")


def merge(
    sent: DraftInput,
    there: DraftInput,
    *,
    began: Mapping[str, str],
    own: Mapping[str, str],
) -> Merged:
    """Put what a form sends together with what is stored: each part as it was changed last.

    began  digests of what the form began from: a part it sends unchanged is left as it is stored
    own    digests of what the same form stored last, which is no change of somebody else
    """
    mine, theirs = digests(sent), digests(there)
    untouched, conflicts = set(), []
    # Files that a form does not send stay as they are, whoever changed them.
    gone = [key for key in theirs if key not in mine and not key.startswith(FILE)]
    for key in [*mine, *gone]:
        if key == CONCERNS:
            continue
        before, here, other = (one.get(key, "") for one in (began, mine, theirs))
        if here == before:
            untouched.add(key)
        elif other not in (before, here, own.get(key)):
            conflicts.append(key)
    return Merged(_put_together(sent, there, untouched), conflicts)


def taken(sent: DraftInput, there: DraftInput, key: str) -> DraftInput:
    """Return what a form sends, with one part as it is stored."""
    return _put_together(sent, there, {key})


def _put_together(sent: DraftInput, there: DraftInput, untouched: set[str]) -> DraftInput:
    def each(name: str) -> list[Any]:
        return list(_each(getattr(sent, name), getattr(there, name), untouched, LISTS[name]))

    seen = there if SEEN in untouched else sent
    return replace(
        sent,
        answers=each("answers"),
        points=each("points"),
        replies=each("replies"),
        attachments=each("attachments"),
        group=(there if GROUP in untouched else sent).group,
        visibility=seen.visibility,
        redactions=seen.redactions,
    )


def _each(
    sent: Iterable[Any], there: Iterable[Any], untouched: set[str], key_of: Callable[[Any], str]
) -> Iterator[Any]:
    """Yield what was sent in its order, but at untouched places what is there."""
    waiting: dict[str, list[Any]] = {}
    for one in there:
        if key_of(one) in untouched:
            waiting.setdefault(key_of(one), []).append(one)
    for one in sent:
        if key_of(one) in untouched:
            yield from waiting.pop(key_of(one), ())
        else:
            yield one
    for held in waiting.values():
        yield from held


def _digest(held: Sequence[Any]) -> str:
    plain = [one if isinstance(one, str) else asdict(_settled(one)) for one in held]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]


def _settled(one: Any) -> Any:
    """Return it with what is left open as it will be read back."""
    if isinstance(one, PointInput):
        return replace(one, files=sorted(one.files), nth=(one.nth or 1) if one.quote else 0)
    return one
