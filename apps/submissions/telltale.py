"""Where a response gives away what it keeps back: words in its files, a name in texts and files."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.submissions.concealing import names, names_site
from apps.submissions.inputs import DraftInput
from apps.submissions.models import (
    Attachment,
    AttachmentPage,
    ConfidentialVersion,
    KeptBack,
    Submission,
    Visibility,
)
from apps.submissions.spotting import KeptWords

PAGES_AT_ONCE = 100
Problem = tuple[str, str | Promise]


def files_that_tell(submission: Submission, content: DraftInput) -> Iterator[Problem]:
    """Yield (place, message) for files that become public with words that are kept back.

    A file that is not read yet is looked at once it is: see `keep_back_if_it_tells`.
    """
    if content.visibility != Visibility.CONFIDENTIAL or not content.redactions:
        return
    kept = KeptWords([one.words for one in content.redactions])
    for number, note in enumerate(content.attachments):
        if not note.kept_back and (told := _told_in(submission, note.key, kept)):
            message = _(
                "%(file)s: words you keep back stand on page %(page)s. Keep the file back, or"
                " attach a copy without them."
            )
            yield f"attachments.{number}", message % {"file": told[0], "page": told[1]}


def signs_of(submission: Submission, content: DraftInput) -> Iterator[str | Promise]:
    """Yield in words what tells who speaks, where the name is withheld."""
    owner = submission.owner
    if content.visibility != Visibility.WITHHELD or owner is None:
        return
    if names(content, owner.name):
        message = _(
            "You withhold your name, but “%(name)s” stands in your texts. The public would read it"
            " there."
        )
        yield message % {"name": owner.name}
    host = (urlsplit(owner.website).hostname or "").removeprefix("www.")
    if names_site(content, host):
        message = _(
            "You withhold your name, but your website “%(host)s” stands in your texts or sources."
        )
        yield message % {"host": host}
    said = [owner.name, *filter(None, [host])]
    kept = KeptWords(said)
    for note in content.attachments:
        if told := _told_in(submission, note.key, kept):
            message = _(
                "You withhold your name, but “%(name)s” stands in the file %(file)s, on page"
                " %(page)s."
            )
            yield message % {"name": said[told[2]], "file": told[0], "page": told[1]}


def public_name_of(file: Attachment, content: DraftInput) -> str:
    """Return the name under which the public gets a file: one that says nothing, if it must."""
    kept = KeptWords([one.words for one in content.redactions])
    tells = content.visibility == Visibility.CONFIDENTIAL and kept.in_address(file.name)
    is_withheld = content.visibility == Visibility.WITHHELD
    return file.neutral_name if tells or is_withheld else file.name


def keep_back_if_it_tells(attachment: Attachment, pages: Iterable[str]) -> None:
    """Keep a file back whose pages, read after filing, hold words or the name that are kept back.

    The caller saves the file.
    """
    kept = ConfidentialVersion.objects.filter(pk=attachment.submission_id).first()
    redactions = _kept_back(kept) if kept else []
    words = KeptWords([one["words"] for one in redactions])
    found = next((number for page in pages for *_span, number in words.spans(page)), None)
    if kept is None or found is None or attachment.kept_back:
        return
    attachment.kept_back = redactions[found]["reason"]
    for note in kept.content["attachments"]:
        if note["key"] == attachment.key:
            note["kept_back"] = attachment.kept_back  # a revision begins with it
    kept.save(update_fields=["content"])


def _kept_back(kept: ConfidentialVersion) -> list[dict[str, str]]:
    """Return the words a response keeps back with the reason of each, its name where withheld."""
    if kept.content["visibility"] != Visibility.WITHHELD:
        return list(kept.content["redactions"])
    owner = kept.submission.owner
    return [{"words": owner.name, "reason": KeptBack.OTHER.value}] if owner else []


def repeats(submission: Submission, text: str) -> bool:
    """Return whether a text about a filed submission says what it keeps back, words or a name."""
    kept = ConfidentialVersion.objects.filter(pk=submission.pk).first()
    words = [one["words"] for one in _kept_back(kept)] if kept else []
    return bool(KeptWords(words).spans(text))


def _told_in(submission: Submission, key: str, kept: KeptWords) -> tuple[str, int, int] | None:
    """Return the name of a file, its first page on which words stand, and which ones."""
    pages = AttachmentPage.objects.filter(attachment__submission=submission, attachment__key=key)
    held = pages.order_by("number").values_list("number", "text")
    for number, text in held.iterator(chunk_size=PAGES_AT_ONCE):
        if found := kept.spans(text):
            name = Attachment.objects.values_list("name", flat=True).get(key=key)
            return name, number, found[0][2]
    return None
