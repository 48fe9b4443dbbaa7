"""What a printed briefing holds: display texts, finished sentences, the annex by group."""

from typing import Any

from apps.briefings import charts
from apps.briefings.content import BriefingContent, Claim, render_text
from apps.briefings.renderers.printing import PICTURED_ROWS, for_print
from apps.briefings.renderers.references import (
    LINKED_REFERENCES,
    AnnexPart,
    annex_parts,
    short_references,
)
from apps.briefings.wording import contested_note, is_coded
from apps.core.display import display_text

# Above this many uses, sentences and the annex name one another without a link to each: a link
# takes several times the memory of its words, and more in a table.
LINKED_USES = 600


def paper_data(content: BriefingContent) -> dict[str, Any]:
    """Return what the template shows, ready to be set."""
    content, note = for_print(content)
    data: dict[str, Any] = content.model_dump(mode="json", by_alias=True, exclude={"submissions"})
    specimens = {campaign.sample for campaign in content.heard.campaigns}
    specimens |= {campaign.carrier for campaign in content.heard.registered}
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
    data["coded"] = is_coded(content)
    uses = sum(len(submission.cited_in) for submission in content.submissions)
    data["uses_linked"] = uses <= LINKED_USES
    data["room"] = _room(content)
    data["not_printed"], data["pictured"] = note, PICTURED_ROWS
    notes = {
        claim.id: contested_note((short[ref] for ref in claim.contested), is_earlier=True)
        for claim in content.claims()
    }
    return _displayed(data, {key: (text, notes[key]) for key, text in sentences.items()})


def _room(content: BriefingContent) -> dict[str, str]:
    chart = charts.heard_room(content)
    title, words = charts.chart_words(chart)
    svg = charts.standalone_svg(chart)
    return {"svg": svg, "title": title, "words": words, "scale": charts.room_scale(content)}


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


def _displayed(value: Any, sentences: dict[str, tuple[str, str]]) -> Any:
    if isinstance(value, str):
        return display_text(value)
    if isinstance(value, list):
        return [_displayed(item, sentences) for item in value]
    if isinstance(value, dict):
        if set(value) == set(Claim.model_fields):
            shown, note = sentences[value["id"]]
            value = value | {"shown": shown, "contested_note": note}
        return {key: _displayed(item, sentences) for key, item in value.items()}
    return value
