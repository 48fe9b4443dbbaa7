"""A consultation is prepared: begun from an outline or an earlier one, and published when ready."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.accounts.groups import StakeholderGroup
from apps.audit.models import Entry
from apps.consultations.models import Consultation, Notice, Phase, Question
from apps.consultations.outlines import OUTLINES
from apps.consultations.plainness import plainness_of
from apps.consultations.readiness import readiness_of
from apps.consultations.services import (
    AlreadyPublished,
    BackgroundInput,
    DetailsInput,
    InvalidEntry,
    LastOwner,
    NotReady,
    PhaseEntry,
    ProvisionInput,
    StartInput,
    UnknownColleague,
    add_background,
    add_document,
    add_stakeholders,
    appoint,
    change_details,
    clone_consultation,
    close_early,
    dismiss,
    publish,
    schedule,
    set_goals,
    start_consultation,
    translate,
    write_text,
)
from apps.consultations.standing import standing_of
from apps.core.errors import NotAllowed
from apps.notifications.models import News
from apps.notifications.services import follow
from apps.responses.services.promising import PromiseEntry, promise
from tests.factories import HostRoleFactory, UserFactory

pytestmark = pytest.mark.django_db
BRUSSELS = "Europe/Brussels"


@pytest.fixture
def begun(host, owner):
    """An unpublished consultation on a draft text, its clock in Brussels."""
    entered = StartInput(title="A pause", kind="draft text", time_zone=BRUSSELS)
    return start_consultation(host, entered, by=owner)


def state_of(consultation, key):
    return next(item.state for item in readiness_of(consultation) if item.key == key)


@pytest.mark.parametrize("kind", OUTLINES)
def test_each_outline_begins_a_consultation_one_could_publish(kind, host, owner):
    made = start_consultation(host, StartInput(title="A pause", kind=kind), by=owner)
    assert not made.is_published
    assert made.questions.exists()
    assert made.moderation_policy
    assert made.analysis_policy
    blocking = [item.key for item in readiness_of(made) if item.state == "blocking"]
    assert blocking == []


def test_an_outline_speaks_the_language_of_the_consultation(host, owner):
    entered = StartInput(title="Une pause", kind="call for evidence", language="fr")
    made = start_consultation(host, entered, by=owner)
    english = start_consultation(host, StartInput("A pause", kind="call for evidence"), by=owner)
    assert [q.key for q in made.questions.all()] == [q.key for q in english.questions.all()]


def test_titles_that_are_alike_get_addresses_of_their_own(host, owner):
    slugs = [
        start_consultation(host, StartInput(title=title, kind="hearing"), by=owner).slug
        for title in ("A pause", "A pause!", "new", "平和")
    ]
    assert slugs == ["a-pause", "a-pause-2", "new-2", "consultation"]
    dockets = Consultation.objects.values_list("docket", flat=True)
    assert len(set(dockets)) == 4


def test_what_is_missing_at_the_start_is_said_by_field(host, owner):
    with pytest.raises(InvalidEntry) as refused:
        start_consultation(host, StartInput("", kind="party", time_zone="Mars/Base"), by=owner)
    assert set(refused.value.fields) == {"title", "kind", "time_zone"}


@pytest.mark.parametrize("role", ["moderator", "analyst", "dpo"])
def test_only_owners_and_editors_start_and_change(role, host, begun):
    person = HostRoleFactory(host=host, role=role).user
    with pytest.raises(NotAllowed):
        start_consultation(host, StartInput("A pause", kind="hearing"), by=person)
    with pytest.raises(NotAllowed):
        change_details(begun, DetailsInput("Mine"), by=person)


def test_a_clone_asks_the_same_and_holds_no_answer(begun, owner):
    document = add_document(begun, "The draft", by=owner)
    write_text(document, [ProvisionInput("art-1", "Scope", "It holds.")], by=owner)
    study = BackgroundInput("Study", "So.", "https://example.org/")
    add_background(begun, study, by=owner)
    change_details(begun, DetailsInput("A pause", languages=["fr"]), by=owner)
    translate(begun, "fr", {"title": "Une pause"}, by=owner)
    made = clone_consultation(begun, title="A second pause", by=owner)
    assert made.slug == "a-second-pause"
    assert made.time_zone == begun.time_zone
    asked = made.questions.order_by("position").values_list("key", "condition_key")
    assert list(asked) == list(
        begun.questions.order_by("position").values_list("key", "condition_key")
    )
    assert made.documents.get().draft_provisions.get().key == "art-1"
    assert made.background.get().title == "Study"
    assert made.translations.count() == 1
    lengths = [[p.closes_at - p.opens_at for p in c.phases.all()] for c in (begun, made)]
    assert len(lengths[0]) == len(lengths[1])
    assert made.phases.first().opens_at > timezone.now() + timedelta(days=13)


def test_phases_of_a_clone_keep_the_hour_over_a_change_of_clocks(begun, owner):
    schedule(begun, [PhaseEntry("comment", "2026-01-10T09:00", "2026-03-10T23:59")], by=owner)
    made = clone_consultation(begun, title="Again", by=owner)
    phase = made.phases.get()
    assert phase.opens_at.astimezone(made.zone).strftime("%H:%M") == "09:00"
    assert phase.closes_at.astimezone(made.zone).strftime("%H:%M") == "23:59"


@pytest.mark.parametrize(
    ("zone", "shown"), [("Europe/Berlin", "03:35"), ("America/New_York", "21:35"), ("UTC", "02:35")]
)
def test_the_page_of_dates_says_what_its_clocks_show(open_consultation, owner, client, zone, shown):
    Consultation.objects.filter(pk=open_consultation.pk).update(time_zone=zone)
    with time_machine.travel(datetime(2026, 11, 27, 2, 35, tzinfo=UTC), tick=False):
        client.force_login(owner)
        page = client.get(reverse("consultations:schedule", args=[open_consultation.slug]))
    assert f"where it is {shown} now" in page.content.decode()


class TestDates:
    """Phases are entered in the organiser's time zone and kept as instants."""

    def test_times_are_those_of_the_organiser(self, begun, owner):
        phases = schedule(
            begun, [PhaseEntry("comment", "2027-01-04T09:00", "2027-04-05T23:59")], by=owner
        )
        assert phases[0].opens_at == datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
        assert phases[0].closes_at == datetime(2027, 4, 5, 21, 59, tzinfo=UTC)

    def test_an_hour_that_clocks_skip_is_refused(self, begun, owner):
        with pytest.raises(InvalidEntry) as refused:
            schedule(begun, [PhaseEntry("comment", "2027-03-28T02:30")], by=owner)
        assert "never show this time" in str(refused.value.fields["phases.0.opens"][0])

    def test_of_an_hour_that_comes_twice_a_closing_is_the_later(self, begun, owner):
        entry = PhaseEntry("comment", "2027-10-31T02:30", "2027-10-31T02:30")
        (phase,) = schedule(begun, [entry], by=owner)
        assert phase.opens_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
        assert phase.closes_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)

    def test_phases_that_overlap_are_saved_and_the_page_says_so(self, begun, owner, client):
        client.force_login(owner)
        entries = [
            PhaseEntry("comment", "2027-03-01T00:00", "2027-05-31T23:59"),
            PhaseEntry("reply", "2027-03-06T00:00", "2027-04-03T23:59"),
        ]
        shown = self.saved(client, begun, entries)
        assert "The dates were saved." in shown
        assert "“Comment” and “Reply comment” overlap from 6 March 2027, 00:00 CET" in shown
        assert "to 3 April 2027, 23:59 CEST" in shown
        later = [entries[0], PhaseEntry("reply", "2027-06-06T00:00", "2027-07-03T23:59")]
        assert "overlap" not in self.saved(client, begun, later)

    def test_the_page_says_which_of_two_equal_times_was_saved(self, begun, owner, client):
        client.force_login(owner)
        shown = self.saved(client, begun, [PhaseEntry("comment", "2027-10-31T02:30", "")])
        assert "saved: 31 October 2027, 02:30 CEST (00:30 UTC)" in shown
        shown = self.saved(client, begun, [PhaseEntry("comment", "2027-10-31T03:30", "")])
        assert "Clocks show this time twice" not in shown

    def saved(self, client, consultation, entries):
        typed = {
            f"phases.{number}.{name}": value
            for number, entry in enumerate(entries)
            for name, value in vars(entry).items()
            if value
        }
        page = reverse("consultations:schedule", args=[consultation.slug])
        answer = client.post(page, {**typed, "rows": len(entries)}, follow=True)
        return answer.content.decode()

    def test_another_time_zone_moves_no_date(self, begun, owner):
        before = [(phase.opens_at, phase.closes_at) for phase in begun.phases.all()]
        details = DetailsInput.of(begun)
        changed = change_details(
            begun, DetailsInput(**{**vars(details), "time_zone": "America/New_York"}), by=owner
        )
        entries = [PhaseEntry.of(phase, changed) for phase in changed.phases.all()]
        schedule(changed, entries, by=owner)
        assert [(p.opens_at, p.closes_at) for p in changed.phases.all()] == before

    @pytest.mark.parametrize(
        ("entries", "place"),
        [
            ([("comment", "2027-02-01T00:00", "2027-01-01T00:00")], "phases.0.closes"),
            ([("comment", "2027-02-01T00:00", "2027-02-01T00:00")], "phases.0.closes"),
            ([("comment", "tomorrow", "")], "phases.0.opens"),
            ([("comment", "99999-01-01T00:00", "")], "phases.0.opens"),
            ([("party", "2027-02-01T00:00", "")], "phases.0.kind"),
            (
                [
                    ("comment", "2027-02-01T00:00", "2027-03-01T00:00"),
                    ("comment", "2027-02-28T00:00", "2027-04-01T00:00"),
                ],
                "phases.1.opens",
            ),
            (
                [
                    ("comment", "2027-02-01T00:00", ""),
                    ("comment", "2027-05-01T00:00", "2027-06-01T00:00"),
                ],
                "phases.1.opens",
            ),
            ([("reply", "2027-02-01T00:00", "")], "phases.0.opens"),
        ],
    )
    def test_phases_that_cannot_be_are_refused_at_their_place(self, entries, place, begun, owner):
        before = begun.phases.count()
        with pytest.raises(InvalidEntry) as refused:
            schedule(begun, [PhaseEntry(*entry) for entry in entries], by=owner)
        assert set(refused.value.fields) == {place}
        assert begun.phases.count() == before

    def test_more_time_needs_a_reason_that_everybody_reads(
        self, open_consultation, owner, participant
    ):
        follow(participant, kind="consultation", key=open_consultation.slug, frequency="daily")
        (entry,) = [
            PhaseEntry.of(phase, open_consultation) for phase in open_consultation.phases.all()
        ]
        later = PhaseEntry(**{**vars(entry), "closes": "2099-01-01T12:00"})
        with pytest.raises(InvalidEntry) as refused:
            schedule(open_consultation, [later], by=owner)
        assert "reason" in refused.value.fields
        schedule(open_consultation, [later], reason="Many asked for it.", by=owner)
        notice = open_consultation.notices.get()
        assert (notice.kind, notice.reason) == (Notice.Kind.EXTENDED, "Many asked for it.")
        (change,) = notice.changes
        assert (change["moment"], change["is"]) == ("closes", datetime(2099, 1, 1, 12, tzinfo=UTC))
        assert News.objects.filter(path__contains="#notice-").count() == 1
        assert Entry.objects.filter(kind="consultation.scheduled").exists()

    def test_only_what_was_moved_is_published(self, client, open_consultation):
        before = ["2027-03-01T12:00:00+00:00", "2027-03-06T23:59:00+00:00"]
        now = ["2027-03-02T12:00:00+00:00", before[1]]
        open_consultation.notices.create(
            kind=Notice.Kind.MOVED,
            reason="The hall was not free.",
            details={"phases": [{"phase": "Comments", "from": before, "to": now}]},
        )
        page = client.get(open_consultation.get_absolute_url()).content.decode()
        assert "Comments: opens 2 March 2027, 12:00 UTC instead of 1 March 2027, 12:00 UTC" in page
        assert ": closes " not in page

    def test_what_has_begun_keeps_its_beginning(self, open_consultation, owner):
        phase = open_consultation.phases.get()
        entry = PhaseEntry.of(phase, open_consultation)
        moved = PhaseEntry(**{**vars(entry), "opens": "2099-01-01T12:00", "closes": ""})
        with pytest.raises(InvalidEntry) as refused:
            schedule(open_consultation, [moved], reason="Later.", by=owner)
        assert set(refused.value.fields) == {"phases.0.opens"}

    def test_a_phase_somebody_answered_in_is_not_taken_out(
        self, open_consultation, owner, participant
    ):
        from apps.submissions.services import start_draft

        start_draft(open_consultation, author=participant, group="individual")
        with pytest.raises(InvalidEntry) as refused:
            schedule(open_consultation, [], reason="A mistake.", by=owner)
        assert set(refused.value.fields) == {"phases"}
        assert open_consultation.phases.count() == 1

    def test_closing_early_needs_a_reason_and_leaves_grace(self, open_phase, owner):
        with pytest.raises(InvalidEntry):
            close_early(open_phase, reason=" ", by=owner)
        closed = close_early(open_phase, reason="The law was withdrawn.", by=owner)
        assert not closed.is_open
        assert closed.is_in_grace(timezone.now() - timedelta(hours=1))
        assert open_phase.consultation.notices.get().kind == Notice.Kind.CLOSED
        with pytest.raises(InvalidEntry):
            close_early(open_phase, reason="Again.", by=owner)

    def test_the_badge_says_closed_early_and_when_replies_open(self, open_phase, owner, client):
        consultation = open_phase.consultation
        later = timezone.now() + timedelta(days=40)
        Phase.objects.create(consultation=consultation, kind=Phase.Kind.REPLY, opens_at=later)
        open_phase.closes_at = timezone.now() + timedelta(days=30)
        open_phase.save()
        close_early(open_phase, reason="The law was withdrawn.", by=owner)
        standing = standing_of(Consultation.objects.get(pk=consultation.pk))
        assert (standing.state, standing.label) == ("soon", "Closed early")
        assert standing.opens_next == "Replies open"
        client.force_login(owner)
        workspace = reverse("consultations:workspace-consultation", args=[consultation.slug])
        for address in (consultation.get_absolute_url(), workspace, reverse("consultations:list")):
            page = client.get(address).content.decode()
            assert "Closed early" in page
            assert "Replies open" in page
            assert "Opens later" not in page.split("</head>")[1].split("<h2")[0]

    def test_a_phase_that_ended_in_time_was_not_closed_early(
        self, closed_consultation, reply_phase
    ):
        reply_phase.opens_at = timezone.now() + timedelta(days=4)
        reply_phase.closes_at = None
        reply_phase.save()
        standing = standing_of(Consultation.objects.get(pk=closed_consultation.pk))
        assert (standing.label, standing.opens_next) == ("Closed", "Replies open")

    def test_what_is_extended_again_is_not_closed_early(self, open_phase, owner):
        consultation = open_phase.consultation
        closed = close_early(open_phase, reason="The law was withdrawn.", by=owner)
        entry = PhaseEntry.of(closed, consultation)
        schedule(consultation, [entry], by=owner)
        assert Phase.objects.get(pk=closed.pk).is_closed_early
        longer = PhaseEntry(**{**vars(entry), "closes": "2099-01-01T12:00"})
        schedule(consultation, [longer], reason="It goes on.", by=owner)
        assert not Phase.objects.get(pk=closed.pk).is_closed_early


class TestReadiness:
    """What is looked at before a consultation is published."""

    def test_a_short_window_is_open_until_it_is_justified(self, begun, owner):
        assert state_of(begun, "window") == "done"
        schedule(begun, [PhaseEntry("comment", "2027-01-04T09:00", "2027-01-18T09:00")], by=owner)
        begun = Consultation.objects.get(pk=begun.pk)
        assert state_of(begun, "window") == "open"
        details = DetailsInput(**{**vars(DetailsInput.of(begun)), "short_window_reason": "Urgent."})
        assert state_of(change_details(begun, details, by=owner), "window") == "done"

    def test_a_phase_for_comments_is_needed(self, begun, owner):
        schedule(begun, [], by=owner)
        begun = Consultation.objects.get(pk=begun.pk)
        assert state_of(begun, "window") == "blocking"
        with pytest.raises(NotReady):
            publish(begun, reason="So what.", by=owner)

    def test_of_what_was_published_nothing_has_to_be_planned_once_it_ended(
        self, closed_consultation, owner, client
    ):
        assert state_of(closed_consultation, "window") != "blocking"
        client.force_login(owner)
        page = client.get(reverse("consultations:readiness", args=[closed_consultation.slug])).text
        assert "before you publish" not in page
        assert "Plan a phase" not in page

    def test_hard_words_are_named(self, begun, owner):
        hard = " ".join(
            ["Notwithstanding interinstitutional considerations, applicability requirements"] * 20
        )
        details = DetailsInput(**{**vars(DetailsInput.of(begun)), "summary": hard})
        assert state_of(change_details(begun, details, by=owner), "reading") == "open"

    def test_the_figure_is_told_with_the_longest_sentence_and_the_hardest_provision(
        self, begun, owner, client
    ):
        plain = "We ask you what the committee should do about it. " * 3
        details = DetailsInput(**{**vars(DetailsInput.of(begun)), "summary": plain})
        begun = change_details(begun, details, by=owner)
        begun.questions.all().delete()
        (item,) = [one for one in readiness_of(begun) if one.key == "reading"]
        assert (item.state, item.figure) == ("done", "LIX 20")
        document = add_document(begun, "The draft", by=owner)
        easy = ProvisionInput("art-1", "Scope", "You can do as you like. " * 8)
        hard = ProvisionInput("art-2", "Duties", "Authorities communicate requirements. " * 12)
        write_text(document, [easy, hard], by=owner)
        found = plainness_of(begun)
        assert found.longest[0].size == 10
        assert found.hardest.url.endswith("/art-2/")
        client.force_login(owner)
        page = client.get(reverse("consultations:readiness", args=[begun.slug])).content.decode()
        assert "LIX 20" in page
        assert found.hardest.url in page

    def test_what_cannot_be_measured_says_so(self, begun, owner):
        details = DetailsInput(
            **{**vars(DetailsInput.of(begun)), "summary": "我们想听听您的意见。"}
        )
        begun = change_details(begun, details, by=owner)
        (item,) = [one for one in readiness_of(begun) if one.key == "reading"]
        assert (item.state, item.figure) == ("done", "not measured")

    def test_regions_nobody_is_listed_from_are_named(self, begun, owner):
        set_goals(begun, dict.fromkeys(StakeholderGroup.values, 3), by=owner)
        add_stakeholders(begun, "Lakeview Forum; civil; KE", by=owner)
        assert state_of(begun, "stakeholders") == "done"  # that of one country
        add_stakeholders(begun, "Bay; civil; JP\nHill; civil; BR\nFjord; civil; NO", by=owner)
        (item,) = [one for one in readiness_of(begun) if one.key == "stakeholders"]
        assert item.told == "Nobody is listed from: Northern America, Oceania."
        assert item.figure == "4 of 6 regions of the world"
        add_stakeholders(begun, "Reef; civil; FJ\nPine; civil; CA", by=owner)
        assert state_of(begun, "stakeholders") == "done"

    def test_a_translation_that_is_missing_or_old_is_open(self, begun, owner):
        details = DetailsInput(**{**vars(DetailsInput.of(begun)), "languages": ["fr"]})
        begun = change_details(begun, details, by=owner)
        assert state_of(begun, "language-fr") == "open"

    def test_publishing_with_open_items_needs_a_reason_that_is_published(self, begun, owner):
        document = add_document(begun, "The draft", by=owner)
        write_text(document, [ProvisionInput("art-1", "Scope", "It holds.")], by=owner)
        with pytest.raises(InvalidEntry) as refused:
            publish(begun, by=owner)
        assert set(refused.value.fields) == {"reason"}
        published = publish(begun, reason="The summit is in May.", by=owner)
        assert published.is_published
        assert document.versions.get().provisions.get().key == "art-1"
        assert not document.draft_provisions.exists()
        notice = published.notices.get()
        assert notice.reason == "The summit is in May."
        assert notice.open_items
        with pytest.raises(AlreadyPublished):
            publish(begun, reason="Again.", by=owner)

    def test_a_draft_text_without_its_text_is_open(self, begun, owner):
        assert state_of(begun, "content") == "open"
        content = next(item for item in readiness_of(begun) if item.key == "content")
        assert content.label == "Draft text", "questions are there: the text is what is missing"
        assert "no draft text yet" in str(content.told)
        assert "links" not in [item.key for item in readiness_of(begun)]
        document = add_document(begun, "The draft", by=owner)
        write_text(document, [ProvisionInput("art-1", "Scope", "It holds.")], by=owner)
        assert state_of(begun, "content") == "done"
        assert state_of(begun, "links") == "done", "its questions are about the whole text"

    def test_each_item_says_whether_it_is_needed(self, begun, owner, client):
        needed = [item.key for item in readiness_of(begun) if item.is_needed]
        assert needed == ["content", "window"]
        client.force_login(owner)
        page = client.get(reverse("consultations:readiness", args=[begun.slug])).content.decode()
        assert page.count('<span class="small soft">needed</span>') == 2
        assert '<span class="small soft">advised</span>' in page

    def test_nothing_is_open_where_everything_is_there(self, begun, owner):
        document = add_document(begun, "The draft", by=owner)
        write_text(document, [ProvisionInput("art-1", "Scope", "It holds.")], by=owner)
        details = {**vars(DetailsInput.of(begun)), "summary": "We ask you. Tell us what you need."}
        begun = change_details(begun, DetailsInput(**details), by=owner)
        set_goals(begun, dict.fromkeys(StakeholderGroup.values, 3), by=owner)
        add_stakeholders(begun, "Lakeview Forum; civil; KE", by=owner)
        assert [item.key for item in readiness_of(begun) if item.is_open] == ["promise"]
        promise(begun, PromiseEntry("80"), by=owner)
        assert [item.key for item in readiness_of(begun) if item.is_open] == []
        assert publish(begun, by=owner).notices.count() == 0


def test_a_new_consultation_keeps_the_clock_its_host_used_last(begun, owner, client):
    client.force_login(owner)
    page = client.get(reverse("consultations:new")).content.decode()
    assert f"<option selected>{BRUSSELS}</option>" in page
    assert "Start a new consultation from this one" in page


@pytest.mark.parametrize(
    ("role", "offered", "withheld"),
    [
        ("moderator", {"disputes", "take-in"}, {"details", "questions", "responses"}),
        ("analyst", {"responses"}, {"details", "disputes", "readiness", "take-in"}),
        ("dpo", {"readiness", "moderation", "disputes"}, {"details", "responses", "take-in"}),
        ("editor", {"details", "texts", "readiness", "responses", "take-in"}, {"disputes"}),
        ("owner", {"details", "responses", "disputes", "take-in"}, set()),
    ],
)
def test_each_role_is_led_to_what_it_may_do(role, offered, withheld, open_consultation, client):
    person = HostRoleFactory(host=open_consultation.host, role=role).user
    client.force_login(person)
    page = client.get(f"/workspace/{open_consultation.slug}/").content.decode()
    found = {name for name in offered | withheld if f"/workspace/open-consultation/{name}/" in page}
    assert found == offered


class TestStaff:
    """Owners decide who works for a host."""

    def test_an_owner_appoints_and_dismisses(self, host, owner):
        colleague = UserFactory(email="colleague@example.org")
        given = appoint(host, email=" Colleague@example.org", role="editor", by=owner)
        assert given.user == colleague
        dismiss(given, by=owner)
        assert not host.roles.filter(user=colleague).exists()

    def test_what_is_no_address_and_no_role_is_said(self, host, owner):
        with pytest.raises(UnknownColleague) as refused:
            appoint(host, email="nobody", role="king", by=owner)
        assert set(refused.value.fields) == {"email", "role"}

    def test_the_last_owner_stays(self, host, owner):
        with pytest.raises(LastOwner):
            dismiss(host.roles.get(user=owner), by=owner)

    def test_an_editor_appoints_nobody(self, host):
        editor = HostRoleFactory(host=host, role="editor").user
        with pytest.raises(NotAllowed):
            appoint(host, email=editor.email, role="owner", by=editor)


def test_the_kinds_of_phases_and_questions_of_outlines_are_known():
    for outline in OUTLINES.values():
        assert {window.kind for window in outline.windows} <= set(Phase.Kind.values)
        assert {ask.kind for ask in outline.questions} <= set(Question.Kind.values)


def test_languages_are_chosen_one_by_one(begun, owner, client):
    change_details(begun, DetailsInput("A pause", languages=["fr", "ar"]), by=owner)
    client.force_login(owner)
    page = client.get(reverse("consultations:details", args=[begun.slug])).text
    assert "multiple" not in page
    for tag in ("fr", "ar"):
        assert page.count(f'name="languages" value="{tag}" checked') == 1
    assert page.count('name="languages" value="es">') == 1
