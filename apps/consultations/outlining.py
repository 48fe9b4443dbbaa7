"""Texts of documents as Markdown: read from what was pasted or uploaded, and written to edit whole.

A provision is a heading with its key, `### Article 4 · Title {#art-4}`, and the text below it.
"""

import io
from collections.abc import Iterable
from typing import IO, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.analysis.files import confining, limits
from apps.analysis.files.recognising import clean_name, recognise
from apps.analysis.outlining import Part, TooManyParts, split_markdown
from apps.consultations.inputs import ProvisionInput
from apps.consultations.models import DraftProvision, Provision
from apps.core.errors import DomainError

PLAIN = (".md", ".markdown", ".txt")
DEEPEST = 6
LONGEST_KEY, LONGEST_LABEL, LONGEST_HEADING = 80, 60, 400
REFUSALS: dict[str, str | Promise] = {
    "extension": _("Choose a DOCX file, or a text file in Markdown."),
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 20 MB. Leave its pictures out."),
    "encrypted": _("The file is protected with a password, or is an old Word file."),
    "macros": _("The file holds macros. Save it as a document without macros."),
    "encoding": _("The letters of the file cannot be read. Save it as text in UTF-8."),
    "too_complex": _("The document is too long or too complex. Split it into several."),
}


class UnreadableText(DomainError):
    """A text or a file out of which no provisions could be read."""

    code = "unreadable_text"
    status = 422


def provisions_of(markdown: str) -> list[ProvisionInput]:
    """Return the provisions of a text; those without a key in the text have "" as key.

    raises  UnreadableText where there are too many
    """
    try:
        parts = split_markdown(markdown)
    except TooManyParts as error:
        raise UnreadableText(REFUSALS["too_complex"]) from error
    return [_as_provision(part) for part in parts]


def markdown_of(provisions: Iterable[ProvisionInput | Provision | DraftProvision]) -> str:
    """Return provisions as one text, from which the same provisions are read again."""
    blocks = []
    for one in provisions:
        heading = f"{one.label} · {one.heading}" if one.label else one.heading
        key = f" {{#{one.key}}}" if one.key else ""
        blocks.append(f"{'#' * min(one.level, DEEPEST)} {heading}{key}\n\n{one.text}".rstrip())
    return "\n\n".join(blocks) + "\n" if blocks else ""


def markdown_from_file(name: str, stream: BinaryIO) -> str:
    """Return the text of an uploaded file as Markdown; a DOCX is opened in a process of its own.

    raises  UnreadableText saying what is wrong with the file
    """
    cleaned = clean_name(name)
    try:
        if cleaned.casefold().endswith(PLAIN):
            return _plain(stream)
        kind = recognise(cleaned, stream)
        parts = confining.split(stream, kind)
    except limits.Unfit as unfit:
        damaged = _("The file is damaged, or is not what its name says. Save it again.")
        told = REFUSALS.get(unfit.code, damaged)
        raise UnreadableText(told, fields={"file": [told]}) from unfit
    return markdown_of(_as_provision(part) for part in parts)


def is_own_heading(heading: str, text: str) -> bool:
    """Return whether a heading says more than the words its text begins with.

    A paragraph that has no heading is called by its first words, so that it can be named elsewhere;
    above it they would be read twice.
    """
    words = " ".join(text.split())
    return not words or not words.startswith(" ".join(heading.split()).removesuffix("…"))


def _plain(stream: IO[bytes]) -> str:
    held = stream.read(limits.LONGEST_TEXT + 1)
    if len(held) > limits.LONGEST_TEXT:
        raise limits.Unfit("too_complex")
    try:
        return io.TextIOWrapper(io.BytesIO(held), encoding="utf-8-sig").read().replace("\0", "")
    except UnicodeDecodeError as error:
        raise limits.Unfit("encoding") from error


def _as_provision(part: Part) -> ProvisionInput:
    """Cut what is too long for its field, so that no word is lost: it goes to the text."""
    heading, text = " ".join(part.heading.split()), part.text
    if len(heading) > LONGEST_HEADING:
        cut = heading[: LONGEST_HEADING - 2].rsplit(" ", 1)[0]
        text, heading = f"{heading[len(cut) :].strip()}\n\n{text}".strip(), f"{cut} …"
    label = part.label
    if len(label) > LONGEST_LABEL:
        heading, label = f"{label} {heading}"[:LONGEST_HEADING], ""
    key = part.key if len(part.key) <= LONGEST_KEY else ""
    return ProvisionInput(
        key=key, heading=heading, text=text, label=label, level=min(part.level, DEEPEST)
    )
