"""Builds the next briefing of a consultation; see `--help`."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.briefings.models import Briefing
from apps.briefings.services import start_briefing
from apps.briefings.stages import STAGES, stage_label
from apps.consultations.models import Consultation
from apps.core.terminal import Progress
from apps.jobs.executing import run_until_idle
from apps.jobs.services import progress_of


class Command(BaseCommand):
    help = """Build the next version of a consultation's briefing as HTML, PDF, DOCX and JSON.
Runs its jobs itself, beside any worker there is."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the consultation's address")
        parser.add_argument("--output", type=Path, metavar="DIR", help="copy the files here")
        parser.add_argument("--quiet", action="store_true", help="no progress, only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        consultation = Consultation.objects.filter(slug=slug).first()
        if consultation is None:
            known = ", ".join(Consultation.objects.values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(f"There is no consultation “{slug}” (there is: {known}).")
        briefing = start_briefing(consultation, by=None)
        with Progress("Briefing", stream=self.stdout, quiet=options["quiet"]) as progress:

            def show() -> None:
                now = progress_of(briefing.job_key, stages=STAGES)
                if not now.stage:
                    return  # between two jobs
                progress.update(round(100 * now.share), 100, str(stage_label(now.stage)))

            run_until_idle(briefing.job_key, watch=show)
        briefing.refresh_from_db()
        if briefing.state != Briefing.State.READY:
            raise CommandError(f"The briefing was not finished: {briefing.failure}")
        self.stdout.write(f"Version {briefing.version} is ready: {briefing.get_absolute_url()}")
        for file in briefing.files.order_by("format"):
            path = self._deliver(Path(settings.BRIEFINGS_ROOT) / file.path, options["output"])
            self.stdout.write(f"  {path} ({file.size / 1024:,.0f} KB) {file.warning}".rstrip())

    def _deliver(self, path: Path, output: Path | None) -> Path:
        """Return where the file is, copied to the folder asked for."""
        if output is None:
            return path
        try:
            output.mkdir(parents=True, exist_ok=True)
            target = output / f"briefing{path.suffix}"
            shutil.copyfile(path, target)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        return target
