"""Filing: state, receipt, audit entry, tallies and job together, or nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.audit import services as audit
from apps.audit.models import Receipt
from apps.consultations.models import Consultation
from apps.core.errors import NotAllowed
from apps.jobs import services as jobs
from apps.submissions import tallies
from apps.submissions.announcing import announce_submission, follow_filed, follow_on
from apps.submissions.drafting import Form, kept_form
from apps.submissions.errors import IncompleteSubmission, NotCurrent
from apps.submissions.inputs import DraftInput, PointInput
from apps.submissions.models import (
    Answer,
    ConfidentialVersion,
    DraftComment,
    DraftEdit,
    Point,
    RefusedEdit,
    Submission,
    Visibility,
)
from apps.submissions.services.answering import require_answerable
from apps.submissions.services.content import as_filed, content_of, open_phase, write_content
from apps.submissions.services.drafts import lock_draft
from apps.submissions.services.identifying import require_identity
from apps.submissions.services.joining import settle, with_parties
from apps.submissions.services.keeping_back import (
    close_earlier,
    keep_original,
    public_content,
    put_aside,
    require_alone,
    require_quiet_files,
)
from apps.submissions.services.signing import require_signatory, require_signed

State = Submission.State
PASSAGES = "submissions.extract_passages"
# Doors through which a person files a response of its own; what was said at a hearing is beside it.
OWN_DOORS = (Submission.Source.WEB, Submission.Source.API)


@transaction.atomic
def submit(draft: Submission, *, by: Any, source: str = Submission.Source.WEB) -> Receipt:
    """File a draft; what is acknowledged by the receipt is durable when this returns.

    A person has one response in a phase: what the person filed before in it, whatever the group, is
    revised by this. Organisations that joined and whose signature stands are parties of it; others
    are left out.

    source  the door it is filed through
    raises  NotYours, NotAllowed, AlreadyFiled, PhaseClosed, InvalidContent, IncompleteSubmission,
            SignOffMissing, IdentityNotAccepted
    """
    locked = lock_draft(draft, by=by)
    if DraftEdit.objects.filter(draft=locked).exclude(typed="").exists():
        raise IncompleteSubmission(
            _("This draft holds something that cannot be filed as it is. Open it and save it.")
        )
    locked.organisation_name, locked.source = locked.speaker, source
    content = content_of(locked)
    phase = open_phase(locked.consultation, kind=locked.kind, begun_at=locked.created_at)
    locked.is_late = not phase.is_open
    locked.identity = _require_may_submit(locked.consultation, by, locked.organisation)
    form = kept_form(locked.consultation, is_reply=locked.is_reply)
    form.check(content)
    form.require_complete(content)
    require_alone(locked)
    require_answerable(locked, content, by=by, is_final=True)
    require_signed(locked, content, by=by)
    return _file(locked, content, form, by=by)


@transaction.atomic
def file_submission(
    consultation: Consultation,
    content: DraftInput,
    *,
    by: Any,
    organisation: Organisation | None = None,
    source: str = Submission.Source.API,
) -> Receipt:
    """Write and file a complete submission in one act, in the reply phase where it holds replies.

    raises  as `submit` does, and revises as it does, but for NotYours and AlreadyFiled
    """
    phase = open_phase(consultation, kind=content.kind)
    identity = _require_may_submit(consultation, by, organisation)
    require_signatory(organisation, by=by)
    content = as_filed(content, organisation)
    form = kept_form(consultation, is_reply=phase.takes_replies)
    form.check(content)
    form.require_complete(content)
    submission = Submission(
        consultation=consultation,
        phase=phase,
        is_reply=phase.takes_replies,
        source=source,
        identity=identity,
        author=by,
        organisation=organisation,
        organisation_name=organisation.name if organisation else "",
        group=content.group,
        language=content.language or consultation.language,
        country=content.country,
        state=State.SUBMITTED,
        reference=audit.reserve_number(),
        submitted_at=timezone.now(),
    )
    _put_in_place_of_own(submission)
    shown = public_content(submission, content)
    submission.save()
    answers, points = write_content(submission, shown, form, by=by)
    return acknowledge(submission, content, by=by, answers=answers, points=points)


def _require_may_submit(
    consultation: Consultation, by: Any, organisation: Organisation | None
) -> str:
    """Return how it is known who files; raise NotAllowed, IdentityNotAccepted."""
    if not by.has_perm("accounts.submit_for", organisation):
        raise NotAllowed(
            _("Only a submitter or a signatory may submit for this organisation.")
            if organisation
            else _("Log in to submit.")
        )
    return require_identity(consultation, by, organisation)


def _file(draft: Submission, content: DraftInput, form: Form, *, by: Any) -> Receipt:
    draft.state = State.SUBMITTED
    draft.reference = audit.reserve_number()
    draft.submitted_at = timezone.now()
    draft.author = by
    _put_in_place_of_own(draft)
    shown = public_content(draft, content)
    draft.save()
    if shown is not content:
        draft.answers.all().delete()
        draft.points.all().delete()
        draft.replies.all().delete()
        write_content(draft, shown, form, by=by)
    DraftEdit.objects.filter(draft=draft).delete()
    RefusedEdit.objects.filter(draft=draft).delete()
    if draft.organisation_id is not None:
        DraftComment.objects.filter(draft=draft).delete()
        settle(draft, content)
    return acknowledge(
        draft, content, by=by, answers=list(draft.answers.all()), points=list(draft.points.all())
    )


def _put_in_place_of_own(submission: Submission) -> None:
    """Let a person's response revise the one the person filed before in the phase: one counts.

    Replies stand beside each other, and organisations may say several things.
    """
    author = submission.author_id
    if submission.organisation_id is not None or submission.is_reply or author is None:
        return
    # Locked, so that of two that are filed at once the second sees the first.
    User.objects.select_for_update().values_list("pk").get(pk=author)
    if submission.revises_id is None:
        # A phase takes one kind of response, so the kind is not asked for.
        own = Submission.objects.in_capacity(submission.author, None).filter(
            phase=submission.phase_id, state=State.SUBMITTED, source__in=OWN_DOORS
        )
        submission.revises_id = own.newest_first().values_list("pk", flat=True).first()


def acknowledge(
    submission: Submission,
    content: DraftInput,
    *,
    by: Any,
    answers: Sequence[Answer],
    points: Sequence[Point],
) -> Receipt:
    """Record, give the receipt, queue, announce, and count: the tallies are locked last."""
    consultation = submission.consultation
    held = receipt_content(submission, content)
    require_quiet_files(submission, content)
    put_aside(submission, content, held)
    if submission.revises_id is not None:
        _supersede(submission, submission.revises_id)
    receipt = audit.record_with_receipt(
        "submission.filed",
        subject=f"{consultation.slug}/{submission.reference}",
        actor=by,
        title=consultation.title,
        content=held,
        number=str(submission.reference),
    )
    jobs.enqueue(PASSAGES, key=f"passages:{submission.pk}", payload={"submission": submission.pk})
    follow_filed(submission)
    if submission.revises_id is None:
        announce_submission(submission, content)
    if submission.is_reply:
        tallies.count_replies(submission)
        return receipt
    tallies.count_submission(submission, question_ids=[a.question_id for a in answers])
    tallies.count_points(submission.group, points)
    return receipt


def _supersede(submission: Submission, earlier_id: int) -> None:
    """Let a submission take the place of the one it revises."""
    earlier = Submission.objects.select_for_update(of=("self",)).get(pk=earlier_id)
    if earlier.state != State.SUBMITTED:
        raise NotCurrent(
            _("What this draft revises was withdrawn or replaced. Copy it into a new response.")
        )
    earlier.state, earlier.ended_at = State.SUPERSEDED, submission.submitted_at
    earlier.save(update_fields=["state", "ended_at", "updated_at"])
    tallies.take_back_submission(earlier)
    tallies.take_back_words(earlier)
    _close_all_before(submission, earlier)
    follow_on(earlier, submission)
    audit.record(
        "submission.superseded",
        subject=f"{earlier.consultation.slug}/{earlier.reference}",
        detail={"by": str(submission.reference)},
    )


def _close_all_before(submission: Submission, earlier: Submission | None) -> None:
    """Let no earlier version show what this one keeps back."""
    while earlier is not None and submission.visibility != Visibility.NAMED:
        close_earlier(submission, earlier, filed_content(earlier))
        earlier = earlier.revises


def filed_content(submission: Submission) -> dict[str, Any]:
    """Return what the commitment of a filed submission's receipt was made over."""
    kept = ConfidentialVersion.objects.filter(pk=submission.pk).first()
    return kept.receipt if kept else receipt_content(submission, content_of(submission))


def proof_of(submission: Submission, receipt: Receipt) -> dict[str, Any]:
    """Return all that proves what was filed: the receipt, its salt, and the words it is over."""
    return {
        **audit.facts_of(receipt),
        "how": "commitment = HMAC-SHA256(salt, canonical JSON of content)",
        "content": filed_content(submission),
    }


def remember_filed(submission: Submission) -> None:
    """Keep a filed submission as it is, and what its receipt is over, before words of it go."""
    keep_original(submission, content_of(submission), filed_content(submission))


def receipt_content(submission: Submission, content: DraftInput) -> dict[str, Any]:
    """Return what the receipt's commitment is made over, the same however it was entered.

    A file is in it by its digest, as it was sent; a receipt from before there were files has none,
    and only one over replies names replies.
    """
    files = submission.attachments.in_order().select_related("point") if content.attachments else ()
    titles = {note.key: note.title for note in content.attachments}
    held = [
        {
            "name": file.name,
            "title": file.title and titles.get(file.key, file.title),
            "sha256": file.sha256,
            "size": file.size,
            "point": file.point.number if file.point else None,
            **({"kept_back": file.kept_back} if file.kept_back else {}),
        }
        for file in files
    ]
    own: dict[str, Any] = {
        "consultation": submission.consultation.slug,
        "organisation": submission.organisation_name,
        "group": submission.group,
        "title": content.title or submission.title,
        "language": submission.language,
        "country": submission.country,
        "answers": sorted((asdict(a) for a in content.answers), key=lambda a: a["question"]),
        "points": [_point_content(point) for point in content.points],
        **({"replies": [asdict(reply) for reply in content.replies]} if content.replies else {}),
        **({"attachments": held} if held else {}),
        **_seen(content),
    }
    return with_parties(own, submission)


def _seen(content: DraftInput) -> dict[str, Any]:
    """Return how it is to be seen, where that is not by name and whole."""
    if content.visibility == Visibility.NAMED:
        return {}
    redactions = [asdict(one) for one in content.redactions]
    return {"visibility": str(content.visibility), "redactions": redactions}


def _point_content(point: PointInput) -> dict[str, Any]:
    held = {name: value for name, value in asdict(point).items() if name != "files"}
    if not point.quote:  # receipts from before there were anchors know nothing of them
        del held["quote"], held["nth"]
    return held
