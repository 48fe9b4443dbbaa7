"""What moderation does when a submission is replaced or withdrawn."""

from apps.moderation.hiding import versions_of
from apps.moderation.models import Case, Decision
from apps.submissions.models import Submission
from apps.submissions.tallies import when_words_go


@when_words_go
def follow(submission: Submission) -> None:
    """Close what waits of a withdrawn submission; look at what replaces a moderated one.

    Cases that wait go over to the version that replaces it. Where words stand hidden, the new
    version is looked at too: whoever revises could put them back.
    """
    if submission.state == Submission.State.WITHDRAWN:
        Case.objects.waiting().filter(submission=submission).update(state=Case.State.CLOSED)
        return
    later = Submission.objects.filter(revises=submission, state=Submission.State.SUBMITTED).first()
    if later is None:
        return
    Case.objects.filter(submission=submission, state=Case.State.OPEN).update(submission=later)
    stands = Decision.objects.filter(
        case__submission__in=[version.pk for version in versions_of(submission)],
        action__in=Decision.HIDING,
        reversed_at__isnull=True,
    )
    is_waiting = Case.objects.waiting().filter(submission=later, part="").exists()
    if stands.exists() and not is_waiting:
        Case.objects.create(
            consultation=later.consultation, submission=later, part="", group=later.group
        )
