"""A point is about exact words: the next version still has them, or they are said to be gone."""

import pytest
from django.urls import reverse

from apps.consultations.models import DocumentVersion
from apps.consultations.services import ProvisionInput, publish_version
from apps.jobs.executing import run_job
from apps.jobs.models import Job
from apps.notifications.models import News
from apps.submissions import anchoring
from apps.submissions.announcing import LOST_PROVISION, LOST_WORDS, topic_of
from apps.submissions.errors import InvalidContent
from apps.submissions.inputs import DraftInput, PointInput
from apps.submissions.models import Anchor, Placement, Submission
from apps.submissions.services import (
    content_of,
    file_submission,
    save_draft,
    seal_of,
    start_draft,
    start_revision,
)
from tests.factories import PointFactory, SubmissionFactory
from tests.submissions.test_steps import at, go_on

pytestmark = pytest.mark.django_db
TEXT = "Each party shall report within 72 hours. It says so within 72 hours."


@pytest.fixture
def consultation(open_consultation):
    version = DocumentVersion.objects.get()
    version.provisions.filter(key="article-1").update(text=TEXT)
    return open_consultation


def content(quote, nth=0, **fields):
    point = PointInput("article-1", stance="oppose", reason="Too long.", quote=quote, nth=nth)
    return DraftInput(points=[point], group="individual", **fields)


def filed(consultation, person, quote, nth=0):
    receipt = file_submission(consultation, content(quote, nth), by=person)
    return consultation.submissions.get(reference=receipt.number)


def publish(consultation, **texts):
    """Publish the next version with these texts, and run its jobs."""
    made = publish_version(
        consultation,
        slug="draft",
        title="Draft",
        provisions=[
            ProvisionInput(key.replace("_", "-"), key, text) for key, text in texts.items()
        ],
    )
    kinds = [anchoring.REATTACH, anchoring.PART, anchoring.LEFT_OUT_PART]
    while waiting := Job.objects.filter(kind__in=kinds, state="queued"):
        run_job(waiting.first().pk)
    return made


def test_a_point_keeps_the_words_it_is_about_and_what_is_around_them(consultation, participant):
    one = filed(consultation, participant, "report within\n 72 hours")
    anchor = one.points.get().anchor
    assert anchor.quote == "report within 72 hours"
    assert TEXT[anchor.start : anchor.end] == anchor.quote
    assert anchor.prefix.endswith("party shall ")
    assert anchor.suffix.startswith(". It says")


@pytest.mark.parametrize(
    ("quote", "nth", "told"),
    [
        ("within 24 hours", 0, "not in the text of today"),
        ("within 72 hours", 0, "2 times"),
        ("within 72 hours", 3, "2 times"),
        ("x" * 2_001, 0, "Choose fewer words"),
        ("\x00", 0, "not in the text"),
        ("\u202ereport", 0, "not in the text"),
    ],
)
def test_words_that_cannot_be_meant_are_refused_in_words(
    consultation, participant, quote, nth, told
):
    with pytest.raises(InvalidContent) as refused:
        file_submission(consultation, content(quote, nth), by=participant)
    assert told in str(refused.value.fields["points.0.quote"][0])


def test_of_several_places_the_one_chosen_is_meant_and_comes_back(consultation, participant):
    one = filed(consultation, participant, "within 72 hours", nth=2)
    assert one.points.get().anchor.start == TEXT.rindex("within")
    assert content_of(one).points[0].nth == 2
    draft = start_revision(one, by=participant)
    assert content_of(draft).points == content_of(one).points


def test_the_next_version_attaches_moves_or_orphans(consultation, participant, rival, client):
    kept = filed(consultation, participant, "Each party shall report")
    moved = filed(consultation, rival, "within 72 hours", nth=2)
    elsewhere = SubmissionFactory(consultation=consultation)
    point = PointFactory(
        submission=elsewhere,
        provision=DocumentVersion.objects.get().provisions.get(key="article-2"),
    )
    Anchor.objects.create(point=point, quote="an observatory in Geneva", start=0, end=5)
    version = publish(
        consultation,
        article_1="Each party shall report without delay.",
        article_2="All parties pay. It says so within 72 hours.",
        article_3="Nothing.",
    )
    states = dict(Placement.objects.values_list("anchor__quote", "state"))
    assert states == {
        "Each party shall report": "attached",
        "within 72 hours": "moved",
        "an observatory in Geneva": "orphaned",
    }
    assert Placement.objects.get(state="moved").provision.key == "article-2"
    for one, told in (
        (kept, "Word for word in the same provision"),
        (moved, "Moved, or with changed words"),
        (elsewhere, "Version 2 has no such words."),
    ):
        assert told in client.get(one.get_absolute_url()).content.decode()
    page = reverse("consultations:document", args=[consultation.slug, "draft"])
    text = client.get(f"{page}?version={version.number}").content.decode()
    assert "Each party shall report</q>" in text
    assert "no longer in the text" in text
    shown = client.get(
        f"/api/v1/consultations/{consultation.slug}/submissions/{moved.reference}/"
    ).json()
    anchor = shown["points"][0]["anchor"]
    assert anchor["quote"] == "within 72 hours"
    assert anchor["newest"]["state"] == "moved"
    assert anchor["newest"]["provision"] == "article-2"


def test_a_provision_that_was_deleted_orphans_its_points(consultation, participant):
    filed(consultation, participant, "Each party shall report")
    publish(consultation, article_2="Something else entirely.")
    assert Placement.objects.get().state == "orphaned"


def test_whoever_filed_them_hears_of_words_that_are_gone(consultation, participant, rival):
    lost = filed(consultation, participant, "Each party shall report")
    filed(consultation, rival, "within 72 hours", nth=2)
    version = publish(consultation, article_1="It says so within 72 hours.")
    (told,) = News.objects.filter(title=LOST_WORDS)
    assert told.topic == topic_of(lost)
    assert told.text == (
        f"The new text no longer has words that {lost.reference} is about: {consultation.title}"
    )
    assert told.path == lost.get_absolute_url()
    pks = sorted(Anchor.objects.values_list("pk", flat=True))
    anchoring.place(version.pk, pks[0], pks[-1])
    assert News.objects.filter(title=LOST_WORDS).count() == 1


def test_placing_twice_places_once(consultation, participant):
    filed(consultation, participant, "Each party shall report")
    version = publish(consultation, article_1=TEXT)
    pk = Anchor.objects.get().pk
    assert anchoring.place(version.pk, pk, pk) == 0
    assert Placement.objects.count() == 1


def test_a_version_published_while_one_drafts_is_said_and_nothing_is_lost(
    client, consultation, participant
):
    client.force_login(participant)
    address = reverse("submissions:respond", args=[consultation.slug])
    page = client.get(address, {"step": "capacity"})
    page = go_on(client, page, address, group="individual")
    page = go_on(client, page, address, concern=["provision:article-1"])
    assert at(page) == "provision:article-1"
    typed = {"point-0-reason": "Too long.", "point-0-quote": "within 72 hours"}
    page = go_on(client, page, address, **typed)
    text = page.content.decode()
    assert "These words are there 2 times" in text
    assert "Which place do you mean?" in text
    assert "Too long." in text
    publish(
        consultation, article_1="Each party shall report at once.", article_2="x", article_3="y"
    )
    page = go_on(client, page, address, **{"point-0-nth": "1"})
    text = page.content.decode()
    assert "not in the text of today" in text
    assert "within 72 hours" in text
    page = go_on(client, page, address, **{"point-0-quote": "report at once"})
    assert at(page) != "provision:article-1"
    assert Submission.objects.get().points.get().anchor.quote == "report at once"


def test_a_seal_covers_the_words_a_point_is_about(consultation, member, forum):
    draft = start_draft(consultation, author=member, organisation=forum)
    draft = save_draft(draft, content("Each party"), by=member)
    before = seal_of(draft)
    draft = save_draft(draft, content("Each party shall"), by=member)
    assert seal_of(draft) != before


def test_receipts_without_anchors_are_as_they_were(consultation, participant, client):
    client.force_login(participant)
    for quote, names in (("", set()), ("Each party", {"quote", "nth"})):
        receipt = file_submission(consultation, content(quote), by=participant)
        address = reverse("submissions:receipt", args=[consultation.slug, receipt.number])
        [point] = client.get(address).json()["content"]["points"]
        assert set(point) & {"quote", "nth"} == names


def test_five_hundred_words_on_one_provision_cost_the_page_no_more(
    consultation, client, django_assert_num_queries
):
    provision = DocumentVersion.objects.get().provisions.get(key="article-1")
    address = reverse("consultations:document", args=[consultation.slug, "draft"])

    def anchored(number):
        point = PointFactory(
            submission=SubmissionFactory(consultation=consultation), provision=provision
        )
        Anchor.objects.create(point=point, quote=f"words {number}", start=0, end=5)

    anchored(0)
    with django_assert_num_queries(7):
        client.get(address)
    for number in range(1, 60):
        anchored(number)
    with django_assert_num_queries(7):
        text = client.get(address).content.decode()
    assert "and 54 more" in text


def test_the_page_of_the_text_marks_words_in_each_version_where_they_stand(
    consultation, participant, client
):
    filed(consultation, participant, "report within 72 hours")
    page = reverse("consultations:document", args=[consultation.slug, "draft"])
    assert "shall <mark>report within 72 hours</mark>." in client.get(page).content.decode()
    publish(consultation, article_1=f"In short. {TEXT}")
    assert "shall <mark>report within 72 hours</mark>." in client.get(page).content.decode()
    publish(consultation, article_1="Nothing is left of it here.")
    assert "<mark>" not in client.get(page).content.decode()


def test_words_selected_on_the_page_of_the_text_begin_a_point(consultation, participant, client):
    client.force_login(participant)
    address = reverse("submissions:respond", args=[consultation.slug])
    page = client.get(address, {"provision": "article-1", "quote": "72 hours\0" + "x" * 3000})
    quote = page.context["form"].content.points[0].quote
    assert (quote[:9], len(quote)) == ("72 hoursx", 1000)


def test_whoever_spoke_of_a_whole_provision_hears_once_that_a_version_leaves_it_out(
    consultation, participant, rival
):
    lost = filed(consultation, participant, quote="")
    kept = DraftInput(points=[PointInput("article-3", stance="support")], group="individual")
    file_submission(consultation, kept, by=rival)
    left = {"article_3": "Unless it is safe."}
    publish(consultation, **left)
    publish(consultation, **left, article_4="New.")
    (told,) = News.objects.filter(title=LOST_PROVISION)
    assert told.topic == topic_of(lost)
    assert told.text == (
        f"The new text leaves out a part that {lost.reference} is about: {consultation.title}"
    )


def test_the_words_a_point_is_about_stand_among_others_where_answers_are_checked(
    client, consultation, participant
):
    draft = start_draft(consultation, author=participant, group="individual")
    save_draft(draft, content("within 72 hours", nth=2), by=participant)
    client.force_login(participant)
    page = client.get(reverse("submissions:check", args=[consultation.slug])).content.decode()
    assert "It says so <mark>within 72 hours</mark>. …" in page


def test_a_proposed_wording_is_compared_with_the_text_where_answers_are_checked(
    client, consultation, participant
):
    draft = start_draft(consultation, author=participant, group="individual")
    proposed = TEXT.replace("Each party", "Every State", 1)
    point = PointInput("article-1", ask="amend", proposed_text=proposed)
    save_draft(draft, DraftInput(points=[point], group="individual"), by=participant)
    client.force_login(participant)
    page = client.get(reverse("submissions:check", args=[consultation.slug])).content.decode()
    assert "<del>Each party</del><ins>Every State</ins>" in page
