"""What a response to everything that matches would reach, said before it is published."""

from dataclasses import dataclass, replace

from django.db.models import Value
from django.db.models.functions import Concat

from apps.consultations.models import Consultation
from apps.notifications.models import Following, Frequency, Kind
from apps.responses.ledger import MOST_COUNTED, Count, LedgerFilter, count_of, rows_of


@dataclass(frozen=True)
class Reach:
    """How far a response goes.

    new       how many points or answers get their first response
    answered  how many have one, which stands unless it is asked for
    people    how many get a mail of the new ones
    """

    new: Count
    answered: Count
    people: Count


def reach_of(consultation: Consultation, asked: LedgerFilter, *, matching: Count) -> Reach:
    """Return what a response to everything would reach; counted up to the bound of the ledger.

    matching  how many match, answered or not
    """
    still_open = replace(asked, is_open=True)
    new = matching if asked.is_open else count_of(consultation, still_open)
    answered = Count(max(matching.n - new.n, 0), matching.is_more)
    if not new.n or not consultation.is_published:
        return Reach(new, answered, Count(0))
    return Reach(new, answered, _people(consultation, still_open, new))


def _people(consultation: Consultation, asked: LedgerFilter, new: Count) -> Count:
    """Count the people who follow one of the submissions and want mail."""
    said = rows_of(consultation, asked).order_by()[:MOST_COUNTED]
    topic = Concat(Value(Kind.SUBMISSION.topic(consultation.slug, "")), "submission__reference")
    followed = Following.objects.filter(
        topic__in=said.annotate(topic=topic).values("topic"), user__is_active=True
    )
    wanted = followed.exclude(frequency=Frequency.OFF).order_by()
    people = wanted.values("user").distinct().count()
    return Count(people, new.is_more or new.n > MOST_COUNTED)
