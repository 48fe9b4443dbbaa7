"""What an organisation said before is copied into its draft; what stands there stays."""

import pytest
from django.urls import reverse

from apps.audit.models import Entry
from apps.submissions.errors import IncompleteSubmission, InvalidContent, NotYours
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    PointInput,
    RedactionInput,
)
from apps.submissions.models import Submission
from apps.submissions.services import (
    EditInput,
    content_of,
    file_submission,
    fitting,
    keep_draft,
    reuse,
    save_draft,
    start_draft,
    withdraw,
)
from tests.factories import (
    ChoiceFactory,
    ConsultationFactory,
    DocumentVersionFactory,
    MembershipFactory,
    OrganisationFactory,
    PhaseFactory,
    ProvisionFactory,
    QuestionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
WHY = "Because nobody stops alone."


@pytest.fixture
def before(open_consultation, member, forum):
    """A submission of the forum in one consultation."""
    content = DraftInput(
        answers=[
            AnswerInput("why", WHY),
            AnswerInput("how", "Like that.", choices=["a"]),
            AnswerInput("much", scale=4),
            AnswerInput("position", stance="oppose"),
        ],
        points=[
            PointInput(
                "article-1",
                stance="changes",
                reason="Too long.",
                evidence=[EvidenceInput("https://example.org/a", "A")],
            )
        ],
    )
    receipt = file_submission(open_consultation, content, by=member, organisation=forum)
    return open_consultation.submissions.get(reference=receipt.number)


@pytest.fixture
def later(host):
    """Another consultation that asks one of these questions again, in other words and keys."""
    made = ConsultationFactory(host=host, slug="later", title="Later")
    PhaseFactory(consultation=made)
    QuestionFactory(consultation=made, key="why-so", position=1, text="Why?", kind="text")
    how = QuestionFactory(consultation=made, key="how", position=2, text="How?", kind="single")
    ChoiceFactory(question=how, key="z", position=1)
    QuestionFactory(
        consultation=made, key="much", position=3, text="What do turnips cost in winter?"
    )
    version = DocumentVersionFactory(document__consultation=made, document__slug="text")
    ProvisionFactory(
        version=version, key="report", label="", heading="Article 1", text="Reports are due."
    )
    return made


def draft_for(consultation, member, forum):
    return start_draft(consultation, author=member, organisation=forum)


def test_the_same_questions_and_provisions_are_filled(before, open_consultation, member, forum):
    draft = draft_for(open_consultation, member, forum)
    used = reuse(draft, before, by=member)
    assert len(used) == 5
    copied, filed = content_of(draft), content_of(before)
    assert copied.answers == filed.answers
    assert copied.points == filed.points
    assert Entry.objects.get(kind="draft.reused").detail == {"from": before.reference, "parts": 5}


def test_elsewhere_only_what_says_the_same_fits(before, later, member, forum):
    found, _said = fitting(later, before)
    assert [(fit.part, fit.name) for fit in found] == [
        ("answer:why", "Why?"),
        ("answer:how", "How?"),
    ]
    draft = draft_for(later, member, forum)
    reuse(draft, before, by=member)
    answers = {answer.question: answer for answer in content_of(draft).answers}
    assert answers["why-so"].text == WHY
    assert answers["how"].text == "Like that."
    assert answers["how"].choices == []  # "a" is not offered here
    assert "much" not in answers


def test_what_stands_in_the_draft_stays(before, open_consultation, member, forum):
    draft = draft_for(open_consultation, member, forum)
    own = DraftInput(
        answers=[AnswerInput("why", "First of all."), AnswerInput("much", scale=1)],
        points=[PointInput("article-2", reason="New.")],
    )
    save_draft(draft, own, by=member)
    reuse(draft, before, by=member)
    content = content_of(draft)
    answers = {answer.question: answer for answer in content.answers}
    assert answers["why"].text == f"First of all.\n\n{WHY}"
    assert answers["much"].scale == 1
    assert [point.provision for point in content.points] == ["article-2", "article-1"]
    reuse(draft, before, by=member)
    assert content_of(draft) == content


def test_only_what_was_chosen_is_copied(before, open_consultation, member, forum):
    draft = draft_for(open_consultation, member, forum)
    reuse(draft, before, parts=["answer:why"], by=member)
    assert [answer.question for answer in content_of(draft).answers] == ["why"]
    for parts in ([], ["answer:nothing"]):
        with pytest.raises(InvalidContent, match="Choose"):
            reuse(draft, before, parts=parts, by=member)


def test_words_that_were_kept_back_are_kept_back_again(open_consultation, later, member, forum):
    content = DraftInput(
        answers=[AnswerInput("why", "The plant in Lund.")],
        visibility="confidential",
        redactions=[RedactionInput("Lund", "business")],
    )
    receipt = file_submission(open_consultation, content, by=member, organisation=forum)
    earlier = open_consultation.submissions.get(reference=receipt.number)
    draft = draft_for(later, member, forum)
    reuse(draft, earlier, by=member)
    copied = content_of(Submission.objects.get(pk=draft.pk))
    assert copied.answers[0].text == "The plant in Lund."
    assert copied.visibility == "confidential"
    assert copied.redactions == [RedactionInput("Lund", "business")]


def test_a_name_that_was_withheld_is_withheld_again(open_consultation, later, member, forum):
    content = DraftInput(answers=[AnswerInput("why", "No.")], visibility="withheld")
    receipt = file_submission(open_consultation, content, by=member, organisation=forum)
    earlier = open_consultation.submissions.get(reference=receipt.number)
    draft = draft_for(later, member, forum)
    reuse(draft, earlier, by=member)
    assert Submission.objects.get(pk=draft.pk).visibility == "withheld"


def test_what_others_filed_is_not_offered(before, open_consultation, member, forum, rival):
    other = OrganisationFactory()
    MembershipFactory(organisation=other, user=member)
    alone = start_draft(open_consultation, author=member, group="individual")
    for draft, person in (
        (draft_for(open_consultation, member, other), member),
        (alone, member),
        (start_draft(open_consultation, author=rival, group="individual"), rival),
    ):
        with pytest.raises(NotYours):
            reuse(draft, before, by=person)


def test_what_was_withdrawn_is_not_offered(before, open_consultation, member, forum):
    withdraw(before, by=member)
    with pytest.raises(NotYours, match="withdrawn"):
        reuse(draft_for(open_consultation, member, forum), before, by=member)


def test_what_was_typed_and_could_not_be_kept_is_not_lost(before, open_consultation, member, forum):
    kept = keep_draft(
        open_consultation,
        DraftInput(points=[PointInput("nowhere", reason="Typed.")]),
        edit=EditInput("form"),
        by=member,
        organisation=forum,
    )
    assert kept.problem is not None
    with pytest.raises(IncompleteSubmission, match="save it first"):
        reuse(kept.draft, before, by=member)
    assert "point-0-reason=Typed." in kept.draft.edit.typed


def test_on_the_page_one_sees_what_fits_and_copies_it(client, before, later, member, forum):
    client.force_login(member)
    address = f"{reverse('submissions:reuse', args=[later.slug])}?for={forum.slug}"
    assert before.reference in client.get(address).content.decode()
    chosen = f"{address}&earlier={before.pk}"
    page = client.get(chosen).content.decode()
    assert WHY in page
    assert "3 other parts of it do not fit here" in page
    page = client.post(chosen, {"part": ["answer:why"]}, follow=True).content.decode()
    assert "1 part is taken over from your response of" in page
    assert "Read them before you submit." in page
    assert WHY in page
    refused = client.post(chosen, {})
    assert refused.status_code == 422
    assert "Choose what you want to use." in refused.content.decode()


def test_the_pages_of_somebody_else_are_hidden(client, before, later, rival, forum):
    client.force_login(rival)
    address = reverse("submissions:reuse", args=[later.slug])
    assert client.get(f"{address}?for={forum.slug}").status_code == 404
    for earlier in (before.pk, "x", "9" * 30):
        assert client.get(f"{address}?earlier={earlier}").status_code == 404
    assert before.reference not in client.get(address).content.decode()


def test_two_hundred_earlier_ones_cost_no_more(
    client, before, later, member, forum, django_assert_max_num_queries
):
    client.force_login(member)
    address = f"{reverse('submissions:reuse', args=[later.slug])}?for={forum.slug}"
    SubmissionFactory.create_batch(
        200, consultation=before.consultation, organisation=forum, author=member
    )
    with django_assert_max_num_queries(10):
        page = client.get(address).content.decode()
    assert page.count('class="docket"') <= 22
    assert "Next" in page


def test_over_the_api(client, before, later, member, forum):
    client.force_login(member)
    draft = draft_for(later, member, forum)
    body = {"consultation": before.consultation.slug, "reference": before.reference}
    address = f"/api/v1/drafts/{draft.pk}/reuse/"
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["answers"][0]["text"] == WHY
    assert Submission.objects.get(pk=draft.pk).is_draft
    hidden = client.post(address, {**body, "reference": "X"}, content_type="application/json")
    assert hidden.status_code == 404
