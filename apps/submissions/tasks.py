"""The jobs of submissions."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task

from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler
from apps.submissions import anchoring, blanking, extracting, passages, proving, storing, vocabulary
from apps.submissions.importing import running
from apps.submissions.models import CoSignature


@handler("submissions.extract_passages")
def extract_passages(run: Run) -> Effects:
    """Split the texts of one submission, make them known to the search, and mail the receipt.

    The effects belong to the finishing transaction.
    """
    submission_id: int = run.payload["submission"]
    return lambda: _extract(submission_id)


def _extract(submission_id: int) -> None:
    passages.extract([submission_id])
    vocabulary.write([submission_id])
    proving.post_receipt(submission_id)


@handler(passages.LEAVE_OUT_GIVEN)
def leave_out_given(run: Run) -> Effects:
    """Take sentences of provisions out of the passages of some points, with the end of the job."""
    after: int = run.payload["after"]
    return lambda: passages.leave_out_given(after)


def _give_up(payload: Mapping[str, Any], why: str) -> None:
    del why  # told to operators; people are told in words of ours
    extracting.give_up(payload["attachment"])


@handler("submissions.read_attachment", when_dead=_give_up)
def read_attachment(run: Run) -> Effects:
    """Clean and read one file."""
    return extracting.clean_and_read(run.payload["attachment"])


@handler(blanking.BLANKING)
def blank_pages(run: Run) -> Effects:
    """Make the copy of a file whose hidden pages are blank."""
    return blanking.make_copy(run.payload["attachment"])


def _import_failed(payload: Mapping[str, Any], why: str) -> None:
    running.mark_failed(payload["upload"], why)


@handler("submissions.import", when_dead=_import_failed)
def take_in(run: Run) -> Effects:
    """Take in the rows of an uploaded file."""
    return running.take_in(run)


@handler(anchoring.REATTACH)
def reattach(run: Run) -> Effects:
    """Divide the looking for words in a new version into parts."""
    anchoring.split(run)
    return None


@handler(anchoring.PART)
def reattach_part(run: Run) -> Effects:
    """Find the words of some points in a new version; written with the end of the job."""
    version, first, last = (run.payload[name] for name in ("version", "first", "last"))
    return lambda: _place(version, first, last)


def _place(version: int, first: int, last: int) -> None:
    anchoring.place(version, first, last)


@handler(anchoring.LEFT_OUT_PART)
def left_out_part(run: Run) -> Effects:
    """Tell of some points whose provision a new version leaves out, with the end of the job."""
    version, first, last = (run.payload[name] for name in ("version", "first", "last"))
    return lambda: anchoring.tell_left_out(version, first, last)


@shared_task(name="submissions.sweep_files", ignore_result=True)
def sweep_files() -> None:
    """Delete files that no row names any more."""
    storing.sweep()


@shared_task(name="submissions.forget_unanswered", ignore_result=True)
def forget_unanswered() -> None:
    """Delete signatures that were never confirmed, with their addresses."""
    CoSignature.objects.forget_unanswered()
