"""Who filed gets a mail that proves it; who did not says “I never wrote this”, and is heard."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Letter, Membership
from apps.audit.models import Entry
from apps.briefings import corpus
from apps.briefings.models import CorpusItem
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.notifications.models import Kind, News
from apps.notifications.services import follow
from apps.notifications.tasks import begin_rounds
from apps.submissions.errors import InvalidContent, NotCurrent
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Dispute, Submission
from apps.submissions.proving import token_of
from apps.submissions.services import (
    decide_dispute,
    disown,
    file_submission,
    filed_content,
    save_draft,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import HostRoleFactory, MembershipFactory
from tests.submissions.import_files import csv_file, take_in

pytestmark = pytest.mark.django_db
CONTENT = DraftInput(answers=[AnswerInput("why", text="Heron words.")], group="civil")
LINK = re.compile(r"http://127\.0\.0\.1:8000(/never-wrote-this/\S+)")


@pytest.fixture
def filed(open_consultation, participant):
    return submission_of(file_submission(open_consultation, CONTENT, by=participant))


@pytest.fixture
def moderator(open_consultation):
    return HostRoleFactory(
        host=open_consultation.host, role="moderator", user__email="moderator@example.org"
    ).user


def submission_of(receipt):
    return Submission.objects.get(reference=receipt.number)


def run_all():
    while job := Job.objects.due().first():
        run_until_idle(job.root)


def mails():
    run_all()
    sent, mail.outbox[:] = list(mail.outbox), []
    return {message.to[0]: message for message in sent}


def test_a_mail_holds_what_proves_the_filing(filed, participant):
    message = mails()[participant.email]
    for words in (filed.reference, filed.consultation.title, "/receipts/", "You can revise"):
        assert words in message.body
    assert filed.reference in message.subject
    assert re.search(r"^[0-9a-f]{64}$", message.body, re.MULTILINE)
    assert "Heron words" not in message.body
    assert not Letter.objects.exists()


def test_the_mail_is_sent_once_however_often_the_job_is_tried(filed, participant):
    job = Job.objects.get(key=f"passages:{filed.pk}")
    run_until_idle(job.root)
    run_until_idle(job.root)
    run_all()
    assert [message.to for message in mail.outbox] == [[participant.email]]


def test_the_signatories_learn_of_what_was_filed_for_their_organisation(
    open_consultation, member, forum
):
    signatory = MembershipFactory(
        organisation=forum, role=Membership.Role.SIGNATORY, user__email="signs@example.org"
    ).user
    file_submission(open_consultation, CONTENT, by=member, organisation=forum)
    sent = mails()
    assert set(sent) == {member.email, signatory.email}
    assert f"For: {forum.name}" in sent[signatory.email].body
    links = {LINK.search(message.body)[1] for message in sent.values()}
    assert len(links) == 2


def test_the_link_explains_first_and_marks_when_pressed(client, filed, participant, moderator):
    link = LINK.search(mails()[participant.email].body)[1]
    page = client.get(link)
    assert page.status_code == 200
    assert not Dispute.objects.exists()
    page = client.post(link, follow=True)
    assert "marked as disputed" in page.content.decode()
    filed.refresh_from_db()
    assert filed.disputed_at is not None
    public = client.get(filed.get_absolute_url()).content.decode()
    assert "“I never wrote this.”" in public
    assert Entry.objects.filter(kind="submission.disputed").count() == 1
    assert filed.reference in mails()[moderator.email].body
    client.post(link)
    assert Dispute.objects.count() == 1
    assert mails() == {}


def test_a_wrong_or_old_link_changes_nothing_and_says_what_to_do(client, filed, participant):
    link = reverse("submissions:disown", args=[token_of(filed, participant)])
    assert client.post(link.replace(":", "x:", 1)).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        page = client.post(link)
    assert page.status_code == 404
    assert "Copy the whole link" in page.content.decode()
    assert not Dispute.objects.exists()


def test_what_was_withdrawn_cannot_be_disputed(client, filed, participant):
    link = reverse("submissions:disown", args=[token_of(filed, participant)])
    withdraw(filed, by=participant)
    assert "Nothing is left" in client.get(link).content.decode()
    assert client.post(link).status_code == 409
    with pytest.raises(NotCurrent):
        disown(filed, by=participant)


def test_the_first_link_leads_to_the_version_that_counts_now(client, filed, participant):
    link = reverse("submissions:disown", args=[token_of(filed, participant)])
    revised = submission_of(submit(start_revision(filed, by=participant), by=participant))
    assert revised.reference in client.get(link).content.decode()
    client.post(link)
    assert Dispute.objects.get().submission == revised


def test_no_briefing_reads_disputed_words(filed, participant):
    disown(filed, by=participant)
    run_all()
    frozen = corpus.prepare(filed.consultation, cut_off_at=timezone.now(), progress=lambda *_: None)
    item = corpus.store(frozen).items.get()
    assert item.state == CorpusItem.State.EMPTY


def test_upheld_it_is_withdrawn_and_the_person_is_told(filed, participant, moderator):
    dispute = disown(filed, by=participant)
    mails()
    decide_dispute(
        dispute, outcome="upheld", reason="The address was a typing error.", by=moderator
    )
    filed.refresh_from_db()
    assert (filed.state, filed.disputed_at) == (Submission.State.WITHDRAWN, None)
    told = mails()[participant.email].body
    assert "The host agrees" in told
    assert "The address was a typing error." in told
    with pytest.raises(NotCurrent):
        decide_dispute(dispute, outcome="dismissed", reason="No.", by=moderator)


def test_upheld_the_record_says_so_and_the_name_stands_on_it_no_longer(
    client, open_consultation, member, forum, moderator
):
    receipt = file_submission(open_consultation, CONTENT, by=member, organisation=forum)
    filed = submission_of(receipt)
    words = filed_content(filed)
    run_all()
    decide_dispute(disown(filed, by=member), outcome="upheld", reason="Forged.", by=moderator)
    filed.refresh_from_db()
    public = client.get(filed.get_absolute_url()).content.decode()
    assert "not written by the one it named" in public
    assert "Its author withdrew" not in public
    assert forum.name not in public
    listed = reverse("submissions:list", args=[open_consultation.slug])
    page = client.get(listed).content.decode()
    assert filed.reference in page
    assert forum.name not in page
    assert "by its author" not in page
    assert filed.reference not in client.get(listed, {"q": forum.name}).content.decode()
    checked = client.get(reverse("audit:check"), {"number": filed.reference}).content.decode()
    assert "not written by the one it named" in checked
    assert filed_content(filed) == words


def dismissed(dispute, *, by):
    decide_dispute(dispute, outcome="dismissed", reason="They confirmed it by letter.", by=by)


def test_dismissed_it_counts_again(filed, participant, moderator):
    dispute = disown(filed, by=participant)
    mails()
    dismissed(dispute, by=moderator)
    filed.refresh_from_db()
    assert (filed.state, filed.disputed_at) == (Submission.State.SUBMITTED, None)
    assert "It counts again" in mails()[participant.email].body


def test_a_link_whose_dispute_was_dismissed_cannot_mark_the_words_again(
    client, filed, participant, moderator
):
    link = LINK.search(mails()[participant.email].body)[1]
    client.post(link)
    dismissed(Dispute.objects.get(), by=moderator)
    mails()
    page = client.get(link).content.decode()
    assert "They confirmed it by letter." in page
    assert "button-danger" not in page
    assert client.post(link).status_code == 409
    filed.refresh_from_db()
    assert filed.disputed_at is None
    assert mails() == {}


def test_somebody_else_or_a_new_version_can_still_be_disputed(filed, participant, rival, moderator):
    dismissed(disown(filed, by=participant), by=moderator)
    dismissed(disown(filed, by=rival), by=moderator)
    revised = submission_of(submit(start_revision(filed, by=participant), by=participant))
    assert disown(revised, by=participant).submission == revised


@pytest.fixture
def told_weekly(open_consultation, rival, member, forum):
    """Return a function that gives the news of a week to one who follows it and a body."""
    follow(rival, kind="consultation", key=open_consultation.slug, frequency="weekly")
    follow(rival, kind="organisation", key=forum.slug, frequency="weekly")

    def told():
        mail.outbox.clear()
        with time_machine.travel(timezone.now() + timedelta(days=8)):
            begin_rounds()
            run_all()
        return "\n".join(sent.body for sent in mail.outbox if sent.to == [rival.email])

    return told


def test_news_names_nobody_whose_name_was_used_falsely(
    client, open_consultation, member, rival, forum, moderator, told_weekly
):
    receipt = file_submission(open_consultation, CONTENT, by=member, organisation=forum)
    filed = submission_of(receipt)
    decide_dispute(disown(filed, by=member), outcome="upheld", reason="Forged.", by=moderator)
    client.force_login(rival)
    shown = client.get(reverse("notifications:list")).content.decode()
    told = told_weekly()
    assert f"New submission: {open_consultation.title}" in told
    for words in (told, shown):
        assert f"by {forum.name}" not in words
    assert not News.objects.filter(topic=Kind.ORGANISATION.topic(forum.slug)).exists()


def test_news_names_nobody_who_withholds_the_name_in_a_revision(
    open_consultation, member, forum, told_weekly
):
    receipt = file_submission(open_consultation, CONTENT, by=member, organisation=forum)
    draft = start_revision(submission_of(receipt), by=member)
    save_draft(draft, replace(CONTENT, visibility="withheld"), by=member)
    submit(draft, by=member)
    told = told_weekly()
    assert "New submission:" in told
    assert f"by {forum.name}" not in told


def test_a_disputed_response_that_is_revised_leaves_nothing_to_withdraw(
    filed, participant, moderator
):
    dispute = disown(filed, by=participant)
    submit(start_revision(filed, by=participant), by=participant)
    decide_dispute(dispute, outcome="upheld", reason="So be it.", by=moderator)
    filed.refresh_from_db()
    assert filed.state == Submission.State.SUPERSEDED


@pytest.mark.parametrize(
    ("outcome", "reason", "field"),
    [("", "Because.", "outcome"), ("perhaps", "Because.", "outcome"), ("upheld", " ", "reason")],
)
def test_a_decision_needs_an_outcome_and_a_reason(
    client, filed, participant, moderator, outcome, reason, field
):
    dispute = disown(filed, by=participant)
    with pytest.raises(InvalidContent) as refused:
        decide_dispute(dispute, outcome=outcome, reason=reason, by=moderator)
    assert list(refused.value.fields) == [field]
    client.force_login(moderator)
    address = reverse("submissions:decide-dispute", args=[filed.consultation.slug, dispute.pk])
    page = client.post(address, {"outcome": outcome, "reason": "Typed before."})
    if outcome != "upheld":
        assert "Typed before." in page.content.decode()
        assert 'role="alert"' in page.content.decode()
    if field == "outcome":
        assert 'aria-describedby="outcome-e"' in page.content.decode()
        empty = client.post(address, {"outcome": "upheld", "reason": " "}).content.decode()
        assert f'aria-describedby="reason-{dispute.pk}-h reason-e"' in empty


def test_only_moderators_and_owners_of_the_host_decide(filed, participant, analyst):
    dispute = disown(filed, by=participant)
    with pytest.raises(NotAllowed):
        decide_dispute(dispute, outcome="upheld", reason="Mine.", by=analyst)


def test_imported_submissions_send_no_mail(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["text"], ["Words."]))
    assert mails() == {}
