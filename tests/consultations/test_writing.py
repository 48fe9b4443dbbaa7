"""The next version of a text: written, put in order, matched to what was there, published."""

import io
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from apps.consultations.models import Document, DraftProvision
from apps.consultations.outlining import (
    UnreadableText,
    markdown_from_file,
    markdown_of,
    provisions_of,
)
from apps.consultations.services import (
    ChangedMeanwhile,
    InvalidEntry,
    NothingInPreparation,
    ProvisionEdit,
    ProvisionInput,
    add_document,
    add_provision,
    change_provision,
    discard_text,
    move_provision,
    publish_text,
    remove_provision,
    write_text,
)

pytestmark = pytest.mark.django_db
TEXTS = ("text", "whole", "document")
WRITTEN = """\
## Article 1 · Scope {#art-1}

It holds for everybody.

## Article 2 · Entry into force

On the first day of the third month.
"""


@pytest.fixture
def document(open_consultation):
    """A document with a published version of three provisions."""
    found = open_consultation.documents.get()
    found.consultation = open_consultation
    return found


def keys(document):
    return list(document.draft_provisions.order_by("position").values_list("key", flat=True))


def edit(document, key, **changes):
    row = document.draft_provisions.filter(key=key).first()
    revision = row.revision if row else 1
    return ProvisionEdit(**{"heading": "Scope", "text": "New.", "revision": revision, **changes})


def test_the_first_change_begins_the_next_version_and_leaves_the_published_one(document, owner):
    before = document.versions.get().provisions.get(key="article-1").text
    change_provision(document, "article-1", edit(document, "article-1"), by=owner)
    assert keys(document) == ["article-1", "article-2", "article-3"]
    assert document.draft_provisions.get(key="article-1").text == "New."
    assert document.versions.get().provisions.get(key="article-1").text == before


def test_of_two_editors_the_second_is_told_and_loses_nothing(document, owner):
    seen = edit(document, "article-1")
    change_provision(document, "article-1", seen, by=owner)
    with pytest.raises(ChangedMeanwhile) as refused:
        change_provision(
            document, "article-1", ProvisionEdit("Scope", "Mine.", revision=1), by=owner
        )
    assert refused.value.current.text == "New."
    again = ProvisionEdit("Scope", "Mine.", revision=refused.value.current.revision)
    assert change_provision(document, "article-1", again, by=owner).text == "Mine."


def test_an_act_nobody_offers_changes_nothing(document, owner, client):
    client.force_login(owner)
    address = reverse("consultations:text", args=[document.consultation.slug, "draft"])
    assert client.post(address, {"act": "burn"}).status_code == 302
    assert not document.draft_provisions.exists()


def test_the_page_of_the_second_editor_holds_both_texts(document, owner, client):
    client.force_login(owner)
    address = reverse(
        "consultations:provision", args=[document.consultation.slug, "draft", "article-1"]
    )
    typed = {"heading": "Scope", "text": "First words.", "level": "2", "revision": "1"}
    assert client.post(address, typed).status_code == 302
    page = client.post(address, {**typed, "text": "Second words."})
    assert page.status_code == 409
    assert "First words." in page.content.decode()
    assert "Second words." in page.content.decode()
    again = {**typed, "text": "Second words.", "revision": "2"}
    assert client.post(address, again).status_code == 302
    assert document.draft_provisions.get(key="article-1").text == "Second words."


def test_provisions_are_added_moved_and_left_out(document, owner):
    added = add_provision(document, ProvisionEdit("Observers"), after="article-1", by=owner)
    assert keys(document) == ["article-1", added.key, "article-2", "article-3"]
    move_provision(document, "article-3", after="", by=owner)
    remove_provision(document, "article-2", by=owner)
    assert keys(document) == ["article-3", "article-1", added.key]
    with pytest.raises(NothingInPreparation):
        remove_provision(document, "article-2", by=owner)


def test_a_key_that_was_ever_used_is_given_to_nothing_else(document, owner):
    remove_provision(document, "article-2", by=owner)
    added = add_provision(document, ProvisionEdit("Other", label="Article 2"), by=owner)
    assert added.key == "article-2-2"


def test_a_whole_text_keeps_the_keys_of_what_stays(document, owner):
    old = list(document.versions.get().provisions.order_by("position"))
    new = [
        ProvisionInput("", old[1].heading, "Other words.", old[1].label),  # the same name
        ProvisionInput("", "Quite another heading", old[0].text, "Article 9"),  # the same words
        ProvisionInput("", "New", "Never seen before, here or elsewhere.", "Article 10"),
        ProvisionInput("article-3", "Renamed", "With its key."),
    ]
    written = write_text(document, new, by=owner)
    assert [one.key for one in written][0] == "article-2"
    assert written[2].key == "article-10"
    assert written[3].key == "article-3"
    assert len({one.key for one in written}) == 4


def test_an_empty_text_and_one_that_is_too_long_are_refused(document, owner):
    for provisions in ([], [ProvisionInput("", "H", "x" * 100_001)], [ProvisionInput("", " ", "")]):
        with pytest.raises(InvalidEntry):
            write_text(document, provisions, by=owner)
    assert keys(document) == []


def test_a_published_version_holds_what_was_prepared_and_nothing_more(document, owner):
    with pytest.raises(NothingInPreparation):
        publish_text(document, by=owner)
    change_provision(document, "article-1", edit(document, "article-1"), by=owner)
    version = publish_text(document, by=owner)
    assert version.number == 2
    assert version.provisions.get(key="article-1").text == "New."
    assert keys(document) == []


def test_a_text_that_says_the_same_is_not_published_again(document, owner):
    old = document.versions.get().provisions.get(key="article-1")
    same = ProvisionEdit(old.heading, old.text, old.label, old.level, revision=1)
    change_provision(document, "article-1", same, by=owner)
    with pytest.raises(NothingInPreparation):
        publish_text(document, by=owner)


def test_a_document_without_a_version_is_nobody_elses(open_consultation, owner, client):
    document = add_document(open_consultation, "Second text", by=owner)
    write_text(document, [ProvisionInput("", "Secret heading", "Words.")], by=owner)
    address = reverse("consultations:document", args=[open_consultation.slug, document.slug])
    assert client.get(address).status_code == 404
    page = client.get(open_consultation.get_absolute_url()).content.decode()
    assert "Second text" not in page
    assert (
        "Second text"
        not in client.get(f"/api/v1/consultations/{open_consultation.slug}/").content.decode()
    )
    discard_text(document, by=owner)
    assert not Document.objects.filter(pk=document.pk).exists()


def test_what_is_written_as_a_whole_is_read_back_the_same():
    provisions = provisions_of(WRITTEN)
    assert [(one.key, one.label, one.heading) for one in provisions] == [
        ("art-1", "Article 1", "Scope"),
        ("", "Article 2", "Entry into force"),
    ]
    keyed = [ProvisionInput(**{**vars(one), "key": f"k-{n}"}) for n, one in enumerate(provisions)]
    assert provisions_of(markdown_of(keyed)) == keyed


def test_a_provision_without_words_below_it_survives_the_way_through_markdown():
    parts = [
        ProvisionInput("part-1", "Terms", "", "Part I", 1),
        ProvisionInput("art-1", "Scope", "It holds.", "Article 1", 2),
    ]
    assert provisions_of(markdown_of(parts)) == parts


def test_a_document_without_headings_becomes_a_provision_for_each_paragraph():
    provisions = provisions_of("The first thing to say.\n\nThe second thing to say.\n")
    assert [one.text for one in provisions] == [
        "The first thing to say.",
        "The second thing to say.",
    ]
    assert all(one.heading for one in provisions)


def test_a_paragraph_without_a_heading_is_read_once(document, owner, client):
    short, long = "Observers are drawn by lot.", f"The pause {'starts late and ' * 8}ends."
    write_text(document, provisions_of(f"{short}\n\n{long}"), by=owner)
    client.force_login(owner)
    slug = document.consultation.slug
    pages = {name: reverse(f"consultations:{name}", args=[slug, document.slug]) for name in TEXTS}
    assert f'measure" dir="auto">{short}' not in client.get(pages["text"]).text
    looked = client.post(pages["whole"], {"act": "check", "text": f"{short}\n\n{long}"}).text
    outline = looked.split('<ol class="entries compact">')[1].split("</ol>")[0]
    assert outline.count(short) == 1
    publish_text(document, by=owner)
    read = client.get(pages["document"]).text.split("<article")[1]
    assert read.count(f"<p>{short}</p>") == 1
    assert f" · {short}</h" not in read
    assert f'<span class="hidden-visually"> · {short}</span>' in read


def _word(paragraphs):
    made, held = docx.Document(), io.BytesIO()
    for style, words in paragraphs:
        made.add_paragraph(words, style=style)
    made.save(held)
    return held.getvalue()


def test_a_word_file_is_looked_at_mended_and_kept(document, owner, client):
    client.force_login(owner)
    address = reverse("consultations:whole", args=[document.consultation.slug, "draft"])
    sent = _word(
        [
            ("Heading 1", "Article 1: Scope"),
            ("Normal", "It holds."),
            ("Heading 1", "Article 2: End"),
        ]
    )
    upload = SimpleUploadedFile("draft.docx", sent)
    page = client.post(address, {"file": upload, "act": "check"})
    assert page.status_code == 200
    written = page.context["written"]
    assert "It holds." in written
    assert [one.label for one, _known in page.context["outline"]] == ["Article 1", "Article 2"]
    assert not document.draft_provisions.exists(), "nothing is kept before it was looked at"
    assert client.post(address, {"text": written, "act": "keep"}).status_code == 302
    assert document.draft_provisions.count() == 2


@pytest.mark.parametrize(
    ("name", "held", "told"),
    [
        ("draft.rtf", b"{rtf}", "Choose a DOCX file"),
        ("draft.docx", b"not a zip", "damaged"),
        ("draft.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "password"),
        ("draft.txt", b"\xff\xfe\xfa", "cannot be read"),
        ("draft.docm", b"x", "macros"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name, held, told):
    with pytest.raises(UnreadableText) as refused:
        markdown_from_file(name, io.BytesIO(held))
    assert told in str(refused.value.message)


def test_a_page_says_once_at_its_head_why_a_file_cannot_be_read(document, owner, client):
    client.force_login(owner)
    address = reverse("consultations:whole", args=[document.consultation.slug, document.slug])
    upload = SimpleUploadedFile("draft.txt", b"\xff\xfe\xfa")
    page = client.post(address, {"file": upload, "act": "check"})
    assert page.status_code == 422
    why = "The letters of the file cannot be read. Save it as text in UTF-8."
    summary, form = page.content.decode().split("</h2></div>", 1)
    assert summary.endswith(f'<a href="#file">{why}</a>')
    assert summary.count(why) == 1
    assert form.count(why) == 1


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="threads cannot share the SQLite of the tests, in memory"
)
@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_never_both_save(open_consultation, owner):
    document = open_consultation.documents.get()
    change_provision(document, "article-1", edit(document, "article-1"), by=owner)
    revision = document.draft_provisions.get(key="article-1").revision

    def save(number):
        try:
            entered = ProvisionEdit("Scope", f"Words {number}", revision=revision)
            change_provision(document, "article-1", entered, by=owner)
        except ChangedMeanwhile:
            return "told"
        else:
            return "saved"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(save, range(4))) == ["saved", "told", "told", "told"]
    assert DraftProvision.objects.get(document=document, key="article-1").revision == revision + 1
