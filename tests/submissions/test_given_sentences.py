"""Sentences of a provision that an earlier program stored as a wording's own are taken out."""

from importlib import import_module

import pytest
from django.apps import apps

from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.submissions import passages
from apps.submissions.models import Passage
from tests.factories import (
    DocumentVersionFactory,
    PointFactory,
    ProvisionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
KEPT = "Every operator reports each run to the secretariat."
CHANGED = "The report is sent within ten days of its end."
GIVEN = f"{KEPT} The report is sent within thirty days of its end."
begin = import_module("apps.submissions.migrations.0004_leave_out_given_sentences").begin


@pytest.fixture
def points():
    version = DocumentVersionFactory()
    provision = ProvisionFactory(version=version, text=GIVEN)
    submission = SubmissionFactory(consultation=version.document.consultation)
    made = [
        PointFactory(
            submission=submission,
            provision=provision,
            number=number,
            proposed_text=f"{KEPT} {CHANGED}",
            reason=KEPT,
        )
        for number in (1, 2, 3)
    ]
    passages.extract([submission.pk])
    for point in made:  # as they were stored before
        Passage.objects.create(
            submission=submission, point=point, field="proposed_text", start=0, end=len(KEPT)
        )
    return made


def stored(point, field):
    text = dict(point.texts())[field]
    rows = Passage.objects.filter(point=point, field=field).order_by("start")
    return [text[start:end].strip() for start, end in rows.values_list("start", "end")]


def test_a_job_takes_them_out_in_parts_and_leaves_the_authors_own(points, monkeypatch):
    monkeypatch.setattr(passages, "POINTS_AT_ONCE", 2)
    assert stored(points[0], "proposed_text") == [KEPT, CHANGED]
    for _time in range(2):
        begin(apps, None)
    run_until_idle("given:0")
    run_until_idle(f"given:{points[1].pk}")
    assert Job.objects.filter(kind=passages.LEAVE_OUT_GIVEN).count() == 2
    for point in points:
        assert stored(point, "proposed_text") == [CHANGED]
        assert stored(point, "reason") == [KEPT], "who says the same as a reason said it"
    passages.leave_out_given(0)
    assert stored(points[0], "proposed_text") == [CHANGED]


def test_where_nobody_proposed_a_wording_there_is_no_job():
    begin(apps, None)
    assert not Job.objects.exists()
