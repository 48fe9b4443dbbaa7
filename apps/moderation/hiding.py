"""Takes words out of the rows of a submission, and puts them back.

Rows hold what the public reads (decision 0040). Each hidden character becomes a block, so that
whatever counts the characters of a text counts on. What was taken out stands in the decision as a
list of {version, part, model, pk, field, start, end, words}; a field that is replaced whole, since
blocks would not fit there, has also what stands in it `now`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from rapidfuzz import fuzz

from apps.moderation.hooks import Removal, tell_hidden, tell_restored
from apps.moderation.models import Rule
from apps.moderation.texts import PAGES, Text, files_of, read, sources_of, texts_of, write
from apps.submissions import blanking, passages, vocabulary
from apps.submissions.announcing import follow_name
from apps.submissions.models import (
    HIDDEN,
    Attachment,
    AttachmentPage,
    KeptBack,
    Passage,
    Submission,
    Vocabulary,
    page_part,
)
from apps.submissions.spotting import KeptWords

Entry = dict[str, Any]
# Why the public does not get a file: the nearest of the reasons it knows.
WHY: dict[str, KeptBack] = {
    Rule.PERSONAL: KeptBack.PERSONAL,
    Rule.RIGHTS: KeptBack.RIGHTS,
    Rule.THREAT: KeptBack.SECURITY,
}
# Who speaks is a fact that stays, unless the name itself breaks the rule.
NAME, NAMING = "name", (Rule.IMPERSONATION, Rule.PERSONAL)
CAMPAIGN_TITLE = "campaign:title"
QUOTED = re.compile(rf"(answer|point|reply|attachment):|({NAME}|{CAMPAIGN_TITLE})$")
# From how many characters on a text of an earlier version is known by its likeness, and how like.
LONG_ENOUGH, ALIKE = 25, 80


def versions_of(submission: Submission) -> Iterator[Submission]:
    """Yield a submission and the versions it replaced, all of which the public can read."""
    version: Submission | None = submission
    while version is not None:
        yield version
        version = version.revises


def redact(submission: Submission, part: str, words: Sequence[str], *, rule: str) -> list[Entry]:
    """Hide words wherever they stand in a part, as `KeptWords` finds them; return what went.

    In earlier versions they are hidden wherever they stand. A source whose address or title holds
    them goes as a whole, and so does a file on whose pages they stand: it cannot be cut.
    """
    meant = KeptWords(words)
    entries: list[Entry] = []
    for version in versions_of(submission):
        asked = part if version.pk == submission.pk else ""
        for text in texts_of(version, asked):
            stretches = meant.stretches(text.words)
            entries += _hide_spans(text, [(start, end) for start, end, _which in stretches])
        for owner, source in sources_of(version):
            if asked in ("", owner) and _names(source.url, source.title, meant):
                entries += _hide_source(owner, source)
        touched = {
            entry["part"].partition("#")[0] for entry in entries if entry["version"] == version.pk
        }
        for name, file in files_of(version):
            is_named = asked in ("", name) and _names(file.name, file.title, meant)
            if name in touched or is_named:
                entries += _hide_file(name, file, rule)
    return entries


def stands_in(submission: Submission, part: str, words: str) -> bool:
    """Return whether words stand in a part of a submission, as `KeptWords` finds them."""
    meant = KeptWords([words])
    if any(meant.spans(text.words) for text in texts_of(submission, part)):
        return True
    named = [(owner, one.url, one.title) for owner, one in sources_of(submission)]
    named += [(name, one.name, one.title) for name, one in files_of(submission)]
    return any(
        _names(address, title, meant) for owner, address, title in named if part in ("", owner)
    )


def hide(submission: Submission, part: str, *, rule: str) -> list[Entry]:
    """Hide all texts, sources and files of a part; return what went.

    In earlier versions go the same answer, whatever it said then, and texts that say nearly the
    same, wherever they stand; the same sources and files.
    """
    entries: list[Entry] = []
    gone: set[str] = set()
    for version in versions_of(submission):
        is_newest = version.pk == submission.pk
        for owner, said, take in _everything(version, rule):
            # Points and replies are counted anew in each version, questions keep their keys.
            is_meant = owner == part and (is_newest or part.startswith("answer:"))
            if not part or is_meant or (not is_newest and _was_said(said, gone)):
                gone.add(said)
                entries += take()
    return entries


def hide_pages(submission: Submission, part: str, pages: Iterable[int]) -> list[Entry]:
    """Hide pages of a file, with or without words on them; return what went.

    In earlier versions go the same pages of the same file, and texts that say nearly the same.
    """
    meant = sorted(set(pages))
    entries: list[Entry] = []
    gone: set[str] = set()
    digest = submission.attachments.get(number=int(part.partition(":")[2])).sha256
    for version in versions_of(submission):
        is_newest = version.pk == submission.pk
        files = {file.pk: file for _name, file in files_of(version)}
        same = {
            file.pk
            for file in files.values()
            if (file.name_as_part == part if is_newest else file.sha256 == digest)
        }
        entries += [_hide_page(files[pk], page) for pk in sorted(same) for page in meant]
        for text in texts_of(version):
            page = text.row if isinstance(text.row, AttachmentPage) else None
            if page and page.attachment_id in same and page.number in meant:
                gone.add(text.words)
                entries += _hide_spans(text, [(0, len(text.words))])
            elif not is_newest:
                entries += _hide_repeated(text, gone, files)
    return entries


def _hide_repeated(text: Text, gone: set[str], files: Mapping[int, Attachment]) -> list[Entry]:
    """Hide a text of an earlier version that says nearly the same as a page that went."""
    if text.part == NAME or not _was_said(text.words, gone):
        return []
    entries = _hide_spans(text, [(0, len(text.words))])
    if isinstance(text.row, AttachmentPage):
        entries.append(_hide_page(files[text.row.attachment_id], text.row.number))
    return entries


def _hide_page(file: Attachment, page: int) -> Entry:
    """Let a page of a file be blank in the copy that is published."""
    field, name = f"{PAGES}.{page}", page_part(file.number, page)
    entry = _entry(file, name, field, (0, 0), read(file, field), now=HIDDEN)
    write(file, field, HIDDEN)
    return entry


def _was_said(said: str, gone: Iterable[str]) -> bool:
    return any(
        said == one
        or (
            min(len(said), len(one)) >= LONG_ENOUGH
            and fuzz.ratio(said, one, score_cutoff=ALIKE) > 0
        )
        for one in gone
    )


def _everything(
    version: Submission, rule: str
) -> Iterator[tuple[str, str, Callable[[], list[Entry]]]]:
    """Yield what can be hidden of a version: its part, what tells it from others, and the act."""
    for text in texts_of(version):
        if text.part != NAME or rule in NAMING:
            span = (0, len(text.words))
            yield text.owner, text.words, partial(_hide_spans, text, [span])
    for owner, source in sources_of(version):
        yield owner, f"{source.url} {source.title}", partial(_hide_source, owner, source)
    for name, file in files_of(version):
        yield name, file.sha256, partial(_hide_file, name, file, rule)


def follow(entries: Sequence[Entry], *, is_back: bool = False) -> None:
    """Let passages, search and the apps above follow what was hidden or is back."""
    touched = sorted({entry["version"] for entry in entries})
    Passage.objects.filter(submission__in=touched).delete()
    passages.extract(touched)
    vocabulary.write(touched)
    # No search looks at replaced versions; what was written of them while they stood goes.
    replaced = Submission.objects.filter(pk__in=touched, state=Submission.State.SUPERSEDED)
    Vocabulary.objects.filter(submission__in=replaced).delete()
    follow_pages(entries)
    renamed = {entry["version"] for entry in entries if entry["part"] == NAME}
    for version in Submission.objects.filter(pk__in=renamed).select_related("consultation"):
        follow_name(version)
    (tell_restored if is_back else tell_hidden)(list(_removals(entries)))


def follow_pages(entries: Iterable[Entry]) -> None:
    """Let the copies of files that are published follow the pages that are hidden, and why."""
    blanking.follow({e["pk"] for e in entries if e["field"].startswith(f"{PAGES}.")})


def _names(address: str, title: str, meant: KeptWords) -> bool:
    """Return whether words stand in an address, or the name of a file, or in its title."""
    return bool(meant.in_address(address) or meant.spans(title))


def _hide_spans(text: Text, spans: Sequence[tuple[int, int]]) -> list[Entry]:
    if not spans:
        return []
    said = text.words
    entries = [
        _entry(text.row, text.part, text.field, (start, end), said[start:end])
        for start, end in spans
    ]
    for start, end in spans:
        said = said[:start] + blocks(said[start:end]) + said[end:]
    write(text.row, text.field, said)
    return entries


def blocks(words: str) -> str:
    """Return as many blocks as there are characters; line ends stay, so that pages can be set."""
    return "".join(one if one == "\n" else HIDDEN for one in words)


def _hide_source(owner: str, source: Any) -> list[Entry]:
    """Replace a source whole: an address must remain one, and each is named once."""
    entries = [
        _entry(source, f"{owner}:source", "url", (0, len(source.url)), source.url, now=""),
        _entry(
            source,
            f"{owner}:source",
            "title",
            (0, len(source.title)),
            source.title,
            now=HIDDEN * 10,
        ),
    ]
    source.url, source.title = "", HIDDEN * 10
    source.save(update_fields=["url", "title"])
    return entries


def _hide_file(name: str, file: Attachment, rule: str) -> list[Entry]:
    """Keep a file back as a whole, with its name and title."""
    now = {
        "kept_back": str(WHY.get(rule, KeptBack.OTHER).value),
        "name": f"attachment-{file.number}.{file.kind.lower()}",
        "title": "",
    }
    entries = [
        _entry(file, name, field, (0, 0), getattr(file, field), now=value)
        for field, value in now.items()
    ]
    for field, value in now.items():
        setattr(file, field, value)
    file.save(update_fields=list(now))
    return entries


def _entry(
    row: Model, part: str, field: str, span: tuple[int, int], words: str, **more: str
) -> Entry:
    owner: Any = row
    if row._meta.model_name == "evidencelink":
        owner = owner.point or owner.reply
    if row._meta.model_name == "attachmentpage":
        owner = owner.attachment
    if row._meta.model_name == "registeredcampaign":
        owner = owner.carrier
    if row._meta.model_name == "campaign":
        owner = owner.sample
    version = owner.pk if isinstance(owner, Submission) else owner.submission_id
    return {
        "version": version,
        "part": part,
        "model": row._meta.model_name,
        "pk": row.pk,
        "field": field,
        "start": span[0],
        "end": span[1],
        "words": words,
        **more,
    }


def words_of(entries: Iterable[Entry]) -> list[str]:
    """Return what entries took out that somebody could read, each once."""
    read = (e["words"] for e in entries if e["field"] != "kept_back" and is_new(e))
    return [words for words in dict.fromkeys(read) if words]


def is_new(entry: Entry) -> bool:
    """Return whether an entry took out something that was still there."""
    return bool(entry["words"] != entry.get("now", blocks(entry["words"])))


def _removals(entries: Iterable[Entry]) -> Iterator[Removal]:
    """Yield what citations may quote, and the name a source gave: briefings list it.

    Where another decision hides a stretch, too, it is left out: there nothing went or came back.
    """
    for entry in entries:
        if "now" not in entry and QUOTED.match(entry["part"]):
            for found in re.finditer(f"[^{HIDDEN}]+", entry["words"]):
                start = entry["start"] + found.start()
                end = entry["start"] + found.end()
                yield Removal(entry["version"], entry["part"], start, end, found[0])
