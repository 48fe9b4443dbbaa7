"""What was filed is revised while comments are open and withdrawn at any time, on the record."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.notifications.models import Following
from apps.submissions.announcing import topic_of
from apps.submissions.errors import AnotherDraft, NotCurrent, NotYours, PhaseClosed
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.models import GroupTally, PointTally, Submission
from apps.submissions.services import (
    content_of,
    discard_draft,
    file_submission,
    save_draft,
    start_draft,
    start_revision,
    submit,
    withdraw,
)

pytestmark = pytest.mark.django_db
State = Submission.State
CONTENT = DraftInput(
    answers=[AnswerInput("why", text="Heron words."), AnswerInput("which", choices=["a", "c"])],
    points=[
        PointInput(
            "article-1",
            stance="oppose",
            ask="amend",
            reason="Too late.",
            evidence=[EvidenceInput("https://example.org/a", "A study")],
        )
    ],
    group="civil",
    title="Our view",
)
CHANGED = DraftInput(answers=[AnswerInput("why", text="Egret words.")], group="research")


@pytest.fixture
def filed(open_consultation, participant):
    receipt = file_submission(open_consultation, CONTENT, by=participant)
    return Submission.objects.get(reference=receipt.number)


def revised(filed, by, content=CHANGED):
    draft = start_revision(filed, by=by)
    save_draft(draft, content, by=by)
    return Submission.objects.get(reference=submit(draft, by=by).number)


def counts():
    """Return every tally that counts anything."""
    groups = GroupTally.objects.filter(submissions__gt=0)
    points = PointTally.objects.filter(points__gt=0)
    return (
        sorted(groups.values_list("group", "question__key", "submissions", "letters"), key=str),
        sorted(points.values_list("group", "provision__key", "stance", "points")),
    )


def test_a_revision_begins_as_a_copy_and_is_made_once(filed, participant):
    draft = start_revision(filed, by=participant)
    assert content_of(draft) == content_of(filed)
    assert start_revision(filed, by=participant) == draft
    filed.refresh_from_db()
    assert filed.is_submitted, "nothing changes before the revision is filed"


def test_a_filed_revision_replaces_the_version_before_and_its_counts(filed, participant):
    later = revised(filed, participant)
    filed.refresh_from_db()
    assert (filed.state, filed.ended_at) == (State.SUPERSEDED, later.submitted_at)
    assert later.revises == filed
    assert counts() == (
        [("research", "why", 1, 1), ("research", None, 1, 1)],
        [],
    )
    assert list(Submission.objects.filed()) == [later]
    assert content_of(filed).answers[0].text == "Heron words.", "superseded, not overwritten"
    entry = Entry.objects.get(kind="submission.superseded")
    assert entry.subject.endswith(filed.reference)
    assert entry.detail == {"by": later.reference}


def test_a_replaced_version_can_be_revised_no_more(filed, participant):
    revised(filed, participant)
    with pytest.raises(NotCurrent, match="newer version"):
        start_revision(filed, by=participant)


def test_a_revision_of_what_was_withdrawn_meanwhile_is_gone_with_it(filed, participant):
    draft = start_revision(filed, by=participant)
    withdraw(filed, by=participant)
    assert not Submission.objects.filter(pk=draft.pk).exists()


def test_another_draft_is_never_overwritten(filed, open_consultation, participant):
    other = start_draft(open_consultation, author=participant, group="civil")
    with pytest.raises(AnotherDraft):
        start_revision(filed, by=participant)
    discard_draft(other, by=participant)
    assert start_revision(filed, by=participant).revises == filed


def test_nothing_is_revised_after_closing_and_everything_can_be_withdrawn(
    filed, open_phase, participant
):
    open_phase.closes_at = timezone.now()
    open_phase.save()
    filed.refresh_from_db()
    with pytest.raises(PhaseClosed):
        start_revision(filed, by=participant)
    assert withdraw(filed, by=participant).state == State.WITHDRAWN


def test_a_revision_begun_before_the_closing_has_ten_minutes_more_and_is_found_again(
    client, filed, open_phase, participant, time_machine
):
    draft = start_revision(filed, by=participant)
    client.force_login(participant)
    time_machine.move_to(open_phase.closes_at + timedelta(minutes=9))
    assert start_revision(filed, by=participant) == draft
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "Go on revising it" in page
    assert "you have ten minutes from then to submit" in page
    check = reverse("submissions:check", args=["open-consultation"])
    assert "but not revise it any more" in client.get(check).content.decode()
    receipt = client.post(check, follow=True).content.decode()
    assert "There you can also withdraw it." in receipt
    filed.refresh_from_db()
    assert filed.state == State.SUPERSEDED


def test_a_revision_that_was_not_filed_in_time_leaves_what_was_filed(
    client, filed, open_phase, participant, time_machine
):
    start_revision(filed, by=participant)
    client.force_login(participant)
    time_machine.move_to(open_phase.closes_at + timedelta(minutes=11))
    with pytest.raises(PhaseClosed):
        start_revision(filed, by=participant)
    page = client.get("/consultations/open-consultation/respond/").content.decode()
    assert f"Your response {filed.reference} stands as you filed it." in page
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "it stays as it is, unless you withdraw it" in page
    assert "revising" not in page


def test_a_withdrawn_submission_stays_listed_and_its_points_count_no_more(filed, participant):
    withdraw(filed, by=participant)
    groups, points = counts()
    assert ("civil", None, 1, 1) in groups
    assert points == []
    assert Entry.objects.filter(kind="submission.withdrawn", subject__endswith=filed.reference)
    with pytest.raises(NotCurrent, match="was withdrawn"):
        withdraw(filed, by=participant)


@pytest.mark.parametrize("act", [start_revision, withdraw])
def test_nobody_else_changes_it(filed, act, rival, member):
    for person in (rival, member):
        with pytest.raises(NotYours):
            act(filed, by=person)


def test_a_drafter_may_begin_the_revision_of_the_organisation_and_not_withdraw(
    open_consultation, member, drafter, forum
):
    receipt = file_submission(open_consultation, CONTENT, by=member, organisation=forum)
    ours = Submission.objects.get(reference=receipt.number)
    assert start_revision(ours, by=drafter).organisation == forum
    with pytest.raises(NotYours):
        withdraw(ours, by=drafter)


def test_the_pages_lead_from_version_to_version_and_to_the_tombstone(client, filed, participant):
    client.force_login(participant)
    place = [filed.consultation.slug, filed.reference]
    page = client.get(filed.get_absolute_url())
    assert "This is your response" in page.content.decode()
    answer = client.post(reverse("submissions:revise", args=place), follow=True)
    assert f"You are revising your response {filed.reference}" in answer.content.decode()
    assert "Heron words." in answer.content.decode()
    later = Submission.objects.get(reference=submit(filed.revisions.get(), by=participant).number)
    assert later.get_absolute_url() in client.get(filed.get_absolute_url()).content.decode()
    assert filed.get_absolute_url() in client.get(later.get_absolute_url()).content.decode()
    place[1] = later.reference
    asked = client.get(reverse("submissions:withdraw", args=place))
    assert "Withdraw your response?" in asked.content.decode()
    gone = client.post(reverse("submissions:withdraw", args=place), follow=True).content.decode()
    assert "Its author withdrew this submission" in gone
    assert "Heron words." not in gone


def test_the_page_of_the_receipt_says_what_became_of_the_response(client, filed, participant):
    client.force_login(participant)
    address = reverse("submissions:filed", args=[filed.consultation.slug, filed.reference])
    assert "Your response is filed" in client.get(address).content.decode()
    later = revised(filed, participant)
    page = client.get(address).content.decode()
    assert "You replaced this response" in page
    assert "What happens next" not in page
    withdraw(later, by=participant)
    page = client.get(address.replace(filed.reference, later.reference)).content.decode()
    assert "You withdrew this response" in page
    assert "revise it" not in page


def test_strangers_see_no_way_to_change_it(client, filed, rival):
    for person in (None, rival):
        if person:
            client.force_login(person)
        assert "This is your response" not in client.get(filed.get_absolute_url()).content.decode()


def test_over_the_api_a_submission_is_revised_and_withdrawn(client, filed, participant):
    client.force_login(participant)
    root = f"/api/v1/consultations/{filed.consultation.slug}/submissions/"
    sent = {"content_type": "application/json"}
    draft = client.post(f"{root}{filed.reference}/revisions/", **sent).json()
    receipt = client.post(f"/api/v1/drafts/{draft['id']}/submit/", **sent).json()
    before = client.get(f"{root}{filed.reference}/").json()
    assert (before["state"], before["replaced_by"]) == ("superseded", receipt["number"])
    gone = client.post(f"{root}{receipt['number']}/withdrawal/", **sent).json()
    assert (gone["state"], gone["answers"], gone["revises"]) == ("withdrawn", [], filed.reference)
    again = client.post(f"{root}{receipt['number']}/withdrawal/", **sent)
    assert (again.status_code, again.json()["code"]) == (409, "not_current")


def test_who_follows_what_was_revised_follows_the_newest_version(filed, participant):
    newest = revised(filed, participant)
    (following,) = Following.objects.filter(user=participant)
    assert following.topic == topic_of(newest)
    assert following.path == newest.get_absolute_url()
