"""The jobs of hearings, and what the clock does for them."""

from celery import shared_task
from django.utils import translation

from apps.hearings import printing
from apps.hearings.models import Hearing
from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler


@handler(printing.PRINT)
def print_minutes(run: Run) -> Effects:
    """Set long minutes on paper, in the language of who asked."""
    with translation.override(run.payload["language"]):
        printing.print_minutes(Hearing.objects.get(pk=run.payload["hearing"]))
    return None


@shared_task(name="hearings.sweep_prints", ignore_result=True)
def sweep_prints() -> None:
    """Delete what was printed on earlier days."""
    printing.sweep_prints()
