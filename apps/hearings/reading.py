"""What everybody may read of the minutes: what was confirmed, and stands on the record still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.consultations.models import Consultation
from apps.core.dates import day_in_words
from apps.hearings.models import AgendaItem, Hearing, Speaker, Statement
from apps.hearings.places import Place, places_of
from apps.submissions.models import Submission

READABLE = (Submission.State.SUBMITTED, Submission.State.SUPERSEDED)


@dataclass(frozen=True)
class Said:
    """One confirmed statement.

    who        the name everybody may read, "" for a private person
    words      "" where they were withdrawn, or are kept back since
    url        of the point or the answer in the submission
    confirmed  on which day that was, and whether in other words than staff's
    """

    statement: Statement
    place: Place | None
    who: str
    group: str
    words: str
    url: str
    confirmed: str

    @property
    def stance(self) -> str:
        """Return the stance, as long as the words stand."""
        return self.statement.final_stance if self.words else ""

    @property
    def confirmed_at(self) -> datetime | None:
        """Return when the speaker confirmed it, as long as the words stand."""
        return self.statement.answered_at if self.words else None


@dataclass(frozen=True)
class Matter:
    """What was said to one item of the agenda; None where it belongs to no item."""

    item: AgendaItem | None
    said: Sequence[Said]


def minutes_of(hearing: Hearing) -> list[Matter]:
    """Return the confirmed statements, matter by matter: four queries for any number."""
    statements = list(hearing.statements.public().in_order())
    places = places_of(hearing.consultation, {one.about for one in statements})
    rows = [_said(one, hearing.consultation, places.get(one.about)) for one in statements]
    items: list[AgendaItem | None] = [*hearing.items.all(), None]
    matters = [
        Matter(item, [row for row in rows if row.statement.item_id == (item.pk if item else None)])
        for item in items
    ]
    return [one for one in matters if one.item is not None or one.said]


def _said(statement: Statement, consultation: Consultation, place: Place | None) -> Said:
    speaker, submission = statement.speaker, statement.submission
    if submission is None:  # `public` yields none such
        return Said(statement, place, "", speaker.group, "", "", "")
    submission.consultation = consultation
    url = submission.get_absolute_url()
    kept = ""
    if statement.point is not None:
        kept, url = statement.point.reason, f"{url}#point-{statement.point.number}"
    elif statement.answer is not None:
        kept, url = statement.answer.text, f"{url}#answer-{statement.answer.pk}"
    # The submission has the last word: its author may withdraw it, or keep words back.
    stands = submission.state in READABLE and statement.words in kept
    who = speaker.public_name if _is_named(speaker, submission) else ""
    words = statement.words if stands else ""
    confirmed = _confirmed(statement, consultation)
    return Said(statement, place, who, speaker.group, words, url, confirmed)


def _confirmed(statement: Statement, consultation: Consultation) -> str:
    if statement.answered_at is None:
        return ""
    told = {"day": day_in_words(statement.answered_at.astimezone(consultation.zone))}
    if statement.is_corrected:
        return _("Confirmed on %(day)s, in the speaker’s own words") % told
    return _("Confirmed on %(day)s") % told


def _is_named(speaker: Speaker, submission: Submission) -> bool:
    """Return whether the name may still be shown beside the words.

    Of an organisation the record says it: withholding the name takes it off every version. A
    private person has no name there, so any newer version may be meant to withhold it.
    """
    if speaker.organisation_name:
        return submission.is_named()
    is_open = submission.visibility != Submission.Visibility.WITHHELD
    return submission.is_submitted and is_open
