"""What stands in place of words that were hidden; the app that hides them registers it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.consultations.sections import Section
from apps.submissions.models import Attachment, Submission


@dataclass(frozen=True)
class Stone:
    """What everybody is told of a part of which something is hidden.

    part  as citations name it: "answer:why", "point:2", "attachment:1"; "" for the whole
    """

    part: str
    section: Section

    @property
    def anchor(self) -> str:
        """Return its own anchor on the page of the submission."""
        return f"hidden-{self.part.replace(':', '-')}" if self.part else "hidden"


Provider = Callable[[Submission], Mapping[str, Section]]
_providers: list[Provider] = []


def in_place_of_hidden(provider: Provider) -> Provider:
    """Register what gives, by part, what stands where words of a submission are hidden."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def stones_of(submission: Submission) -> Mapping[str, Stone]:
    """Return what stands in place of hidden words, by part."""
    return {
        part: Stone(part, section)
        for provider in _providers
        for part, section in provider(submission).items()
    }


NoticeProvider = Callable[[Attachment], Mapping[int, Sequence[str]]]
_notices: list[NoticeProvider] = []


def on_hidden_pages(provider: NoticeProvider) -> NoticeProvider:
    """Register what gives, by page, the lines that stand on hidden pages of a published file."""
    if provider not in _notices:
        _notices.append(provider)
    return provider


def notices_of(file: Attachment) -> dict[int, Sequence[str]]:
    """Return the lines that stand on hidden pages of a file, by page."""
    return {page: lines for told in _notices for page, lines in told(file).items()}


def numbers_of_files(parts: Iterable[str]) -> set[int]:
    """Return the numbers of the files among some parts."""
    named = (part.partition(":") for part in parts)
    return {int(number) for kind, _colon, number in named if kind == "attachment"}
