"""The host answers points and answers: with a reason, seen by all, heard of by whoever said it."""

import pytest
from django.urls import reverse

from apps.audit.models import Entry
from apps.consultations.models import DocumentVersion
from apps.consultations.services import ProvisionInput, publish_version
from apps.core.errors import NotAllowed
from apps.notifications.models import News
from apps.responses.errors import InvalidResponse
from apps.responses.models import AnsweredPart, OfficialResponse
from apps.responses.sections import changed_after
from apps.responses.services import ResponseInput, respond
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.services import file_submission, withdraw
from tests.factories import HostRoleFactory

pytestmark = pytest.mark.django_db
CONTENT = DraftInput(
    answers=[AnswerInput("why", "Because it ends.")],
    points=[
        PointInput("article-1", stance="oppose", reason="Too late."),
        PointInput("article-3", stance="changes", reason="Name who observes."),
    ],
    group="individual",
)


@pytest.fixture
def said(open_consultation, participant):
    receipt = file_submission(open_consultation, CONTENT, by=participant)
    return open_consultation.submissions.get(reference=receipt.number)


def answered(said, *parts, decision="rejected", reason="The parties need the time.", **fields):
    targets = [(said.reference, part) for part in parts]
    return ResponseInput(targets, decision, reason, **fields)


def words_page(said):
    return reverse("briefings:words", args=[said.consultation.slug, said.reference])


def test_one_decision_answers_many_and_is_on_record(said, owner):
    given = respond(said.consultation, answered(said, "point:1", "answer:why"), by=owner)
    assert sorted(part.target.part for part in given.parts.all()) == ["answer:why", "point:1"]
    entry = Entry.objects.get(kind="response.given")
    assert entry.detail["parts"] == [f"{said.reference}/point:1", f"{said.reference}/answer:why"]


def test_its_author_reads_it_beside_the_words_and_gets_the_news(said, owner, participant, client):
    before = client.get(words_page(said)).content.decode()
    assert "The host has not answered yet." in before
    given = respond(said.consultation, answered(said, "point:2"), by=owner)
    page = client.get(words_page(said)).content.decode()
    assert "The host has not answered yet." not in page
    assert "The parties need the time." in page
    assert f"{said.get_absolute_url()}#point-2" in page
    news = News.objects.get(topic=participant.followings.get().topic)
    assert news.path == f"{words_page(said)}#response-{given.pk}"
    assert news.text.startswith(f"The host answered {said.reference}")


def test_its_author_reads_which_points_are_not_answered_yet(said, owner, client):
    respond(said.consultation, answered(said, "point:2"), by=owner)
    page = client.get(words_page(said)).text
    left = page.partition("Not answered yet")[2].partition("</ul>")[0]
    assert f"{said.get_absolute_url()}#point-1" in left
    assert f"{said.get_absolute_url()}#answer-" in left
    assert "#point-2" not in left
    respond(said.consultation, answered(said, "point:1", "answer:why"), by=owner)
    assert "Not answered yet" not in client.get(words_page(said)).text


def test_a_later_response_takes_the_place_of_the_first_and_both_stay_on_record(said, owner, client):
    first = respond(said.consultation, answered(said, "point:1", "point:2"), by=owner)
    respond(said.consultation, answered(said, "point:1", decision="accepted"), by=owner)
    assert OfficialResponse.objects.count() == 2
    assert [part.target.part for part in first.parts.standing()] == ["point:2"]
    assert AnsweredPart.objects.standing().count() == 2
    page = client.get(reverse("responses:list", args=[said.consultation.slug])).content.decode()
    assert page.index("Accepted") < page.index("Rejected")


@pytest.fixture
def changed(said):
    """Version 2: article 1 says something new, article 2 the same, article 3 is gone."""
    provisions = DocumentVersion.objects.get().provisions
    provisions.update(label="")
    texts = provisions.values_list("key", "heading", "text")
    publish_version(
        said.consultation,
        slug="draft",
        title="Draft",
        provisions=[
            ProvisionInput(key, heading, f"{text} New." if key == "article-1" else text)
            for key, heading, text in texts
            if key != "article-3"
        ],
    )


@pytest.mark.parametrize("key", ["article-1", "article-3"])
def test_what_changed_is_linked_in_the_comparison_and_told_there(said, changed, owner, client, key):
    change = answered(said, "point:1", decision="partly", change=key)
    given = respond(said.consultation, change, by=owner)
    assert given.change_url.endswith(f"/changes/?from=1&to=2#provision-{key}")
    assert given.change_url.replace("&", "&amp;") in client.get(words_page(said)).content.decode()
    comparison = client.get(given.change_url).content.decode()
    place = comparison.index(f'id="provision-{key}"')
    assert "Accepted in part" in comparison[place : comparison.find('id="provision-', place + 9)]


def test_what_is_as_it_was_is_not_offered_and_refused(said, changed, owner, client):
    entered = answered(said, "point:1", decision="partly", change="article-2")
    with pytest.raises(InvalidResponse) as refused:
        respond(said.consultation, entered, by=owner)
    assert list(refused.value.fields) == ["change"]
    client.force_login(owner)
    page = client.get(reverse("responses:ledger", args=[said.consultation.slug]))
    assert list(page.context["changes"]) == ["article-1", "article-3"]


def test_a_superseded_answer_is_not_told_as_what_led_to_a_change(said, owner):
    version = DocumentVersion.objects.get()
    key = version.provisions.get(key="article-1").pk
    first = OfficialResponse.objects.create(
        consultation=said.consultation, decision="partly", reason="So.", change_id=key
    )
    AnsweredPart.objects.create(response=first, submission=said, point=said.points.first())
    assert list(changed_after(version)) == [key]
    respond(said.consultation, answered(said, "point:1", decision="scope"), by=owner)
    assert changed_after(version) == {}


def test_the_ledger_shows_the_wording_proposed_and_leads_to_the_submission(said, owner, client):
    said.points.filter(number=1).update(proposed_text="It begins in May.")
    client.force_login(owner)
    page = client.get(reverse("responses:ledger", args=[said.consultation.slug])).content.decode()
    assert "It begins in May." in page
    assert f'href="{said.get_absolute_url()}#point-1"' in page


@pytest.mark.parametrize("role", ["moderator", "analyst", "dpo"])
def test_only_owners_and_editors_answer_for_the_host(said, host, role, participant):
    staff = HostRoleFactory(host=host, role=role).user
    for person in (staff, participant):
        with pytest.raises(NotAllowed):
            respond(said.consultation, answered(said, "point:1"), by=person)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 4001}, "reason"),
        ({"decision": "maybe"}, "decision"),
        ({"change": "article-99", "decision": "accepted"}, "change"),
        ({"change": "article-1"}, "change"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(said, owner, fields, field):
    with pytest.raises(InvalidResponse) as refused:
        respond(said.consultation, answered(said, "point:1", **fields), by=owner)
    assert list(refused.value.fields) == [field]
    assert not OfficialResponse.objects.exists()


@pytest.mark.parametrize("parts", [[], ["point:9"], ["answer:nothing"], ["point:1", "nonsense"]])
def test_only_what_was_said_can_be_answered(said, owner, parts):
    with pytest.raises(InvalidResponse) as refused:
        respond(said.consultation, answered(said, *parts), by=owner)
    assert list(refused.value.fields) == ["targets"]


def test_what_was_withdrawn_meanwhile_is_said_and_not_answered(said, owner, participant):
    withdraw(said, by=participant)
    with pytest.raises(InvalidResponse, match="needs attention"):
        respond(said.consultation, answered(said, "point:1"), by=owner)


def test_staff_answers_in_the_ledger_and_nothing_typed_is_lost(said, owner, client):
    client.force_login(owner)
    ledger = reverse("responses:ledger", args=[said.consultation.slug])
    assert "Too late." in client.get(ledger).content.decode()
    typed = {"target": [f"{said.reference}/point:1"], "reason": "We keep it.", "decision": ""}
    refused = client.post(ledger, typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "We keep it." in page
    assert f'value="{said.reference}/point:1" checked' in page
    done = client.post(ledger, typed | {"decision": "rejected"}, follow=True)
    assert "1 answer was given." in done.content.decode()
    rest = client.get(ledger, {"open": "1"}).content.decode()
    assert "Too late." not in rest
    assert "Name who observes." in rest
    assert "Because it ends." in client.get(ledger, {"kind": "answers"}).content.decode()


def test_what_was_sent_too_late_is_shown_as_typed_without_names_of_parts(said, owner, client):
    ledger = reverse("responses:ledger", args=[said.consultation.slug])
    client.post(ledger, {"target": f"{said.reference}/point:1", "reason": "We keep it as it is."})
    client.force_login(owner)
    page = client.get(reverse("accounts:sent")).text
    typed = page.partition("What you typed")[2].partition("<form")[0]
    assert "We keep it as it is." in typed
    assert "point:1" not in typed
    assert f'name="target" value="{said.reference}/point:1"' in page


def test_the_pages_cost_the_same_for_many(
    said, owner, participant, open_consultation, client, django_assert_max_num_queries
):
    client.force_login(owner)
    pages = [
        reverse(f"responses:{name}", args=[open_consultation.slug]) for name in ("list", "ledger")
    ]
    respond(open_consultation, answered(said, "point:1"), by=owner)
    costs = []
    for page in pages:
        with django_assert_max_num_queries(22) as few:
            client.get(page)
        costs.append(len(few.captured_queries))
    for _number in range(5):
        receipt = file_submission(open_consultation, CONTENT, by=participant)
        more = open_consultation.submissions.get(reference=receipt.number)
        respond(open_consultation, answered(more, "point:1", "point:2", "answer:why"), by=owner)
    for page, cost in zip(pages, costs, strict=True):
        with django_assert_max_num_queries(cost):
            client.get(page)


def test_the_api_gives_lists_and_finds_responses(said, owner, client):
    root = f"/api/v1/consultations/{said.consultation.slug}/"
    body = {
        "targets": [{"submission": said.reference, "part": "point:1"}],
        "decision": "covered",
        "reason": "Article 9 says so.",
    }
    post = {"content_type": "application/json", "headers": {"Idempotency-Key": "r"}}
    assert client.post(f"{root}responses/", body, **post).status_code == 401
    client.force_login(owner)
    made = client.post(f"{root}responses/", body, **post)
    again = client.post(f"{root}responses/", body, **post)
    assert (made.status_code, again.json()) == (201, made.json())
    client.logout()
    assert client.get(f"{root}responses/").json()["results"] == [made.json()]
    found = client.get(f"{root}submissions/{said.reference}/responses/").json()
    assert [one["reason"] for one in found] == ["Article 9 says so."]
    answered_part = {"submission": said.reference, "part": "point:1", "senders": 1, "aspect": ""}
    assert found[0]["parts"] == [answered_part]
