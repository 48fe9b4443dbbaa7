"""Proposes the code frame: themes under each question and each provision, and who raises them."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.utils.text import slugify
from sklearn.preprocessing import normalize

from apps.analysis.features import Features, text_features
from apps.analysis.sentences import split_sentences
from apps.analysis.themes import propose_themes
from apps.briefings.corpus import points_at_file
from apps.briefings.courtesy import is_courtesy
from apps.briefings.models import CodeFrame, Corpus, CorpusItem, Theme, ThemeAssignment
from apps.briefings.reading import SourceText, chunks, pages_beside_points, texts_of
from apps.consultations.models import Provision, Question
from apps.submissions.models import LONGEST_TEXT, Campaign, Passage, Point

FEWEST_TEXTS = 24  # fewer texts to one question are one theme: the question itself
MOST_THEMES = 8
SHARE_TO_RAISE = 0.3
LONGEST_TITLE = 90


@dataclass
class ProposedTheme:
    """A theme before it has a number; `members` maps submissions to their stance or ""."""

    title: str
    rule: str
    terms: list[str] = field(default_factory=list)
    question: Question | None = None
    provision_key: str = ""
    members: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Readable:
    """What of a corpus is read for themes: own texts, remainders, one specimen per campaign.

    own        ids of submissions whose whole text is read
    letters    campaign letters with words of their own: only these words are read
    specimens  by campaign: the id of its sample, read whole and standing for all its letters
    senders    by campaign: the ids of all its letters
    """

    own: list[int]
    letters: dict[int, int]
    specimens: dict[int, int]
    senders: dict[int, list[int]]

    @property
    def ids(self) -> list[int]:
        """All submissions of which something is read, in order."""
        return sorted({*self.own, *self.letters, *self.specimens.values()})


def readable(corpus: Corpus) -> Readable:
    """Return what of a corpus is read."""
    own: list[int] = []
    letters: dict[int, int] = {}
    senders: dict[int, list[int]] = defaultdict(list)
    items = CorpusItem.objects.filter(corpus=corpus).order_by("submission_id")
    for pk, state, campaign, has_own_words in items.values_list(
        "submission_id", "state", "campaign_id", "has_own_words"
    ):
        if state == CorpusItem.State.OWN:
            own.append(pk)
        elif campaign is not None:
            senders[campaign].append(pk)
            if has_own_words:
                letters[pk] = campaign
    samples = dict(Campaign.objects.filter(pk__in=list(senders)).values_list("pk", "sample_id"))
    return Readable(own, letters, samples, dict(senders))


def propose_for_question(corpus: Corpus, question: Question, *, most: int) -> list[ProposedTheme]:
    """Return the themes of the answers to one question, largest first; none without answers."""
    reading = readable(corpus)
    texts = [
        text
        for text in texts_of(reading.ids, question_id=question.pk)
        if text.text.strip() or text.stance or text.marks.strip(",")
    ]
    words = _with_files(remainders(reading, texts), texts, reading)
    written = [text for text in texts if words[text.answer_id].strip()]
    if len(written) < FEWEST_TEXTS or most < 2:
        themes = _whole_question(question, texts)
    else:
        themes = _split_question(question, corpus, written, words, most=most)
    _add_senders(themes, reading)
    return themes


def propose_for_provisions(corpus: Corpus) -> list[ProposedTheme]:
    """Return one theme per provision that has points, in the order of the document."""
    points = (
        Point.objects.filter(submission__in=readable(corpus).ids)
        .select_related("provision")
        .order_by("provision__version", "provision__position", "submission_id", "number")
    )
    themes: dict[str, ProposedTheme] = {}
    for point in points:
        provision: Provision = point.provision
        theme = themes.setdefault(
            provision.key,
            ProposedTheme(
                title=_shorten(str(provision)),
                rule=f"points on provision {provision.key}",
                provision_key=provision.key,
            ),
        )
        if not theme.members.get(point.submission_id):
            theme.members[point.submission_id] = point.stance
    return list(themes.values())


def store(frame: CodeFrame, themes: Sequence[ProposedTheme], *, first_number: int) -> None:
    """Write themes with their assignments; numbers are provisional until all parts are in."""
    for number, proposed in enumerate(themes, first_number):
        theme = Theme.objects.create(
            frame=frame,
            number=number,
            key=f"t{number}",
            title=proposed.title,
            terms=proposed.terms,
            rule=proposed.rule,
            question=proposed.question,
            provision_key=proposed.provision_key,
        )
        ThemeAssignment.objects.bulk_create(
            (
                ThemeAssignment(theme=theme, submission_id=pk, stance=stance)
                for pk, stance in proposed.members.items()
            ),
            batch_size=2_000,
        )


def number_themes(frame: CodeFrame) -> None:
    """Give the themes their final numbers and readable keys, in the order of their parts."""
    for number, theme in enumerate(frame.themes.order_by("number"), 1):
        theme.number = number
        theme.key = f"{number}-{slugify(theme.title)[:60] or 'theme'}".rstrip("-")
        theme.save(update_fields=["number", "key"])


def remainders(reading: Readable, texts: Sequence[SourceText]) -> dict[int | None, str]:
    """Return by answer what is read of it: of a campaign letter only the sender's own sentences."""
    shared = {
        pk: set(sentences)
        for pk, sentences in Campaign.objects.filter(
            pk__in=set(reading.letters.values())
        ).values_list("pk", "sentences")
    }
    specimens = set(reading.specimens.values())
    letters = {pk: c for pk, c in reading.letters.items() if pk not in specimens}
    own: dict[int | None, list[str]] = defaultdict(list)
    by_answer = {text.answer_id: text for text in texts if text.submission_id in letters}
    for run in chunks([pk for pk in by_answer if pk is not None]):
        passages = Passage.objects.filter(answer__in=run).order_by("answer_id", "start")
        for answer_id, start, end, fingerprint in passages.values_list(
            "answer_id", "start", "end", "fingerprint"
        ):
            text = by_answer[answer_id]
            if fingerprint and fingerprint not in shared[letters[text.submission_id]]:
                own[answer_id].append(text.text[start:end])
    return {
        text.answer_id: " ".join(own[text.answer_id])
        if text.submission_id in letters
        else text.text
        for text in texts
    }


def _with_files(
    words: Mapping[int | None, str], texts: Sequence[SourceText], reading: Readable
) -> Mapping[int | None, str]:
    """Return the words of answers, with those of files that speak for them.

    A file that supports no point is read with an answer that points at it, and with the only text
    a submission has. Letters of campaigns are read for what is their sender's own already.
    """
    own = [text for text in texts if text.submission_id not in reading.letters]
    pages: dict[int, list[str]] = defaultdict(list)
    for page in pages_beside_points([text.submission_id for text in own]):
        pages[page.submission_id].append(page.text)
    if not pages:
        return words
    texts_each = Counter(text.submission_id for text in texts_of(list(pages)) if _is_own(text))
    read = dict(words)
    for text in own:
        if held := pages.get(text.submission_id):
            is_cover = points_at_file(text.text.strip(), has_files=True)
            if is_cover or texts_each[text.submission_id] <= 1:
                together = "\n\n".join([words[text.answer_id], *held])
                read[text.answer_id] = together[:LONGEST_TEXT]
    return read


def _is_own(text: SourceText) -> bool:
    return text.page_id is None and bool(text.text.strip())


def _whole_question(question: Question, texts: Sequence[SourceText]) -> list[ProposedTheme]:
    if not texts:
        return []
    theme = ProposedTheme(
        title=_shorten(question.text), rule=f"answers to question {question.key}", question=question
    )
    for text in texts:
        if not theme.members.get(text.submission_id):
            theme.members[text.submission_id] = text.stance
    return [theme]


def _split_question(
    question: Question,
    corpus: Corpus,
    texts: Sequence[SourceText],
    words: Mapping[int | None, str],
    *,
    most: int,
) -> list[ProposedTheme]:
    consultation = corpus.consultation
    features = _without_title(
        text_features(
            [_matter(words[text.answer_id]) for text in texts], language=consultation.language
        ),
        f"{consultation.title} {consultation.authority} {consultation.docket}",
    )
    found = propose_themes(features, most=most)
    if not found.k:
        return _whole_question(question, texts)
    weights = np.asarray(found.weights, dtype=float)
    shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    themes = []
    for number in range(found.k):
        terms = [str(term) for term in found.label_terms[number]]
        raises = (found.assignment == number) | (
            (shares[:, number] >= SHARE_TO_RAISE) & (found.assignment >= 0)
        )
        theme = ProposedTheme(
            title=_shorten(_capitalised(", ".join(terms))),
            rule=f"answers to question {question.key} near: " + ", ".join(found.terms[number]),
            terms=[str(term) for term in found.terms[number]],
            question=question,
        )
        for index in np.flatnonzero(raises).tolist():
            theme.members.setdefault(texts[index].submission_id, texts[index].stance)
        themes.append(theme)
    return [theme for theme in themes if theme.members]


def _matter(text: str) -> str:
    """Return a text without its sentences of courtesy."""
    sentences = (text[start:end] for start, end in split_sentences(text))
    return "\n".join(sentence for sentence in sentences if not is_courtesy(sentence))


def _without_title(features: Features, title: str) -> Features:
    """Leave out terms that only repeat what the consultation or its host is called."""
    named = set(re.findall(r"\w+", title.casefold()))
    tells = np.array(
        [bool(set(re.findall(r"\w+", s.casefold())) - named) for s in features.surfaces], dtype=bool
    )
    keep = np.flatnonzero(tells)
    matrix = features.matrix[:, keep]
    return replace(
        features,
        matrix=normalize(matrix) if len(keep) else matrix,
        terms=tuple(features.terms[i] for i in keep),
        surfaces=tuple(features.surfaces[i] for i in keep),
    )


def _add_senders(themes: Sequence[ProposedTheme], reading: Readable) -> None:
    """Let every letter of a campaign raise what its specimen raises."""
    for theme in themes:
        for campaign, specimen in reading.specimens.items():
            if specimen in theme.members:
                for sender in reading.senders[campaign]:
                    theme.members.setdefault(sender, "")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shorten(title: str) -> str:
    words = " ".join(title.split())
    if len(words) <= LONGEST_TITLE:
        return words
    return words[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
