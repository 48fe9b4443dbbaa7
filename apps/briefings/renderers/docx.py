"""How a briefing reads in Word: real headings, header rows, described charts, quotations apart."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx.text.paragraph import Paragraph

from apps.briefings import charts
from apps.briefings.content import BriefingContent, Cell, Group, Registered, Submission, Theme
from apps.briefings.renderers.printing import PICTURED_ROWS, for_print
from apps.briefings.renderers.references import annex_parts
from apps.briefings.renderers.word import add_link, add_mark
from apps.briefings.renderers.word_claims import ClaimWriter
from apps.briefings.wording import (
    annex_names,
    asks_several,
    has_kinds,
    in_active_language,
    is_coded,
    kind_names,
    reading_note,
    section_names,
    sensitivity_bases,
    sensitivity_lead,
    stance_name,
    state_names,
    theme_lead,
    way_names,
    ways_present,
)
from apps.core.display import display_text, on_one_line

CONTENTS_ON_COVER = 10  # themes
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
        printed, note = for_print(in_active_language(content))
        return _Writer(printed, not_printed=note).write()


class _Writer(ClaimWriter):
    """Writes one briefing, part by part in the order of the document."""

    def __init__(self, content: BriefingContent, *, not_printed: str) -> None:
        super().__init__(content)
        self.not_printed = not_printed

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
        status = f"{about.status}. {about.notice} {about.moderated}".strip()
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
            *([(_("Consultation"), subject)] if subject != title else []),
            (_("Held by"), authority),
            (_("Docket"), ", ".join(filter(None, (docket, display_text(about.source))))),
            (_("Open"), display_text(about.open)),
            (_("Cut-off"), display_text(about.cut_off)),
            (_("Version"), f"{about.version}, {day}"),
            (_("Status"), display_text(status)),
        ]
        self.word.table((_("Fact"), _("Value")), facts, widths=(38, 126))
        heard, names = self.content.heard, state_names()
        header = [_("submissions received"), *names.values()]
        counts = [str(heard.total), *(str(heard.states.get(state, 0)) for state in names)]
        self.word.table(header, [counts], widths=(164 / len(header),) * len(header))
        self.word.paragraph(reading_note(), "Lead")
        self.word.contents()

    def section(self, anchor: str, *, new_page: bool = False) -> None:
        heading = self.word.heading(dict(section_names())[anchor], 1, anchor=anchor)
        heading.paragraph_format.page_break_before = new_page

    def note(self) -> None:
        # contents that leave the first page leave room for the findings on the second
        self.section("glance", new_page=len(self.content.themes) <= CONTENTS_ON_COVER)
        if not self.content.heard.total:
            self.word.paragraph(
                _("No submission was received by the cut-off.")
                + " "
                + _("This briefing says so and holds no finding on substance.")
            )
        for claim in self.content.note:
            self.claim(claim, quoted=False)
        if self.content.changes:
            self.word.heading(_("What changed since the version before"), 2)
            self.claims(self.content.changes, nothing="")

    def heard(self) -> None:
        self.section("who")
        self.picture(charts.heard_room, width=130)
        self.word.paragraph(charts.room_scale(self.content), "Source")
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
        numeric, caption = range(1, len(header)), _("Submissions by stakeholder group")
        self.word.table(header, rows, widths=widths, numeric=numeric, caption=caption)
        self.picture(charts.heard_by_group, width=110)
        self.picture(charts.campaign_share, width=110)
        if self.content.heard.days:
            self.picture(charts.heard_over_time)
        self.campaigns()
        self.word.heading(_("Who is missing"), 2)
        self.claims(self.content.heard.missing, nothing=_("Nothing was recorded."))

    def campaigns(self) -> None:
        self.word.heading(_("Campaigns"), 2)
        for registered in self.content.heard.registered:
            self.registered(registered)
        if not self.content.heard.campaigns and not self.content.heard.registered:
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

    def registered(self, campaign: Registered) -> None:
        carrier = self.submissions[campaign.carrier]
        paragraph = self.word.paragraph()
        paragraph.add_run(display_text(campaign.title)).bold = True
        words = _("Registered by %(name)s on %(day)s") % {
            "name": display_text(carrier.who),
            "day": campaign.opened_on,
        }
        paragraph.add_run(f". {words} (")
        add_link(paragraph, self.short[campaign.carrier], url=carrier.url)
        paragraph.add_run(
            f"). {_('People')}: {campaign.people}. {_('Organisations')}: {campaign.organisations}. "
            f"{_('Distinct texts')}: {campaign.distinct_texts}. "
            + _("Many signatures are still one text. They never count as many positions.")
        )

    def positions(self) -> None:
        self.section("positions")
        groups = self.content.groups
        header = [display_text(group.short) for group in groups]
        signs = "   ".join(f"{sign} {stance_name(one)}" for one, sign in STANCE_SIGNS.items())
        widths = (30, *(134 / max(len(groups), 1) for _group in groups))
        if self.content.positions:
            self.picture(charts.position_matrix)
            self.word.lead(signs, "Source")
            stated = [
                (
                    display_text(f"{row.label} {row.title}"),
                    *(self.stances({cell.group: cell for cell in row.cells}, g) for g in groups),
                )
                for row in self.content.positions
            ]
            caption = _("Positions stated, the same as a table")
            self.word.table((_("Asked"), *header), stated, widths=widths, caption=caption)
            self.word.heading(_("Themes by group"), 2)
        self.themes_by_group(header, widths, signs)
        self.word.heading(_("Where groups agree and where they split"), 2)
        self.claims(self.content.agreement, nothing=_("Nothing was recorded."))

    def themes_by_group(self, header: list[str], widths: Sequence[float], signs: str) -> None:
        groups = self.content.groups
        if self.content.themes:
            self.word.lead(theme_lead(self.content))
            self.picture(charts.themes_by_group)
            if len(self.content.themes) > PICTURED_ROWS:
                words = _(
                    "The pictures show the first %(n)s of %(all)s; the table holds all of them."
                )
                shown = {"n": PICTURED_ROWS, "all": len(self.content.themes)}
                self.word.paragraph(words % shown, "Source")
            caption = _("Texts that raise each theme, the same as a table")
            if is_coded(self.content):
                caption = _("Coded positions, and in brackets the texts that raise the theme")
                self.word.lead(signs, "Source")
            cells = {(cell.theme, cell.group): cell for cell in self.content.matrix}
            by_theme = [
                {g.id: cells.get((theme.id, g.id)) for g in groups} for theme in self.content.themes
            ]
            found = [
                (display_text(theme.title), *(self.stances(row, group) for group in groups))
                for theme, row in zip(self.content.themes, by_theme, strict=True)
            ]
            numeric = () if is_coded(self.content) else range(1, 1 + len(groups))
            self.word.table(
                (_("Theme"), *header), found, widths=widths, numeric=numeric, caption=caption
            )
        else:
            self.word.paragraph(_("No theme was found."), "Lead")

    def stances(self, cells: dict[str, Any], group: Group) -> str:
        cell = cells.get(group.id)
        if cell is None:
            return "–"
        given = [(stance, cell.stances.get(stance, 0)) for stance in self.content.stances]
        signs = " ".join(f"{n}\u00a0{STANCE_SIGNS.get(stance, stance)}" for stance, n in given if n)
        signs = _("under 5") if cell.suppressed else signs
        raised = getattr(cell, "raised", 0)
        if isinstance(cell, Cell) and not is_coded(self.content):
            return str(raised)
        return "\n".join(filter(None, (f"({raised})" if raised else "", signs))) or "–"

    def themes(self) -> None:
        self.section("themes")
        if not self.content.themes:
            self.word.paragraph(_("No theme was found."), "Lead")
        if self.not_printed:
            self.word.paragraph(self.not_printed, "Lead")
        for theme in self.content.themes:
            self.theme(theme)

    def theme(self, theme: Theme) -> None:
        self.word.heading(f"{theme.number}  {display_text(theme.title)}", 2)
        self.claim(theme.summary, quoted=False).paragraph_format.keep_with_next = True
        if theme.question and theme.question != theme.title and asks_several(self.content):
            self.word.lead(display_text(theme.question))
        if theme.summary.citations or theme.coded:  # a computed summary already says how many
            words = _("Raised in %(n)s texts, %(all)s with campaign letters.")
            self.word.lead(words % {"n": theme.raised, "all": theme.raised_all})
        for kind, claims in theme.by_kind().items():
            if has_kinds(theme):
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
        self.word.lead(sensitivity_lead())
        panel, ways, names = self.content.sensitivity, ways_present(self.content), way_names()
        rows = []
        for theme in self.content.themes:
            weights = panel.weights.get(theme.id, {})
            without = panel.leave_one_out.get(theme.id)
            verdict = "–"
            if without:
                verdict = _("Robust") if without.robust else _("Depends on it")
                verdict += f": {on_one_line(without.organisation)}, {without.n} / {without.of}"
            shares = [f"{weights[way]:.1f}\u00a0%" if way in weights else "–" for way in ways]
            rows.append((display_text(theme.title), *shares, verdict))
        header = (
            _("Theme"),
            *(names[way] for way in ways),
            _("Without its most frequent organisation"),
        )
        each = 66 / max(len(ways), 1)
        widths, numeric = (50, *(each for _way in ways), 48), range(1, 1 + len(ways))
        caption = _("Share of texts that raise each theme, by way of counting")
        self.word.table(header, rows, widths=widths, numeric=numeric, caption=caption)
        self.word.paragraph(sensitivity_bases(panel.n_every, panel.n_own), "Source")

    def method(self) -> None:
        self.section("method")
        for step in self.content.method.steps:
            self.word.paragraph(display_text(step), "List Number")
        self.word.heading(_("What this briefing cannot tell"), 2)
        for limit in filter(None, (self.not_printed, *self.content.method.limits)):
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
        self.section("annex", new_page=True)
        cited = [one for one in self.content.submissions if one.cited_in]
        if not cited:
            self.word.paragraph(_("No submission is cited."), "Lead")
        else:
            columns = [_("Submission"), _("Organisation"), _("Group"), _("Used in"), _("Received")]
            rows = [self.cited_row(one) for one in cited]
            widths, shown = (38, 42, 36, 28, 20), 5
            if not any(one.received_on for one in cited):
                widths, shown = (38, 46, 36, 44, 0), 4
            self.word.table(columns[:shown], [row[:shown] for row in rows], widths=widths[:shown])
        for part in annex_parts(self.content):
            self.word.heading(f"{annex_names()[part.state]} ({part.total})", 3)
            for one in part.groups:
                paragraph = self.word.paragraph(style="Cell")
                paragraph.paragraph_format.keep_with_next = True
                add_mark(paragraph, one.group)
                name = f"{display_text(one.group.name)} ({len(one.submissions)})"
                paragraph.add_run(name).bold = True
                self.word.columns([display_text(each.ref) for each in one.submissions])
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
        return (reference, on_one_line(submission.who), group, used_in, received)
