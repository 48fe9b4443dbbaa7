"""One announced hearing of the open consultation, and the same after it was held."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.hearings.models import Speaker
from apps.hearings.services import (
    Confirmation,
    StatementInput,
    answer_statements,
    send_statements,
    write_statement,
)
from tests.factories import AgendaItemFactory, HearingFactory, SpeakerFactory


@pytest.fixture
def hearing(open_consultation):
    """Announced, in ten days, two hours long, with one item about article 1."""
    made = HearingFactory(consultation=open_consultation, slug="hearing", title="A hearing")
    AgendaItemFactory(hearing=made, title="Thresholds", provisions=["article-1"])
    return made


@pytest.fixture
def held(hearing):
    """The same, held yesterday."""
    begun = timezone.now() - timedelta(days=1)
    hearing.requests_close_at = hearing.starts_at = begun
    hearing.ends_at = begun + timedelta(hours=2)
    hearing.save()
    return hearing


@pytest.fixture
def speaker(held, participant):
    """A private person on the list, who chose not to be named."""
    return SpeakerFactory(hearing=held, person=participant, state=Speaker.State.ACCEPTED)


@pytest.fixture
def spokeswoman(held, member, forum):
    """Who speaks for the forum."""
    return SpeakerFactory(
        hearing=held,
        person=member,
        organisation=forum,
        organisation_name=forum.name,
        group="civil",
        state=Speaker.State.ACCEPTED,
        position=2,
    )


@pytest.fixture
def unknown(held):
    """A speaker without an account, added by hand."""
    return SpeakerFactory(
        hearing=held,
        person=None,
        name="Uma Unknown",
        organisation_name="Union of Crews",
        email="uma@example.org",
        group="union",
        state=Speaker.State.ACCEPTED,
        position=3,
    )


@pytest.fixture
def write(owner):
    """Write down, and by default send, what a speaker said about article 1."""

    def written(speaker, text="Seventy-two hours are too long.", *, is_sent=True, **more):
        entered = {"about": "provision:article-1", "stance": "oppose", **more}
        made = write_statement(speaker, StatementInput(text, **entered), by=owner)
        if is_sent:
            send_statements(speaker, by=owner)
            made.refresh_from_db()
        return made

    return written


@pytest.fixture
def confirm():
    """Answer all that waits for a speaker with one act."""

    def confirmed(speaker, act="confirm", *, by, **more):
        waiting = list(speaker.statements.unanswered())
        given = [Confirmation(one.pk, act, one.revision, **more) for one in waiting]
        return answer_statements(speaker, given, by=by)

    return confirmed
