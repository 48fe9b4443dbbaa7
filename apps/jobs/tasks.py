"""The two Celery tasks: run one job, sweep."""

from celery import shared_task

from apps.jobs import executing, sweeping


@shared_task(name="jobs.run", ignore_result=True)
def run(job_id: int) -> None:
    """Run a job by its id; what may begin for that reason does not wait for the next sweep."""
    executing.run_job(job_id, announce=sweeping.offer_new)


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep() -> None:
    """Publish what is due."""
    sweeping.sweep()
