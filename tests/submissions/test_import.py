"""A file becomes submissions: fields, questions, references, groups, dates, passages, tallies."""

import gzip
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from apps.audit.models import Entry
from apps.consultations.models import Consultation
from apps.submissions.importing.records import FIELDS
from apps.submissions.models import Answer, GroupTally, Passage, Submission
from tests.factories import ConsultationFactory
from tests.submissions.import_files import (
    SLUG,
    csv_file,
    jsonl_file,
    rejected,
    submissions,
    take_in,
    texts,
)

pytestmark = pytest.mark.django_db
REGULATIONS_GOV = [
    "comment_id",
    "posted_date",
    "received_date",
    "category_declared",
    "organization",
    "country",
    "n_attachments",
    "withdrawn",
    "text",
]


def test_every_field_is_stored_as_it_stands(tmp_path):
    text = "Erster Satz, bitte.\r\nZweiter Satz mit „Zeichen“.  "
    file = csv_file(
        tmp_path / "a.csv",
        [*FIELDS],
        [
            "R1",
            text,
            "Forum e. V.",
            "civil",
            "",
            "2024-03-01T12:30:00+02:00",
            "de",
            "AT",
            "7",
            "Zu",
        ],
    )
    take_in(file)
    one = submissions()["R1"]
    assert (one.organisation_name, one.group, one.language) == ("Forum e. V.", "civil", "de")
    assert (one.country, one.weight, one.title, one.source) == ("AT", 7, "Zu", "import")
    assert one.submitted_at == datetime(2024, 3, 1, 10, 30, tzinfo=UTC)
    assert one.is_dated
    assert one.state == Submission.State.SUBMITTED
    # Line ends of browsers and spreadsheets become those people typed; nothing else changes.
    assert texts()["R1"] == ["Erster Satz, bitte.\nZweiter Satz mit „Zeichen“.  "]


def test_passages_are_exact_spans_of_the_stored_text(tmp_path):
    text = "The threshold is too high. Inspectors must be let in!\r\n请提供更多信息。谢谢。"
    take_in(csv_file(tmp_path / "a.csv", ["reference", "text"], ["R1", text]))
    answer = Answer.objects.get()
    found = [answer.text[p.start : p.end] for p in answer.passages.order_by("start")]
    assert found == [
        "The threshold is too high.",
        "Inspectors must be let in!",
        "请提供更多信息。",
        "谢谢。",
    ]


def test_columns_are_mapped_and_the_others_are_named_as_not_stored(tmp_path):
    file = csv_file(
        tmp_path / "a.csv", ["id", "body", "email", "phone"], ["1", "Words.", "a@b.c", "555"]
    )
    said = take_in(file, map=["reference=id", "text=body"])
    assert texts() == {"1": ["Words."]}
    assert "Columns not stored: email, phone." in said


def test_gzip_and_a_byte_order_mark_are_read_directly(tmp_path):
    plain = csv_file(tmp_path / "a.csv", ["reference", "text"], ["R1", "Wörter."])
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain.read_bytes()))
    take_in(packed)
    assert texts() == {"R1": ["Wörter."]}


def test_json_lines_may_have_numbers_nothing_and_other_keys(tmp_path):
    file = jsonl_file(
        tmp_path / "a.jsonl",
        {"reference": 1, "text": "One.", "weight": 3, "tags": ["a"], "ok": True},
        {"reference": 2, "text": "Two.", "title": "Later fields are fine", "country": None},
    )
    take_in(file, file_format="jsonl")
    assert rejected(file) == []
    assert texts() == {"1": ["One."], "2": ["Two."]}
    assert submissions()["1"].weight == 3
    assert submissions()["2"].title == "Later fields are fine"


def test_rows_without_a_question_answer_the_general_one(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["text"], ["One."], ["Two."]))
    question = Consultation.objects.get(slug=SLUG).questions.get()
    assert (question.key, question.text) == ("comment", "Comment")
    assert question.answers.count() == 2


def test_rows_with_questions_are_parts_of_one_submission(tmp_path):
    file = csv_file(
        tmp_path / "a.csv",
        ["reference", "question", "text"],
        ["S1", "Why?", "Because."],
        ["S1", "How?", "Slowly."],
        ["S2", "Why?", "No idea."],
        ["S1", "Why?", "Also because."],
    )
    said = take_in(file)
    answers = Answer.objects.order_by("submission__reference", "question__key", "number")
    assert list(
        answers.values_list("submission__reference", "question__key", "number", "text")
    ) == [
        ("S1", "how", 1, "Slowly."),
        ("S1", "why", 1, "Because."),
        ("S1", "why", 2, "Also because."),
        ("S2", "why", 1, "No idea."),
    ]
    assert "New questions: Why?; How?" in said


def test_questions_are_found_by_key_or_text_and_never_run_into_each_other(
    tmp_path, open_consultation
):
    file = csv_file(
        tmp_path / "a.csv",
        ["reference", "question", "text"],
        ["1", "why", "By key."],
        ["1", "Much?", "By text."],
        ["1", "为什么？", "Chinese."],
        ["1", "怎么样？", "Another."],
        ["1", "WHY", "Spelt otherwise, so another."],
    )
    slug = open_consultation.slug
    take_in(file, slug=slug, create=None)
    asked = {a.question.text: a.text for a in Answer.objects.select_related("question")}
    assert asked == {
        "Why?": "By key.",
        "Much?": "By text.",
        "为什么？": "Chinese.",
        "怎么样？": "Another.",
        "WHY": "Spelt otherwise, so another.",
    }
    assert "Already there, left as they are: 5 rows." in take_in(file, slug=slug, create=None)


def test_the_same_letter_from_two_senders_is_two_submissions(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["text"], ["Stop it."], ["Stop it."], ["Go on."]))
    assert sorted(t for (t,) in texts().values()) == ["Go on.", "Stop it.", "Stop it."]


def test_a_reference_that_stands_twice_is_rejected_with_the_line_of_the_first(tmp_path):
    rows = [["A", "One."], ["B", "Two."], ["A", "Three."], ["A", "One."]]
    file = csv_file(tmp_path / "a.csv", ["reference", "text"], *rows)
    said = take_in(file)
    assert texts() == {"A": ["One."], "B": ["Two."]}
    assert rejected(file) == [(4, "A", "line 2 has the same reference with another text")]
    assert "Already there, left as they are: 1 rows." in said


def test_an_import_never_changes_what_a_person_filed(tmp_path, open_consultation):
    filed = open_consultation.submissions.create(
        reference="PL-1", state="submitted", group="civil", submitted_at=datetime.now(UTC)
    )
    file = csv_file(
        tmp_path / "a.csv", ["reference", "text"], ["PL-1", "Not mine."], ["X", "Mine."]
    )
    take_in(file, slug=open_consultation.slug, create=None)
    assert not filed.answers.exists()
    assert "filed here" in rejected(file)[0][2]


def test_an_undated_row_is_dated_by_the_import_and_says_so(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["reference", "text", "submitted_at"], ["1", "W.", ""]))
    assert not submissions()["1"].is_dated


def test_tallies_count_submissions_and_letters_by_group_and_question(tmp_path):
    file = csv_file(
        tmp_path / "a.csv",
        ["reference", "question", "text", "group", "weight"],
        ["1", "q", "A.", "civil", "10"],
        ["1", "q", "B.", "civil", "10"],
        ["1", "r", "C.", "civil", "10"],
        ["2", "q", "D.", "company", "1"],
    )
    take_in(file)
    counted = GroupTally.objects.values_list("group", "question__key", "submissions", "letters")
    assert set(counted) == {
        ("civil", None, 1, 10),
        ("civil", "q", 1, 10),
        ("civil", "r", 1, 10),
        ("company", None, 1, 1),
        ("company", "q", 1, 1),
    }


def test_the_import_is_in_the_audit_log(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["text"], ["One."], [""]))
    kinds = Entry.objects.about(SLUG).values_list("kind", flat=True)
    assert {"submissions.imported", "submissions.import_finished"} <= set(kinds)
    done = Entry.objects.get(kind="submissions.import_finished").detail
    assert (done["submissions"], done["rejected"]) == (1, 1)
    assert len(done["file"]) == 64


def test_a_federal_export_keeps_withdrawn_comments_without_their_words(tmp_path):
    file = csv_file(
        tmp_path / "a.csv",
        REGULATIONS_GOV,
        ["D-1", "2022-10-24", "2022-10-07", "", "ACME", "United States", "0", "0", "Words."],
        ["D-2", "2022-10-24", "", "", "", "", "0", "1", "Words that were withdrawn."],
        ["D-3", "2022-10-24", "", "", "", "", "2", "0", ""],
        ["D-4", "2022-10-24", "", "", "", "", "0", "0", " "],
    )
    take_in(file, file_format="regulations_gov")
    found = submissions()
    assert found["D-1"].submitted_at == datetime(2022, 10, 7, tzinfo=UTC)
    assert found["D-1"].source_url == "https://www.regulations.gov/comment/D-1"
    assert (found["D-2"].state, found["D-3"].attachments_declared) == ("withdrawn", 2)
    assert texts() == {"D-1": ["Words."], "D-2": [], "D-3": []}
    assert rejected(file) == [(5, "D-4", "the text is missing, and no attachment is named")]


def test_a_comment_withdrawn_since_the_first_import_is_pointed_out(tmp_path):
    row = ["D-1", "2022-10-24", "", "", "", "", "0", "0", "Words."]
    take_in(csv_file(tmp_path / "a.csv", REGULATIONS_GOV, row), file_format="regulations_gov")
    row[7] = "1"
    file = csv_file(tmp_path / "b.csv", REGULATIONS_GOV, row)
    with pytest.raises(CommandError, match="No row could be taken in"):
        take_in(file, file_format="regulations_gov")
    assert "withdraw it here too" in rejected(file)[0][2]


def test_language_is_given_or_detected_or_the_consultations(tmp_path):
    file = csv_file(
        tmp_path / "a.csv",
        ["reference", "text", "language"],
        ["1", "Wir lehnen diesen Entwurf ab, weil er die Gemeinden nicht anhört.", ""],
        ["2", "Wir lehnen diesen Entwurf ab, weil er die Gemeinden nicht anhört.", "gsw"],
        ["3", "ok", ""],
    )
    take_in(file)
    assert [submissions()[n].language for n in "123"] == ["de", "gsw", "en"]


def test_language_codes_are_written_in_the_usual_way(tmp_path):
    codes = ["EN", "pt_BR", "zh-Hant", "deu"]
    rows = [[str(n), "Words.", code] for n, code in enumerate(codes)]
    take_in(csv_file(tmp_path / "a.csv", ["reference", "text", "language"], *rows))
    assert [submissions()[str(n)].language for n in range(4)] == ["en", "pt-BR", "zh-Hant", "deu"]


def test_names_titles_and_references_stand_on_one_line(tmp_path):
    header = ["reference", "text", "organisation", "title"]
    row = ["A\n1", "Two\nlines.", "The\n Forum ", "A\tplan"]
    take_in(csv_file(tmp_path / "a.csv", header, row))
    one = submissions()["A 1"]
    assert (one.organisation_name, one.title) == ("The Forum", "A plan")
    assert texts()["A 1"] == ["Two\nlines."]


def test_nothing_of_a_long_file_is_lost_between_chunks(tmp_path, django_assert_max_num_queries):
    rows = [[f"R{n}", f"Letter number {n} says so. It ends."] for n in range(2_500)]
    file = csv_file(tmp_path / "a.csv", ["reference", "text"], *rows)
    with django_assert_max_num_queries(90):
        take_in(file, quiet=True)
    assert texts() == {reference: [text] for reference, text in rows}
    assert Passage.objects.count() == 5_000


def test_a_created_consultation_takes_a_docket_number_that_is_free(tmp_path):
    ConsultationFactory(docket=SLUG.upper())
    ConsultationFactory(docket=f"{SLUG.upper()}-2")
    take_in(csv_file(tmp_path / "a.csv", ["text"], ["Words."]))
    made = Consultation.objects.get(slug=SLUG)
    assert (made.docket, made.is_published) == ("LETTERS-3", True)


def test_the_title_of_a_consultation_that_is_there_stays_and_is_said(tmp_path):
    consultation = ConsultationFactory(title="Draft code")
    file = csv_file(tmp_path / "a.csv", ["text"], ["A text of its own."])
    said = take_in(file, slug=consultation.slug, create="Another title")
    assert f"“{consultation.slug}” is there already; its title stays “Draft code”." in said
    consultation.refresh_from_db()
    assert consultation.title == "Draft code"
