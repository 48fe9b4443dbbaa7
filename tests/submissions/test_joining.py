"""Other organisations join a draft, each with its own signature and its own reservations."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from apps.accounts.models import Membership, Organisation
from apps.accounts.services import remove_member
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.submissions.errors import (
    ChangedMeanwhile,
    InvalidContent,
    InvitationOver,
    NotCurrent,
    NotYours,
    TooManyParties,
)
from apps.submissions.inputs import RedactionInput
from apps.submissions.models import GroupTally, JointParty, PointTally, SignOff, Submission
from apps.submissions.services import (
    FileInput,
    attach,
    comment,
    decline,
    discard_draft,
    invite,
    join,
    leave,
    save_draft,
    seal_of,
    sign_off,
    start_draft,
    start_revision,
    submit,
    take_back_invitation,
    withdraw,
)
from apps.submissions.services.joining import ReservationInput
from tests.submissions.joint_cast import CONTENT, EDITED, ally, drafted, filed_as, person_of, signed
from tests.submissions.papers import do_all_jobs
from tests.submissions.test_disputes import mails, run_all

pytestmark = pytest.mark.django_db
State = JointParty.State


@pytest.fixture(autouse=True)
def _no_earlier_mails():
    cache.clear()


@pytest.fixture
def union(db):
    return ally("Workers United", group="union")


@pytest.fixture
def lab(db):
    return ally("Safety Lab", group="research")


@pytest.fixture
def draft(open_consultation, forum, member):
    return drafted(open_consultation, forum, member)


@pytest.fixture
def party(draft, union, member):
    return invite(draft, union[0], by=member)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_an_invited_organisation_signs_with_reservations_and_is_a_party(party, union, member):
    signed(party, union[1], "We would start earlier.", ["article-3"])
    submission = filed_as(submit(party.submission, by=member))
    [on_record] = submission.parties.on_record()
    assert (on_record.name, on_record.group) == ("Workers United", "union")
    assert on_record.reservations == "We would start earlier."
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert (kinds.count("joint.invited"), kinds.count("joint.joined")) == (1, 1)


def test_a_joint_submission_counts_once(party, lab, union, member):
    signed(party, union[1])
    signed(invite(party.submission, lab[0], by=member), lab[1])
    submit(party.submission, by=member)
    tallies = GroupTally.objects.filter(question=None)
    assert [(row.group, row.submissions, row.letters) for row in tallies] == [("civil", 1, 1)]
    assert [(row.group, row.points) for row in PointTally.objects.all()] == [("civil", 1)]


def test_only_submitters_and_signatories_invite(draft, union, drafter, rival, member):
    with pytest.raises(NotAllowed):
        invite(draft, union[0], by=drafter)
    with pytest.raises(NotYours):
        invite(draft, union[0], by=rival)
    party = invite(draft, union[0], by=member)
    with pytest.raises(NotAllowed):
        take_back_invitation(party, by=drafter)


def test_an_organisation_cannot_be_invited_to_its_own_draft(draft, forum, member):
    with pytest.raises(InvalidContent) as refused:
        invite(draft, forum, by=member)
    assert "organisation" in refused.value.fields


def test_invited_twice_it_is_invited_once(party, union, member):
    mails()
    assert invite(party.submission, union[0], by=member).pk == party.pk
    assert mails() == {}
    signed(party, union[1])
    assert invite(party.submission, union[0], by=member).state == State.JOINED


def test_nobody_is_flooded_by_invitations_taken_back_and_sent_again(draft, union, member):
    sent = 0
    for _time in range(8):
        take_back_invitation(invite(draft, union[0], by=member), by=member)
        sent += union[1].email in mails()
    assert sent == 5


def test_there_is_an_end_to_invitations(monkeypatch, party, lab, member):
    monkeypatch.setattr(JointParty, "MOST", 1)
    with pytest.raises(TooManyParties):
        invite(party.submission, lab[0], by=member)


def test_a_person_alone_cannot_lead(open_consultation, participant, union):
    own = start_draft(open_consultation, author=participant, group="individual")
    with pytest.raises(InvalidContent):
        invite(own, union[0], by=participant)


def test_those_who_may_sign_get_a_mail_with_the_way_in(party, union, member):
    drafter = person_of(union[0], Membership.Role.DRAFTER)
    sent = mails()
    assert set(sent) == {union[1].email}
    assert reverse("submissions:invitation", args=[party.pk]) in sent[union[1].email].body
    assert drafter.email not in sent


def test_only_who_may_submit_for_it_reads_the_draft_and_signs(party, union, lab, rival):
    inside = person_of(union[0], Membership.Role.DRAFTER)
    shared = Submission.objects.shared_with
    assert shared(union[1]).get() == party.submission
    for other in (inside, lab[1], rival):
        assert not shared(other).exists()
        with pytest.raises(NotAllowed):
            signed(party, other)
    assert not Submission.objects.drafts_of(union[1]).exists()


def test_an_organisation_that_asks_for_a_sign_off_joins_by_its_signatory(party, union):
    Organisation.objects.filter(pk=union[0].pk).update(requires_sign_off=True)
    with pytest.raises(NotAllowed, match="signatory"):
        signed(fresh(party), union[1])
    signed(fresh(party), person_of(union[0], Membership.Role.SIGNATORY))


def test_nobody_signs_what_they_have_not_read(party, union, drafter):
    save_draft(party.submission, EDITED, by=drafter)
    with pytest.raises(ChangedMeanwhile):
        join(party, ReservationInput(), seal="of-what-was-read", by=union[1])


@pytest.mark.parametrize(
    ("text", "provisions", "field"),
    [
        ("x" * 10_001, [], "reservations"),
        ("a\0b", [], "reservations"),
        ("Not this.", ["article-1"], "provisions"),
        ("", ["article-3"], "reservations"),
    ],
)
def test_reservations_that_cannot_be_kept_say_why(party, union, text, provisions, field):
    with pytest.raises(InvalidContent) as refused:
        signed(party, union[1], text, provisions)
    assert list(refused.value.fields) == [field]
    assert fresh(party).state == State.INVITED


def test_reservations_do_not_tell_what_the_response_keeps_back(draft, party, union, member):
    kept = replace(
        CONTENT, visibility="confidential", redactions=[RedactionInput("pauses", "business")]
    )
    save_draft(draft, kept, by=member)
    with pytest.raises(InvalidContent) as refused:
        signed(party, union[1], "Nobody\nPAUSES here.")
    assert "reservations" in refused.value.fields
    assert fresh(party).state == State.INVITED
    assert signed(party, union[1], "Nobody here.").state == State.JOINED


def test_who_signs_reads_which_words_are_kept_back(client, draft, party, union, member):
    kept = [RedactionInput("pauses", "business")]
    save_draft(draft, replace(CONTENT, visibility="confidential", redactions=kept), by=member)
    client.force_login(union[1])
    page = client.get(reverse("submissions:invitation", args=[party.pk])).content.decode()
    assert "Parts kept back" in page
    assert "<bdi>pauses</bdi>" in page
    assert "Do not repeat words that are kept back." in page


def test_who_declined_is_not_told_which_response_withholds_the_name(client, draft, union, member):
    decline(invite(draft, union[0], by=member), by=union[1])
    save_draft(draft, replace(CONTENT, visibility="withheld"), by=member)
    filed = filed_as(submit(draft, by=member))
    client.force_login(union[1])
    assert str(filed.reference) not in client.get("/api/v1/joint-invitations/").content.decode()
    assert not filed.parties.exists()


def test_an_edit_makes_the_signature_void_which_is_mailed_and_shown(
    client, party, union, member, drafter
):
    signed(party, union[1])
    mails()
    save_draft(party.submission, EDITED, by=drafter)
    assert fresh(party).state == State.VOID
    assert "no longer counts" in mails()[union[1].email].body
    save_draft(fresh(party.submission), CONTENT, by=drafter)
    assert mails() == {}
    client.force_login(union[1])
    page = client.get(reverse("submissions:invitation", args=[party.pk])).content.decode()
    assert "read it and sign again" in page


def test_filing_goes_ahead_with_those_that_signed_and_names_who_is_left_out(
    client, party, union, lab, member
):
    signed(party, union[1])
    invite(party.submission, lab[0], by=member)
    client.force_login(member)
    check = "/consultations/open-consultation/respond/check/?for=citizens-forum"
    page = client.get(check).content.decode()
    assert "If you submit now, these are left out" in page
    assert "Safety Lab" in page
    mails()
    answer = client.post(check, follow=True).content.decode()
    assert "Filed without these organisations" in answer
    assert "Safety Lab" in answer
    sent = mails()
    assert "filed its response without Safety Lab" in sent[lab[1].email].body
    assert "Your name, group and reservations are public" in sent[union[1].email].body
    public = client.get(Submission.objects.get().get_absolute_url()).content.decode()
    assert "Workers United" in public
    assert "Safety Lab" not in public


def test_a_party_whose_signer_lost_the_right_is_left_out(party, union, member):
    signed(party, union[1])
    remove_member(Membership.objects.get(user=union[1]), by=union[1])
    assert not Submission.objects.shared_with(union[1]).exists()
    submit(party.submission, by=member)
    assert fresh(party).state == State.LEFT_OUT


def test_a_party_that_asks_for_a_sign_off_since_then_is_left_out_until_a_signatory_signs(
    party, union, member
):
    signed(party, union[1])
    Organisation.objects.filter(pk=union[0].pk).update(requires_sign_off=True)
    submit(party.submission, by=member)
    assert fresh(party).state == State.LEFT_OUT


def test_who_declined_may_still_join_and_who_joined_may_decline(party, union, member):
    decline(party, by=union[1])
    assert "does not join" in mails()[member.email].body
    signed(party, union[1])
    decline(party, by=union[1])
    decline(party, by=union[1])
    assert Entry.objects.filter(kind="joint.declined").count() == 2
    submission = filed_as(submit(party.submission, by=member))
    assert not submission.parties.on_record().exists()
    assert fresh(party).state == State.DECLINED
    with pytest.raises(InvitationOver):
        signed(party, union[1])


def test_who_declined_can_be_asked_again(party, union, member):
    decline(party, by=union[1])
    mails()
    assert invite(party.submission, union[0], by=member).state == State.INVITED
    assert union[1].email in mails()


def test_an_invitation_taken_back_shows_the_draft_no_longer(party, union, member):
    take_back_invitation(party, by=member)
    assert not Submission.objects.shared_with(union[1]).exists()
    with pytest.raises(InvitationOver):
        signed(party, union[1])


def test_a_discarded_draft_takes_its_invitations_along(party, union, member):
    discard_draft(party.submission, by=member)
    assert not JointParty.objects.exists()
    with pytest.raises(InvitationOver):
        decline(party, by=union[1])


def test_a_party_may_leave_and_a_tombstone_stays(client, party, union, member):
    signed(party, union[1], "Not Article 3.")
    submission = filed_as(submit(party.submission, by=member))
    mails()
    leave(party, by=union[1])
    leave(party, by=union[1])
    assert "left your joint response" in mails()[member.email].body
    assert Entry.objects.filter(kind="joint.left").count() == 1
    page = client.get(submission.get_absolute_url()).content.decode()
    assert "left on" in page
    assert "Not Article 3." not in page
    assert "signed by 1 organisation" in page
    mine = client.get(reverse("submissions:organisation", args=[union[0].slug])).content.decode()
    assert submission.reference not in mine


def test_what_is_no_draft_any_more_cannot_be_signed_and_a_draft_not_left(party, union, member):
    with pytest.raises(NotCurrent):
        leave(party, by=union[1])
    submit(party.submission, by=member)
    with pytest.raises(InvitationOver):
        leave(party, by=union[1])


def test_withdrawn_its_parties_are_told_and_their_reservations_gone(client, party, union, member):
    signed(party, union[1], "Not Article 3.")
    submission = filed_as(submit(party.submission, by=member))
    mails()
    withdraw(submission, by=member)
    assert "withdrew the response" in mails()[union[1].email].body
    page = client.get(submission.get_absolute_url()).content.decode()
    assert "Workers United" in page
    assert "Not Article 3." not in page
    with pytest.raises(NotCurrent):
        leave(party, by=union[1])


def test_the_parties_of_a_revision_sign_again(client, party, union, lab, member):
    signed(party, union[1], "Not Article 3.", ["article-3"])
    signed(invite(party.submission, lab[0], by=member), lab[1])
    first = filed_as(submit(party.submission, by=member))
    mails()
    revision = start_revision(first, by=member)
    sent = mails()
    assert "must sign the new version" in sent[union[1].email].body
    again = revision.parties.get(organisation=union[0])
    assert (again.state, again.reservations) == (State.INVITED, "Not Article 3.")
    signed(again, union[1], again.reservations, again.provisions)
    second = filed_as(submit(revision, by=member))
    assert [row.name for row in second.parties.on_record()] == ["Workers United"]
    assert {row.name for row in fresh(first).parties.on_record()} == {
        "Workers United",
        "Safety Lab",
    }
    page = client.get(first.get_absolute_url()).content.decode()
    assert "Safety Lab" in page


def test_the_receipt_proves_the_parties_also_after_one_left(client, party, union, member):
    signed(party, union[1], "Not Article 3.", ["article-3"])
    submission = filed_as(submit(party.submission, by=member))
    leave(party, by=union[1])
    client.force_login(member)
    address = reverse(
        "submissions:receipt", args=[submission.consultation.slug, submission.reference]
    )
    kept = client.get(address).content.decode()
    assert json.loads(kept)["content"]["parties"][0]["reservations"] == "Not Article 3."
    found = {"number": submission.reference, "content": kept}
    assert "The words fit the seal." in client.post(reverse("audit:check"), found).content.decode()


def test_the_page_of_the_organisation_lists_what_it_joined(client, party, union, member):
    signed(party, union[1])
    submission = filed_as(submit(party.submission, by=member))
    page = client.get(reverse("submissions:organisation", args=[union[0].slug])).content.decode()
    assert submission.reference in page
    assert "led by Citizens" in page


def test_from_the_search_to_the_signature_on_the_pages(client, draft, union, member):
    comment(draft, place="", text="Between us.", by=member)
    client.force_login(member)
    address = reverse("submissions:joint", args=[draft.pk])
    assert "Workers United" in client.get(address, {"q": "workers"}).content.decode()
    client.post(address, {"organisation": "workers-united"})
    party = JointParty.objects.get()
    assert client.post(address, {"organisation": "citizens-forum"}).status_code == 422
    assert client.post(address, {"organisation": "nobody"}).status_code == 404
    client.force_login(union[1])
    start = client.get("/consultations/open-consultation/respond/start/").content.decode()
    assert "invites Workers United" in start
    assert (
        "open-consultation"
        in client.get("/joint-invitations/").context["rows"][0].submission.consultation.slug
    )
    invited = reverse("submissions:invitation", args=[party.pk])
    page = client.get(invited)
    assert "Because nobody pauses alone." in page.content.decode()
    assert "Between us." not in page.content.decode()
    typed = {"reservations": "Not this.", "provisions": ["article-3"]}
    stale = client.post(invited, typed | {"seal": "old"})
    assert stale.status_code == 409
    assert "Not this." in stale.content.decode()
    client.post(invited, typed | {"seal": page.context["seal"]})
    party.refresh_from_db()
    assert (party.state, party.provisions) == (State.JOINED, ["article-3"])
    client.post(reverse("submissions:invitation-decline", args=[party.pk]))
    client.post(invited, typed | {"seal": page.context["seal"]})
    client.force_login(member)
    client.post("/consultations/open-consultation/respond/check/?for=citizens-forum")
    client.force_login(union[1])
    assert "Leave for good" in client.get(invited).content.decode()
    public = client.get(Submission.objects.get().get_absolute_url()).content.decode()
    assert "You can leave." in public
    assert "Its reservations about:" in public
    client.post(reverse("submissions:invitation-leave", args=[party.pk]))
    assert fresh(party).state == State.LEFT


def test_what_a_refusal_does_is_said_once(client, party, union):
    client.force_login(union[1])
    address = reverse("submissions:invitation-decline", args=[party.pk])
    page = client.post(address, follow=True).content.decode()
    assert page.count("You can still sign while the draft is not filed.") == 1
    assert "The organisation that leads the response gets a mail." in page


def test_that_a_name_is_not_withheld_beside_others_is_said_before_filing(
    client, draft, union, member
):
    party = invite(draft, union[0], by=member)
    save_draft(draft, replace(CONTENT, visibility="withheld"), by=member)
    client.force_login(member)
    address = reverse("submissions:check", args=["open-consultation"])
    told = "Take the invitations back, or show the name."
    assert told in client.get(f"{address}?for=citizens-forum").content.decode()
    take_back_invitation(party, by=member)
    assert told not in client.get(f"{address}?for=citizens-forum").content.decode()


def test_mails_about_a_draft_are_in_its_language(draft, union, member):
    Submission.objects.filter(pk=draft.pk).update(language="ar")
    invite(draft, union[0], by=member)
    assert "اقرأ المسودة" in mails()[union[1].email].body


def test_an_organisation_that_withholds_its_name_later_is_told_by_its_group(
    client, party, union, member
):
    signed(party, union[1])
    first = filed_as(submit(party.submission, by=member))
    again = start_revision(first, by=member)
    take_back_invitation(again.parties.get(), by=member)
    save_draft(again, replace(CONTENT, visibility="withheld"), by=member)
    submit(again, by=member)
    client.force_login(union[1])
    told = "An organisation that withholds its name (Civil society)"
    for address in ("/joint-invitations/", f"/joint-invitations/{party.pk}/"):
        page = client.get(address).content.decode()
        assert f"{told} invites Workers United" in page
    assert "Its signature stands under that version alone." in page
    [row] = client.get("/api/v1/joint-invitations/").json()["results"]
    assert row["leading"] == told


def test_reservations_typed_in_an_expired_session_wait_behind_the_log_in(client, party, union):
    address = reverse("submissions:invitation", args=[party.pk])
    client.post(address, {"reservations": "Do not lose me.", "seal": "x"})
    kept = {name: text for name, text in client.session.items() if name.startswith("kept-")}
    client.force_login(union[1])
    session = client.session
    session.update(kept)
    session.save()
    assert "Do not lose me." in client.get(address).content.decode()


def test_who_is_invited_may_read_the_files_of_the_draft(
    client, settings, tmp_path, party, union, lab, member
):
    settings.MEDIA_ROOT = tmp_path
    file = attach(party.submission, FileInput("paper.txt", BytesIO(b"More words.")), by=member)
    do_all_jobs()
    for person, status in ((union[1], 200), (lab[1], 404)):
        client.force_login(person)
        assert client.get(file.get_absolute_url()).status_code == status


def test_a_joint_submission_is_found_by_the_names_of_its_parties(client, party, union, member):
    signed(party, union[1])
    submission = filed_as(submit(party.submission, by=member))
    mails()
    address = "/consultations/open-consultation/submissions/"
    assert submission.reference in client.get(address, {"q": "workers"}).content.decode()


def test_the_receipt_mail_says_who_signed_and_who_is_left_out(party, union, lab, member):
    signed(party, union[1])
    invite(party.submission, lab[0], by=member)
    mails()
    number = submit(party.submission, by=member).number
    run_all()
    told = next(m.body for m in mail.outbox if m.to == [member.email] and number in m.subject)
    assert "Signed with you: Workers United" in told
    assert "no signature stood over it: Safety Lab" in told


def test_nobody_else_reaches_the_pages_of_an_invitation(client, party, member, rival):
    address = reverse("submissions:invitation", args=[party.pk])
    for person in (member, rival):
        client.force_login(person)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_pages_cost_the_same_with_many_parties(
    client, draft, union, member, django_assert_max_num_queries
):
    def invite_more(count):
        for _number in range(count):
            organisation, person = ally(f"Ally {JointParty.objects.count()}")
            signed(invite(draft, organisation, by=member), person, "Not quite.")

    invite_more(1)
    client.force_login(member)
    pages = [
        "/consultations/open-consultation/respond/check/?for=citizens-forum",
        reverse("submissions:joint", args=[draft.pk]),
    ]
    counts = []
    for page in pages:
        with django_assert_max_num_queries(60) as seen:
            client.get(page)
        counts.append(len(seen))
    invite_more(8)
    for page, count in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(count):
            client.get(page)
    submission = filed_as(submit(draft, by=member))
    client.logout()
    with django_assert_max_num_queries(14):
        client.get(submission.get_absolute_url())


def test_the_sign_off_of_the_leading_organisation_is_not_touched_by_who_joins(
    party, union, forum, member
):
    signatory = person_of(forum, Membership.Role.SIGNATORY)
    sign_off(party.submission, seal=seal_of(party.submission), by=signatory)
    signed(party, union[1], "Not quite.")
    assert SignOff.objects.get().stands


def test_an_organisation_whose_name_is_not_listed_is_not_found_and_left_out(
    client, party, union, lab, member
):
    signed(party, union[1])
    Organisation.objects.filter(pk__in=[union[0].pk, lab[0].pk]).update(state="refused")
    client.force_login(member)
    address = reverse("submissions:joint", args=[party.submission_id])
    assert not client.get(address, {"q": "lab"}).context["found"]
    assert client.post(address, {"organisation": "safety-lab"}).status_code == 404
    assert not Submission.objects.shared_with(union[1]).exists()
    submit(party.submission, by=member)
    assert fresh(party).state == State.LEFT_OUT
