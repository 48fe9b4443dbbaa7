"""A response is written one step at a time; each step keeps what the others hold."""

import pytest
from django.urls import reverse
from lxml.html import fromstring

from apps.submissions.models import DraftEdit, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client, participant):
    client.force_login(participant)
    return client


@pytest.fixture
def address(open_consultation):
    return reverse("submissions:respond", args=[open_consultation.slug])


def fields(page):
    """Return what a browser would send of the form on a page, without its buttons."""
    [form] = [one for one in fromstring(page.content).forms if one.get("id") == "response"]
    data = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value.removeprefix("\n"))
    return data


def go_on(client, page, address, **typed):
    """Send the form of a page with what was typed, and return the page that follows."""
    data = {**fields(page), **typed, "then": "next"}
    return client.post(address, data, follow=True)


def at(page):
    return page.context["form"].step


def test_the_first_step_asks_in_what_capacity(person, address):
    page = person.get(address, {"step": "question:why"})
    assert at(page) == "capacity"
    assert [step["key"] for step in page.context["steps"]] == ["capacity"]


def test_a_response_is_written_step_by_step_and_checked(person, address, open_consultation):
    page = person.get(address, {"step": "capacity"})
    page = go_on(person, page, address, group="individual")
    assert at(page) == "choose"
    provision = page.context["form"].provisions[0]
    chosen = [f"provision:{provision.key}", "question:why"]
    page = go_on(person, page, address, concern=chosen)
    assert at(page) == f"provision:{provision.key}"
    assert provision.heading in page.content.decode()
    page = go_on(
        person, page, address, **{"point-0-stance": "oppose", "point-0-reason": "It is too vague."}
    )
    while at(page) != "question:why":
        page = go_on(person, page, address, **{f"answer-{at(page)[9:]}.text": "An answer."})
    page = person.post(
        address, {**fields(page), "answer-why.text": "Because.", "then": "save"}, follow=True
    )
    draft = Submission.objects.get(consultation=open_consultation)
    assert draft.group == "individual"
    assert draft.points.get().reason == "It is too vague."
    assert draft.answers.get(question__key="why").text == "Because."
    assert DraftEdit.objects.get(draft=draft).concerns == chosen
    steps = page.context["steps"]
    assert [step["is_done"] for step in steps[:3]] == [True, True, True]
    while page.resolver_match.view_name == "submissions:respond":
        page = go_on(person, page, address)
    assert page.resolver_match.view_name == "submissions:check"
    assert "It is too vague." in page.content.decode()


@pytest.fixture
def checked(person, address, open_consultation):
    """The page to check a response with one answer and one point."""
    said = {"answer-why.text": "Because.", "point-0-provision": "article-1"}
    data = {"group": "individual", "point-0-reason": "So.", "then": "check", **said}
    return person.post(address, data, follow=True)


def test_what_is_changed_after_checking_is_changed_in_its_step(person, checked):
    links = fromstring(checked.content).xpath("//dl//a[starts-with(normalize-space(), 'Change')]")
    steps = {at(person.get(link.get("href").partition("#")[0])) for link in links}
    assert steps == {"capacity", "question:why", "provision:article-1", "seen"}
    names = [link.text_content() for link in links]
    assert len(set(names)) == len(names)


def test_what_one_chose_not_to_answer_is_folded_and_not_between_the_answers(
    checked, open_consultation
):
    page = fromstring(checked.content)
    asked = {question.key for question in checked.context["unanswered"]}
    assert asked
    assert "why" not in asked
    [folded] = page.xpath("//details[contains(., 'you chose not to answer')]")
    for question in checked.context["unanswered"]:
        assert question.text in folded.text_content()
        assert not any(question.text in one.text_content() for one in page.xpath("//dl"))


def test_without_a_choice_every_question_of_the_group_follows(person, address):
    page = person.get(address, {"step": "capacity"})
    page = go_on(person, page, address, group="individual")
    page = go_on(person, page, address)
    keys = [step["key"] for step in page.context["steps"]]
    assert "question:why" in keys
    assert "question:turnover" not in keys
    assert not [key for key in keys if key.startswith("provision:")]


def test_a_mistake_is_shown_on_its_step_and_nothing_is_lost(person, address):
    page = person.get(address, {"step": "capacity"})
    page = go_on(person, page, address, group="individual")
    key = page.context["form"].provisions[0].key
    page = go_on(person, page, address, concern=[f"provision:{key}", "question:why"])
    page = go_on(
        person,
        page,
        address,
        **{"point-0-reason": "Words.", "point-0-evidence": "not an address"},
    )
    assert at(page) == f"provision:{key}"
    assert page.status_code == 422
    assert 'href="#point-0-evidence"' in page.content.decode()
    again = person.get(address, {"step": f"provision:{key}"})
    assert "not an address" in again.content.decode()
    # Elsewhere the mistake does not stand in the way, and leads back to its step.
    other = next(s["key"] for s in again.context["steps"] if s["key"].startswith("question:"))
    page = person.get(address, {"step": other})
    page = person.post(address, {**fields(page), "then": "save"})
    assert f'href="?step=provision%3A{key}#point-0-evidence"' in page.content.decode()


def test_a_provision_that_was_left_alone_makes_no_point(person, address, open_consultation):
    page = person.get(address, {"step": "capacity"})
    page = go_on(person, page, address, group="individual")
    key = page.context["form"].provisions[0].key
    page = go_on(person, page, address, concern=[f"provision:{key}"])
    go_on(person, page, address)
    assert not Submission.objects.get(consultation=open_consultation).points.exists()


def test_words_alone_are_kept_and_are_not_yet_a_point(person, address, open_consultation):
    page = person.get(address, {"step": "capacity"})
    page = go_on(person, page, address, group="individual")
    provision = page.context["form"].provisions[0]
    page = go_on(person, page, address, concern=[f"provision:{provision.key}"])
    text = page.context["form"].provision.text
    words = text.split(".")[0]
    typed = {**fields(page), "point-0-quote": words, "then": "copy-0"}
    [point] = person.post(address, typed).context["form"].content.points
    assert (point.quote, point.proposed_text) == (words, text)
    page = person.post(address, {**typed, "then": "save"}, follow=True)
    [point] = page.context["form"].content.points
    assert (point.quote, point.is_unsaid) == (words, True)
    draft = Submission.objects.get(consultation=open_consultation)
    page = person.post(reverse("submissions:check", args=[open_consultation.slug]))
    assert page.status_code == 422
    assert "Say what you ask for, or remove this point." in page.content.decode()
    draft.refresh_from_db()
    assert draft.state == Submission.State.DRAFT


def test_another_point_on_the_same_provision_has_room(person, address, open_consultation):
    page = person.get(address, {"step": "capacity"})
    page = go_on(person, page, address, group="individual")
    key = page.context["form"].provisions[0].key
    page = go_on(person, page, address, concern=[f"provision:{key}"])
    typed = {**fields(page), "point-0-reason": "First.", "then": "add"}
    page = person.post(address, typed)
    go_on(person, page, address, **{"point-1-reason": "Second."})
    draft = Submission.objects.get(consultation=open_consultation)
    assert [(p.provision.key, p.reason) for p in draft.points.order_by("pk")] == [
        (key, "First."),
        (key, "Second."),
    ]


def test_choosing_an_organisation_leads_into_its_draft(client, member, forum, address):
    client.force_login(member)
    page = client.get(address, {"step": "capacity"})
    page = go_on(client, page, address, **{"for": forum.slug})
    page = go_on(client, page, address)
    page = go_on(client, page, address, **{f"answer-{at(page)[9:]}.text": "Ours."})
    page = client.get(address, {"step": "capacity"})
    page = go_on(client, page, address, **{"for": forum.slug})
    assert at(page) == "choose"
    assert page.context["entry"].content.answers[0].text == "Ours."


def test_before_one_starts_the_page_says_what_is_asked(client, open_consultation):
    page = client.get(reverse("submissions:start", args=[open_consultation.slug]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Before you start" in text
    questions = page.context["questions"]
    assert len(questions) == open_consultation.questions.count()
    only = client.get(page.request["PATH_INFO"], {"group": "individual"}).context["questions"]
    assert "turnover" not in {question.key for question in only}


def test_a_wording_is_compared_while_it_is_typed(client, open_consultation):
    provision = open_consultation.documents.get().versions.get().provisions.exclude(text="").first()
    words = provision.text.split()
    answer = client.post(
        reverse("submissions:compare", args=[open_consultation.slug]),
        {
            "compared": "3",
            "point-3-provision": provision.key,
            "point-3-proposed_text": " ".join(["Indeed", *words]),
        },
    )
    assert "<ins>" in answer.content.decode()
    hostile = {"compared": "3", "point-3-provision": "\0", "point-3-proposed_text": "<script>"}
    answer = client.post(answer.request["PATH_INFO"], hostile)
    assert "<script>" not in answer.content.decode()
