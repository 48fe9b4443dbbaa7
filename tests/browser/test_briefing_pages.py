"""Briefings and the workspace in a real browser: read, followed to the words, started, watched."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.briefings.models import Briefing
from apps.briefings.services import start_briefing
from apps.jobs.executing import run_until_idle
from apps.submissions.models import Submission
from apps.submissions.passages import extract
from tests.browser.going import go
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    HostRoleFactory,
    PointFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = '<script>document.title="owned"</script> \u202eevil\u202c ' + "W" * 200
MATTERS = (
    "The threshold for a pause should rest on measured capability and not on training compute.",
    "Inspectors need access to every data centre that a party has declared, without notice.",
    "Small developers cannot carry the cost of monthly reports about their clusters.",
    "Workers must keep their wages while training runs are stopped.",
)
WIDTHS = (320, 360, 768, 1280)
OF = "/consultations/open-consultation/briefings/"
WORK = "/workspace/open-consultation/"


@pytest.fixture
def briefing(open_consultation, owner, settings, tmp_path):
    """A briefing made by its jobs on texts and points of four groups, one text hostile."""
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    why = open_consultation.questions.get(key="why")
    position = open_consultation.questions.get(key="position")
    provision = open_consultation.documents.get().versions.get().provisions.first()
    groups = ("civil", "company", "research", "union")
    for number in range(40):
        submission = SubmissionFactory(
            consultation=open_consultation,
            group=groups[number % 4],
            organisation_name=f"Body {number}" if number else HOSTILE,
        )
        text = f"{MATTERS[number // 2 % 4]} We have seen this in {number + 3} cases of our own."
        AnswerFactory(submission=submission, question=why, text=text if number else HOSTILE + text)
        stance = ("support", "oppose", "changes")[number % 3]
        AnswerFactory(submission=submission, question=position, text="", stance=stance)
        PointFactory(submission=submission, provision=provision, number=1, stance=stance)
    extract(list(Submission.objects.values_list("pk", flat=True)))
    made = start_briefing(open_consultation, by=owner)
    run_until_idle(made.job_key)
    made.refresh_from_db()
    assert made.state == Briefing.State.READY, made.failure
    return made


@pytest.fixture
def session(client, owner):
    client.force_login(owner)
    return client.cookies["sessionid"].value


def allowed(complaints):
    """Leave out what Chromium says about a page that answered 4xx, as it should."""
    return [said for said in complaints if "the server responded with a status of 4" not in said]


@pytest.fixture
def pages(briefing, session):
    """Every page of briefings and of the workspace, in each of its states."""
    consultation = briefing.consultation
    ConsultationFactory(slug="quiet", host=consultation.host)
    for state, failure in (("building", ""), ("failed", f"OSError: {HOSTILE}")):
        number = consultation.briefings.count() + 1
        Briefing.objects.create(
            consultation=consultation, version=number, state=state, failure=failure
        )
    quote = briefing.claims.filter(citations__start__isnull=False).first()
    return {
        "list": OF,
        "empty list": "/consultations/quiet/briefings/",
        "briefing": f"{OF}1/",
        "index": f"{OF}1/index/",
        "computed claim": f"{OF}1/claims/F1/",
        "claim with quotes": f"{OF}1/claims/{quote.number}/",
        "not ready": f"{OF}2/",
        "workspace": "/workspace/",
        "workspace of a consultation": WORK,
        "workspace without briefing": "/workspace/quiet/",
        "progress, ready": f"{WORK}briefings/1/progress/",
        "progress, building": f"{WORK}briefings/2/progress/",
        "progress, failed": f"{WORK}briefings/3/progress/",
    }


def test_no_page_has_a_violation_or_a_complaint_or_scrolls_sideways(
    visit, violations, is_too_wide, pages, session
):
    found = {}
    for name, address in pages.items():
        page = visit(address, session=session)
        assert page.answer.ok, name
        problems = violations(page) + allowed(page.complaints) + page.strangers
        for direction in ("ltr", "rtl"):
            page.evaluate(f"document.documentElement.dir = '{direction}'")
            problems += [(direction, width) for width in WIDTHS if is_too_wide(page, width)]
        if problems or "owned" in page.title():
            found[name] = problems
    assert found == {}


def test_from_a_quote_to_its_highlighted_words_and_back_without_script(visit, briefing):
    page = visit(f"{OF}1/", script=False)
    quote = page.locator("blockquote.quote").first
    words = quote.locator(".words").inner_text()
    go(quote.locator("footer a"))
    marked = page.locator("#marked")
    assert marked.inner_text() in words
    for _look in range(50):  # the browser scrolls a moment after it has laid the page out
        if 0 <= marked.bounding_box()["y"] < 900:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the words are not in sight")
    go(page.locator(".note a[href*='/claims/']").first)
    expect(page.locator("blockquote mark").first).to_be_visible()
    go(page.get_by_role("link", name="Back to its place in the briefing"))
    expect(page).to_have_url(re.compile("#claim-"))
    expect(page.locator(f"#{page.url.partition('#')[2]}")).to_have_count(1)


def test_a_figure_leads_to_how_it_was_found(visit, briefing):
    page = visit(f"{OF}1/", script=False)
    go(page.locator("#claim-0").get_by_role("link", name="computed"))
    assert page.get_by_role("heading", level=1).inner_text() == "Claim F1"
    assert "40" in page.locator("section[aria-labelledby='numbers']").inner_text()


def test_the_contents_fold_on_a_phone(visit, briefing):
    page = visit(f"{OF}1/", width=360)
    page.get_by_text("Contents: 8 parts").click()
    page.get_by_role("navigation", name="Contents, short").get_by_role(
        "link", name="Theme by theme"
    ).click()
    expect(page).to_have_url(re.compile("#themes$"))


def test_staff_starts_a_briefing_and_watches_it_without_reloading(visit, briefing, session):
    page = visit(WORK, session=session)
    go(page.get_by_role("button", name="Start a new briefing"))
    expect(page).to_have_url(re.compile("/briefings/2/progress/$"))
    with page.expect_response(lambda answer: "seen=" in answer.url) as polled:
        assert page.locator("main progress").count() == 1
    assert polled.value.status == 204
    Briefing.objects.filter(version=2).update(
        state=Briefing.State.READY, content=briefing.content, ready_at=briefing.ready_at
    )
    page.get_by_role("link", name="Open the briefing").wait_for(timeout=5_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_500)
    assert asked == [], "nothing is asked any more once the briefing is ready"
    assert allowed(page.complaints) == []
    go(page.get_by_role("link", name="Open the briefing"))
    expect(page).to_have_url(
        re.compile(reverse("briefings:detail", args=["open-consultation", 2]) + "$")
    )


def test_a_briefing_is_started_and_watched_without_script(visit, briefing, session):
    page = visit(WORK, session=session, script=False)
    go(page.get_by_role("button", name="Start a new briefing"))
    assert page.locator("main progress").get_attribute("value") == "0"
    run_until_idle(Briefing.objects.get(version=2).job_key)
    go(page.get_by_role("link", name="Refresh"))
    expect(page.get_by_role("link", name="Open the briefing")).to_be_visible()


@pytest.mark.usefixtures("briefing")
def test_a_moderator_may_look_and_not_start(visit, client, host):
    client.force_login(HostRoleFactory(host=host, role="moderator").user)
    page = visit(WORK, session=client.cookies["sessionid"].value)
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("button", name="Start a new briefing").count() == 0
