"""Questions: of every kind, for all or some groups, under conditions, archived once answered."""

import re

import pytest
from django.urls import reverse

from apps.consultations.inputs import QuestionInput
from apps.consultations.models import Question
from apps.consultations.services import (
    AlreadyAnswered,
    InvalidEntry,
    QuestionIsNeeded,
    change_question,
    move_question,
    remove_question,
    restore_question,
    write_question,
)
from apps.submissions.errors import IncompleteSubmission, InvalidContent
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission

pytestmark = pytest.mark.django_db
CHOICES = [("", "Yes"), ("", "No")]


def entered(question, **changes):
    """Return a question as somebody would type it again, with changes."""
    names = ("text", "hint", "kind", "is_required", "groups", "provision_key")
    kept = {name: getattr(question, name) for name in names}
    kept["choices"] = [(one.key, one.label) for one in question.choices.all()]
    kept["condition_key"] = question.condition_key
    kept["condition_values"] = question.condition_values
    return QuestionInput(key=question.key, **{**kept, **changes})


def answering(*answers, group="individual"):
    return DraftInput(answers=list(answers), group=group)


@pytest.fixture
def joining(open_consultation, owner):
    """A question with choices, and one that is asked of those only who said no."""
    first = write_question(
        open_consultation,
        QuestionInput("", "Would you join?", kind="single", choices=CHOICES),
        by=owner,
    )
    second = write_question(
        open_consultation,
        QuestionInput(
            *("", "Why not?"),
            is_required=True,
            condition_key=first.key,
            condition_values=["no"],
        ),
        by=owner,
    )
    return first, second


@pytest.mark.parametrize("kind", Question.Kind.values)
def test_every_kind_of_question_can_be_written(kind, open_consultation, owner):
    choices = CHOICES if kind in ("single", "multiple") else []
    made = write_question(
        open_consultation, QuestionInput("", "Is it so?", kind=kind, choices=choices), by=owner
    )
    assert made.key == "is-it-so"
    assert [one.key for one in made.choices.all()] == ["yes", "no"][: len(choices)]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"text": " "}, "text"),
        ({"kind": "song"}, "kind"),
        ({"groups": ["kings"]}, "groups"),
        ({"provision_key": "article-99"}, "provision_key"),
        ({"kind": "single"}, "choices"),
        ({"kind": "single", "choices": [("", "Yes"), ("", "Yes")]}, "choices"),
        ({"choices": CHOICES}, "choices"),
        ({"condition_key": "why", "condition_values": ["x"]}, "condition_key"),
        ({"condition_key": "nothing", "condition_values": ["x"]}, "condition_key"),
        ({"condition_key": "how", "condition_values": ["nowhere"]}, "condition_values"),
        ({"condition_key": "how"}, "condition_values"),
        ({"condition_values": ["x"]}, "condition_key"),
        ({"key": "Not a key"}, "key"),
        ({"key": "why"}, "key"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(changes, place, open_consultation, owner):
    question = QuestionInput(**{"key": "", "text": "Is it so?", **changes})
    before = open_consultation.questions.count()
    with pytest.raises(InvalidEntry) as refused:
        write_question(open_consultation, question, by=owner)
    assert set(refused.value.fields) == {place}
    assert open_consultation.questions.count() == before


def test_an_answered_question_keeps_its_words_and_may_change_its_hint(
    open_consultation, owner, participant
):
    file_submission(open_consultation, answering(AnswerInput("why", "Because.")), by=participant)
    question = open_consultation.questions.get(key="why")
    with pytest.raises(AlreadyAnswered):
        change_question(question, entered(question, text="Why not?"), by=owner)
    changed = change_question(question, entered(question, hint="Think of costs."), by=owner)
    assert changed.hint == "Think of costs."


def test_a_question_nobody_answered_is_deleted_and_another_is_archived(
    open_consultation, owner, participant
):
    file_submission(open_consultation, answering(AnswerInput("why", "Because.")), by=participant)
    gone, kept = (open_consultation.questions.get(key=key) for key in ("much", "why"))
    assert remove_question(gone, by=owner) is False
    assert remove_question(kept, by=owner) is True
    assert not open_consultation.questions.filter(key="much").exists()
    kept.refresh_from_db()
    assert kept.archived_at is not None
    assert kept.answers.count() == 1


def test_an_archived_question_is_asked_no_more_and_its_answers_are_read(
    open_consultation, owner, participant, client
):
    receipt = file_submission(
        open_consultation, answering(AnswerInput("why", "Because it ends.")), by=participant
    )
    question = open_consultation.questions.get(key="why")
    remove_question(question, by=owner)
    assert question.text not in client.get(open_consultation.get_absolute_url()).content.decode()
    submission = open_consultation.submissions.get(reference=receipt.number)
    assert "Because it ends." in client.get(submission.get_absolute_url()).content.decode()
    with pytest.raises(InvalidContent):
        file_submission(open_consultation, answering(AnswerInput("why", "Late.")), by=participant)
    restore_question(question, by=owner)
    file_submission(open_consultation, answering(AnswerInput("why", "Again.")), by=participant)


def test_a_question_another_depends_on_stays(joining, owner):
    first, second = joining
    with pytest.raises(QuestionIsNeeded):
        remove_question(first, by=owner)
    with pytest.raises(QuestionIsNeeded):
        move_question(second, earlier=True, by=owner)
    remove_question(second, by=owner)
    remove_question(first, by=owner)


def test_questions_are_put_in_order(open_consultation, owner):
    asked = list(open_consultation.questions.asked().order_by("position"))
    move_question(asked[1], earlier=True, by=owner)
    move_question(asked[1], earlier=True, by=owner)  # it is the first already
    after = list(open_consultation.questions.asked().order_by("position"))
    assert [one.key for one in after[:2]] == [asked[1].key, asked[0].key]


class TestConditions:
    """What is asked depends on what was answered before."""

    def test_it_must_be_answered_where_its_condition_holds(
        self, joining, open_consultation, participant
    ):
        no = AnswerInput("would-you-join", choices=["no"])
        with pytest.raises(IncompleteSubmission) as refused:
            file_submission(open_consultation, answering(no), by=participant)
        assert set(refused.value.fields) == {"answers.why-not"}
        because = AnswerInput("why-not", "It is too early.")
        file_submission(open_consultation, answering(no, because), by=participant)

    def test_it_is_not_asked_where_its_condition_fails(
        self, joining, open_consultation, participant
    ):
        yes = AnswerInput("would-you-join", choices=["yes"])
        file_submission(open_consultation, answering(yes), by=participant)

    def test_an_answer_that_was_not_asked_for_is_named_and_not_dropped(
        self, joining, open_consultation, participant
    ):
        yes = AnswerInput("would-you-join", choices=["yes"])
        because = AnswerInput("why-not", "It is too early.")
        with pytest.raises(IncompleteSubmission) as refused:
            file_submission(open_consultation, answering(yes, because), by=participant)
        assert set(refused.value.fields) == {"answers.why-not"}

    def test_the_form_says_when_it_is_asked(self, joining, open_consultation, participant, client):
        client.force_login(participant)
        page = client.get(f"/consultations/{open_consultation.slug}/respond/").content.decode()
        assert "Only if you answered “No” to: Would you join?" in page
        assert 'data-depends-on="answer-would-you-join"' in page


def test_a_question_is_written_on_its_page_and_nothing_typed_is_lost(
    open_consultation, owner, client
):
    client.force_login(owner)
    address = reverse("consultations:question-new", args=[open_consultation.slug])
    typed = {"text": "Would you join?", "kind": "single", "choices": "Yes\r\n\r\n"}
    page = client.post(address, typed)
    assert page.status_code == 422
    assert "Would you join?" in page.content.decode()
    assert client.post(address, {**typed, "choices": "Yes\r\nNo\r\n"}).status_code == 302
    made = open_consultation.questions.get(key="would-you-join")
    condition = {
        "text": "Why not?",
        "kind": "text",
        "condition_key": made.key,
        "condition_values": [f"{made.key}/no", "how/other"],
    }
    assert client.post(address, condition).status_code == 302
    assert open_consultation.questions.get(key="why-not").condition_values == ["no"]
    refused = client.post(address, {**condition, "condition_values": [], "groups": ["nobody"]})
    page = refused.content.decode()
    for field in ("groups", "condition_values"):
        assert f'id="{field}-e"' in page
        assert re.search(rf'<fieldset[^>]* aria-describedby="[^"]*\b{field}-e', page), field
    change = reverse("consultations:question", args=[open_consultation.slug, "why-not"])
    assert client.get(change).status_code == 200
    assert client.post(change, {**condition, "text": "And why not?"}).status_code == 302
