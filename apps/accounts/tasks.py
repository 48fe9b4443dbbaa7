"""The jobs of accounts."""

from apps.accounts import mailing
from apps.accounts.models import Letter
from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler


@handler(mailing.JOB)
def send_letter(run: Run) -> Effects:
    """Send one mail, then forget it: a letter that is gone was sent."""
    letter = Letter.objects.filter(pk=run.payload["letter"]).first()
    if letter is None:
        return None
    mailing.send(letter)
    return lambda: _forget(letter.pk)


def _forget(letter_id: int) -> None:
    Letter.objects.filter(pk=letter_id).delete()
