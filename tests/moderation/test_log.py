"""The public log: what was decided, counted by group, without names, references and words."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.moderation.counting import statistics_of
from apps.moderation.models import Appeal, Case, Decision
from apps.submissions.models import GroupTally, Submission
from apps.submissions.tallies import recount_groups
from tests.factories import ConsultationFactory, SubmissionFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "Zanzibarine Quillfeather"


@pytest.fixture
def consultation():
    return ConsultationFactory(slug="pause", moderation_policy="We hide as little as we can.")


def case_of(consultation, *, group="civil", part="point:1", flags=1, **more):
    submission = SubmissionFactory(
        consultation=consultation, group=group, organisation_name=SECRET, **more
    )
    return Case.objects.create(
        consultation=consultation,
        submission=submission,
        part=part,
        group=group,
        state=Case.State.DECIDED,
        flags=flags,
    )


def decision_on(case, action="redact", **more):
    values = {
        "rule": "" if action == "keep" else "personal",
        "statement": f"About {SECRET}.",
        "decided_by": UserFactory(),
        "removed": [] if action == "keep" else [{"words": SECRET}],
    }
    return Decision.objects.create(
        case=case, consultation=case.consultation, action=action, **(values | more)
    )


def page(client, name="log", **query):
    answer = client.get(reverse(f"moderation:{name}", args=["pause"]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def table(client, name):
    answer = client.get(reverse(f"moderation:{name}", args=["pause"]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "pause-moderation" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def log_in_api(client, **query):
    answer = client.get(reverse("api:moderation-log", args=["pause"]), query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_page_shows_policy_rules_and_each_decision_that_removed_something(client, consultation):
    decision_on(case_of(consultation), public_note="A telephone number.")
    shown = page(client)
    assert "We hide as little as we can." in shown
    assert 'id="rule-personal"' in shown
    assert "A telephone number." in shown
    assert "Words redacted" in shown
    (row,) = log_in_api(client)["results"]
    assert (row["kind"], row["group"], row["rule"]) == ("point", "civil", "personal")
    assert (row["action"], row["appeal"]) == ("redact", "none")
    assert row["note"] == "A telephone number."


def test_decisions_to_keep_are_counted_and_not_listed(client, consultation):
    decision_on(case_of(consultation), "keep")
    assert log_in_api(client)["results"] == []
    assert table(client, "log-table") == []
    assert "Nothing was removed so far" in page(client)
    rows = {row["Group"]: row for row in table(client, "statistics-table")}
    assert rows["Civil society"]["Kept"] == "1"


@pytest.mark.parametrize("name", ["log", "log-table", "statistics-table"])
def test_no_name_no_reference_and_no_word_is_in_it(client, consultation, name):
    case = case_of(consultation, reference="PL-SECRET-1")
    decision = decision_on(case)
    Appeal.objects.create(decision=decision, text=f"I am {SECRET}.", said_by=UserFactory())
    answer = client.get(reverse(f"moderation:{name}", args=["pause"])).content.decode()
    for secret in (SECRET, "PL-SECRET-1", decision.decided_by.email):
        assert secret not in answer


def test_no_name_no_reference_and_no_word_is_in_the_api(client, consultation):
    decision_on(case_of(consultation, reference="PL-SECRET-1"))
    for name in ("moderation-log", "moderation-statistics"):
        answer = client.get(reverse(f"api:{name}", args=["pause"])).content.decode()
        assert SECRET not in answer
        assert "PL-SECRET-1" not in answer


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("", "submission"),
        ("answer:why#2", "answer"),
        ("point:2", "point"),
        ("reply:1", "reply"),
        ("attachment:1", "attachment"),
    ],
)
def test_the_kind_of_a_part_is_named_and_not_which_one(client, consultation, part, kind):
    decision_on(case_of(consultation, part=part))
    (row,) = log_in_api(client)["results"]
    assert row["kind"] == kind
    assert part not in page(client) or not part


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("", "Appeal not decided yet"),
        ("upheld", "Appealed: the decision stands"),
        ("reversed", "Appealed: the words are back"),
    ],
)
def test_appeals_are_told_with_their_outcome(client, consultation, outcome, said):
    decision = decision_on(case_of(consultation))
    decided = {"decided_at": timezone.now(), "decided_by": UserFactory()} if outcome else {}
    Appeal.objects.create(
        decision=decision,
        text="Mine.",
        outcome=outcome,
        statement="So." if outcome else "",
        **decided,
    )
    assert said in page(client)
    assert table(client, "log-table")[0]["Appeal"] == said
    assert log_in_api(client)["results"][0]["appeal"] == (outcome or "open")


def test_dates_are_those_of_the_consultations_clock(client, consultation):
    consultation.time_zone = "Pacific/Auckland"
    consultation.save()
    decision_on(case_of(consultation), decided_at=datetime(2026, 3, 1, 22, 0, tzinfo=UTC))
    assert "2 March 2026" in page(client)
    assert table(client, "log-table")[0]["Date"] == "2026-03-02"


def test_cells_are_safe_for_spreadsheets(client, consultation):
    decision_on(case_of(consultation), public_note="=1+1")
    assert table(client, "log-table")[0]["Note"] == "'=1+1"


def test_the_log_is_read_page_by_page_newest_first(client, consultation):
    for number in reversed(range(53)):
        decision_on(case_of(consultation), public_note=f"note {number:02}.")
    first = page(client)
    assert first.index("note 00.") < first.index("note 49.")
    assert "note 50." not in first
    after = first.partition("?after=")[2].partition("#")[0]
    second = page(client, after=after)
    assert "note 50." in second
    assert "note 52." in second
    assert "note 49." not in second
    assert client.get(reverse("moderation:log", args=["pause"]), {"after": "x"}).status_code == 400


def test_queries_do_not_grow_with_the_log(client, consultation, django_assert_max_num_queries):
    def asked(name):
        with django_assert_max_num_queries(12) as found:
            client.get(reverse(name, args=["pause"]))
        return len(found)

    names = ("moderation:log", "moderation:log-table", "api:moderation-log")
    decision_on(case_of(consultation))
    few = [asked(name) for name in names]
    for group in ("company", "union", "civil", "research") * 5:
        Appeal.objects.create(decision=decision_on(case_of(consultation, group=group)), text="No.")
    assert [asked(name) for name in names] == few


def test_statistics_count_what_was_done_to_each_group(client, consultation):
    kept = case_of(consultation, group="company", flags=3)
    decision_on(kept, "keep")
    redacted = case_of(consultation, group="civil", flags=2)
    taken_back = decision_on(redacted, "redact", reversed_at=timezone.now())
    Appeal.objects.create(
        decision=taken_back,
        text="Mine.",
        outcome="reversed",
        statement="So.",
        decided_by=UserFactory(),
        decided_at=timezone.now(),
    )
    decision_on(case_of(consultation, group="civil", flags=1), "hide", rule="threat")
    recount_groups(consultation)
    answer = client.get(reverse("api:moderation-statistics", args=["pause"])).json()
    rows = {row["group"]: row for row in answer["groups"]}
    assert len(rows) == 8
    civil = rows["civil"]
    assert {name: civil[name] for name in ("submissions", "cases", "flags", "touched")} == {
        "submissions": 2,
        "cases": 2,
        "flags": 3,
        "touched": 1,
    }
    assert (civil["redacted"], civil["hidden"], civil["kept"]) == (1, 1, 0)
    assert (civil["appeals"], civil["reversed"]) == (1, 1)
    assert (rows["company"]["kept"], rows["company"]["touched"]) == (1, 0)
    shown = {row["Group"]: row for row in table(client, "statistics-table")}
    assert shown["Civil society"]["Submissions touched"] == "1"
    assert "50%" in page(client).replace("&nbsp;", "")


def filed(consultation, group, size, touched):
    GroupTally.objects.create(consultation=consultation, group=group, submissions=size)
    for _number in range(touched):
        decision_on(case_of(consultation, group=group))


def test_a_group_that_is_touched_clearly_more_often_is_named_in_words(client, consultation):
    filed(consultation, "union", 40, 12)
    filed(consultation, "company", 400, 6)
    (row,) = statistics_of(consultation).standing_out
    assert row.group == "union"
    shown = " ".join(page(client).replace("\u00a0", " ").split())
    assert "Words were removed from 30 % of the submissions of this group: Trade union" in shown
    assert "Of all other groups: 1.5 %." in shown
    groups = client.get(reverse("api:moderation-statistics", args=["pause"])).json()["groups"]
    assert [one["group"] for one in groups if one["is_clearly_more"]] == ["union"]


def test_a_single_case_names_no_group(client, consultation):
    filed(consultation, "union", 1, 1)
    filed(consultation, "company", 400, 0)
    assert "No group was touched clearly more often than the rest." in page(client)


def test_withdrawn_and_replaced_submissions_do_not_count_as_touched(consultation):
    case = case_of(consultation, group="union")
    decision_on(case)
    Submission.objects.filter(pk=case.submission_id).update(state="superseded")
    recount_groups(consultation)
    row = next(row for row in statistics_of(consultation).rows if row.group == "union")
    assert (row.touched, row.redacted) == (0, 1)


def test_a_revision_of_a_touched_submission_is_touched_once(consultation):
    earlier = case_of(consultation, group="union")
    decision_on(earlier)
    Submission.objects.filter(pk=earlier.submission_id).update(state="superseded")
    later = case_of(consultation, group="union", revises_id=earlier.submission_id)
    recount_groups(consultation)

    def touched():
        return statistics_of(consultation).total.touched

    assert touched() == 1
    decision_on(later)
    assert touched() == 1
    Submission.objects.filter(pk=later.submission_id).update(state="withdrawn")
    assert touched() == 0


def test_another_consultations_decisions_are_not_in_it(client, consultation):
    decision_on(case_of(ConsultationFactory(slug="other")))
    assert log_in_api(client)["results"] == []
    assert statistics_of(consultation).total.cases == 0


@pytest.mark.parametrize("name", ["log", "log-table", "statistics-table"])
def test_of_a_draft_nothing_is_shown(client, consultation, name):
    consultation.published_at = None
    consultation.save()
    assert client.get(reverse(f"moderation:{name}", args=["pause"])).status_code == 404


def test_the_page_of_the_consultation_leads_to_it(client, consultation):
    shown = client.get(consultation.get_absolute_url()).content.decode()
    assert reverse("moderation:log", args=["pause"]) in shown


def test_a_part_is_not_named_twice_for_two_decisions(consultation):
    case = case_of(consultation, group="union")
    decision_on(case)
    decision_on(case, "hide")
    recount_groups(consultation)
    row = next(row for row in statistics_of(consultation).rows if row.group == "union")
    assert (row.touched, row.redacted, row.hidden) == (1, 1, 1)
