"""What can be subscribed to: the news of a consultation as Atom, its dates as a calendar."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from apps.consultations.models import Consultation, DocumentVersion, Notice, Phase
from apps.consultations.sections import Appointment, News, appointments_of, news, news_of
from apps.consultations.views.reading import visible_consultation
from apps.core.display import display_text
from apps.core.templatetags.plain import instant_in

MOST_NEWS = 50


@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the newest publications as Atom (RFC 4287)."""
    consultation = visible_consultation(request, slug)
    page = request.build_absolute_uri(consultation.get_absolute_url())
    atom = Atom1Feed(
        title=display_text(consultation.title),
        link=page,
        description=display_text(consultation.summary),
        language=consultation.language,
        feed_url=request.build_absolute_uri(),
        author_name=display_text(consultation.authority or consultation.host.name),
    )
    for one in news_of(consultation, most=MOST_NEWS):
        address = request.build_absolute_uri(one.url)
        atom.add_item(
            title=display_text(one.title),
            link=address,
            # The summary of an entry goes out as HTML, and what it says are words of anybody.
            description=escape(display_text(one.text)),
            unique_id=address,
            pubdate=one.at,
            updateddate=one.at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the opening and closing of each phase, and more, as a calendar (RFC 5545)."""
    consultation = visible_consultation(request, slug)
    page = request.build_absolute_uri(consultation.get_absolute_url())
    changed = consultation.notices.filter(kind__in=Notice.OF_DATES)
    changes = changed.aggregate(times=Count("pk"), last=Max("made_at"))
    # Before publication dates move freely, and stand in nobody's calendar.
    changed_at = changes["last"] or consultation.published_at or timezone.now()
    events = []
    for phase in consultation.phases.all():
        for name, at, text in _moments(phase):
            event = Event()
            event.add("uid", f"{phase.pk}-{name}@{request.get_host()}")
            event.add("dtstamp", changed_at.astimezone(UTC))
            event.add("last-modified", changed_at.astimezone(UTC))
            # A calendar takes the later of two versions: each change of dates makes one.
            event.add("sequence", changes["times"])
            event.add("dtstart", at.astimezone(UTC))
            event.add("summary", f"{text}: {display_text(consultation.title)}")
            event.add("description", f"{display_text(str(phase))}\n{page}")
            event.add("url", page)
            events.append(event)
    events += [event_of(one, request) for one in appointments_of(consultation)]
    return calendar_file(events, title=consultation.title, name=consultation.slug)


def calendar_file(events: Iterable[Event], *, title: str, name: str) -> HttpResponse:
    """Return events as one file that calendars take."""
    shown = Calendar()
    shown.add("prodid", "-//Plenary//Consultation//EN")
    shown.add("version", "2.0")
    shown.add("x-wr-calname", display_text(title))
    for event in events:
        shown.add_component(event)
    answer = HttpResponse(shown.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def event_of(one: Appointment, request: HttpRequest) -> Event:
    """Return an appointment as calendars read it; its times are in UTC."""
    page = request.build_absolute_uri(one.url)
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.changed_at.astimezone(UTC))
    event.add("last-modified", one.changed_at.astimezone(UTC))
    event.add("dtstart", one.starts_at.astimezone(UTC))
    event.add("dtend", one.ends_at.astimezone(UTC))
    event.add("sequence", one.sequence)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    event.add("summary", display_text(one.title))
    event.add("description", display_text(f"{one.text}\n{page}".strip()))
    event.add("url", page)
    if one.place:
        event.add("location", display_text(one.place))
    return event


def _moments(phase: Phase) -> list[tuple[str, datetime, str]]:
    found = [("opens", phase.opens_at, _("Opens"))]
    if phase.closes_at:
        found.append(("closes", phase.closes_at, _("Closes")))
    return found


@news
def new_versions(consultation: Consultation, most: int) -> list[News]:
    """Tell of the versions of the documents consulted on."""
    versions = DocumentVersion.objects.filter(document__consultation=consultation)
    newest = versions.select_related("document").order_by("-published_at")[:most]
    return [
        News(
            version.published_at,
            _("New text: %(title)s, version %(number)s")
            % {"title": version.document.title, "number": version.number},
            reverse("consultations:document", args=[consultation.slug, version.document.slug])
            + f"?version={version.number}",
        )
        for version in newest
    ]


@news
def changed_dates(consultation: Consultation, most: int) -> list[News]:
    """Tell of more time, of an early end and of other dates, each with its reason: one query."""
    decided = Notice.objects.filter(consultation=consultation, kind__in=Notice.OF_DATES)
    page = consultation.get_absolute_url()
    return [
        News(
            notice.made_at,
            notice.get_kind_display(),
            f"{page}#notice-{notice.pk}",
            " · ".join([*_dates(notice, consultation.time_zone), notice.reason]),
        )
        for notice in decided.order_by("-made_at", "-id")[:most]
    ]


def _dates(notice: Notice, zone: str) -> list[str]:
    """Return each change of a date in words, as the page of the consultation says it."""
    texts = {
        ("opens", True): _("%(phase)s: opens %(is)s instead of %(was)s"),
        ("opens", False): _("%(phase)s: opens %(is)s"),
        ("closes", True): _("%(phase)s: closes %(is)s instead of %(was)s"),
        ("closes", False): _("%(phase)s: closes %(is)s"),
    }
    return [
        texts[one["moment"], one["was"] is not None]
        % {
            "phase": one["phase"],
            "is": instant_in(one["is"], zone),
            "was": instant_in(one["was"], zone),
        }
        for one in notice.changes
        if one["is"]
    ]
