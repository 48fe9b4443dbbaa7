"""The host decides how well it must be known who responds; every door asks for it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.consultations.models import Identity
from apps.core.templatetags.plain import day
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission, save_draft, start_draft, submit
from apps.submissions.services.identifying import IdentityNotAccepted

pytestmark = pytest.mark.django_db
CONTENT = DraftInput(answers=[AnswerInput("why", "It must end.")], group="individual")


@pytest.fixture
def strict(open_consultation):
    open_consultation.least_identity = Identity.ORGANISATION
    open_consultation.save()
    return open_consultation


def verify(organisation, days=1):
    organisation.verified_until = timezone.now() + timedelta(days=days)
    organisation.save()


def test_a_private_person_does_not_respond_where_organisations_are_asked(strict, participant):
    with pytest.raises(IdentityNotAccepted, match="Only organisations that were checked"):
        file_submission(strict, CONTENT, by=participant)
    with pytest.raises(IdentityNotAccepted):
        start_draft(strict, author=participant, group="individual")


def test_an_organisation_drafts_before_it_is_verified_and_files_after(strict, member, forum):
    draft = start_draft(strict, author=member, organisation=forum)
    save_draft(draft, CONTENT, by=member)
    with pytest.raises(IdentityNotAccepted, match="your draft waits"):
        submit(draft, by=member)
    verify(forum)
    submit(draft, by=member)
    filed = Submission.objects.get()
    assert filed.is_submitted
    assert filed.identity == Identity.ORGANISATION


def test_a_verification_that_ended_between_draft_and_filing_is_asked_for_again(
    client, strict, member, forum
):
    verify(forum)
    draft = start_draft(strict, author=member, organisation=forum)
    save_draft(draft, CONTENT, by=member)
    verify(forum, days=-1)
    with pytest.raises(IdentityNotAccepted):
        submit(draft, by=member)
    assert Submission.objects.get().is_draft
    client.force_login(member)
    address = reverse("submissions:check", args=["open-consultation"])
    refused = client.post(f"{address}?for=citizens-forum")
    assert refused.status_code == 403
    page = refused.content.decode()
    assert f"The check of yours ended on {day(forum.verified_until)}." in page
    assert f'href="{reverse("accounts:verification", args=[forum.slug])}"' in page
    assert "It must end." in page


def test_the_pages_say_so_before_anybody_types_and_at_the_check(client, strict, member, forum):
    client.force_login(member)
    assert (
        "Only verified organisations respond here"
        in client.get(strict.get_absolute_url()).content.decode()
    )
    start = client.get(reverse("submissions:start", args=[strict.slug])).content.decode()
    assert "Organisations that are verified here" in start
    respond = reverse("submissions:respond", args=[strict.slug])
    assert "Have yours checked" in client.get(f"{respond}?for={forum.slug}").content.decode()
    draft = start_draft(strict, author=member, organisation=forum)
    save_draft(draft, CONTENT, by=member)
    check = reverse("submissions:check", args=[strict.slug])
    assert "Have yours checked" in client.get(f"{check}?for={forum.slug}").content.decode()
    refused = client.post(f"{check}?for={forum.slug}", {})
    assert refused.status_code == 403
    assert "It must end." in refused.content.decode()


def test_the_api_says_what_is_asked_and_refuses_with_a_code(client, strict, participant):
    shown = client.get(f"/api/v1/consultations/{strict.slug}/").json()
    assert shown["least_identity"] == "organisation"
    client.force_login(participant)
    answer = client.post(
        f"/api/v1/consultations/{strict.slug}/submissions/",
        {"group": "individual", "answers": [{"question": "why", "text": "It must end."}]},
        content_type="application/json",
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "identity_not_accepted"


def test_an_owner_decides_and_an_analyst_does_not(client, open_consultation, owner, analyst):
    page = reverse("consultations:identity", args=[open_consultation.slug])
    client.force_login(analyst)
    assert "Only owners and editors" in client.get(page).content.decode()
    assert client.post(page, {"least_identity": "email"}).status_code == 403
    client.force_login(owner)
    client.post(page, {"least_identity": "email"})
    open_consultation.refresh_from_db()
    assert open_consultation.least_identity == Identity.EMAIL
    assert Entry.objects.get(kind="consultation.identity_chosen").detail == {
        "from": "account",
        "to": "email",
    }
    assert client.post(page, {"least_identity": "anybody"}).status_code == 422
    address = f"/api/v1/consultations/{open_consultation.slug}/identity/"
    body = {"least_identity": "account"}
    assert client.put(address, body, content_type="application/json").json() == body
    client.force_login(analyst)
    assert client.put(address, body, content_type="application/json").status_code == 403


def test_what_was_filed_shows_how_its_author_was_known(client, open_consultation, participant):
    receipt = file_submission(open_consultation, CONTENT, by=participant)
    filed = open_consultation.submissions.get(reference=receipt.number)
    assert filed.identity == Identity.ACCOUNT
    assert "How its author was known" in client.get(filed.get_absolute_url()).content.decode()
