"""How a command speaks to who runs it: what stops it is one sentence and an exit code."""

import io
import logging
import os
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

STOPPED_BY_CTRL_C = 130


class _Help(RawDescriptionHelpFormatter, DjangoHelpFormatter):
    """Keeps the lines of a description, and puts the options of all commands last."""


class PlainCommand(BaseCommand):
    """A command for people, without a traceback for what can happen to anybody.

    when_stopped  what stays after Ctrl-C, and how to go on
    """

    requires_migrations_checks = True
    # They look at the code, as `make check` does, and load every page: most of the start.
    requires_system_checks = ()
    when_stopped = "Stopped."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Return the parser, its help without Django's own options in front."""
        return super().create_parser(prog_name, subcommand, formatter_class=_Help, **kwargs)

    def check_migrations(self) -> None:
        """Raise CommandError where tables are missing; Django itself only notes it."""
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "The database is new or of an earlier version. "
                "Run “python manage.py migrate” first."
            )

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command; raise CommandError for Ctrl-C, a refusing database, a full disk."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal of another encoding shows the code of a character it lacks.
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            with _log_for_people(is_brief=not options.get("traceback")):
                return super().execute(*args, **options)
        except KeyboardInterrupt as stop:
            raise CommandError(self.when_stopped, returncode=STOPPED_BY_CTRL_C) from stop
        except BrokenPipeError as error:
            # What is still in the buffer would fail again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise CommandError("Nobody reads the output any more; stopped.") from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {str(error).strip()}") from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise CommandError(f"{where}{error.strerror or error}.") from error


@contextmanager
def _log_for_people(*, is_brief: bool) -> Iterator[None]:
    """Let the log say on the terminal what went wrong in a line each, without tracebacks."""
    consoles = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    for console in consoles if is_brief else []:
        console.addFilter(_without_traceback)
    try:
        yield
    finally:
        for console in consoles:
            console.removeFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.exc_info:
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]}", ()
        record.exc_info = record.exc_text = None
    return True
