"""Finds every text of the interface in the sources, as xgettext would, without needing it."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CALLS = {"_": (0,), "gettext": (0,), "gettext_lazy": (0,), "gettext_noop": (0,)}
CALLS |= {"ngettext": (0, 1), "ngettext_lazy": (0, 1), "pgettext": (1,), "pgettext_lazy": (1,)}
CALLS |= {"npgettext": (1, 2)}
STRING = r"""u'(?:[^'\\]|\\.)*'|u"(?:[^"\\]|\\.)*\""""
TEXT = re.compile(STRING)
CALL = re.compile(rf"\b(n?p?gettext)\(((?:(?:{STRING})[, ]*)+)")


@functools.cache
def interface_texts() -> frozenset[str]:
    """Return the texts people read: of pages, forms, errors, mails and documents, in English."""
    found = set()
    for path in ROOT.glob("apps/**/*.py"):
        found |= set(_in_code(path.read_text(encoding="utf-8")))
    for folder in (ROOT / "templates", ROOT / "apps"):
        for path in (*folder.glob("**/*.html"), *folder.glob("**/*.txt")):
            found |= set(_in_page(path.read_text(encoding="utf-8")))
    return frozenset(found)


def _in_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for place in CALLS.get(node.func.id, ()):
                argument = node.args[place] if place < len(node.args) else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _in_page(source: str) -> Iterator[str]:
    """Django turns a template into calls of gettext between what is not code."""
    for call in CALL.finditer(templatize(source)):
        texts = [ast.literal_eval(text[0]) for text in TEXT.finditer(call[2])]
        for place in CALLS[call[1]]:
            yield texts[place]
