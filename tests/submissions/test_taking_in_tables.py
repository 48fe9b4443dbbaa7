"""A table of another tool is taken in: uploaded, mapped, run, and run again without doubles."""

import hashlib
import os
import random
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.errors import NotAllowed
from apps.jobs.executing import run_until_idle
from apps.submissions import storing
from apps.submissions.errors import FileGone, InvalidContent
from apps.submissions.importing import known, loading
from apps.submissions.importing.running import mark_failed
from apps.submissions.models import Answer, GroupTally, ImportUpload, Submission
from apps.submissions.services import labels_of, map_columns, proposed_plan, run_import
from tests.submissions import take_in as taking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.parametrize(("name", "write"), [("c.csv", taking.as_csv), ("c.xlsx", taking.as_xlsx)])
def test_a_real_docket_is_taken_in_as_proposed(closed_consultation, owner, name, write):
    header, rows = taking.docket()
    done = taking.take_in(closed_consultation, write(header, *rows), by=owner, name=name)
    assert (done.state, done.failure) == ("done", "")
    assert (done.rows, done.added, done.rejected) == (647, 647, 0)
    assert closed_consultation.submissions.filter(source="import").count() == 647
    assert closed_consultation.submissions.filter(state="withdrawn").count() == 1
    one = closed_consultation.submissions.get(reference="CMS-2022-0163-0002")
    assert one.source_url == "https://www.regulations.gov/comment/CMS-2022-0163-0002"
    assert f"{one.submitted_at:%Y-%m-%d}" == "2022-10-07"


def test_csv_and_xlsx_of_the_same_rows_give_the_same(open_consultation, closed_consultation, owner):
    header, rows = taking.docket()
    taking.take_in(open_consultation, taking.as_csv(header, *rows), by=owner)
    taking.take_in(closed_consultation, taking.as_xlsx(header, *rows), by=owner, name="a.xlsx")

    def held(consultation):
        answers = Answer.objects.filter(submission__consultation=consultation)
        fields = ("submission__reference", "submission__submitted_at", "submission__group", "text")
        return {row[0]: (*row[1:3], row[3].strip()) for row in answers.values_list(*fields)}

    assert held(open_consultation) == held(closed_consultation)


def test_what_another_tool_asked_is_not_asked_of_everybody_here(open_consultation, owner):
    asked = set(open_consultation.questions.asked().values_list("key", flat=True))
    taking.take_in(open_consultation, taking.as_csv(["id", "text"], ["1", "Words."]), by=owner)
    assert set(open_consultation.questions.asked().values_list("key", flat=True)) == asked
    assert open_consultation.questions.get(key="comment").archived_at is not None


def spoiled(header, rows):
    """Spoil three rows in ten of a docket; return the rows, and which were spoiled."""
    bad = set(random.Random(7).sample(range(len(rows)), round(0.3 * len(rows))))
    place = header.index("received_date")
    mended = [list(row) for row in rows]
    for number in bad:
        mended[number][place] = "10/24/2022"
    return mended, bad


@pytest.mark.parametrize(("name", "write"), [("c.csv", taking.as_csv), ("c.xlsx", taking.as_xlsx)])
def test_three_bad_rows_in_ten_are_in_the_rejects_and_the_others_are_in(
    closed_consultation, owner, name, write
):
    header, rows = taking.docket()
    wrong, bad = spoiled(header, rows)
    done = taking.take_in(closed_consultation, write(header, *wrong), by=owner, name=name)
    assert (done.rows, done.added, done.rejected, done.taken) == (647, 453, 194, 453)
    out = taking.rejected(done)
    assert len(out) == len(bad) == 194
    assert {row["comment_id"] for row in out} == {rows[number][0] for number in bad}
    assert all("does not begin with the year; choose" in row["reason"] for row in out)
    assert list(out[0]) == ["line", "reason", *header]
    assert done.reasons[0][1] == 194
    there = set(closed_consultation.submissions.values_list("reference", flat=True))
    assert there == {rows[number][0] for number in range(647) if number not in bad}


def test_the_mended_rejects_file_adds_the_rest_and_doubles_nothing(closed_consultation, owner):
    header, rows = taking.docket()
    wrong, _bad = spoiled(header, rows)
    done = taking.take_in(closed_consultation, taking.as_csv(header, *wrong), by=owner)
    right = {row[0]: row[header.index("received_date")] for row in rows}
    out = taking.rejected(done)
    for row in out:
        row["received_date"] = right[row["comment_id"]]
    mended = taking.as_csv(list(out[0]), *[list(row.values()) for row in out])
    again = taking.take_in(closed_consultation, mended, by=owner, name="mended.csv")
    assert (again.rows, again.added, again.rejected) == (194, 194, 0)
    whole = taking.take_in(closed_consultation, taking.as_csv(header, *rows), by=owner)
    assert (whole.added, whole.rejected, whole.taken) == (0, 0, 647)
    assert closed_consultation.submissions.count() == 647
    texts = Answer.objects.filter(submission__consultation=closed_consultation)
    assert texts.count() == len({row[0] for row in rows if row[header.index("text")].strip()})


def test_running_the_same_file_again_doubles_nothing(closed_consultation, owner):
    data = taking.as_csv(["id", "text"], ["1", "One."], ["2", "Two."], ["3", ""])
    first = taking.take_in(closed_consultation, data, by=owner)
    second = taking.run(taking.upload(closed_consultation, data, by=owner), by=owner)
    assert first.pk == second.pk
    assert (first.added, first.rejected) == (2, 1)
    assert (second.added, second.already_there, second.rejected) == (0, 2, 1)
    assert closed_consultation.submissions.count() == 2


def test_rows_without_references_are_not_doubled_either(closed_consultation, owner):
    data = taking.as_csv(["text"], ["Same."], ["Same."], ["Other."])
    taking.take_in(closed_consultation, data, by=owner)
    again = taking.take_in(closed_consultation, data + b"New.\r\n", by=owner)
    assert again.added == 1
    assert closed_consultation.submissions.count() == 4


def test_the_log_says_what_was_taken_in_from_which_file(closed_consultation, owner):
    data = taking.as_csv(["id", "text"], ["1", "One."], ["2", ""])
    taking.take_in(closed_consultation, data, by=owner)
    digest = hashlib.sha256(data).hexdigest()
    kinds = ("import.uploaded", "import.started", "submissions.import_finished")
    entries = {e.kind: e for e in Entry.objects.filter(kind__in=kinds)}
    assert set(entries) == set(kinds)
    assert all(entry.detail["file"] == digest for entry in entries.values())
    finished = entries["submissions.import_finished"].detail
    assert (finished["submissions"], finished["rejected"]) == (1, 1)


def test_columns_for_each_question_become_answers_of_one_submission(open_consultation, owner):
    data = taking.as_csv(
        ["Ref", "Why?", "How?", "Which?", "Much?", "Position?", "Comment"],
        ["1", "Because.", "Choice a", "a; b", "4", "Support with changes", "And more."],
        ["2", "", "nothing", "", "", "", ""],
        ["3", "So.", "", "", "9", "", ""],
        ["4", "So.", "", "", "", "perhaps", ""],
        ["1", "Again.", "", "", "", "", ""],
    )
    how = open_consultation.questions.get(key="how").choices.get(key="a")
    how.label = "Choice a"
    how.save()
    done = taking.take_in(open_consultation, data, by=owner)
    assert [(int(r["line"]), r["Ref"]) for r in taking.rejected(done)] == [
        (3, "2"),
        (4, "3"),
        (5, "4"),
        (6, "1"),
    ]
    answers = open_consultation.submissions.get(reference="1").answers
    by_key = {one.question.key: one for one in answers.select_related("question")}
    assert by_key["why"].text == "Because."
    assert [c.key for c in by_key["how"].choices.all()] == ["a"]
    assert sorted(c.key for c in by_key["which"].choices.all()) == ["a", "b"]
    assert (by_key["much"].scale, by_key["position"].stance) == (4, "changes")
    assert by_key["comment"].text == "And more."
    again = taking.run(done, by=owner)
    assert (again.added, again.rejected) == (0, 4)
    assert open_consultation.submissions.get(reference="1").answers.count() == 6


def test_groups_are_what_staff_say_and_other_only_where_they_say_so(closed_consultation, owner):
    data = taking.as_csv(
        ["id", "category", "text"],
        ["1", "EU_CITIZEN", "a"],
        ["2", "Guild", "b"],
        ["3", "", "c"],
        ["4", "Guild", "d"],
    )
    made = taking.upload(closed_consultation, data, by=owner)
    plan = proposed_plan(made)
    assert labels_of(made, plan) == {"EU_CITIZEN": 1, "Guild": 2, "": 1}
    map_columns(made, plan, by=owner)
    with pytest.raises(InvalidContent) as refused:
        run_import(made, by=owner)
    assert "rest" in refused.value.fields
    groups = {"EU_CITIZEN": "individual", "Guild": "association"}
    done = taking.run(made, by=owner, groups=groups, rest="company")
    found = dict(closed_consultation.submissions.values_list("reference", "group"))
    assert found == {"1": "individual", "2": "association", "3": "company", "4": "association"}
    assert done.state == "done"


def test_who_is_no_staff_takes_nothing_in(closed_consultation, owner, analyst, participant):
    data = taking.as_csv(["id", "text"], ["1", "One."])
    made = taking.upload(closed_consultation, data, by=owner)
    for person in (analyst, participant):
        with pytest.raises(NotAllowed):
            taking.upload(closed_consultation, data, by=person)
        with pytest.raises(NotAllowed):
            map_columns(made, proposed_plan(made), by=person)
        with pytest.raises(NotAllowed):
            run_import(made, by=person)
    assert not Submission.objects.exists()


def test_columns_with_details_of_people_are_neither_proposed_nor_taken(closed_consultation, owner):
    data = taking.as_csv(["id", "First Name", "Email", "Comment"], ["1", "Jo", "j@e.org", "Words."])
    made = taking.upload(closed_consultation, data, by=owner)
    plan = proposed_plan(made)
    assert plan.fields == {"reference": "id", "text": "Comment"}
    with pytest.raises(InvalidContent) as refused:
        taking.run(made, by=owner, fields={**plan.fields, "organisation": "First Name"})
    assert "personal" in str(refused.value.fields["organisation"][0])


@pytest.mark.parametrize(
    ("columns", "proposed"),
    [
        (
            ("Ref", "Org", "Type", "Comment"),
            {"reference": "Ref", "organisation": "Org", "group": "Type", "text": "Comment"},
        ),
        (
            ("Name of organisation", "Comments"),
            {"organisation": "Name of organisation", "text": "Comments"},
        ),
        (
            ("Submitter", "Stakeholder type", "Response"),
            {"organisation": "Submitter", "group": "Stakeholder type", "text": "Response"},
        ),
        (
            ("Organisation name", "Submitter", "Feedback"),
            {"organisation": "Organisation name", "text": "Feedback"},
        ),
        (
            ("Numéro", "Nom de l’organisation", "Catégorie d’acteurs", "Pays", "Réponse"),
            {
                "reference": "Numéro",
                "organisation": "Nom de l’organisation",
                "group": "Catégorie d’acteurs",
                "country": "Pays",
                "text": "Réponse",
            },
        ),
        (
            ("Organización", "Tipo de organización", "País", "Fecha", "Comentario"),
            {
                "organisation": "Organización",
                "group": "Tipo de organización",
                "country": "País",
                "submitted_at": "Fecha",
                "text": "Comentario",
            },
        ),
        (
            ("اسم المنظمة", "الفئة", "البلد", "التعليق"),
            {
                "organisation": "اسم المنظمة",
                "group": "الفئة",
                "country": "البلد",
                "text": "التعليق",
            },
        ),
    ],
)
def test_usual_names_of_columns_are_proposed_with_and_without_marks(columns, proposed):
    assert known.propose(columns, []).fields == proposed


def test_the_columns_of_other_tools_are_known(closed_consultation, owner):
    bulk = [
        *("Document ID", "Agency ID", "Docket ID", "Tracking Number", "Title", "Posted Date"),
        *("Received Date", "First Name", "Last Name", "Organization Name", "Country", "Category"),
        *("Comment", "Attachment Files"),
    ]
    row = ["A-1", "A", "A", "x", "Comment from X", "2022-01-02", "2022-01-01T05:00Z", "Jo", "Doe"]
    row += [
        "X Inc.",
        "United States",
        "Vendor",
        "Words.",
        "https://a.org/1.pdf,https://a.org/2.pdf",
    ]
    done = taking.take_in(closed_consultation, taking.as_csv(bulk, row), by=owner)
    assert done.mapping["source"] == "regulations.gov"
    one = closed_consultation.submissions.get(reference="A-1")
    assert (one.organisation_name, one.attachments_declared) == ("X Inc.", 2)
    europe = [
        *("reference", "language", "date_feedback", "user_type", "first_name", "surname"),
        *("organization", "company_size", "tr_number", "country", "feedback"),
    ]
    rows = [
        [
            "F1",
            "DE",
            "2021/06/22 15:03:33",
            "NGO",
            "Jo",
            "Doe",
            "Y e.V.",
            "",
            "1-2",
            "DEU",
            "Nein.",
        ],
        ["F2", "EN", "2021/06/23 15:03:33", "EU_CITIZEN", "J", "D", "", "", "", "FRA", "Well."],
    ]
    made = taking.upload(closed_consultation, taking.as_csv(europe, *rows), by=owner, name="e.csv")
    done = taking.run(made, by=owner, groups={"NGO": "civil", "EU_CITIZEN": "individual"})
    assert (done.mapping["source"], done.rejected) == ("EU Have your say", 0)
    one = closed_consultation.submissions.get(reference="F1")
    assert (one.language, one.country, one.group) == ("de", "DE", "civil")
    assert f"{one.submitted_at:%Y-%m-%d %H:%M}" == "2021-06-22 15:03"


def test_the_eu_portal_is_known_with_its_dates_and_names_of_languages(closed_consultation, owner):
    europe = ["reference", "language", "date_feedback", "user_type", "country", "feedback"]
    row = ["F1", "English", "21/11/2022 10:00:00", "EU_CITIZEN", "Czech Republic", "Well."]
    made = taking.upload(closed_consultation, taking.as_csv(europe, row), by=owner, name="e.csv")
    done = taking.run(made, by=owner, groups={"EU_CITIZEN": "individual"})
    assert done.rejected == 0
    one = closed_consultation.submissions.get(reference="F1")
    assert (one.language, one.country) == ("en", "CZ")
    assert f"{one.submitted_at:%Y-%m-%d %H:%M}" == "2022-11-21 10:00"


def test_a_date_of_unknown_order_names_the_setting_that_helps(closed_consultation, owner):
    data = taking.as_csv(["id", "date", "text"], ["1", "21/11/2022 10:00:00", "a"])
    done = taking.take_in(closed_consultation, data, by=owner)
    assert done.rejected == 1
    assert "How dates are written" in done.reasons[0][0]


def test_an_unknown_country_stays_as_it_is_written(closed_consultation, owner):
    data = taking.as_csv(
        ["id", "country", "text"], ["1", "United States", "a"], ["2", "Old Prussia", "b"]
    )
    taking.take_in(closed_consultation, data, by=owner)
    countries = closed_consultation.submissions.order_by("pk").values_list("country", flat=True)
    assert list(countries) == ["US", "Old Prussia"]


@pytest.mark.parametrize(("order", "day"), [("day", "2022-11-10"), ("month", "2022-10-11")])
def test_dates_are_read_in_the_order_staff_say(closed_consultation, owner, order, day):
    data = taking.as_csv(["id", "date", "text"], ["1", "10/11/2022", "a"])
    taking.take_in(closed_consultation, data, by=owner, date_order=order)
    assert f"{closed_consultation.submissions.get().submitted_at:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    "written",
    [
        "10 November 2022",
        "10. Nov. 2022",
        "Thursday, 10 November 2022",
        "November 10, 2022",
        "Nov 10th 2022",
        "10-Nov-2022",
        "10 novembre 2022",
        "10 de noviembre de 2022",
        "10 نوفمبر 2022",
        "2022/11/10",
        "10.11.2022",
        "10 Nov 2022 00:00:00",
    ],
)
def test_dates_are_read_as_people_write_them(closed_consultation, owner, written):
    data = taking.as_csv(["id", "date", "text"], ["1", written, "a"])
    done = taking.take_in(closed_consultation, data, by=owner)
    assert done.rejected == 0, done.reasons
    assert f"{closed_consultation.submissions.get().submitted_at:%Y-%m-%d}" == "2022-11-10"


@pytest.mark.parametrize("written", ["10 Brumaire 2022", "31 November 2022", "November 2022"])
def test_what_is_no_date_is_rejected_as_it_is_written(closed_consultation, owner, written):
    data = taking.as_csv(["id", "date", "text"], ["1", written, "a"])
    done = taking.take_in(closed_consultation, data, by=owner)
    assert done.rejected == 1
    assert "is no date" in done.reasons[0][0]


def test_an_import_that_is_given_up_says_so_and_can_be_run_again(closed_consultation, owner):
    made = taking.upload(closed_consultation, taking.as_csv(["id", "text"], ["1", "a"]), by=owner)
    map_columns(made, taking.plan(reference="id", text="text"), by=owner)
    run_import(made, by=owner)
    mark_failed(made.pk, "the worker was lost")
    made.refresh_from_db()
    assert (made.state, made.failure) == ("failed", "the worker was lost")
    assert taking.run(made, by=owner).added == 1
    assert ImportUpload.objects.get().runs == 2


def files():
    return [path for path in storing.folder().glob("??/*") if path.is_file()]


def test_files_are_kept_for_thirty_days_and_can_be_uploaded_again(closed_consultation, owner):
    data = taking.as_xlsx(["id", "text"], ["1", "One."], ["2", ""])
    done = taking.take_in(closed_consultation, data, by=owner, name="a.xlsx")
    long_ago = time.time() - 40 * 24 * 3600
    for path in files():
        os.utime(path, (long_ago, long_ago))
    storing.sweep()
    assert len(files()) == 3
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        storing.sweep()
        assert files() == []
        done.refresh_from_db()
        assert not done.is_kept
        with pytest.raises(FileGone):
            run_import(done, by=owner)
        again = taking.upload(closed_consultation, data, by=owner, name="a.xlsx")
        assert again.pk == done.pk
        assert taking.run(again, by=owner).taken == 1


def test_an_attempt_that_is_cut_off_is_finished_by_the_next(
    closed_consultation, owner, monkeypatch
):
    header, rows = taking.docket()
    monkeypatch.setattr(loading, "ROWS_PER_CHUNK", 100)
    made = taking.upload(closed_consultation, taking.as_csv(header, *rows), by=owner)
    map_columns(made, replace(proposed_plan(made), rest="other"), by=owner)
    started = run_import(made, by=owner)
    stored = []
    whole = loading.Loader.flush

    def cut_off(loader):
        if len(stored) == 3:
            raise SystemExit
        stored.append(whole(loader))

    monkeypatch.setattr(loading.Loader, "flush", cut_off)
    with pytest.raises(SystemExit):
        run_until_idle(started.job_key)
    assert closed_consultation.submissions.count() == 300
    monkeypatch.setattr(loading.Loader, "flush", whole)
    run_until_idle(started.job_key)
    done = ImportUpload.objects.get()
    assert (done.state, done.taken, done.added) == ("done", 647, 347)
    assert closed_consultation.submissions.count() == 647
    tallies = GroupTally.objects.filter(consultation=closed_consultation, question=None)
    assert sum(tally.submissions for tally in tallies) == 647


def test_the_mapping_of_an_earlier_file_is_proposed_for_the_next(closed_consultation, owner):
    odd = taking.as_csv(["Nr", "Said"], ["1", "One."])
    made = taking.upload(closed_consultation, odd, by=owner)
    taking.run(made, by=owner, fields={"reference": "Nr", "text": "Said"})
    later = taking.as_csv(["line", "reason", "Nr", "Said"], ["2", "why", "2", "Two."])
    plan = proposed_plan(taking.upload(closed_consultation, later, by=owner))
    assert plan.fields == {"reference": "Nr", "text": "Said"}
    assert plan.rest == "other"
