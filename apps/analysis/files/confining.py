"""Opens a hostile file in a process of its own, and outlives whatever that does."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, cast

from apps.analysis.files import limits
from apps.analysis.files.limits import Unfit
from apps.analysis.files.notices import Notice
from apps.analysis.files.opening import OUT_OF_MEMORY, UNFIT
from apps.analysis.outlining.parts import Part

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = "apps.analysis.files.opening"
CHUNK = 256 * limits.KILO
LONGEST_LINE = 6 * limits.LONGEST_TEXT + limits.KILO  # JSON spells a control with six characters
LONGEST_WORD = 200
# What a process needs to start; no setting and no secret is handed to it.
HANDED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass
class Pages:
    """What was read: the texts by page from 1 on, how many there are, and why no more was read.

    reason  "" where everything was read; a code of `Unfit` otherwise
    """

    texts: list[str] = field(default_factory=list)
    count: int = 0
    reason: str = ""

    @property
    def has_text(self) -> bool:
        """Return whether there is a word on any page."""
        return any(character.isalnum() for text in self.texts for character in text)


def clean(source: BinaryIO, kind: str, out: BinaryIO) -> None:
    """Write a copy without details about its maker; raise Unfit, and `out` is worth nothing."""
    with _opened("clean", kind, source) as child:
        _copy(child, out, most=limits.LARGEST_CLEANED)


def blank(source: BinaryIO, notices: Sequence[Notice], out: BinaryIO) -> None:
    """Write a copy of a PDF in which pages say why they are not shown, and nothing else.

    notices  (lines of text, numbers of the pages that say them)
    raises   Unfit, and `out` is worth nothing
    """
    with _opened("blank", "PDF", source, json.dumps(notices)) as child:
        _copy(child, out, most=limits.LARGEST_CLEANED)


def read(source: BinaryIO, kind: str) -> Pages:
    """Return the pages of a file, those before an end of any kind too; never raises Unfit."""
    found, has_ended = Pages(), False
    with _opened("read", kind, source) as child:
        while line := child.out.readline(LONGEST_LINE):
            try:
                said = json.loads(line)
            except ValueError:
                break  # ended in the middle of a line
            found.count = said["count"]
            if "end" in said:
                found.reason, has_ended = said["end"], True
                break
            found.texts.append(said["text"])
        try:
            child.require_success()
        except Unfit as unfit:
            found.reason = unfit.code
        else:
            found.reason = found.reason if has_ended else "damaged"
    return found


def split(source: BinaryIO, kind: str) -> list[Part]:
    """Return the numbered parts of a document; raise Unfit, also where it ended before the last."""
    found, has_ended = [], False
    with _opened("split", kind, source) as child:
        while line := child.out.readline(LONGEST_LINE):
            try:
                said = json.loads(line)
            except ValueError:
                break  # ended in the middle of a line
            if "end" in said:
                has_ended = True
                break
            found.append(Part(**said))
        child.require_success()
    if not has_ended:
        raise Unfit("damaged")
    return found


def table(source: BinaryIO, kind: str, out: BinaryIO) -> None:
    """Write the rows of a sheet, each a line of JSON, `[number, [cell, …]]`; the last is `[]`.

    raises  Unfit, and `out` is worth nothing
    """
    with _opened("table", kind, source) as child:
        _copy(child, out, most=limits.LARGEST_TABLE)


def _copy(child: "_Child", out: BinaryIO, *, most: int) -> None:
    written = 0
    while chunk := child.out.read(CHUNK):
        written += len(chunk)
        if written > most:
            raise Unfit("too_complex")
        out.write(chunk)
    child.require_success()


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    out: IO[bytes]
    was_late: threading.Event

    def require_success(self) -> None:
        """Raise Unfit saying how the process ended, unless it ended well."""
        said = self.process.stderr.read(LONGEST_WORD) if self.process.stderr else b""
        self.out.close()
        code = self.process.wait()
        if self.was_late.is_set() or code in (-signal.SIGXCPU, -signal.SIGKILL, OUT_OF_MEMORY):
            raise Unfit("too_complex")
        if code == UNFIT:
            raise Unfit(said.decode("ascii", "replace"))
        if code:
            raise Unfit("damaged")


@contextmanager
def _opened(act: str, kind: str, source: BinaryIO, *more: str) -> Iterator[_Child]:
    """Start the process on a file that lies on disk; when this ends, so has the process.

    The file is read from its beginning, wherever a buffer of ours has left it.
    """
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    process = subprocess.Popen(  # noqa: S603 - our own program; more is JSON of ours
        [sys.executable, "-X", "utf8", "-W", "ignore", "-m", PROGRAM, act, kind, *more],
        cwd=ROOT,
        env={name: os.environ[name] for name in HANDED_ON if name in os.environ},
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    was_late = threading.Event()

    def end() -> None:
        was_late.set()
        process.kill()

    timer = threading.Timer(limits.WALL_SECONDS[act], end)
    timer.start()
    try:
        yield _Child(process, cast(IO[bytes], process.stdout), was_late)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
