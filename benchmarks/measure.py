"""Runs a command in a fresh data folder and measures wall time, CPU seconds and peak memory."""

import os
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """What a run took; `peak_mb` is the largest resident memory of its whole process tree."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    returncode: int
    output: str


def run(arguments: list[str], *, data_dir: Path, env: dict[str, str] | None = None) -> Measured:
    """Run a command of the repository to its end."""
    environment = {
        **os.environ,
        "PLENARY_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        **(env or {}),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = _Peak(process.pid)
    output, _nothing = process.communicate()
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(seconds, cpu, peak.stop(), process.returncode, output)


def manage(*arguments: str) -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, "manage.py", *arguments]


def say_how_fast() -> None:
    """Print how long this machine takes for a plain loop: figures of two machines compare by it."""
    took = []
    for _run in range(3):
        before, total = time.process_time(), 0
        for number in range(10_000_000):
            total += number
        took.append(time.process_time() - before)
    print(f"this machine: ten million additions in {sorted(took)[1]:.2f} s of CPU")


def report(name: str, value: float, target: float, *, unit: str, at_least: bool = False) -> bool:
    """Print one figure with its target; return whether it was reached."""
    reached = value >= target if at_least else value <= target
    sign = "≥" if at_least else "≤"
    verdict = "reached" if reached else "MISSED"
    print(f"{name:58} {value:10.2f} {unit:8} target {sign} {target:g}  {verdict}", flush=True)
    return reached


class _Peak:
    """Samples the resident memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._done = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._peak / 1024

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self._peak = max(self._peak, sum(map(_resident_kb, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue  # ended meanwhile
        found.extend(map(int, children))
    return found


def _resident_kb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0  # ended meanwhile
    return next((int(s.split()[1]) for s in status.splitlines() if s.startswith("VmRSS")), 0)
