"""Runs jobs on this machine, with the clock that offers them: what `serve` starts beside itself."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.jobs import embedded


class Command(BaseCommand):
    help = "Run jobs until stopped with Ctrl-C; one per machine, beside a web server of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time")
        parser.add_argument(
            "--until-ends",
            type=int,
            metavar="PID",
            help="stop when the process that started this one, of this number, is gone",
        )

    def handle(self, *args: Any, concurrency: int, until_ends: int | None, **options: Any) -> None:
        if concurrency < 1:
            raise CommandError(f"{concurrency} jobs at the same time are too few; give 1 or more.")
        sys.exit(embedded.work(concurrency=concurrency, parent=until_ends))
