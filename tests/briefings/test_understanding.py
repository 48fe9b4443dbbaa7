"""Authors say whether the claims that cite them understood them; readers see it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.audit.models import Entry
from apps.briefings import changing
from apps.briefings.models import Briefing, Citation, Claim, Understanding
from apps.briefings.services import WrongMark, mark_claim, take_back_mark
from apps.briefings.understanding import Counted, counted, marks_beside
from apps.core.errors import NotAllowed
from apps.submissions.inputs import AnswerInput, DraftInput, RedactionInput
from apps.submissions.services import file_submission, withdraw
from tests.briefings.content_factory import briefing_data
from tests.factories import AnswerFactory, QuestionFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(open_consultation, participant):
    return submission_of(open_consultation, author=participant)


@pytest.fixture
def claim(open_consultation, mine):
    data = briefing_data()
    briefing = Briefing.objects.create(
        consultation=open_consultation, version=1, state="ready", content=data
    )
    return claim_of(briefing, "1.1", mine)


def submission_of(consultation, **fields):
    one = SubmissionFactory(consultation=consultation, **fields)
    question = consultation.questions.filter(key="why").first() or QuestionFactory(
        consultation=consultation
    )
    AnswerFactory(submission=one, question=question, text="Because it ends.")
    return one


def claim_of(briefing, number, *submissions):
    claim = Claim.objects.create(
        briefing=briefing, number=number, position=1, section="themes", kind="for", text="So."
    )
    for submission in submissions:
        Citation.objects.create(claim=claim, submission=submission)
    return claim


def address(name, claim):
    briefing = claim.briefing
    return reverse(name, args=[briefing.consultation.slug, briefing.version, claim.number])


def test_what_an_author_contests_is_seen_on_the_claim_and_in_the_briefing(
    client, claim, mine, participant
):
    client.force_login(participant)
    page = client.post(
        address("briefings:understanding", claim),
        {"submission": mine.reference, "verdict": "contested", "words": "More time, not no rule."},
        follow=True,
    )
    assert "More time, not no rule." in page.content.decode()
    client.logout()
    page = client.get(address("briefings:claim", claim)).content.decode()
    assert "Not what we meant" in page
    assert "Does it say what you meant?" not in page
    briefing = client.get(claim.briefing.get_absolute_url()).content.decode()
    assert "Authors contest 1 claim of this version." in briefing
    entry = Entry.objects.get(kind="claim.contested")
    assert entry.detail == {"submission": mine.reference}


def test_contesting_takes_words_and_nothing_typed_is_lost(client, claim, mine, participant):
    client.force_login(participant)
    page = client.post(
        address("briefings:understanding", claim),
        {"submission": mine.reference, "verdict": "contested", "words": " "},
        follow=True,
    ).content.decode()
    assert "Say what you meant." in page
    assert 'value="contested" checked' in page
    assert 'aria-describedby="words-1-h words-1-e"' in page
    assert page.count("Say what you meant.") == 2  # in the list, and beside the field
    assert not Understanding.objects.exists()
    again = client.get(address("briefings:claim", claim)).content.decode()
    assert "Say what you meant." not in again


def test_a_second_word_replaces_the_first_and_can_be_taken_back(claim, mine, participant):
    mark_claim(claim, mine, verdict="contested", words="No.", by=participant)
    mark_claim(claim, mine, verdict="confirmed", by=participant)
    assert counted(claim.briefing) == Counted(confirmed=1, contested=0)
    take_back_mark(claim, mine, by=participant)
    take_back_mark(claim, mine, by=participant)
    assert not Understanding.objects.exists()
    assert Entry.objects.filter(kind="claim.mark_taken_back").count() == 1


def test_only_those_whom_the_claim_cites_may_say_it(claim, mine, rival, participant):
    others = submission_of(claim.briefing.consultation, author=rival)
    for person, submission in ((rival, mine), (rival, others), (participant, others)):
        with pytest.raises(NotAllowed):
            mark_claim(claim, submission, verdict="confirmed", by=person)


def test_submitters_of_an_organisation_say_it_and_drafters_do_not(
    claim, forum, member, drafter, participant
):
    ours = submission_of(claim.briefing.consultation, author=participant, organisation=forum)
    Citation.objects.create(claim=claim, submission=ours)
    mark_claim(claim, ours, verdict="confirmed", by=member)
    for person in (drafter, participant):
        with pytest.raises(NotAllowed):
            mark_claim(claim, ours, verdict="confirmed", by=person)


@pytest.mark.parametrize(
    ("verdict", "words", "field"),
    [
        ("", "", "verdict"),
        ("perhaps", "x", "verdict"),
        ("contested", "", "words"),
        ("contested", "x" * 2001, "words"),
    ],
)
def test_a_mark_without_what_it_needs_is_refused(claim, mine, participant, verdict, words, field):
    with pytest.raises(WrongMark) as refused:
        mark_claim(claim, mine, verdict=verdict, words=words, by=participant)
    assert field in refused.value.fields


def test_the_database_refuses_to_contest_without_words_and_twice(claim, mine):
    with pytest.raises(IntegrityError), transaction.atomic():
        Understanding.objects.create(claim=claim, submission=mine, verdict="contested")
    Understanding.objects.create(claim=claim, submission=mine, verdict="confirmed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Understanding.objects.create(claim=claim, submission=mine, verdict="confirmed")


def test_what_was_withdrawn_contests_nothing(claim, mine, participant):
    mark_claim(claim, mine, verdict="contested", words="No.", by=participant)
    withdraw(mine, by=participant)
    assert marks_beside(claim.briefing) == {}
    assert counted(claim.briefing) == Counted(confirmed=0, contested=0)


def test_the_next_version_says_how_many_were_contested(claim, mine, participant):
    mark_claim(claim, mine, verdict="contested", words="No.", by=participant)
    base = {"earlier": (1, "x"), "day": ("1 May 2026", "x")}
    [draft] = changing._understood(counted(claim.briefing), base)
    assert (draft.numbers["contested"][0], draft.numbers["confirmed"][0]) == (1, 0)
    assert changing._understood(Counted(0, 0), base) == []


def test_over_the_api_it_is_said_seen_and_taken_back(client, claim, mine, participant):
    client.force_login(participant)
    place = address("api:understanding", claim)
    asked = {"submission": mine.reference, "verdict": "contested", "words": "No."}
    answer = client.put(place, asked, content_type="application/json")
    assert answer.json() == {"submission": mine.reference, "verdict": "contested", "words": "No."}
    [found] = client.get(address("api:claim", claim)).json()["understandings"]
    assert found == answer.json()
    empty = client.put(place, {**asked, "words": ""}, content_type="application/json")
    assert empty.status_code == 422
    assert client.delete(f"{place}?submission={mine.reference}").status_code == 204
    assert client.get(address("api:claim", claim)).json()["understandings"] == []
    strange = client.put(place, {**asked, "submission": "X\0"}, content_type="application/json")
    assert strange.status_code in (400, 404)


def test_a_mark_does_not_repeat_what_its_submission_keeps_back(open_consultation, member, forum):
    answers = [AnswerInput("why", "Our cold sea lab would close.")]
    kept = DraftInput(
        answers=answers,
        visibility="confidential",
        redactions=[RedactionInput("cold sea lab", "business")],
    )
    withheld = DraftInput(answers=answers, visibility="withheld")
    briefing = Briefing.objects.create(
        consultation=open_consultation, version=1, state="ready", content=briefing_data()
    )
    for number, (content, words) in enumerate(
        [(kept, "The Cold-Sea Lab stays."), (withheld, f"We, the {forum.name}, never said so.")]
    ):
        receipt = file_submission(open_consultation, content, by=member, organisation=forum)
        one = open_consultation.submissions.get(reference=receipt.number)
        claim = claim_of(briefing, f"1.{number}", one)
        with pytest.raises(WrongMark) as refused:
            mark_claim(claim, one, verdict="contested", words=words, by=member)
        assert "Everybody reads this" in str(refused.value.fields["words"])
        mark_claim(claim, one, verdict="contested", words="We never said so.", by=member)
    assert [one.words for one in Understanding.objects.all()] == ["We never said so."] * 2
