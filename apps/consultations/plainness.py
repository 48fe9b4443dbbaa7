"""How hard the words of a consultation are to read: an index, and where to begin mending."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.analysis.readability import lix, longest_sentences
from apps.consultations.models import Consultation

MOST_SENTENCES = 3


@dataclass(frozen=True)
class Found:
    """Words that are hard to read, how hard, and the page where they are changed."""

    words: str
    size: int
    url: str
    where: str = ""


@dataclass(frozen=True)
class Plainness:
    """What is told of the words; an index is LIX, None where it cannot be measured.

    longest  sentences of what everybody reads first, by how many words they have
    text     the index of all provisions together
    hardest  the provision with the highest index
    """

    asked: float | None
    longest: list[Found]
    text: float | None
    hardest: Found | None


def asked_index(consultation: Consultation) -> float | None:
    """Return the index of what everybody reads before answering: summary and questions."""
    words = "\n\n".join(text for text, _url, _where in _asked(consultation))
    return lix(words, language=consultation.language)


def plainness_of(consultation: Consultation) -> Plainness:
    """Measure the words of a consultation in its own language: four queries and one per text."""
    language = consultation.language
    asked, provisions = list(_asked(consultation)), list(_provisions(consultation))
    sentences = [
        Found(sentence, size, url, where)
        for text, url, where in asked
        for sentence, size in longest_sentences(text, language=language, most=MOST_SENTENCES)
    ]
    measured = [
        Found(name, round(index), url)
        for text, url, name in provisions
        if (index := lix(text, language=language)) is not None
    ]
    return Plainness(
        asked=lix("\n\n".join(text for text, _url, _where in asked), language=language),
        longest=sorted(sentences, key=lambda one: -one.size)[:MOST_SENTENCES],
        text=lix("\n\n".join(text for text, _url, _name in provisions), language=language),
        hardest=max(measured, key=lambda one: one.size, default=None),
    )


def _asked(consultation: Consultation) -> Iterator[tuple[str, str, str]]:
    """Yield each text that is read before answering, where it is changed, and what it is."""
    slug = consultation.slug
    yield consultation.summary, reverse("consultations:details", args=[slug]), _("Summary")
    for one in consultation.questions.asked():
        place = reverse("consultations:question", args=[slug, one.key])
        yield f"{one.text}\n\n{one.hint}", place, _("Question")


def _provisions(consultation: Consultation) -> Iterator[tuple[str, str, str]]:
    """Yield the text of each provision in preparation, else published, with its place and name."""
    for document in consultation.documents.all():
        held: list[Any] = list(document.draft_provisions.all())
        newest = None if held else document.versions.order_by("-number").first()
        for one in newest.provisions.all() if newest else held:
            names = [consultation.slug, document.slug]
            place = reverse("consultations:text", args=names)
            if held:
                place = reverse("consultations:provision", args=[*names, one.key])
            yield one.text, place, str(one)
