"""Files of a submission: taken, refused, cleaned, read, shown to who may see them."""

import contextlib
import hashlib
import io
import os
import re
import zipfile
import zlib

import pytest
from django.urls import reverse
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from apps.analysis.files import limits
from apps.analysis.files.pdf import joined
from apps.analysis.files.pictures import without_details
from apps.audit.services import check_receipt
from apps.jobs.executing import run_until_idle
from apps.jobs.registry import handler_of
from apps.submissions import storing
from apps.submissions.errors import (
    AlreadyFiled,
    FileRefused,
    InvalidContent,
    NotYours,
    TooManyFiles,
)
from apps.submissions.extracting import clean_and_read, give_up
from apps.submissions.inputs import AnswerInput, DraftInput, FileNote, PointInput
from apps.submissions.models import Attachment, Passage, Submission
from apps.submissions.services import (
    FileInput,
    attach,
    content_of,
    detach,
    discard_draft,
    receipt_content,
    save_draft,
    start_draft,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import days
from tests.submissions import papers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def draft(open_consultation, participant):
    made = start_draft(open_consultation, author=participant, group="individual")
    content = DraftInput(answers=[AnswerInput("why", "See the attached paper.")], group=made.group)
    return save_draft(made, content, by=participant)


def give(draft, name, data, **more):
    sent = FileInput(name, io.BytesIO(data), **more)
    return attach(draft, sent, by=draft.author)


def read(attachment):
    """Do the job that waits for a file, and return the file as it is after that."""
    run_until_idle(f"attachment:{attachment.pk}")
    return Attachment.objects.get(pk=attachment.pk)


def published(attachment):
    return storing.path_of(attachment.published).read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "pages"),
    [
        (
            "paper.pdf",
            papers.pdf("First words here.", "Second words."),
            ["First words here.", "Second words."],
        ),
        (
            "paper.docx",
            papers.word("First words here.", None, "Second words."),
            ["First words here.", "Second words."],
        ),
        (
            "paper.odt",
            papers.opendocument("First words here.", None, "Second words."),
            ["First words here.", "Second words."],
        ),
        (
            "paper.txt",
            b"First words here.\r\n\fSecond words.",
            ["First words here.", "Second words."],
        ),
    ],
)
def test_the_text_of_each_kind_is_read_page_by_page(draft, name, data, pages):
    attachment = read(give(draft, name, data))
    assert attachment.state == Attachment.State.READ, attachment.reason
    assert [page.text for page in attachment.pages.all()] == pages
    assert (attachment.page_count, attachment.pages_read) == (2, 2)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("paper.pdf", papers.pdf()),
        ("paper.docx", papers.word()),
        ("paper.odt", papers.opendocument()),
    ],
)
def test_the_name_of_the_author_is_not_in_what_is_published(
    draft, name, data, django_capture_on_commit_callbacks
):
    attachment = give(draft, name, data)
    with django_capture_on_commit_callbacks(execute=True):
        attachment = read(attachment)
    copy = published(attachment)
    members = [copy]
    if name != "paper.pdf":
        with zipfile.ZipFile(io.BytesIO(copy)) as package:
            members = [package.read(member) for member in package.namelist()]
    assert not any(b"Jane" in member for member in members)
    assert not attachment.stored, "the file as sent is gone"
    assert len(list(storing.folder().glob("??/*"))) == 1


def test_a_cleaned_pdf_is_whole_and_says_nothing_about_its_maker(draft):
    copy = PdfReader(io.BytesIO(published(read(give(draft, "a.pdf", papers.pdf("One.", "Two."))))))
    assert [page.extract_text() for page in copy.pages] == ["One.", "Two."]
    assert not copy.metadata
    assert copy.xmp_metadata is None


@pytest.mark.parametrize(
    ("found", "read"),
    [
        ("the man-\nagement of it", "the management of it"),
        ("Kraft\u00ad\nwerk", "Kraftwerk"),
        ("the EU-\nWide rule", "the EU-\nWide rule"),
        ("a list:\n- one\n- two", "a list:\n- one\n- two"),
        ("in 2020-\nor so", "in 2020-\nor so"),
    ],
)
def test_words_that_a_line_divides_are_put_together(found, read):
    assert joined(found) == read


def test_a_scan_says_that_it_has_no_text(draft):
    attachment = read(give(draft, "scan.pdf", papers.scan()))
    assert attachment.state == Attachment.State.NO_TEXT
    assert str(attachment.what_happened) == (
        "This file holds pictures of pages, no text. It is published, but its words are not"
        " analysed."
    )
    attachment.kept_back = "business"
    assert str(attachment.what_happened) == ""


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("paper.exe", b"MZ", "PDF, DOCX, ODT or TXT"),
        ("paper.doc", b"\xd0\xcf\x11\xe0", "PDF, DOCX, ODT or TXT"),
        ("paper.docm", papers.word(), "macros"),
        ("paper.pdf", b"", "empty"),
        ("paper.pdf", papers.word(), "not what its name says"),
        ("paper.docx", papers.pdf(), "not what its name says"),
        ("paper.odt", papers.word(), "not what its name says"),
        ("paper.txt", b"<html><script>alert(1)</script>", "not what its name says"),
        ("paper.txt", b"binary \x00 zeros", "not what its name says"),
        ("paper.txt", "Größe".encode("latin-1"), "UTF-8"),
        ("paper.pdf", papers.pdf()[:2000], "damaged"),
        ("paper.docx", papers.word()[:-40], "damaged"),
        ("paper.pdf", papers.pdf() + papers.word(), "second file"),
        ("paper.docx", papers.word() + b"x" * 100, "damaged|second file"),
        ("paper.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "password"),
        ("paper.docx", papers.changed(papers.word(), word__vbaProject=b""), None),
        ("paper.docx", papers.changed(papers.word(), **{"word__vbaProject.bin": b"x"}), "macros"),
        ("paper.odt", papers.opendocument(manifest="<manifest:encryption-data/>"), "password"),
        ("paper.docx", papers.changed(papers.word(), word__big=b"0" * 60_000_000), "unpack"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(draft, name, data, said):
    if said is None:
        assert give(draft, name, data).is_waiting
        return
    with pytest.raises(FileRefused, match=said):
        give(draft, name, data)
    assert not draft.attachments.exists()
    assert not list(storing.folder().glob("??/*"))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\jane\\paper.txt", "paper.txt"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ("a\u200bb\x00c.txt", "abc.txt"),
        ('"quoted" <b>.txt', "quoted b.txt"),
        ("   spaced \n out .txt", "spaced out.txt"),
        (".txt", "file.txt"),
        ("p" * 400 + ".txt", "p" * 116 + ".txt"),
        ("立场文件.txt", "立场文件.txt"),
    ],
)
def test_a_name_becomes_safe_to_show_and_to_save(draft, sent, kept):
    assert give(draft, sent, b"Words.").name == kept


def test_a_file_with_entities_is_not_published(draft):
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'
    data = papers.changed(papers.word(), **{"word__document.xml": bomb})
    attachment = read(give(draft, "bomb.docx", data))
    assert (attachment.state, attachment.published) == (Attachment.State.FAILED, "")
    assert str(attachment.what_happened).startswith("This file is not published.")


def test_nothing_is_fetched_from_outside_by_who_opens_the_copy(draft):
    relations = b"""<?xml version="1.0"?><Relationships
 xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
 TargetMode="External" Target="https://spy.example.org/pixel.png"/></Relationships>"""
    data = papers.changed(papers.word(), **{"word___rels__header9.xml.rels": relations})
    copy = published(read(give(draft, "spy.docx", data)))
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert b"spy.example.org" not in package.read("word/_rels/header9.xml.rels")


def test_the_same_file_twice_is_one_file(draft):
    first = give(draft, "a.txt", b"Words.")
    assert give(draft, "b.txt", b"Words.").pk == first.pk
    assert draft.attachments.count() == 1


def test_an_eleventh_file_is_refused(draft):
    for number in range(10):
        give(draft, f"{number}.txt", f"Words {number}.".encode())
    with pytest.raises(TooManyFiles, match="Remove one first"):
        give(draft, "more.txt", b"More words.")


def test_saving_the_draft_again_keeps_its_files_and_the_point_they_support(draft):
    attachment = give(draft, "a.txt", b"Words.")
    point = PointInput("article-1", reason="So.", files=[attachment.key])
    notes = [FileNote(attachment.key, "Our paper")]
    content = DraftInput(points=[point], group=draft.group, attachments=notes)
    for _time in range(2):
        save_draft(draft, content, by=draft.author)
        assert content_of(draft).points[0].files == [attachment.key]
        assert content_of(draft).attachments == notes


def test_somebody_elses_file_cannot_be_named(draft, rival):
    theirs = attach(None, FileInput("a.txt", io.BytesIO(b"Words.")), by=rival)
    content = DraftInput(group=draft.group, attachments=[FileNote(theirs.key)])
    with pytest.raises(InvalidContent) as refused:
        save_draft(draft, content, by=draft.author)
    assert list(refused.value.fields) == ["attachments.0"]


def test_nobody_else_attaches_to_or_removes_from_a_draft(draft, rival):
    attachment = give(draft, "a.txt", b"Words.")
    with pytest.raises(NotYours):
        attach(draft, FileInput("b.txt", io.BytesIO(b"Other words.")), by=rival)
    with pytest.raises(NotYours):
        detach(attachment, by=rival)


def test_a_removed_file_is_gone_from_the_disk(draft, django_capture_on_commit_callbacks):
    attachment = give(draft, "a.txt", b"Words.")
    with django_capture_on_commit_callbacks(execute=True):
        detach(attachment, by=draft.author)
    assert not list(storing.folder().glob("??/*"))


def test_the_files_of_a_discarded_draft_are_gone(draft, django_capture_on_commit_callbacks):
    give(draft, "a.txt", b"Words.")
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(draft, by=draft.author)
    assert not list(storing.folder().glob("??/*"))


def test_nothing_is_attached_to_what_was_filed(draft):
    submit(draft, by=draft.author)
    with pytest.raises(AlreadyFiled):
        give(draft, "late.txt", b"Words.")


@pytest.mark.parametrize("is_read_first", [True, False])
def test_its_words_become_passages_and_are_found_whenever_it_is_read(draft, is_read_first):
    attachment = give(draft, "a.pdf", papers.pdf(papers.SENTENCE, "A zeppelin is no answer."))
    if is_read_first:
        read(attachment)
    submit(draft, by=draft.author)
    run_until_idle(f"passages:{draft.pk}")
    read(attachment)
    passages = Passage.objects.filter(page__attachment=attachment).order_by("id")
    assert [passage.page.part for passage in passages] == [
        "attachment:1#page=1",
        "attachment:1#page=2",
    ]
    assert [p.page.text[p.start : p.end] for p in passages] == [
        papers.SENTENCE,
        "A zeppelin is no answer.",
    ]
    assert Submission.objects.filed().containing("zeppelin").get() == draft


def test_the_receipt_holds_the_digest_of_the_file_as_it_was_sent(draft):
    data = papers.pdf()
    give(draft, "a.pdf", data)
    receipt = submit(draft, by=draft.author)
    filed = Submission.objects.get(reference=receipt.number)
    content = receipt_content(filed, content_of(filed))
    assert content["attachments"][0]["sha256"] == hashlib.sha256(data).hexdigest()
    assert check_receipt(receipt.number, content=content, salt=receipt.salt_in_hex).content_matches


def test_a_receipt_without_files_says_what_it_always_said(draft):
    receipt = submit(draft, by=draft.author)
    filed = Submission.objects.get(reference=receipt.number)
    assert "attachments" not in receipt_content(filed, content_of(filed))


def test_a_revision_carries_the_files_over(draft, django_capture_on_commit_callbacks):
    attachment = read(give(draft, "a.txt", b"Words of the paper."))
    submit(draft, by=draft.author)
    filed = Submission.objects.get(pk=draft.pk)
    revision = start_revision(filed, by=draft.author)
    copy = revision.attachments.get()
    assert (copy.sha256, copy.published) == (attachment.sha256, attachment.published)
    assert [page.text for page in copy.pages.all()] == ["Words of the paper."]
    with django_capture_on_commit_callbacks(execute=True):
        detach(copy, by=draft.author)
    assert published(attachment) == b"Words of the paper.", "the first version still has it"


def test_an_extraction_that_fails_leaves_the_submission_standing(draft, client):
    data = papers.changed(papers.word(), **{"word__document.xml": b"<w:broken"})
    attachment = give(draft, "broken.docx", data)
    receipt = submit(draft, by=draft.author)
    attachment = read(attachment)
    assert attachment.state == Attachment.State.FAILED
    page = client.get(Submission.objects.get(reference=receipt.number).get_absolute_url())
    assert "This file is not published. It is damaged" in page.content.decode()
    assert client.get(attachment.get_absolute_url()).status_code == 404


def test_more_pages_than_are_read_are_said_plainly(draft):
    attachment = read(give(draft, "long.txt", b"\f".join([b"Words."] * 2_001)))
    assert attachment.pages_read == 2_000
    assert attachment.state == Attachment.State.READ
    assert "longer than what is read" in str(attachment.what_happened)


def test_only_who_may_draft_fetches_a_file_of_a_draft(draft, client, rival, participant):
    address = give(draft, "a.txt", b"Words.").get_absolute_url()
    assert client.get(address).status_code == 404
    client.force_login(rival)
    assert client.get(address).status_code == 404
    client.force_login(participant)
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"Words."
    assert response.headers["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_fetched_by_everybody_once_filed_and_by_nobody_once_withdrawn(draft, client):
    attachment = read(give(draft, "a.txt", b"Words."))
    submit(draft, by=draft.author)
    address = attachment.get_absolute_url()
    assert b"".join(client.get(address).streaming_content) == b"Words."
    withdraw(Submission.objects.get(pk=draft.pk), by=draft.author)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}text/").status_code == 404


def test_what_a_crash_left_behind_is_swept_after_a_day(draft):
    kept = give(draft, "a.txt", b"Words.")
    loose = attach(None, FileInput("b.txt", io.BytesIO(b"Loose.")), by=draft.author)
    Attachment.objects.filter(pk=loose.pk).update(created_at=days(-2))
    for path in storing.folder().glob("??/*"):
        os.utime(path, (0, 0))
    assert storing.sweep() == 1
    assert storing.path_of(kept.stored).exists()
    assert not Attachment.objects.filter(pk=loose.pk).exists()


def test_authors_of_comments_and_changes_are_not_in_a_published_document(draft):
    body = """<?xml version="1.0"?><w:document
 xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p w:rsidR="00AB">
 <w:ins w:id="1" w:author="Jane Volunteer" w:date="2026-01-01T00:00:00Z"><w:r><w:t>New.</w:t></w:r>
 </w:ins><w:del w:id="2" w:author="Jane Volunteer"><w:r><w:delText>Old.</w:delText></w:r></w:del>
 </w:p></w:body></w:document>"""
    comments = """<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
 <w:comment w:id="1" w:author="Jane Volunteer" w:initials="JV"/></w:comments>"""
    people = """<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">
 <w15:person w15:author="Jane Volunteer"/></w15:people>"""
    news = {
        "word__document.xml": body,
        "word__comments.xml": comments,
        "word__people.xml": people,
        "docProps__custom.xml": "<Properties>Jane</Properties>",
    }
    attachment = read(give(draft, "a.docx", papers.changed(papers.word(), **news)))
    assert attachment.pages.get().text == "New."
    with zipfile.ZipFile(io.BytesIO(published(attachment))) as package:
        for member in package.namelist():
            assert b"Jane" not in package.read(member), member
        assert b"Old." not in package.read("word/document.xml")


def test_what_no_page_of_a_document_shows_is_not_published(draft):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"""<w:document {w}><w:body><w:p><w:commentRangeStart w:id="1"/>
<w:r><w:t xml:space="preserve">We </w:t></w:r><w:moveFrom w:id="3"><w:r><w:t>moved </w:t></w:r>
</w:moveFrom><w:del w:id="2"><w:r><w:delText>deleted </w:delText></w:r></w:del>
<w:r><w:t>agree.</w:t></w:r><w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/>
</w:r></w:p>
</w:body></w:document>"""
    comment = f"""<w:comments {w}><w:comment w:id="1" w:author="J"><w:p><w:r><w:t>remark</w:t></w:r>
</w:p></w:comment></w:comments>"""
    header = f"<w:hdr {w}><w:p><w:r><w:t>The Forum, letterhead</w:t></w:r></w:p></w:hdr>"
    news = {"word__document.xml": body, "word__comments.xml": comment, "word__header1.xml": header}
    attachment = read(give(draft, "a.docx", papers.changed(papers.word(), **news)))
    assert attachment.pages.get().text == "We agree.\nThe Forum, letterhead"
    assert not told_in(attachment, "moved", "deleted", "remark")
    office, text = papers.OFFICE + ":office:1.0", papers.OFFICE + ":text:1.0"
    changes = "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
    words = "We <office:annotation><text:p>remark</text:p></office:annotation>agree<text:change/>."
    styles = f"""<office:document-styles xmlns:office="{office}" xmlns:text="{text}">
<office:master-styles><text:p>The Forum, letterhead</text:p></office:master-styles>
</office:document-styles>"""
    odt = papers.changed(papers.opendocument(words, extra=changes), **{"styles.xml": styles})
    attachment = read(give(draft, "a.odt", odt))
    assert attachment.pages.get().text == "We agree.\nThe Forum, letterhead"
    assert not told_in(attachment, "deleted", "remark")


def told_in(attachment, *words):
    """Return which words stand anywhere in the published copy of a package."""
    with zipfile.ZipFile(io.BytesIO(published(attachment))) as package:
        said = b"".join(
            package.read(member) for member in package.namelist() if "Content_Types" not in member
        ).decode("utf-8", "replace")
    return [word for word in words if f">{word}" in said or f":{word}" in said]


def test_names_in_an_opendocument_file_are_not_published(draft):
    note = (
        "<text:p>Words.<office:annotation><dc:creator>Jane Volunteer</dc:creator>"
        "<text:p>A remark.</text:p></office:annotation></text:p>"
    )
    attachment = read(give(draft, "a.odt", papers.opendocument("First.", extra=note)))
    assert attachment.pages.get().text == "First.\nWords."
    with zipfile.ZipFile(io.BytesIO(published(attachment))) as package:
        assert not any(b"Jane" in package.read(member) for member in package.namelist())
        assert package.read("mimetype") == b"application/vnd.oasis.opendocument.text"


def test_a_published_pdf_holds_no_files_scripts_remarks_authors_or_earlier_versions(draft):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(papers.pdf())))
    writer.add_attachment("secret.txt", b"A file inside, by Jane.")
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("alert('Jane')")}
    action = DictionaryObject({NameObject(name): value for name, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    writer.add_metadata({"/Author": "Jane Volunteer", "/Company": "Jane and Sons"})
    remark = Text(rect=(50, 50, 60, 60), text="Look here.", title_bar="Jane Volunteer")
    writer.add_annotation(0, remark)
    held = io.BytesIO()
    writer.write(held)
    attachment = read(give(draft, "a.pdf", held.getvalue()))
    copy = published(attachment)
    assert attachment.pages.get().text == papers.SENTENCE
    assert b"Jane" not in copy
    assert b"Look here." not in copy
    clean = PdfReader(io.BytesIO(copy))
    assert not clean.attachments
    assert "/OpenAction" not in clean.trailer["/Root"]
    assert not any(b"Jane" in zlib.decompress(found) for found in packed_streams(copy))


def test_words_in_fields_and_on_top_of_a_pdf_are_read_with_their_page(draft):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(papers.pdf())))
    writer.add_annotation(0, FreeText(text="Typed on top.", rect=(50, 50, 90, 90)))
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/V"): TextStringObject("Typed in a field."),
            NameObject("/Rect"): ArrayObject(map(NumberObject, (1, 1, 9, 9))),
        }
    )
    writer.add_annotation(0, field)
    held = io.BytesIO()
    writer.write(held)
    attachment = read(give(draft, "a.pdf", held.getvalue()))
    said = f"{papers.SENTENCE}\nTyped on top.\nTyped in a field."
    assert attachment.pages.get().text == said


def packed_streams(data):
    """Yield the compressed streams of a PDF."""
    for found in re.finditer(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        with contextlib.suppress(zlib.error):
            zlib.decompress(found[1])
            yield found[1]


def test_the_camera_and_the_place_are_not_in_published_pictures():
    exif = b"\xff\xe1\x00\x10Exif\0\0GPS Jane"
    jpeg = b"\xff\xd8" + exif + b"\xff\xdb\x00\x04ab\xff\xda\x00\x02scan\xff\xd9"
    assert without_details(jpeg) == b"\xff\xd8\xff\xdb\x00\x04ab\xff\xda\x00\x02scan\xff\xd9"
    words = b"\x00\x00\x00\x04tEXtJaneCRC!"
    png = b"\x89PNG\r\n\x1a\n" + words + b"\x00\x00\x00\x00IENDCRC!"
    assert without_details(png) == b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00IENDCRC!"
    assert without_details(b"no picture") == b"no picture"


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_protected_pdf_is_refused_with_what_to_do(draft, password):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(papers.pdf())))
    writer.encrypt(password, owner_password="owner")
    held = io.BytesIO()
    writer.write(held)
    with pytest.raises(FileRefused, match="password"):
        give(draft, "a.pdf", held.getvalue())


def test_a_file_that_takes_too_long_is_ended_and_what_was_read_is_kept(draft, monkeypatch):
    monkeypatch.setitem(limits.WALL_SECONDS, "read", 0.0)
    attachment = read(give(draft, "a.txt", b"Words."))
    assert (attachment.state, attachment.reason) == ("failed", "too_complex")
    assert attachment.published
    assert "too much time or memory" in str(attachment.what_happened)


def test_a_job_that_is_given_up_says_so(draft):
    attachment = give(draft, "a.txt", b"Words.")
    handler_of("submissions.read_attachment").when_dead({"attachment": attachment.pk}, "lost")
    attachment.refresh_from_db()
    assert str(attachment.what_happened) == (
        "This file is not published. It takes too much time or memory to open."
    )


def test_reading_twice_changes_nothing(draft):
    attachment = read(give(draft, "a.txt", b"Words."))
    assert clean_and_read(attachment.pk) is None
    give_up(attachment.pk)
    attachment.refresh_from_db()
    assert attachment.state == "read"


def test_the_check_names_a_file_that_is_kept_back(client, draft):
    attachment = read(give(draft, "scan.pdf", papers.scan()))
    Attachment.objects.filter(pk=attachment.pk).update(kept_back="business")
    type(draft).objects.filter(pk=draft.pk).update(visibility="confidential")
    client.force_login(draft.author)
    page = client.get(reverse("submissions:check", args=[draft.consultation.slug]))
    assert "One file kept back: business secret" in page.content.decode()
