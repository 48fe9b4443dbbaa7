"""Single pages of an attached file are hidden: their words, and what is printed on them."""

import io

import pytest
import typst
from django.core import mail
from django.urls import reverse
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject

from apps.analysis.files import confining
from apps.analysis.files.limits import Unfit
from apps.jobs.models import Job
from apps.moderation.errors import InvalidDecision
from apps.moderation.models import Case, Decision
from apps.moderation.services import DecisionInput, decide, lift, open_case
from apps.submissions import storing
from apps.submissions.inputs import AnswerInput, DraftInput, FileNote
from apps.submissions.models import Attachment, AttachmentPage, Passage, Submission
from apps.submissions.services import (
    FileInput,
    attach,
    file_submission,
    start_revision,
    submit,
)
from tests.moderation.cast import WORD, holds, index, reversed_for, run_all
from tests.submissions import papers

pytestmark = pytest.mark.django_db
PAGES = (
    "The first page of this annex speaks about the general aims of the consultation.",
    f"The second page tells that {WORD} lives at 12 Zanzibar Road with three children.",
    "The third page of this annex asks for inspectors from two countries at each site.",
    "The fourth page of this annex thanks everybody who read it to the very end of it.",
)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_BACKOFF_SECONDS = ()


def filed_with(consultation, author, *files, title="Annex"):
    """Return a submission with files, read by their jobs."""
    sent = [attach(None, FileInput(name, io.BytesIO(data)), by=author) for name, data in files]
    content = DraftInput(
        group="individual",
        language="en",
        answers=[AnswerInput("why", text="It must end, as the annex says.")],
        attachments=[FileNote(one.key, title) for one in sent],
    )
    made = Submission.objects.get(
        reference=file_submission(consultation, content, by=author).number
    )
    run_all()
    index(made)
    return made


@pytest.fixture
def annexed(open_consultation, author):
    return filed_with(open_consultation, author, ("annex.pdf", papers.pdf(*PAGES)))


def pages_hidden(submission, pages, *, by, part="attachment:1", rule="personal"):
    entered = DecisionInput(
        "pages",
        rule=rule,
        pages=pages,
        statement="It tells where people live.",
        public_note="Home.",
    )
    return decide(open_case(submission, part, by=by), entered, by=by)


def fetched(client, file):
    response = client.get(reverse("submissions:attachment", args=[file.key]))
    return b"".join(response.streaming_content) if response.status_code == 200 else None


def texts_of(data):
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def everything_in(data):
    """Return all that can be read out of a PDF, streams unpacked."""
    reader = PdfReader(io.BytesIO(data))
    objects = [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
    streams = [one.get_data() for one in objects if hasattr(one, "get_data")]
    return repr(objects).encode() + b" ".join(streams) + data


def test_the_words_of_the_pages_are_nowhere(annexed, moderator, client):
    assert holds(WORD)
    decision = pages_hidden(annexed, "2", by=moderator)
    assert not holds(WORD)
    shown = client.get(f"/attachments/{annexed.attachments.get().key}/text/").content.decode()
    assert WORD not in shown
    assert "Pages hidden: 2" in shown
    assert "The third page" in shown
    assert decision.pages == "2"
    found = client.get("/consultations/open-consultation/submissions/", {"q": WORD})
    assert annexed.reference not in found.content.decode()
    assert Passage.objects.filter(page__number=3).exists()
    assert not Passage.objects.filter(page__number=2).exists()


def test_the_download_is_withheld_until_its_pages_are_blank(annexed, moderator, client):
    file = annexed.attachments.get()
    whole = fetched(client, file)
    pages_hidden(annexed, "2, 4", by=moderator)
    assert fetched(client, file) is None
    run_all()
    cut = fetched(client, file)
    said = texts_of(cut)
    assert len(said) == 4
    assert "The first page" in said[0]
    assert "The third page" in said[2]
    for number in (1, 3):
        assert "hidden by moderators" in said[number]
        assert "personal data of others" in said[number]
        assert "Home." in said[number]
    assert WORD.encode() in everything_in(whole) or WORD in "".join(texts_of(whole))
    assert WORD.encode() not in everything_in(cut)
    file.refresh_from_db()
    assert file.published_size == len(cut)


def test_author_and_moderator_still_get_all_pages(annexed, author, moderator, participant, client):
    file = annexed.attachments.get()
    whole = fetched(client, file)
    pages_hidden(annexed, "2", by=moderator)
    run_all()
    for person in (author, moderator):
        client.force_login(person)
        assert fetched(client, file) == whole
    client.force_login(participant)
    assert WORD not in "".join(texts_of(fetched(client, file)))


@pytest.mark.parametrize("way", ["appeal", "lift"])
def test_all_of_it_comes_back(annexed, author, moderator, second_moderator, client, way):
    file = annexed.attachments.get()
    whole, pages = fetched(client, file), list(AttachmentPage.objects.values_list("text"))
    passages = Passage.objects.count()
    decision = pages_hidden(annexed, "2-3", by=moderator)
    run_all()
    blanked = Attachment.objects.get().published
    if way == "appeal":
        reversed_for(decision, author=author, by=second_moderator)
    else:
        lift(decision, reason="no_rule", statement="It is theirs.", by=moderator)
    run_all()
    assert fetched(client, file) == whole
    assert list(AttachmentPage.objects.values_list("text")) == pages
    assert Passage.objects.count() == passages
    file.refresh_from_db()
    assert (file.hidden_pages, file.whole) == ([], "")
    assert file.published_size == len(whole)
    assert blanked != file.published


def test_a_page_two_decisions_hide_stays_hidden_until_both_are_taken_back(
    annexed, moderator, client
):
    file = annexed.attachments.get()
    first = pages_hidden(annexed, "2", by=moderator)
    second = pages_hidden(annexed, "2-3", by=moderator, rule="threat")
    lift(first, reason="no_rule", statement="Not that one.", by=moderator)
    run_all()
    file.refresh_from_db()
    assert file.hidden_pages == [2, 3]
    assert "threat or danger" in texts_of(fetched(client, file))[1]
    assert not holds(WORD)
    lift(second, reason="no_rule", statement="Nor that.", by=moderator)
    run_all()
    file.refresh_from_db()
    assert file.hidden_pages == []
    assert WORD in texts_of(fetched(client, file))[1]


def test_the_other_order_of_taking_back_holds_too(annexed, moderator, client):
    first = pages_hidden(annexed, "2", by=moderator)
    second = pages_hidden(annexed, "2-3", by=moderator, rule="threat")
    lift(second, reason="no_rule", statement="Not that one.", by=moderator)
    run_all()
    said = texts_of(fetched(client, annexed.attachments.get()))
    assert "The third page" in said[2]
    assert "personal data of others" in said[1]
    lift(first, reason="no_rule", statement="Nor that.", by=moderator)
    assert WORD in texts_of(fetched(client, annexed.attachments.get()))[1]


def test_a_scan_is_hidden_page_by_page(open_consultation, author, moderator, client):
    data = typst.compile(b"#rect(fill: red)\n#pagebreak()\n#circle(fill: blue)")
    made = filed_with(open_consultation, author, ("scan.pdf", data))
    file = made.attachments.get()
    assert file.state == Attachment.State.NO_TEXT
    pages_hidden(made, "2", by=moderator)
    run_all()
    said = texts_of(fetched(client, file))
    assert said[0] == ""
    assert "hidden by moderators" in said[1]
    shown = client.get(made.get_absolute_url()).content.decode()
    assert "Pages hidden: 2" in shown
    api = f"/api/v1/consultations/open-consultation/submissions/{made.reference}/"
    told = client.get(api).json()["moderated"]
    assert [one["part"] for one in told] == ["attachment:1#page=2"]


def test_a_file_that_cannot_be_cut_is_withheld(open_consultation, author, moderator, client):
    data = papers.opendocument(*sum(([one, None] for one in PAGES), [])[:-1])
    made = filed_with(open_consultation, author, ("annex.odt", data))
    file = made.attachments.get()
    assert file.page_count == 4
    whole = fetched(client, file)
    decision = pages_hidden(made, "2", by=moderator)
    run_all()
    assert fetched(client, file) is None
    shown = client.get(f"/attachments/{file.key}/text/").content.decode()
    assert "The file is withheld while this stands." in shown
    assert "The third page" in shown
    assert client.get(f"/api/v1/attachments/{file.key}/").json()["file"] is None
    lift(decision, reason="over", statement="It is over.", by=moderator)
    assert fetched(client, file) == whole


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "Write which pages"),
        (" , ", "Write which pages"),
        ("abc", "“abc” is no page"),
        ("5-2", "runs backwards"),
        ("5", "The file has pages 1 to 4"),
        ("0", "The file has pages 1 to 4"),
        ("2-9", "The file has pages 1 to 4"),
        ("-1", "is no page"),
        ("²", "is no page"),
        ("1-4", "all its pages"),
        ("1,2,3,4", "all its pages"),
        ("1" * 3_000, "Shorten this"),
    ],
)
def test_pages_that_are_not_there_are_refused(annexed, moderator, asked, told):
    with pytest.raises(InvalidDecision) as refused:
        pages_hidden(annexed, asked, by=moderator)
    assert told in str(refused.value.fields["pages"][0])
    assert holds(WORD)


@pytest.mark.parametrize("asked", ["2,2, 2-2", "2\n", "2;", "2 \u2013 2"])
def test_the_same_page_twice_is_one_page(annexed, moderator, asked):
    assert pages_hidden(annexed, asked, by=moderator).pages == "2"


def test_pages_hidden_already_leave_nothing_to_hide(annexed, moderator):
    pages_hidden(annexed, "2-3", by=moderator)
    with pytest.raises(InvalidDecision):
        pages_hidden(annexed, "3", by=moderator)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"state": "waiting"}, "still being read"),
        ({"page_count": None, "state": "failed"}, "not known"),
        ({"page_count": 1}, "has one page"),
        ({"kept_back": "business"}, "kept back"),
    ],
)
def test_a_file_without_known_pages_is_hidden_as_a_whole(annexed, moderator, changed, told):
    annexed.attachments.update(**changed)
    with pytest.raises(InvalidDecision) as refused:
        pages_hidden(annexed, "2", by=moderator)
    assert told in str(refused.value.fields["pages"][0])


def test_only_a_file_has_pages(annexed, moderator):
    with pytest.raises(InvalidDecision) as refused:
        pages_hidden(annexed, "2", by=moderator, part="answer:why")
    assert "Only a file has pages" in str(refused.value.fields["pages"][0])


def test_the_author_is_told_which_pages(annexed, author, moderator, client):
    mail.outbox.clear()
    pages_hidden(annexed, "2", by=moderator)
    run_all()
    body = next(one.body for one in mail.outbox if one.to == [author.email])
    assert "Hidden pages of your file: 2" in body
    assert "It tells where people live." in body
    client.force_login(author)
    assert "all its pages" in client.get(annexed.get_absolute_url()).content.decode()


def test_log_and_statistics_tell_of_it(annexed, moderator, client):
    pages_hidden(annexed, "2-3", by=moderator)
    log = client.get("/consultations/open-consultation/moderation/").content.decode()
    assert "Pages hidden: 2–3" in log
    root = "/api/v1/consultations/open-consultation/moderation"
    row = client.get(f"{root}/log/").json()["results"][0]
    assert (row["action"], row["pages"]) == ("pages", "2–3")
    groups = client.get(f"{root}/statistics/").json()["groups"]
    assert sum(one["hidden"] for one in groups) == 1
    assert sum(one["touched"] for one in groups) == 1


def test_a_revision_begins_with_the_pages_blank(annexed, author, moderator, client):
    pages_hidden(annexed, "2", by=moderator)
    run_all()
    draft = start_revision(annexed, by=author)
    file = draft.attachments.get()
    assert file.hidden_pages == [2]
    assert not holds(WORD)
    submit(draft, by=author)
    run_all()
    assert "hidden by moderators" in texts_of(fetched(client, file))[1]
    again = Submission.objects.get(pk=draft.pk)
    assert Case.objects.filter(submission=again, state="open").exists()


def test_a_revision_begun_before_the_copy_was_made_gets_one(annexed, author, moderator, client):
    pages_hidden(annexed, "2", by=moderator)
    draft = start_revision(annexed, by=author)
    run_all()
    assert draft.attachments.get().published


def test_earlier_versions_lose_the_same_pages(annexed, author, moderator, client):
    draft = start_revision(annexed, by=author)
    submit(draft, by=author)
    run_all()
    decision = pages_hidden(Submission.objects.get(pk=draft.pk), "2", by=moderator)
    run_all()
    assert not holds(WORD)
    for file in Attachment.objects.all():
        assert file.hidden_pages == [2]
        assert WORD.encode() not in everything_in(fetched(client, file))
    lift(decision, reason="no_rule", statement="It is theirs.", by=moderator)
    run_all()
    assert all(WORD in texts_of(fetched(client, one))[1] for one in Attachment.objects.all())


def test_copies_no_row_names_are_deleted(annexed, moderator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        decision = pages_hidden(annexed, "2", by=moderator)
        run_all()
    cut = Attachment.objects.get().published
    assert storing.path_of(Attachment.objects.get().whole).exists()
    with django_capture_on_commit_callbacks(execute=True):
        lift(decision, reason="no_rule", statement="It is theirs.", by=moderator)
    assert not storing.path_of(cut).exists()
    assert storing.path_of(Attachment.objects.get().published).exists()


def test_the_case_shows_the_pages_and_keeps_what_was_typed(annexed, moderator, client):
    client.force_login(moderator)
    case = open_case(annexed, "attachment:1", by=moderator)
    address = reverse("moderation:case", args=["open-consultation", case.pk])
    shown = client.get(address).content.decode()
    assert "Its 4 pages" in shown
    assert "?page=3#page-3" in shown
    typed = {"action": "pages", "pages": "5-2", "rule": "personal", "statement": "Why so."}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert 'value="5-2"' in refused.content.decode()
    client.post(address, {**typed, "pages": "2"})
    assert Decision.objects.get().pages == "2"


def test_the_words_of_a_file_open_at_a_page(annexed, client):
    file = annexed.attachments.get()
    shown = client.get(f"/attachments/{file.key}/text/?page=3").content.decode()
    assert "The third page" in shown
    assert "The first page" not in shown
    assert client.get(f"/attachments/{file.key}/text/?page=x").status_code == 200


def test_pages_are_hidden_over_the_api(annexed, moderator, client):
    client.force_login(moderator)
    case = open_case(annexed, "attachment:1", by=moderator)
    address = f"/api/v1/workspace/open-consultation/moderation/cases/{case.pk}/"
    assert client.get(address).json()["page_count"] == 4
    asked = {"action": "pages", "pages": "2", "rule": "personal", "statement": "Why."}
    answer = client.post(f"{address}decision/", asked, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["decisions"][0]["pages"] == "2"


def spoken_of(data):
    """Return a PDF whose second page is also told of by bookmark, note, field and other pages."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_outline_item(title=f"About {WORD}", page_number=1)
    writer.add_annotation(1, Text(rect=(10, 10, 60, 60), text=f"{WORD} again"))
    hidden = writer.pages[1]["/Annots"][0]
    writer.add_annotation(0, Text(rect=(10, 10, 60, 60), text="On the first"))
    writer.pages[0]["/Annots"][-1].get_object()[NameObject("/IRT")] = hidden
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): writer.pages[1]["/Annots"]}
    )
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def blanked(data, notices, tmp_path):
    path, out = tmp_path / "in.pdf", io.BytesIO()
    path.write_bytes(data)
    with path.open("rb") as source:
        confining.blank(source, notices, out)
    return out.getvalue()


def test_nothing_else_in_a_file_tells_of_a_blank_page(tmp_path):
    data = spoken_of(papers.pdf(*PAGES))
    assert WORD.encode() in everything_in(data)
    cut = blanked(data, [(["Gone."], [2])], tmp_path)
    assert texts_of(cut)[1].strip() == "Gone."
    assert WORD.encode() not in everything_in(cut)
    assert b"On the first" in everything_in(cut)


@pytest.mark.parametrize("pages", [[5], [0], []])
def test_a_page_that_is_not_there_is_not_made_blank(tmp_path, pages):
    with pytest.raises(Unfit):
        blanked(papers.pdf(*PAGES), [(["Gone."], pages)], tmp_path)


def test_a_damaged_file_stays_withheld(annexed, moderator, client):
    file = annexed.attachments.get()
    storing.path_of(file.published).write_bytes(b"%PDF-1.7 broken")
    pages_hidden(annexed, "2", by=moderator)
    run_all()
    assert fetched(client, file) is None
    assert not Job.objects.filter(state="dead").exists()
