"""What people reply with in the tests."""

from apps.submissions.inputs import DraftInput, ReplyInput
from apps.submissions.models import Reply, Submission
from tests.factories import SubmissionFactory


def reply(target, part="point:1", **more):
    given = {"kind": "rebuttal", "text": "It is not too long.", **more}
    return ReplyInput(target.reference, part, **given)


def content(*replies):
    return DraftInput(replies=replies, group="research")


def filed(receipt):
    return Submission.objects.get(reference=receipt.number)


def thread_of_many(target, n):
    """Make so many replies to one point: of every kind in turn, by three groups."""
    for number in range(n):
        one = SubmissionFactory(
            consultation=target.consultation,
            is_reply=True,
            group=("civil", "union", "company")[number % 3],
        )
        made = Reply.objects.create(
            submission=one,
            number=1,
            answered=target,
            point=target.points.get(),
            kind=Reply.Kind.values[number % 4],
            text="So it is.",
        )
        made.evidence.create(url="https://example.org/")
