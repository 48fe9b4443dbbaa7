"""What may be entered: each refusal names its place and says what to do."""

import time

import pytest

from apps.submissions.drafting import MOST_POINTS, Form
from apps.submissions.errors import IncompleteSubmission, InvalidContent
from apps.submissions.inputs import AnswerInput, DraftInput, EvidenceInput, PointInput
from apps.submissions.models import LONGEST_TEXT, Point
from apps.submissions.services import start_draft
from tests.factories import DocumentVersionFactory, ProvisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(open_consultation):
    return Form(open_consultation)


def refused(form, *, group="individual", **content):
    with pytest.raises(InvalidContent) as error:
        form.check(DraftInput(group=group, **content))
    return {field: str(messages[0]) for field, messages in error.value.fields.items()}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (AnswerInput("turnover", text="None."), "asked of other groups only"),
        (AnswerInput("nowhere", text="Hm."), "no question with this key"),
        (AnswerInput("how", choices=["z"]), "“z” is not among the choices"),
        (AnswerInput("how", choices=["a", "b"]), "Choose one answer only"),
        (AnswerInput("much", scale=0), "from 1 to 5"),
        (AnswerInput("much", scale=6), "from 1 to 5"),
        (AnswerInput("position", stance="maybe"), "one of the stances"),
        (AnswerInput("why", text="x" * (LONGEST_TEXT + 7)), "Shorten this by 7 characters"),
        (AnswerInput("why", text="a\0b"), "cannot be shown"),
        (AnswerInput("why", text="a\ud800b"), "cannot be shown"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_named(form, answer, said):
    assert said in refused(form, answers=[answer])[f"answers.{answer.question}"]


@pytest.mark.parametrize(
    ("point", "field", "said"),
    [
        (PointInput("article-9", reason="x"), "provision", "Choose the provision"),
        (PointInput("article-1", stance="maybe"), "stance", "one of the stances"),
        (PointInput("article-1", ask="burn"), "ask", "one of the asks"),
        (PointInput("article-1", reason="x" * (LONGEST_TEXT + 1)), "reason", "Shorten this by 1 "),
        (PointInput("article-1", proposed_text="\0"), "proposed_text", "cannot be shown"),
        (PointInput("article-1", change_condition="\udfff"), "change_condition", "cannot be shown"),
        *(
            (PointInput("article-1", evidence=[EvidenceInput(url)]), "evidence", "https://")
            for url in (
                "javascript:alert(1)",
                "ftp://example.org",
                "example.org",
                "https://a b",
                "https://" + "x" * 1_000,
            )
        ),
    ],
)
def test_a_point_that_cannot_be_kept_is_named(form, point, field, said):
    fine = PointInput("article-2", reason="Fine.")
    assert said in refused(form, points=[fine, point])[f"points.1.{field}"]


def test_every_wrong_place_is_named_at_once(form):
    fields = refused(
        form,
        group="clergy",
        title="x" * 301,
        answers=[AnswerInput("much", scale=9), AnswerInput("nowhere", text="x")],
        points=[PointInput("nothing", reason="x")],
    )
    assert set(fields) == {
        "group",
        "title",
        "answers.much",
        "answers.nowhere",
        "points.0.provision",
    }


def test_a_question_answered_twice_is_refused(form):
    twice = [AnswerInput("why", text="One."), AnswerInput("why", text="Two.")]
    assert "twice" in refused(form, answers=twice)["answers.why"]


def test_too_many_points_are_refused(form):
    points = [PointInput("article-1", reason="x")] * (MOST_POINTS + 1)
    assert set(refused(form, points=points)) == {"points"}


def test_a_required_question_must_be_answered(open_consultation):
    open_consultation.questions.filter(key__in=["why", "turnover"]).update(is_required=True)
    form = Form(open_consultation)
    content = DraftInput(group="individual", answers=[AnswerInput("much", scale=1)])
    form.check(content)
    with pytest.raises(IncompleteSubmission) as error:
        form.require_complete(content)
    # "turnover" is required of companies only.
    assert set(error.value.fields) == {"answers.why"}


def test_a_point_without_anything_is_not_complete(form):
    with pytest.raises(IncompleteSubmission) as error:
        form.require_complete(DraftInput(group="individual", points=[PointInput("article-1")]))
    assert "points.0.reason" in error.value.fields


def test_points_lie_on_the_latest_version_only(open_consultation):
    document = open_consultation.documents.get()
    newer = DocumentVersionFactory(document=document, number=2)
    kept = ProvisionFactory(version=newer, key="article-1", position=1)
    other = ProvisionFactory(version__document__consultation=open_consultation, key="annex")
    assert Form(open_consultation).provisions == {"article-1": kept, "annex": other}


def test_a_draft_of_no_group_is_refused_in_words(open_consultation, participant):
    with pytest.raises(InvalidContent) as error:
        start_draft(open_consultation, author=participant, group="")
    assert set(error.value.fields) == {"group"}


def test_the_longest_response_is_checked_at_once(form):
    texts = dict.fromkeys(Point.TEXT_FIELDS, "Prüfung, 文字 😀 " * (LONGEST_TEXT // 14))
    content = DraftInput(
        group="individual", points=[PointInput("article-1", **texts)] * MOST_POINTS
    )
    began = time.process_time()
    form.check(content)
    # 55 million characters: a loop over each of them takes two seconds.
    assert time.process_time() - began < 0.5
