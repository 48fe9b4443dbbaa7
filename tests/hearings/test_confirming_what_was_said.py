"""What a speaker confirms becomes a submission; nothing else leaves the workspace."""

import re

import pytest
import time_machine
from django.core import mail, signing
from django.urls import reverse

from apps.accounts.mailing import send
from apps.accounts.models import Letter, Membership
from apps.audit.models import Entry, Receipt
from apps.consultations.services import ProvisionInput, publish_version
from apps.core.errors import NotAllowed
from apps.hearings.errors import (
    InvalidHearing,
    NothingToConfirm,
    NothingToSend,
    NotNow,
    StatementChanged,
)
from apps.hearings.models import Statement
from apps.hearings.proving import read_token, token_of
from apps.hearings.services import (
    Confirmation,
    StatementInput,
    answer_statements,
    change_statement,
    publish_minutes,
    recall_statement,
    remind_speakers,
    remove_statement,
    send_statements,
    write_statement,
)
from apps.jobs.executing import run_until_idle
from apps.responses.ledger import LedgerFilter, rows_of
from apps.submissions.models import GroupTally, Point, PointTally, Submission
from apps.submissions.services import (
    filed_content,
    merge_organisations,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    SpeakerFactory,
    UserFactory,
    days,
)

pytestmark = pytest.mark.django_db
WORDS = "Seventy-two hours are too long."


def minutes_page(client, hearing):
    return client.get(hearing.minutes_url).content.decode()


# --- what is filed --------------------------------------------------------------------------
def test_a_confirmed_statement_is_a_point_of_the_organisation(
    spokeswoman, member, forum, write, confirm, held
):
    said = write(spokeswoman, ask="amend")
    filed = confirm(spokeswoman, by=member)
    said.refresh_from_db()
    assert (filed.source, filed.state) == ("hearing", "submitted")
    assert (filed.author, filed.organisation, filed.organisation_name) == (
        member,
        forum,
        forum.name,
    )
    assert (filed.group, filed.identity) == ("civil", "account")
    assert filed.submitted_at == held.starts_at
    assert filed.phase.kind == "comment"
    point = filed.points.get()
    assert (point.provision.key, point.stance, point.ask) == ("article-1", "oppose", "amend")
    assert point.reason == WORDS
    assert (said.state, said.point, said.submission) == ("confirmed", point, filed)


def test_a_private_person_is_filed_without_a_name(speaker, participant, write, confirm):
    write(speaker)
    filed = confirm(speaker, by=participant)
    assert (filed.organisation_name, filed.organisation) == ("", None)
    assert (filed.author, filed.group) == (participant, "individual")


def test_statements_on_one_question_are_one_answer(speaker, participant, write, confirm):
    write(speaker, "It ends.", about="question:why", stance="", is_sent=False)
    write(speaker, "It starts anew.", about="question:why", stance="")
    filed = confirm(speaker, by=participant)
    answer = filed.answers.get()
    assert answer.text == "It ends.\n\nIt starts anew."
    assert {one.answer for one in filed.statements.all()} == {answer}


def test_a_stance_on_a_question_that_asks_for_one(speaker, participant, write, confirm):
    write(speaker, "Yes.", about="question:position", stance="support")
    assert confirm(speaker, by=participant).answers.get().stance == "support"


def test_it_counts_like_every_other_point(
    speaker, participant, write, confirm, open_consultation, owner, client
):
    write(speaker)
    assert not PointTally.objects.exists()
    filed = confirm(speaker, by=participant)
    tally = PointTally.objects.get()
    assert (tally.provision.key, tally.group, tally.stance, tally.points) == (
        "article-1",
        "individual",
        "oppose",
        1,
    )
    assert GroupTally.objects.get(question=None).submissions == 1
    rows = rows_of(open_consultation, LedgerFilter(kind="points"))
    assert [row.submission_id for row in rows] == [filed.pk]
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[open_consultation.slug])
    assert WORDS in client.get(ledger).content.decode()


def test_its_speaker_finds_it_and_can_withdraw_it(
    speaker, participant, write, confirm, held, client
):
    write(speaker)
    filed = confirm(speaker, by=participant)
    client.force_login(participant)
    assert filed.reference in client.get(reverse("briefings:mine")).content.decode()
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "Said at a hearing, confirmed by the speaker" in page
    assert f'href="{held.get_absolute_url()}"' in page
    withdraw(filed, by=participant)
    assert Submission.objects.get(pk=filed.pk).state == "withdrawn"


def test_the_receipt_is_over_what_was_confirmed_and_comes_by_mail(
    speaker, participant, write, confirm
):
    write(speaker)
    filed = confirm(speaker, by=participant)
    receipt = Receipt.objects.get(number=filed.reference)
    held = filed_content(filed)
    assert held["points"][0]["reason"] == WORDS
    assert receipt.salt is not None
    run_until_idle(f"passages:{filed.pk}")
    letter = Letter.objects.get(template="submissions/mail/filed")
    assert letter.address == participant.email


def test_a_hearing_outside_every_phase_belongs_to_the_newest_comment_phase(
    speaker, participant, write, confirm, held
):
    phase = held.consultation.phases.get()
    phase.opens_at, phase.closes_at = days(-30), days(-20)
    phase.save()
    write(speaker)
    filed = confirm(speaker, by=participant)
    assert filed.phase == phase
    run_until_idle(f"passages:{filed.pk}")
    # Nothing can be revised any more, so no mail says until when.
    assert Letter.objects.get(template="submissions/mail/filed").context["until"] == ""


def test_a_consultation_without_a_phase_takes_what_was_said(
    speaker, participant, write, confirm, held
):
    write(speaker)
    held.consultation.phases.all().delete()
    assert confirm(speaker, by=participant).phase is None


def test_a_provision_that_was_taken_out_since_was_still_spoken_of(
    speaker, participant, write, confirm, held
):
    write(speaker)
    provisions = [ProvisionInput("article-9", "Nine", "Other.")]
    publish_version(held.consultation, slug="draft", title="Draft", provisions=provisions)
    assert confirm(speaker, by=participant).points.get().provision.version.number == 1


def test_a_second_round_files_a_second_submission(speaker, participant, write, confirm):
    write(speaker)
    first = confirm(speaker, by=participant)
    write(speaker, "And name who observes.")
    second = confirm(speaker, by=participant)
    assert first != second
    assert Submission.objects.filter(author=participant, state="submitted").count() == 2
    assert [point.reason for point in Point.objects.order_by("pk")] == [
        WORDS,
        "And name who observes.",
    ]


# --- what the speaker says ------------------------------------------------------------------
def test_the_speakers_own_words_are_filed_and_staffs_are_kept(
    speaker, participant, write, confirm, owner, client, held
):
    said = write(speaker)
    filed = confirm(speaker, "correct", by=participant, text="Give 48 hours.", stance="changes")
    said.refresh_from_db()
    assert (said.text, said.corrected_text, said.state) == (WORDS, "Give 48 hours.", "confirmed")
    point = filed.points.get()
    assert (point.reason, point.stance) == ("Give 48 hours.", "changes")
    client.force_login(owner)
    page = reverse("hearings:statements", args=[held.consultation.slug, held.slug])
    shown = client.get(page).content.decode()
    assert WORDS in shown
    assert "Give 48 hours." in shown


@pytest.mark.parametrize(("act", "state"), [("strike", "struck"), ("contest", "contested")])
def test_what_is_struck_or_contested_is_filed_nowhere(
    speaker, participant, write, confirm, act, state
):
    said = write(speaker)
    assert confirm(speaker, act, by=participant) is None
    said.refresh_from_db()
    assert said.state == state
    assert not Submission.objects.exists()


def test_each_gets_an_answer_of_its_own_at_once(speaker, participant, write):
    first = write(speaker, "One.", is_sent=False)
    second = write(speaker, "Two.", is_sent=False)
    third = write(speaker, "Three.")
    given = [
        Confirmation(first.pk, "confirm", 1),
        Confirmation(second.pk, "strike", 1),
        Confirmation(third.pk, "correct", 1, text="3."),
    ]
    filed = answer_statements(speaker, given, by=participant)
    assert [point.reason for point in filed.points.all()] == ["One.", "3."]
    entry = Entry.objects.get(kind="statements.answered")
    assert entry.detail["statements"][str(second.pk)] == "struck"


def test_what_is_contested_can_be_written_anew_and_confirmed(
    speaker, participant, write, confirm, owner
):
    said = write(speaker)
    confirm(speaker, "contest", by=participant, text="I spoke of days.")
    change_statement(
        Statement.objects.get(pk=said.pk), StatementInput("Days.", "provision:article-1"), by=owner
    )
    send_statements(speaker, by=owner)
    filed = confirm(speaker, by=participant)
    # What was said against the first wording does not stand in place of the second.
    assert filed.points.get().reason == "Days."


def test_confirming_twice_is_refused(speaker, participant, write, confirm):
    write(speaker)
    confirm(speaker, by=participant)
    with pytest.raises(NothingToConfirm):
        confirm(speaker, by=participant)
    assert Submission.objects.count() == 1


def test_nobody_confirms_what_they_did_not_read(speaker, participant, write, owner):
    said = write(speaker)
    recall_statement(said, by=owner)
    change_statement(said, StatementInput("Otherwise.", "provision:article-1"), by=owner)
    send_statements(speaker, by=owner)
    with pytest.raises(StatementChanged):
        answer_statements(speaker, [Confirmation(said.pk, "confirm", 1)], by=participant)
    assert not Submission.objects.exists()


def test_nobody_answers_for_somebody_else(speaker, spokeswoman, participant, rival, drafter, write):
    said = write(speaker)
    given = [Confirmation(said.pk, "confirm", said.revision)]
    for other in (rival, None):
        with pytest.raises(NotAllowed):
            answer_statements(speaker, given, by=other)
    theirs = write(spokeswoman)
    own = [Confirmation(theirs.pk, "confirm", 1)]
    for other in (drafter, participant):  # may not submit for the forum
        with pytest.raises(NotAllowed):
            answer_statements(spokeswoman, own, by=other)
    with pytest.raises(StatementChanged):  # not among the speaker's own
        answer_statements(speaker, own, by=participant)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"act": ""}, "act"),
        ({"act": "perhaps"}, "act"),
        ({"act": "correct"}, "text"),
        ({"act": "correct", "text": "x" * 4_001}, "text"),
        ({"act": "correct", "text": "a\x00b"}, "text"),
        ({"act": "correct", "text": "So.", "stance": "maybe"}, "stance"),
        ({"act": "correct", "text": "So.", "ask": "burn"}, "ask"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_named(speaker, participant, write, more, field):
    said = write(speaker)
    with pytest.raises(InvalidHearing) as refused:
        answer_statements(speaker, [Confirmation(said.pk, revision=1, **more)], by=participant)
    assert list(refused.value.fields) == [f"{field}-{said.pk}"]


def test_every_statement_needs_an_answer(speaker, participant, write):
    first, second = write(speaker, is_sent=False), write(speaker, "Two.")
    with pytest.raises(InvalidHearing) as refused:
        answer_statements(speaker, [Confirmation(first.pk, "confirm", 1)], by=participant)
    assert list(refused.value.fields) == [f"act-{second.pk}"]


# --- without an account ---------------------------------------------------------------------
def test_the_link_of_the_mail_is_enough_and_following_it_changes_nothing(
    unknown, write, client, held
):
    said = write(unknown)
    letter = Letter.objects.get(template="hearings/mail/statements")
    assert letter.address == "uma@example.org"
    page = "/" + letter.context["statements"].split("/", 3)[3]
    shown = client.get(page).content.decode()
    assert WORDS in shown
    assert Statement.objects.get().state == "sent"
    refused = client.post(page, {f"revision-{said.pk}": "1"})
    assert refused.status_code == 422
    answer = client.post(page, {f"act-{said.pk}": "confirm", f"revision-{said.pk}": "1"})
    assert answer.status_code == 302
    filed = Submission.objects.get()
    assert (filed.author, filed.organisation_name, filed.identity) == (
        None,
        "Union of Crews",
        "email",
    )
    receipt = Letter.objects.get(template="hearings/mail/filed")
    assert receipt.context["number"] == filed.reference
    disown = "/" + receipt.context["disown"].split("/", 3)[3]
    assert client.post(disown).status_code == 302
    filed.refresh_from_db()
    assert filed.disputed_at is not None


def test_who_has_the_link_withdraws_with_it(unknown, write, confirm, client):
    write(unknown)
    filed = confirm(unknown, by=None)
    token = token_of(unknown)
    place = reverse("hearings:statements-withdraw", args=[token, filed.reference])
    assert client.post(place).status_code == 302
    filed.refresh_from_db()
    assert filed.state == "withdrawn"
    assert client.post(place).status_code == 409


def test_a_link_withdraws_nothing_of_others(unknown, speaker, participant, write, confirm, client):
    write(speaker)
    filed = confirm(speaker, by=participant)
    place = reverse("hearings:statements-withdraw", args=[token_of(unknown), filed.reference])
    assert client.post(place).status_code == 404


def test_a_link_is_for_the_address_of_today_and_not_for_accounts(unknown, speaker, client):
    token = token_of(unknown)
    assert read_token(token) == unknown
    unknown.email = "other@example.org"
    unknown.save()
    with pytest.raises(signing.BadSignature):
        read_token(token)
    for wrong in (token, "nonsense"):
        page = reverse("hearings:statements-link", args=[wrong])
        assert client.get(page).status_code == 404
    # Somebody with an account answers with it alone, whoever has a link.
    page = reverse("hearings:statements-link", args=[token_of(speaker)])
    assert client.post(page, {}).status_code == 403


# --- nothing before ------------------------------------------------------------------------
PUBLIC = (
    "consultations:detail",
    "consultations:feed",
    "consultations:calendar",
    "submissions:list",
    "hearings:list",
)


def test_nothing_unconfirmed_is_public_anywhere(
    speaker, unknown, write, confirm, held, owner, participant, client
):
    secret = "Quetzalcoatl observes"
    write(speaker, f"{secret} one.")
    write(unknown, f"{secret} two.")
    confirm(unknown, "strike", by=None)
    write(unknown, f"{secret} three.", is_sent=False)
    publish_minutes(held, by=owner)
    slug = held.consultation.slug
    addresses = [reverse(name, args=[slug]) for name in PUBLIC]
    addresses += [reverse(f"hearings:{name}", args=[slug, held.slug]) for name in ("detail",)]
    addresses += [held.minutes_url, reverse("hearings:calendar", args=[slug, held.slug])]
    addresses += [f"{reverse('submissions:search')}?q=Quetzalcoatl"]
    addresses += [f"{reverse('submissions:list', args=[slug])}?q=Quetzalcoatl"]
    api = f"/api/v1/consultations/{slug}/"
    addresses += [api, f"{api}submissions/", f"{api}hearings/", f"{api}hearings/{held.slug}/"]
    addresses += [f"{api}hearings/{held.slug}/minutes/", "/api/v1/search/?q=Quetzalcoatl"]
    for reader in (None, UserFactory(), participant):
        if reader:
            client.force_login(reader)
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert secret not in answer.content.decode(), address
    assert "1 statement waits for its speaker." in minutes_page(client, held)


def test_the_speakers_mail_address_and_name_stay_with_staff(
    speaker, unknown, write, confirm, held, owner, client
):
    speaker.name = "Pat Participant"
    speaker.save()
    write(unknown)
    confirm(unknown, by=None)
    publish_minutes(held, by=owner)
    api = f"/api/v1/consultations/{held.consultation.slug}/hearings/{held.slug}/"
    for address in (held.get_absolute_url(), held.minutes_url, api, f"{api}minutes/"):
        shown = client.get(address).content.decode()
        for private in ("uma@example.org", "Uma Unknown", "Pat Participant", "participant@"):
            assert private not in shown, (address, private)
        assert "Union of Crews" in shown


# --- the minutes ----------------------------------------------------------------------------
def test_the_minutes_lead_from_each_statement_to_its_point(
    spokeswoman, member, write, confirm, held, owner, client
):
    item = held.items.get()
    write(spokeswoman, item=str(item.pk))
    filed = confirm(spokeswoman, by=member)
    assert client.get(held.minutes_url).status_code == 404
    publish_minutes(held, by=owner)
    shown = minutes_page(client, held)
    assert f"{filed.get_absolute_url()}#point-1" in shown
    assert "Citizens&#x27; Forum" in shown
    assert shown.index("Thresholds") < shown.index(WORDS)
    page = client.get(filed.get_absolute_url()).content.decode()
    assert f'href="{held.minutes_url}"' in page


def test_printed_minutes_say_where_they_are_from_and_of_when(held, owner, client, settings):
    publish_minutes(held, by=owner)
    settings.PLENARY_URL = "https://plenary.example.org"
    with time_machine.travel("2031-02-03 10:00Z"):
        shown = minutes_page(client, held)
    [printed] = re.findall(r'<p class="small print-only">(.*?)</p>', shown)
    assert f"https://plenary.example.org{held.minutes_url}" in printed
    assert "3 February 2031" in printed
    assert (
        ".print-only { display: none; }" in (settings.BASE_DIR / "static/plenary.css").read_text()
    )


def test_words_that_were_withdrawn_are_gone_from_the_minutes(
    spokeswoman, member, write, confirm, held, owner, client
):
    write(spokeswoman)
    filed = confirm(spokeswoman, by=member)
    publish_minutes(held, by=owner)
    withdraw(filed, by=member)
    shown = minutes_page(client, held)
    assert WORDS not in shown
    assert "These words are no longer shown" in shown
    api = f"/api/v1/consultations/{held.consultation.slug}/hearings/{held.slug}/minutes/"
    assert WORDS not in client.get(api).content.decode()


def test_a_name_withheld_later_is_withheld_in_the_minutes_too(
    spokeswoman, member, write, confirm, held, owner, client
):
    write(spokeswoman)
    filed = confirm(spokeswoman, by=member)
    publish_minutes(held, by=owner)
    draft = start_revision(filed, by=member)
    draft.visibility = "withheld"
    draft.save()
    submit(draft, by=member)
    assert "Citizens&#x27; Forum" not in minutes_page(client, held)


def test_a_named_private_person_is_named_in_the_minutes(
    speaker, participant, write, confirm, held, owner, client
):
    speaker.is_named, speaker.name = True, "Pat Participant"
    speaker.save()
    write(speaker)
    confirm(speaker, by=participant)
    publish_minutes(held, by=owner)
    assert "Pat Participant" in minutes_page(client, held)


def test_the_name_of_a_private_person_goes_with_the_words(
    speaker, participant, write, confirm, held, owner, client
):
    speaker.is_named, speaker.name = True, "Pat Participant"
    speaker.save()
    write(speaker)
    filed = confirm(speaker, by=participant)
    publish_minutes(held, by=owner)
    withdraw(filed, by=participant)
    assert "Pat Participant" not in minutes_page(client, held)


def test_the_minutes_cost_the_same_however_much_was_said(
    held, owner, write, confirm, client, django_assert_max_num_queries
):
    def spoken(count):
        for _time in range(count):
            one = SpeakerFactory(hearing=held, state="accepted")
            write(one)
            confirm(one, by=one.person)

    spoken(1)
    publish_minutes(held, by=owner)
    with django_assert_max_num_queries(20) as seen:
        client.get(held.minutes_url)
    count = len(seen)
    spoken(4)
    with django_assert_max_num_queries(count):
        client.get(held.minutes_url)


# --- staff writes -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 4_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"about": "provision:article-77"}, "about"),
        ({"about": "question:nobody-asked"}, "about"),
        ({"about": "elsewhere"}, "about"),
        ({"about": ""}, "about"),
        ({"stance": "maybe"}, "stance"),
        ({"about": "question:why"}, "stance"),
        ({"about": "question:position", "ask": "keep"}, "ask"),
        ({"ask": "burn"}, "ask"),
        ({"item": "99999"}, "item"),
    ],
)
def test_a_statement_that_cannot_be_kept_is_named(speaker, owner, more, field):
    whole = {"text": WORDS, "about": "provision:article-1", "stance": "oppose", **more}
    with pytest.raises(InvalidHearing) as refused:
        write_statement(speaker, StatementInput(**whole), by=owner)
    assert list(refused.value.fields) == [field]


def test_one_speaker_has_one_stance_on_one_question(speaker, owner, write):
    write(speaker, "Yes.", about="question:position", stance="support", is_sent=False)
    with pytest.raises(InvalidHearing):
        write(speaker, "No.", about="question:position", stance="oppose")


def test_sending_nothing_is_refused_and_so_is_sending_to_nobody(speaker, unknown, owner, write):
    with pytest.raises(NothingToSend):
        send_statements(speaker, by=owner)
    write(unknown, is_sent=False)
    unknown.email = ""
    unknown.save()
    with pytest.raises(NothingToSend):
        send_statements(unknown, by=owner)


def test_what_was_sent_stays_as_it_is_until_it_is_taken_back(speaker, owner, write):
    said = write(speaker)
    entered = StatementInput("Otherwise.", "provision:article-1")
    with pytest.raises(NotNow):
        change_statement(said, entered, by=owner)
    with pytest.raises(NotNow):
        remove_statement(said, by=owner)
    recall_statement(said, by=owner)
    remove_statement(said, by=owner)
    assert not Statement.objects.exists()


def test_nothing_is_written_before_the_hearing_or_of_who_did_not_speak(
    hearing, participant, owner, held
):
    asked = SpeakerFactory(hearing=held, person=participant)
    entered = StatementInput(WORDS, "provision:article-1")
    with pytest.raises(NotNow):
        write_statement(asked, entered, by=owner)
    asked.state = "accepted"
    asked.save()
    held.starts_at = held.requests_close_at = days(2)
    held.ends_at = days(3)
    held.save()
    with pytest.raises(NotNow):
        write_statement(asked, entered, by=owner)


def test_others_of_the_host_write_nothing(speaker, analyst, moderator, stranger_to_the_host):
    for person in (analyst, moderator, stranger_to_the_host):
        with pytest.raises(NotAllowed):
            write_statement(speaker, StatementInput(WORDS, "provision:article-1"), by=person)


def test_a_reminder_goes_out_once_a_week(speaker, unknown, owner, write, held):
    write(speaker)
    with pytest.raises(NothingToSend):
        remind_speakers(held, by=owner)
    held.speakers.update(written_at=days(-8))
    assert remind_speakers(held, by=owner) == 1  # the other one has nothing to answer
    letter = Letter.objects.order_by("pk").last()
    assert (letter.address, letter.context["is_reminder"]) == ("participant@example.org", True)
    with pytest.raises(NothingToSend):
        remind_speakers(held, by=owner)


def test_a_merged_organisation_carries_what_it_has_to_confirm(
    spokeswoman, member, forum, write, confirm
):
    write(spokeswoman)
    whole = OrganisationFactory(name="Quite another name")
    by = MembershipFactory(
        organisation=whole, user__is_staff=True, role=Membership.Role.SIGNATORY
    ).user
    MembershipFactory(organisation=forum, user=by, role=Membership.Role.SIGNATORY)
    merge_organisations(forum, whole, reason="One.", by=by)
    spokeswoman.refresh_from_db()
    assert spokeswoman.organisation == whole
    assert confirm(spokeswoman, by=by).organisation == whole


# --- pages and API ----------------------------------------------------------------------------
def test_a_speaker_answers_on_a_page_that_keeps_what_was_typed(
    speaker, participant, rival, write, client
):
    said = write(speaker)
    page = reverse("hearings:own-statements", args=[speaker.pk])
    assert client.get(page).status_code == 302
    client.force_login(rival)
    assert client.get(page).status_code == 404
    client.force_login(participant)
    typed = {f"act-{said.pk}": "correct", f"text-{said.pk}": "x" * 4_001}
    refused = client.post(page, {**typed, f"revision-{said.pk}": "1"})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "x" * 4_001 in shown
    assert f'href="#text-{said.pk}"' in shown
    assert re.search(r'value="correct" checked', shown)
    client.post(page, {**typed, f"text-{said.pk}": "Give 48.", f"revision-{said.pk}": "1"})
    assert Point.objects.get().reason == "Give 48."
    assert "Nothing waits for you." in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("act", "told"), [("contest", "nothing was filed"), ("confirm", "is filed and public now")]
)
def test_a_speaker_is_told_whether_anything_was_filed(
    speaker, participant, write, client, act, told
):
    said = write(speaker)
    client.force_login(participant)
    typed = {f"act-{said.pk}": act, f"text-{said.pk}": "", f"revision-{said.pk}": "1"}
    page = reverse("hearings:own-statements", args=[speaker.pk])
    shown = client.post(page, typed, follow=True).content.decode()
    assert told in shown
    assert ("is filed and public now" in shown) == Submission.objects.exists()


def test_who_publishes_minutes_reads_what_is_contested_and_what_waits(
    speaker, spokeswoman, participant, write, confirm, held, owner, client
):
    client.force_login(owner)
    page = reverse("hearings:statements", args=[held.consultation.slug, held.slug])
    write(speaker)
    assert "Contested:" not in client.get(page).content.decode()
    confirm(speaker, "contest", by=participant)
    write(spokeswoman)
    shown = client.get(page).content.decode().partition("Publish the minutes")[0]
    assert "Contested: 1" in shown
    assert "1 statement waits for its speaker." in shown


def test_staff_writes_sends_and_publishes_on_pages(speaker, held, owner, client):
    client.force_login(owner)
    place = [held.consultation.slug, held.slug]
    new = reverse("hearings:statement-new", args=[*place, speaker.pk])
    refused = client.post(new, {"text": "Kept words", "about": ""})
    assert refused.status_code == 422
    assert "Kept words" in refused.content.decode()
    client.post(new, {"text": WORDS, "about": "provision:article-1", "stance": "oppose"})
    said = Statement.objects.get()
    page = reverse("hearings:statements", args=place)
    change = reverse("hearings:statement", args=[*place, said.pk])
    client.post(change, {"text": "Other.", "about": "provision:article-2"})
    client.post(page, {"act": "send", "speaker": speaker.pk})
    said.refresh_from_db()
    assert (said.text, said.provision_key, said.state) == ("Other.", "article-2", "sent")
    assert client.post(change, {"text": "No.", "about": "provision:article-2"}).status_code == 409
    client.post(page, {"act": "recall", "statement": said.pk})
    asked = client.post(page, {"act": "remove", "statement": said.pk}).content.decode()
    assert "Take this statement out of the minutes?" in asked
    assert f'name="statement" value="{said.pk}"' in asked
    assert Statement.objects.exists()
    client.post(page, {"act": "remove", "statement": said.pk, "sure": 1})
    assert not Statement.objects.exists()
    assert client.post(page, {"act": "remind"}).status_code == 409
    client.post(page, {"act": "publish"})
    held.refresh_from_db()
    assert held.minutes_published_at


def test_the_whole_way_over_the_api(speaker, held, owner, participant, client):
    client.force_login(owner)
    base = f"/api/v1/workspace/consultations/{held.consultation.slug}/hearings/{held.slug}/"
    of = f"{base}speakers/{speaker.pk}/"
    json = {"content_type": "application/json"}
    wrong = {"about": "provision:article-77", "text": WORDS}
    assert client.post(f"{of}statements/", wrong, **json).status_code == 422
    entered = {"about": "provision:article-1", "text": WORDS, "stance": "oppose"}
    made = client.post(f"{of}statements/", entered, **json)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    changed = client.put(f"{base}statements/{pk}/", {**entered, "ask": "amend"}, **json)
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert client.post(f"{of}sending/", **json).json() == {"count": 1}
    assert client.post(f"{of}sending/", **json).status_code == 409
    client.force_login(participant)
    own = f"/api/v1/said/{speaker.pk}/"
    assert client.get(own).json()[0]["text"] == WORDS
    stale = {"answers": [{"statement": pk, "act": "confirm", "revision": 1}]}
    assert client.post(own, stale, **json).json()["code"] == "statement_changed"
    given = {"answers": [{"statement": pk, "act": "confirm", "revision": 2}]}
    answer = client.post(own, given, **json)
    assert answer.json() == {"submission": Submission.objects.get().reference}
    assert client.post(own, given, **json).json()["code"] == "nothing_to_confirm"
    public = f"/api/v1/consultations/{held.consultation.slug}/hearings/{held.slug}/minutes/"
    assert client.get(public).status_code == 404
    client.force_login(owner)
    assert client.post(f"{base}minutes-publication/", **json).status_code == 200
    (row,) = client.get(public).json()["statements"]
    assert (row["text"], row["stance"], row["about"]) == (WORDS, "oppose", "provision:article-1")
    assert row["url"].endswith("#point-1")


def test_the_link_works_over_the_api_too(unknown, write, client):
    said = write(unknown)
    place = f"/api/v1/said/by-mail/{token_of(unknown)}/"
    assert client.get(place).json()[0]["text"] == WORDS
    given = {"answers": [{"statement": said.pk, "act": "confirm", "revision": 1}]}
    json = {"content_type": "application/json"}
    assert client.post(place, given, **json).status_code == 200
    assert client.get("/api/v1/said/by-mail/nonsense/").status_code == 404


def test_every_mail_can_be_written(unknown, write, confirm, held, settings):
    write(unknown)
    confirm(unknown, by=None)
    for letter in Letter.objects.all():
        send(letter)
    assert {one.subject for one in mail.outbox} == {
        "Did you say this? A hearing",
        f"What you said is filed: {Submission.objects.get().reference}",
    }
