"""Runs every benchmark, one after the other, and says which figures were reached."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ORDER = (
    "demo",
    "imports",
    "campaigns",
    "evidence",
    "themes",
    "anchors",
    "comparing",
    "ledger",
    "moderating",
    "splitting",
    "briefings",
    "uploads",
    "spoofing",
    "impersonation",
    "web",
    "search",
    "rush",
    "autosave",
    "jobs",
)


def main() -> int:
    failed = []
    for name in ORDER:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False)
        if done.returncode:
            failed.append(name)
    print("== " + (f"not run to the end: {', '.join(failed)}" if failed else "all ran to the end"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
