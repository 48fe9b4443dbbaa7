"""Where an organisation asks for it, a signatory signs exactly what is filed."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Membership, Organisation
from apps.accounts.services import decide_sign_off, remove_member
from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.submissions.errors import ChangedMeanwhile, InvalidContent, NotYours, SignOffMissing
from apps.submissions.inputs import FileNote
from apps.submissions.models import SignOff, Submission
from apps.submissions.services import (
    CampaignInput,
    FileInput,
    ask_for_sign_off,
    attach,
    file_submission,
    register_campaign,
    save_draft,
    seal_of,
    sign_off,
    start_draft,
    submit,
)
from tests.submissions.joint_cast import CONTENT, EDITED, drafted, person_of
from tests.submissions.test_disputes import mails

pytestmark = pytest.mark.django_db
CHECK = "/consultations/open-consultation/respond/check/?for=citizens-forum"


@pytest.fixture
def forum(forum):
    Organisation.objects.filter(pk=forum.pk).update(requires_sign_off=True)
    forum.refresh_from_db()
    return forum


@pytest.fixture
def signatory(forum):
    return person_of(
        forum, Membership.Role.SIGNATORY, user__email="signs@example.org", user__name="Sam Signs"
    )


@pytest.fixture
def draft(open_consultation, forum, member):
    return drafted(open_consultation, forum, member)


def give(draft, by):
    return sign_off(draft, seal=seal_of(draft), by=by)


def fresh(draft):
    return Submission.objects.get(pk=draft.pk)


def test_without_a_sign_off_nothing_is_filed_and_the_refusal_names_who_can_sign(
    draft, member, signatory
):
    with pytest.raises(SignOffMissing, match="Sam Signs"):
        submit(draft, by=member)
    assert fresh(draft).is_draft


def test_signed_off_a_submitter_files(draft, member, signatory):
    give(draft, signatory)
    submit(draft, by=member)
    assert fresh(draft).is_submitted
    assert Entry.objects.filter(kind="draft.signed_off").count() == 1


def test_only_a_signatory_signs_off(draft, member, drafter, signatory, rival):
    for colleague in (member, drafter):
        with pytest.raises(NotAllowed, match="Sam Signs"):
            give(draft, colleague)
    with pytest.raises(NotYours):
        give(draft, rival)
    assert not SignOff.objects.exists()


def test_an_edit_makes_the_sign_off_void_and_says_so(client, draft, member, drafter, signatory):
    give(draft, signatory)
    save_draft(draft, EDITED, by=drafter)
    assert SignOff.objects.get().voided_at
    with pytest.raises(SignOffMissing, match="changed after it was signed off"):
        submit(fresh(draft), by=member)
    client.force_login(member)
    page = client.post(CHECK)
    assert page.status_code == 409
    assert "must be signed again" in page.content.decode()
    assert "The sign-off given before is void." in page.content.decode()
    give(fresh(draft), signatory)
    submit(fresh(draft), by=member)


def test_saving_the_same_words_again_changes_nothing(draft, member, drafter, signatory):
    give(draft, signatory)
    save_draft(draft, CONTENT, by=drafter)
    submit(fresh(draft), by=member)


def test_a_file_attached_later_makes_it_void(settings, tmp_path, draft, member, signatory):
    settings.MEDIA_ROOT = tmp_path
    give(draft, signatory)
    attach(draft, FileInput("paper.txt", BytesIO(b"More words.")), by=member)
    assert SignOff.objects.get().voided_at


def test_nobody_signs_what_they_have_not_read(draft, drafter, signatory):
    seen = seal_of(draft)
    save_draft(draft, EDITED, by=drafter)
    with pytest.raises(ChangedMeanwhile):
        sign_off(draft, seal=seen, by=signatory)


def test_the_signatory_who_files_signs_with_the_same_act(draft, signatory):
    submit(draft, by=signatory)
    assert SignOff.objects.get().signed_by == signatory


def test_the_sign_off_of_who_is_no_longer_a_signatory_does_not_count(
    draft, forum, member, signatory
):
    give(draft, signatory)
    person_of(forum, Membership.Role.SIGNATORY)
    remove_member(Membership.objects.get(user=signatory), by=signatory)
    with pytest.raises(SignOffMissing, match="no longer a signatory"):
        submit(draft, by=member)


def test_the_sign_off_of_who_was_switched_off_does_not_count(draft, forum, member, signatory):
    give(draft, signatory)
    signatory.is_active = False
    signatory.save()
    with pytest.raises(SignOffMissing):
        submit(draft, by=member)


def test_the_receipt_page_says_who_signed_it_off(client, draft, member, signatory):
    give(draft, signatory)
    number = submit(draft, by=member).number
    client.force_login(member)
    page = client.get(reverse("submissions:filed", args=["open-consultation", number]))
    assert "Sam Signs" in page.content.decode()


def test_where_no_signatory_is_left_it_says_what_to_do(client, draft, member):
    with pytest.raises(SignOffMissing, match="No signatory is left at Citizens' Forum"):
        submit(draft, by=member)
    with pytest.raises(SignOffMissing, match="your draft waits here"):
        ask_for_sign_off(draft, by=member)
    client.force_login(member)
    assert "No signatory is left" in client.get(CHECK).content.decode()


def test_the_signatories_are_asked_by_mail_once(draft, member, signatory):
    for _time in range(2):
        ask_for_sign_off(draft, by=member)
    sent_mails = mails()
    assert set(sent_mails) == {signatory.email}
    assert CHECK in sent_mails[signatory.email].body
    assert "sign off for Citizens' Forum" in sent_mails[signatory.email].subject
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        ask_for_sign_off(draft, by=member)
        assert set(mails()) == {signatory.email}


def test_from_the_mail_to_the_filed_response(client, draft, member, signatory):
    client.force_login(member)
    client.post(reverse("submissions:sign-off-ask", args=[draft.pk]))
    client.force_login(signatory)
    page = client.get(CHECK)
    assert "A sign-off was asked for" in page.content.decode()
    seal = page.context["seal"]
    client.post(reverse("submissions:sign-off", args=[draft.pk]), {"seal": seal})
    client.force_login(member)
    assert "Sam Signs signed this off" in client.get(CHECK).content.decode()
    assert client.post(CHECK).status_code == 302
    assert fresh(draft).is_submitted


def test_a_stale_page_signs_nothing_and_says_why(client, draft, signatory):
    client.force_login(signatory)
    address = reverse("submissions:sign-off", args=[draft.pk])
    page = client.post(address, {"seal": "old"}, follow=True)
    assert "Read it again, then sign." in page.content.decode()
    assert not SignOff.objects.exists()


def test_what_is_filed_in_one_act_needs_a_signatory(open_consultation, forum, member, signatory):
    campaign = CampaignInput("Letters", "Because.", question="why")
    for by, outcome in ((member, False), (signatory, True)):
        for act in (
            lambda by: file_submission(open_consultation, CONTENT, by=by, organisation=forum),
            lambda by: register_campaign(open_consultation, campaign, by=by, organisation=forum),
        ):
            if outcome:
                act(by)
            else:
                with pytest.raises(SignOffMissing, match="only a signatory"):
                    act(by)
    assert Submission.objects.filter(state="submitted").count() == 2


def test_an_organisation_that_asks_for_none_files_as_before(draft, forum, member):
    Organisation.objects.filter(pk=forum.pk).update(requires_sign_off=False)
    submit(fresh(draft), by=member)
    assert mail.outbox == []


def test_a_draft_of_ones_own_needs_nobody(open_consultation, participant):
    own = start_draft(open_consultation, author=participant, group="individual")
    for act in (lambda: give(own, participant), lambda: ask_for_sign_off(own, by=participant)):
        with pytest.raises(InvalidContent):
            act()


def test_only_a_signatory_decides_whether_a_sign_off_is_needed(client, forum, member, signatory):
    with pytest.raises(NotAllowed):
        decide_sign_off(forum, is_required=False, by=member)
    address = reverse("accounts:sign-off-rule", args=[forum.slug])
    client.force_login(member)
    assert client.post(address).status_code == 403
    client.force_login(signatory)
    page = reverse("accounts:members", args=[forum.slug])
    assert "No longer ask for a sign-off" in client.get(page).content.decode()
    client.post(address)
    forum.refresh_from_db()
    assert not forum.requires_sign_off
    assert "Ask for a sign-off from now on" in client.get(page).content.decode()
    assert Entry.objects.filter(kind="organisation.sign_off_decided").count() == 1


def test_the_seal_is_over_titles_and_files_too(draft):
    content = CONTENT
    seals = {seal_of(draft, content), seal_of(draft, EDITED)}
    for change in ({"title": "T"}, {"attachments": [FileNote("key", "A title")]}):
        seals.add(seal_of(draft, type(content)(**{**vars(content), **change})))
    assert len(seals) == 4
