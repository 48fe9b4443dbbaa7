"""Takes in submissions from a file; see `--help`."""

import hashlib
import time
from argparse import ArgumentParser
from pathlib import Path
from textwrap import fill
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.text import slugify

from apps.consultations.models import Consultation
from apps.consultations.services import ConsultationInput, DocketTaken, create_consultation
from apps.core.commands import PlainCommand
from apps.core.display import display_text
from apps.core.terminal import Progress
from apps.submissions.importing import readers, sources
from apps.submissions.importing.labels import (
    Groups,
    WrongLabels,
    apply_labels,
    read_labels,
    save_labels,
)
from apps.submissions.importing.loading import Loader
from apps.submissions.importing.readers import SourceFile, UnreadableFile, open_source
from apps.submissions.importing.records import FIELDS, Record, Rejected
from apps.submissions.importing.rejects import Rejects

FORMATS = ("regulations_gov", "csv", "jsonl")
MOST_LISTED = 60
LONGEST_SLUG = 60
LONGEST_TITLE = 300
ROWS_BETWEEN_UPDATES = 500


class Command(PlainCommand):
    help = f"""Take in submissions from a file into a consultation.

{fill("Fields: " + ", ".join(FIELDS) + ".", 78)}

A column with the name of a field is used for it; --map names others. Gzip is
read directly. Rows that cannot be taken in go to a rejects file with line and
reason, and the import goes on. Importing a file again, also after it was cut
off, adds only what is not there yet."""
    when_stopped = (
        "Stopped. What was taken in stays; import the file again to add the rest, "
        "nothing is added twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the consultation's address")
        parser.add_argument("file", type=Path, help="the file to read, plain or gzip")
        parser.add_argument(
            "--format",
            choices=FORMATS,
            required=True,
            help="an export of regulations.gov, a CSV file, or one JSON object per line",
        )
        parser.add_argument("--create", metavar="TITLE", help="create the consultation if needed")
        parser.add_argument(
            "--map",
            nargs="+",
            action="extend",
            metavar="FIELD=COLUMN",
            help="the column of a field",
        )
        parser.add_argument(
            "--groups",
            type=Path,
            metavar="LABELS.csv",
            help="columns label and group: what declared categories stand for",
        )
        parser.add_argument(
            "--rejects", type=Path, metavar="FILE", help="where to write rejected rows"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress, only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        path: Path = options["file"]
        try:
            mapping = sources.parse_mapping(options["map"] or [])
            labels = read_labels(options["groups"]) if options["groups"] else {}
            with open_source(path) as file:
                source = sources.read(file, file_format=options["format"], mapping=mapping)
                digest = _digest(path)
                with _open_rejects(options["rejects"], options["slug"], path) as rejects:
                    consultation = self._consultation(options["slug"], options["create"])
                    if labels:
                        save_labels(consultation, labels)
                        self._tell_regrouped(apply_labels(consultation))
                    loader = _loader(consultation, source, digest, rejects)
                    broken = self._load(file, source, loader, rejects, quiet=options["quiet"])
        except (sources.WrongMapping, WrongLabels, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        self._tell(loader, rejects, source, seconds=time.monotonic() - started)
        if broken:
            raise CommandError(broken)

    def _load(
        self,
        file: SourceFile,
        source: sources.Source,
        loader: Loader,
        rejects: Rejects,
        *,
        quiet: bool,
    ) -> str:
        """Take in the rows; return what broke the file, "" where it was read to its end."""
        rows, broken = 0, ""
        with Progress("Import", stream=self.stdout, quiet=quiet) as progress:
            try:
                for rows, read in enumerate(source.rows, 1):
                    if isinstance(read.found, Rejected):
                        rejects.add(read.line, str(read.found), read.cells)
                    else:
                        loader.add(read.found)
                    if rows % ROWS_BETWEEN_UPDATES == 0:
                        total = round(rows / file.share_read)
                        progress.update(rows, total, "rows", is_estimate=True)
            except UnreadableFile as error:
                broken = (
                    f"{error} The {rows:,} rows before that place were read and taken in. "
                    "Import the file again when it is whole: nothing is added twice."
                )
            loader.finish(rejected=rejects.count)
            progress.update(rows, rows, "rows")
        return broken

    def _consultation(self, slug: str, title: str | None) -> Consultation:
        found = Consultation.objects.filter(slug=slug).first()
        if found:
            if title and _checked(title) != found.title:
                self.stdout.write(f"“{slug}” is there already; its title stays “{found.title}”.")
            return found
        if not title:
            known = ", ".join(Consultation.objects.values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(
                f"There is no consultation “{slug}” (there is: {known}). "
                "Create it with --create TITLE."
            )
        if not slug or slugify(slug) != slug or len(slug) > LONGEST_SLUG:
            raise CommandError(
                f"“{slug}” cannot be an address; use at most {LONGEST_SLUG} small letters, digits "
                "and single hyphens, for example “draft-code-2026”."
            )
        content = ConsultationInput(slug=slug, docket=_free_docket(slug), title=_checked(title))
        try:
            return create_consultation(content, publish=True)
        except DocketTaken as error:
            raise CommandError(str(error.message)) from error

    def _tell_regrouped(self, changed: int) -> None:
        if changed:
            self.stdout.write(f"Gave {changed:,} earlier submissions the group of their category.")

    def _tell(
        self, loader: Loader, rejects: Rejects, source: sources.Source, *, seconds: float
    ) -> None:
        write, outcome = self.stdout.write, loader.outcome
        write(f"Added {outcome.submissions:,} submissions with {outcome.texts:,} texts.")
        if outcome.already_there:
            write(f"Already there, left as they are: {outcome.already_there:,} rows.")
        if new := loader.questions.new:
            write(f"New questions: {sources.listed(new[:MOST_LISTED], between='; ')}")
        if source.unused:
            write(f"Columns not stored: {sources.listed(source.unused)}.")
        self._tell_groups(loader.groups)
        if rejects.count:
            where = f"line and reason are in {rejects.path}."
            write(self.style.WARNING(f"REJECTED {rejects.count:,} rows: {where}"))
        rows = outcome.texts + outcome.already_there + rejects.count
        write(f"Took {seconds:.1f} s ({rows / max(seconds, 0.001):,.0f} rows/s).")
        if rejects.count and not (outcome.submissions or outcome.texts or outcome.already_there):
            raise CommandError(f"No row could be taken in; the reasons are in {rejects.path}.")

    def _tell_groups(self, groups: Groups) -> None:
        if groups.undeclared:
            self.stdout.write(
                f"No category declared, group “other”: {groups.undeclared:,} submissions."
            )
        for label, n in groups.unknown.most_common(MOST_LISTED):
            shown = readers.printable(label)
            self.stdout.write(f"Unknown category “{shown}”, group “other”: {n:,} submissions.")
        if (more := len(groups.unknown) - MOST_LISTED) > 0:
            self.stdout.write(f"… and {more:,} more unknown categories.")


def _loader(
    consultation: Consultation, source: sources.Source, digest: str, rejects: Rejects
) -> Loader:
    def reject(record: Record, reason: str) -> None:
        rejects.add(record.line, reason, {"reference": record.reference, "text": record.text})

    return Loader(consultation, has_questions=source.has_questions, digest=digest, reject=reject)


def _checked(title: str) -> str:
    """Return the title on one line; raise CommandError for one that pages could not show."""
    title = " ".join(title.split())
    if not title or display_text(title) != title:
        raise CommandError("The title is empty or holds characters that cannot be seen.")
    if len(title) > LONGEST_TITLE:
        raise CommandError(f"The title has {len(title)} characters, {LONGEST_TITLE} are possible.")
    return title


def _free_docket(slug: str) -> str:
    """Return the address in capitals, counted on where another consultation has that docket."""
    docket = slug.upper()
    taken = set(
        Consultation.objects.filter(docket__startswith=docket).values_list("docket", flat=True)
    )
    counted = (f"{docket}-{number}" for number in range(2, len(taken) + 3))
    return docket if docket not in taken else next(d for d in counted if d not in taken)


def _open_rejects(asked: Path | None, slug: str, source: Path) -> Rejects:
    folder = Path(settings.DATA_DIR) / "rejects"
    path = asked or folder / f"{slugify(slug)}-{source.name.split('.')[0]}.rejects.csv"
    try:
        if path.exists() and path.samefile(source):
            raise CommandError(f"--rejects {path} is the file to be imported.")
        return Rejects(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
