"""The signed link with which somebody without an account answers for what was said."""

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from apps.accounts import mailing
from apps.hearings.models import Speaker

SALT = "hearings.statements"
VALID = 400 * 24 * 3600  # seconds


def token_of(speaker: Speaker) -> str:
    """Return what stands in the link; it is for who has the address of today."""
    return signing.dumps([speaker.pk, _mark_of(speaker)], salt=SALT)


def read_token(token: str) -> Speaker:
    """Return whose link this is.

    raises  signing.BadSignature for a wrong or expired one, and where mail goes elsewhere by now;
            Speaker.DoesNotExist
    """
    speaker_id, mark = signing.loads(token, salt=SALT, max_age=VALID)
    known = Speaker.objects.select_related("hearing__consultation", "person", "organisation")
    speaker = known.get(pk=speaker_id)
    if mark != _mark_of(speaker):
        raise signing.BadSignature("Mail goes to another address now")
    return speaker


def statements_link(speaker: Speaker) -> str:
    """Return where a speaker answers: a page of the account, or a signed link."""
    if speaker.person is not None:
        return mailing.absolute(reverse("hearings:own-statements", args=[speaker.pk]))
    return mailing.absolute(reverse("hearings:statements-link", args=[token_of(speaker)]))


def _mark_of(speaker: Speaker) -> str:
    # A speaker with an account answers with that account alone.
    address = "" if speaker.person_id else speaker.email.casefold()
    return salted_hmac(SALT, f"{speaker.person_id}:{address}").hexdigest()[:16]
