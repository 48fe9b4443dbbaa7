"""What a good consultation has before it opens, and what of it is still open.

The length of the window follows what the European Commission asks of its own public consultations:
12 weeks (Better Regulation Guidelines, SWD(2021) 305, section 2). Needed are a thing that is asked
and a comment phase to answer in. Everything else is advice: a host may publish with open items, and
says why.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation, Phase
from apps.consultations.plainness import asked_index
from apps.consultations.sections import Item, readiness_items
from apps.consultations.translating import translated
from apps.core.languages import language_name
from apps.core.regions import Region, regions_without

WINDOW = timedelta(weeks=12)
NOT_MISSED = {StakeholderGroup.INDIVIDUAL, StakeholderGroup.OTHER}  # they come by themselves
NEEDED = {"content", "window"}  # without them nobody could answer
HARDEST = 50.0  # LIX: as newspapers; above, people outside the offices stop reading


def readiness_of(consultation: Consultation) -> list[Item]:
    """Return what was looked at, in the order in which one would do it."""
    return [
        *_basics(consultation),
        _window(consultation),
        _reading(consultation),
        *_languages(consultation),
        *_links(consultation),
        *_policies(consultation),
        _stakeholders(consultation),
        *readiness_items(consultation),
    ]


def _place(name: str, consultation: Consultation, *more: Any) -> str:
    return reverse(f"consultations:{name}", args=[consultation.slug, *more])


def _item(key: str, label: Any, place: str, told: Any, *, state: str = "open") -> Item:
    return Item(key, label, state if told else "done", told, place, key in NEEDED)


def _basics(consultation: Consultation) -> Iterator[Item]:
    told: str | Promise = (
        ""
        if consultation.summary.strip()
        else _("Say in a few sentences what is asked, and why now.")
    )
    yield _item("summary", _("Summary"), _place("details", consultation), told)
    yield _content(consultation)


def _content(consultation: Consultation) -> Item:
    """Look whether anything is asked, and whether a consultation on a text has one."""
    label, place = _("Text or questions"), _place("texts", consultation)
    if _has_text(consultation):
        return _item("content", label, place, "")
    if not consultation.questions.asked().exists():
        told = _("Nothing is asked yet: add a text or a question.")
        return _item("content", label, place, told, state="blocking")
    if consultation.kind != Consultation.Kind.DRAFT_TEXT:
        return _item("content", label, place, "")
    missing = _(
        "There are questions, but no draft text yet. Add the text, or make this a call for"
        " evidence, which can do without one."
    )
    return _item("content", _("Draft text"), place, missing)


def _has_text(consultation: Consultation) -> bool:
    drafted = consultation.documents.filter(draft_provisions__isnull=False)
    return drafted.exists() or consultation.documents.published().exists()


def _window(consultation: Consultation) -> Item:
    """Look at the longest comment phase: 12 weeks, or a reason that everybody can read.

    Once it is published, also at one that has ended.
    """
    label, place = _("Length of the window"), _place("schedule", consultation)
    comments = [one for one in consultation.phases.all() if one.kind == Phase.Kind.COMMENT]
    is_past = consultation.is_published and bool(comments)
    if not is_past and all(one.is_over for one in comments):
        told = _("Plan a phase for comments that has not ended.")
        return _item("window", label, place, told, state="blocking")
    lengths = [one.closes_at - one.opens_at if one.closes_at else WINDOW for one in comments]
    longest = max(lengths)
    if longest >= WINDOW or consultation.short_window_reason.strip():
        return _item("window", label, place, "")
    days = longest.days
    short = ngettext(
        "It is open for %(n)d day. 12 weeks are usual; say in the details why it is shorter.",
        "It is open for %(n)d days. 12 weeks are usual; say in the details why it is shorter.",
        days,
    )
    return _item("window", label, _place("details", consultation), short % {"n": days})


def _reading(consultation: Consultation) -> Item:
    """Look at what everybody reads before answering: summary and questions."""
    index = asked_index(consultation)
    told: str | Promise = ""
    figure: str | Promise = _("not measured")
    if index is not None:
        figure = _("LIX %(index)s") % {"index": round(index)}
    if index is not None and index > HARDEST:
        told = _(
            "Summary and questions read like a law (LIX %(index)s; up to %(most)s is plain)."
            " Write shorter sentences and everyday words."
        ) % {"index": round(index), "most": round(HARDEST)}
    found = _item("reading", _("Plain words"), _place("questions", consultation), told)
    return replace(found, figure=figure)


def _languages(consultation: Consultation) -> Iterator[Item]:
    for language in consultation.languages:
        rows = translated(consultation, language)
        left = sum(row.state != "done" for row in rows)
        told = ngettext(
            "%(n)d text is not translated, or changed since.",
            "%(n)d texts are not translated, or changed since.",
            left,
        )
        label = _("Translation: %(language)s") % {"language": language_name(language)}
        place = _place("translation", consultation, language)
        yield _item(f"language-{language}", label, place, told % {"n": left} if left else "")


def _links(consultation: Consultation) -> Iterator[Item]:
    """Look whether questions say which part of the text they are about, where there is a text."""
    if not _has_text(consultation):
        return
    loose = consultation.questions.asked().filter(provision_key="").count()
    told = ngettext(
        "%(n)d question leads to no provision of the text.",
        "%(n)d questions lead to no provision of the text.",
        loose,
    )
    label, place = _("Questions linked to the text"), _place("questions", consultation)
    yield _item("links", label, place, told % {"n": loose} if loose else "")


def _stakeholders(consultation: Consultation) -> Item:
    """Look whether somebody of each group is wanted, and from each region of the world.

    Where all are of one region, the matter is theirs, and no other region is missing.
    """
    listed = consultation.stakeholders.order_by().values_list("group", "country").distinct()
    groups = {group for group, _country in listed}
    groups |= set(consultation.goals.values_list("group", flat=True))
    countries = {country for _group, country in listed if country}
    missing = [str(group.label) for group in StakeholderGroup if group not in groups | NOT_MISSED]
    absent = regions_without(countries)
    regions = [str(one.label) for one in absent] if len(Region) - len(absent) > 1 else []
    told: list[str | Promise] = []
    if missing:
        nobody = _("Nobody is listed and no goal is set for: %(groups)s.")
        told.append(nobody % {"groups": ", ".join(missing)})
    if regions:
        told.append(_("Nobody is listed from: %(regions)s.") % {"regions": ", ".join(regions)})
    if not countries and not missing:
        told.append(_("No country is named for those you want to hear."))
    found = _item(
        "stakeholders",
        _("Stakeholder map"),
        _place("stakeholders", consultation),
        " ".join(str(one) for one in told),
    )
    return replace(found, figure=_figure_of(countries))


def _figure_of(countries: Collection[str]) -> str:
    if not countries:
        return ""
    if len(countries) == 1:
        return _("all from one country: %(country)s") % {"country": next(iter(countries))}
    told = _("%(n)d of %(all)d regions of the world")
    return told % {"n": len(Region) - len(regions_without(countries)), "all": len(Region)}


def _policies(consultation: Consultation) -> Iterator[Item]:
    place = _place("details", consultation)
    missing = _("Say it in the details; everybody reads it on the page of the consultation.")
    for key, label, text in (
        ("moderation", _("How you moderate"), consultation.moderation_policy),
        ("analysis", _("How you read the answers"), consultation.analysis_policy),
    ):
        yield _item(key, label, place, "" if text.strip() else missing)
