"""Files and sources give away nothing that is kept back: said before filing, held after it."""

import io

import pytest
from django.urls import reverse

from apps.jobs.executing import run_until_idle
from apps.submissions.errors import IncompleteSubmission
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    RedactionInput,
)
from apps.submissions.models import Attachment, Submission
from apps.submissions.services import (
    FileInput,
    attach,
    content_of,
    file_submission,
    original_of,
    save_draft,
    start_draft,
    start_revision,
    submit,
)

pytestmark = pytest.mark.django_db
WORDS = b"Page one.\fOn the  cold-sea\nLAB we say more."
KEPT = [RedactionInput("cold sea lab", "business")]
ANSWERS = [AnswerInput("why", "The cold sea lab would close.")]


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def draft(open_consultation, participant):
    return start_draft(open_consultation, author=participant, group="company")


def paper(name="paper.txt", words=WORDS):
    return FileInput(name, io.BytesIO(words))


def read(file):
    run_until_idle(f"attachment:{file.pk}")
    return Attachment.objects.get(pk=file.pk)


def confidential(*notes):
    return DraftInput(
        group="company",
        answers=ANSWERS,
        attachments=notes,
        visibility="confidential",
        redactions=KEPT,
    )


def test_a_file_with_words_that_are_kept_back_is_refused_until_it_is_kept_back(draft, participant):
    file = read(attach(draft, paper(), by=participant))
    save_draft(draft, confidential(FileNote(file.key)), by=participant)
    with pytest.raises(IncompleteSubmission) as refused:
        submit(draft, by=participant)
    (told,) = refused.value.fields["attachments.0"]
    assert str(told).startswith("paper.txt: words you keep back stand on page")
    save_draft(draft, confidential(FileNote(file.key, "", "business")), by=participant)
    assert submit(draft, by=participant)


def test_filed_in_one_act_it_is_refused_too_and_nothing_is_stored(open_consultation, participant):
    file = read(attach(None, paper(), by=participant))
    with pytest.raises(IncompleteSubmission):
        file_submission(open_consultation, confidential(FileNote(file.key)), by=participant)
    assert not Submission.objects.exists()


def test_the_check_page_and_the_list_of_what_is_missing_say_so(client, draft, participant):
    file = read(attach(draft, paper(), by=participant))
    save_draft(draft, confidential(FileNote(file.key)), by=participant)
    client.force_login(participant)
    check = reverse("submissions:check", args=[draft.consultation.slug])
    assert "words you keep back stand on page" in client.get(check).content.decode()
    refused = client.post(check)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert '<a href="#files" dir="auto">paper.txt: words you keep back' in page
    assert page.count("words you keep back stand on page") == 2  # in the list, and at the files
    shown = client.get(f"/api/v1/drafts/{draft.pk}/public/").json()
    assert [one.partition(":")[0] for one in shown["gives_away"]] == ["paper.txt"]


def test_a_file_read_after_filing_is_kept_back_and_a_revision_keeps_it_so(draft, participant):
    file = attach(draft, paper(), by=participant)
    save_draft(draft, confidential(FileNote(file.key)), by=participant)
    receipt = submit(draft, by=participant)
    one = Submission.objects.get(reference=receipt.number)
    assert read(file).kept_back == "business"
    assert not Attachment.objects.public().exists()
    assert original_of(one).attachments == [FileNote(file.key, "", "business")]
    revised = content_of(start_revision(one, by=participant))
    assert [note.kept_back for note in revised.attachments] == ["business"]


def test_a_file_read_after_filing_is_kept_back_where_it_names_who_withholds_the_name(
    open_consultation, member, forum
):
    draft = start_draft(open_consultation, author=member, organisation=forum)
    names = (f"A letter by {forum.name.upper()}.".encode(), b"Nobody is named here.")
    files = [attach(draft, paper(f"{n}.txt", said), by=member) for n, said in enumerate(names)]
    notes = [FileNote(file.key) for file in files]
    asked = DraftInput(answers=ANSWERS, attachments=notes, visibility="withheld")
    save_draft(draft, asked, by=member)
    submit(draft, by=member)
    assert [read(file).kept_back for file in files] == ["other", ""]


def test_who_files_in_one_act_hears_what_tells_who_speaks(client, open_consultation, member, forum):
    file = read(attach(None, paper("b.txt", f"By {forum.name}.".encode()), by=member))
    client.force_login(member)
    address = f"/api/v1/consultations/{open_consultation.slug}/submissions/"
    asked = {
        "organisation": forum.slug,
        "visibility": "withheld",
        "answers": [{"question": "why", "text": f"We, the {forum.name}."}],
        "attachments": [{"key": file.key}],
    }
    told = client.post(address, asked, content_type="application/json").json()["gives_away"]
    assert ["in your texts" in told[0], "in the file attachment-1.txt" in told[1]] == [True, True]
    named = {**asked, "visibility": "named", "attachments": []}
    told = client.post(address, named, content_type="application/json").json()
    assert told["gives_away"] == []


def test_a_file_without_these_words_stays_public(draft, participant):
    file = attach(draft, paper(words=b"A cold sea."), by=participant)
    save_draft(draft, confidential(FileNote(file.key)), by=participant)
    submit(draft, by=participant)
    assert read(file).kept_back == ""


def test_the_name_of_a_file_does_not_tell_them(client, draft, participant):
    for name in ("The_Cold-Sea_Lab.txt", "open.txt"):
        attach(draft, paper(name, words=name.encode()[:3]), by=participant)
    keys = draft.attachments.in_order().values_list("key", flat=True)
    save_draft(draft, confidential(*map(FileNote, keys)), by=participant)
    client.force_login(participant)
    check = client.get(reverse("submissions:check", args=[draft.consultation.slug]))
    public = check.content.decode().partition('id="public"')[2]
    assert "attachment-1.txt" in public
    assert "Cold-Sea" not in public
    submit(draft, by=participant)
    names = Attachment.objects.in_order().values_list("name", flat=True)
    assert list(names) == ["attachment-1.txt", "open.txt"]


def test_whoever_withholds_the_name_hears_of_its_site_and_of_files_that_name_it(
    client, open_consultation, member, forum
):
    forum.website = "https://www.forum.example/"
    forum.save()
    draft = start_draft(open_consultation, author=member, organisation=forum)
    file = read(attach(draft, paper("b.txt", f"By {forum.name}.".encode()), by=member))
    letterhead = read(attach(draft, paper("c.txt", b"Write to us@FORUM.example."), by=member))
    source = EvidenceInput("https://forum.example/report")
    point = PointInput("article-1", stance="oppose", reason="See.", evidence=[source])
    files = [FileNote(file.key), FileNote(letterhead.key)]
    asked = DraftInput(points=[point], attachments=files, visibility="withheld")
    save_draft(draft, asked, by=member)
    client.force_login(member)
    told = client.get(f"/api/v1/drafts/{draft.pk}/public/").json()["gives_away"]
    assert ["forum.example" in told[0], "b.txt" in told[1]] == [True, True]
    assert "“forum.example” stands in the file c.txt" in told[2]
    check = reverse("submissions:check", args=[open_consultation.slug])
    page = client.get(f"{check}?for={forum.slug}").content.decode()
    assert "your website “forum.example” stands" in page
    assert "stands in the file b.txt, on page 1" in page
