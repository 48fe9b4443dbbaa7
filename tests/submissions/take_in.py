"""Uploads tables, maps them as proposed or as told, and runs them."""

import csv
import gzip
import io
from dataclasses import replace
from pathlib import Path

from apps.jobs.executing import run_until_idle
from apps.submissions.importing.planning import Plan
from apps.submissions.models import ImportUpload
from apps.submissions.services import (
    FileInput,
    map_columns,
    proposed_plan,
    rejects_path,
    run_import,
    upload_table,
)
from tests.submissions.sheets import xlsx

DOCKET = Path(__file__).parents[2] / "apps/submissions/demo/cms-2022-0163/comments.csv.gz"


def docket():
    """Return the header and the rows of a real docket of regulations.gov."""
    text = gzip.decompress(DOCKET.read_bytes()).decode()
    header, *rows = csv.reader(io.StringIO(text))
    return header, rows


def as_csv(*rows, delimiter=",", encoding="utf-8"):
    """Return rows as a CSV file."""
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter).writerows(rows)
    return held.getvalue().encode(encoding)


def as_xlsx(*rows):
    """Return rows as an XLSX file, every cell a text."""
    return xlsx(*[[str(cell) for cell in row] for row in rows])


def upload(consultation, data, *, by, name="answers.csv"):
    """Upload a file as a person would."""
    return upload_table(consultation, FileInput(name, io.BytesIO(data)), by=by)


def run(uploaded, *, by, **changes):
    """Map a file as proposed, with changes, and run it to its end."""
    plan = replace(proposed_plan(uploaded), **{"rest": "other", **changes})
    map_columns(uploaded, plan, by=by)
    started = run_import(uploaded, by=by)
    run_until_idle(started.job_key)
    return ImportUpload.objects.select_related("consultation").get(pk=uploaded.pk)


def take_in(consultation, data, *, by, name="answers.csv", **changes):
    """Upload, map as proposed and run."""
    return run(upload(consultation, data, by=by, name=name), by=by, **changes)


def rejected(uploaded):
    """Return the rows of the rejects file as dictionaries."""
    path = rejects_path(uploaded)
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def plan(**fields):
    """Return a plan of these fields, everybody in one group."""
    return Plan(fields, rest="individual")
