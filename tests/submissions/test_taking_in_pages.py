"""The pages of the workspace that take in letters and tables of other tools."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.jobs.executing import run_until_idle
from apps.submissions.models import Attachment, ImportUpload, Submission
from tests.factories import HostRoleFactory
from tests.submissions import papers
from tests.submissions import take_in as taking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def staff(client, moderator):
    client.force_login(moderator)
    return client


def place(name, consultation, *more):
    return reverse(f"submissions:{name}", args=[consultation.slug, *more])


def sent(data, name="answers.csv"):
    file = io.BytesIO(data)
    file.name = name
    return {"file": file}


def yesterday():
    return f"{timezone.now() - timedelta(days=1):%Y-%m-%d}"


def test_a_moderator_finds_both_ways_behind_a_tab(staff, open_consultation):
    page = staff.get(place("take-in", open_consultation)).text
    assert 'aria-current="page">Take in</a>' in page
    assert "Enter a letter or a mail" in page
    assert "Upload and look at it" in page


def test_a_page_says_once_at_its_head_why_a_table_cannot_be_read(staff, open_consultation):
    page = staff.post(place("take-in", open_consultation), sent(b"\x01\x02 no text")).text
    summary, form = page.split("</h2></div>", 1)
    assert summary.count("It is not what its name says.") == 1
    assert form.count("It is not what its name says.") == 1


def test_an_analyst_is_not_offered_the_tab(client, open_consultation, analyst):
    client.force_login(analyst)
    address = reverse("consultations:workspace-consultation", args=[open_consultation.slug])
    assert "Take in</a>" not in client.get(address).text


def test_a_table_goes_from_upload_to_the_rejects_page_by_page(staff, open_consultation):
    data = taking.as_csv(
        ["Document ID", "Category", "Comment", "Email", "Received Date"],
        ["A-1", "Citizen", "One.", "a@example.org", "2022-10-01"],
        ["A-2", "Guild", "=HYPERLINK(1)", "b@example.org", "2022-10-01"],
        ["A-3", "", "Three.\nLine.", "c@example.org", "nonsense"],
    )
    answer = staff.post(place("take-in", open_consultation), sent(data))
    made = ImportUpload.objects.get()
    assert answer.headers["Location"] == place("import-mapping", open_consultation, made.pk)
    page = staff.get(answer.headers["Location"]).text
    assert "personal, never stored" in page
    assert "a@example.org" not in page
    assert '<option value="Comment" selected>Comment</option>' in page
    columns = {"reference": "Document ID", "group": "Category", "text": "Comment"}
    columns |= {"submitted_at": "Received Date"}
    answer = staff.post(place("import-mapping", open_consultation, made.pk), columns)
    groups = place("import-groups", open_consultation, made.pk)
    assert answer.headers["Location"] == groups
    page = staff.get(groups).text
    assert re.search(r'value="individual" selected', page)
    refused = staff.post(groups, {"group-1": "individual"})
    assert refused.status_code == 422
    assert "Guild" in refused.text
    answer = staff.post(groups, {"group-1": "individual", "rest": "other"})
    progress = place("import-progress", open_consultation, made.pk)
    assert answer.headers["Location"] == progress
    page = staff.get(progress).text
    part = staff.get(progress, headers={"HX-Request": "true"}).text
    assert 'hx-trigger="every 1s"' in page
    assert "the work goes on" in part
    run_until_idle(ImportUpload.objects.get().job_key)
    done = staff.get(progress, headers={"HX-Request": "true"})
    assert done.status_code == 286
    assert "1 of 3 rows are in." in done.text
    assert "the work goes on" not in done.text
    assert "2 rows were not taken in" in done.text
    assert "begins like a spreadsheet formula" in done.text
    file = staff.get(place("import-rejects", open_consultation, made.pk))
    assert file.headers["Content-Disposition"].startswith("attachment")
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert text.startswith("line,reason,Document ID,Category,Comment,Email,Received Date\r\n")
    assert "'=HYPERLINK(1)" in text
    assert '"Three.\nLine."' in text
    assert "1 of 3" in staff.get(progress).text
    assert "2 rows not taken in" in staff.get(place("take-in", open_consultation)).text


def test_rows_that_would_be_rejected_are_told_before_the_run(staff, open_consultation, moderator):
    data = taking.as_csv(["id", "date", "text"], ["1", "21/11/2022", "a"], ["2", "2022-11-21", "b"])
    made = taking.upload(open_consultation, data, by=moderator)
    columns = {"reference": "id", "submitted_at": "date", "text": "text"}
    staff.post(place("import-mapping", open_consultation, made.pk), columns)
    groups = place("import-groups", open_consultation, made.pk)
    page = staff.get(groups).text
    assert "Among the first rows, these would not be taken in" in page
    assert "How dates are written" in page
    staff.post(place("import-mapping", open_consultation, made.pk), columns | {"date_order": "day"})
    assert "would not be taken in" not in staff.get(groups).text


def test_a_choice_that_cannot_be_is_refused_and_stays_chosen(staff, open_consultation, moderator):
    made = taking.upload(open_consultation, taking.as_csv(["a", "b"], ["1", "2"]), by=moderator)
    address = place("import-mapping", open_consultation, made.pk)
    refused = staff.post(address, {"text": "b", "title": "b", "answer-why": "a"})
    assert refused.status_code == 422
    assert "is chosen more than once" in refused.text
    assert refused.text.count('<option value="b" selected>b</option>') == 2
    assert '<option value="a" selected>a</option>' in refused.text


def test_a_file_that_is_not_taken_is_refused_in_words(staff, open_consultation):
    for data, name, told in (
        (b"", "a.csv", "It is empty"),
        (b"a,b\r\n", "a.csv", "a header and no rows"),
        (b"PK\x03\x04", "a.csv", "not what its name says"),
        (b"\0" * 400, "a.csv", "not what its name says"),
        (b"a,b\r\n1,2\r\n", "a.ods", "Upload a CSV or XLSX file"),
    ):
        refused = staff.post(place("take-in", open_consultation), sent(data, name))
        assert refused.status_code == 422
        assert told in refused.text
    none = staff.post(place("take-in", open_consultation), {})
    assert "Choose a file first" in none.text
    assert not ImportUpload.objects.exists()


def test_an_upload_of_another_consultation_is_not_there(
    staff, open_consultation, closed_consultation, moderator
):
    made = taking.upload(closed_consultation, taking.as_csv(["a"], ["1"]), by=moderator)
    for name in ("import-mapping", "import-groups", "import-progress", "import-rejects"):
        assert staff.get(place(name, open_consultation, made.pk)).status_code == 404


def test_a_letter_is_entered_with_its_scan_and_the_receipt_is_shown(staff, open_consultation):
    scan = io.BytesIO(papers.pdf("Words on paper."))
    scan.name = "letter.pdf"
    typed = {
        "source": "email",
        "received_on": yesterday(),
        "group": "civil",
        "organisation": "Amis du lac",
        "language": "fr",
        "answer-why.text": "Because.",
        "point-0-provision": "article-1",
        "point-0-stance": "oppose",
        "point-0-reason": "Too late.",
        "point-1-provision": "",
        "kept_back": "",
        "files": [scan],
    }
    answer = staff.post(place("paper", open_consultation), typed)
    made = Submission.objects.get()
    assert answer.headers["Location"] == place("paper-filed", open_consultation, made.reference)
    page = staff.get(answer.headers["Location"]).text
    assert made.reference in page
    assert "letter.pdf" in page
    assert made.attachments.get().sender.email == "moderator@example.org"
    assert made.points.get().reason == "Too late."
    assert made.reference in staff.get(place("take-in", open_consultation)).text


def test_what_was_typed_and_attached_stays_when_a_letter_is_refused(staff, open_consultation):
    scan = io.BytesIO(b"Words on paper.")
    scan.name = "letter.txt"
    typed = {
        "source": "email",
        "received_on": "2001-01-01",
        "group": "civil",
        "organisation": "Amis du lac",
        "title": "A title",
        "text": "Long words.",
        "answer-much.scale": "4",
        "point-0-provision": "article-2",
        "point-0-reason": "",
        "kept_back": "rights",
        "files": [scan],
    }
    refused = staff.post(place("paper", open_consultation), typed)
    assert refused.status_code == 422
    page = refused.text
    for kept in ("Amis du lac", "A title", "Long words.", "2001-01-01", "letter.txt"):
        assert kept in page
    assert '<a href="#received_on">' in page
    assert '<a href="#point-0-reason">' in page
    assert '<option value="rights" selected>' in page
    assert '<option value="article-2" selected>' in page
    key = Attachment.objects.get().key
    again = typed | {
        "received_on": yesterday(),
        "point-0-reason": "So.",
        "files": [],
        f"attachment-{key}-title": "",
    }
    assert staff.post(place("paper", open_consultation), again).status_code == 302
    assert Submission.objects.get().attachments.get().kept_back == "rights"
    page = staff.get(Submission.objects.get().get_absolute_url()).text
    assert "The host keeps files of this back." in page
    assert "Its author keeps" not in page


def test_a_button_pressed_twice_files_a_letter_once(staff, open_consultation):
    address = place("paper", open_consultation)
    [number] = re.findall(r'name="number" value="([^"]+)"', staff.get(address).text)
    typed = {"received_on": yesterday(), "source": "paper", "group": "civil", "text": "Words."}
    places = {
        staff.post(address, typed | {"number": number}).headers["Location"] for _time in range(2)
    }
    assert len(places) == 1
    assert Submission.objects.count() == 1
    staff.post(address, typed | {"number": "invented"})
    assert Submission.objects.count() == 2


def test_room_for_a_point_is_added_without_filing(staff, open_consultation):
    page = staff.post(place("paper", open_consultation), {"act": "point", "text": "Kept."})
    assert page.status_code == 200
    assert 'name="point-0-provision"' in page.text
    assert "Kept." in page.text
    assert not Submission.objects.exists()


def test_a_file_that_cannot_be_attached_keeps_the_letter_from_being_filed(staff, open_consultation):
    wrong = io.BytesIO(b"MZ")
    wrong.name = "letter.exe"
    typed = {"received_on": yesterday(), "source": "paper", "group": "civil", "text": "Words."}
    refused = staff.post(place("paper", open_consultation), typed | {"files": [wrong]})
    assert refused.status_code == 422
    assert "letter.exe" in refused.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize("role", ["analyst", "dpo"])
def test_other_staff_find_nothing_here(client, open_consultation, role):
    client.force_login(HostRoleFactory(host=open_consultation.host, role=role).user)
    for name in ("take-in", "paper"):
        assert client.get(place(name, open_consultation)).status_code == 404


def test_columns_nobody_filled_in_do_not_stand_before_the_questions(staff, open_consultation):
    data = taking.as_csv(["ID", "Comment", "FR Citation"], ["1", "I agree.", ""])
    page = staff.post(place("take-in", open_consultation), sent(data), follow=True).text
    assert "3 columns, and the first rows" in page
    table, rest = page.split("</table>", 1)
    assert "FR Citation" not in table
    assert "1 column holds nothing in these rows" in rest


def test_of_a_table_without_groups_the_refusal_says_what_to_choose(staff, open_consultation):
    data = taking.as_csv(["ID", "Comment"], ["1", "I agree."])
    staff.post(place("take-in", open_consultation), sent(data))
    upload = open_consultation.import_uploads.get()
    address = place("import-mapping", open_consultation, upload.pk)
    staff.post(address, {"reference": "ID", "text": "Comment"})
    page = staff.post(place("import-groups", open_consultation, upload.pk), {"rest": ""})
    assert page.status_code == 422
    assert "Choose the group of the rows that name none." in page.text
