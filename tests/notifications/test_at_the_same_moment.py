"""Several workers at once, and news that is committed in another order than it was written."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Letter
from apps.notifications import telling
from apps.notifications.models import Following, News
from apps.notifications.services import announce
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
TOPIC = "consultation:pause"


@pytest.fixture(autouse=True)
def _several_writers():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: nothing happens at the same moment")


def announced(name):
    announce(
        [TOPIC],
        title="New submission: %(consultation)s",
        values={"consultation": name},
        path=f"/{name}/",
        at=timezone.now(),
    )


def round_of(frequency):
    """Sort in and tell everybody, in one transaction as a job does."""
    with transaction.atomic():
        telling.sort_in()
    with transaction.atomic():
        return telling.tell(frequency, 0, 2**40)


def in_thread(act):
    def done(*arguments):
        try:
            return act(*arguments)
        finally:
            connection.close()

    return done


def followers(count, frequency):
    for person in UserFactory.create_batch(count):
        Following.objects.create(user=person, topic=TOPIC, path="/", frequency=frequency)


def told():
    return [
        one["text"] for letter in Letter.objects.order_by("id") for one in letter.context["news"]
    ]


@pytest.mark.parametrize("frequency", ["instant", "daily"])
def test_workers_that_tell_the_same_people_write_one_letter_each(frequency):
    followers(30, frequency)
    announced("one")
    together = Barrier(4)

    def work(_number):
        together.wait()
        return round_of(frequency)

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(in_thread(work), range(4)))
    assert sorted(counts) == [0, 0, 0, 30]
    assert Letter.objects.values("address").distinct().count() == 30
    assert Letter.objects.count() == 30


def test_news_written_first_and_committed_last_is_not_lost():
    followers(1, "daily")
    is_written, may_commit = Event(), Event()

    def slow():
        with transaction.atomic():
            announced("slow")
            is_written.set()
            assert may_commit.wait(20)

    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(in_thread(slow))
        assert is_written.wait(20)
        announced("quick")
        assert round_of("daily") == 1
        may_commit.set()
        begun.result()
    assert round_of("daily") == 1
    assert round_of("daily") == 0
    assert told() == ["New submission: quick", "New submission: slow"]
    assert News.objects.order_by("id").first().values == {"consultation": "slow"}
