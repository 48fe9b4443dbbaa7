"""Progress in a terminal: a bar for people, plain lines for logs."""

import sys
import time
from types import TracebackType
from typing import IO, Any

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Shows how far something is; `stream` None means standard output.

    On a terminal a bar, elsewhere a line at each new stage and every five seconds.
    """

    def __init__(self, title: str, *, stream: IO[str] | Any = None, quiet: bool = False) -> None:
        self._title = title
        # A command's output ends every piece with a new line, which would tear a bar apart.
        bare: Any = stream._out if isinstance(stream, OutputWrapper) else stream
        self._stream: Any = bare or sys.stdout
        self._quiet = quiet
        self._stage = ""
        self._said_at = 0.0
        self._bar: Bar | None = None
        is_terminal = getattr(self._stream, "isatty", lambda: False)()
        if is_terminal and not quiet:
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(file=self._stream),
            )
            self._task = self._bar.add_task(title, total=None)

    def __enter__(self) -> "Progress":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def update(
        self, done: int, total: int | None, stage: str = "", *, is_estimate: bool = False
    ) -> None:
        """Show that `done` of `total` are done; a total of None is not known.

        is_estimate  the total is good enough for a bar, not to be written down
        """
        if self._bar:
            description = f"{self._title}: {stage}" if stage else self._title
            self._bar.update(self._task, completed=done, total=total, description=description)
            return
        now = time.monotonic()
        if self._quiet or (stage == self._stage and now - self._said_at < SECONDS_BETWEEN_LINES):
            return
        self._stage, self._said_at = stage, now
        of_total = f" of {total:,}" if total and not is_estimate else ""
        print(  # noqa: T201 - a terminal is what this class is for
            f"{self._title}: {stage + ' ' if stage else ''}{done:,}{of_total}",
            file=self._stream,
            flush=True,
        )
