"""What hearings add to the pages of a consultation, its calendar and news, and to a submission."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, HostRole
from apps.consultations.sections import (
    Appointment,
    News,
    Section,
    Tab,
    appointments,
    news,
    section,
    workspace_tab,
)
from apps.hearings.calendars import appointment_of
from apps.hearings.models import AgendaItem, Hearing, Speaker
from apps.submissions.models import Submission
from apps.submissions.sections import said_at
from apps.submissions.services import when_merged

MOST_SHOWN = 10
workspace_tab(Tab("hearings", _("Hearings"), "hearings:workspace", HostRole.EDITORS), order=35)


@section("overview", order=12)
def hearings(consultation: Consultation, user: Any) -> Section | None:
    """Name the hearings, the newest last: one query."""
    del user  # what is announced is announced to all
    shown = list(Hearing.objects.announced().filter(consultation=consultation)[:MOST_SHOWN])
    for one in shown:
        one.consultation = consultation
    return Section("hearings/_overview.html", {"hearings": shown}) if shown else None


@appointments
def dates(consultation: Consultation) -> Sequence[Appointment]:
    """Put hearings into the calendar, also those that were cancelled: two queries."""
    shown = list(Hearing.objects.announced().filter(consultation=consultation))
    items: dict[int, list[AgendaItem]] = defaultdict(list)
    for item in AgendaItem.objects.filter(hearing__in=shown):
        items[item.hearing_id].append(item)
    for one in shown:
        one.consultation = consultation
    return [appointment_of(one, items[one.pk]) for one in shown]


@news
def announced(consultation: Consultation, most: int) -> list[News]:
    """Tell of hearings that were announced or cancelled, and of their minutes: one query."""
    shown = Hearing.objects.announced().filter(consultation=consultation)
    found: list[News] = []
    for one in shown.order_by("-changed_at")[:most]:
        one.consultation = consultation
        page, name = one.get_absolute_url(), {"title": one.title}
        if one.announced_at:
            title = translated("Hearing announced: %(title)s") % name
            found.append(News(one.announced_at, title, page, one.description[:400]))
        if one.cancelled_at:
            title = translated("Hearing cancelled: %(title)s") % name
            found.append(News(one.cancelled_at, title, f"{page}#cancelled", one.reason))
        if one.minutes_published_at:
            title = translated("Minutes of the hearing: %(title)s") % name
            found.append(News(one.minutes_published_at, title, one.minutes_url))
    return found


@said_at
def hearing_of(submission: Submission) -> tuple[str, str] | None:
    """Return at which hearing a submission was said, and where its minutes are: one query."""
    said = Q(statements__submission=submission)
    hearing = Hearing.objects.announced().filter(said).select_related("consultation").first()
    if hearing is None:
        return None
    page = hearing.minutes_url if hearing.minutes_published_at else hearing.get_absolute_url()
    return hearing.title, page


@when_merged
def carry_speakers(duplicate: Organisation, into: Organisation) -> None:
    """Let what a duplicate has to say belong to the other; where both asked, each stays."""
    theirs = Speaker.objects.filter(organisation=into).values("hearing")
    Speaker.objects.filter(organisation=duplicate).exclude(hearing__in=theirs).update(
        organisation=into
    )
