"""How much memory a process has used."""

import re
import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak():
    """Return the most memory this program has held at once, in bytes.

    `ru_maxrss` outlives an exec, so that a child would report the size of the tests that started
    it; Linux keeps the mark of the program itself.
    """
    if STATUS.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text())[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
