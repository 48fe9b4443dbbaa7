"""How a response is seen is chosen, checked, shown before filing, and filed as chosen."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.submissions.concealing import names, names_site, public_version
from apps.submissions.errors import IncompleteSubmission, InvalidContent, SignOffMissing
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    PointInput,
    RedactionInput,
)
from apps.submissions.models import Submission
from apps.submissions.services import (
    file_submission,
    invite,
    save_draft,
    seal_of,
    sign_off,
    start_draft,
    submit,
)
from tests.factories import MembershipFactory, OrganisationFactory
from tests.submissions.test_steps import at, fields, go_on

WHY = "The plant in Lund would close, and the Plant in Lund feeds a town."


def hidden(text, *words, reason="business"):
    content = DraftInput(
        answers=[AnswerInput("why", text)],
        visibility="confidential",
        redactions=[RedactionInput(one, reason) for one in words],
    )
    shown, found = public_version(content, language="en")
    return shown.answers[0].text, found


@pytest.mark.parametrize(
    ("text", "words", "shown", "found"),
    [
        ("a secret b", ["secret"], "a [redacted: business secret] b", [1]),
        (
            "Lund and LUND",
            ["lund"],
            "[redacted: business secret] and [redacted: business secret]",
            [2],
        ),
        ("over two\n lines", ["two lines"], "over [redacted: business secret]", [1]),
        # Overlapping: nothing of either is left.
        ("one two three", ["one two", "two three"], "[redacted: business secret]", [1, 1]),
        ("all of it", ["all of it"], "[redacted: business secret]", [1]),
        ("a+b (c)", ["+b (c"], "a[redacted: business secret])", [1]),
        ("秘密の工場", ["工場"], "秘密の[redacted: business secret]", [1]),
        ("nothing here", ["absent"], "nothing here", [0]),
        # Written otherwise: with a hyphen, its letters composed or not, as a ligature.
        ("the cold-sea lab", ["cold sea"], "the [redacted: business secret] lab", [1]),
        (
            "u\u0308ber, über",
            ["über"],
            "[redacted: business secret], [redacted: business secret]",
            [2],
        ),
        ("the \ufb01lter", ["filter"], "the [redacted: business secret]", [1]),
        ("a-b and a", ["a-"], "[redacted: business secret]b and a", [1]),
    ],
)
def test_words_are_hidden_wherever_they_stand(text, words, shown, found):
    assert hidden(text, *words) == (shown, found)


def test_the_reason_stands_there_in_the_language_of_the_response():
    content = DraftInput(
        answers=[AnswerInput("why", "un secret")],
        visibility="confidential",
        redactions=[RedactionInput("secret", "personal")],
    )
    shown, _found = public_version(content, language="en")
    assert shown.answers[0].text == "un [redacted: personal data]"


@given(st.text(max_size=60), st.text(min_size=2, max_size=8).filter(lambda one: one.strip()))
def test_hidden_words_never_remain(text, words):
    shown, found = hidden(f"{text} {words} {text}", words)
    assert found[0] >= 1
    left = shown.replace("[redacted: business secret]", "\x00")
    assert " ".join(words.split()).lower() not in " ".join(left.split()).lower() or "\x00" in words


def test_a_source_whose_address_holds_the_words_goes_as_a_whole():
    point = PointInput(
        "article-1",
        reason="So.",
        evidence=[EvidenceInput("https://lund.example/a"), EvidenceInput("https://example.org")],
    )
    content = DraftInput(
        points=[point], visibility="confidential", redactions=[RedactionInput("lund", "rights")]
    )
    shown, found = public_version(content, language="en")
    assert [source.url for source in shown.points[0].evidence] == ["https://example.org"]
    assert found == [1]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/news/cold-sea-lab-closes",
        "https://example.org/cold%20sea%20lab",
        "https://coldsealab.example/",
    ],
)
def test_a_source_goes_also_where_its_address_writes_the_words_as_one(url):
    point = PointInput("article-1", reason="So.", evidence=[EvidenceInput(url, "A report")])
    content = DraftInput(
        points=[point],
        visibility="confidential",
        redactions=[RedactionInput("Cold Sea Lab", "business")],
    )
    shown, found = public_version(content, language="en")
    assert shown.points[0].evidence == []
    assert found == [1]


def test_a_site_on_the_web_is_found_in_sources_and_texts_and_not_in_longer_names():
    source = EvidenceInput("https://www.forum.example/report")
    content = DraftInput(points=[PointInput("article-1", reason="See.", evidence=[source])])
    assert names_site(content, "forum.example")
    assert not names_site(content, "orum.example")
    assert not names_site(content, "")


def test_a_name_is_found_in_texts_in_any_case():
    content = DraftInput(answers=[AnswerInput("why", "We, the FORUM of\nLund, object.")])
    assert names(content, "Forum of Lund")
    assert not names(content, "Forum of Malmö")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"visibility": "invisible"}, "visibility"),
        ({"redactions": [RedactionInput("Lund", "")]}, "redactions.0.reason"),
        ({"redactions": [RedactionInput("Lund", "whim")]}, "redactions.0.reason"),
        ({"redactions": [RedactionInput("Lund", "other")]}, "redactions.0.note"),
        ({"redactions": [RedactionInput("L", "rights")]}, "redactions.0.words"),
        ({"redactions": [RedactionInput("L" * 5_001, "rights")]}, "redactions.0.words"),
        ({"redactions": [RedactionInput("L\x00und", "rights")]}, "redactions.0.words"),
        ({"redactions": [RedactionInput("Lund", "rights", "n" * 301)]}, "redactions.0.note"),
        ({"redactions": [RedactionInput("Lund", "rights")] * 51}, "redactions"),
    ],
)
def test_what_cannot_be_kept_is_said_by_field(open_consultation, participant, content, field):
    asked = DraftInput(
        group="individual",
        answers=[AnswerInput("why", WHY)],
        **{"visibility": "confidential", **content},
    )
    with pytest.raises(InvalidContent) as refused:
        file_submission(open_consultation, asked, by=participant)
    assert field in refused.value.fields
    assert not Submission.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"visibility": "confidential"}, "visibility"),
        ({"redactions": [RedactionInput("Lund", "rights")]}, "visibility"),
        (
            {"visibility": "confidential", "redactions": [RedactionInput("Malmö", "rights")]},
            "redactions.0.words",
        ),
    ],
)
def test_what_is_not_settled_keeps_a_response_from_being_filed(
    open_consultation, participant, content, field
):
    asked = DraftInput(group="individual", answers=[AnswerInput("why", WHY)], **content)
    with pytest.raises(IncompleteSubmission) as refused:
        file_submission(open_consultation, asked, by=participant)
    assert field in refused.value.fields
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_words_changed_after_they_were_marked_are_said_before_filing(
    open_consultation, participant
):
    draft = start_draft(open_consultation, author=participant, group="individual")
    marked = DraftInput(
        group="individual",
        answers=[AnswerInput("why", WHY)],
        visibility="confidential",
        redactions=[RedactionInput("plant in Lund", "business")],
    )
    save_draft(draft, marked, by=participant)
    edited = DraftInput(
        group="individual",
        answers=[AnswerInput("why", "The factory would close.")],
        visibility="confidential",
        redactions=marked.redactions,
    )
    save_draft(draft, edited, by=participant)
    with pytest.raises(IncompleteSubmission, match="missing"):
        submit(draft, by=participant)
    draft.refresh_from_db()
    assert draft.is_draft
    assert draft.redactions[0]["words"] == "plant in Lund"


@pytest.mark.django_db
def test_a_sign_off_is_void_once_the_response_is_to_be_seen_otherwise(
    open_consultation, member, forum
):
    forum.requires_sign_off = True
    forum.save()
    signatory = MembershipFactory(organisation=forum, role="signatory").user
    draft = start_draft(open_consultation, author=member, organisation=forum)
    answers = [AnswerInput("why", WHY)]
    draft = save_draft(draft, DraftInput(answers=answers, visibility="withheld"), by=member)
    sign_off(draft, seal=seal_of(draft), by=signatory)
    save_draft(draft, DraftInput(answers=answers), by=member)
    with pytest.raises(SignOffMissing):
        submit(draft, by=member)


@pytest.mark.django_db
def test_a_joint_response_cannot_withhold_the_name(open_consultation, member, forum):
    draft = start_draft(open_consultation, author=member, organisation=forum)
    invite(draft, OrganisationFactory(), by=member)
    asked = DraftInput(answers=[AnswerInput("why", WHY)], visibility="withheld")
    save_draft(draft, asked, by=member)
    with pytest.raises(IncompleteSubmission, match="joint response"):
        submit(draft, by=member)


@pytest.mark.django_db
def test_step_by_step_the_public_version_is_shown_before_it_is_filed(
    client, participant, open_consultation
):
    client.force_login(participant)
    address = reverse("submissions:respond", args=[open_consultation.slug])
    page = client.get(address, {"step": "capacity"})
    page = go_on(client, page, address, group="individual")
    page = go_on(client, page, address, concern=["question:why"])
    page = go_on(client, page, address, **{"answer-why.text": WHY})
    while at(page) != "seen":
        page = go_on(client, page, address)
    typed = {"visibility": "confidential", "redaction-0-words": "plant in Lund"}
    page = go_on(client, page, address, **typed)
    assert at(page) == "seen"
    assert "Say why. The public reads the reason" in page.content.decode()
    assert "plant in Lund" in page.content.decode()
    page = go_on(client, page, address, **{"redaction-0-reason": "business"})
    text = page.content.decode()
    assert "What the public will see" in text
    assert "The [redacted: business secret] would close, and the [redacted" in text
    assert WHY in text
    page = client.post(page.request["PATH_INFO"], {}, follow=True)
    one = Submission.objects.get()
    assert one.is_submitted
    assert "Lund" not in one.answers.get().text
    public = client.get(one.get_absolute_url()).content.decode()
    assert "The [redacted: business secret] would close" in public
    assert "What you keep back" in public


@pytest.mark.django_db
def test_a_choice_survives_the_other_steps(client, participant, open_consultation):
    client.force_login(participant)
    address = reverse("submissions:respond", args=[open_consultation.slug])
    page = client.get(address)
    data = {
        **fields(page),
        "group": "individual",
        "answer-why.text": WHY,
        "visibility": "confidential",
        "redaction-0-words": "Lund",
        "redaction-0-reason": "rights",
        "then": "save",
    }
    client.post(address, data)
    page = client.get(address, {"step": "question:why"})
    go_on(client, page, address, **{"answer-why.text": f"{WHY} Still."})
    draft = Submission.objects.get()
    assert draft.visibility == "confidential"
    assert draft.redactions == [{"words": "Lund", "reason": "rights", "note": ""}]
    assert draft.answers.get().text == f"{WHY} Still."


@pytest.mark.django_db
def test_whoever_withholds_the_name_is_told_where_the_text_gives_it_away(
    client, member, forum, open_consultation
):
    client.force_login(member)
    draft = start_draft(open_consultation, author=member, organisation=forum)
    asked = DraftInput(
        answers=[AnswerInput("why", "We at the citizens' forum object.")], visibility="withheld"
    )
    save_draft(draft, asked, by=member)
    address = reverse("submissions:check", args=[open_consultation.slug])
    page = client.get(f"{address}?for={forum.slug}").content.decode()
    assert "stands in your texts" in page
    assert "Name withheld" in page


@pytest.mark.django_db
def test_over_the_api_a_response_keeps_parts_back(client, participant, open_consultation):
    client.force_login(participant)
    body = {
        "group": "individual",
        "answers": [{"question": "why", "text": WHY}],
        "visibility": "confidential",
        "redactions": [{"words": "in Lund", "reason": "security"}],
    }
    address = f"/api/v1/consultations/{open_consultation.slug}/submissions/"
    filed = client.post(address, body, content_type="application/json").json()
    shown = client.get(filed["url"]).json()
    assert shown["answers"][0]["text"].count("[redacted: safety or security]") == 2
    assert shown["redactions"] == [{"reason": "security", "note": "", "occurrences": 2}]
    original = client.get(f"{filed['url']}original/").json()
    assert original["answers"][0]["text"] == WHY
    wrong = client.post(
        address, {**body, "visibility": "secretly"}, content_type="application/json"
    )
    assert wrong.status_code == 400
