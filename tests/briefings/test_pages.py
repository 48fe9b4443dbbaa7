"""From any claim to the exact words, and from a submission to the claims that use it."""

import html
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from apps.briefings.models import Briefing, BriefingFile, Citation
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.submissions.models import Submission
from apps.submissions.passages import extract
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    HostRoleFactory,
    QuestionFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PROTOCOL = Path(settings.BASE_DIR) / "apps/consultations/demo/pause-protocol.md"


@pytest.fixture(autouse=True)
def briefings_folder(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"


@pytest.fixture
def briefing():
    """A briefing on three dozen distinct texts of three groups, by the jobs that make every one."""
    consultation = ConsultationFactory(slug="pause")
    question = QuestionFactory(consultation=consultation, key="why")
    paragraphs = [
        " ".join(paragraph.split())
        for paragraph in PROTOCOL.read_text(encoding="utf-8").splitlines()
        if len(paragraph) > 80 and not paragraph.startswith("#")
    ]
    for number, text in enumerate(paragraphs[:36]):
        submission = SubmissionFactory(
            consultation=consultation,
            reference=f"R-{number}",
            group=("company", "civil", "research")[number % 3],
            organisation_name=f"Body {number}",
        )
        AnswerFactory(submission=submission, question=question, text=text)
    extract_all()
    call_command("build_briefing", "pause", quiet=True, stdout=io.StringIO())
    return Briefing.objects.get()


def extract_all():
    extract(list(Submission.objects.values_list("pk", flat=True)))


@pytest.fixture
def owner(briefing):
    return HostRoleFactory(host=briefing.consultation.host, role="owner").user


def first_of(**asked):
    """Return a citation, the same in every run: jobs write them in any order."""
    there = Citation.objects.filter(**asked).select_related("claim", "answer")
    return there.order_by("sha256", "claim__number").first()


def page_of(client, name, *arguments):
    answer = client.get(reverse(f"briefings:{name}", args=["pause", *arguments]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_feed_of_the_consultation_says_what_the_briefing_is(client, briefing):
    feed = client.get(reverse("consultations:feed", args=["pause"])).text
    assert "Briefing, version 1" in feed
    assert "What every group said in the responses filed by" in feed


def test_every_quote_on_the_page_leads_to_its_words_in_the_submission(client, briefing):
    page = page_of(client, "detail", 1)
    links = set(re.findall(r'href="(/consultations/pause/submissions/[^"]+#marked)"', page))
    assert links
    for link in sorted(links)[:6]:
        address = link.replace("&amp;", "&").partition("#")[0]
        shown = client.get(address).content.decode()
        assert '<mark id="marked">' in shown


def test_a_submission_leads_to_the_claims_that_use_it(client, briefing):
    citation = first_of(start__isnull=False)
    page = client.get(citation.submission.get_absolute_url()).content.decode()
    claim = reverse("briefings:claim", args=["pause", 1, citation.claim.number])
    assert claim in page
    shown = client.get(claim).content.decode()
    assert citation.submission.get_absolute_url() in shown
    quoted = citation.answer.text[citation.start : citation.end]
    assert " ".join(quoted.split()) in page_text(client, citation)


def test_of_a_withdrawn_submission_only_the_published_words_are_left(client, briefing):
    citation = first_of(start__gt=0)
    whole, words = citation.answer.text, slice(citation.start, citation.end)
    around = whole[: citation.start].split()[-3:]
    assert " ".join(around) in page_text(client, citation)
    Submission.objects.filter(pk=citation.submission_id).update(state="withdrawn")
    page = page_text(client, citation)
    assert " ".join(whole[words].split()) in page
    assert " ".join(around) not in page


def page_text(client, citation):
    page = page_of(client, "claim", 1, citation.claim.number)
    return " ".join(html.unescape(re.sub("<[^>]+>", "", page)).split())


def test_a_claim_says_how_its_figures_were_found(client, briefing):
    page = page_of(client, "claim", 1, "F1")
    assert "36" in page
    assert "all submissions" in page


def test_the_index_lists_every_submission_in_pages(client, briefing):
    page = page_of(client, "index", 1)
    assert "36 submissions" in page
    assert page.count('role="rowheader"') == 36


def test_files_are_downloads(client, briefing):
    for file in BriefingFile.objects.all():
        answer = client.get(reverse("briefings:file", args=["pause", 1, file.format]))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content)[:4] in (b"%PDF", b"PK\x03\x04", b"<!do", b'{\n "')


def test_a_path_outside_the_folder_is_not_served(client, briefing, settings):
    secret = Path(settings.BRIEFINGS_ROOT).parent / "secret.txt"
    secret.write_text("secret")
    BriefingFile.objects.filter(format="pdf").update(path="../secret.txt")
    assert client.get(reverse("briefings:file", args=["pause", 1, "pdf"])).status_code == 404


def test_a_briefing_in_the_making_is_for_staff_only(client, briefing, owner):
    Briefing.objects.update(state=Briefing.State.BUILDING)
    address = reverse("briefings:detail", args=["pause", 1])
    assert client.get(address).status_code == 404
    client.force_login(owner)
    assert "not ready" in client.get(address).content.decode()


def test_query_counts_do_not_grow_with_the_briefing(
    client, briefing, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        page_of(client, "detail", 1)
    with django_assert_max_num_queries(8):
        page_of(client, "list")
    with django_assert_max_num_queries(9):
        page_of(client, "index", 1)


def test_readers_are_offered_a_briefing_once_one_is_published(client, host):
    owner = HostRoleFactory(host=host, role="owner").user
    consultation = ConsultationFactory(slug="calm", host=host)
    page, offered = consultation.get_absolute_url(), reverse("briefings:list", args=["calm"])
    results = reverse("briefings:results", args=["calm"])
    made = Briefing.objects.create(consultation=consultation, version=1)
    for reader in (None, owner):
        if reader:
            client.force_login(reader)
        shown = client.get(page).content.decode()
        assert offered not in shown
        assert results not in shown
    Briefing.objects.filter(pk=made.pk).update(state="ready", ready_at=timezone.now())
    shown = client.get(page).content.decode()
    assert offered in shown
    assert results in shown


def test_before_it_is_published_a_consultation_has_no_briefing(client, host):
    owner = HostRoleFactory(host=host, role="owner").user
    ConsultationFactory(slug="calm", host=host, published_at=None)
    client.force_login(owner)
    page = client.get(reverse("consultations:workspace-consultation", args=["calm"]))
    assert "A briefing can be started once the consultation is published." in page.content.decode()
    start = reverse("briefings:start", args=["calm"])
    assert start not in page.content.decode()
    refused = client.post(start)
    assert refused.status_code == 409
    assert "Publish the consultation first" in refused.content.decode()
    told = client.post("/api/v1/consultations/calm/briefings/")
    assert (told.status_code, told.json()["code"]) == (409, "consultation_not_published")
    with pytest.raises(CommandError, match="Publish the consultation first"):
        call_command("build_briefing", "calm", quiet=True, stdout=io.StringIO())
    assert not Briefing.objects.exists()


def test_staff_starts_a_briefing_and_sees_it_grow(client, briefing, owner):
    client.force_login(owner)
    answer = client.post(reverse("briefings:start", args=["pause"]))
    progress = reverse("briefings:progress", args=["pause", 2])
    assert answer.url == progress
    page = client.get(progress).content.decode()
    assert 'hx-trigger="every 1s"' in page
    polled = client.get(progress, headers={"HX-Request": "true"})
    assert polled.status_code == 200
    seen = html.unescape(re.search(r'hx-get="([^"]+)"', page)[1])
    assert client.get(seen, headers={"HX-Request": "true"}).status_code == 204
    run_until_idle(Briefing.objects.get(version=2).job_key)
    polled = client.get(progress, headers={"HX-Request": "true"})
    assert polled.status_code == 286
    assert "ready and public" in polled.content.decode()


def test_a_failed_briefing_says_why_and_can_be_tried_again(client, briefing, owner, settings):
    client.force_login(owner)
    client.post(reverse("briefings:start", args=["pause"]))
    failed = Briefing.objects.get(version=2)
    settings.JOB_BACKOFF_SECONDS = ()
    Job.objects.filter(key=failed.job_key).update(payload={"briefing": 0})
    run_until_idle(failed.job_key)
    Job.objects.filter(key=failed.job_key).update(payload={"briefing": failed.pk})
    Briefing.objects.filter(pk=failed.pk).update(state="failed", failure="the disk is full")
    progress = reverse("briefings:progress", args=["pause", 2])
    page = client.get(progress).content.decode()
    assert "It stopped at the step “Reading what was filed”" in page
    assert "the disk is full" in page
    client.post(reverse("briefings:retry", args=["pause", 2]))
    run_until_idle(failed.job_key)
    failed.refresh_from_db()
    assert failed.state == Briefing.State.READY


def test_the_workspace_is_scoped_by_host(client, briefing, owner):
    stranger = HostRoleFactory(role="owner").user
    client.force_login(stranger)
    assert (
        client.get(reverse("consultations:workspace-consultation", args=["pause"])).status_code
        == 404
    )
    assert client.post(reverse("briefings:start", args=["pause"])).status_code == 404
    client.force_login(owner)
    page = client.get(
        reverse("consultations:workspace-consultation", args=["pause"])
    ).content.decode()
    assert "Start a new briefing" in page


def test_people_without_a_role_have_no_workspace(client, briefing):
    assert client.get(reverse("consultations:workspace")).status_code == 302
    client.force_login(UserFactory())
    assert client.get(reverse("consultations:workspace")).status_code == 404


@pytest.mark.parametrize("role", ["moderator", "owner", "editor", "analyst"])
def test_a_moderator_sees_the_workspace_and_starts_nothing(client, briefing, role):
    client.force_login(HostRoleFactory(host=briefing.consultation.host, role=role).user)
    page = client.get(
        reverse("consultations:workspace-consultation", args=["pause"])
    ).content.decode()
    may = role != "moderator"
    assert ("Start a new briefing" in page) is may
    for name, arguments in (("start", ["pause"]), ("retry", ["pause", 1])):
        status = client.post(reverse(f"briefings:{name}", args=arguments)).status_code
        assert status == (302 if may else 403)


def test_the_workspace_costs_the_same_whatever_is_in_it(
    client, briefing, owner, django_assert_max_num_queries
):
    client.force_login(owner)
    for _ in range(6):
        ConsultationFactory(host=briefing.consultation.host)
    # The page of one consultation shows what is watched and what the apps above add.
    for name, arguments, most in (
        ("workspace", [], 8),
        ("workspace-consultation", ["pause"], 18),
    ):
        with django_assert_max_num_queries(most):
            client.get(reverse(f"consultations:{name}", args=arguments))


def test_an_address_nobody_made_leads_nowhere(client, briefing):
    for address in ("claims/a%00b/", "claims/9.9/", "files/exe/", "index/?after=x", "../99/"):
        status = client.get(f"/consultations/pause/briefings/1/{address}").status_code
        assert status in (400, 404), address
