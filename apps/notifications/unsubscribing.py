"""The signed word in the links of mails, which stops them without a log-in."""

from django.core import signing
from django.urls import reverse

from apps.accounts import mailing

SALT = "notifications.unsubscribe"


def token_of(user_id: int, frequency: str) -> str:
    """Return the word that stops mail of one frequency to one person.

    It never expires: a mail must be stoppable however old it is.
    """
    return signing.dumps([user_id, frequency], salt=SALT)


def read_token(token: str) -> tuple[int, str]:
    """Return person and frequency; raise signing.BadSignature for a word nobody was given."""
    user_id, frequency = signing.loads(token, salt=SALT)
    return user_id, frequency


def link_of(user_id: int, frequency: str) -> str:
    """Return the full address that stops these mails."""
    path = reverse("notifications:unsubscribe", args=[token_of(user_id, frequency)])
    return mailing.absolute(path)


def headers_for(link: str) -> dict[str, str]:
    """Return what lets a mail program stop the mails with one click (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
