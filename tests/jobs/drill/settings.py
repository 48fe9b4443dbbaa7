"""The real job settings with short waits, and no other application than jobs."""

from config.settings.test import *  # noqa: F403
from config.settings.test import CELERY_BEAT_SCHEDULE

INSTALLED_APPS = ["apps.jobs", "drill"]
MIDDLEWARE: list[str] = []
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"  # that of the site needs its accounts
ROOT_URLCONF = __name__
urlpatterns: list[object] = []

JOB_LEASE_SECONDS = 2
JOB_OFFER_SECONDS = 2
JOB_BACKOFF_SECONDS = (1, 1, 1, 1)
CELERY_BEAT_SCHEDULE = {
    "sweep": {**CELERY_BEAT_SCHEDULE["sweep"], "schedule": 0.5, "options": {"expires": 2}}
}
