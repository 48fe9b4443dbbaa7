"""Mail: written down with the act it tells of and sent by a job: none is lost, none is early."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from apps.accounts.models import Letter, User
from apps.jobs import services as jobs

JOB = "accounts.send_letter"
MOST_STAFF_TOLD = 20


def post(
    address: str,
    template: str,
    context: Mapping[str, Any],
    *,
    language: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Write a mail down in the caller's transaction; a job sends it after the commit.

    template  such as "accounts/mail/invitation": `…_subject.txt` and `….txt` are rendered when it
              is sent
    context   what JSON can hold: texts and numbers, no rows
    language  of the reader; empty means the language of this site
    """
    letter = Letter(
        address=address,
        template=template,
        context=dict(context),
        language=language,
        headers=dict(headers or {}),
    )
    post_all([letter])


def post_to_staff(template: str, context: Mapping[str, Any]) -> None:
    """Write a mail down, as `post` does, to those of the site's staff who decide."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("id")
    for address in staff.values_list("email", flat=True)[:MOST_STAFF_TOLD]:
        post(address, template, context)


def post_all(letters: Sequence[Letter]) -> None:
    """Write mails down together, each as `post` does; two inserts for any bounded number."""
    written = Letter.objects.bulk_create(letters)
    payloads = {f"letter:{letter.pk}": {"letter": letter.pk} for letter in written}
    jobs.enqueue_all(JOB, payloads)


def send(letter: Letter) -> None:
    """Hand a letter to the mail server; its errors are the caller's, who tries again later.

    A mail is plain text: its templates escape nothing, and know the address of the `site`.
    """
    with translation.override(letter.language or settings.LANGUAGE_CODE):
        subject = _rendered(f"{letter.template}_subject.txt", letter.context)
        text = _rendered(f"{letter.template}.txt", letter.context)
    EmailMessage(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        to=[letter.address],
        headers={"Auto-Submitted": "auto-generated", **letter.headers},
    ).send()


def _rendered(name: str, context: Mapping[str, Any]) -> str:
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template.render(Context({**context, "site": settings.PLENARY_URL}, autoescape=False))


def absolute(path: str) -> str:
    """Return the full address of a page, as a mail or a file needs it."""
    return settings.PLENARY_URL.rstrip("/") + path
