"""Chooses the words a theme is shown by: whole sentences, fair to every group, exact spans."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from apps.accounts.groups import GROUP_ORDER
from apps.analysis.evidence import select_evidence
from apps.analysis.features import text_features
from apps.analysis.language import separates_words
from apps.briefings.courtesy import is_courtesy
from apps.briefings.models import Citation, Theme
from apps.briefings.reading import SourceText, chunks, pages_beside_points, texts_of
from apps.briefings.theming import Readable
from apps.submissions.models import Campaign, Passage, Submission

SHORTEST_QUOTE, LONGEST_QUOTE = 40, 330
FEWEST_WORDS = 7
FEWEST_LETTERS = 12  # of a sentence that speaks for a group without a longer one
DENSE_WEIGHT = 3  # letters that one character of Chinese, Japanese or Thai stands for
MOST_PASSAGES = 6_000
TELLING_TERMS = 8
SPARE = 3  # picks per place, so that one submission need not speak twice for its group
ENDS_A_SENTENCE = re.compile(r"[.!?。！？…][\"'”’»)\]」]*$")
BEGINS_A_SENTENCE = re.compile(r"^[\"'“‘«(\[「]?[^\W\d_a-zß-öø-ÿ]")


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact span of a text; `text` is what stands there."""

    source: SourceText
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.source.text[self.start : self.end]

    def cite(self, *, position: int, stance: str = "", campaign_id: int | None = None) -> Citation:
        """Return the citation of this quote, not yet attached to a claim."""
        return Citation(
            submission_id=self.source.submission_id,
            position=position,
            answer_id=self.source.answer_id,
            point_id=self.source.point_id,
            page_id=self.source.page_id,
            field=self.source.field,
            start=self.start,
            end=self.end,
            sha256=hashlib.sha256(self.text.encode()).hexdigest(),
            stance=stance,
            campaign_id=campaign_id,
        )


@dataclass(frozen=True)
class Selection:
    """Quotes of one theme by group, the one that stands apart in each, and how well they cover."""

    by_group: dict[str, list[Quote]]
    apart: dict[str, Quote]
    coverage: float
    redundancy: float


def select_quotes(theme: Theme, reading: Readable, *, quota: int) -> Selection:
    """Choose up to `quota` quotes per group among the sentences that speak of the theme.

    Reasons of each stance, proposed texts and conditions are chosen apart from one another: the
    quota holds for each, so that many reasons against cannot hide the few for.
    """
    kinds: dict[tuple[str, str], list[Quote]] = defaultdict(list)
    for quote in _candidates(theme, reading):
        # A page that supports a point argues as its reason does.
        is_reason = quote.source.page_id is not None and bool(theme.provision_key)
        kind = "reason" if is_reason else quote.source.field
        kinds[kind, quote.source.stance].append(quote)
    language = theme.frame.consultation.language
    return _merge([_select(kinds[kind], language, quota=quota) for kind in sorted(kinds)])


def _select(quotes: Sequence[Quote], language: str, *, quota: int) -> Selection:
    groups = _groups([quote.source.submission_id for quote in quotes])
    quotes = _thin_out(quotes, groups)
    codes = np.array([GROUP_ORDER[groups[q.source.submission_id]] for q in quotes])
    features = text_features([quote.text for quote in quotes], language=language)
    found = select_evidence(
        features.matrix,
        codes,
        quota=SPARE * quota,
        lengths=np.array([quote.end - quote.start for quote in quotes], dtype=float),
    )
    by_group = {}
    for group, code in GROUP_ORDER.items():
        # Where all say nearly the same nothing sets one apart: then the first ones speak.
        picks = list(found.picks.get(code, ())) or np.flatnonzero(codes == code)[:quota]
        by_group[group] = _by_different_people([quotes[i] for i in picks])[:quota]
    return Selection(
        by_group=by_group,
        apart={g: quotes[found.dissent[c]] for g, c in GROUP_ORDER.items() if c in found.dissent},
        coverage=float(found.coverage),
        redundancy=float(found.redundancy),
    )


def quote_campaigns(theme: Theme, reading: Readable) -> dict[int, Quote]:
    """Return by campaign what its letters say on the theme: one sentence of its specimen.

    One that reads well goes before a short one, a sentence that all letters share before one of the
    sender's own, one that names a term of the theme before others. A campaign without a sentence
    that says something is left out.
    """
    shared = _campaign_sentences(reading)
    campaigns = {specimen: campaign for campaign, specimen in reading.specimens.items()}
    terms = [term.casefold() for term in theme.terms[:TELLING_TERMS]]
    best: dict[int, tuple[tuple[bool, ...], Quote]] = {}
    for quote, fingerprint in _passages(theme, reading, list(campaigns)):
        campaign = campaigns[quote.source.submission_id]
        value = (
            read_well(quote.text),
            fingerprint in shared[campaign],
            _names(quote.text.casefold(), terms),
            _is_sentence(quote.text),
        )
        if campaign not in best or value > best[campaign][0]:
            best[campaign] = (value, quote)
    return {campaign: quote for campaign, (_value, quote) in best.items()}


def _merge(selections: Sequence[Selection]) -> Selection:
    by_group: dict[str, list[Quote]] = defaultdict(list)
    apart: dict[str, Quote] = {}
    for selection in selections:
        for group, quotes in selection.by_group.items():
            by_group[group].extend(quotes)
        apart = selection.apart | apart
    return Selection(
        by_group=by_group,
        apart=apart,
        coverage=min((one.coverage for one in selections), default=0.0),
        redundancy=max((one.redundancy for one in selections), default=0.0),
    )


def _by_different_people(picks: Sequence[Quote]) -> list[Quote]:
    """Put the first pick from each submission before a second from any."""
    seen: Counter[int] = Counter()
    turns = []
    for quote in picks:
        turns.append(seen[quote.source.submission_id])
        seen[quote.source.submission_id] += 1
    return [picks[i] for i in sorted(range(len(picks)), key=lambda i: (turns[i], i))]


def read_well(text: str) -> bool:
    """Return whether a passage can stand alone as a quotation."""
    spaced = text.count(" ") + 1
    words_enough = spaced >= FEWEST_WORDS or not text.isascii()
    return is_telling(text) and words_enough and _weight(text) * len(text) >= SHORTEST_QUOTE


def is_telling(text: str) -> bool:
    """Return whether a passage says something, though it may be too short to stand well alone."""
    letters = sum(character.isalpha() for character in text)
    return (
        _weight(text) * letters >= FEWEST_LETTERS
        and len(text) <= LONGEST_QUOTE
        and letters >= 0.6 * len(text)
        and not text.isupper()
        and not is_courtesy(text)
    )


def _weight(text: str) -> int:
    return 1 if text.isascii() or separates_words(text) else DENSE_WEIGHT


def _candidates(theme: Theme, reading: Readable) -> Iterator[Quote]:
    """Yield passages of the theme's texts, those that name one of its terms where any do."""
    everything = _well_or_short(list(_own_passages(theme, reading)))
    whole = [q for q in everything if _is_sentence(q.text)] or everything
    terms = [term.casefold() for term in theme.terms[:TELLING_TERMS]]
    if not terms:
        return iter(whole)
    naming = [quote for quote in whole if _names(quote.text.casefold(), terms)]
    named = {quote.source.submission_id for quote in naming}
    groups = _groups([quote.source.submission_id for quote in whole])
    heard = {groups[pk] for pk in named}
    # A group none of whose sentences names a term still has its say.
    rest = [quote for quote in whole if groups[quote.source.submission_id] not in heard]
    return iter([*naming, *rest])


def _well_or_short(quotes: Sequence[Quote]) -> list[Quote]:
    """Keep what reads well; of a group without any, its short sentences: they are all it says."""
    groups = _groups([quote.source.submission_id for quote in quotes])
    well = [quote for quote in quotes if read_well(quote.text)]
    heard = {groups[quote.source.submission_id] for quote in well}
    silent = (q for q in quotes if groups[q.source.submission_id] not in heard)
    return well + [quote for quote in silent if _is_sentence(quote.text)]


def _names(text: str, terms: Sequence[str]) -> bool:
    return any(term in text for term in terms)


def _is_sentence(text: str) -> bool:
    return bool(ENDS_A_SENTENCE.search(text)) and (
        bool(BEGINS_A_SENTENCE.match(text)) or not text.isascii()
    )


def _own_passages(theme: Theme, reading: Readable) -> Iterator[Quote]:
    """Yield what says something, of campaign letters only their senders' own sentences.

    What several of a group say word for word, and with the same stance, speaks once: as often as
    it was copied, it would drown what they say in words of their own.
    """
    shared = _campaign_sentences(reading)
    specimens = set(reading.specimens.values())
    groups = _groups(reading.ids)
    said: set[tuple[int, str, str, str]] = set()
    for quote, fingerprint in _passages(theme, reading, reading.ids):
        pk = quote.source.submission_id
        campaign = reading.letters.get(pk)
        # One too short to be told apart (0) is not known to be the sender's own.
        is_shared = campaign is not None and (not fingerprint or fingerprint in shared[campaign])
        place = (fingerprint, groups[pk], quote.source.field, quote.source.stance)
        if (is_shared and pk not in specimens) or (fingerprint and place in said):
            continue
        said.add(place)
        yield quote


def _passages(
    theme: Theme, reading: Readable, submission_ids: Sequence[int]
) -> Iterator[tuple[Quote, int]]:
    """Yield the passages on the theme that say something, each with its fingerprint."""
    members = set(theme.assignments.values_list("submission_id", flat=True))
    for run in chunks([pk for pk in submission_ids if pk in members]):
        texts = {
            (text.answer_id, text.point_id, text.page_id, text.field): text
            for text in _texts(theme, run)
        }
        rows = Passage.objects.filter(submission__in=run).order_by("submission_id", "id")
        if theme.question_id:
            is_beside = Q(page__isnull=False, page__attachment__point__isnull=True)
            rows = rows.filter(Q(answer__question=theme.question_id) | is_beside)
        else:
            supports = Q(page__attachment__point__provision__key=theme.provision_key)
            rows = rows.filter(Q(point__provision__key=theme.provision_key) | supports)
        for passage in rows:
            place = (passage.answer_id, passage.point_id, passage.page_id, passage.field)
            text = texts.get(place)
            if text is None:
                continue
            quote = Quote(text, passage.start, passage.end)
            if is_telling(quote.text) and _is_about(theme, quote):
                yield quote, passage.fingerprint


def _texts(theme: Theme, run: Sequence[int]) -> Iterator[SourceText]:
    """Yield the texts a theme can be quoted from; a file beside the points stands with all."""
    yield from texts_of(run, question_id=theme.question_id, provision_key=theme.provision_key)
    if theme.question_id:
        yield from pages_beside_points(run)


def _is_about(theme: Theme, quote: Quote) -> bool:
    """Return whether a quote may stand for a theme: of a file for all only where it names a term.

    An answer is about its question; a file may be about anything.
    """
    terms = [term.casefold() for term in theme.terms[:TELLING_TERMS]]
    if quote.source.page_id is None or theme.provision_key or not terms:
        return True
    return _names(quote.text.casefold(), terms)


def _campaign_sentences(reading: Readable) -> Mapping[int, set[int]]:
    rows = Campaign.objects.filter(pk__in=list(reading.senders)).values_list("pk", "sentences")
    return {pk: set(sentences) for pk, sentences in rows}


def _groups(submission_ids: Sequence[int]) -> dict[int, str]:
    groups: dict[int, str] = {}
    for run in chunks(sorted(set(submission_ids))):
        groups.update(Submission.objects.filter(pk__in=run).values_list("pk", "group"))
    return groups


def _thin_out(quotes: Sequence[Quote], groups: Mapping[int, str]) -> list[Quote]:
    """Keep a bounded number per group, spread evenly over the corpus; small groups lose none."""
    by_group: dict[str, list[Quote]] = defaultdict(list)
    for quote in quotes:
        by_group[groups[quote.source.submission_id]].append(quote)
    most = max(MOST_PASSAGES // len(by_group), 1)
    kept: list[Quote] = []
    for group in sorted(by_group, key=GROUP_ORDER.__getitem__):
        of_group = by_group[group]
        step = max(len(of_group) / most, 1.0)
        kept.extend(of_group[int(i * step)] for i in range(min(len(of_group), most)))
    return kept
