"""`build_briefing`: what it says and leaves behind when something is in its way."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.briefings.models import Briefing
from tests.factories import ConsultationFactory
from tests.submissions.import_files import csv_file, take_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def consultation(settings, tmp_path, db):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.DATA_DIR = tmp_path
    return ConsultationFactory(slug="nobody")


def build(*arguments):
    out = io.StringIO()
    call_command("build_briefing", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("folder", ["file", "file/below", "/proc/below", ""])
def test_a_folder_that_cannot_be_written_stops_before_any_work(consultation, tmp_path, folder):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError) as refused:
        build("nobody", "--output", tmp_path / folder if folder else "")
    assert "--output" in str(refused.value)
    assert not Briefing.objects.exists()


def test_the_folder_is_made_and_holds_the_four_files_and_nothing_else(consultation, tmp_path):
    said = build("nobody", "--output", tmp_path / "new" / "folder")
    names = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    assert names == {f"briefing.{kind}" for kind in ("docx", "html", "json", "pdf")}
    assert all(name in said for name in names)
    assert "Briefing: Publishing 100 of 100" in said


def test_progress_never_goes_back(consultation, tmp_path):
    file = csv_file(tmp_path / "many.csv", ["text"], *[["Yes, we agree with it."]] * 2_000)
    take_in(file, slug="nobody")
    said = re.findall(r"(\d+) of 100", build("nobody"))
    assert said[0] == "14"  # what is counted twice over: reading, then comparing what was read
    assert said == sorted(said, key=int)
