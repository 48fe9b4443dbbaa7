"""Pages of moderation in a browser: long runs of blocks break, axe finds nothing, no script."""

import io

import pytest
from django.urls import reverse

from apps.moderation.models import Decision
from apps.moderation.services import DecisionInput, appeal, decide, flag, open_case
from apps.submissions.inputs import AnswerInput, EvidenceInput, FileNote, PointInput
from apps.submissions.services import FileInput, attach, file_submission
from tests.browser.going import go
from tests.factories import HostRoleFactory, MembershipFactory
from tests.moderation.cast import run_all
from tests.moderation.conftest import author, content
from tests.submissions import papers

pytestmark = pytest.mark.django_db(transaction=True)
NARROW = 320
__all__ = ["author"]  # a fixture
LONG = "Unbreakable" * 60


@pytest.fixture
def hidden(open_consultation, author, moderator):
    """A submission of an organisation, all of whose words are hidden: no line can break in them."""
    organisation = MembershipFactory(user=author, organisation__slug="long").organisation
    filed = content(
        title=LONG[:280],
        answers=[AnswerInput("why", text=LONG)],
        points=[
            PointInput(
                "article-1",
                stance="oppose",
                reason=LONG,
                proposed_text=LONG,
                evidence=[EvidenceInput("https://example.org/" + LONG[:200], LONG[:300])],
            )
        ],
        group=organisation.group,
    )
    receipt = file_submission(open_consultation, filed, by=author, organisation=organisation)
    submission = open_consultation.submissions.get(reference=receipt.number)
    entered = DecisionInput("hide", "hate", statement=LONG, public_note=LONG[:290])
    decide(open_case(submission, "", by=moderator), entered, by=moderator)
    return submission


@pytest.fixture
def cases(hidden, moderator, author):
    """A case with a report, one that was appealed, and the pages that show them."""
    (decision,) = Decision.objects.all()
    appeal(decision, text=LONG, by=author)
    reported = flag(hidden, "point:1", rule="threat", text=LONG[:900], by=author)
    slug = hidden.consultation.slug
    places = {
        "queue": reverse("moderation:queue", args=[slug]),
        "decided": reverse("moderation:queue", args=[slug]) + "?state=decided",
        "reported": reverse("moderation:case", args=[slug, reported.pk]),
        "appealed": reverse("moderation:case", args=[slug, decision.case_id]),
        "report": reverse("moderation:report", args=[slug, hidden.reference]),
        "appeal": reverse("moderation:appeal", args=[slug, decision.pk]),
        "detail": hidden.get_absolute_url(),
        "words": reverse("briefings:words", args=[slug, hidden.reference]),
        "list": reverse("submissions:list", args=[slug]),
        "organisation": reverse("submissions:organisation", args=["long"]),
        "ledger": reverse("responses:ledger", args=[slug]),
    }
    # Somebody else decides the appeal, so that its form is there.
    second = HostRoleFactory(host=hidden.consultation.host, user__email="second@example.org").user
    return places, {"appeal": author, "detail": author, "words": author}, second


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_long_runs_of_blocks_break_and_axe_finds_nothing(
    cases, client, visit, violations, is_too_wide, direction
):
    places, readers, second = cases
    found = {}
    for name, address in places.items():
        client.force_login(readers.get(name, second))
        page = visit(address, session=client.cookies["sessionid"].value)
        page.evaluate("way => document.documentElement.dir = way", direction)
        lines = violations(page) + page.complaints + page.strangers
        if page.answer.status != 200:
            lines.append(f"answers {page.answer.status}")
        if is_too_wide(page, NARROW):
            lines.append(f"scrolls sideways at {NARROW} pixels")
        if lines:
            found[name] = lines
        page.context.close()
    assert found == {}


def test_a_report_and_a_decision_need_no_script(cases, client, visit):
    places, _readers, second = cases
    page = visit(places["report"], script=False)
    page.get_by_label("Hate or harassment").check()
    go(page.get_by_role("button", name="Report it"))
    assert page.get_by_role("heading", name="Thank you for your report").is_visible()
    client.force_login(second)
    session = client.cookies["sessionid"].value
    page = visit(places["reported"], script=False, session=session)
    page.get_by_label("Keep it").check()
    page.get_by_label("Why?").fill("It breaks no rule.")
    go(page.get_by_role("button", name="Decide"))
    assert page.get_by_role("heading", name="What waits for a decision").is_visible()
    assert Decision.objects.filter(action="keep").exists()


@pytest.fixture
def annex(open_consultation, author, moderator, settings, tmp_path):
    """A case about a file of three pages, the second of which names somebody."""
    settings.MEDIA_ROOT = tmp_path / "media"
    data = papers.pdf("The first page says why.", "The second names Quillfeather.", LONG)
    sent = attach(None, FileInput(f"{LONG[:60]}.pdf", io.BytesIO(data)), by=author)
    said = content(attachments=[FileNote(sent.key, LONG[:200])])
    receipt = file_submission(open_consultation, said, by=author)
    run_all()
    submission = open_consultation.submissions.get(reference=receipt.number)
    return open_case(submission, "attachment:1", by=moderator)


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_a_file_are_hidden_without_a_script(
    annex, moderator, client, visit, violations, is_too_wide, width
):
    client.force_login(moderator)
    session = client.cookies["sessionid"].value
    address = reverse("moderation:case", args=[annex.consultation.slug, annex.pk])
    page = visit(address, script=False, session=session)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_text("Its 3 pages").click()
    assert page.get_by_text("The second names Quillfeather.").last.is_visible()
    page.get_by_label("Hide pages of the file").check()
    page.get_by_label("Pages to hide").fill("2")
    page.get_by_label("Personal data of others").check()
    page.get_by_label("Why?").fill("It names somebody who did not agree.")
    go(page.get_by_role("button", name="Decide"))
    run_all()
    file = annex.submission.attachments.get()
    for place in (
        address,
        annex.submission.get_absolute_url(),
        reverse("submissions:attachment-text", args=[file.key]),
    ):
        page = visit(place, session=session)
        assert violations(page) + page.complaints + page.strangers == []
        assert not is_too_wide(page, width)
        assert page.get_by_text("Pages hidden").first.is_visible()
