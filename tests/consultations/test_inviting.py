"""The stakeholder map: whom a host wants to hear, invited by mail, and how far each of them is."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import Letter, Organisation
from apps.accounts.tasks import send_letter  # noqa: F401 - registers the job
from apps.consultations.listing import decoded, read_list
from apps.consultations.models import Stakeholder
from apps.consultations.readiness import readiness_of
from apps.consultations.sections import standings_of
from apps.consultations.services import (
    InvalidEntry,
    NobodyToInvite,
    add_organisations,
    add_stakeholders,
    invite,
    invite_organisations,
    remind,
    remove_stakeholder,
    set_goals,
)
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission, start_draft
from tests.factories import ConsultationFactory, HostRoleFactory, OrganisationFactory, UserFactory

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
    wrong = "Good; civil\n; civil\nKing; kings\nFar; civil; Atlantis\nMail; civil; KE; nowhere\n"
    with pytest.raises(InvalidEntry) as refused:
        add_stakeholders(open_consultation, wrong, by=owner)
    told = [str(one) for one in refused.value.fields["listed"]]
    assert [one.split(":")[0] for one in told] == ["Line 2", "Line 3", "Line 4", "Line 5"]
    assert not open_consultation.stakeholders.exists()


def test_a_country_that_is_none_is_refused(open_consultation, owner):
    with pytest.raises(InvalidEntry):
        add_stakeholders(open_consultation, "Far; civil; ZZ", by=owner)


def test_a_country_may_be_written_out(open_consultation, owner):
    add_stakeholders(open_consultation, "Far; civil; Kenya", by=owner)
    assert open_consultation.stakeholders.get().country == "KE"


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
    assert client.post(address, {"act": f"remove-{gone.pk}", "sure": 1}).status_code == 302
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


class TestOrganisationsKnownHere:
    """A host finds organisations by their public record, and writes to who may submit."""

    @pytest.fixture
    def known(self, forum, member, drafter):
        forum.country, forum.group = "KE", "civil"
        forum.verified_until = timezone.now() + timedelta(days=9)
        forum.save()
        OrganisationFactory(name="Held Back", slug="held-back", state="held", country="KE")
        OrganisationFactory(name="Fjord Watch", slug="fjord-watch", country="NO", group="civil")
        return forum

    def test_they_are_found_by_name_group_and_region(self, open_consultation, known, owner, client):
        client.force_login(owner)
        address = reverse("consultations:stakeholders-known", args=[open_consultation.slug])
        page = client.get(address).content.decode()
        assert "Fjord Watch" in page
        assert "Held Back" not in page
        assert "member@example.org" not in page
        for asked in ("words=citizen", "region=africa&group=civil"):
            page = client.get(f"{address}?{asked}").content.decode()
            assert "Citizens&#x27; Forum" in page
            assert "Verified" in page
            assert "Fjord Watch" not in page
        assert "No organisation matches." in client.get(f"{address}?group=union").content.decode()

    def test_the_mail_goes_to_members_who_may_submit(self, open_consultation, known, owner, client):
        client.force_login(owner)
        address = reverse("consultations:stakeholders-known", args=[open_consultation.slug])
        sent = client.post(address, {"act": "invite", "organisations": [known.pk]})
        assert sent.status_code == 302
        assert [one.address for one in Letter.objects.all()] == ["member@example.org"]
        (row,) = open_consultation.stakeholders.all()
        assert (row.name, row.group, row.country) == (known.name, "civil", "KE")
        assert row.organisation == known
        assert row.invited_at is not None
        assert client.post(address, {"act": "add"}).status_code == 422

    def test_who_has_nobody_to_write_to_is_not_added_by_an_invitation(
        self, open_consultation, known, owner
    ):
        alone = Organisation.objects.get(slug="fjord-watch")
        with pytest.raises(NobodyToInvite):
            invite_organisations(open_consultation, [alone.pk], by=owner)
        assert not open_consultation.stakeholders.exists()
        assert len(add_organisations(open_consultation, [alone.pk], by=owner)) == 1

    def test_what_is_not_on_the_public_list_is_not_added(self, open_consultation, known, owner):
        held = Organisation.objects.get(slug="held-back")
        assert add_organisations(open_consultation, [held.pk], by=owner) == []

    def test_programs_find_them_by_name_group_and_region(
        self, open_consultation, known, owner, client, django_assert_max_num_queries
    ):
        client.force_login(owner)
        address = f"/api/v1/workspace/consultations/{open_consultation.slug}/stakeholders/known/"
        for query, is_there in (
            ("q=citizens", True),
            ("q=nobody", False),
            ("q=citizens&group=civil&region=africa", True),
            ("group=company", False),
            ("region=asia", False),
        ):
            found = client.get(f"{address}?{query}").json()["results"]
            assert [one["slug"] for one in found] == [known.slug] * is_there, query
        assert found == []
        assert client.get(address + "?group=kings").status_code == 400
        assert client.get(address).json()["results"][0]["is_on_list"] is False
        add_organisations(open_consultation, [known.pk], by=owner)
        OrganisationFactory.create_batch(5)
        with django_assert_max_num_queries(8):
            rows = client.get(address).json()["results"]
        assert [one["is_on_list"] for one in rows] == [True] + [False] * 6
        assert set(rows[0]) == {"slug", "name", "group", "country", "is_on_list"}

    def test_programs_invite_them_too(self, open_consultation, known, owner, client):
        client.force_login(owner)
        address = f"/api/v1/workspace/consultations/{open_consultation.slug}/invitations/"
        asked = {"organisations": ["citizens-forum"]}
        told = client.post(address, asked, content_type="application/json")
        assert told.json() == {"count": 1}

    def test_the_search_costs_the_same_for_one_and_for_many(
        self, open_consultation, known, owner, client, django_assert_max_num_queries
    ):
        client.force_login(owner)
        address = reverse("consultations:stakeholders-known", args=[open_consultation.slug])
        for number in range(30):
            OrganisationFactory(name=f"Group {number}", slug=f"group-{number}")
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200


class TestReminding:
    """Nobody gets more than one mail a week; who has not begun is reminded after it."""

    def test_the_page_says_when_the_next_mail_may_go_out(self, listed, owner, client):
        client.force_login(owner)
        address = reverse("consultations:stakeholders", args=[listed.slug])
        assert "reminder" not in client.get(address).content.decode()
        invite(listed, ids(listed), by=owner)
        page = client.get(address).content.decode()
        assert "The next reminder can go out from" in page
        assert page.count("next mail from") == 2
        assert "disabled" not in page
        assert 'value="remind"' not in page
        assert client.post(address, {"act": "remind"}).status_code == 409
        listed.stakeholders.exclude(email="").update(invited_at=timezone.now() - timedelta(days=8))
        assert 'value="remind"' in client.get(address).content.decode()

    def test_the_map_says_how_many_mails_went_out_and_when_the_last_did(
        self, listed, owner, client
    ):
        client.force_login(owner)
        address = reverse("consultations:stakeholders", args=[listed.slug])
        invite(listed, ids(listed), by=owner)
        page = client.get(address).text
        assert page.count("invited on") == 2
        assert "crews@example.org" in page
        Stakeholder.objects.filter(invitations=1).update(
            invited_at=timezone.now() - timedelta(days=8)
        )
        remind(listed, by=owner)
        page = client.get(address).text
        assert "invited on" not in page
        assert page.count("2 mails, the last on") == 2
        rows = client.get(f"/api/v1/workspace/consultations/{listed.slug}/stakeholders/").json()
        assert [one["invitations"] for one in rows["results"]] == [2, 2, 0]

    def test_who_began_is_not_reminded(self, listed, owner, participant):
        add_stakeholders(listed, f"Pat; individual; ; {participant.email}", by=owner)
        assert invite(listed, ids(listed), by=owner) == 3
        start_draft(listed, author=participant, group="individual")
        Stakeholder.objects.exclude(invited_at=None).update(
            invited_at=timezone.now() - timedelta(days=8)
        )
        assert remind(listed, by=owner) == 2
        last = Letter.objects.filter(context__is_reminder=True)
        assert {one.address for one in last} == {"forum@example.org", "crews@example.org"}
        with pytest.raises(NobodyToInvite):
            remind(listed, by=owner)

    def test_programs_remind_under_the_same_limit(self, listed, owner, participant, client):
        client.force_login(owner)
        address = f"/api/v1/workspace/consultations/{listed.slug}/reminders/"
        invite(listed, ids(listed), by=owner)
        refused = client.post(address, {}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (409, "nobody_to_invite")
        Stakeholder.objects.exclude(invited_at=None).update(
            invited_at=timezone.now() - timedelta(days=8)
        )
        sent = client.post(address, {"message": "Soon."}, content_type="application/json")
        assert sent.json() == {"count": 2}
        assert Letter.objects.filter(context__is_reminder=True).count() == 2
        again = client.post(address, {}, content_type="application/json")
        assert again.status_code == 409
        client.force_login(participant)
        assert client.post(address, {}, content_type="application/json").status_code == 404


class TestReadingAFile:
    """A CSV is shown before anything is kept, with the rows that cannot be."""

    def sent(self, client, consultation, data):
        address = reverse("consultations:stakeholders", args=[consultation.slug])
        file = SimpleUploadedFile("list.csv", data, content_type="text/csv")
        return client.post(address, {"act": "upload", "file": file})

    def test_good_rows_stand_in_the_form_and_bad_ones_are_named(
        self, open_consultation, owner, client
    ):
        client.force_login(owner)
        data = "E-mail,Name,Group,Country\na@example.org,Añil,civil,KE\n,King,kings,\n".encode()
        page = self.sent(client, open_consultation, data).content.decode()
        assert "Añil; civil; KE; a@example.org" in page
        assert "Line 3" in page
        assert "“kings” is no stakeholder group." in page
        assert not open_consultation.stakeholders.exists()

    def test_no_file_is_no_list(self, open_consultation, owner, client):
        client.force_login(owner)
        address = reverse("consultations:stakeholders", args=[open_consultation.slug])
        assert client.post(address, {"act": "upload"}).status_code == 422

    def test_a_workbook_is_not_shown_as_rows(self, open_consultation, owner, client):
        client.force_login(owner)
        page = self.sent(client, open_consultation, b"PK\x03\x04\x14\x00\x06\x00")
        assert page.status_code == 422
        assert "This is no CSV file." in page.content.decode()

    def test_a_quotation_mark_left_open_loses_no_row_before_it(self):
        rows = read_list('Bay; civil\n"' + "Long; civil\n" * 20_000)
        assert [(one.name, bool(one.told)) for one in rows] == [("Bay", False), ("", True)]

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("N" * 201 + "; civil", "Line 1: the name is longer than 200 signs."),
            ("Bay", "Line 1: give the stakeholder group."),
        ],
    )
    def test_what_is_wrong_with_a_row_is_said(self, line, told):
        (row,) = read_list(line)
        assert [str(one) for one in row.told] == [told]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_it_is_read_however_it_was_saved(self, encoding):
        rows = read_list(decoded("name;group\nAñil; civil\n".encode(encoding)))
        assert [(one.name, one.group, list(one.told)) for one in rows] == [("Añil", "civil", [])]

    def test_a_line_that_was_read_can_be_read_again(self):
        row, _next = read_list('"Oil, Gas; Ltd",company,NO,a@example.org\nBay,civil')
        (again,) = read_list(row.line)
        assert again.fields == {**row.fields, "name": "Oil, Gas Ltd"}


@pytest.mark.parametrize(
    ("language", "head"),
    [
        ("en", "E-mail;Organisation;Stakeholder group"),
        ("fr", "Adresse électronique;Nom;Catégorie"),
        ("es", "Dirección de correo electrónico;Nombre;Grupo"),
        ("ar", "عنوان البريد الإلكتروني;الاسم;الفئة"),
    ],
)
def test_a_file_may_name_its_columns_in_the_language_of_the_page(language, head):
    with translation.override(language):
        (row,) = read_list(f"{head}\nann@example.org;Forum;civil")
    assert (row.name, row.group, row.email, row.told) == ("Forum", "civil", "ann@example.org", ())
