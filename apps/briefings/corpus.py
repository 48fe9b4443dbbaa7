"""Freezes what was filed: every submission gets one state, campaigns are found and collapsed."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Count, F

from apps.briefings.models import Corpus, CorpusItem
from apps.briefings.reading import SourceText, texts_of
from apps.consultations.models import Consultation
from apps.submissions.campaigns import FoundCampaigns, find_in, store_scan
from apps.submissions.models import CampaignLetter, Submission

Progress = Callable[[int, int, str], None]
State = CorpusItem.State

# A short text that only points at a file, in the languages the importers were tried with.
POINTS_AT_FILE = re.compile(
    r"attach|annex|enclos|appendix|uploaded|see (the )?(file|pdf|document|letter|submission)"
    r"|anhang|anlage|beigefügt|pi[eè]ce[s]? jointe|ci-joint|adjunto|附件|附上|مرفق",
    re.IGNORECASE,
)
SAYS_NOTHING = re.compile(
    r"^\W*(n\W?a|none|nil|nothing|no|no (further )?(comments?|response|answer|opinion)"
    r"|not applicable|test|keine( angabe)?|entfällt|sans objet|néant|无|沒有|没有)?\W*$",
    re.IGNORECASE,
)
LONGEST_COVER_NOTE = 250
LONGEST_BARE_NOTE = 120
OWN_WORDS_SHARE = 0.05


@dataclass
class Filed:
    """One submission on its way into a corpus."""

    submission_id: int
    attachments: int
    content_hash: str = ""
    texts: list[str] = field(default_factory=list)
    own_texts: list[str] = field(default_factory=list)  # the same, see SourceText.own_words
    has_positions: bool = False
    has_read_file: bool = False

    @property
    def text(self) -> str:
        """All its words, parts set apart by an empty line."""
        return _joined(self.texts)


@dataclass(frozen=True)
class Frozen:
    """A corpus read and searched, not yet stored."""

    consultation: Consultation
    cut_off_at: datetime
    filed: list[Filed]
    campaigns: FoundCampaigns


def prepare(consultation: Consultation, *, cut_off_at: datetime, progress: Progress) -> Frozen:
    """Read everything filed before the cut-off and find its campaigns; writes nothing.

    Who proposes a wording for the same provision repeats most of it: that makes nobody's a letter
    of a campaign.
    """
    filed = list(_filed(consultation, cut_off_at, progress))
    texts = [_joined(one.own_texts) for one in filed]
    campaigns = find_in([one.submission_id for one in filed], texts, progress=progress)
    return Frozen(consultation, cut_off_at, filed, campaigns)


@transaction.atomic
def store(frozen: Frozen) -> Corpus:
    """Write the corpus with its items and the campaign scan; nothing in it is edited later."""
    scan = store_scan(frozen.consultation, frozen.campaigns, cut_off_at=frozen.cut_off_at)
    corpus = Corpus.objects.create(
        consultation=frozen.consultation,
        cut_off_at=frozen.cut_off_at,
        scan=scan,
        content_hash=_hash(one.content_hash for one in frozen.filed),
    )
    letters = {
        letter.submission_id: letter
        for letter in CampaignLetter.objects.filter(campaign__scan=scan)
    }
    CorpusItem.objects.bulk_create(
        (_item(corpus, one, letters.get(one.submission_id)) for one in frozen.filed),
        batch_size=2_000,
    )
    return corpus


def state_of(text: str, *, attachments: int, is_letter: bool, has_positions: bool) -> str:
    """Return the one state of a submission from what can be read of it.

    attachments    number of files the submission names or holds; the words of those that could be
                   read are in the text
    is_letter      whether it carries the text of a campaign
    has_positions  whether it states a stance, ticks an answer or holds a file that was read
    """
    if is_letter:
        return State.CAMPAIGN
    if has_positions:
        return State.OWN
    words = text.strip()
    if points_at_file(words, has_files=bool(attachments)):
        return State.ATTACHMENT
    if SAYS_NOTHING.match(words):
        return State.ATTACHMENT if attachments else State.EMPTY
    return State.OWN


def points_at_file(words: str, *, has_files: bool) -> bool:
    """Return whether a short text says little more than that there is a file."""
    longest = LONGEST_COVER_NOTE if has_files else LONGEST_BARE_NOTE
    return len(words) < longest and bool(POINTS_AT_FILE.search(words))


def _filed(consultation: Consultation, cut_off_at: datetime, progress: Progress) -> Iterator[Filed]:
    rows = list(
        Submission.objects.filed()
        .of(consultation)
        .filter(submitted_at__lte=cut_off_at)
        .order_by("id")
        .annotate(files=F("attachments_declared") + Count("attachments"))
        .values_list("id", "files", "state", "disputed_at")
    )
    # A withdrawn submission is listed without anything it held, whatever is still in its tables;
    # so is a disputed one, until it is decided who wrote it.
    unread = {pk for pk, _n, state, at in rows if state == Submission.State.WITHDRAWN or at}
    attachments = {pk: 0 if pk in unread else number for pk, number, *_more in rows}
    read = [pk for pk in attachments if pk not in unread]
    by_submission = groupby(texts_of(read), key=lambda text: text.submission_id)
    pending = iter(attachments.items())
    for done, (submission_id, texts) in enumerate(by_submission, 1):
        for pk, number in pending:  # those without any text come before it in the same order
            if pk == submission_id:
                break
            yield Filed(pk, number, content_hash=_hash(()))
        found = list(texts)
        if done % 2_000 == 0:
            progress(done, len(rows), "freeze")
        yield Filed(
            submission_id,
            attachments[submission_id],
            content_hash=_hash(_canonical(text) for text in found),
            texts=[text.text for text in found],
            own_texts=[text.own_words for text in found],
            has_positions=any(text.stance or text.marks.strip(",") for text in found),
            has_read_file=any(text.page_id and text.text.strip() for text in found),
        )
    for pk, number in pending:
        yield Filed(pk, number, content_hash=_hash(()))


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())


def _item(corpus: Corpus, one: Filed, letter: CampaignLetter | None) -> CorpusItem:
    return CorpusItem(
        corpus=corpus,
        submission_id=one.submission_id,
        state=state_of(
            one.text,
            attachments=one.attachments,
            is_letter=letter is not None,
            has_positions=one.has_positions or one.has_read_file,
        ),
        content_hash=one.content_hash,
        campaign_id=letter.campaign_id if letter else None,
        has_own_words=letter is None or letter.own_share >= OWN_WORDS_SHARE,
    )


def _canonical(text: SourceText) -> str:
    return json.dumps([text.part, text.stance, text.marks, text.text], ensure_ascii=False)


def _hash(parts: Sequence[str] | Iterator[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()
