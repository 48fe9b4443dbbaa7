"""Letters of one campaign that say the same are answered once."""

from datetime import timedelta
from importlib import import_module

import numpy as np
import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from apps.analysis.campaigns import CampaignMap
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.responses import copies
from apps.responses import letters as letters_of_campaigns
from apps.responses.bulking import counts_of
from apps.responses.closing import find_after_closing
from apps.responses.counting import share_of
from apps.responses.deciding import forget
from apps.responses.errors import InvalidResponse
from apps.responses.ledger import LedgerFilter
from apps.responses.models import AnsweredPart, OfficialResponse
from apps.responses.services import (
    ResponseInput,
    find_copies,
    respond,
    respond_to_all,
    search_of,
)
from apps.submissions.campaigns import FoundCampaigns, store_scan
from apps.submissions.models import CampaignScan, OwnWords, Passage
from apps.submissions.passages import extract
from tests.factories import ConsultationFactory, HostRoleFactory, days

pytestmark = pytest.mark.django_db
LETTER = (
    "The period is far too short for anybody who works in a small office. "
    "We ask you to give everybody at least twelve weeks to answer."
)


@pytest.fixture
def letters(say, open_consultation):
    """Three copies, one signed; one with a sentence of its own; one that takes another side."""
    said = [
        say(("article-1", "oppose"), words=LETTER),
        say(("article-1", "oppose"), words=LETTER),
        say(("article-1", "oppose"), words=f"{LETTER} Ann"),
        say(("article-1", "oppose"), words=f"{LETTER} My own father waited for nine years there."),
        say(("article-1", "support"), words=LETTER),
    ]
    store_as_letters(said)
    return said


def store_as_letters(said):
    """Read them, and store what a search that finds one campaign in them would."""
    extract([one.pk for one in said])
    found = CampaignMap(
        labels=np.zeros(len(said), dtype=np.intp),
        is_core=np.ones(len(said), dtype=np.bool_),
        representatives=np.array([0], dtype=np.intp),
        similarity=np.ones(len(said)),
    )
    campaigns = FoundCampaigns([one.pk for one in said], [LETTER] * len(said), found)
    store_scan(said[0].consultation, campaigns, cut_off_at=days(0))


def answer(consultation, owner, said, decision="rejected"):
    entered = ResponseInput([(said.reference, "point:1")], decision, "No.")
    return respond(consultation, entered, by=owner)


def answered(response):
    return {part.submission for part in AnsweredPart.objects.deciding().filter(response=response)}


def test_answering_one_answers_its_copies_and_nothing_else(letters, open_consultation, owner):
    assert answered(answer(open_consultation, owner, letters[0])) == set(letters[:3])


def test_answering_anew_takes_the_copies_along_but_not_what_was_answered_apart(
    letters, open_consultation, owner
):
    answer(open_consultation, owner, letters[0])
    AnsweredPart.objects.filter(submission=letters[1]).delete()
    answer(open_consultation, owner, letters[1], "scope")
    again = answer(open_consultation, owner, letters[2], "covered")
    assert answered(again) == {letters[0], letters[2]}


def test_where_there_are_more_copies_than_are_looked_at_the_ledger_leads_to_all(
    letters, open_consultation, owner, client, monkeypatch
):
    client.force_login(owner)
    page = reverse("responses:ledger", args=[open_consultation.slug])
    api = f"/api/v1/consultations/{open_consultation.slug}/ledger/"
    assert "more copies than are answered" not in client.get(page).text
    monkeypatch.setattr(letters_of_campaigns, "MOST_COPIES", 2)
    shown = client.get(page).text
    assert "more copies than are answered with one of them" in shown
    assert "campaign=1#which" in shown
    rows = client.get(api).json()["results"]
    assert {row["cut_campaign"] for row in rows} == {"1"}
    assert answered(answer(open_consultation, owner, letters[0])) == set(letters[:2])
    asked = LedgerFilter(campaign="1", is_open=True)
    bulk = respond_to_all(open_consultation, asked, ResponseInput([], "rejected", "No."), by=owner)
    run_until_idle(bulk.job_key)
    there = AnsweredPart.objects.deciding().values_list("submission", flat=True)
    assert set(there) >= {one.pk for one in letters[:3]}


def test_the_ledger_says_so_beside_each_copy(letters, open_consultation, owner, client):
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[open_consultation.slug])
    page = client.get(ledger).content.decode()
    assert page.count("answered together with its 2 copies") == 3
    typed = {"target": [f"{letters[0].reference}/point:1"], "decision": "rejected", "reason": "No."}
    done = client.post(ledger, typed, follow=True)
    assert "3 answers were given." in done.content.decode()


class TestOwnSentences:
    """A letter with sentences of its own is answered by hand, from the answer to the letter."""

    @pytest.fixture
    def ledger(self, open_consultation, owner, client):
        client.force_login(owner)
        return reverse("responses:ledger", args=[open_consultation.slug])

    def row(self, client, ledger, said):
        rows = client.get(ledger).context["rows"]
        return next(row for row in rows if row.target.submission == said)

    def test_it_is_marked_and_led_to_the_letter(self, letters, client, ledger):
        page = client.get(ledger).content.decode()
        assert page.count("Copy of a letter, with own sentences") == 1
        assert "The letter, sent 3 times" in page
        assert "Start from the answer" not in page
        row = self.row(client, ledger, letters[3])
        assert (row.copies, row.letters.n, row.letters.response) == (0, 3, None)
        assert row.letter.submission == letters[0]

    @pytest.mark.parametrize("number", [0, 2, 4])
    def test_copies_and_what_takes_another_side_are_not(self, letters, client, ledger, number):
        assert self.row(client, ledger, letters[number]).letter is None

    def test_it_stays_open_and_begins_with_the_reason_given(
        self, letters, open_consultation, owner, client, ledger
    ):
        given = answer(open_consultation, owner, letters[1])
        assert letters[3] not in answered(given)
        row = self.row(client, ledger, letters[3])
        assert row.letters.response == given.pk
        page = client.get(ledger).content.decode()
        assert page.count("Start from the answer to the letter") == 1
        begun = client.get(ledger, {"start": given.pk, "target": row.value})
        assert begun.context["typed"] == {"reason": "No."}
        assert f'value="{row.value}" checked' in begun.content.decode()

    def test_once_answered_the_address_starts_nothing_again(
        self, letters, open_consultation, owner, client, ledger
    ):
        given = answer(open_consultation, owner, letters[1])
        target = f"{letters[3].reference}/point:1"
        place = f"{ledger}?start={given.pk}&target={target}"
        typed = {"target": [target], "decision": "partly", "reason": "No. Your father was heard."}
        done = client.post(place, typed, follow=True)
        assert "1 answer was given." in done.content.decode()
        assert done.context["typed"] == {}
        assert answered(given) == set(letters[:3])
        assert "Start from the answer" not in done.content.decode()

    @pytest.mark.parametrize("start", ["x", "99999", "²", "9" * 30])
    def test_a_start_there_is_not_starts_nothing(self, letters, client, ledger, start):
        assert client.get(ledger, {"start": start}).context["typed"] == {}

    def test_a_response_of_another_consultation_is_none(
        self, letters, say, open_consultation, owner, client, ledger
    ):
        other = ConsultationFactory()
        made = OfficialResponse.objects.create(
            consultation=other, decision="rejected", reason="Elsewhere."
        )
        assert client.get(ledger, {"start": made.pk}).context["typed"] == {}

    def test_many_cost_what_one_does(self, letters, client, ledger, django_assert_max_num_queries):
        client.get(ledger)
        with django_assert_max_num_queries(40) as few:
            client.get(ledger)
        letters[2].points.update(reason=f"{LETTER} Our own house has stood there for a century.")
        Passage.objects.filter(submission=letters[2]).delete()
        store_as_letters(letters)
        with django_assert_max_num_queries(len(few.captured_queries)):
            page = client.get(ledger).content.decode()
        assert page.count("Copy of a letter, with own sentences") == 2


class TestTwoAnswers:
    """The letter in a copy with own words is answered with the letter; the own words apart."""

    OWN = "My own father waited for nine years there."

    def parts(self, said):
        rows = AnsweredPart.objects.standing().filter(submission=said).with_target()
        return {part.aspect: part.response.decision for part in rows}

    def ask(self, client, consultation, **asked):
        return client.get(reverse("responses:ledger", args=[consultation.slug]), asked)

    def test_the_letter_is_answered_and_the_own_words_stay_open(
        self, letters, open_consultation, owner, client
    ):
        before = share_of(open_consultation)
        given = answer(open_consultation, owner, letters[0])
        assert self.parts(letters[3]) == {"letter": "rejected"}
        assert share_of(open_consultation).answered == before.answered + 3
        assert OfficialResponse.objects.with_count().get(pk=given.pk).part_count == 4
        client.force_login(owner)
        page = self.ask(client, open_consultation, own=1, open=1)
        (row,) = page.context["rows"]
        assert (row.own, row.decision, row.on_letter) == (self.OWN, "", "rejected")
        shown = page.content.decode()
        assert LETTER not in shown
        everything = self.ask(client, open_consultation).content.decode()
        assert "One has own words beside the letter, not answered yet." in everything

    def test_the_own_words_are_answered_apart_and_both_answers_are_shown(
        self, letters, open_consultation, owner, client
    ):
        answer(open_consultation, owner, letters[0])
        answer(open_consultation, owner, letters[3], "partly")
        assert self.parts(letters[3]) == {"letter": "rejected", "own": "partly"}
        assert share_of(open_consultation).answered == 4
        words = reverse("briefings:words", args=[open_consultation.slug, letters[3].reference])
        page = client.get(words).content.decode()
        assert page.index("About the letter") < page.index("About the own words beside the letter")
        address = (
            f"/api/v1/consultations/{open_consultation.slug}/submissions/"
            f"{letters[3].reference}/responses/"
        )
        told = {one["decision"]: one["parts"][0]["aspect"] for one in client.get(address).json()}
        assert told == {"rejected": "letter", "partly": "own"}

    def test_the_letter_answered_anew_replaces_the_answer_to_the_letter_alone(
        self, letters, open_consultation, owner
    ):
        first = answer(open_consultation, owner, letters[0])
        answer(open_consultation, owner, letters[3], "partly")
        answer(open_consultation, owner, letters[1], "scope")
        assert self.parts(letters[3]) == {"letter": "scope", "own": "partly"}
        assert OfficialResponse.objects.with_count().get(pk=first.pk).part_count == 0

    def test_both_are_counted_no_longer_once_it_is_withdrawn(
        self, letters, open_consultation, owner
    ):
        given = answer(open_consultation, owner, letters[0])
        answer(open_consultation, owner, letters[3], "partly")
        forget(letters[3])
        assert share_of(open_consultation).answered == 3
        assert OfficialResponse.objects.with_count().get(pk=given.pk).part_count == 3

    def test_everything_that_matches_leaves_own_words_open_until_they_are_asked_for(
        self, letters, open_consultation, owner, answer_all
    ):
        assert counts_of(answer_all(campaign="1"))["answered"] == 5
        assert self.parts(letters[3]) == {"letter": "rejected"}
        assert set(self.parts(letters[4])) == {""}
        with pytest.raises(InvalidResponse) as refused:
            answer_all()
        assert "own words beside a letter" in str(refused.value.fields["targets"][0])
        covered = ResponseInput(decision="covered", reason="The answer to the letter covers this.")
        assert counts_of(answer_all(covered, own=True))["answered"] == 1
        assert self.parts(letters[3]) == {"letter": "rejected", "own": "covered"}
        assert share_of(open_consultation).answered == 5

    def test_what_is_said_beforehand_counts_own_words_apart(
        self, letters, open_consultation, owner, client
    ):
        client.force_login(owner)
        reach = self.ask(client, open_consultation).context["reach"]
        assert (reach.new.n, reach.own.n) == (5, 1)
        answer(open_consultation, owner, letters[0])
        reach = self.ask(client, open_consultation).context["reach"]
        assert (reach.new.n, reach.own.n) == (1, 0)

    def test_words_of_no_letter_are_not_answered_with_it(
        self, say, open_consultation, owner, answer_all
    ):
        said = [say(("article-1", "oppose"), words=LETTER) for _number in range(6)]
        said[5].points.update(reason="Our mill by the river needs its water in July every year.")
        extract([one.pk for one in said])
        found = CampaignMap(
            labels=np.zeros(6, dtype=np.intp),
            is_core=np.ones(6, dtype=np.bool_),
            representatives=np.array([0], dtype=np.intp),
            similarity=np.ones(6),
        )
        campaigns = FoundCampaigns([one.pk for one in said], [LETTER] * 6, found)
        store_scan(open_consultation, campaigns, cut_off_at=days(0))
        assert counts_of(answer_all(campaign="1", stance="oppose"))["answered"] == 5
        assert self.parts(said[5]) == {}

    def test_the_api_narrows_to_own_words(self, letters, open_consultation, owner, client):
        answer(open_consultation, owner, letters[0])
        client.force_login(owner)
        address = f"/api/v1/consultations/{open_consultation.slug}/ledger/"
        (row,) = client.get(address, {"own": "true"}).json()["results"]
        assert (row["own_words"], row["letter_decision"]) == (self.OWN, "rejected")
        assert client.get(f"{address}count/", {"own": "true"}).json()["count"] == 1


class TestAfterClosing:
    """Where comments closed the search starts by itself."""

    def close(self, consultation):
        consultation.phases.update(opens_at=days(-9), closes_at=days(-1))

    def jobs(self):
        return Job.objects.filter(kind="responses.copies")

    def test_nothing_starts_while_comments_are_open(self, unread):
        find_after_closing()
        assert not self.jobs().exists()

    def test_it_starts_once_and_its_result_is_in_the_ledger(self, unread, open_consultation):
        self.close(open_consultation)
        find_after_closing()
        find_after_closing()
        assert search_of(open_consultation).is_running
        run_until_idle(self.jobs().get().root)
        assert search_of(open_consultation).campaigns == 1
        find_after_closing()
        assert self.jobs().count() == 1

    def test_what_is_taken_in_later_is_looked_at_too_but_not_at_once(
        self, unread, open_consultation
    ):
        self.close(open_consultation)
        find_after_closing()
        run_until_idle(self.jobs().get().root)
        CampaignScan.objects.update(cut_off_at=timezone.now() - timedelta(minutes=50))
        find_after_closing()
        assert self.jobs().count() == 1
        CampaignScan.objects.update(cut_off_at=timezone.now() - timedelta(minutes=70))
        find_after_closing()
        assert self.jobs().count() == 2


@pytest.fixture
def unread(say):
    """Six letters with the same text that no briefing has read, and one of another."""
    said = [say(("article-1", "oppose"), words=LETTER) for _number in range(6)]
    said.append(say(("article-1", "oppose"), words="Our mill needs water in July, not in May."))
    extract([one.pk for one in said])
    return said


def search(consultation, owner):
    find_copies(consultation, by=owner)
    run_until_idle(Job.objects.latest("pk").root)


def test_before_a_briefing_copies_are_found_on_demand_and_answered_once(
    unread, open_consultation, owner
):
    assert search_of(open_consultation).cut_off_at is None
    search(open_consultation, owner)
    assert search_of(open_consultation).campaigns == 1
    assert answered(answer(open_consultation, owner, unread[0])) == set(unread[:6])
    assert Entry.objects.filter(kind="copies.looked_for").count() == 1


def test_a_search_asked_for_twice_runs_once(unread, open_consultation, owner):
    find_copies(open_consultation, by=owner)
    find_copies(open_consultation, by=owner)
    assert search_of(open_consultation).is_running
    assert Job.objects.filter(kind="responses.copies").count() == 1
    assert Entry.objects.filter(kind="copies.looked_for").count() == 1


def test_a_new_search_takes_what_was_filed_since_and_the_place_of_the_old_one(
    unread, say, open_consultation, owner
):
    search(open_consultation, owner)
    late = say(("article-1", "oppose"), words=LETTER)
    extract([late.pk])
    assert late not in answered(answer(open_consultation, owner, unread[0]))
    search(open_consultation, owner)
    assert CampaignScan.objects.count() == 1
    assert late in answered(answer(open_consultation, owner, unread[0], "scope"))


def test_a_search_that_was_given_up_is_tried_again(unread, open_consultation, owner):
    find_copies(open_consultation, by=owner)
    Job.objects.filter(kind="responses.copies").update(state="dead", finished_at=days(0))
    assert search_of(open_consultation).is_dead
    search(open_consultation, owner)
    assert search_of(open_consultation).campaigns == 1


def test_only_owners_and_editors_look_for_copies(open_consultation, host):
    with pytest.raises(NotAllowed):
        find_copies(open_consultation, by=HostRoleFactory(host=host, role="moderator").user)


def test_staff_looks_for_copies_from_the_ledger_and_over_the_api(
    unread, open_consultation, owner, client
):
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[open_consultation.slug])
    assert "Nobody has looked" in client.get(ledger).content.decode()
    place = reverse("responses:copies", args=[open_consultation.slug])
    looking = client.post(place, follow=True).content.decode()
    assert "We are looking now" in looking
    assert "Nobody has looked" not in looking
    run_until_idle(Job.objects.latest("pk").root)
    assert "One text came from several senders." in client.get(ledger).content.decode()
    address = f"/api/v1/consultations/{open_consultation.slug}/ledger/copies/"
    assert client.get(address).json()["campaigns"] == 1
    begun = client.post(address, {}, content_type="application/json")
    assert (begun.status_code, begun.json()["is_running"]) == (202, True)


def test_what_was_searched_before_own_words_were_written_down_is_searched_again_once(
    letters, open_consultation
):
    look_again = import_module("apps.responses.migrations.0002_look_again_for_own_words").look_again
    look_again(apps, None)
    assert not Job.objects.filter(kind=copies.SCAN).exists(), "this search wrote them down"
    OwnWords.objects.all().delete()
    for _time in range(2):
        look_again(apps, None)
    (job,) = Job.objects.filter(kind=copies.SCAN)
    assert job.key == copies.search_key(open_consultation, copies.newest_search(open_consultation))
    assert search_of(open_consultation).is_running
