"""Puts a briefing together: the content model of all formats, from the rows of the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from apps.accounts.groups import LOOKS, StakeholderGroup
from apps.briefings import changing, findings, tables
from apps.briefings import content as model
from apps.briefings.claiming import SECTION_MINORITY, SECTION_THEME, Draft, save_claim
from apps.briefings.linking import is_gone, part_of, words_of
from apps.briefings.models import Briefing, Citation, Claim, CorpusItem
from apps.briefings.picture import Picture, load_picture
from apps.briefings.tables import STANCE_NAMES
from apps.briefings.understanding import contested_before
from apps.consultations.models import Consultation
from apps.core.dates import day_in_words, window_in_words
from apps.submissions.models import RegisteredCampaign, Submission

OF_THE_WHOLE = ("note", "changes", "missing", "agreement")


def compose(briefing: Briefing) -> model.BriefingContent:
    """Store the claims about the whole and return the content of the briefing.

    Safe to run twice: claims about the whole are written anew. Raises ValueError for content that
    may not be printed.
    """
    briefing.claims.filter(section__in=OF_THE_WHOLE).delete()
    picture = load_picture(briefing)
    panel = tables.sensitivity(picture)
    _save_overview_claims(briefing, picture, panel.rank)
    sections = _claims_by_section(briefing)
    used, themed = _use_of(briefing), _themes_of(picture)
    return model.BriefingContent(
        schema=model.SCHEMA,
        document=_document(briefing),
        groups=tuple(_groups()),
        note=tuple(sections["note"]),
        changes=tuple(sections["changes"]),
        heard=_heard(picture, sections["missing"]),
        positions=tuple(tables.positions(picture)),
        matrix=tuple(tables.matrix(picture)),
        agreement=tuple(sections["agreement"]),
        themes=tuple(_themes(picture, sections)),
        minority=tuple(sections[SECTION_MINORITY]),
        deliberation=None,
        sensitivity=panel,
        coverage=tuple(tables.coverage(picture, used, themed)),
        method=_method(briefing, picture),
        submissions=tuple(_index(picture, used, themed)),
    )


def _save_overview_claims(
    briefing: Briefing, picture: Picture, rank: dict[Any, dict[str, int]]
) -> None:
    for number, (draft, theme) in enumerate(findings.at_a_glance(picture, rank), 1):
        save_claim(briefing, draft, number=f"F{number}", theme=theme, section="note")
    lists: dict[str, tuple[str, Sequence[Draft]]] = {
        "C": ("changes", changing.changes(picture)),
        "W": ("missing", findings.missing(picture)),
        "A": ("agreement", findings.agreement(picture)),
    }
    for letter, (section, drafts) in lists.items():
        for number, draft in enumerate(drafts, 1):
            save_claim(briefing, draft, number=f"{letter}{number}", section=section)
    minority = briefing.claims.filter(section=SECTION_MINORITY).order_by("theme__number", "id")
    for number, claim in enumerate(minority, 1):
        claim.number = f"U{number}"
        claim.save(update_fields=["number"])
    ordered = sorted(briefing.claims.select_related("theme"), key=_place)
    for position, claim in enumerate(ordered, 1):
        claim.position = position
    Claim.objects.bulk_update(ordered, ["position"], batch_size=500)


def _place(claim: Claim) -> tuple[int, int, int]:
    order = (*OF_THE_WHOLE, SECTION_THEME, SECTION_MINORITY)
    theme = claim.theme.number if claim.theme else 0
    return order.index(claim.section), theme if claim.section == SECTION_THEME else 0, claim.pk


def _claims_by_section(briefing: Briefing) -> dict[str, list[model.Claim]]:
    """Return the claims by section, those of themes by "theme:<key>"."""
    found: dict[str, list[model.Claim]] = defaultdict(list)
    citations: dict[int, list[model.Citation]] = defaultdict(list)
    rows = (
        Citation.objects.filter(claim__briefing=briefing)
        .select_related("submission", "answer__question", "point", "page__attachment", "campaign")
        .order_by("claim", "position", "id")
    )
    for citation in rows:
        citations[citation.claim_id].append(_citation(citation))
    contested = contested_before(briefing)
    for claim in briefing.claims.select_related("theme").order_by("position"):
        section = claim.section
        if section == SECTION_THEME and claim.theme:
            section = f"theme:{claim.theme.key}"
        found[section].append(
            model.Claim(
                id=claim.number,
                kind=cast(model.Kind, claim.kind),
                origin="extractive",
                text=claim.text,
                numbers={n: model.Number(**number) for n, number in claim.numbers.items()},
                citations=tuple(citations[claim.pk]),
                theme=claim.theme.key if claim.theme else None,
                contested=tuple(contested.get(claim.pk, ())),
            )
        )
    return found


def _citation(citation: Citation) -> model.Citation:
    passage = None
    # What its author took back since it was chosen is cited, and quoted no more.
    if citation.start is not None and citation.end is not None and not is_gone(citation):
        passage = model.Passage(
            part=part_of(citation),
            start=citation.start,
            end=citation.end,
            text=words_of(citation),
            sha256=citation.sha256,
        )
    return model.Citation(
        ref=citation.submission.reference or "",
        stance=STANCE_NAMES.get(citation.stance, ""),
        campaign=f"campaign-{citation.campaign.number}" if citation.campaign else None,
        passage=passage,
        url=citation.submission.source_url,
    )


def _index(
    picture: Picture, used: dict[int, list[str]], themed: dict[int, list[str]]
) -> Iterable[model.Submission]:
    for row in picture.rows:
        yield model.Submission(
            ref=row.ref,
            group=row.group,
            who=row.who,
            declared=row.declared,
            received_on=row.received_on.isoformat() if row.received_on else "",
            state=cast(model.State, row.state),
            cited_in=tuple(used[row.pk]),
            themes=tuple(themed[row.pk]),
            url=row.source_url,
        )


def _document(briefing: Briefing) -> model.Document:
    consultation = briefing.consultation
    on = briefing.frozen.cut_off_at
    return model.Document(
        title=consultation.title,
        subtitle=_("What was said, by whom, and where it can be checked"),
        lang=consultation.language,
        version=briefing.version,
        status=_("Computed, not yet signed off"),
        notice=_("Themes were proposed and sentences computed by the extractive method."),
        date=(on.year, on.month, on.day),
        cut_off=f"{day_in_words(on)}, {on:%H:%M} UTC",
        consultation=consultation.title,
        authority=consultation.authority or consultation.host.name,
        docket=consultation.docket,
        open=_opening(consultation),
        source="",
        url=consultation.source_url,
    )


def _opening(consultation: Consultation) -> str:
    phase = consultation.comment_phase()
    if phase is None:
        return _("no comment phase")
    return window_in_words(phase.opens_at, phase.closes_at, consultation.zone)


def _groups() -> Iterable[model.Group]:
    for group in StakeholderGroup:
        look = LOOKS[group]
        yield model.Group(
            id=group.value,
            name=str(group.label),
            short=str(look.short),
            shape=cast(model.Shape, look.shape),
            colour=look.colour,
        )


def _heard(picture: Picture, missing: Sequence[model.Claim]) -> model.Heard:
    days: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for row in picture.rows:
        if row.received_on:
            days[row.received_on.isoformat()] += 1
            letters[row.received_on.isoformat()] += row.state == CorpusItem.State.CAMPAIGN
    states = picture.states()
    return model.Heard(
        total=len(picture.rows),
        states={state: states[state] for state in model.STATES},
        days=tuple((day, days[day], letters[day]) for day in sorted(days)),
        campaigns=tuple(_campaigns(picture)),
        registered=tuple(_registered(picture)),
        missing=tuple(missing),
    )


def _campaigns(picture: Picture) -> Iterable[model.Campaign]:
    refs = {row.pk: row.ref for row in picture.rows}
    own_words = Counter(
        CorpusItem.objects.filter(
            corpus=picture.briefing.corpus, campaign__isnull=False, has_own_words=True
        ).values_list("campaign_id", flat=True)
    )
    senders: dict[int, list[Any]] = defaultdict(list)
    for row in picture.rows:
        if row.campaign_id:
            senders[row.campaign_id].append(row)
    for campaign in picture.campaigns:
        rows = senders[campaign.pk]
        days = sorted(row.received_on for row in rows if row.received_on)
        yield model.Campaign(
            id=f"campaign-{campaign.number}",
            title=campaign.title,
            letters=len(rows),
            sample=refs[campaign.sample_id],
            with_own_words=own_words[campaign.pk],
            first_on=days[0].isoformat() if days else "",
            by_group=dict(Counter(row.group for row in rows)),
        )


def _registered(picture: Picture) -> Iterable[model.Registered]:
    """Yield the registered campaigns whose text is read, with who signed by the cut-off."""
    refs = {row.pk: row.ref for row in picture.rows}
    consultation = picture.briefing.consultation
    for campaign in RegisteredCampaign.objects.filter(
        consultation=consultation, carrier__state=Submission.State.SUBMITTED
    ).signed_by(picture.briefing.frozen.cut_off_at):
        if campaign.carrier_id in refs:
            yield model.Registered(
                title=campaign.title,
                carrier=refs[campaign.carrier_id],
                opened_on=campaign.opened_at.date().isoformat(),
                people=campaign.people_then,
                organisations=campaign.organisations_then,
                distinct_texts=1 + campaign.own_texts_then,
            )


def _themes(picture: Picture, sections: dict[str, list[model.Claim]]) -> Iterable[model.Theme]:
    own = {row.pk for row in picture.own}
    for theme in picture.themes:
        members = picture.members[theme.pk]
        stated = Counter(stance for stance in members.values() if stance)
        summary, *claims = sections[f"theme:{theme.key}"]
        yield model.Theme(
            id=theme.key,
            number=theme.number,
            title=theme.title,
            question=theme.question.text if theme.question else "",
            rule=theme.rule,
            raised=len(own & members.keys()),
            raised_all=len(members),
            coded=stated.total(),
            stances=tables.named(stated),
            summary=summary,
            claims=tuple(claims),
        )


def _use_of(briefing: Briefing) -> dict[int, list[str]]:
    """Return by submission the claims that cite it, in the order of the briefing."""
    used: dict[int, list[str]] = defaultdict(list)
    rows = Citation.objects.filter(claim__briefing=briefing).order_by("claim__position", "claim")
    for pk, number in rows.values_list("submission_id", "claim__number"):
        if number not in used[pk]:
            used[pk].append(number)
    return used


def _themes_of(picture: Picture) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for theme in picture.themes:
        for pk in picture.members[theme.pk]:
            found[pk].append(theme.key)
    return found


def _method(briefing: Briefing, picture: Picture) -> model.Method:
    corpus, consultation = briefing.frozen, briefing.consultation
    return model.Method(
        steps=(
            _(
                "Every submission received by the cut-off was frozen as a corpus and given exactly "
                "one state: own text, campaign letter, attachment only, or empty."
            ),
            _(
                "Letters that share much of their wording, with at least five senders, were "
                "collapsed into one campaign; sentences of a sender’s own stay in the analysis."
            ),
            _(
                "Themes were proposed under each question and provision from the words used, and "
                "assigned by the published rule of each theme. Nobody has signed them off yet."
            ),
            _(
                "Quotations were chosen so that they cover what each group says, with the same "
                "quota for every group. Each is an exact span of its source."
            ),
            _(
                "Positions are those that were stated. They are not inferred from tone, and a "
                "missing position is not neutral."
            ),
        ),
        limits=_limits(),
        manifest=(
            *([(_("Source"), consultation.attribution)] if consultation.attribution else []),
            (_("Corpus"), f"{len(picture.rows)} submissions, sha256 {corpus.content_hash}"),
            (_("Cut-off"), corpus.cut_off_at.isoformat(timespec="seconds")),
            (_("Language model"), _("none used")),
            (_("Random seed"), "0"),
            (_("Content schema"), model.SCHEMA),
        ),
    )


def _limits() -> tuple[str, ...]:
    return (
        _(
            "Files that are only named, or hold no text that can be read, were not read; their "
            "submissions count as heard and are listed."
        ),
        _("The group is the submitter’s own label and was not verified."),
        _("Themes are named by the words that mark them, not by a person."),
        _(
            "In tables by group, positions of fewer than five authors read “under 5” where one "
            "of them has no public name. Totals include them, and each submission is public: "
            "no table points at single people, but what they said is not hidden."
        ),
    )
