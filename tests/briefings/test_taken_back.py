"""Published versions when an author keeps words back later, or never was the author."""

import json

import pytest
from django.urls import reverse

from apps.briefings.models import Briefing, Citation
from apps.briefings.services import start_briefing
from apps.jobs.models import Job
from apps.submissions.models import Submission, Visibility
from apps.submissions.services import decide_dispute, disown
from apps.submissions.services.keeping_back import close_earlier
from tests.briefings import test_hiding as scene
from tests.factories import HostRoleFactory, SubmissionFactory, UserFactory

pytestmark = pytest.mark.django_db
briefing = scene.briefing
briefings_folder = scene.briefings_folder
OTHER = "Registers must be kept by those who answer for what they hold, and by nobody else."


def owner_of(consultation):
    return HostRoleFactory(host=consultation.host, role="owner").user


def close():
    """Replace R-0 by a version without its name: all words of R-0 go."""
    earlier = Submission.objects.get(reference="R-0")
    later = SubmissionFactory(
        consultation=earlier.consultation, visibility=Visibility.WITHHELD, reference="R-2"
    )
    close_earlier(later, earlier, {})
    Submission.objects.filter(pk=earlier.pk).update(state=Submission.State.SUPERSEDED)


def claim_page(client, briefing, reference):
    citation = Citation.objects.filter(
        claim__briefing=briefing, submission__reference=reference, start__isnull=False
    ).first()
    address = reverse("briefings:claim", args=["pause", briefing.version, citation.claim.number])
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_published_stays_when_moderators_hide_something_else(client, briefing):
    close()
    scene.remove(OTHER[:9], reference="R-1")
    briefing.refresh_from_db()
    page = client.get(reverse("briefings:detail", args=["pause", briefing.version]))
    assert page.status_code == 200
    assert scene.CANARY in page.content.decode()
    assert OTHER[:9] not in page.content.decode()
    scene.run_jobs()
    assert scene.CANARY in scene.read_file(client, briefing.version, "json")


def test_the_page_of_a_claim_shows_the_published_words_and_nothing_around_them(client, briefing):
    before = claim_page(client, briefing, "R-0")
    assert "First of all a sentence" in before
    close()
    shown = claim_page(client, briefing, "R-0")
    assert scene.CANARY in shown
    assert "First of all a sentence" not in shown
    claims = client.get(reverse("api:claims", args=["pause", briefing.version])).json()
    assert scene.CANARY in json.dumps(claims)


def test_words_taken_back_while_a_version_is_made_are_cited_and_not_quoted(client, briefing):
    start_briefing(briefing.consultation, by=owner_of(briefing.consultation))
    while job := Job.objects.due().exclude(kind="briefings.compose").first():
        scene.run_job(job.pk)
    close()
    scene.run_jobs()
    newest = Briefing.objects.get(version=2)
    assert newest.state == Briefing.State.READY
    assert scene.CANARY not in json.dumps(newest.content)
    assert "R-0" in json.dumps(newest.content)
    page = client.get(reverse("briefings:detail", args=["pause", 2]))
    assert page.status_code == 200


def test_a_false_name_leaves_every_version_that_lists_it(client, briefing):
    filed = Submission.objects.get(reference="R-0")
    assert "Body 0" in json.dumps(briefing.content)
    decide_dispute(
        disown(filed, by=UserFactory()),
        outcome="upheld",
        reason="Forged.",
        by=owner_of(briefing.consultation),
    )
    briefing.refresh_from_db()
    assert "Body 0" not in json.dumps(briefing.content)
    scene.run_jobs()
    for name in ("html", "json", "pdf", "docx"):
        assert "Body 0" not in scene.read_file(client, briefing.version, name)
