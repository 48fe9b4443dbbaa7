"""The minutes of a hearing on paper: the same as on their page, and no word more.

They are set when somebody asks; long ones by a job, which leaves a file for whoever asks again.
"""

import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.accounts.groups import LOOKS, StakeholderGroup
from apps.accounts.mailing import absolute
from apps.consultations.models import Stance
from apps.core.dates import day_in_words, window_in_words
from apps.core.display import displayed
from apps.core.typesetting import printed_pdf
from apps.hearings.models import AgendaItem, Hearing, Speaker
from apps.hearings.places import Place, places_of
from apps.hearings.reading import Said, minutes_of
from apps.jobs import services as jobs
from apps.submissions.models import Point

TEMPLATE = Path(__file__).parent / "typst" / "minutes.typ"
KEPT = 24 * 3600
PRINT = "hearings.print_minutes"
LONGEST_AT_ONCE = 200_000  # characters with what stands around them: half a second


def minutes_pdf(hearing: Hearing) -> bytes | None:
    """Return the minutes as a tagged PDF in the language of the reader: seven queries.

    It bears the day it is made. The same minutes on the same day are set once. Of long ones None is
    returned while a job sets them: two queries more.
    """
    data, digest = _of_today(hearing)
    if len(json.dumps(data)) > LONGEST_AT_ONCE:
        return _kept(hearing, digest)
    key = f"minutes-pdf-{digest}"
    pdf: bytes | None = cache.get(key)
    if pdf is None:
        pdf = _set(data)
        cache.set(key, pdf, KEPT)
    return pdf


def print_minutes(hearing: Hearing) -> None:
    """Set the minutes as they stand now, in the language that is active, and keep the file."""
    data, digest = _of_today(hearing)
    path = _path(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(_set(data))
    unfinished.replace(path)


def sweep_prints() -> None:
    """Delete the files of earlier days: what stands in them may not stand any more."""
    old = timezone.now().timestamp() - KEPT
    for path in _path("").parent.glob("*"):
        if path.stat().st_mtime < old:
            path.unlink(missing_ok=True)


def _kept(hearing: Hearing, digest: str) -> bytes | None:
    try:
        return _path(digest).read_bytes()
    except FileNotFoundError:
        # With the hour, so that a file somebody deleted is set again, and not only tomorrow.
        key = f"minutes:{digest}:{timezone.now():%H}"
    if not jobs.retry_dead(key):
        payload = {"hearing": hearing.pk, "language": get_language() or "en"}
        jobs.enqueue(PRINT, key=key, payload=payload)
    return None


def _path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "minutes" / f"{digest}.pdf"


def _of_today(hearing: Hearing) -> tuple[dict[str, Any], str]:
    """Return what is printed today, and the digest that names exactly this."""
    today = timezone.now().astimezone(hearing.consultation.zone).date()
    data = minutes_data(hearing, today=day_in_words(today))
    data["date"] = [today.year, today.month, today.day]
    return data, sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _set(data: dict[str, Any]) -> bytes:
    at = datetime.combine(date(*data["date"]), time(), tzinfo=UTC)
    return printed_pdf(TEMPLATE, data, at=at).data


def minutes_data(hearing: Hearing, *, today: str) -> dict[str, Any]:
    """Return what the template shows: finished sentences, and words that can hide nothing."""
    consultation, items = hearing.consultation, list(hearing.items.all())
    accepted = list(hearing.speakers.accepted())
    waiting = hearing.statements.unanswered().count()
    keys = {f"provision:{key}" for item in items for key in item.provisions}
    places = places_of(consultation, keys) if keys else {}
    zone = ZoneInfo(consultation.time_zone)
    shown: dict[str, Any] = displayed(
        {
            "lang": get_language() or "en",
            "title": hearing.title,
            "consultation": consultation.title,
            "docket": consultation.docket,
            "authority": consultation.authority,
            "facts": _facts(hearing, zone),
            "intro": _(
                "What was said on %(day)s. Each statement was confirmed by who said it, and "
                "counts like a written response."
            )
            % {"day": day_in_words(hearing.starts_at.astimezone(zone))},
            "waiting": _waiting(waiting),
            "stood": _("As they stood on %(when)s") % {"when": today},
            "agenda": [_item(item, places) for item in items],
            "groups": _groups(accepted),
            "matters": [
                {
                    "title": matter.item.title if matter.item else _("Other matters"),
                    "said": [_said(one) for one in matter.said],
                }
                for matter in minutes_of(hearing)
            ],
            "words": _words(),
        }
    )
    return shown


def _words() -> dict[str, str]:
    """Return the fixed words of the page, in the language of the reader."""
    return {
        "minutes": _("Minutes"),
        "agenda": _("Agenda"),
        "no_agenda": _("The agenda is not written yet."),
        "speakers": _("Speaking list, by group"),
        "nobody": _("Nobody is on the list yet."),
        "said": _("What was said"),
        "nothing": _("Nothing is confirmed here yet."),
        "private": _("Private persons are named only if they chose it."),
    }


def _waiting(n: int) -> str:
    told = ngettext(
        "%(n)d statement waits for its speaker. It is not shown before it is confirmed.",
        "%(n)d statements wait for their speakers. They are not shown before they are confirmed.",
        n,
    )
    return told % {"n": n} if n else ""


def _facts(hearing: Hearing, zone: ZoneInfo) -> list[list[str]]:
    facts = [
        (_("Consultation"), hearing.consultation.title),
        (_("Docket number"), hearing.consultation.docket),
        (_("Held by"), hearing.consultation.authority),
        (_("When"), window_in_words(hearing.starts_at, hearing.ends_at, zone)),
        (_("Place"), hearing.place),
        (_("Online"), hearing.online),
        (_("Minutes"), absolute(hearing.minutes_url)),
    ]
    return [[name, value] for name, value in facts if value]


def _minutes(n: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}


def _item(item: AgendaItem, places: Any) -> dict[str, Any]:
    found: list[Place] = [
        places[f"provision:{key}"] for key in item.provisions if f"provision:{key}" in places
    ]
    return {
        "title": item.title,
        "text": item.text,
        "minutes": _minutes(item.minutes) if item.minutes else "",
        "places": [one.label for one in found],
    }


def _groups(accepted: Sequence[Speaker]) -> list[dict[str, Any]]:
    """Return every group with those of it who spoke; also the groups of which nobody did."""
    rows = []
    for group in StakeholderGroup:
        own = [one for one in accepted if one.group == group]
        unnamed = sum(not one.public_name for one in own)
        names = [[one.public_name, _minutes(one.minutes)] for one in own if one.public_name]
        if unnamed:
            told = ngettext("%(n)d person not named", "%(n)d persons not named", unnamed)
            time_of = sum(one.minutes for one in own if not one.public_name)
            names.append([told % {"n": unnamed}, _minutes(time_of)])
        count = ngettext("%(n)d speaker", "%(n)d speakers", len(own)) % {"n": len(own)}
        rows.append({**_look(group), "count": count, "names": names})
    return rows


def _look(group: str) -> dict[str, str]:
    look = LOOKS[group]
    return {
        "group": str(StakeholderGroup(group).label),
        "shape": look.shape,
        "colour": look.colour,
    }


def _said(said: Said) -> dict[str, Any]:
    statement, filed = said.statement, said.statement.submission
    ask = statement.final_ask if said.words else ""
    number = filed.reference if filed else ""
    return {
        **_look(said.group),
        "who": said.who,
        "position": " · ".join(
            str(label)
            for label in (
                Stance(said.stance).label if said.stance else "",
                Point.Ask(ask).label if ask else "",
            )
            if label
        ),
        "about": said.place.label if said.place else "",
        "words": said.words,
        "gone": ""
        if said.words
        else _("These words are no longer shown: who said them withdrew them or keeps them back."),
        "state": said.confirmed if said.words else "",
        "record": _("On record as %(number)s") % {"number": number},
        "url": absolute(said.url),
    }
