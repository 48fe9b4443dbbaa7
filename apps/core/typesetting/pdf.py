"""How data goes on paper: typst sets it, tagged, with every text passed as data."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from apps.core.display import JOINERS, display_text, on_one_line
from apps.core.typesetting.compiling import typeset_pdf

# How typst reports, cluster by cluster, what no font can show.
NO_FONT = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True)
class RenderedPdf:
    """A finished PDF. `coded` are characters without a font here, shown as their code instead.

    Every PDF passes the checks of PDF/UA-1, or it does not claim to and `warnings` says why.
    """

    data: bytes
    warnings: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()


def printed_pdf(template: Path, data: dict[str, Any], *, at: datetime) -> RenderedPdf:
    """Return data set by a template as a tagged PDF; the same data gives the same bytes.

    Characters that no installed font has are printed as their code, which the first page says.
    Should the file still not pass the checks of PDF/UA-1 it is made without the claim to it, and
    says that.
    """
    try:
        return RenderedPdf(_compile(template, data, at=at))
    except typst.TypstError as error:
        reason, coded = error.message, _without_font(error)
    if coded:
        warning = f"Characters without a font here are shown by their code: {' '.join(coded)}"
        try:
            coded_data = _coded(data, coded)
            told = on_one_line(_coded(warning, coded))
            pdf = _compile(template, coded_data, at=at, warning=told)
            return RenderedPdf(pdf, (warning,), coded)
        except typst.TypstError as error:
            reason = error.message
    warning = f"This file does not claim PDF/UA-1. {on_one_line(reason)}"
    pdf = _compile(template, data, at=at, warning=warning, is_checked=False)
    return RenderedPdf(pdf, (warning,))


def _compile(
    template: Path,
    data: dict[str, Any],
    *,
    at: datetime,
    warning: str = "",
    is_checked: bool = True,
) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    if warning:
        inputs["warning"] = warning
    return typeset_pdf(template, inputs, at=at, is_checked=is_checked)


def _without_font(error: typst.TypstError) -> tuple[str, ...]:
    clusters = NO_FONT.findall(f"{error.message}\n{error.diagnostic}")
    plain = "".join(ESCAPED.sub(lambda found: chr(int(found[1], 16)), one) for one in clusters)
    return tuple(sorted({one for one in plain if not (one.isascii() or one in JOINERS)}))


def _coded(value: Any, characters: tuple[str, ...]) -> Any:
    """Return data in which these characters are codes; a joiner left alone becomes one too."""
    codes = str.maketrans({one: f"⟨U+{ord(one):04X}⟩" for one in characters})

    def code(item: Any) -> Any:
        if isinstance(item, str):
            return display_text(item.translate(codes))
        if isinstance(item, list):
            return [code(one) for one in item]
        if isinstance(item, dict):
            return {key: code(one) for key, one in item.items()}
        return item

    return code(value)
