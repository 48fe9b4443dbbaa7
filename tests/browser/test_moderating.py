"""Pages of moderation in a browser: long runs of blocks break, axe finds nothing, no script."""

import pytest
from django.urls import reverse

from apps.moderation.models import Decision
from apps.moderation.services import DecisionInput, appeal, decide, flag, open_case
from apps.submissions.inputs import AnswerInput, EvidenceInput, PointInput
from apps.submissions.services import file_submission
from tests.browser.going import go
from tests.factories import HostRoleFactory, MembershipFactory
from tests.moderation.conftest import author, content

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
