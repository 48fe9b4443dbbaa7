"""Puts aside what a submission keeps back when it is filed: its rows hold the public version."""

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.consultations.models import Identity
from apps.submissions import concealing, telltale
from apps.submissions.announcing import follow_name
from apps.submissions.errors import IncompleteSubmission
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    RedactionInput,
    ReplyInput,
)
from apps.submissions.models import (
    HIDDEN,
    ConfidentialVersion,
    EvidenceLink,
    JointParty,
    KeptBack,
    Passage,
    Point,
    Submission,
    Visibility,
)
from apps.submissions.services.content import content_of

HIDDEN_RUN = re.compile(f"{HIDDEN}(?:[{HIDDEN}\n]*{HIDDEN})?")
NOT_A_LINE_END = re.compile(r"[^\n]")
NOT_ALONE = _("A joint response shows who signed it. Take the invitations back, or show the name.")
WORDLESS: dict[str, Any] = dict.fromkeys(Point.TEXT_FIELDS, "")
Part = TypeVar("Part", AnswerInput, PointInput, ReplyInput, RedactionInput)


def public_content(submission: Submission, content: DraftInput) -> DraftInput:
    """Return what is written to the rows of a submission that is being filed.

    What stands in place of hidden words, and how often, is put on the submission, which the caller
    saves.
    """
    submission.visibility = content.visibility
    shown, found = concealing.public_version(content, language=submission.language)
    submission.redactions = [
        {"reason": one.reason, "note": one.note, "occurrences": times}
        for one, times in zip(shown.redactions, found, strict=False)
    ]
    submission.title = shown.title
    return shown


def put_aside(submission: Submission, content: DraftInput, held: dict[str, Any]) -> None:
    """Keep what a submission really says, and whose it is, where no public page looks.

    held  what the commitment of its receipt is made over
    """
    if submission.visibility != Visibility.NAMED:
        keep_original(submission, content, held)
    if submission.visibility == Visibility.WITHHELD:
        take_name_off(submission)
        # Who declined knew the draft; which submission it became is not theirs to know.
        submission.parties.filter(state=JointParty.State.DECLINED).delete()
    if submission.visibility == Visibility.CONFIDENTIAL:
        _put_names_of_files_aside(submission, content)


def close_earlier(submission: Submission, earlier: Submission, held: dict[str, Any]) -> None:
    """Let a version that was replaced show no more than the one that replaced it.

    Nobody can tell which of its words are gone since because they told too much: all go.

    held  what the commitment of the earlier receipt was made over
    """
    if submission.visibility == Visibility.NAMED:
        return
    keep_original(earlier, content_of(earlier), held)
    if submission.visibility == Visibility.WITHHELD:
        take_name_off(earlier)
        follow_name(earlier)
    earlier.answers.update(text="")
    earlier.points.update(**WORDLESS)
    earlier.replies.update(text="")
    of_earlier = Q(point__submission=earlier) | Q(reply__submission=earlier)
    EvidenceLink.objects.filter(of_earlier).delete()
    Passage.objects.filter(submission=earlier).delete()
    earlier.parties.update(reservations="")
    earlier.attachments.public().update(kept_back=KeptBack.OTHER)
    Submission.objects.filter(pk=earlier.pk).update(title="")


def require_quiet_files(submission: Submission, content: DraftInput) -> None:
    """Raise IncompleteSubmission where a file would tell the public what is kept back."""
    told = {place: [message] for place, message in telltale.files_that_tell(submission, content)}
    if told:
        message = _("A file would show what you keep back.")
        raise IncompleteSubmission(message, fields=told)


def require_alone(draft: Submission) -> None:
    """Raise IncompleteSubmission where a name is to be withheld and others were asked to sign."""
    if has_company(draft):
        raise IncompleteSubmission(NOT_ALONE, fields={"visibility": [NOT_ALONE]})


def has_company(draft: Submission) -> bool:
    """Return whether others that were asked to sign keep a draft from withholding its name."""
    asked = draft.parties.exclude(state=JointParty.State.DECLINED)
    return draft.visibility == Visibility.WITHHELD and asked.exists()


def original_of(submission: Submission) -> DraftInput:
    """Return what was filed, with what is kept back; for its owner and the host's confidants."""
    kept = ConfidentialVersion.objects.filter(pk=submission.pk).first()
    return _read(kept.content) if kept else content_of(submission)


def confided(submission: Submission, reader: Any) -> DraftInput:
    """Return what a confidant reads: as filed, or without the words that moderators hid.

    These words are for its owner and for moderators alone.
    """
    if reads_hidden_words(submission, reader):
        return original_of(submission)
    return as_revised(submission) if submission.is_submitted else content_of(submission)


def reads_hidden_words(submission: Submission, reader: Any) -> bool:
    """Return whether somebody reads also what moderators took out."""
    own = Submission.objects.belonging_to(reader).filter(pk=submission.pk)
    return own.exists() or bool(reader.has_perm("consultations.moderate", submission.consultation))


def as_revised(submission: Submission) -> DraftInput:
    """Return what a revision begins with: as filed, but without the words moderators hid."""
    original, shown = original_of(submission), content_of(submission)
    public, _found = concealing.public_version(original, language=submission.language)
    notes = [RedactionInput("", note=row["note"]) for row in submission.redactions]
    return replace(
        original,
        title=_visible(original.title, public.title, shown.title),
        answers=[
            _as_shown(*three, "text")
            for three in zip(original.answers, public.answers, shown.answers, strict=True)
        ],
        points=[
            replace(
                _as_shown(one, told, now, *Point.TEXT_FIELDS),
                evidence=_visible_sources(one.evidence, now.evidence),
            )
            for one, told, now in zip(original.points, public.points, shown.points, strict=True)
        ],
        replies=[
            replace(
                _as_shown(one, told, now, "text"),
                evidence=_visible_sources(one.evidence, now.evidence),
            )
            for one, told, now in zip(original.replies, public.replies, shown.replies, strict=True)
        ],
        redactions=[
            _as_shown(*three, "note")
            for three in zip(original.redactions, public.redactions, notes, strict=True)
        ],
    )


def _as_shown(original: Part, public: Part, shown: Part, *fields: str) -> Part:
    """Return a part of a response as filed, without what moderators hid in some of its texts."""
    words: dict[str, Any] = {
        name: _visible(*(getattr(one, name) for one in (original, public, shown)))
        for name in fields
    }
    return replace(original, **words)


def _visible(original: str, public: str, shown: str) -> str:
    """Return a text as its author filed it, without what moderators hid in the public version."""
    if HIDDEN not in shown:
        return original
    if public == original or len(public) != len(shown):
        return shown
    gone = [public[slice(*found.span())] for found in HIDDEN_RUN.finditer(shown)]
    for words in sorted(gone, key=len, reverse=True):
        if words not in original:
            return shown  # what was hidden goes over words the author keeps back
        original = original.replace(words, NOT_A_LINE_END.sub(HIDDEN, words))
    return original


def _visible_sources(
    original: Sequence[EvidenceInput], shown: Sequence[EvidenceInput]
) -> Sequence[EvidenceInput]:
    return shown if any(HIDDEN in one.title for one in shown) else original


def keep_original(submission: Submission, content: DraftInput, held: dict[str, Any]) -> None:
    """Put aside what a submission says, and what its receipt is over, unless that was done."""
    ConfidentialVersion.objects.get_or_create(
        submission=submission, defaults={"content": asdict(content), "receipt": held}
    )


def take_name_off(submission: Submission) -> None:
    """Take the name off a submission, and off its files, whose names often hold it."""
    if submission.organisation is not None:
        submission.withheld_for, submission.organisation = submission.organisation, None
    submission.organisation_name = ""
    asked = submission.consultation.least_identity
    if submission.identity == Identity.ORGANISATION != asked:
        # Of a group there may be one verified organisation only: that it was checked names it.
        submission.identity = Identity.ACCOUNT
    fields = ["organisation", "withheld_for", "organisation_name", "identity"]
    submission.save(update_fields=fields)
    for file in submission.attachments.all():
        file.name = file.neutral_name
        file.save(update_fields=["name"])


def _put_names_of_files_aside(submission: Submission, content: DraftInput) -> None:
    """Give files a name that says nothing, where theirs holds words that are kept back."""
    for file in submission.attachments.all():
        public = telltale.public_name_of(file, content)
        if public != file.name:
            file.name = public
            file.save(update_fields=["name"])


def _read(held: dict[str, Any]) -> DraftInput:
    return DraftInput(
        **{
            **held,
            "answers": [AnswerInput(**answer) for answer in held["answers"]],
            "points": [
                PointInput(**{**point, "evidence": [EvidenceInput(**e) for e in point["evidence"]]})
                for point in held["points"]
            ],
            "replies": [
                ReplyInput(**{**reply, "evidence": [EvidenceInput(**e) for e in reply["evidence"]]})
                for reply in held.get("replies", ())
            ],
            "attachments": [FileNote(**note) for note in held["attachments"]],
            "redactions": [RedactionInput(**one) for one in held["redactions"]],
        }
    )
