"""What `make demo` installs is enough: nothing that only tests or PostgreSQL need is imported.

Nor does a start load what is heavy.
"""

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Half of a second of each start: they are loaded by the work that computes with them.
HEAVY = {"scipy", "sklearn"}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
# Stands before the command: these packages are as good as not installed.
WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"{{name}} is not installed")
sys.meta_path.insert(0, Missing())
sys.argv = ["manage.py", *{arguments!r}]
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return {canonical(found) for found in PINNED.findall(text)}


def hidden_modules():
    """Return the names of modules that only packages beyond `base.txt` bring."""
    more = pinned("dev") - pinned("base")
    return {
        module
        for module, sources in packages_distributions().items()
        if {canonical(source) for source in sources} <= more
    }


def run(data_dir, *arguments):
    code = WITHOUT.format(hidden=hidden_modules() | HEAVY, arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            "PLENARY_DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "DATABASE_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_hidden_is_what_only_others_need():
    hidden = hidden_modules()
    assert {"psycopg", "pytest"} <= hidden
    assert not {"django", "celery", "numpy"} & hidden


@pytest.mark.own_database
def test_the_database_is_made_and_the_site_checked_without_them(tmp_path):
    for arguments in (["migrate", "--verbosity", "0"], ["check"], ["load_demo", "--help"]):
        done = run(tmp_path, *arguments)
        assert done.returncode == 0, done.stderr
