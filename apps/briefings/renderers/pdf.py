"""How a briefing goes on paper: typst sets it, tagged, with every text passed as data."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from apps.briefings.content import BriefingContent, Claim, render_text
from apps.briefings.display import display_text, on_one_line
from apps.briefings.renderers.fonts import briefing_fonts
from apps.briefings.renderers.references import (
    LINKED_REFERENCES,
    AnnexPart,
    annex_parts,
    short_references,
)

TEMPLATE = Path(__file__).parent.parent / "typst" / "briefing.typ"


@dataclass(frozen=True)
class RenderedPdf:
    """A finished PDF; without warnings it has passed the checks of PDF/UA-1."""

    data: bytes
    warnings: tuple[str, ...]


def render_pdf(content: BriefingContent) -> RenderedPdf:
    """Return the briefing as a tagged PDF; the same content gives the same bytes.

    Where no installed font has a character, PDF/UA-1 cannot be promised: the file is made without
    the claim to it, and says so on its first page and in `warnings`.
    """
    inputs = {"data": json.dumps(paper_data(content), ensure_ascii=False)}
    compiler = typst.Compiler(
        input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=briefing_fonts()
    )
    timestamp = content.document.dated_at
    try:
        data = compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=timestamp
        )
    except typst.TypstError as error:
        warning = f"This file does not claim PDF/UA-1. {on_one_line(error.message)}"
        data = compiler.compile(
            format="pdf", sys_inputs=inputs | {"warning": warning}, timestamp=timestamp
        )
        return RenderedPdf(data, (warning,))
    return RenderedPdf(data, ())


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
