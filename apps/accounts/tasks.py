"""The jobs of accounts."""

from celery import shared_task

from apps.accounts import checking, mailing, reminding
from apps.accounts.models import Letter, User, Verification
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


@handler(checking.CHECK)
def check_domain(run: Run) -> Effects:
    """Look for the token of an organisation in its domain; what was found is written down."""
    asked = Verification.objects.filter(pk=run.payload["verification"]).first()
    if asked is None:
        return None
    problem = checking.found(asked)
    return lambda: checking.write_down(asked.pk, problem)


@handler(reminding.REMIND)
def remind_of_check(run: Run) -> Effects:
    """Write to those who can renew a check that ends soon."""
    return lambda: reminding.tell(run.payload["verification"])


@shared_task(name="accounts.remind_of_checks", ignore_result=True)
def remind_of_checks() -> None:
    """Remind of the checks that end soon."""
    reminding.remind()


@shared_task(name="accounts.check_domains_again", ignore_result=True)
def check_domains_again() -> None:
    """Look again, once a month, at what verified an organisation."""
    checking.check_again()


@shared_task(name="accounts.forget_guests", ignore_result=True)
def forget_guests() -> None:
    """Delete guests whose address nobody confirmed."""
    User.objects.forget_unconfirmed()
