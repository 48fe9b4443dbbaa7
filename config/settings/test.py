"""Settings of the tests: fixed keys, cheap password hashes, mail kept in memory."""

import os
import tempfile

if "PLENARY_DATA_DIR" not in os.environ:
    # Kept in a name so that the folder lives as long as the tests and goes with them.
    _folder = tempfile.TemporaryDirectory(prefix="plenary-test-")
    os.environ["PLENARY_DATA_DIR"] = _folder.name

from config.settings.base import *  # noqa: E402, F403

SECRET_KEY = "test-key-that-signs-nothing-outside-the-tests-0123456789"  # noqa: S105
PSEUDONYM_KEY = "test-pseudonym-key-0123456789-0123456789"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
SECOND_FACTOR_FOR_STAFF = False  # its own tests switch it on
if IS_EMBEDDED:
    # A file, as in production: connections to a database in memory do not wait for each other.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
