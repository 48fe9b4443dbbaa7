"""Composition: settings, URLs, the API, Celery."""

import gc

# A start makes hundreds of thousands of objects that stay. Looked through at every 700 new ones,
# they took a sixth of the start of each process, and of everything after it.
gc.set_threshold(10_000)

from config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
