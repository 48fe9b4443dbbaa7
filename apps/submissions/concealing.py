"""What the public reads of a response that keeps parts back: the words replaced by the reason."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.submissions.models import KeptBack, Point, Visibility
from apps.submissions.spotting import SHORTEST_WORDS, KeptWords

if TYPE_CHECKING:
    from apps.submissions.inputs import DraftInput, EvidenceInput, PointInput, RedactionInput

MOST_REDACTIONS = 50
LONGEST_WORDS = 5_000
LONGEST_NOTE = 300
Problem = tuple[str, str | Promise]


def public_version(content: "DraftInput", *, language: str) -> "tuple[DraftInput, list[int]]":
    """Return a response as the public may read it, and how often each redaction was found.

    Words are found as `KeptWords` finds them, in every text and title; where the words of two
    redactions overlap, both are hidden. A source whose address holds them goes as a whole.
    Files that are kept back are no part of it: see `Attachment.kept_back`.

    language  of the response: the reason stands in its place in this language
    """
    if content.visibility != Visibility.CONFIDENTIAL:
        return content, []
    hide = _Hiding(content.redactions, language)
    shown = replace(
        content,
        answers=[replace(answer, text=hide(answer.text)) for answer in content.answers],
        points=[_public_point(point, hide) for point in content.points],
        replies=[
            replace(one, text=hide(one.text), evidence=list(_sources(one.evidence, hide)))
            for one in content.replies
        ],
        attachments=[replace(note, title=hide(note.title)) for note in content.attachments],
        title=hide(content.title),
    )
    found = [*hide.found]
    # Why words are kept back is public, but no part of the response in which they must be found.
    notes = [replace(one, words="", note=hide(one.note)) for one in content.redactions]
    return replace(shown, redactions=notes), found


def _public_point(point: "PointInput", hide: "_Hiding") -> "PointInput":
    words: dict[str, Any] = {field: hide(getattr(point, field)) for field in Point.TEXT_FIELDS}
    return replace(point, evidence=list(_sources(point.evidence, hide)), **words)


def problems(content: "DraftInput") -> Iterator[Problem]:
    """Yield (place, message) for what cannot be kept of how a response is to be seen."""
    if content.visibility not in Visibility.values:
        yield "visibility", _("Choose how your response is seen.")
    if len(content.redactions) > MOST_REDACTIONS:
        most = _("Keep back %(most)s passages or fewer; one may be long.")
        yield "redactions", most % {"most": MOST_REDACTIONS}
    for number, one in enumerate(content.redactions[:MOST_REDACTIONS]):
        for field, message in _redaction_problems(one):
            yield f"redactions.{number}.{field}", message
    for number, note in enumerate(content.attachments):
        if note.kept_back and note.kept_back not in KeptBack.values:
            yield f"attachments.{number}", _("Choose one of the reasons offered.")


def gaps(content: "DraftInput") -> Iterator[Problem]:
    """Yield (place, message) for what must be settled before a response can be filed."""
    is_marked = bool(content.redactions) or any(note.kept_back for note in content.attachments)
    if content.visibility != Visibility.CONFIDENTIAL:
        if is_marked:
            yield (
                "visibility",
                _("You marked parts to keep back. Choose “Parts kept back”, or unmark them."),
            )
        return
    if not is_marked:
        yield (
            "visibility",
            _("Say which words or files you keep back, or choose another way to be seen."),
        )
    _shown, found = public_version(content, language="en")
    for number, times in enumerate(found):
        if not times:
            yield (
                f"redactions.{number}.words",
                _("These words are not in your response. Copy them exactly, or clear this row."),
            )


def names(content: "DraftInput", name: str) -> bool:
    """Return whether a name stands in a text, a title or a source of a response."""
    words = KeptWords([name])
    return any(words.spans(text) for text in _texts(content)) or any(
        words.in_address(source.url) for source in _all_sources(content)
    )


def names_site(content: "DraftInput", host: str) -> bool:
    """Return whether a text or a source of a response names a site on the web, as "forum.org"."""
    site = re.compile(rf"(?<![\w-]){re.escape(host.lower())}(?![\w-])")
    said = [*_texts(content), *(source.url for source in _all_sources(content))]
    return bool(host) and any(site.search(text.lower()) for text in said)


def _texts(content: "DraftInput") -> Iterator[str]:
    yield content.title
    yield from (answer.text for answer in content.answers)
    yield from (note.title for note in content.attachments)
    yield from (reply.text for reply in content.replies)
    yield from (source.title for source in _all_sources(content))
    for point in content.points:
        yield from (getattr(point, field) for field in Point.TEXT_FIELDS)


def _all_sources(content: "DraftInput") -> "Iterator[EvidenceInput]":
    for point in content.points:
        yield from point.evidence
    for reply in content.replies:
        yield from reply.evidence


def _redaction_problems(one: "RedactionInput") -> Iterator[Problem]:
    size = len(one.words.strip())
    if not SHORTEST_WORDS <= size <= LONGEST_WORDS:
        told = _("Copy the words to keep back: %(least)s to %(most)s characters.")
        yield "words", told % {"least": SHORTEST_WORDS, "most": LONGEST_WORDS}
    if one.reason not in KeptBack.values:
        yield "reason", _("Say why. The public reads the reason in place of the words.")
    if one.reason == KeptBack.OTHER and not one.note.strip():
        yield "note", _("Say in a few words why. The public reads this.")
    if len(one.note) > LONGEST_NOTE:
        yield "note", _("Keep this to %(most)s characters.") % {"most": LONGEST_NOTE}


def _sources(sources: "Sequence[EvidenceInput]", hide: "_Hiding") -> "Iterator[EvidenceInput]":
    for source in sources:
        if not hide.finds_in_address(source.url):
            yield replace(source, title=hide(source.title))


class _Hiding:
    """Replaces words by reasons, and counts how often each redaction was found."""

    def __init__(self, redactions: "Sequence[RedactionInput]", language: str) -> None:
        self._words = KeptWords([one.words for one in redactions])
        with translation.override(language or None):
            self._said = gettext("redacted")
            self._reasons = [str(KeptBack(one.reason).label) for one in redactions]
        self.found = [0] * len(redactions)

    def __call__(self, text: str) -> str:
        pieces, place = [], 0
        for start, end, numbers in self._words.stretches(text):
            self._count(numbers)
            reasons = ", ".join(dict.fromkeys(self._reasons[number] for number in numbers))
            pieces += [text[place:start], f"[{self._said}: {reasons}]"]
            place = end
        return "".join([*pieces, text[place:]])

    def finds_in_address(self, address: str) -> bool:
        found = self._words.in_address(address)
        self._count(found)
        return bool(found)

    def _count(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.found[number] += 1
