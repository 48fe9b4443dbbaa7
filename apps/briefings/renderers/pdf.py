"""How a briefing goes on paper: typst sets it, tagged, with every text passed as data."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from apps.briefings.content import BriefingContent, Claim, render_text
from apps.briefings.display import JOINERS, display_text, on_one_line
from apps.briefings.renderers.fonts import briefing_fonts
from apps.briefings.renderers.references import (
    LINKED_REFERENCES,
    AnnexPart,
    annex_parts,
    short_references,
)

TEMPLATE = Path(__file__).parent.parent / "typst" / "briefing.typ"


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


def render_pdf(content: BriefingContent) -> RenderedPdf:
    """Return the briefing as a tagged PDF; the same content gives the same bytes.

    Characters that no installed font has are printed as their code, which the first page says.
    Should the file still not pass the checks of PDF/UA-1 it is made without the claim to it, and
    says that.
    """
    data, at = paper_data(content), content.document.dated_at
    try:
        return RenderedPdf(_compile(data, at=at))
    except typst.TypstError as error:
        reason, coded = error.message, _without_font(error)
    if coded:
        warning = f"Characters without a font here are shown by their code: {' '.join(coded)}"
        try:
            coded_data = _coded(data, coded)
            pdf = _compile(coded_data, at=at, warning=on_one_line(_coded(warning, coded)))
            return RenderedPdf(pdf, (warning,), coded)
        except typst.TypstError as error:
            reason = error.message
    warning = f"This file does not claim PDF/UA-1. {on_one_line(reason)}"
    return RenderedPdf(_compile(data, at=at, warning=warning, is_checked=False), (warning,))


def _compile(
    data: dict[str, Any],
    *,
    at: datetime,
    warning: str = "",
    is_checked: bool = True,
) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    if warning:
        inputs["warning"] = warning
    compiler = typst.Compiler(
        input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=briefing_fonts()
    )
    standards: list[typst.PDFStandard] = ["ua-1"] if is_checked else []
    pdf = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standards, timestamp=at)
    return pdf if isinstance(pdf, bytes) else b""


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


def paper_data(content: BriefingContent) -> dict[str, Any]:
    """Return what the template shows: display texts, finished sentences, the annex by group."""
    data: dict[str, Any] = content.model_dump(mode="json", by_alias=True, exclude={"submissions"})
    specimens = {campaign.sample for campaign in content.heard.campaigns}
    short = short_references(content)
    data["submissions"] = [
        submission.model_dump(mode="json") | {"short": short[submission.ref]}
        for submission in content.submissions
        if submission.cited_in or submission.ref in specimens
    ]
    sentences = {claim.id: render_text(claim) for claim in content.claims()}
    is_linked = len(content.submissions) <= LINKED_REFERENCES
    data["annex"] = [_annex_part(part, is_linked=is_linked) for part in annex_parts(content)]
    data["cited_own"] = sum(s.state == "own" and bool(s.cited_in) for s in content.submissions)
    data["coded"] = any(sum(cell.stances.values()) for cell in content.matrix)
    return _displayed(data, sentences)


def _annex_part(part: AnnexPart, *, is_linked: bool) -> dict[str, Any]:
    groups = [
        {
            "group": one.group.id,
            "n": len(one.submissions),
            "links": [[s.ref, s.url] for s in one.submissions] if is_linked else [],
            "text": "" if is_linked else one.references,
        }
        for one in part.groups
    ]
    return {"state": part.state, "n": part.total, "groups": groups}


def _displayed(value: Any, sentences: dict[str, str]) -> Any:
    if isinstance(value, str):
        return display_text(value)
    if isinstance(value, list):
        return [_displayed(item, sentences) for item in value]
    if isinstance(value, dict):
        if set(value) == set(Claim.model_fields):
            value = value | {"shown": sentences[value["id"]]}
        return {key: _displayed(item, sentences) for key, item in value.items()}
    return value
