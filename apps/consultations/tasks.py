"""What the clock does for consultations."""

from celery import shared_task

from apps.consultations import forgetting


@shared_task(name="consultations.forget_addresses", ignore_result=True)
def forget_addresses() -> None:
    """Forget the addresses of those invited to what ended long ago."""
    forgetting.forget_addresses()
