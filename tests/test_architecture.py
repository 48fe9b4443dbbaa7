"""The shape of the code base: import contracts, sizes, settings, migrations."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [
    path
    for folder in ("apps", "config", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
LONGEST_FUNCTION = 40
LONGEST_MODULE = 400
SHORTEST_COPY = 4
BANNED_NAMES = {"utils", "helpers", "common", "misc", "lib"}


def functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_import_contracts_are_kept(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_no_function_is_longer_than_forty_lines():
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_module_is_longer_than_four_hundred_lines():
    long = [
        f"{path.relative_to(ROOT)} {size}"
        for path in SOURCES
        if (size := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    ]
    assert long == []


def test_nothing_is_written_twice():
    places = {}
    for path in SOURCES:
        if not path.is_relative_to(ROOT / "apps"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                steps = node.body[1:] if ast.get_docstring(node) else node.body
                # A short body, such as a permission of one line, may well be alike by chance.
                if sum(step.end_lineno - step.lineno + 1 for step in steps) >= SHORTEST_COPY:
                    body = "".join(map(ast.dump, steps))
                    places.setdefault(body, []).append(f"{path.relative_to(ROOT)} {node.name}")
    assert [found for found in places.values() if len(found) > 1] == []


def test_every_module_says_what_it_decides():
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name not in {"apps.py", "admin.py", "urls.py", "views.py", "forms.py"}
        and path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        and not {"api", "views", "management"} & set(path.parts)
    ]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing():
    assert [p for p in SOURCES if BANNED_NAMES & {p.stem, *p.relative_to(ROOT).parts}] == []


def test_every_function_of_the_apps_is_typed():
    untyped = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "apps")
        for node in functions(path)
        if node.returns is None and node.name != "__init__"
    ]
    assert untyped == []


def test_no_template_has_inline_script_or_style():
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|<style|\son\w+=", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        # The file of a briefing stands alone: its style sheet is inside it and it has no CSP.
        if "document" not in path.parts and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_mark_safe_is_used_nowhere():
    assert [p for p in SOURCES if re.search(r"\bmark_safe\b", p.read_text(encoding="utf-8"))] == []


def test_requirement_files_are_hash_pinned_and_name_no_index():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text()
        assert "index-url" not in text
        assert "://" not in text
        pins = re.findall(r"^[\w.\[\],-]+==", text, re.MULTILINE)
        assert len(pins) <= text.count("--hash=sha256:")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "PLENARY_SECRET_KEY": "w3Zk" * 16,
    "PLENARY_PSEUDONYM_KEY": "pS9q" * 10,
    "PLENARY_ALLOWED_HOSTS": "plenary.example.org",
    "DATABASE_URL": "postgresql://plenary@127.0.0.1/plenary",
}


def manage(*arguments, env, tmp_path):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PLENARY_DATA_DIR": str(tmp_path), **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_settings_pass_the_deployment_check(tmp_path):
    env = PRODUCTION | {
        "PLENARY_SECRET_KEY": "Zx7-qW9_eR2tYu4iOp6aSd8fGh0jKl1zXc3vBn5mQ2wErT4yUiO6pAsD8fGhJ0kL"
    }
    done = manage("check", "--deploy", "--fail-level", "WARNING", env=env, tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"PLENARY_SECRET_KEY": None}, "PLENARY_SECRET_KEY"),
        ({"PLENARY_SECRET_KEY": "short"}, "PLENARY_SECRET_KEY"),
        ({"PLENARY_PSEUDONYM_KEY": None}, "PLENARY_PSEUDONYM_KEY"),
        ({"PLENARY_ALLOWED_HOSTS": None}, "PLENARY_ALLOWED_HOSTS"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://127.0.0.1"}, "DATABASE_URL"),
        ({"PLENARY_JOB_LEASE_SECONDS": "soon"}, "PLENARY_JOB_LEASE_SECONDS"),
        ({"PLENARY_JOB_BACKOFF_SECONDS": "5;30"}, "PLENARY_JOB_BACKOFF_SECONDS"),
        ({"PLENARY_EMAIL_URL": "mail.example.org"}, "PLENARY_EMAIL_URL"),
    ],
)
def test_a_missing_or_malformed_variable_stops_the_start_and_is_named(change, named, tmp_path):
    env = {name: value for name, value in (PRODUCTION | change).items() if value is not None}
    done = manage("check", env=env, tmp_path=tmp_path)
    assert done.returncode != 0
    assert "ImproperlyConfigured: " in done.stderr
    assert "Traceback" not in done.stderr
    assert named in done.stderr.splitlines()[-1]
