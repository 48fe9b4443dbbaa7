"""Builds the next briefing of a consultation; see `--help`."""

import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from apps.briefings.models import Briefing
from apps.briefings.services import NothingPublished, start_briefing
from apps.briefings.stages import STAGES, stage_label
from apps.consultations.models import Consultation
from apps.core.commands import PlainCommand
from apps.core.terminal import Progress
from apps.jobs.executing import run_until_idle
from apps.jobs.services import progress_of


class Command(PlainCommand):
    help = """Build the next version of a consultation's briefing as HTML, PDF, DOCX and JSON.
Runs its jobs itself, beside any worker there is."""
    when_stopped = (
        "Stopped. This version stays unfinished until a worker (serve) takes it up; "
        "the same command builds the next one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the consultation's address")
        parser.add_argument(
            "--output", metavar="DIR", help="copy the files into this folder, made where needed"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress, only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        consultation = Consultation.objects.filter(slug=slug).first()
        if consultation is None:
            known = ", ".join(Consultation.objects.values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(f"There is no consultation “{slug}” (there is: {known}).")
        output = None if options["output"] is None else _writable(options["output"])
        try:
            briefing = start_briefing(consultation, by=None)
        except NothingPublished as refused:
            raise CommandError(str(refused)) from refused
        with Progress("Briefing", stream=self.stdout, quiet=options["quiet"]) as progress:
            reached = 0

            def show() -> None:
                nonlocal reached
                now = progress_of(briefing.job_key, stages=STAGES)
                if not now.stage:
                    return  # between two jobs
                # A step that counts twice over begins at 0 again: the bar does not go back.
                reached = max(reached, round(100 * now.share))
                progress.update(reached, 100, str(stage_label(now.stage)))

            run_until_idle(briefing.job_key, watch=show)
            briefing.refresh_from_db()
            if briefing.state == Briefing.State.READY:
                progress.update(100, 100, str(stage_label("publish")))
        if briefing.state != Briefing.State.READY:
            raise CommandError(f"The briefing was not finished: {briefing.failure}")
        self.stdout.write(f"Version {briefing.version} is ready: {briefing.get_absolute_url()}")
        for file in briefing.files.order_by("format"):
            path = _deliver(Path(settings.BRIEFINGS_ROOT) / file.path, output)
            self.stdout.write(f"  {path} ({file.size / 1024:,.0f} KB) {file.warning}".rstrip())


def _writable(output: str | Path) -> Path:
    """Return the folder to write to, made and tried; raise CommandError where it cannot be used."""
    if not str(output):
        raise CommandError("--output is empty; name a folder.")
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except FileExistsError as error:
        raise CommandError(f"--output {folder} is a file; name a folder.") from error
    except OSError as error:
        raise CommandError(f"--output {folder} cannot be written: {error.strerror}.") from error
    return folder


def _deliver(path: Path, output: Path | None) -> Path:
    """Return where the file is, copied to the folder asked for."""
    if output is None:
        return path
    target = output / f"briefing{path.suffix}"
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise CommandError(
            f"{target} cannot be written: {error.strerror}. The files are in {path.parent} too."
        ) from error
    return target
