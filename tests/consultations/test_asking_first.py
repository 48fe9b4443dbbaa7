"""What cannot be undone says what it leads to, and happens on the second press only."""

import pytest
from django.urls import reverse

from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.services import file_submission, start_draft
from tests.factories import HostRoleFactory, UserFactory


@pytest.fixture
def question(open_consultation):
    return open_consultation.questions.get(key="turnover")


@pytest.fixture
def paper(open_consultation):
    return open_consultation.background.create(
        title="The study", summary="What was found.", url="https://example.org/study"
    )


@pytest.fixture
def stakeholder(open_consultation):
    return open_consultation.stakeholders.create(name="Lakeview Forum", group="civil")


@pytest.fixture
def seat(host):
    return HostRoleFactory(host=host, role="editor", user__name="Eddie Editor")


def of(name, *more):
    return reverse(f"consultations:{name}", args=more)


@pytest.fixture(params=["question", "paper", "stakeholder", "seat"])
def case(request, open_consultation):
    """A row, the address its button is sent to, what it sends, and what the page names."""
    row = request.getfixturevalue(request.param)
    slug = open_consultation.slug
    return {
        "question": lambda: (
            row,
            of("questions", slug),
            {"act": "remove", "question": "turnover"},
            row.text,
        ),
        "paper": lambda: (row, of("background-gone", slug, row.pk), {}, row.title),
        "stakeholder": lambda: (
            row,
            of("stakeholders", slug),
            {"act": f"remove-{row.pk}"},
            row.name,
        ),
        "seat": lambda: (row, of("dismiss", "secretariat", row.pk), {}, "Eddie Editor"),
    }[request.param]()


def test_the_first_press_asks_and_the_second_does_it(case, client, owner):
    row, address, sent, named = case
    client.force_login(owner)
    page = client.post(address, sent)
    assert page.status_code == 200
    text = page.content.decode()
    assert named in text
    assert "Back without a change" in text
    for name, value in sent.items():
        assert f'name="{name}" value="{value}"' in text
    assert type(row).objects.filter(pk=row.pk).exists()
    assert client.post(address, {**sent, "sure": "1"}).status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_it_is_said_how_many_responses_answer_a_question(
    client, owner, open_consultation, participant
):
    client.force_login(owner)
    address = of("questions", open_consultation.slug)
    asked = {"act": "remove", "question": "why"}
    assert "it is deleted for good" in client.post(address, asked).text
    answer = AnswerInput("why", "Because.")
    content = DraftInput(answers=[answer], group="individual")
    for _version in range(2):  # the second revises the first: one response
        file_submission(open_consultation, content, by=participant)
    draft = start_draft(open_consultation, author=UserFactory(), group="individual")
    draft.answers.create(question=open_consultation.questions.get(key="why"), text="So.")
    page = client.post(address, asked).text
    assert "2 responses answer it, drafts counted too" in page
    assert "deleted for good" not in page


def test_who_may_not_take_a_role_away_is_not_asked(client, host, analyst, seat):
    client.force_login(analyst)
    answer = client.post(of("dismiss", host.slug, seat.pk))
    assert answer.status_code == 403
    assert "Eddie Editor" not in answer.content.decode()


def test_an_empty_text_is_told_what_to_do(client, owner, open_consultation):
    document = open_consultation.documents.get()
    client.force_login(owner)
    address = of("whole", open_consultation.slug, document.slug)
    page = client.post(address, {"act": "check", "text": "  "})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Paste the text here, or choose a file above." in text
    assert "0 provisions" not in text
