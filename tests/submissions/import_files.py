"""Writes files to import and runs the command on them."""

import csv
import io
import json

from django.core.management import call_command

from apps.consultations.models import Consultation

SLUG = "letters"


def csv_file(path, header, *rows):
    """Write a CSV file; a row given as text is written as it is."""
    with path.open("w", encoding="utf-8", newline="", errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            if isinstance(row, str):
                file.write(row + "\n")
            else:
                writer.writerow(row)
    return path


def jsonl_file(path, *rows):
    """Write one JSON value per line; a row given as text is written as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def take_in(path, *, file_format="csv", slug=SLUG, create="Letters", out=None, **options):
    """Run the import; return what it printed."""
    out = out or io.StringIO()
    call_command(
        "import_submissions",
        slug,
        path,
        format=file_format,
        create=create,
        rejects=path.parent / "rejects.csv",
        stdout=out,
        **options,
    )
    return out.getvalue()


def rejected(path):
    """Return the rejects written beside a file as (line, reference, reason)."""
    written = path.parent / "rejects.csv"
    if not written.exists():
        return []
    with written.open(encoding="utf-8", newline="") as file:
        return [(int(r["line"]), r["reference"], r["reason"]) for r in csv.DictReader(file)]


def submissions():
    """Return the imported submissions by reference."""
    found = Consultation.objects.get(slug=SLUG).submissions.all()
    return {one.reference: one for one in found}


def texts():
    """Return {reference: its texts in order}."""
    return {
        reference: [answer.text for answer in one.answers.order_by("question", "number")]
        for reference, one in submissions().items()
    }
