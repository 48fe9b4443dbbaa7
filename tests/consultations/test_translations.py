"""Texts of a consultation in other languages; what is missing or out of date is visible."""

import pytest
from django.urls import reverse

from apps.consultations.models import Question
from apps.consultations.services import (
    InvalidEntry,
    ProvisionEdit,
    ProvisionInput,
    add_document,
    change_provision,
    publish_text,
    translate,
    write_text,
)
from apps.consultations.translating import Reading, translated
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db
ORIGINAL = "Text of article 1"


@pytest.fixture
def offered(open_consultation):
    open_consultation.languages = ["fr"]
    open_consultation.summary = "We ask you."
    open_consultation.save()
    return open_consultation


def states(consultation):
    return {one.place.name: one.state for one in translated(consultation, "fr")}


def french(client, address):
    return client.get(address, headers={"accept-language": "fr"}).content.decode()


def test_every_text_readers_see_can_be_translated(offered):
    places = states(offered)
    assert set(places.values()) == {"missing"}
    for place in ("title", "summary", "question:why:text", "provision:article-1:text"):
        assert place in places


def test_a_translation_is_read_where_the_page_is_in_its_language(offered, owner, client):
    texts = {
        "title": "Une pause",
        "question:why:text": "Pourquoi donc ?",
        "provision:article-1:text": "Le premier texte traduit.",
    }
    assert translate(offered, "fr", texts, by=owner) == 3
    overview = offered.get_absolute_url()
    page = french(client, overview)
    assert "Une pause" in page
    assert "Pourquoi donc ?" in page
    assert "We ask you." in page, "what is missing stands in the original"
    assert "Une pause" not in client.get(overview).content.decode()
    assert "Une pause" not in french(client, f"{overview}?original")
    document = french(client, reverse("consultations:document", args=[offered.slug, "draft"]))
    assert "Le premier texte traduit." in document
    assert 'lang="fr"' in document


def test_phases_and_texts_are_called_in_the_language_of_the_page(offered, owner, client):
    offered.phases.update(title="Comments")
    text = offered.documents.get()
    places = {"phase:1:title": "Observations", f"document:{text.slug}:title": "Le projet"}
    assert places.keys() <= states(offered).keys()
    translate(offered, "fr", places, by=owner)
    page = french(client, offered.get_absolute_url())
    assert '<strong dir="auto" lang="fr">Observations</strong>' in page
    assert ">Le projet</a>" in page
    assert "Le projet</h1>" in french(
        client, reverse("consultations:document", args=[offered.slug, text.slug])
    )
    offered.phases.update(title="Comments on the draft")
    assert "Comments on the draft" in french(client, offered.get_absolute_url())


def test_nothing_is_said_to_be_translated_before_something_is(offered, owner, client):
    overview = offered.get_absolute_url()
    page = french(client, overview)
    assert "a traduit cette page" not in page
    assert "ne sont pas encore traduits" in page
    translate(offered, "fr", {"title": "Une pause"}, by=owner)
    assert "a traduit cette page" in french(client, overview)


def test_a_text_can_be_translated_before_it_is_published(offered, owner, client):
    document = add_document(offered, "An annex", by=owner)
    write_text(document, [ProvisionInput("annex-1", "Scope", "All of it.")], by=owner)
    assert states(offered)["provision:annex-1:text"] == "missing"
    translate(offered, "fr", {"provision:annex-1:text": "La totalité."}, by=owner)
    publish_text(document, by=owner)
    assert states(offered)["provision:annex-1:text"] == "done"


def test_the_ends_of_a_scale_are_translated(offered, owner, client):
    QuestionFactory(
        consultation=offered,
        key="safe",
        kind=Question.Kind.SCALE,
        scale_low="unsafe",
        scale_high="safe",
    )
    texts = {"question:safe:low": "dangereux", "question:safe:high": "sans danger"}
    translate(offered, "fr", texts, by=owner)
    question = offered.questions.get(key="safe")
    Reading(offered, "fr").ask([question])
    assert (question.scale_low, question.scale_high) == ("dangereux", "sans danger")


def test_the_page_names_the_language_it_translates_into(offered, owner, client):
    client.force_login(owner)
    page = client.get(reverse("consultations:translation", args=[offered.slug, "fr"]))
    assert "Translate into: French" in page.content.decode()
    assert '<textarea class="input" id="t1" name="title" rows="2" lang="fr"' in (
        page.content.decode()
    )


def test_the_form_asks_in_the_language_of_the_page(offered, owner, participant, client):
    translate(offered, "fr", {"question:why:text": "Pourquoi donc ?"}, by=owner)
    client.force_login(participant)
    assert "Pourquoi donc ?" in french(client, f"/consultations/{offered.slug}/respond/")
    assert "Pourquoi donc ?" in french(client, reverse("submissions:start", args=[offered.slug]))
    offered.questions.get(key="why").refresh_from_db()
    assert offered.questions.get(key="why").text != "Pourquoi donc ?"


def test_a_translation_of_other_words_is_out_of_date_and_not_shown(offered, owner, client):
    translate(offered, "fr", {"provision:article-1:text": "Le premier texte traduit."}, by=owner)
    document = offered.documents.get()
    document.consultation = offered
    change_provision(document, "article-1", ProvisionEdit("H", "New.", revision=1), by=owner)
    publish_text(document, by=owner)
    assert states(offered)["provision:article-1:text"] == "stale"
    page = french(client, reverse("consultations:document", args=[offered.slug, "draft"]))
    assert "Le premier texte traduit." not in page
    translate(offered, "fr", {"provision:article-1:text": "Le premier texte traduit."}, by=owner)
    assert states(offered)["provision:article-1:text"] == "done"


def test_an_empty_translation_takes_it_away(offered, owner):
    translate(offered, "fr", {"title": "Une pause"}, by=owner)
    assert translate(offered, "fr", {"title": "  "}, by=owner) == 1
    assert states(offered)["title"] == "missing"


@pytest.mark.parametrize(
    ("language", "place"), [("de", "title"), ("fr", "question:nothing:text"), ("fr", "author")]
)
def test_what_cannot_be_translated_is_refused(language, place, offered, owner):
    with pytest.raises(InvalidEntry):
        translate(offered, language, {place: "Wort"}, by=owner)


def test_the_page_saves_what_was_changed_and_confirms_what_still_holds(offered, owner, client):
    client.force_login(owner)
    address = reverse("consultations:translation", args=[offered.slug, "fr"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "Une pause"}).status_code == 302
    offered.title = "Another pause"
    offered.save()
    assert states(offered)["title"] == "stale"
    client.post(address, {"title": "Une pause"})
    assert states(offered)["title"] == "stale", "nobody said that it still holds"
    client.post(address, {"title": "Une pause", "still-right:title": "on"})
    assert states(offered)["title"] == "done"
