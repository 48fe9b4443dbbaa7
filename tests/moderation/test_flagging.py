"""Readers report; the same report twice, two at once, and what is not there."""

import threading

import pytest
from django.db import connection

from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.moderation.errors import InvalidDecision, NothingThere
from apps.moderation.models import Case, Flag
from apps.moderation.services import flag, open_case
from apps.moderation.texts import excerpt_of, parts_of
from apps.submissions.services import start_draft, start_revision, submit, withdraw
from tests.factories import UserFactory
from tests.moderation.cast import everywhere, filed, hidden
from tests.moderation.conftest import SECRET


@pytest.mark.django_db
def test_every_part_has_its_own_case(open_consultation, author, rival):
    one = filed(open_consultation, everywhere(author), by=author)
    parts = parts_of(one)
    assert parts == [
        "",
        "answer:why",
        *("point:1", "point:2"),
        *("attachment:1", "attachment:2", "attachment:3"),
    ]
    for part in parts:
        flag(one, part, rule="hate", by=rival)
    assert sorted(Case.objects.values_list("part", flat=True)) == sorted(parts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part",
    [
        *("answer:", "answer:nothing", "answer:why#2", "point:0", "point:3", "point:1:reason"),
        *("point:01", "reply:1", "attachment:1", "party:1", "title", "x" * 10_000, "a\0b"),
        *("POINT:1", " point:1", "point:١"),
    ],
)
def test_a_part_is_named_exactly_or_not_at_all(submission, rival, part):
    with pytest.raises(NothingThere):
        flag(submission, part, rule="hate", by=rival)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_drafts_replaced_and_withdrawn_ones_take_no_reports(
    submission, author, rival, moderator, open_consultation
):
    later = open_consultation.submissions.get(
        reference=submit(start_revision(submission, by=author), by=author).number
    )
    draft = start_draft(open_consultation, author=rival, group="individual")
    for one in (submission, draft):
        with pytest.raises(NothingThere):
            flag(one, "", rule="hate", by=rival)
        with pytest.raises(NothingThere):
            open_case(one, "", by=moderator)
    withdraw(later, by=author)
    with pytest.raises(NothingThere):
        flag(later, "", rule="hate", by=None)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["author", "analyst", "stranger_to_the_host", "participant"])
def test_only_moderators_open_a_case_without_a_report(submission, who, request):
    with pytest.raises(NotAllowed):
        open_case(submission, "", by=request.getfixturevalue(who))


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["x" * 1_001, "x" * 1_000_000, "a\0b", "\ud800"])
def test_a_text_that_cannot_be_kept_is_refused(submission, rival, text):
    with pytest.raises(InvalidDecision) as refusal:
        flag(submission, "", rule="hate", text=text, by=rival)
    assert list(refusal.value.fields) == ["text"]
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_crowd_does_not_overtake_one_threat(submission, rival):
    for _n in range(30):
        flag(submission, "", rule="hate", by=None)
    flag(submission, "point:1", rule="threat", by=rival)
    ranks = dict(Case.objects.values_list("part", "rank"))
    assert ranks["point:1"] < ranks[""]
    assert Case.objects.get(part="").flags == 30


@pytest.mark.django_db
def test_after_a_decision_a_report_opens_a_new_case(submission, rival, moderator):
    hidden(submission, by=moderator, part="point:1")
    case = flag(submission, "point:1", rule="hate", by=rival)
    assert case.state == "open"
    assert Case.objects.filter(part="point:1").count() == 2


@pytest.mark.django_db
def test_the_record_holds_neither_the_text_nor_the_address(submission, rival):
    flag(submission, "answer:why", rule="hate", text=f"{SECRET} lives there.", by=rival)
    entry = Entry.objects.get(kind="submission.flagged")
    assert entry.detail == {"part": "answer:why", "rule": "hate"}
    assert rival.email not in str(entry.leaf())


@pytest.mark.django_db
def test_who_reports_is_not_shown_words_the_public_does_not_get(open_consultation, author):
    one = filed(open_consultation, everywhere(author), by=author)
    assert "The second names" in excerpt_of(one, "attachment:2")
    one.attachments.update(kept_back="business")
    assert excerpt_of(one, "attachment:2") == ""
    assert "The second names" not in excerpt_of(one, "")


@pytest.mark.django_db
def test_an_account_that_is_deleted_leaves_its_report(submission):
    somebody = UserFactory()
    flag(submission, "", rule="hate", by=somebody)
    somebody.delete()
    assert Flag.objects.get().said_by is None
    flag(submission, "", rule="hate", by=None)
    assert Case.objects.get().flags == 2


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_the_same_moment_make_one_case(submission, rival):
    ready, errors = threading.Barrier(4), []

    def report(by):
        try:
            ready.wait()
            flag(submission, "point:1", rule="hate", by=by)
        except Exception as error:  # noqa: BLE001 - told in the assertion
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=[by]) for by in (rival, rival, None, None)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert errors == []
    case = Case.objects.get()
    assert (case.flags, case.flagged.count()) == (3, 3)
