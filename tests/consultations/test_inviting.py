"""The stakeholder map: whom a host wants to hear, invited by mail, and how far each of them is."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Letter
from apps.accounts.tasks import send_letter  # noqa: F401 - registers the job
from apps.consultations.models import Stakeholder
from apps.consultations.readiness import readiness_of
from apps.consultations.sections import standings_of
from apps.consultations.services import (
    InvalidEntry,
    NobodyToInvite,
    add_stakeholders,
    invite,
    remove_stakeholder,
    set_goals,
)
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission, start_draft
from tests.factories import ConsultationFactory, HostRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
LISTED = """\
Lakeview Forum; civil; ke; forum@example.org
Union of Crews; Trade union; ; crews@example.org
Brightwater; company
"""


@pytest.fixture
def listed(open_consultation, owner):
    add_stakeholders(open_consultation, LISTED, by=owner)
    return open_consultation


def ids(consultation):
    return list(consultation.stakeholders.values_list("pk", flat=True))


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_a_list_is_read_however_its_cells_are_parted(separator, open_consultation, owner):
    text = LISTED.replace("; ", separator).replace(";", separator)
    assert add_stakeholders(open_consultation, text, by=owner) == 3
    rows = open_consultation.stakeholders.values_list("name", "group", "country", "email")
    assert list(rows) == [
        ("Lakeview Forum", "civil", "KE", "forum@example.org"),
        ("Union of Crews", "union", "", "crews@example.org"),
        ("Brightwater", "company", "", ""),
    ]


def test_a_list_with_mistakes_names_each_line_and_adds_nobody(open_consultation, owner):
    wrong = "Good; civil\n; civil\nKing; kings\nFar; civil; Kenya\nMail; civil; KE; nowhere\n"
    with pytest.raises(InvalidEntry) as refused:
        add_stakeholders(open_consultation, wrong, by=owner)
    told = [str(one) for one in refused.value.fields["listed"]]
    assert [one.split(":")[0] for one in told] == ["Line 2", "Line 3", "Line 4", "Line 5"]
    assert not open_consultation.stakeholders.exists()


def test_a_country_that_is_none_is_refused(open_consultation, owner):
    with pytest.raises(InvalidEntry):
        add_stakeholders(open_consultation, "Far; civil; ZZ", by=owner)


def test_a_line_that_stands_twice_counts_once(open_consultation, owner):
    assert add_stakeholders(open_consultation, "One; civil\nTwo; civil\nOne; civil", by=owner) == 2


def test_a_list_given_again_brings_up_to_date_and_doubles_nobody(listed, owner):
    invite(listed, ids(listed), by=owner)
    add_stakeholders(listed, "Lakeview Forum; research; KE; new@example.org", by=owner)
    row = listed.stakeholders.get(name="Lakeview Forum")
    assert (row.group, row.email) == ("research", "new@example.org")
    assert row.invited_at is not None
    assert listed.stakeholders.count() == 3


def test_those_with_an_address_get_one_mail_a_week(listed, owner):
    assert invite(listed, ids(listed), message="Come and tell us.", by=owner) == 2
    for letter in Letter.objects.all():
        run_until_idle(f"letter:{letter.pk}")
    first = mail.outbox[0]
    assert "Come and tell us." in first.body
    assert listed.get_absolute_url() in first.body
    assert first.extra_headers["Reply-To"] == owner.email
    with pytest.raises(NobodyToInvite):
        invite(listed, ids(listed), by=owner)
    Stakeholder.objects.update(invited_at=timezone.now() - timedelta(days=8))
    assert invite(listed, ids(listed), by=owner) == 2
    assert Letter.objects.filter(context__is_reminder=True).count() == 2


def test_nobody_is_invited_to_what_is_not_there_or_over(owner, host, closed_consultation):
    draft = ConsultationFactory(host=host, published_at=None)
    for consultation in (draft, closed_consultation):
        add_stakeholders(consultation, LISTED, by=owner)
        with pytest.raises(NobodyToInvite):
            invite(consultation, ids(consultation), by=owner)
    assert not Letter.objects.exists()


def test_nobody_of_another_consultation_is_invited(listed, owner, host):
    other = ConsultationFactory(host=host)
    add_stakeholders(other, "Elsewhere; civil; KE; else@example.org", by=owner)
    with pytest.raises(NobodyToInvite):
        invite(listed, ids(other), by=owner)


def test_the_map_says_who_began_and_who_filed(listed, drafter, participant, owner):
    forum = drafter.organisations.get()
    add_stakeholders(
        listed, f"{forum.name}; civil\nPat; individual; ; {participant.email}", by=owner
    )
    rows = list(listed.stakeholders.all())
    assert standings_of(listed, rows) == {}
    start_draft(listed, author=drafter, organisation=forum)
    content = DraftInput(answers=[AnswerInput("why", "Because.")], group="individual")
    file_submission(listed, content, by=participant)
    names = {one.pk: one.name for one in rows}
    found = {names[pk]: state for pk, state in standings_of(listed, rows).items()}
    assert found == {forum.name: "began", "Pat": "filed"}


def test_who_is_not_seen_by_name_is_nobody_on_the_map(listed, participant, owner):
    add_stakeholders(listed, f"Pat; individual; ; {participant.email}", by=owner)
    draft = start_draft(listed, author=participant, group="individual")
    draft.visibility = "withheld"
    draft.save()
    assert standings_of(listed, list(listed.stakeholders.all())) == {}


def test_goals_and_who_is_missing(listed, owner):
    def told():
        return next(one.told for one in readiness_of(listed) if one.key == "stakeholders")

    assert "Research" in str(told())
    set_goals(listed, {"research": 5, "policymaker": 2, "association": 1, "union": 0}, by=owner)
    assert str(told()) == ""
    set_goals(listed, {"research": 3}, by=owner)
    assert list(listed.goals.values_list("group", "goal")) == [("research", 3)]
    with pytest.raises(InvalidEntry):
        set_goals(listed, {"research": -1}, by=owner)


def test_the_page_does_it_all_and_keeps_what_was_typed(listed, owner, client):
    client.force_login(owner)
    address = reverse("consultations:stakeholders", args=[listed.slug])
    assert "Lakeview Forum" in client.get(f"{address}?group=civil").content.decode()
    wrong = client.post(address, {"act": "list", "listed": "Nobody; kings"})
    assert wrong.status_code == 422
    assert "Nobody; kings" in wrong.content.decode()
    assert client.post(address, {"act": "goals", "goal-civil": "x"}).status_code == 422
    assert client.post(address, {"act": "goals", "goal-civil": "4"}).status_code == 302
    chosen = {"act": "invite", "stakeholders": ids(listed), "message": "Come."}
    assert client.post(address, chosen).status_code == 302
    assert client.post(address, chosen).status_code == 409
    gone = listed.stakeholders.first()
    assert client.post(address, {"act": f"remove-{gone.pk}"}).status_code == 302
    assert listed.stakeholders.count() == 2


def test_each_id_of_the_page_names_one_thing(listed, owner, client):
    client.force_login(owner)
    page = client.get(reverse("consultations:stakeholders", args=[listed.slug])).content.decode()
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))


def test_a_moderator_invites_nobody(listed, host):
    moderator = HostRoleFactory(host=host, role="moderator", user=UserFactory()).user
    with pytest.raises(NotAllowed):
        invite(listed, ids(listed), by=moderator)
    with pytest.raises(NotAllowed):
        remove_stakeholder(listed.stakeholders.first(), by=moderator)


def test_the_api_does_what_the_page_does(listed, owner, client):
    client.force_login(owner)
    root = f"/api/v1/workspace/consultations/{listed.slug}/"

    def ask(method, address, content=None):
        return getattr(client, method)(root + address, content, content_type="application/json")

    assert ask("post", "stakeholders/", {"listed": "More; civil"}).json() == {"count": 1}
    rows = client.get(root + "stakeholders/").json()["results"]
    assert [one["state"] for one in rows] == [""] * 4
    goals = {"goals": [{"group": "civil", "goal": 3}]}
    assert ask("put", "goals/", goals).json() == goals["goals"]
    invited = ask("post", "invitations/", {"stakeholders": [one["id"] for one in rows]})
    assert invited.json() == {"count": 2}
    assert ask("delete", f"stakeholders/{rows[0]['id']}/").status_code == 204
    watched = client.get(root + "watched/").json()
    assert {"group": "civil", "heard": 0, "goal": 3, "missing": 3} in watched["coverage"]
