"""The Celery application; its settings are Django's with the prefix CELERY_."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

# Kombu's own folder shows messages before they are whole.
TRANSPORT_ALIASES["filesystem"] = "apps.jobs.queue_folder:Transport"

app = Celery("plenary")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
