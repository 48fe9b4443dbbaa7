"""Attaching files in a real browser: with and without script, on small screens, in both themes."""

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from apps.submissions.models import Attachment, Submission
from tests.browser.going import go
from tests.submissions import papers

pytestmark = pytest.mark.django_db(transaction=True)

RESPOND = "/consultations/open-consultation/respond/"
WIDTHS = (320, 360, 768, 1280)
SHOTS = os.environ.get("PLENARY_SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def session(client, participant):
    client.force_login(participant)
    return client.cookies["sessionid"].value


@pytest.fixture
def chosen(tmp_path):
    """Two files of a person, and one that is refused."""
    made = {"paper.pdf": papers.pdf(), "a" * 90 + ".txt": b"Words.", "macro.docm": papers.word()}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return [str(tmp_path / name) for name in made]


def shoot(page, name):
    for width in (360, 1280) if SHOTS else ():
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}-{theme}.png"), full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_files_are_attached_named_filed_and_read(
    visit, violations, is_too_wide, session, open_consultation, chosen, script
):
    page = visit(RESPOND, script=script, session=session)
    page.get_by_label("Stakeholder group").select_option("civil")
    page.locator("[name='answer-why.text']").fill("Because nobody pauses alone.")
    page.get_by_label("Choose files").set_input_files(chosen)
    go(page.get_by_role("button", name="Attach the chosen files"))
    assert "macro.docm: It holds macros." in page.locator(".error-summary").inner_text()
    assert page.locator("[name='answer-why.text']").input_value() == "Because nobody pauses alone."
    assert Attachment.objects.count() == 2
    page.get_by_label("What is it?").first.fill("Our position")
    if script:
        shoot(page, "form")
        assert violations(page) == []
        assert [width for width in WIDTHS if is_too_wide(page, width)] == []
    go(page.get_by_role("button", name="Check your answers"))
    assert "Our position" in page.locator("main").inner_text()
    if script:
        shoot(page, "check")
        assert violations(page) == []
    go(page.get_by_role("button", name="Submit response"))
    papers.do_all_jobs()
    page.reload()
    if script:
        shoot(page, "filed")
        assert violations(page) == []
        assert [width for width in WIDTHS if is_too_wide(page, width)] == []
    go(page.get_by_role("link", name="See your response as the public sees it"))
    assert "2 attached files" in page.locator("main").inner_text()
    if script:
        page.locator("summary", has_text="Read its words here").first.click()
        shoot(page, "detail")
        assert violations(page) == []
        assert [width for width in WIDTHS if is_too_wide(page, width)] == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download paper.pdf").click()
    assert download.value.suggested_filename == "paper.pdf"


def test_the_step_for_attachments_is_on_the_way_and_all_words_have_a_page(
    visit, violations, is_too_wide, session, client, open_consultation, participant
):
    files = [SimpleUploadedFile("long.txt", b"\f".join([b"Words of a page."] * 30))]
    group = {"group": "individual", "answer-why.text": "So.", "then": "attach", "files": files}
    client.post(RESPOND, group)
    papers.do_all_jobs()
    page = visit(f"{RESPOND}?step=files", session=session)
    assert page.get_by_role("heading", level=1).inner_text() == "Attachments"
    assert "30 pages were read." in page.locator("main").inner_text()
    shoot(page, "step")
    assert violations(page) == []
    attachment = Submission.objects.get().attachments.get()
    client.post(f"{RESPOND}check/")
    page = visit(f"{attachment.get_absolute_url()}text/")
    assert page.locator("h2", has_text="Page 20").count() == 1
    go(page.get_by_role("link", name="Next pages"))
    expect(page.locator("h2", has_text="Page 30")).to_have_count(1)
    shoot(page, "pages")
    assert violations(page) == []
    assert [width for width in WIDTHS if is_too_wide(page, width)] == []
