"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()
# Every page is loaded now: with --preload of gunicorn a process that takes the place of one that
# died answers at once, and no queue grows while it reads the whole program.
get_resolver().url_patterns  # noqa: B018
# What is loaded stays as long as the process: looking through it for what nobody uses would hold up
# one request in some hundreds for as long as several take.
gc.collect()
gc.freeze()
