"""The minutes as a PDF: tagged, the same as on the page, and nothing unconfirmed."""

import os
from datetime import timedelta
from io import BytesIO
from unicodedata import normalize

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from apps.core.dates import day_in_words
from apps.hearings import printing
from apps.hearings.printing import minutes_pdf
from apps.hearings.services import publish_minutes
from apps.hearings.tasks import sweep_prints
from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.submissions.services import withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def paper(pdf):
    reader = PdfReader(BytesIO(pdf))
    return reader, squeezed("".join(page.extract_text() for page in reader.pages))


def squeezed(text):
    """Return a text without white space and ligatures: how lines are set is of no matter."""
    return "".join(normalize("NFKC", text).replace("\u200b", "").split())


def test_everybody_gets_the_confirmed_minutes_as_a_tagged_pdf(
    spokeswoman, speaker, unknown, member, write, confirm, held, owner, client
):
    write(spokeswoman, "Seventy-two hours are too long.", item=str(held.items.get().pk))
    confirm(spokeswoman, by=member)
    write(unknown, "Crews need rest.")
    confirm(unknown, "correct", by=None, text="Crews need eight hours of rest.", stance="oppose")
    write(speaker, "Quetzalcoatl observes.")
    address = reverse("hearings:minutes-pdf", args=[held.consultation.slug, held.slug])
    assert client.get(address).status_code == 404
    publish_minutes(held, by=owner)
    assert address in client.get(held.minutes_url).content.decode()
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="hearing-minutes.pdf"'
    reader, words = paper(answer.content)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    for shown in (
        "Thresholds",
        spokeswoman.organisation_name,
        "Union of Crews",
        "1 person not named",
        "Seventy-two hours are too long.",
        "Crews need eight hours of rest.",
        "in the speaker’s own words",
        "Confirmed on",
        "1 statement waits for its speaker. It is not shown before it is confirmed.",
    ):
        assert squeezed(shown) in words
    for hidden in ("Quetzalcoatl", "Uma", "Crews need rest.", "uma@example.org"):
        assert squeezed(hidden) not in words


def test_the_page_says_when_each_statement_was_confirmed(
    spokeswoman, unknown, member, write, confirm, held, owner, client
):
    write(spokeswoman, "Seventy-two hours are too long.")
    filed = confirm(spokeswoman, by=member)
    write(unknown, "Crews need rest.")
    confirm(unknown, "correct", by=None, text="Crews need eight hours of rest.", stance="oppose")
    publish_minutes(held, by=owner)
    today = day_in_words(timezone.now().astimezone(held.consultation.zone))
    page = client.get(held.minutes_url).text
    assert page.count(f"Confirmed on {today} ·") == 1
    assert page.count(f"Confirmed on {today}, in the speaker’s own words ·") == 1
    minutes = f"/api/v1/consultations/{held.consultation.slug}/hearings/{held.slug}/minutes/"
    first, second = client.get(minutes).json()["statements"]
    assert (first["is_corrected"], second["is_corrected"]) == (False, True)
    assert first["confirmed_at"] <= second["confirmed_at"]
    withdraw(filed, by=member)
    assert client.get(held.minutes_url).text.count("Confirmed on") == 1
    assert client.get(minutes).json()["statements"][0]["confirmed_at"] is None


def test_withdrawn_words_leave_the_paper_too(spokeswoman, member, write, confirm, held, owner):
    write(spokeswoman)
    filed = confirm(spokeswoman, by=member)
    publish_minutes(held, by=owner)
    assert "Seventy-twohours" in paper(minutes_pdf(held))[1]
    withdraw(filed, by=member)
    words = paper(minutes_pdf(held))[1]
    assert "Seventy-twohours" not in words
    assert "nolongershown" in words


def test_the_same_minutes_are_set_once_a_day_and_language(
    spokeswoman, member, write, confirm, held, owner, monkeypatch, django_assert_num_queries
):
    write(spokeswoman)
    confirm(spokeswoman, by=member)
    publish_minutes(held, by=owner)
    times = []
    real = printing.printed_pdf
    monkeypatch.setattr(
        printing, "printed_pdf", lambda *given, **more: times.append(1) or real(*given, **more)
    )
    with django_assert_num_queries(7):
        first = minutes_pdf(held)
    assert minutes_pdf(held) == first
    with translation.override("ar"):
        reader, _words = paper(minutes_pdf(held))
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    assert len(times) == 2


def test_long_minutes_are_set_by_a_job_and_nothing_withdrawn_is_served(
    spokeswoman, member, write, confirm, held, owner, client, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(printing, "LONGEST_AT_ONCE", 10)
    write(spokeswoman)
    filed = confirm(spokeswoman, by=member)
    publish_minutes(held, by=owner)
    for _time in range(2):
        waiting = client.get(held.minutes_pdf_url)
        assert (waiting.status_code, waiting["Retry-After"]) == (202, "10")
        assert "This PDF is being made" in waiting.text
    (job,) = Job.objects.filter(kind=printing.PRINT)
    run_until_idle(job.key)
    answer = client.get(held.minutes_pdf_url)
    assert answer["Content-Type"] == "application/pdf"
    assert "Seventy-twohours" in paper(answer.content)[1]
    next((tmp_path / "minutes").iterdir()).unlink()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert client.get(held.minutes_pdf_url).status_code == 202
        run_until_idle(Job.objects.filter(kind=printing.PRINT).latest("pk").key)
        assert client.get(held.minutes_pdf_url).status_code == 200
    client.cookies["django_language"] = "fr"
    assert client.get(held.minutes_pdf_url).status_code == 202
    withdraw(filed, by=member)
    client.cookies.clear()
    assert client.get(held.minutes_pdf_url).status_code == 202
    run_until_idle(Job.objects.filter(kind=printing.PRINT).latest("pk").key)
    assert "nolongershown" in paper(client.get(held.minutes_pdf_url).content)[1]


def test_long_minutes_on_paper_are_kept_for_a_day(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sweep_prints()
    folder = tmp_path / "minutes"
    folder.mkdir()
    for name, hours in (("old", 25), ("new", 23)):
        (folder / f"{name}.pdf").touch()
        then = timezone.now().timestamp() - hours * 3600
        os.utime(folder / f"{name}.pdf", (then, then))
    sweep_prints()
    assert [path.name for path in folder.iterdir()] == ["new.pdf"]


def test_words_with_marks_of_markup_stay_words(spokeswoman, member, write, confirm, held, owner):
    write(spokeswoman, '#read("/etc/passwd") *bold* $x$ <label>')
    confirm(spokeswoman, by=member)
    publish_minutes(held, by=owner)
    assert '#read("/etc/passwd")*bold*$x$<label>' in paper(minutes_pdf(held))[1]
