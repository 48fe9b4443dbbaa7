"""What a response to everything that matches would reach, said before it is published."""

from dataclasses import dataclass, replace

from apps.consultations.models import Consultation
from apps.notifications.models import Following, Frequency, Kind
from apps.responses.ledger import (
    Count,
    LedgerFilter,
    count_of,
    count_own,
    rows_of,
)

MOST_FOLLOWED = 2_000  # points


@dataclass(frozen=True)
class Reach:
    """How far a response goes.

    new       how many points or answers get their first response
    answered  how many have one, which stands unless it is asked for
    people    how many get a mail of the new ones
    own       of how many the letter alone is answered, and own words beside it stay open
    own_open  in how many own words beside a letter are open now
    """

    new: Count
    answered: Count
    people: Count
    own: Count
    own_open: Count


def reach_of(
    consultation: Consultation, asked: LedgerFilter, *, matching: Count, has_letters: bool
) -> Reach:
    """Return what a response to everything would reach; counted up to the bound of the ledger.

    matching     how many match, answered or not
    has_letters  whether a search found texts with several senders
    """
    still_open = replace(asked, is_open=True)
    new = matching if asked.is_open else count_of(consultation, still_open)
    own = own_open = Count(0)
    if has_letters and not asked.own:
        # What holds own words stays open after its letter is answered, and is not answered again.
        own_open, given = count_own(consultation, asked)
        own = Count(max(own_open.n - given, 0))
        new = new._replace(n=max(new.n - given, 0))
    answered = Count(max(matching.n - new.n, 0), matching.is_more)
    is_told = new.n and consultation.is_published
    people = _people(consultation, still_open) if is_told else Count(0)
    return Reach(new, answered, people, own, own_open)


def _people(consultation: Consultation, asked: LedgerFilter) -> Count:
    """Count the people who follow one of the submissions and want mail.

    Of more than some thousand points it is told of so many that there are more: as one statement
    over all of them, PostgreSQL compares every follower with every point.
    """
    points = rows_of(consultation, asked).order_by()
    said = list(points.values_list("submission__reference", flat=True)[: MOST_FOLLOWED + 1])
    topics = {Kind.SUBMISSION.topic(consultation.slug, str(reference)) for reference in said}
    followed = Following.objects.filter(topic__in=topics, user__is_active=True)
    wanted = followed.exclude(frequency=Frequency.OFF).order_by()
    return Count(wanted.values("user").distinct().count(), len(said) > MOST_FOLLOWED)
