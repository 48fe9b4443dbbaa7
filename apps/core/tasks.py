"""What the clock does for the framework: throw away what is kept no longer."""

from celery import shared_task

from apps.core.models import StoredReply


@shared_task(name="core.purge_replies", ignore_result=True)
def purge_replies() -> None:
    """Delete the replies to idempotency keys whose time is over."""
    StoredReply.objects.purge()
