"""Settings of one machine: the demo, `serve` and development. Loopback only, no mail is sent."""

import os
import secrets

from config.settings import environment
from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, LOGGING

DEBUG = False
if "PLENARY_LOG_LEVEL" not in os.environ:
    LOGGING["root"] = {"handlers": ["console"], "level": "WARNING"}  # commands speak themselves
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECOND_FACTOR_FOR_STAFF = False  # the accounts of the demo log in with what the terminal prints
WHITENOISE_USE_FINDERS = True  # no collectstatic on a machine of one's own


def _kept_secret(name: str) -> str:
    """Return the variable or a random value kept in the data folder, readable by its owner only."""
    if name in os.environ:
        return environment.read(name)
    path = DATA_DIR / f"{name.lower()}.txt"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass  # made by an earlier start: sessions and pseudonyms must outlive a restart
    return path.read_text()


SECRET_KEY = _kept_secret("PLENARY_SECRET_KEY")
PSEUDONYM_KEY = _kept_secret("PLENARY_PSEUDONYM_KEY")
globals().update(environment.email(environment.read("PLENARY_EMAIL_URL")))
