"""Files on the response page and on the page of a submission."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.submissions.models import Attachment, Submission
from apps.submissions.services import FileInput, attach, start_draft, submit
from tests.submissions import papers
from tests.submissions.opened import FRESH, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def address(open_consultation):
    return f"/consultations/{open_consultation.slug}/respond/"


@pytest.fixture
def reader(client, participant):
    client.force_login(participant)
    return client


def form(*files, **fields):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return {"group": "individual", "answer-why.text": "Because.", "files": sent, **fields}


def test_several_files_are_attached_at_once_and_what_was_typed_is_kept(reader, address):
    files = form(("a.txt", b"One."), ("b.pdf", papers.pdf()), then="attach")
    page = reader.post(address, files).content.decode()
    assert "2 files are attached. They are being read." in page
    assert "Because." in page
    draft = Submission.objects.get()
    assert [file.name for file in draft.attachments.in_order()] == ["a.txt", "b.pdf"]
    assert draft.answers.get().text == "Because."


def test_a_refused_file_is_named_with_what_to_do_and_the_others_are_attached(reader, address):
    files = form(("a.exe", b"MZ"), ("b.txt", b"Words."), then="attach")
    response = reader.post(address, files)
    page = response.content.decode()
    assert response.status_code == 422
    assert "a.exe: Attach a PDF, DOCX, ODT or TXT file." in page
    assert 'href="#files"' in page
    assert "Because." in page
    assert Attachment.objects.get().name == "b.txt"


@pytest.mark.parametrize("then", ["save", "check", "add", "group"])
def test_files_that_were_chosen_are_kept_whatever_button_is_pressed(reader, address, then):
    reader.post(address, form(("a.txt", b"Words."), then=then))
    assert Attachment.objects.get().name == "a.txt"


def test_files_are_attached_even_where_something_typed_cannot_be_kept(reader, address):
    wrong = {"point-0-provision": "nowhere", "point-0-reason": "A reason to keep."}
    page = reader.post(address, form(("a.txt", b"Words."), then="attach", **wrong))
    assert "Choose the provision this point is about." in page.content.decode()
    assert "A reason to keep." in page.content.decode()
    assert Attachment.objects.get().name == "a.txt"


def test_without_a_group_it_is_said_that_the_files_were_not_attached(reader, address):
    page = reader.post(address, form(("a.txt", b"Words."), then="attach", group=""))
    assert "The files were not attached." in page.content.decode()
    assert "Because." in page.content.decode()


def test_an_expired_session_keeps_the_text_and_says_that_the_files_are_lost(
    client, participant, address
):
    client.post(address, form(("a.txt", b"Words."), then="attach"))
    client.force_login(participant)
    page = client.get(address).content.decode()
    assert "Because." in page
    assert "attach them again" in page


def test_a_file_gets_its_title_and_its_point_from_the_form_and_is_removed_by_a_button(
    reader, address
):
    reader.post(address, form(("a.txt", b"Words."), then="attach"))
    key = Attachment.objects.get().key
    point = {"point-0-provision": "article-1", "point-0-reason": "So.", "point-0-file": key}
    reader.post(address, form(then="save", **{f"attachment-{key}-title": "Our paper"}, **point))
    attachment = Attachment.objects.get()
    assert attachment.title == "Our paper"
    assert attachment.point.number == 1
    page = reader.get(address).content.decode()
    assert 'value="Our paper"' in page
    assert f'value="{key}" checked' in page
    page = reader.post(address, form(then=f"detach-{key}", **point)).content.decode()
    assert "The file is removed." in page
    assert not Attachment.objects.exists()
    assert Submission.objects.get().points.get().reason == "So."


def test_a_file_just_attached_is_given_a_title_at_once(reader, address):
    page = reader.post(address, form(("a.txt", b"One."), then="attach") | FRESH).content.decode()
    key = Attachment.objects.get().key
    typed = {
        "group": "individual",
        "answer-why.text": "Because.",
        f"attachment-{key}-title": "Ours",
    }
    page = reader.post(address, typed | opened(page) | {"then": "save"})
    assert page.status_code == 200
    assert Attachment.objects.get().title == "Ours"


def with_file(name, data, **fields):
    sent = SimpleUploadedFile(name, data)
    return {
        "group": "individual",
        "point-0-provision": "article-1",
        "point-0-upload": sent,
    } | fields


@pytest.mark.parametrize("then", ["save", "check", "add"])
def test_a_file_chosen_in_a_point_supports_it_at_once(reader, address, then):
    sent = with_file("a.txt", b"Words.", **{"point-0-reason": "So.", "then": then})
    reader.post(address, sent)
    attachment = Attachment.objects.get()
    assert (attachment.point.number, attachment.point.reason) == (1, "So.")
    assert f'value="{attachment.key}" checked' in reader.get(address).content.decode()


def test_a_file_chosen_in_a_step_is_said_to_be_attached_and_is_a_point_by_itself(reader, address):
    step = {"step": "provision:article-1", "then": "save"}
    page = reader.post(address, with_file("a.txt", b"Words.", **step)).content.decode()
    assert "1 file is attached. It is being read." in page
    assert Attachment.objects.get().point.provision.key == "article-1"


def test_a_file_belongs_to_its_point_even_where_the_point_cannot_be_kept_yet(reader, address):
    wrong = {"point-0-reason": "So.", "point-0-evidence": "javascript:alert(1)", "then": "save"}
    page = reader.post(address, with_file("a.txt", b"Words.", **wrong))
    key = Attachment.objects.get().key
    assert page.status_code == 422
    for again in (page, reader.get(address)):
        assert f'value="{key}" checked' in again.content.decode()


@pytest.mark.parametrize("reason", ["So.", ""])
def test_a_file_refused_in_a_step_is_said_at_its_point_and_one_does_not_go_on(
    reader, address, reason
):
    here = "provision:article-1"
    step = {"step": here, "concern": here, "then": "next", "point-0-reason": reason}
    page = reader.post(address, with_file("a.exe", b"MZ", **step))
    text = page.content.decode()
    assert page.status_code == 422
    assert page.context["form"].step == here
    assert 'href="#point-0-files"' in text
    assert 'id="point-0-files-e">a.exe: Attach a PDF, DOCX, ODT or TXT file.' in text
    assert not Attachment.objects.exists()


def test_what_saves_itself_sends_no_file(reader, address):
    reader.post(address, with_file("a.txt", b"Words.", **{"point-0-reason": "So.", "then": "save"}))
    for page in (reader.get(address), reader.get(f"{address}?step=provision:article-1")):
        left_out = re.search(r'hx-params="not ([^"]+)"', page.content.decode())[1].split(", ")
        chosen = re.findall(r'type="file"[^>]* name="([^"]+)"', page.content.decode())
        assert chosen
        assert set(chosen) <= set(left_out)


def test_a_file_removed_in_another_window_does_not_hold_up_saving(reader, address):
    reader.post(address, form(("a.txt", b"Words."), then="attach"))
    key = Attachment.objects.get().key
    Attachment.objects.all().delete()
    page = reader.post(address, form(then="save", **{f"attachment-{key}-title": "Our paper"}))
    assert "Saved as a draft." in page.content.decode()


def test_a_file_of_more_than_twenty_megabytes_is_refused_and_not_kept(reader, address):
    response = reader.post(address, form(("a.txt", b"x" * 20_971_521), then="attach"))
    assert "a.txt: It is larger than 20 MB." in response.content.decode()
    assert not Attachment.objects.exists()


def test_files_that_are_too_large_together_are_refused_and_the_text_is_kept(
    reader, address, settings
):
    settings.FILE_UPLOAD_MOST_BYTES_TOGETHER = 200_000
    files = [(f"{number}.txt", b"x" * 80_000) for number in range(5)]
    page = reader.post(address, form(*files, then="attach")).content.decode()
    assert "Together, the files are too large to send at once." in page
    assert "Because." in page
    assert not Attachment.objects.exists()


def test_pressing_attach_without_a_file_says_so(reader, address):
    assert "Choose a file first." in reader.post(address, form(then="attach")).content.decode()


def test_a_file_attached_while_one_checks_is_looked_at_before_filing(reader, address, participant):
    reader.post(address, form(then="save"))
    page = reader.get(f"{address}check/").content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    draft = Submission.objects.get()
    attach(draft, FileInput("a.txt", io.BytesIO(b"Words.")), by=participant)
    response = reader.post(f"{address}check/", {"seen": seen})
    assert response.status_code == 409
    assert "a.txt" in response.content.decode()
    assert Submission.objects.get().is_draft


@pytest.fixture
def filed(open_consultation, participant):
    """Return a function that files a submission with so many files of two pages."""

    def file(count, by=participant):
        draft = start_draft(open_consultation, author=by, group="individual")
        draft.answers.create(question=open_consultation.questions.get(key="why"), text="Because.")
        for number in range(count):
            words = f"First page {number}.\fThe zeppelin is on page two.".encode()
            attach(draft, FileInput(f"{number}.txt", io.BytesIO(words)), by=by)
        submit(draft, by=by)
        papers.do_all_jobs()
        return Submission.objects.get(pk=draft.pk)

    return file


def test_the_page_of_a_submission_shows_words_by_page_and_marks_a_passage(filed, client):
    submission = filed(1)
    asked = "?mark=attachment:1%23page=2:4-12"
    page = client.get(submission.get_absolute_url() + asked).content.decode()
    assert '<mark id="marked">zeppelin</mark>' in page
    assert "<details" in page
    assert " open>" in page
    assert "Page 2" in page


def test_all_pages_of_a_file_are_read_on_a_page_of_their_own(filed, client):
    attachment = filed(1).attachments.get()
    page = client.get(f"{attachment.get_absolute_url()}text/").content.decode()
    assert "The zeppelin is on page two." in page
    assert client.get(f"{attachment.get_absolute_url()}text/?after=xx").status_code == 400


def test_the_page_of_a_submission_costs_the_same_with_one_file_and_with_ten(
    filed, client, participant, rival
):
    counts = []
    for number, person in ((1, participant), (10, rival)):
        address = filed(number, by=person).get_absolute_url()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_response_page_costs_the_same_with_one_file_and_with_ten(reader, address):
    counts = []
    reader.post(address, form(("0.txt", b"Words 0."), then="attach"))
    for number in range(1, 11):
        with CaptureQueriesContext(connection) as queries:
            reader.get(address)
        counts.append(len(queries))
        reader.post(address, form((f"{number}.txt", f"Words {number}.".encode()), then="attach"))
    assert len(set(counts)) == 1
    assert Attachment.objects.count() == 10


def test_a_search_finds_words_of_a_file_and_shows_them_in_context(filed, client):
    submission = filed(1)
    address = f"/consultations/{submission.consultation.slug}/submissions/"
    page = client.get(address, {"q": "zeppelin"}).content.decode()
    assert "The <mark>zeppelin</mark> is on page two." in page
    assert submission.reference in page
    assert submission.reference not in client.get(address, {"q": "airship"}).content.decode()
