"""The text is amended: proposals taken over with credit, points carried or named as orphaned."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import Entry
from apps.consultations.comparing import differences
from apps.consultations.services import (
    ProvisionEdit,
    ProvisionInput,
    begin_version,
    change_provision,
    move_provision,
    publish_text,
    publish_version,
    remove_provision,
)
from apps.core.errors import NotAllowed
from apps.responses.services import ResponseInput, respond
from apps.submissions.inputs import DraftInput, PointInput
from apps.submissions.models import Point
from apps.submissions.services import file_submission, withdraw
from apps.submissions.services.proposing import NothingProposed, take_proposal
from tests.factories import HostRoleFactory, PointFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = "Observers are named by lot, each for one year."


@pytest.fixture
def document(open_consultation):
    found = open_consultation.documents.get()
    found.consultation = open_consultation
    return found


@pytest.fixture
def point(open_consultation, participant):
    content = DraftInput(
        points=[
            PointInput("article-1", stance="changes", proposed_text=WORDS, reason="It is fair."),
            PointInput("article-3", stance="oppose", reason="Not this."),
        ],
        group="civil",
    )
    receipt = file_submission(open_consultation, content, by=participant)
    return Point.objects.get(submission__reference=receipt.number, number=1)


def changes(client, document, query=""):
    address = reverse("consultations:changes", args=[document.consultation.slug, document.slug])
    return client.get(address + query).content.decode()


def test_proposed_words_are_taken_over_and_readers_see_whose_they_are(
    document, point, owner, client
):
    taken = take_proposal(point, by=owner)
    assert taken.text == WORDS
    assert taken.credits == [f"{point.submission.reference}/point:1"]
    version = publish_text(document, by=owner)
    assert version.provisions.get(key="article-1").credits == taken.credits
    page = changes(client, document)
    assert f"Words proposed in {point.submission.reference}" in page
    assert "<ins>" in page
    assert "<del>" in page


def test_the_writer_sees_the_proposals_beside_the_editor(document, point, owner, client):
    client.force_login(owner)
    slug = document.consultation.slug
    address = reverse("consultations:provision", args=[slug, document.slug, "article-1"])
    page = client.get(address).content.decode()
    assert WORDS in page
    assert "Take these words" in page


def editor(document, key):
    return reverse("consultations:provision", args=[document.consultation.slug, document.slug, key])


def test_the_writer_reads_every_point_beside_the_editor(document, point, owner, client):
    client.force_login(owner)
    listed = reverse("submissions:list", args=[document.consultation.slug])
    page = client.get(editor(document, "article-3")).content.decode()
    assert "Not this." in page, "a point that proposes no words is read too"
    assert "Take these words" not in page
    assert f"{listed}?provision=article-3" in page
    assert "</span>: Oppose 1</li>" in page, "what the bars say is there in words"


def test_points_on_earlier_versions_stay_beside_the_editor(document, point, owner, client):
    change_provision(document, "article-1", ProvisionEdit("Scope", "New.", revision=1), by=owner)
    publish_text(document, by=owner)
    client.force_login(owner)
    page = client.get(editor(document, "article-3")).content.decode()
    assert "Not this." in page
    assert "version 1" in page
    assert "Nothing yet." in client.get(editor(document, "article-2")).content.decode()


def test_many_points_cost_no_query_more_and_the_rest_is_a_link_away(
    document, point, owner, client, django_assert_max_num_queries
):
    client.force_login(owner)
    address = editor(document, "article-1")
    with CaptureQueriesContext(connection) as few:
        page = client.get(address).content.decode()
    assert "The rest is in the list" not in page
    for number in range(60):
        PointFactory(
            submission__consultation=document.consultation,
            provision=point.provision,
            reason=f"Reason {number}.",
        )
    with django_assert_max_num_queries(len(few)):
        page = client.get(address).content.decode()
    assert "Reason 59." in page
    assert "Reason 0." not in page
    assert "The rest is in the list" in page


def typed(**changes):
    return {"heading": "Scope", "text": "Typed.\r\nMore.", "level": "2", "revision": "1", **changes}


def test_taking_words_saves_nothing_and_loses_nothing(document, point, owner, client):
    client.force_login(owner)
    address, name = editor(document, "article-1"), f"{point.submission.reference}/point:1"
    assert f'name="take" value="{name}"' in client.get(address).content.decode()
    taken = client.post(address, typed(take=name, heading="My heading", stood=["Older."]))
    assert not document.draft_provisions.exists(), "nothing is saved before the writer does"
    form = taken.context["editor"]
    assert (form.typed.text, form.typed.heading) == (WORDS, "My heading")
    assert form.stood == ["Older.", "Typed.\nMore."]
    assert "More." in taken.content.decode()
    back = client.post(address, typed(text=WORDS, back="Typed.\nMore.", stood=form.stood))
    assert back.context["typed"].text == "Typed.\nMore."
    assert WORDS in back.context["editor"].stood


def test_saving_words_that_were_taken_records_whose_they_are(document, point, owner, client):
    client.force_login(owner)
    name = f"{point.submission.reference}/point:1"
    made_up = [name, f"{point.submission.reference}/point:2", "x/point:1", "nothing"]
    saved = client.post(editor(document, "article-1"), typed(text=f"{WORDS} So.", credit=made_up))
    assert saved.status_code == 302
    held = document.draft_provisions.get(key="article-1")
    assert (held.text, held.credits) == (f"{WORDS} So.", [name])
    assert Entry.objects.filter(kind="proposal.taken").count() == 1


def test_words_that_were_withdrawn_meanwhile_leave_the_form_as_it_is(
    document, point, owner, participant, client
):
    withdraw(point.submission, by=participant)
    client.force_login(owner)
    name = f"{point.submission.reference}/point:1"
    page = client.post(editor(document, "article-1"), typed(take=name))
    assert page.status_code == 409
    assert page.context["typed"].text == "Typed.\nMore."


def test_moving_a_provision_from_the_editor_saves_what_is_typed(document, owner, client):
    client.force_login(owner)
    address = editor(document, "article-1")
    moved = client.post(address, typed(act="move", after="article-3"))
    assert moved.status_code == 302
    assert document.draft_provisions.get(key="article-1").text == "Typed.\nMore."
    keys = document.draft_provisions.order_by("position").values_list("key", flat=True)
    assert list(keys) == ["article-2", "article-3", "article-1"]
    refused = client.post(address, typed(act="move", after="article-2", heading="", revision="2"))
    assert refused.status_code == 422
    assert refused.context["typed"].text == "Typed.\nMore."


def text_page(document):
    return reverse("consultations:text", args=[document.consultation.slug, document.slug])


def test_leaving_a_provision_out_says_what_becomes_of_its_points(document, point, owner, client):
    client.force_login(owner)
    page = client.get(text_page(document)).content.decode()
    assert page.count("1 point is about it and would have no place in the next version.") == 2
    gone = reverse(
        "consultations:provision-gone",
        args=[document.consultation.slug, document.slug, "article-3"],
    )
    client.post(gone)
    page = client.get(text_page(document))
    leaving = page.context["leaving"]
    assert [(held.key, n) for held, n in leaving.gone] == [("article-3", 1)]
    assert (leaving.carried, leaving.orphaned) == (1, 1)
    assert "Points that no longer have a place in the text: 1" in page.content.decode()
    assert "Put it back" in page.content.decode()


def test_a_provision_left_out_is_put_back_where_it_stood(document, point, owner, client):
    client.force_login(owner)
    published = document.versions.get().provisions.get(key="article-2").text
    remove_provision(document, "article-1", by=owner)
    remove_provision(document, "article-2", by=owner)
    client.post(text_page(document), {"act": "back", "key": "article-2"})
    client.post(text_page(document), {"act": "back", "key": "article-1"})
    held = document.draft_provisions.order_by("position")
    assert [one.key for one in held] == ["article-1", "article-2", "article-3"]
    assert held[1].text == published
    for key in ("article-1", "never-there", ""):
        assert client.post(text_page(document), {"act": "back", "key": key}).status_code == 409


def test_a_whole_text_names_what_goes_with_the_points_on_it(document, point, owner, client):
    client.force_login(owner)
    slug = document.consultation.slug
    address = reverse("consultations:whole", args=[slug, document.slug])
    written = "## Article 1 {#article-1}\n\nIt holds.\n"
    page = client.post(address, {"text": written, "act": "check"})
    leaving = page.context["leaving"]
    assert [(held.key, n) for held, n in leaving.gone] == [("article-2", 0), ("article-3", 1)]
    assert str(leaving.gone[1][0]) in page.content.decode()
    assert "Points that no longer have a place in the text: 1" in page.content.decode()


def test_giving_the_next_version_up_says_what_is_lost_and_what_stays(document, owner, client):
    client.force_login(owner)
    begin_version(document, by=owner)
    page = client.get(text_page(document)).content.decode()
    assert "All changes since version 1 are lost" in page
    assert "Version 1 stays as it was published" in page


def test_credit_is_for_the_version_that_took_the_words(document, point, owner):
    take_proposal(point, by=owner)
    publish_text(document, by=owner)
    held = begin_version(document, by=owner)[0]
    assert held.credits == []


def test_words_that_were_withdrawn_or_not_proposed_are_not_taken(
    document, point, owner, participant
):
    other = point.submission.points.get(number=2)
    with pytest.raises(NothingProposed):
        take_proposal(other, by=owner)
    withdraw(point.submission, by=participant)
    point.submission.refresh_from_db()
    with pytest.raises(NothingProposed):
        take_proposal(point, by=owner)
    assert not document.draft_provisions.exists()


def test_only_editors_take_words_over(point, host):
    analyst = HostRoleFactory(host=host, role="analyst", user=UserFactory()).user
    with pytest.raises(NotAllowed):
        take_proposal(point, by=analyst)


def test_points_are_carried_to_the_next_version_or_named_as_orphaned(
    document, point, owner, client
):
    change_provision(document, "article-1", ProvisionEdit("Scope", "New.", revision=1), by=owner)
    remove_provision(document, "article-3", by=owner)
    publish_text(document, by=owner)
    slug = document.consultation.slug
    page = client.get(reverse("consultations:document", args=[slug, document.slug]))
    assert "1 point on an earlier version" in page.content.decode()
    compared = changes(client, document)
    assert "taken out" in compared
    assert "Points that no longer have a place in the text" in compared
    read = client.get(point.submission.get_absolute_url()).content.decode()
    first, second = read.split('id="point-1"')[1].split('id="point-2"')
    assert "has no such provision" not in first
    assert "Version 2 has no such provision. The point stays on the record." in second


def test_a_changed_line_names_the_responses_that_led_to_it(document, point, owner, client):
    change_provision(document, "article-1", ProvisionEdit("Scope", "New.", revision=1), by=owner)
    publish_text(document, by=owner)
    targets = [(str(point.submission.reference), "point:1")]
    given = ResponseInput(targets, "accepted", "We were convinced.", change="article-1")
    respond(document.consultation, given, by=owner)
    page = changes(client, document)
    assert "What led to it" in page
    assert "We were convinced." in page


def test_what_moved_is_said_and_what_stayed_is_not(document, owner):
    move_provision(document, "article-3", after="", by=owner)
    new = publish_text(document, by=owner)
    rows = differences(document.versions.get(number=1), new)
    assert [(row.key, row.kind, row.is_moved) for row in rows] == [
        ("article-3", "changed", True),
        ("article-1", "same", False),
        ("article-2", "same", False),
    ]


def test_what_was_taken_out_stands_where_it_stood(document, owner):
    remove_provision(document, "article-2", by=owner)
    new = publish_text(document, by=owner)
    rows = differences(document.versions.get(number=1), new)
    assert [(row.key, row.kind) for row in rows] == [
        ("article-1", "same"),
        ("article-2", "removed"),
        ("article-3", "same"),
    ]


def test_one_version_and_unknown_ones_have_an_answer(document, client):
    assert "There is one version so far" in changes(client, document)
    address = reverse("consultations:changes", args=[document.consultation.slug, document.slug])
    for query in ("?from=9", "?to=x", "?from=1&to=0"):
        assert client.get(address + query).status_code == 404


def test_the_page_costs_the_same_for_many_provisions(
    document, owner, client, django_assert_max_num_queries
):
    for words in ("Old words.", "Other words."):
        publish_version(
            document.consultation,
            slug=document.slug,
            title=document.title,
            provisions=[ProvisionInput(f"p-{n}", f"H {n}", f"{words} {n}") for n in range(60)],
            by=owner,
        )
    with django_assert_max_num_queries(16):
        assert "60 provisions have changed." in changes(client, document)
