"""The jobs of notifications, and what the clock does for them."""

from celery import shared_task

from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler
from apps.notifications import telling
from apps.notifications.models import News


@handler(telling.DELIVER)
def deliver(run: Run) -> Effects:
    """Sort announced news in and begin to tell of it."""
    return lambda: telling.deliver(run)


@handler(telling.ROUND)
def begin_round(run: Run) -> Effects:
    """Begin to tell everybody who wants mail so often."""
    return lambda: telling.begin_round(run)


@handler(telling.TELL)
def tell(run: Run) -> Effects:
    """Write the letters of one part of the people."""
    return lambda: _tell(**run.payload)


def _tell(frequency: str, first: int, last: int) -> None:
    telling.tell(frequency, first, last)


@shared_task(name="notifications.begin_rounds", ignore_result=True)
def begin_rounds() -> None:
    """Enqueue the digests that are due, and what was held back."""
    telling.begin_rounds()


@shared_task(name="notifications.forget_news", ignore_result=True)
def forget_news() -> None:
    """Delete news that is kept no longer."""
    News.objects.forgotten().delete()
