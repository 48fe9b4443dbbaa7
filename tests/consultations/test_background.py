"""Background documents: on the web or as a file, fetched by everybody who may see them."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.consultations.services import clone_consultation, remove_background
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db
TEXT = b"What the law says today.\n"


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def consultation(host, owner, client):
    client.force_login(owner)
    return ConsultationFactory(host=host, slug="a-pause")


@pytest.fixture
def add(client, consultation):
    """Send the form; return the page that answers."""

    def sent(name="law.txt", content=TEXT, **typed):
        typed = {"title": "The law", "summary": "It forbids.", "url": "", **typed}
        if name:
            typed["file"] = SimpleUploadedFile(name, content)
        return client.post(reverse("consultations:background", args=["a-pause"]), typed)

    return sent


def test_a_file_is_fetched_as_it_was_sent(add, client, consultation):
    assert add().status_code == 302
    document = consultation.background.get()
    address = reverse("consultations:background-file", args=["a-pause", document.pk])
    client.logout()
    assert address in client.get(consultation.get_absolute_url()).content.decode()
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == TEXT
    assert answer["Content-Disposition"] == 'attachment; filename="law.txt"'
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_a_draft_is_its_staffs_alone(add, client, consultation, participant):
    consultation.published_at = None
    consultation.save()
    add()
    address = reverse(
        "consultations:background-file", args=["a-pause", consultation.background.get().pk]
    )
    assert client.get(address).status_code == 200
    client.force_login(participant)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("law.exe", TEXT, "law.exe: Attach a PDF, DOCX, ODT or TXT file."),
        ("law.txt", b"", "law.txt: It is empty."),
        ("law.pdf", TEXT, "law.pdf: It is not what its name says."),
        ("law.docm", TEXT, "law.docm: It holds macros."),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_typed_is_lost(
    add, consultation, name, content, told
):
    answer = add(name, content)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert 'value="The law"' in page
    assert "It forbids." in page
    assert not consultation.background.exists()


@pytest.mark.parametrize("typed", [{"name": ""}, {"url": "https://example.org/law"}])
def test_either_an_address_or_a_file_is_given(add, consultation, typed):
    answer = add(**typed)
    assert "Give an address on the web or choose a file" in answer.content.decode()
    assert not consultation.background.exists()


def test_the_file_goes_with_the_last_that_names_it(
    add, consultation, owner, django_capture_on_commit_callbacks
):
    add()
    first = consultation.background.get()
    copy = clone_consultation(consultation, title="Again", by=owner).background.get()
    path = Path(first.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        remove_background(first, by=owner)
    assert path.read_bytes() == TEXT
    with django_capture_on_commit_callbacks(execute=True):
        remove_background(copy, by=owner)
    assert not path.exists()


def test_a_file_that_is_missing_on_the_disk_is_not_found(add, client, consultation):
    add()
    document = consultation.background.get()
    Path(document.file.path).unlink()
    address = reverse("consultations:background-file", args=["a-pause", document.pk])
    assert client.get(address).status_code == 404
