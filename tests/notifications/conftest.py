"""News of an open consultation, and people who follow it."""

import pytest
from django.utils import timezone

from apps.jobs.executing import run_job
from apps.jobs.models import Job
from apps.notifications.models import Kind
from apps.notifications.services import announce, follow


def run_all():
    """Run what is due until nothing is."""
    while (job := Job.objects.due().first()) is not None:
        run_job(job.pk)


@pytest.fixture
def topic(open_consultation):
    return Kind.CONSULTATION.topic(open_consultation.slug)


@pytest.fixture
def publish(topic):
    """Return a function that announces something of the consultation, and of other topics."""

    def published(title, *more, path=""):
        announce(
            [topic, *more],
            title="New submission: %(consultation)s",
            values={"consultation": title},
            path=path or f"/consultations/open-consultation/submissions/{title}/",
            at=timezone.now(),
        )

    return published


@pytest.fixture
def follow_it(open_consultation):
    """Return a function that lets a person follow the consultation."""

    def followed(person, frequency="instant"):
        slug = open_consultation.slug
        return follow(person, kind="consultation", key=slug, frequency=frequency)

    return followed
