"""The process that opens one file: limits itself, then cleans, reads, splits or lists it.

Standard input is the file. Cleaning writes the copy to standard output; reading writes one line of
JSON per page, so that what was read before an end of any kind is not lost; splitting writes one per
part, and listing a table one per row. An error it does not know ends it: the process is what holds
a hostile file, not a net of exceptions.
"""

import io
import json
import logging
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import BinaryIO

from apps.analysis.files import limits
from apps.analysis.files.limits import Unfit
from apps.analysis.files.notices import Notice

UNFIT, OUT_OF_MEMORY = 2, 3
DEEP = 20_000  # outlines are chains: each entry is one call deeper
STACK = 256 * limits.MEGA


def main(arguments: list[str]) -> int:
    """Do `clean KIND`, `blank PDF NOTICES`, `read KIND`, `split KIND` or `table KIND`.

    returns  the exit code
    """
    act, kind, *more = arguments
    logging.disable()  # what a parser complains of would fill a pipe nobody reads
    _limit(act)
    source, out = io.BytesIO(sys.stdin.buffer.read(limits.LARGEST_CLEANED + 1)), sys.stdout.buffer
    try:
        _does(act, more)(kind, source, out)
    except Unfit as unfit:
        sys.stderr.write(unfit.code)
        return UNFIT
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    return 0


def _does(act: str, more: list[str]) -> Callable[[str, BinaryIO, BinaryIO], None]:
    if act == "blank":
        return partial(_blank, json.loads(more[0]))
    return {"clean": _clean, "read": _read, "split": _split, "table": _table}[act]


def _limit(act: str) -> None:
    for name, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS[act]),
        (resource.RLIMIT_NOFILE, limits.OPEN_FILES),
        (resource.RLIMIT_FSIZE, limits.LARGEST_CLEANED),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def _clean(kind: str, source: BinaryIO, out: BinaryIO) -> None:
    from apps.analysis.files import opendocument, pdf, plain, word

    cleaners = {"PDF": pdf, "DOCX": word, "ODT": opendocument, "TXT": plain}
    copy = io.BytesIO()
    cleaners[kind].clean(source, copy)
    if copy.tell() > limits.LARGEST_CLEANED:
        raise Unfit("too_complex")
    out.write(copy.getvalue())


def _blank(notices: list[Notice], kind: str, source: BinaryIO, out: BinaryIO) -> None:
    del kind
    from apps.analysis.files import blanking

    copy = io.BytesIO()
    blanking.blank(source, notices, copy)
    if copy.tell() > limits.LARGEST_CLEANED:
        raise Unfit("too_complex")
    out.write(copy.getvalue())


def _read(kind: str, source: BinaryIO, out: BinaryIO) -> None:
    count, pages = _pages(kind, source)
    left = limits.LONGEST_TEXT
    ended = ""
    read = 0
    for text in pages:
        text = storable(text)
        size = len(text.encode())
        if read == limits.MOST_PAGES or size > left:
            ended = "too_long"
            break
        left -= size
        read += 1
        _say(out, {"page": read, "text": text, "count": count})
    _say(out, {"end": ended, "count": count or read})


def _pages(kind: str, source: BinaryIO) -> tuple[int, Iterator[str]]:
    """Return the pages, and how many there are where the file says so before they are read."""
    if kind == "PDF":
        from apps.analysis.files import pdf

        return pdf.read(source)
    from apps.analysis.files import opendocument, plain, word

    return 0, {"DOCX": word, "ODT": opendocument, "TXT": plain}[kind].pages(source)


def _split(kind: str, source: BinaryIO, out: BinaryIO) -> None:
    from apps.analysis.outlining import word

    splitters = {"DOCX": word.split_word}
    for part in splitters[kind](source):
        found = {name: storable(v) if isinstance(v, str) else v for name, v in asdict(part).items()}
        _say(out, found)
    _say(out, {"end": ""})


def _table(kind: str, source: BinaryIO, out: BinaryIO) -> None:
    from apps.analysis.files import sheets

    readers = {"XLSX": sheets}
    for number, cells in readers[kind].rows(source):
        line = json.dumps([number, cells], ensure_ascii=False)
        out.write(line.encode("utf-8", "replace") + b"\n")
    out.write(b"[]\n")


def storable(text: str) -> str:
    """Return a text without NUL and halves of surrogate pairs, which no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _say(out: BinaryIO, line: dict[str, object]) -> None:
    out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    code: list[int] = []
    threading.excepthook = lambda error: print(error.exc_type.__name__, file=sys.stderr)  # noqa: T201
    threading.stack_size(STACK)
    sys.setrecursionlimit(DEEP)
    worker = threading.Thread(target=lambda: code.append(main(sys.argv[1:])))
    worker.start()
    worker.join()
    sys.exit(code[0] if code else 1)
