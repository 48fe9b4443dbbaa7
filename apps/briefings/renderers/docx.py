"""How a briefing reads in Word: real headings, header rows, described charts, quotations apart."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx.text.paragraph import Paragraph

from apps.briefings import charts
from apps.briefings.content import BriefingContent, Group, Submission, Theme
from apps.briefings.display import display_text, on_one_line
from apps.briefings.renderers.references import annex_parts
from apps.briefings.renderers.word import add_link, add_mark
from apps.briefings.renderers.word_claims import ClaimWriter
from apps.briefings.wording import (
    annex_names,
    kind_names,
    reading_note,
    section_names,
    state_names,
    theme_lead,
    way_names,
    ways_present,
)

STANCE_SIGNS = {
    "support": "+",
    "support with changes": "±",
    "neutral": "=",
    "oppose": "−",
    "cannot say": "?",
}


def render_docx(content: BriefingContent) -> bytes:
    """Return the briefing as a Word file; the same content gives the same bytes."""
    with translation.override(content.document.lang):
        return _Writer(content).write()


class _Writer(ClaimWriter):
    """Writes one briefing, part by part in the order of the document."""

    def write(self) -> bytes:
        self.cover()
        self.note()
        self.heard()
        self.positions()
        self.themes()
        self.minority()
        self.sensitivity()
        self.method()
        self.annex()
        return self.word.to_bytes()

    def cover(self) -> None:
        about = self.content.document
        title, authority = display_text(about.title), display_text(about.authority)
        subject = display_text(about.consultation)
        self.word.describe(
            title=title, author=authority, subject=subject, lang=about.lang, at=about.dated_at
        )
        docket, day = display_text(about.docket), about.dated_at.date().isoformat()
        version = _("version %(n)s") % {"n": about.version}
        self.word.header(title)
        self.word.footer(f"{docket} · {version} · {display_text(about.status)} · {day}")
        self.word.paragraph(title, "Title")
        self.word.paragraph(display_text(about.subtitle), "Subtitle")
        facts = [
            (_("Consultation"), subject),
            (_("Held by"), authority),
            (_("Docket"), ", ".join(filter(None, (docket, display_text(about.source))))),
            (_("Open"), display_text(about.open)),
            (_("Cut-off"), display_text(about.cut_off)),
            (_("Version"), f"{about.version}, {day}"),
            (_("Status"), display_text(f"{about.status}. {about.notice}")),
        ]
        self.word.table((_("Fact"), _("Value")), facts, widths=(38, 126))
        names = state_names()
        counted = [(names[s], str(self.content.heard.states.get(s, 0))) for s in names]
        counted.insert(0, (_("submissions received"), str(self.content.heard.total)))
        self.word.table((_("What arrived"), _("Number")), counted, widths=(80, 30), numeric=(1,))
        self.word.paragraph(reading_note(), "Lead")
        for anchor, name in section_names():
            add_link(self.word.paragraph(style="Cell"), name, anchor=anchor)

    def section(self, anchor: str) -> None:
        self.word.heading(dict(section_names())[anchor], 1, anchor=anchor)

    def note(self) -> None:
        self.section("glance")
        if not self.content.heard.total:
            self.word.paragraph(
                _("No submission was received by the cut-off.")
                + " "
                + _("This briefing says so and holds no finding on substance.")
            )
        for claim in self.content.note:
            self.claim(claim, quoted=False)

    def heard(self) -> None:
        self.section("who")
        self.picture(charts.heard_room, width=130)
        has_verified = any(row.verified is not None for row in self.content.coverage)
        rows = [
            (
                self.named(self.looks[row.group]),
                *(str(n) for n in (row.submissions, row.own, row.campaign, row.attachment)),
                str(row.organisations),
                *(["–" if row.verified is None else str(row.verified)] if has_verified else []),
            )
            for row in self.content.coverage
        ]
        header = (
            _("Group"),
            _("All"),
            _("Own text"),
            _("Letters"),
            _("Not read"),
            _("Organisations"),
            *([_("Verified")] if has_verified else []),
        )
        widths = (46, 16, 18, 18, 18, 26, 22)[: len(header)]
        self.word.table(header, rows, widths=widths, numeric=range(1, len(header)))
        self.picture(charts.heard_by_group, width=110)
        self.picture(charts.campaign_share, width=110)
        if self.content.heard.days:
            self.picture(charts.heard_over_time)
        self.campaigns()
        self.word.heading(_("Who is missing"), 2)
        self.claims(self.content.heard.missing, nothing=_("Nothing was recorded."))

    def campaigns(self) -> None:
        self.word.heading(_("Campaigns"), 2)
        if not self.content.heard.campaigns:
            self.word.paragraph(_("No campaign was registered or found."), "Lead")
        for campaign in self.content.heard.campaigns:
            paragraph = self.word.paragraph()
            paragraph.add_run(display_text(campaign.title)).bold = True
            words = _(
                ": %(letters)s letters share one text; %(own)s senders added words of their own, "
                "which are read with everybody else’s. Specimen "
            )
            paragraph.add_run(words % {"letters": campaign.letters, "own": campaign.with_own_words})
            specimen = self.submissions[campaign.sample]
            add_link(paragraph, self.short[campaign.sample], url=specimen.url)
            paragraph.add_run(". " + _("Senders by declared group") + ": ")
            for group in self.content.groups:
                if n := campaign.by_group.get(group.id):
                    add_mark(paragraph, group)
                    paragraph.add_run(f"{display_text(group.name)} {n}  ")

    def positions(self) -> None:
        self.section("positions")
        groups = self.content.groups
        header = [display_text(group.short) for group in groups]
        signs = "   ".join(f"{sign} {stance}" for stance, sign in STANCE_SIGNS.items())
        widths = (36, *(128 / max(len(groups), 1) for _group in groups))
        if self.content.positions:
            self.picture(charts.position_matrix)
            self.word.paragraph(signs, "Source")
            stated = [
                (
                    display_text(f"{row.label} {row.title}"),
                    *(self.stances({cell.group: cell for cell in row.cells}, g) for g in groups),
                )
                for row in self.content.positions
            ]
            self.word.table((_("Asked"), *header), stated, widths=widths)
            self.word.heading(_("Themes by group"), 2)
        if self.content.themes:
            self.word.paragraph(theme_lead(self.content), "Lead")
            self.picture(charts.themes_by_group)
            key = _("In brackets the texts that raise the theme; coded positions:") + " " + signs
            self.word.paragraph(key, "Source")
            cells = {(cell.theme, cell.group): cell for cell in self.content.matrix}
            by_theme = [
                {g.id: cells.get((theme.id, g.id)) for g in groups} for theme in self.content.themes
            ]
            found = [
                (display_text(theme.title), *(self.stances(row, group) for group in groups))
                for theme, row in zip(self.content.themes, by_theme, strict=True)
            ]
            self.word.table((_("Theme"), *header), found, widths=widths)
        else:
            self.word.paragraph(_("No theme was found."), "Lead")
        self.word.heading(_("Where groups agree and where they split"), 2)
        self.claims(self.content.agreement, nothing=_("Nothing was recorded."))

    def stances(self, cells: dict[str, Any], group: Group) -> str:
        cell = cells.get(group.id)
        if cell is None:
            return "–"
        if cell.suppressed:
            return _("under 5")
        given = [(stance, cell.stances.get(stance, 0)) for stance in self.content.stances]
        signs = " ".join(f"{n}\u00a0{STANCE_SIGNS.get(stance, stance)}" for stance, n in given if n)
        raised = getattr(cell, "raised", 0)
        return "\n".join(filter(None, (f"({raised})" if raised else "", signs))) or "–"

    def themes(self) -> None:
        self.section("themes")
        if not self.content.themes:
            self.word.paragraph(_("No theme was found."), "Lead")
        for theme in self.content.themes:
            self.theme(theme)

    def theme(self, theme: Theme) -> None:
        self.word.heading(f"{theme.number}  {display_text(theme.title)}", 2)
        self.claim(theme.summary, quoted=False)
        words = _("Raised in %(n)s texts, %(all)s with campaign letters.")
        facts = words % {"n": theme.raised, "all": theme.raised_all}
        self.word.paragraph(f"{display_text(theme.question)} {facts}".strip(), "Lead")
        for kind, claims in theme.by_kind().items():
            self.word.heading(kind_names()[kind], 3)
            self.claims(claims, nothing="")
        if not theme.claims:
            self.word.paragraph(_("No claim was recorded for this theme."), "Lead")

    def minority(self) -> None:
        self.section("minority")
        nothing = _(
            "None was recorded. This is a finding to check, not a proof that there is none."
        )
        self.claims(self.content.minority, nothing=nothing)
        self.word.heading(_("Deliberation"), 2)
        nothing = _("No statements were put to a vote in this consultation.")
        self.word.paragraph(display_text(self.content.deliberation or nothing))

    def sensitivity(self) -> None:
        self.section("sensitivity")
        if not self.content.themes:
            self.word.paragraph(_("There is no theme whose weight could change."), "Lead")
            return
        panel, ways, names = self.content.sensitivity, ways_present(self.content), way_names()
        rows = []
        for theme in self.content.themes:
            weights = panel.weights.get(theme.id, {})
            without = panel.leave_one_out.get(theme.id)
            verdict = "–"
            if without:
                verdict = _("Robust") if without.robust else _("Depends on it")
                verdict += f": {on_one_line(without.organisation)}, {without.n} / {without.of}"
            shares = [f"{weights[way]:.1f} %" if way in weights else "–" for way in ways]
            rows.append((display_text(theme.title), *shares, verdict))
        header = (
            _("Theme"),
            *(names[way] for way in ways),
            _("Without its most frequent organisation"),
        )
        each = 66 / max(len(ways), 1)
        widths, numeric = (50, *(each for _way in ways), 48), range(1, 1 + len(ways))
        self.word.table(header, rows, widths=widths, numeric=numeric)

    def method(self) -> None:
        self.section("method")
        for step in self.content.method.steps:
            self.word.paragraph(display_text(step), "List Number")
        self.word.heading(_("What this briefing cannot tell"), 2)
        for limit in self.content.method.limits:
            self.word.paragraph(display_text(limit), "List Bullet")
        self.word.heading(_("How much of it was used"), 2)
        rows = [
            (self.named(self.looks[row.group]), str(row.own), str(row.themed), str(row.cited))
            for row in self.content.coverage
        ]
        header = (_("Group"), _("Own text"), _("In a theme"), _("Cited"))
        self.word.table(header, rows, widths=(60, 30, 30, 30), numeric=(1, 2, 3))
        self.word.heading(_("Manifest"), 2)
        facts = [tuple(map(display_text, fact)) for fact in self.content.method.manifest]
        facts += [(display_text(t.title), display_text(t.rule)) for t in self.content.themes]
        self.word.table((_("Item"), _("Value")), facts, widths=(50, 114))

    def annex(self) -> None:
        self.section("annex")
        cited = [one for one in self.content.submissions if one.cited_in]
        if not cited:
            self.word.paragraph(_("No submission is cited."), "Lead")
        else:
            header = (_("Submission"), _("Organisation"), _("Group"), _("Received"), _("Used in"))
            rows = [self.cited_row(one) for one in cited]
            self.word.table(header, rows, widths=(38, 42, 36, 20, 28))
        for part in annex_parts(self.content):
            self.word.heading(f"{annex_names()[part.state]} ({part.total})", 2)
            for one in part.groups:
                paragraph = self.word.paragraph(style="Cell")
                add_mark(paragraph, one.group)
                name = f"{display_text(one.group.name)} ({len(one.submissions)})  "
                paragraph.add_run(name).bold = True
                paragraph.add_run(one.references)
            if not part.groups:
                self.word.paragraph(_("None."), "Lead")

    def cited_row(self, submission: Submission) -> tuple[object, ...]:
        def reference(paragraph: Paragraph) -> None:
            add_link(paragraph, display_text(submission.ref), url=submission.url)
            self.word.bookmark(paragraph.add_run("\u200b"), self.anchors[submission.ref])

        def used_in(paragraph: Paragraph) -> None:
            for place, claim in enumerate(submission.cited_in):
                paragraph.add_run(", " if place else "")
                add_link(paragraph, display_text(claim), anchor=self.claim_anchors[claim])

        group = self.named(self.looks[submission.group])
        received = display_text(submission.received_on)
        return (reference, on_one_line(submission.who), group, received, used_in)
