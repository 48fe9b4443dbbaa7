"""Readers report, moderators decide, authors appeal: the pages."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from apps.accounts.models import Letter
from apps.moderation.models import Case, Decision, Flag
from apps.moderation.services import DecisionInput, appeal, decide, flag
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.services import file_submission
from tests.factories import HostRoleFactory

pytestmark = pytest.mark.django_db
ENTERED = {
    "action": "redact",
    "rule": "personal",
    "words": "Jane Roe",
    "statement": "It names a private person.",
    "public_note": "A name.",
}


@pytest.fixture(autouse=True)
def calm():
    cache.clear()


@pytest.fixture
def submission(open_consultation, participant):
    content = DraftInput(
        answers=[AnswerInput("why", "Because it ends. Ask Jane Roe.")],
        points=[
            PointInput(
                "article-1",
                stance="oppose",
                reason="Jane Roe decides alone.",
                evidence=[EvidenceInput("https://example.org/study", "A study")],
            )
        ],
        group="individual",
    )
    receipt = file_submission(open_consultation, content, by=participant)
    return open_consultation.submissions.get(reference=receipt.number)


@pytest.fixture
def second(host):
    """Another moderator of the host."""
    return HostRoleFactory(host=host, role="moderator", user__email="second@example.org").user


def address(name, submission, *more):
    return reverse(f"moderation:{name}", args=[submission.consultation.slug, *more])


def report(client, submission, part="answer:why", **typed):
    place = address("report", submission, submission.reference)
    typed = {"part": part, "rule": "personal", "text": "Her name.", **typed}
    return client.post(place, typed, follow=True)


def decide_on_page(client, case, **typed):
    return client.post(address("case", case.submission, case.pk), {**ENTERED, **typed})


def test_what_is_missing_is_said_first_and_read_out_with_each_field(client, submission, owner):
    case = flag(submission, "", rule="hate", by=None)
    client.force_login(owner)
    page = decide_on_page(client, case, action="", statement="").text
    summary = re.search(r'<div class="error-summary[^>]+>', page)
    assert " autofocus" in summary[0]
    described = dict(re.findall(r'id="(action|statement)"[^>]* aria-describedby="([^"]+)"', page))
    assert described == {"action": "action-e", "statement": "statement-e statement-h"}
    assert 'id="action-e">Choose what to do.' in page
    assert 'id="statement-e">Say why.' in page


class TestReporting:
    """Anybody reports a part, logged in or not."""

    def test_every_part_leads_to_its_report(self, client, submission):
        page = client.get(submission.get_absolute_url()).text
        place = address("report", submission, submission.reference)
        for part in ("answer%3Awhy", "point%3A1", ""):
            assert f'href="{place}?part={part}"' in page

    def test_the_form_names_every_rule_and_shows_what_is_reported(self, client, submission):
        place = address("report", submission, submission.reference)
        page = client.get(place, {"part": "point:1"}).text
        assert page.count('name="rule"') == 8
        assert "Jane Roe decides alone." in page

    def test_without_an_account_it_stands_in_the_queue(self, client, submission, owner):
        sent = report(client, submission)
        assert "Thank you" in sent.text
        [(again, _status)] = sent.redirect_chain
        assert "Thank you" in client.get(again).text
        assert Flag.objects.count() == 1
        client.force_login(owner)
        page = client.get(address("queue", submission)).text
        assert "Because it ends." in page
        assert "Personal data of others: 1" in page

    def test_what_was_typed_is_there_again_after_a_mistake(self, client, submission):
        answer = report(client, submission, rule="king")
        assert answer.status_code == 422
        assert "Her name." in answer.text
        assert "Choose the rule it breaks." in answer.text
        assert not Case.objects.exists()

    @pytest.mark.parametrize("part", ["point:9", "answer:nothing", "point:1:reason", "\0"])
    def test_what_is_not_there_cannot_be_reported(self, client, submission, part):
        assert report(client, submission, part).status_code == 404

    def test_from_one_place_twenty_come_in_an_hour(self, client, submission):
        codes = [report(client, submission).status_code for _n in range(21)]
        assert codes == [200] * 20 + [429]

    def test_a_moderator_opens_a_case_and_a_reader_does_not(self, client, submission, owner, rival):
        place = address("open", submission, submission.reference)
        client.force_login(rival)
        assert client.post(place, {"part": "point:1"}).status_code == 404
        client.force_login(owner)
        answer = client.post(place, {"part": "point:1"})
        assert answer.url == address("case", submission, Case.objects.get().pk)


class TestQueue:
    """The most urgent first, at the same cost for any number."""

    def test_the_gravest_comes_first_then_what_most_reported(self, client, submission, owner):
        flag(submission, "answer:why", rule="off_topic", by=None)
        flag(submission, "point:1", rule="threat", by=None)
        flag(submission, "", rule="hate", by=None)
        client.force_login(owner)
        page = client.get(address("queue", submission)).text
        parts = [Case.objects.get(pk=pk).part for pk in re.findall(r"moderation/(\d+)/", page)]
        assert parts == ["point:1", "", "answer:why"]

    def test_it_is_narrowed_by_rule_and_group(self, client, submission, owner):
        flag(submission, "point:1", rule="threat", by=None)
        client.force_login(owner)
        place = address("queue", submission)
        assert "decides alone" in client.get(place, {"rule": "threat", "group": "individual"}).text
        assert "decides alone" not in client.get(place, {"rule": "hate"}).text
        assert "decides alone" not in client.get(place, {"group": "company"}).text

    def test_it_costs_the_same_for_one_case_and_for_many(
        self, client, submission, owner, open_consultation, django_assert_max_num_queries
    ):
        flag(submission, "point:1", rule="threat", by=None)
        client.force_login(owner)
        place = address("queue", submission)
        client.get(place)
        with django_assert_max_num_queries(25) as first:
            client.get(place)
        for part in ("answer:why", ""):
            flag(submission, part, rule="hate", by=None)
        with django_assert_max_num_queries(len(first.captured_queries)):
            client.get(place)

    def test_a_stranger_finds_nothing(self, client, submission, participant):
        client.force_login(participant)
        assert client.get(address("queue", submission)).status_code == 404


class TestCase:
    """One form decides; nothing typed is lost."""

    @pytest.fixture
    def case(self, submission):
        return flag(submission, "", rule="personal", text="Her name.", by=None)

    def test_each_id_of_the_page_names_one_thing(self, client, case, owner):
        client.force_login(owner)
        page = client.get(address("case", case.submission, case.pk)).text
        names = re.findall(r' id="([^"]+)"', page)
        assert 'aria-describedby="words-h"' in page
        assert len(names) == len(set(names))

    def test_words_go_everywhere_and_a_note_says_why(self, client, case, owner, submission):
        client.force_login(owner)
        assert decide_on_page(client, case).url == address("queue", submission)
        client.logout()
        page = client.get(submission.get_absolute_url()).text
        assert "Jane" not in page
        assert "decides alone." in page
        assert page.count("Words redacted") == 2  # below the answer and below the point
        assert "Personal data of others" in page
        assert "A name." in page
        assert Letter.objects.filter(template="moderation/mail/hidden").count() == 1

    def test_a_hidden_part_leaves_its_note_and_its_position(self, client, case, owner, submission):
        client.force_login(owner)
        decide_on_page(client, case, action="hide", rule="hate", words="")
        page = client.get(submission.get_absolute_url()).text
        assert "alone" not in page
        assert "example.org/study" not in page
        assert "Hidden" in page
        assert "Oppose" in page

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"words": "Nobody"}, "These words are not there: “Nobody”"),
            ({"words": ""}, "Copy the words to redact"),
            ({"rule": ""}, "Choose the rule it breaks."),
            ({"statement": " "}, "Say why."),
            ({"action": "burn"}, "Choose what to do."),
            ({"statement": "x" * 2001}, "Shorten this by 1 characters"),
            ({"public_note": "x" * 301}, "Shorten this by 1 characters"),
        ],
    )
    def test_what_is_missing_is_said_and_what_was_typed_stays(
        self, client, case, owner, typed, told
    ):
        client.force_login(owner)
        answer = decide_on_page(client, case, **typed)
        assert answer.status_code == 422
        assert told in answer.text
        assert "A name." in answer.text or "public_note" in typed
        assert not Decision.objects.exists()

    def test_nobody_decides_about_their_own_words(self, client, case, host, participant):
        HostRoleFactory(host=host, role="moderator", user=participant)
        client.force_login(participant)
        page = client.get(address("case", case.submission, case.pk)).text
        assert "You wrote or signed this yourself." in page
        assert 'name="action"' not in page
        assert decide_on_page(client, case).status_code == 403
        assert not Decision.objects.exists()

    def test_a_case_of_another_host_is_not_found(self, client, case, rival):
        client.force_login(HostRoleFactory(role="owner", user=rival).user)
        assert client.get(address("case", case.submission, case.pk)).status_code == 404


class TestAppeal:
    """The author appeals, and another moderator looks again."""

    @pytest.fixture
    def decision(self, submission, owner):
        case = flag(submission, "", rule="personal", by=None)
        entered = DecisionInput("redact", "personal", ["Jane Roe"], "It names a person.")
        return decide(case, entered, by=owner)

    def test_the_author_reads_why_and_appeals_once(self, client, decision, participant):
        client.force_login(participant)
        place = address("appeal", decision.case.submission, decision.pk)
        page = client.get(place).text
        assert "It names a person." in page
        assert "Jane Roe" in page
        assert client.post(place, {"text": " "}).status_code == 422
        assert client.post(place, {"text": "She agreed."}).status_code == 302
        assert "Another moderator looks at it." in client.get(place).text
        assert client.post(place, {"text": "Again."}).status_code == 409

    def test_others_find_no_decision(self, client, decision, rival):
        client.force_login(rival)
        place = address("appeal", decision.case.submission, decision.pk)
        assert client.get(place).status_code == 404

    def test_who_decided_first_is_refused_and_learns_who_can(self, client, decision, participant):
        lodged = appeal(decision, text="She agreed.", by=participant)
        client.force_login(decision.decided_by)
        place = address("case", decision.case.submission, decision.case_id)
        page = client.get(place).text
        assert "Somebody else must decide the appeal." in page
        assert "Nobody else can decide here yet." in page
        answer = client.post(f"{place}appeal/", {"outcome": "reversed", "statement": "So."})
        assert answer.status_code == 403
        lodged.refresh_from_db()
        assert lodged.outcome == ""

    def test_another_moderator_brings_the_words_back(self, client, decision, participant, second):
        appeal(decision, text="She agreed.", by=participant)
        client.force_login(second)
        place = address("case", decision.case.submission, decision.case_id)
        assert "She agreed." in client.get(place).text
        answer = client.post(f"{place}appeal/", {"outcome": "reversed", "statement": "She did."})
        assert answer.status_code == 302
        page = client.get(decision.case.submission.get_absolute_url()).text
        assert "Ask Jane Roe." in page
        assert "Words redacted" not in page
        log = client.get(address("log", decision.case.submission)).text
        assert "Appealed: the words are back" in log


def test_a_revision_that_keeps_the_blocks_says_why(client, submission, owner, participant):
    from apps.submissions.services import start_revision, submit

    case = flag(submission, "", rule="personal", by=None)
    entered = DecisionInput("redact", "personal", ["Jane Roe"], "It names a person.")
    decide(case, entered, by=owner)
    draft = start_revision(submission, by=participant)
    receipt = submit(draft, by=participant)
    revised = submission.consultation.submissions.get(reference=receipt.number)
    page = client.get(revised.get_absolute_url()).text
    assert "Jane" not in page
    assert "Words redacted" in page
    earlier = client.get(submission.get_absolute_url()).text
    assert "Words redacted" in earlier
    assert Case.objects.waiting().get().submission == revised
