"""A moderator takes a decision back unasked: the words return, the reason is public."""

import pytest
from django.core import mail
from django.urls import reverse

from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.moderation.errors import (
    AppealWaits,
    DecidedAlready,
    InvalidDecision,
    NothingThere,
    OwnWords,
)
from apps.moderation.models import Case, Decision
from apps.moderation.services import appeal, decide_appeal, lift
from apps.submissions.services import withdraw
from tests.factories import HostRoleFactory
from tests.moderation.cast import everything, hidden, index, redacted, run_all
from tests.moderation.conftest import SECRET

pytestmark = pytest.mark.django_db
TOLD = "I read it again, and it insults nobody."


def taken_back(decision, by, reason="no_rule", statement=TOLD):
    return lift(decision, reason=reason, statement=statement, by=by)


def test_every_word_comes_back_where_it_was(submission, moderator, second_moderator):
    index(submission)
    before = everything()
    first = redacted(submission, SECRET, by=moderator, part="answer:why")
    second = hidden(submission, by=moderator, part="point:1")
    assert everything() != before
    taken_back(first, moderator)  # whoever decided may do so
    taken_back(second, second_moderator)
    assert everything() == before


def test_the_author_is_told_the_reason_and_the_log_has_it(
    submission, author, moderator, client, open_consultation
):
    decision = hidden(submission, by=moderator, part="answer:why")
    run_all()
    mail.outbox.clear()
    taken_back(decision, moderator)
    run_all()
    (told,) = [one for one in mail.outbox if one.to == ["author@example.org"]]
    assert "Your words are back." in told.body
    assert "it breaks no rule" in told.body
    assert TOLD in told.body
    page = client.get(reverse("moderation:log", args=[open_consultation.slug])).content.decode()
    assert "Taken back by a moderator: it breaks no rule" in page
    assert TOLD not in page
    table = client.get(reverse("moderation:log-table", args=[open_consultation.slug]))
    assert "Taken back by a moderator: it breaks no rule" in table.content.decode()
    address = f"/api/v1/consultations/{open_consultation.slug}/moderation/log/"
    (row,) = client.get(address).json()["results"]
    assert (row["appeal"], row["lifted_for"]) == ("lifted", "no_rule")
    assert Entry.objects.get(kind="decision.lifted").detail["reason"] == "no_rule"


def test_nobody_lifts_what_is_about_their_own_words(submission, host, author, moderator):
    decision = hidden(submission, by=moderator)
    HostRoleFactory(host=host, role="moderator", user=author)
    with pytest.raises(OwnWords):
        taken_back(decision, author)


@pytest.mark.parametrize("role", ["editor", "analyst", "dpo"])
def test_only_owners_and_moderators_lift(submission, host, moderator, role):
    decision = hidden(submission, by=moderator)
    with pytest.raises(NotAllowed):
        taken_back(decision, HostRoleFactory(host=host, role=role).user)


def test_an_appeal_that_waits_is_decided_and_not_gone_round(
    submission, author, moderator, second_moderator
):
    decision = hidden(submission, by=moderator)
    lodged = appeal(decision, text="Look again.", by=author)
    with pytest.raises(AppealWaits):
        taken_back(decision, moderator)
    decide_appeal(lodged, outcome="upheld", statement="It stays.", by=second_moderator)
    taken_back(decision, second_moderator, "over")
    assert Decision.objects.get().lifted_for == "over"


def test_what_hides_nothing_now_is_not_lifted(submission, moderator):
    decision = hidden(submission, by=moderator)
    taken_back(decision, moderator)
    with pytest.raises(DecidedAlready):
        taken_back(decision, moderator)
    assert Case.objects.get().state == Case.State.CLOSED


def test_what_was_withdrawn_does_not_come_back(submission, author, moderator):
    decision = hidden(submission, by=moderator)
    withdraw(submission, by=author)
    with pytest.raises(NothingThere):
        taken_back(decision, moderator)


@pytest.mark.parametrize(
    ("reason", "statement", "field"),
    [("", TOLD, "reason"), ("because", TOLD, "reason"), ("no_rule", " ", "statement")],
)
def test_a_published_reason_and_a_statement_are_needed(
    submission, moderator, reason, statement, field
):
    decision = hidden(submission, by=moderator)
    with pytest.raises(InvalidDecision) as refused:
        taken_back(decision, moderator, reason, statement)
    assert list(refused.value.fields) == [field]
    assert Decision.objects.get().stands


def test_a_moderator_lifts_on_the_page_of_the_case_and_over_the_api(
    submission, author, moderator, client, open_consultation
):
    client.force_login(moderator)
    decision = hidden(submission, by=moderator, part="point:1")
    case = reverse("moderation:case", args=[open_consultation.slug, decision.case_id])
    place = reverse("moderation:lift", args=[open_consultation.slug, decision.pk])
    assert place in client.get(case).content.decode()
    assert client.post(place, {"reason": "", "statement": TOLD}).status_code == 422
    done = client.post(place, {"reason": "too_much", "statement": TOLD}, follow=True)
    assert "more was hidden than needed" in done.content.decode()
    assert place not in done.content.decode()
    second = hidden(submission, by=moderator, part="point:2")
    root = f"/api/v1/workspace/{open_consultation.slug}/moderation/decisions/{second.pk}/lift/"
    typed = {"reason": "wrong_part", "statement": TOLD}
    answer = client.post(root, typed, content_type="application/json")
    assert answer.json()["decisions"][0]["lifted_for"] == "wrong_part"
    client.force_login(author)
    words = client.get(
        reverse("briefings:words", args=[open_consultation.slug, submission.reference])
    )
    assert TOLD in words.content.decode()
