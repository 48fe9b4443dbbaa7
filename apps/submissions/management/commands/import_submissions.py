"""Takes in submissions from a file; see `--help`."""

import csv
import hashlib
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.consultations.services import ConsultationInput, DocketTaken, create_consultation
from apps.core.terminal import Progress
from apps.submissions.importing import sources
from apps.submissions.importing.loading import Loader, Outcome, save_labels
from apps.submissions.importing.readers import UnreadableFile, open_text
from apps.submissions.importing.records import FIELDS, Rejected
from apps.submissions.importing.rejects import Rejects

FORMATS = ("regulations_gov", "csv", "jsonl")
MOST_LISTED = 60


class Command(BaseCommand):
    help = f"""Take in submissions from a file into a consultation.

Fields: {", ".join(FIELDS)}. A column with the name of a field is used for it;
--map names others. Gzip is read directly. Rows that cannot be taken in go to a
rejects file with line and reason, and the import goes on. Importing a file again,
also after it was cut off, adds only what is not there yet."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("slug", help="the consultation's address")
        parser.add_argument("file", type=Path, help="the file to read, plain or gzip")
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--create", metavar="TITLE", help="create the consultation if needed")
        parser.add_argument("--map", nargs="+", action="extend", metavar="FIELD=COLUMN")
        parser.add_argument("--groups", type=Path, metavar="LABELS.csv", help="label,group")
        parser.add_argument("--rejects", type=Path, help="where to write rejected rows")
        parser.add_argument("--quiet", action="store_true", help="no progress, only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        path: Path = options["file"]
        try:
            mapping = sources.parse_mapping(options["map"] or [])
            labels = read_labels(options["groups"]) if options["groups"] else {}
            digest = _digest(path)
            with open_text(path) as file:
                source = sources.read(file, file_format=options["format"], mapping=mapping)
                consultation = self._consultation(options["slug"], options["create"])
                if labels:
                    save_labels(consultation, labels)
                loader = Loader(consultation, has_questions=source.has_questions, digest=digest)
                rejects = Rejects(options["rejects"] or _rejects_path(options["slug"], path))
                with Progress("Import", stream=self.stdout, quiet=options["quiet"]) as progress:
                    rows = self._load(source, loader, rejects, progress)
        except (sources.WrongMapping, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        self._tell(loader.outcome, rejects, source.unused)
        seconds = max(time.monotonic() - started, 0.001)
        self.stdout.write(f"Read {rows:,} rows in {seconds:.1f} s ({rows / seconds:,.0f} rows/s).")

    def _load(
        self, source: sources.Source, loader: Loader, rejects: Rejects, progress: Progress
    ) -> int:
        rows = 0
        for rows, (line, found, cells) in enumerate(source.rows, 1):
            if isinstance(found, Rejected):
                rejects.add(line, str(found), cells)
            else:
                loader.add(found)
            if rows % 500 == 0:
                progress.update(rows, None, "rows")
        loader.flush()
        for record in loader.outcome.conflicts:
            reason = "this reference is there already, with other words"
            rejects.add(
                record.line, reason, {"reference": record.reference, "text": record.text[:300]}
            )
        rejects.close()
        progress.update(rows, rows, "rows")
        return rows

    def _consultation(self, slug: str, title: str | None) -> Consultation:
        found = Consultation.objects.filter(slug=slug).first()
        if found:
            return found
        if not title:
            known = ", ".join(Consultation.objects.values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(
                f"There is no consultation “{slug}” (there is: {known}). "
                "Create it with --create TITLE."
            )
        if slugify(slug) != slug or len(slug) > 60:
            raise CommandError(
                f"“{slug}” cannot be an address; use small letters, digits and hyphens."
            )
        content = ConsultationInput(slug=slug, docket=slug.upper(), title=title[:300])
        try:
            return create_consultation(content, publish=True)
        except DocketTaken as error:
            raise CommandError(str(error.message)) from error

    def _tell(self, outcome: Outcome, rejects: Rejects, unused: Any) -> None:
        write = self.stdout.write
        write(f"Added {outcome.submissions:,} submissions with {outcome.texts:,} texts.")
        if outcome.already_there:
            write(f"Already there, left as they are: {outcome.already_there:,} texts.")
        if outcome.new_questions:
            write(f"New questions: {', '.join(outcome.new_questions[:MOST_LISTED])}.")
        if unused:
            write(f"Columns not stored: {', '.join(unused)}.")
        if outcome.undeclared:
            write(f"No category declared, group “other”: {outcome.undeclared:,} submissions.")
        for label, n in outcome.unknown_labels.most_common(MOST_LISTED):
            write(f"Unknown category “{label}”, group “other”: {n:,} submissions.")
        if rejects.count:
            write(f"Rejected {rejects.count:,} rows; line and reason are in {rejects.path}.")


def read_labels(path: Path) -> dict[str, str]:
    """Return {label: group} from a CSV file with the columns label and group."""
    with open_text(path) as file:
        rows = csv.DictReader(file)
        if not {"label", "group"} <= set(rows.fieldnames or []):
            raise sources.WrongMapping(f"{path} must have the columns label and group.")
        labels = {row["label"].strip()[:200]: (row["group"] or "").strip() for row in rows}
    for label, group in labels.items():
        if group not in StakeholderGroup.values:
            raise sources.WrongMapping(
                f"{path}: “{group}” of “{label}” is no group. "
                f"Groups: {', '.join(StakeholderGroup.values)}."
            )
    return {label: group for label, group in labels.items() if label}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


def _rejects_path(slug: str, path: Path) -> Path:
    return Path(settings.DATA_DIR) / "rejects" / f"{slug}-{path.name.split('.')[0]}.rejects.csv"
