"""Writes the vocabulary of what was filed: what a search looks through."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from apps.submissions.inserting import put
from apps.submissions.models import (
    Answer,
    AttachmentPage,
    JointParty,
    Point,
    Submission,
    Vocabulary,
)
from apps.submissions.searching import vocabulary_of


@transaction.atomic
def write(submission_ids: Sequence[int]) -> None:
    """Write the vocabularies of filed submissions from what they hold now. Safe to run twice.

    Drafts get none; what was withdrawn is known by its names alone.
    """
    filed = Submission.objects.filed().filter(pk__in=submission_ids).order_by("pk")
    texts: dict[int, list[str]] = {}
    heard = []
    for pk, state, *names in filed.values_list("pk", "state", "reference", "organisation_name"):
        texts[pk] = [name for name in names if name]
        if state == Submission.State.SUBMITTED:
            heard.append(pk)
    parties = JointParty.objects.on_record().filter(submission__in=heard)
    for pk, name in parties.values_list("submission_id", "name"):
        texts[pk].append(name)
    for model, fields in ((Answer, ["text"]), (Point, Point.TEXT_FIELDS)):
        rows = model.objects.filter(submission__in=heard).values_list("submission_id", *fields)
        for pk, *values in rows:
            texts[pk] += values
    pages = AttachmentPage.objects.public().filter(attachment__submission__in=heard)
    for pk, text in pages.values_list("attachment__submission", "text"):
        texts[pk].append(text)
    store(texts)


def store(texts: Mapping[int, Iterable[str]]) -> None:
    """Write the vocabulary of each submission (its id) anew, from all its names and texts."""
    put(
        Vocabulary,
        "submission_id",
        ["words"],
        [(pk, vocabulary_of(texts[pk])) for pk in sorted(texts)],
    )
