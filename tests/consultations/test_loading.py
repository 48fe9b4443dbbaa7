"""A consultation is read from a TOML file with its documents beside it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings

from apps.consultations.loading import MalformedDocument, load_consultation, split_provisions
from apps.consultations.models import Consultation

DEMO = settings.BASE_DIR / "apps/consultations/demo"


@pytest.mark.django_db
def test_a_notice_published_elsewhere_keeps_its_day():
    consultation = load_consultation(DEMO / "cms-2022-0163.toml")
    version = consultation.documents.get().versions.get()
    assert version.published_at == datetime(2022, 10, 7, tzinfo=UTC)
    assert version.provisions.count() > 10


@pytest.mark.django_db
def test_days_from_today_begin_at_midnight_and_end_in_the_last_minute():
    with time_machine.travel(datetime(2026, 3, 20, 15, 30, tzinfo=UTC), tick=False):
        consultation = load_consultation(DEMO / "pause-protocol.toml")
    phase = consultation.comment_phase()
    assert phase.opens_at == datetime(2026, 3, 6, tzinfo=UTC)
    assert phase.closes_at == datetime(2026, 5, 29, 23, 59, tzinfo=UTC)
    assert consultation.documents.get().versions.get().published_at == phase.opens_at
    assert consultation.reply_phase().opens_at == datetime(2026, 5, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_loading_twice_makes_one_consultation():
    first = load_consultation(DEMO / "pause-protocol.toml")
    assert load_consultation(DEMO / "pause-protocol.toml") == first
    assert Consultation.objects.count() == 1


def test_a_document_is_split_at_its_keyed_headings():
    found = list(split_provisions("# Title\nPreface.\n## Article 1 · Aim {#art-1}\n\nText.\n"))
    assert [(one.key, one.label, one.heading, one.text, one.level) for one in found] == [
        ("art-1", "Article 1", "Aim", "Text.", 2)
    ]


@pytest.mark.parametrize(
    ("markdown", "problem"),
    [
        ("## No key", "Line 1: a heading needs a {#key}."),
        ("## One {#a}\n## Two {#a}", "Line 2: the key a is used twice."),
    ],
)
def test_a_heading_without_a_key_of_its_own_is_refused(markdown, problem):
    with pytest.raises(MalformedDocument) as refused:
        list(split_provisions(markdown))
    assert str(refused.value) == problem
