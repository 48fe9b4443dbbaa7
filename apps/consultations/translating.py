"""What of a consultation can be read in another language, and what still has to be translated."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import (
    Consultation,
    Document,
    DraftProvision,
    Provision,
    Question,
    Translation,
)


@dataclass(frozen=True)
class Place:
    """A text to translate; `name` says where it stands, `label` says it to a person."""

    name: str
    label: str | Promise
    original: str
    is_long: bool = False


@dataclass(frozen=True)
class Translated:
    """A place with its translation; `state` is "missing", "stale" or "done"."""

    place: Place
    text: str = ""
    state: str = "missing"


def digest(original: str) -> str:
    """Return what tells whether an original is the one that was translated."""
    return hashlib.sha256(original.encode()).hexdigest()


def places_of(consultation: Consultation) -> list[Place]:
    """Return every text of a consultation that readers see, in reading order: five queries."""
    found = [
        Place("title", _("Title"), consultation.title),
        Place("summary", _("Summary"), consultation.summary, is_long=True),
        *_of_phases(consultation),
        *_of_questions(consultation),
        *_of_texts(consultation),
    ]
    return [one for one in found if one.original.strip()]


def _of_phases(consultation: Consultation) -> Iterator[Place]:
    """Yield what phases are called, by their order: a clone has the same in the same order."""
    for number, phase in enumerate(consultation.phases.all(), 1):
        yield Place(f"phase:{number}:title", _("Phase %(n)s") % {"n": number}, phase.title)


def _of_questions(consultation: Consultation) -> Iterator[Place]:
    asked = consultation.questions.asked().prefetch_related("choices")
    for number, one in enumerate(asked.order_by("position"), 1):
        named = _("Question %(n)s") % {"n": number}
        place = f"question:{one.key}"
        yield Place(f"{place}:text", named, one.text)
        yield Place(f"{place}:hint", _("Hint of question %(n)s") % {"n": number}, one.hint)
        yield Place(f"{place}:low", _("What 1 means"), one.scale_low)
        yield Place(f"{place}:high", _("What 5 means"), one.scale_high)
        for choice in one.choices.all():
            label = _("Choice of question %(n)s") % {"n": number}
            yield Place(f"choice:{one.key}/{choice.key}", label, choice.label)


def _of_texts(consultation: Consultation) -> Iterator[Place]:
    for document in consultation.documents.prefetch_related("versions", "draft_provisions"):
        yield Place(_title_of(document), _("Title of the text"), document.title)
        for one in _newest_provisions(document):
            name = one.label or one.heading[:60]
            place = f"provision:{one.key}"
            yield Place(f"{place}:heading", _("Heading: %(name)s") % {"name": name}, one.heading)
            yield Place(f"{place}:text", name, one.text, is_long=True)


def _title_of(document: Document) -> str:
    return f"document:{document.slug}:title"


def _newest_provisions(document: Document) -> Iterable[Provision | DraftProvision]:
    """Return the provisions readers have of a document, in order.

    Of a document that has no version yet these are the drafted ones, so that it can be translated
    before anybody reads it. A next version in preparation has to wait: its words would take the
    place of the translation that is read today.
    """
    newest = max(document.versions.all(), key=lambda version: version.number, default=None)
    if newest is None:
        return document.draft_provisions.all()
    return newest.provisions.order_by("position")


def translated(consultation: Consultation, language: str) -> list[Translated]:
    """Return every place with its translation into a language: one query more."""
    known = _known(consultation, language)
    return [_translated(place, known.get(place.name)) for place in places_of(consultation)]


def _translated(place: Place, row: Translation | None) -> Translated:
    if row is None:
        return Translated(place)
    return Translated(
        place, row.text, "done" if row.original == digest(place.original) else "stale"
    )


def _known(consultation: Consultation, language: str) -> Mapping[str, Translation]:
    return {one.place: one for one in consultation.translations.filter(language=language)}


class Told(str):
    """A translated text that knows its language."""

    language: str

    def __new__(cls, text: str, language: str) -> "Told":
        """Return the text as it is, which cannot be given anything later."""
        told = super().__new__(cls, text)
        told.language = language
        return told


class Reading:
    """A consultation as read in a language: each text translated where that is of today.

    found    how many of the texts asked for had a translation of today
    missing  how many had none
    """

    def __init__(self, consultation: Consultation, language: str | None) -> None:
        language = language or consultation.language
        self.language = language
        self.original = consultation.language
        self.found = self.missing = 0
        offers = language != consultation.language and language in consultation.languages
        self._known = _known(consultation, language) if offers else {}
        self.is_offered = offers

    def words(self, place: str, original: str) -> str:
        """Return a text in the language, the original where there is no translation of today."""
        row = self._known.get(place)
        if row and row.original == digest(original):
            self.found += 1
            return Told(row.text, self.language)
        if self.is_offered and original.strip():
            self.missing += 1
        return original

    def ask(self, questions: Iterable[Question]) -> None:
        """Put questions and their choices into the language, to be shown and never to be saved."""
        if not self.is_offered:
            return
        for one in questions:
            place = f"question:{one.key}"
            one.text = self.words(f"{place}:text", one.text)
            one.hint = self.words(f"{place}:hint", one.hint)
            one.scale_low = self.words(f"{place}:low", one.scale_low)
            one.scale_high = self.words(f"{place}:high", one.scale_high)
            for choice in one.choices.all():
                choice.label = self.words(f"choice:{one.key}/{choice.key}", choice.label)

    def introduce(self, consultation: Consultation) -> None:
        """Put title, summary and phases into the language, to be shown and never to be saved.

        The phases were fetched with the consultation.
        """
        consultation.title = self.words("title", consultation.title)
        consultation.summary = self.words("summary", consultation.summary)
        for number, phase in enumerate(consultation.phases.all(), 1):
            phase.title = self.words(f"phase:{number}:title", phase.title)

    def head(self, document: Document) -> None:
        """Put the title of a text into the language, to be shown and never to be saved."""
        document.title = self.words(_title_of(document), document.title)
