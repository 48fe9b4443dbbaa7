"""`make demo SERVE=0` with the environment in place: 60 s or less, 700 MB or less."""

import sys
import tempfile
from pathlib import Path

from measure import report, run


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="plenary-bench-") as folder:
        measured = run(["make", "demo", "SERVE=0"], data_dir=Path(folder))
    if measured.returncode:
        print(measured.output)
        return 1
    report("make demo SERVE=0, wall", measured.seconds, 60, unit="s")
    report("make demo SERVE=0, peak memory of all processes", measured.peak_mb, 700, unit="MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
