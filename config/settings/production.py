"""Settings of a public installation: HTTPS, PostgreSQL, Redis, secrets from the environment."""

from config.settings import environment
from config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = environment.read_secret("PLENARY_SECRET_KEY", least=50)
PSEUDONYM_KEY = environment.read_secret("PLENARY_PSEUDONYM_KEY", least=32)
ALLOWED_HOSTS = environment.read_list("PLENARY_ALLOWED_HOSTS")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
if environment.read_integer("PLENARY_PROXY_COUNT"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
globals().update(environment.email(environment.read("PLENARY_EMAIL_URL")))
