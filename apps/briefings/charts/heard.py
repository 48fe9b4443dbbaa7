"""Who was heard, drawn: by group, by day, and how much of it came as campaign letters."""

from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.briefings.charts.svg import (
    ACTION,
    element,
    frame,
    group_paint,
    hatch,
    join,
    label,
    mark,
    segment,
)
from apps.briefings.content import STATES, BriefingContent, Coverage, Group
from apps.briefings.wording import state_names

ROW = 34
BAR_START, BAR_END = 224.0, 432.0
DAYS_WIDTH, DAYS_HEIGHT = 720.0, 200.0


def heard_by_group(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return one bar per group: own texts solid, letters hatched, unread files outlined."""
    name = f"{prefix}heard-by-group"
    groups = {group.id: group for group in content.groups}
    most = max((row.submissions for row in content.coverage), default=0) or 1
    patterns = [hatch(f"{name}-{group.id}", group_paint(group)) for group in content.groups]
    rows = [
        _group_row(groups[row.group], row, y=ROW * place + 8.0, most=most, name=name)
        for place, row in enumerate(content.coverage)
    ]
    values = "; ".join(_group_words(groups[row.group], row) for row in content.coverage)
    return frame(
        name,
        element("defs", *patterns),
        *rows,
        title=_("Who was heard, by stakeholder group"),
        description=values or _("Nobody was heard."),
        size=(480, ROW * len(content.coverage) + 10),
    )


def _group_words(group: Group, row: Coverage) -> str:
    return _("%(group)s %(all)s, of them %(own)s own texts and %(letters)s campaign letters") % {
        "group": group.name,
        "all": row.submissions,
        "own": row.own,
        "letters": row.campaign,
    }


def _group_row(group: Group, row: Coverage, *, y: float, most: int, name: str) -> SafeString:
    x, scale = BAR_START, (BAR_END - BAR_START) / most
    bars = []
    for state in STATES:
        width = getattr(row, state) * scale
        if width:
            box, hatching = (x, y, width, 18.0), f"{name}-{group.id}"
            bars.append(segment(state, box, paint=group_paint(group), hatching=hatching))
        x += width
    return join(
        [
            mark(group, x=2, y=y + 2),
            label(group.name, x=24, y=y + 15),
            *bars,
            label(row.submissions, x=478, y=y + 15, anchor="end"),
        ]
    )


def heard_over_time(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return one bar per day from the first to the last; campaign letters are the hatched part."""
    name = f"{prefix}heard-over-time"
    days = [(date.fromisoformat(day), n, letters) for day, n, letters in content.heard.days]
    title = _("Submissions received per day")
    if not days:
        empty = label(_("No submission has a date."), x=0, y=30)
        return frame(name, empty, title=title, description=title, size=(DAYS_WIDTH, 48))
    first, last = days[0][0], days[-1][0]
    peak_day, peak, peak_letters = max(days, key=lambda day: day[1])
    step = DAYS_WIDTH / ((last - first).days + 1)
    scale = (DAYS_HEIGHT - 24) / max(peak, 1)
    bars = [
        _day(((day - first).days * step, step), n * scale, letters * scale, name=name)
        for day, n, letters in days
    ]
    near_end = (peak_day - first).days * step > DAYS_WIDTH / 2
    peak_x = (peak_day - first).days * step + (step if near_end else 0)
    base = DAYS_HEIGHT
    description = _(
        "From %(first)s to %(last)s. The busiest day was %(day)s with %(n)s submissions, "
        "%(letters)s of them campaign letters."
    ) % {"first": first, "last": last, "day": peak_day, "n": peak, "letters": peak_letters}
    return frame(
        name,
        element("defs", hatch(f"{name}-letters", ACTION)),
        *bars,
        element("path", class_="axis", d=f"M0 {base:.1f}H{DAYS_WIDTH:.0f}"),
        label(peak, x=peak_x, y=16, kind="strong", anchor="end" if near_end else ""),
        label(first.isoformat(), x=0, y=base + 26, kind="soft"),
        label(last.isoformat(), x=DAYS_WIDTH, y=base + 26, kind="soft", anchor="end"),
        title=title,
        description=description,
        size=(DAYS_WIDTH, base + 36),
    )


def _day(place: tuple[float, float], height: float, letters: float, *, name: str) -> SafeString:
    x, step = place
    width = max(step * 0.82, 1.0)
    own = element(
        "rect",
        x=x,
        y=DAYS_HEIGHT - height,
        width=width,
        height=height - letters,
        **ACTION.solid,
    )
    if not letters:
        return own
    box = (x, DAYS_HEIGHT - letters, width + 1.0, letters)
    return join([own, segment("campaign", box, paint=ACTION, hatching=f"{name}-letters")])


def campaign_share(content: BriefingContent, prefix: str = "") -> SafeString:
    """Return all submissions as one bar: own texts, each campaign, unread files, empty ones."""
    name = f"{prefix}campaign-share"
    hatching, width = f"{name}-letters", 480.0
    heard, names = content.heard, state_names()
    x = 0.0
    drawn: list[SafeString] = []
    words: list[str] = []
    for state in STATES:
        n = heard.states.get(state, 0)
        if not n:
            continue
        part, y = width * n / heard.total, 58.0 + 32 * len(words)
        drawn.append(segment(state, (x, 4.0, part, 30.0), paint=ACTION, hatching=hatching))
        drawn.append(segment(state, (2.0, y, 23.0, 16.0), paint=ACTION, hatching=hatching))
        drawn.append(label(f"{n} {names[state]}", x=36, y=y + 14))
        words.append(f"{names[state]}: {n}")
        x += part
    return frame(
        name,
        element("defs", hatch(hatching, ACTION)),
        *drawn,
        title=_("What the submissions are"),
        description="; ".join(words) or _("No submission was received."),
        size=(480, 58 + 32 * len(words)),
    )
