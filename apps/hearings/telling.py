"""Mails to those who speak at a hearing, and the news for those who follow the consultation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from apps.accounts.mailing import absolute, post, post_all
from apps.accounts.models import Letter
from apps.audit.models import Receipt
from apps.core.templatetags.plain import instant_in
from apps.hearings.models import Hearing, Speaker
from apps.hearings.proving import statements_link
from apps.notifications.models import Kind
from apps.notifications.services import announce
from apps.submissions.models import Submission
from apps.submissions.proving import disown_link

ANNOUNCED = gettext_noop("Hearing announced: %(hearing)s (%(consultation)s)")
MOVED = gettext_noop("Other time or place: %(hearing)s (%(consultation)s)")
CANCELLED = gettext_noop("Hearing cancelled: %(hearing)s (%(consultation)s)")
MINUTES = gettext_noop("Minutes of the hearing: %(hearing)s (%(consultation)s)")


def tell_followers(hearing: Hearing, title: str, *, at: datetime, path: str = "") -> None:
    """Tell who follows the consultation; nothing of what is not public yet."""
    consultation = hearing.consultation
    if not consultation.is_published:
        return
    announce(
        [Kind.CONSULTATION.topic(consultation.slug)],
        title=title,
        values={"hearing": hearing.title, "consultation": consultation.title},
        path=path or hearing.get_absolute_url(),
        at=at,
    )


def tell_speakers(hearing: Hearing, template: str) -> None:
    """Write to all who asked to speak, or speak, and can be reached: two queries for any number."""
    wanted = hearing.speakers.filter(state__in=[Speaker.State.ASKED, Speaker.State.ACCEPTED])
    write(hearing, wanted.select_related("person"), template)


def write(
    hearing: Hearing, speakers: Iterable[Speaker], template: str, *, is_reminder: bool = False
) -> int:
    """Write one mail to each speaker who can be reached; return how many these are."""
    letters = [
        Letter(
            address=one.address,
            template=f"hearings/mail/{template}",
            language=hearing.consultation.language,
            context={
                **_context(hearing, one),
                "statements": statements_link(one),
                "is_reminder": is_reminder,
            },
        )
        for one in speakers
        if one.address
    ]
    if letters:
        post_all(letters)
    return len(letters)


def post_receipt(speaker: Speaker, submission: Submission, receipt: Receipt) -> None:
    """Write the receipt to a speaker without an account; others get the one of every filing."""
    if speaker.person is not None or not speaker.email:
        return
    context = {
        **_context(speaker.hearing, speaker),
        "number": receipt.number,
        "commitment": receipt.commitment,
        "page": absolute(submission.get_absolute_url()),
        "check": absolute(reverse("audit:check")),
        "disown": disown_link(submission, None),
        "statements": statements_link(speaker),
    }
    language = speaker.hearing.consultation.language
    post(speaker.email, "hearings/mail/filed", context, language=language)


def _context(hearing: Hearing, speaker: Speaker) -> dict[str, Any]:
    consultation = hearing.consultation
    return {
        "hearing": hearing.title,
        "consultation": consultation.title,
        "starts": instant_in(hearing.starts_at, consultation.time_zone),
        "place": hearing.place,
        "online": hearing.online,
        "reason": speaker.reason or hearing.reason,
        "minutes": speaker.minutes,
        "page": absolute(hearing.get_absolute_url()),
    }
