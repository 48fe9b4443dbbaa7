"""The jobs of a response to everything that matched a filter, and of the search for copies."""

from celery import shared_task

from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler
from apps.responses import bulking, closing, scanning
from apps.responses.copies import SCAN


@handler(bulking.SPLIT)
def bulk(run: Run) -> Effects:
    """Split what was frozen into jobs."""
    return bulking.split(run)


@handler(bulking.GIVE)
def bulk_part(run: Run) -> Effects:
    """Answer one part."""
    return bulking.give(run)


@handler(bulking.END)
def bulk_end(run: Run) -> Effects:
    """Put the end on record."""
    return bulking.end(run)


@handler(SCAN)
def copies(run: Run) -> Effects:
    """Look for letters with the same text."""
    return scanning.scan(run)


@shared_task(name="responses.find_copies", ignore_result=True)
def find_copies() -> None:
    """Look for letters with the same text where comments closed."""
    closing.find_after_closing()
