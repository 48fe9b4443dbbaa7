"""People are told once of all that is new in what they follow, as often as they asked."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from apps.accounts.models import Letter, User
from apps.jobs.executing import claim, run_job
from apps.jobs.models import Job
from apps.notifications import telling
from apps.notifications.models import Edition, Following, Frequency, Kind, News
from apps.notifications.services import announce, change, follow, stop
from apps.notifications.tasks import begin_rounds, forget_news
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission
from tests.factories import UserFactory
from tests.notifications.conftest import run_all

pytestmark = pytest.mark.django_db


def bodies():
    return [sent.body for sent in mail.outbox]


def rounds(frequency):
    """Run the round of a frequency as the clock would."""
    telling._enqueue_round(Frequency(frequency), f"test {timezone.now()} {Job.objects.count()}")
    run_all()


def test_who_wants_mail_at_once_gets_it_in_plain_text_with_the_address(
    settings, participant, follow_it, publish
):
    settings.PLENARY_URL = "https://plenary.example.org"
    follow_it(participant)
    publish("One")
    run_all()
    [sent] = mail.outbox
    assert sent.to == [participant.email]
    assert sent.subject == "New submission: One"
    assert (
        "https://plenary.example.org/consultations/open-consultation/submissions/One/" in sent.body
    )
    assert "You get this mail because you follow:\n- Consultation" in sent.body
    assert sent.content_subtype == "plain"


def test_nobody_is_told_of_the_own_act(
    client, open_consultation, participant, rival, follow_it, topic
):
    follow_it(participant)
    follow_it(rival)
    said = DraftInput(answers=[AnswerInput("why", text="Because it ends.")], group="individual")
    file_submission(open_consultation, said, by=participant)
    run_all()
    news = [sent.to for sent in mail.outbox if sent.subject.startswith("New submission")]
    assert news == [[rival.email]]
    for person, told in ((participant, False), (rival, True)):
        client.force_login(person)
        assert ("New submission" in client.get("/following/").content.decode()) is told


def test_what_was_there_before_and_what_others_follow_is_not_sent(
    participant, rival, follow_it, publish
):
    follow_it(rival)
    publish("Before")
    follow_it(participant)
    run_all()
    assert [sent.to for sent in mail.outbox] == [[rival.email]]
    announce(
        ["consultation:another"],
        title="New submission: %(consultation)s",
        values={"consultation": "X"},
        path="/x/",
        at=timezone.now(),
    )
    rounds("instant")
    assert len(mail.outbox) == 1


def test_what_did_not_happen_is_not_told(participant, follow_it, publish):
    follow_it(participant)
    with transaction.atomic():
        publish("Undone")
        transaction.set_rollback(True)
    rounds("instant")
    assert mail.outbox == []
    assert not News.objects.exists()


def test_news_of_two_things_that_are_followed_is_told_once(
    participant, forum, follow_it, publish, open_consultation
):
    follow_it(participant)
    follow(participant, kind="organisation", key=forum.slug, frequency="instant")
    follow(participant, kind="provision", key="open-consultation/article-1", frequency="instant")
    provision = Kind.PROVISION.topic("open-consultation", "article-1")
    publish("Shared", Kind.ORGANISATION.topic(forum.slug), provision)
    run_all()
    [body] = bodies()
    assert body.count("New submission: Shared") == 1
    assert "- Citizens' Forum" in body
    assert "- Article 1" in body


def test_what_came_in_one_mail_is_not_in_the_next_of_another_frequency(
    participant, forum, follow_it, publish
):
    follow_it(participant, "instant")
    follow(participant, kind="organisation", key=forum.slug, frequency="weekly")
    topic = Kind.ORGANISATION.topic(forum.slug)
    publish("Of both", topic)
    run_all()
    announce(
        [topic],
        title="New submission: %(consultation)s",
        values={"consultation": "Of the organisation"},
        path="/elsewhere/",
        at=timezone.now(),
    )
    rounds("weekly")
    first, second = bodies()
    assert "Of both" in first
    assert "Of both" not in second
    assert "Of the organisation" in second


def test_what_no_mail_told_comes_with_the_next(participant, forum, follow_it, publish):
    following = follow_it(participant, "instant")
    follow(participant, kind="organisation", key=forum.slug, frequency="weekly")
    change(following, frequency="off")
    publish("Of both", Kind.ORGANISATION.topic(forum.slug))
    follow_it(participant, "instant")  # from now on: what came before is in no mail of it
    rounds("instant")
    rounds("weekly")
    [body] = bodies()
    assert "Of both" in body


def test_two_events_with_one_address_are_both_told(client, participant, topic, follow_it):
    follow_it(participant, "daily")
    for title in ("First measure", "Second measure"):
        announce(
            [topic, "consultation:another"],
            title="Done: %(title)s",
            values={"title": title},
            path="/consultations/open-consultation/done/",
            at=timezone.now(),
        )
    rounds("daily")
    [body] = bodies()
    assert body.count("Done: First measure") == 1
    assert body.count("Done: Second measure") == 1
    client.force_login(participant)
    page = client.get("/following/").content.decode()
    assert "Done: First measure" in page
    assert "Done: Second measure" in page


def test_what_comes_within_minutes_of_a_mail_comes_together_after_a_pause(
    participant, follow_it, publish
):
    with time_machine.travel(datetime(2027, 3, 1, 10, 0, tzinfo=UTC)) as clock:
        follow_it(participant)
        publish("One")
        run_all()
        for title in ("Two", "Three"):
            clock.shift(60)
            publish(title)
            run_all()
        assert len(mail.outbox) == 1
        clock.shift(600)
        begin_rounds()
        run_all()
    assert len(mail.outbox) == 2
    assert mail.outbox[1].subject == "2 pieces of news in what you follow"
    assert "Two" in bodies()[1]
    assert "Three" in bodies()[1]


def test_a_digest_comes_once_a_day_with_all_since_the_last_and_not_without_news(
    participant, follow_it, publish
):
    with time_machine.travel(datetime(2027, 3, 1, 10, 0, tzinfo=UTC)) as clock:
        follow_it(participant, "daily")
        publish("One")
        publish("Two")
        for _hour in range(48):
            clock.shift(3600)
            begin_rounds()
            begin_rounds()
            run_all()
    [body] = bodies()
    assert "One" in body
    assert "Two" in body


def test_the_day_begins_in_the_morning_and_the_week_on_monday(
    participant, rival, follow_it, publish
):
    sent_at = {}
    with time_machine.travel(datetime(2027, 3, 2, 10, 30, tzinfo=UTC)) as clock:  # a Tuesday
        follow_it(participant, "daily")
        follow_it(rival, "weekly")
        begin_rounds()
        run_all()
        publish("One")
        while len(sent_at) < 2:
            clock.shift(1800)
            begin_rounds()
            run_all()
            for sent in mail.outbox:
                sent_at.setdefault(sent.to[0], timezone.now())
    first, second = (sent_at[one.email].strftime("%a %d %H:%M") for one in (participant, rival))
    assert (first, second) == ("Wed 03 06:00", "Mon 08 06:00")
    assert len(mail.outbox) == 2


def test_days_without_a_running_server_lose_nothing(participant, follow_it, publish):
    with time_machine.travel(datetime(2027, 3, 1, 10, 0, tzinfo=UTC)) as clock:
        follow_it(participant, "daily")
        publish("Monday")
        clock.shift(4 * 86400)
        publish("Friday")
        begin_rounds()
        run_all()
    [body] = bodies()
    assert "Monday" in body
    assert "Friday" in body


def test_no_mail_means_no_mail_and_none_later_of_that_time(participant, follow_it, publish):
    following = follow_it(participant, "off")
    publish("Unwanted")
    rounds("instant")
    change(following, frequency="daily")
    publish("Wanted")
    rounds("daily")
    [body] = bodies()
    assert "Unwanted" not in body
    assert "Wanted" in body


def test_another_frequency_tells_what_waited_once(participant, follow_it, publish):
    following = follow_it(participant, "weekly")
    publish("Waited")
    rounds("daily")
    assert mail.outbox == []
    change(following, frequency="daily")
    rounds("daily")
    rounds("daily")
    assert len(mail.outbox) == 1


def test_who_stopped_was_deleted_or_switched_off_gets_nothing(
    participant, rival, owner, follow_it, publish
):
    followings = [follow_it(one) for one in (participant, rival, owner)]
    publish("One")
    stop(followings[0])
    stop(followings[0])
    rival.delete()
    User.objects.filter(pk=owner.pk).update(is_active=False)
    run_all()
    assert mail.outbox == []
    assert not Job.objects.dead().exists()


def test_mail_speaks_the_language_in_which_one_followed(participant, follow_it, publish):
    with translation.override("fr"):
        follow_it(participant)
    publish("One")
    with translation.override("ar"):
        run_all()
    assert Letter.objects.count() == 0
    assert Following.objects.get().language == "fr"


def test_a_job_that_runs_twice_tells_once(participant, follow_it, publish):
    follow_it(participant)
    publish("One")
    run_all()
    Following.objects.update(told_at=None)
    done = Job.objects.filter(kind__startswith="notifications.")
    assert done.update(state="queued", finished_at=None, dispatched_at=None) == 2
    run_all()
    assert len(mail.outbox) == 1


def test_a_worker_killed_after_the_letters_leaves_neither_letters_nor_cursor(
    monkeypatch, participant, follow_it, publish
):
    follow_it(participant)
    publish("One")
    run_job(Job.objects.due().get().pk)
    before = Following.objects.get().edition
    job = claim(Job.objects.get(kind=telling.TELL).pk)
    post_all = telling.mailing.post_all

    def die(letters):
        post_all(letters)
        raise SystemExit

    monkeypatch.setattr(telling.mailing, "post_all", die)
    with pytest.raises(SystemExit), transaction.atomic():
        telling.tell(**job.payload)
    assert not Letter.objects.exists()
    assert Following.objects.get().edition == before
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_all()
    assert len(mail.outbox) == 1


def test_news_committed_late_is_told_though_newer_news_was_told_before(
    participant, follow_it, publish
):
    follow_it(participant, "daily")
    publish("Late")
    late = News.objects.get()
    News.objects.filter(pk=late.pk).update(topic="consultation:not-committed-yet")
    publish("Early")
    rounds("daily")
    News.objects.filter(pk=late.pk).update(topic="consultation:open-consultation", edition=None)
    rounds("daily")
    assert ["Early" in bodies()[0], "Late" in bodies()[0]] == [True, False]
    assert "Late" in bodies()[1]
    assert Edition.newest() == 2


def test_a_mail_holds_a_bounded_number_of_news_and_says_where_the_rest_is(
    participant, follow_it, publish
):
    follow_it(participant, "daily")
    for number in range(50):
        publish(f"Number-{number}-")
    rounds("daily")
    [body] = bodies()
    assert body.count("New submission:") == telling.MOST_IN_A_MAIL
    assert "Number-49-" in body
    assert "There is more than fits in one mail" in body
    rounds("daily")
    assert len(mail.outbox) == 1


def test_a_title_cannot_write_headers_or_lines_of_its_own(participant, follow_it, publish):
    follow_it(participant)
    publish(
        "Evil\r\nBcc: all@example.org\r\n\r\nStop these mails: https://evil.example \u202e",
        path="/x/",
    )
    run_all()
    [sent] = mail.outbox
    assert "\n" not in sent.subject
    assert "\nBcc:" not in sent.message().as_string().replace("\r", "")
    assert "\u202e" not in sent.body


def test_an_announcement_costs_the_same_for_no_follower_and_for_many(
    follow_it, publish, django_assert_num_queries
):
    with django_assert_num_queries(2):
        publish("One")
    for person in UserFactory.create_batch(20):
        follow_it(person)
    with django_assert_num_queries(3):
        publish("Two")
    assert Job.objects.filter(kind=telling.DELIVER).count() == 1


def test_ten_thousand_followers_are_told_in_parts_of_the_same_cost(topic, publish):
    people = User.objects.bulk_create(
        User(email=f"reader-{n}@example.org", password="!") for n in range(10_000)
    )
    Following.objects.bulk_create(
        Following(user=one, topic=topic, title="T", path="/", frequency="instant") for one in people
    )
    publish("One")
    with CaptureQueriesContext(connection) as split:
        run_job(Job.objects.due().get().pk)
    parts = list(Job.objects.filter(kind=telling.TELL))
    assert len(parts) == 10_000 / telling.PEOPLE_PER_PART
    assert len(split) < 30 + len(parts)
    costs = set()
    for part in parts:
        with CaptureQueriesContext(connection) as seen:
            assert run_job(part.pk)
        costs.add(len(seen))
    assert len(costs) == 1
    assert costs.pop() < 30
    assert Letter.objects.count() == 10_000
    assert Letter.objects.values("address").distinct().count() == 10_000
    assert not Following.objects.pending("instant", Edition.newest()).exists()


def test_news_is_forgotten_after_months(participant, follow_it, publish):
    publish("Old")
    News.objects.update(created_at=timezone.now() - timedelta(days=91))
    publish("New")
    forget_news()
    assert News.objects.get().values == {"consultation": "New"}
