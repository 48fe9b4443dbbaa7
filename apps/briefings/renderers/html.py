"""What a briefing looks like as a page: one context for the stand-alone file and the site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import npgettext

from apps.briefings import charts
from apps.briefings.content import (
    BriefingContent,
    Citation,
    Claim,
    Group,
    Registered,
    Submission,
    Theme,
    render_text,
)
from apps.briefings.renderers.references import (
    LINKED_REFERENCES,
    annex_parts,
    short_references,
)
from apps.briefings.wording import (
    annex_names,
    contested_note,
    has_kinds,
    in_active_language,
    is_coded,
    kind_names,
    place_of,
    reading_note,
    section_names,
    stance_name,
    state_names,
    theme_lead,
    way_names,
    ways_present,
)
from apps.core.display import display_text, displayed

Link = Callable[[Citation], str]
Marks = Mapping[str, Mapping[str, str]]  # number of a claim, reference, verdict
ClaimPage = Callable[[str], str]
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ps", "yi", "dv")


def render_html(content: BriefingContent) -> bytes:
    """Return the briefing as one HTML file that needs nothing else: no script, font or address."""
    with translation.override(content.document.lang):
        text = render_to_string("briefings/document/document.html", briefing_context(content))
    return text.encode()


def briefing_context(
    content: BriefingContent,
    prefix: str = "",
    *,
    link: Link | None = None,
    claim_page: ClaimPage | None = None,
    marks: Marks | None = None,
) -> dict[str, Any]:
    """Return what `briefings/document/_body.html` shows, in the language that is active.

    All texts are display texts; the template escapes them. `prefix` starts every id of a chart.
    `link` gives the address of the words of a citation; the annex is their place without it.
    `claim_page` gives that of a claim by number, `marks` what authors say of it; files have none.
    """
    content = in_active_language(content)
    page = _Page(content, prefix, link, claim_page, marks)
    return {
        "document": displayed(content.document.model_dump())
        | {"date": content.document.dated_at.date()},
        "direction": "rtl" if content.document.lang[:2] in RIGHT_TO_LEFT else "ltr",
        "groups": [page.group(group) for group in content.groups],
        "stances": [(stance_name(one), charts.STANCE_CLASSES.get(one)) for one in content.stances],
        "heard": page.heard(),
        "note": page.claims(content.note),
        "changes": page.claims(content.changes),
        "positions": page.position_rows(),
        "theme_rows": page.theme_rows(),
        "theme_lead": theme_lead(content),
        "is_coded": is_coded(content),
        "agreement": page.claims(content.agreement),
        "themes": [page.theme(theme) for theme in content.themes],
        "minority": page.claims(content.minority),
        "deliberation": content.deliberation and display_text(content.deliberation),
        "sensitivity": page.sensitivity(),
        "method": displayed(content.method.model_dump()),
        "rules": [(display_text(t.title), display_text(t.rule)) for t in content.themes],
        "annex": page.annex(),
        "contents": section_names(),
        "reading_note": reading_note(),
    }


@dataclass(frozen=True)
class _Cite:
    """A reference in brackets behind a claim."""

    label: str
    name: str
    href: str


class _Page:
    """The parts of one briefing as the templates want them."""

    def __init__(
        self,
        content: BriefingContent,
        prefix: str,
        link: Link | None = None,
        claim_page: ClaimPage | None = None,
        marks: Marks | None = None,
    ) -> None:
        self.content = content
        self.link = link
        self.claim_page = claim_page
        self.prefix = prefix
        self.looks = {group.id: group for group in content.groups}
        self.submissions = {submission.ref: submission for submission in content.submissions}
        self.short = short_references(content)
        used = [one.ref for one in content.submissions if one.cited_in]
        self.anchors = {ref: f"submission-{place}" for place, ref in enumerate(used)}
        self.claim_anchors = {
            claim.id: f"claim-{place}" for place, claim in enumerate(content.claims())
        }
        self.titles = {theme.id: theme for theme in content.themes}
        self.marks = marks or {}

    def group(self, group: Group) -> dict[str, str]:
        return {
            "id": group.id,
            "name": display_text(group.name),
            "mark": charts.group_class(group),
        }

    def claims(self, claims: tuple[Claim, ...] | list[Claim]) -> list[dict[str, Any]]:
        return [self.claim(claim) for claim in claims]

    def claim(self, claim: Claim) -> dict[str, Any]:
        refs = dict.fromkeys(citation.ref for citation in claim.citations)
        hrefs = {citation.ref: self.href(citation) for citation in reversed(claim.citations)}
        theme = self.titles.get(claim.theme or "")
        return {
            "id": display_text(claim.id),
            "anchor": self.claim_anchors[claim.id],
            "page": self.claim_page(claim.id) if self.claim_page else "",
            "text": display_text(render_text(claim)),
            "is_machine_written": claim.origin == "model",
            "contested": self.contested(claim),
            "cites": [_Cite(self.short[ref], display_text(ref), hrefs[ref]) for ref in refs],
            "quotes": [self.quote(one) for one in claim.citations if one.passage],
            "theme": theme and display_text(theme.title),
            "theme_number": theme and theme.number,
        }

    def contested(self, claim: Claim) -> list[str]:
        """Return what authors who contest a claim say of it; who took it back is not among them."""
        marks = self.marks.get(claim.id, {})
        now = [ref for ref, verdict in marks.items() if verdict == "contested"]
        before = [ref for ref in claim.contested if ref not in marks]
        notes = (
            contested_note((self.short.get(ref, ref) for ref in now), is_earlier=False),
            contested_note((self.short[ref] for ref in before), is_earlier=True),
        )
        return [display_text(note) for note in notes if note]

    def href(self, citation: Citation) -> str:
        if self.link is not None:
            return self.link(citation)
        return citation.url or f"#{self.anchors[citation.ref]}"

    def quote(self, citation: Citation) -> dict[str, Any]:
        submission = self.submissions[citation.ref]
        passage = citation.passage
        campaign = next(
            (one for one in self.content.heard.campaigns if one.id == citation.campaign), None
        )
        return {
            "words": display_text(passage.text) if passage else "",
            "part": passage and display_text(passage.part),
            "place": place_of(passage.part) if passage else "",
            "start": passage and passage.start,
            "end": passage and passage.end,
            "sha256": passage and passage.sha256,
            "is_repaired": passage is not None and passage.check != "exact",
            "ref": display_text(citation.ref),
            "who": display_text(submission.who),
            "group": self.group(self.looks[submission.group]),
            "letters": campaign and campaign.letters,
            "href": self.href(citation),
        }

    def heard(self) -> dict[str, Any]:
        content = self.content
        rows = [
            displayed(row.model_dump()) | {"group": self.group(self.looks[row.group])}
            for row in content.coverage
        ]
        names = state_names()
        return {
            "total": content.heard.total,
            "states": [(content.heard.states.get(s, 0), name, s) for s, name in names.items()],
            "by_state": {state: content.heard.states.get(state, 0) for state in names},
            "rows": rows,
            "has_verified": any(row.verified is not None for row in content.coverage),
            "verified": sum(row.verified or 0 for row in content.coverage),
            "organisations": sum(row.organisations for row in content.coverage),
            "room": charts.heard_room(content, self.prefix),
            "room_scale": charts.room_scale(content),
            "by_group": charts.heard_by_group(content, self.prefix),
            "over_time": charts.heard_over_time(content, self.prefix),
            "share": charts.campaign_share(content, self.prefix),
            "days": content.heard.days,
            "campaigns": [self.campaign(place) for place in range(len(content.heard.campaigns))],
            "registered": [self.registered(one) for one in content.heard.registered],
            "signatures": sum(one.people + one.organisations for one in content.heard.registered),
            "missing": self.claims(content.heard.missing),
        }

    def campaign(self, place: int) -> dict[str, Any]:
        campaign = self.content.heard.campaigns[place]
        specimen = self.submissions[campaign.sample]
        return displayed(campaign.model_dump(exclude={"by_group"})) | {
            "sample": self.short[campaign.sample],
            "url": specimen.url,
            "senders": [
                (self.group(group), campaign.by_group[group.id])
                for group in self.content.groups
                if campaign.by_group.get(group.id)
            ],
        }

    def registered(self, campaign: Registered) -> dict[str, Any]:
        carrier = self.submissions[campaign.carrier]
        who = {"name": carrier.who, "ref": self.short[campaign.carrier], "url": carrier.url}
        return displayed(campaign.model_dump() | who)

    def position_rows(self) -> list[dict[str, Any]]:
        rows = []
        for number, row in enumerate(self.content.positions):
            cells = {cell.group: cell for cell in row.cells}
            shown = []
            for place, group in enumerate(self.content.groups):
                cell = cells.get(group.id)
                name = f"{self.prefix}stated-{number}-{place}"
                shown.append(
                    {
                        "group": self.group(group),
                        "is_suppressed": cell is not None and cell.suppressed,
                        "n": (n := cell.answers if cell else 0),
                        "unit": npgettext("behind its number", "answer", "answers", n),
                        **self._stances(cell.stances if cell else {}, name),
                    }
                )
            rows.append(displayed(row.model_dump(exclude={"cells"})) | {"cells": shown})
        return rows

    def _stances(self, stances: dict[str, int], name: str) -> dict[str, Any]:
        order = self.content.stances
        words = charts.counts_in_words(stances, order)
        bar = charts.stance_bar(stances, name, order=order) if words else ""
        return {"words": words, "bar": bar}

    def theme_rows(self) -> list[dict[str, Any]]:
        cells = {(cell.theme, cell.group): cell for cell in self.content.matrix}
        own = {row.group: row.own for row in self.content.coverage}
        rows = []
        for theme in self.content.themes:
            shown = []
            for place, group in enumerate(self.content.groups):
                cell = cells.get((theme.id, group.id))
                name = f"{self.prefix}theme-{theme.number}-{place}"
                raised, read = (cell.raised if cell else 0), own.get(group.id, 0)
                share = charts.share_bar(group, raised, read, name=f"{name}-share")
                shown.append(
                    {
                        "group": self.group(group),
                        "is_suppressed": cell is not None and cell.suppressed,
                        "n": raised,
                        "unit": npgettext("behind its number", "text", "texts", raised),
                        "own": read,
                        "share": share if raised else "",
                        **self._stances(cell.stances if cell else {}, name),
                    }
                )
            title = display_text(theme.title)
            rows.append({"title": title, "anchor": f"theme-{theme.number}", "cells": shown})
        return rows

    def theme(self, theme: Theme) -> dict[str, Any]:
        names = kind_names()
        kinds = [
            {
                "kind": kind,
                "name": names[kind] if has_kinds(theme) else "",
                "claims": self.claims(claims),
            }
            for kind, claims in theme.by_kind().items()
        ]
        cells = [cell for cell in self.content.matrix if cell.theme == theme.id]
        return {
            **displayed(theme.model_dump(exclude={"summary", "claims"})),
            "anchor": f"theme-{theme.number}",
            "summary": self.claim(theme.summary),
            "kinds": kinds,
            "raisers": [
                (self.group(self.looks[cell.group]), cell.raised) for cell in cells if cell.raised
            ],
            **self._stances(theme.stances, f"{self.prefix}theme-{theme.number}-coded"),
        }

    def sensitivity(self) -> dict[str, Any]:
        panel = self.content.sensitivity
        ways, names = ways_present(self.content), way_names()
        rows = [
            {
                "title": display_text(theme.title),
                "shares": [
                    (
                        names[way],
                        panel.weights.get(theme.id, {}).get(way),
                        panel.rank.get(way, {}).get(theme.id),
                    )
                    for way in ways
                ],
                "without": displayed(panel.leave_one_out[theme.id].model_dump())
                if theme.id in panel.leave_one_out
                else None,
            }
            for theme in self.content.themes
        ]
        return {
            "ways": [names[way] for way in ways],
            "rows": rows,
            "n_every": panel.n_every,
            "n_own": panel.n_own,
        }

    def annex(self) -> dict[str, Any]:
        cited = [one for one in self.content.submissions if one.cited_in]
        names = annex_names()
        return {
            "cited": [self._cited(submission) for submission in cited],
            "is_linked": len(self.content.submissions) <= LINKED_REFERENCES,
            "parts": [
                {
                    "name": names[part.state],
                    "total": part.total,
                    "groups": [
                        {
                            "group": self.group(one.group),
                            "n": len(one.submissions),
                            "references": one.references,
                            "submissions": [(display_text(s.ref), s.url) for s in one.submissions],
                        }
                        for one in part.groups
                    ],
                }
                for part in annex_parts(self.content)
            ],
        }

    def _cited(self, submission: Submission) -> dict[str, Any]:
        return {
            **displayed(submission.model_dump()),
            "anchor": self.anchors[submission.ref],
            "group": self.group(self.looks[submission.group]),
            "claims": [(display_text(one), self.claim_anchors[one]) for one in submission.cited_in],
        }
