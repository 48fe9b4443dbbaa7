"""The operations screens show what was submitted and change nothing but the table of labels."""

import pytest
from django.urls import reverse

from apps.submissions.models import GroupLabel, Submission
from tests.factories import (
    AnswerFactory,
    DraftFactory,
    PointFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_a_submission_is_shown_and_cannot_be_changed(operator):
    one = AnswerFactory(text="<script>alert(1)</script>").submission
    PointFactory(submission=one)
    url = reverse("admin:submissions_submission_change", args=[one.pk])
    page = operator.get(url).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert operator.post(url, {"group": "company"}).status_code == 403
    one.refresh_from_db()
    assert one.group == "individual"


def test_a_draft_is_not_shown(operator):
    draft = DraftFactory()
    page = operator.get(reverse("admin:submissions_submission_changelist"))
    assert draft not in page.context["cl"].queryset
    url = reverse("admin:submissions_submission_change", args=[draft.pk])
    assert operator.get(url).status_code == 302


def test_a_label_is_edited_in_the_table_and_applied(operator):
    one = SubmissionFactory(source=Submission.Source.IMPORT, declared_label="Lobby", group="other")
    label = GroupLabel.objects.create(
        consultation=one.consultation, label="lobby", group="association"
    )
    url = reverse("admin:submissions_grouplabel_changelist")
    operator.post(url, {"action": "apply", "_selected_action": [label.pk]})
    one.refresh_from_db()
    assert one.group == "association"
