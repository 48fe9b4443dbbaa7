"""A response as the fields of a form: read from what was sent, and written as it would be sent."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.http import QueryDict

from apps.submissions import seeing
from apps.submissions.drafting import MOST_POINTS, MOST_REPLIES
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    ReplyInput,
)
from apps.submissions.models import Attachment, Visibility

FILE = re.compile(r"attachment-([\w-]{1,32})-title", re.ASCII)
POINT = re.compile(r"point-(\d{1,3})-provision")
REPLY = re.compile(r"reply-(\d{1,3})-part")
MOST_FILES = Attachment.MOST
TEXTS = ("reason", "proposed_text", "change_condition")


def fields_of(content: DraftInput) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of everything in a response; `content_from` reads it back."""
    yield "group", content.group
    for answer in content.answers:
        yield from answer_fields(answer)
    for number, point in enumerate(content.points):
        yield from point_fields(number, point)
    for number, reply in enumerate(content.replies):
        start = f"reply-{number}-"
        for name in ("submission", "part", "kind", "text"):
            yield start + name, getattr(reply, name)
        yield from _source_fields(start, reply.evidence)
    for file in content.attachments:
        yield f"attachment-{file.key}-title", file.title
        yield f"attachment-{file.key}-kept-back", file.kept_back
    yield from seeing.values(content)


def answer_fields(answer: AnswerInput) -> Iterator[tuple[str, str]]:
    """Yield (name, value) as the fields of an answer would be sent."""
    name = f"answer-{answer.question}"
    yield from ((f"{name}.choices", choice) for choice in answer.choices)
    values = {"text": answer.text, "scale": answer.scale, "stance": answer.stance}
    yield from ((f"{name}.{part}", str(value)) for part, value in values.items() if value)


def point_fields(number: int, point: PointInput) -> Iterator[tuple[str, str]]:
    """Yield (name, value) as the fields of a point would be sent."""
    start = f"point-{number}-"
    yield f"{start}provision", point.provision
    for name in ("stance", "ask", *TEXTS):
        if value := getattr(point, name):
            yield start + name, value
    yield from ((f"{start}file", key) for key in point.files)
    if point.quote:
        yield f"{start}quote", point.quote
        yield f"{start}nth", str(point.nth or "")
    yield from _source_fields(start, point.evidence)


def _source_fields(start: str, sources: Sequence[EvidenceInput]) -> Iterator[tuple[str, str]]:
    for source in sources:
        yield f"{start}evidence", source.url
        yield f"{start}evidence-title", source.title


def content_from(data: QueryDict, *, group: str) -> DraftInput:
    """Return what was typed, whatever it is; the services say what may be kept."""
    return DraftInput(
        group=group,
        answers=[answer for answer in _answers(data) if not answer.is_empty],
        points=list(_points(data)),
        replies=list(_replies(data)),
        attachments=list(_files(data)),
        visibility=data.get("visibility", Visibility.NAMED),
        redactions=list(seeing.redactions(data)),
    )


def _files(data: QueryDict) -> Iterator[FileNote]:
    for name in data:
        if found := FILE.fullmatch(name):
            kept_back = data.get(f"attachment-{found[1]}-kept-back", "")
            yield FileNote(found[1], data.get(name, ""), kept_back)


def _answers(data: QueryDict) -> Iterator[AnswerInput]:
    keys = dict.fromkeys(
        name.removeprefix("answer-").partition(".")[0]
        for name in data
        if name.startswith("answer-")
    )
    for key in keys:
        scale = data.get(f"answer-{key}.scale", "")
        yield AnswerInput(
            question=key,
            text=data.get(f"answer-{key}.text", ""),
            choices=data.getlist(f"answer-{key}.choices"),
            scale=_number(scale) or None,
            stance=data.get(f"answer-{key}.stance", ""),
        )


def _points(data: QueryDict) -> Iterator[PointInput]:
    # One more than may be kept, so that the service says so and nothing vanishes silently.
    for number in _numbers(data, POINT, most=MOST_POINTS + 1):
        start = f"point-{number}-"
        yield PointInput(
            provision=data.get(f"{start}provision", ""),
            stance=data.get(f"{start}stance", ""),
            ask=data.get(f"{start}ask", ""),
            evidence=list(_sources(data, start)),
            files=data.getlist(f"{start}file")[:MOST_FILES],
            quote=data.get(f"{start}quote", ""),
            nth=_number(data.get(f"{start}nth", "")),
            **{name: data.get(start + name, "") for name in TEXTS},
        )


def _numbers(data: QueryDict, name_of: re.Pattern[str], *, most: int) -> list[int]:
    found = (name_of.fullmatch(name) for name in data)
    return sorted(int(one[1]) for one in found if one)[:most]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _replies(data: QueryDict) -> Iterator[ReplyInput]:
    for number in _numbers(data, REPLY, most=MOST_REPLIES + 1):
        start = f"reply-{number}-"
        yield ReplyInput(
            submission=data.get(f"{start}submission", ""),
            part=data.get(f"{start}part", ""),
            kind=data.get(f"{start}kind", ""),
            text=data.get(f"{start}text", ""),
            evidence=list(_sources(data, start)),
        )


def _sources(data: QueryDict, start: str) -> Iterator[EvidenceInput]:
    addresses = data.getlist(f"{start}evidence")
    titles = data.getlist(f"{start}evidence-title")
    for address, title in zip_longest(addresses[: MOST_POINTS + 1], titles, fillvalue=""):
        if address.strip() or title.strip():
            yield EvidenceInput(address.strip(), title.strip())
