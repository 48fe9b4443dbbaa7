"""Makes the copy of a file that is published, and reads its words; the file is opened elsewhere."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from apps.analysis.files import confining
from apps.analysis.files.confining import Pages
from apps.analysis.files.limits import Unfit
from apps.submissions import passages, storing, telltale, vocabulary
from apps.submissions.models import Attachment, AttachmentPage, Submission

PAGES_AT_ONCE = 200
State, Reason = Attachment.State, Attachment.Reason
REASONS: Mapping[str, str] = {
    "encrypted": Reason.ENCRYPTED,
    "too_complex": Reason.TOO_COMPLEX,
    "bomb": Reason.TOO_COMPLEX,
    "not_cleaned": Reason.NOT_CLEANED,
    "too_long": Reason.TOO_LONG,
}


@dataclass
class _Outcome:
    state: str
    reason: str = ""
    published: str = ""
    size: int = 0
    sha256: str = ""
    pages: Pages = field(default_factory=Pages)


def clean_and_read(attachment_id: int) -> Callable[[], None] | None:
    """Clean and read a file that waits for it; return what writes the outcome, None without one.

    Words are read from the copy, so that what is analysed is what is published. A file that cannot
    be cleaned is not published. Safe to run twice: whoever writes first is right.
    """
    attachment = Attachment.objects.filter(pk=attachment_id, state=State.WAITING).first()
    if attachment is None:
        return None
    outcome = _work(attachment)
    return lambda: _write(attachment_id, outcome)


def give_up(attachment_id: int) -> None:
    """Say of a file that ended worker after worker that it could not be opened."""
    _write(attachment_id, _Outcome(State.FAILED, Reason.TOO_COMPLEX))


def _work(attachment: Attachment) -> _Outcome:
    try:
        with (
            storing.path_of(attachment.stored).open("rb") as source,
            storing.writing() as (
                name,
                copy,
            ),
        ):
            confining.clean(source, attachment.kind, copy)  # type: ignore[arg-type]
    except Unfit as unfit:
        return _Outcome(State.FAILED, REASONS.get(unfit.code, Reason.DAMAGED))
    path = storing.path_of(name)
    with path.open("rb") as copied:
        pages = confining.read(copied, attachment.kind)
        copied.seek(0)
        digest = hashlib.file_digest(copied, "sha256").hexdigest()
    outcome = _Outcome(State.READ, "", name, path.stat().st_size, digest, pages)
    if pages.reason:
        outcome.reason = REASONS.get(pages.reason, Reason.DAMAGED)
        outcome.state = State.READ if pages.has_text else State.FAILED
    elif not pages.has_text:
        outcome.state = State.NO_TEXT
    return outcome


@transaction.atomic
def _write(attachment_id: int, outcome: _Outcome) -> None:
    """Write the outcome; of a submission that was filed meanwhile also its passages and words."""
    attachment = _locked(attachment_id)
    if attachment is None or not attachment.is_waiting:
        storing.forget([outcome.published])
        return
    if outcome.published:
        storing.forget([attachment.stored])
        attachment.stored = ""
    attachment.state, attachment.reason = outcome.state, outcome.reason
    attachment.published, attachment.published_size = outcome.published, outcome.size
    attachment.published_sha256 = outcome.sha256
    attachment.page_count = outcome.pages.count or None
    attachment.pages_read = len(outcome.pages.texts)
    telltale.keep_back_if_it_tells(attachment, outcome.pages.texts)
    attachment.save()
    AttachmentPage.objects.bulk_create(
        (
            AttachmentPage(attachment=attachment, number=number, text=text)
            for number, text in enumerate(outcome.pages.texts, 1)
            if text.strip()
        ),
        batch_size=PAGES_AT_ONCE,
    )
    submission = attachment.submission
    if submission is not None and not submission.is_draft:
        passages.extract([submission.pk])
        vocabulary.write([submission.pk])


def _locked(attachment_id: int) -> Attachment | None:
    """Return a file with its submission, both locked.

    Whoever files the submission locks the same rows, the submission first: either the words are
    there by then, or they follow with this transaction.
    """
    rows = Attachment.objects.filter(pk=attachment_id)
    submissions = Submission.objects.select_for_update(of=("self",))
    before = rows.values_list("submission", flat=True).first()
    submission = submissions.filter(pk=before or 0).first()
    attachment = rows.select_for_update(of=("self",)).first()
    if attachment is not None and attachment.submission_id != before:  # named in between
        submission = submissions.filter(pk=attachment.submission_id or 0).first()
    if attachment is not None and submission is not None:
        attachment.submission = submission
    return attachment
