"""A row that cannot be taken in goes to the rejects with line and reason; the others go on."""

import csv
import gzip
import io
import os

import pytest
from django.core.management import CommandError

from apps.consultations.models import Consultation
from apps.submissions.importing.questions import MOST_QUESTIONS
from apps.submissions.importing.records import FORMULA
from apps.submissions.models import LONGEST_TEXT, Submission
from tests.submissions.import_files import csv_file, jsonl_file, rejected, take_in, texts

pytestmark = pytest.mark.django_db
HEADER = ["reference", "text", "weight", "submitted_at"]
GOOD_BEFORE, GOOD_AFTER = ["1", "Before.", "", ""], ["3", "After.", "", ""]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["2", "", "", ""], "the text is missing"),
        (["2", " \t ", "", ""], "the text is missing"),
        (["2", "x" * (LONGEST_TEXT + 1), "", ""], "text has 100001 characters"),
        (["2", "x" * 10_000_000, "", ""], "text has 10000000 characters"),
        (["2", "a\0b", "", ""], "text holds a NUL character"),
        (["2", "caf\udce9", "", ""], "text is not valid UTF-8"),
        (["2", "=HYPERLINK(1)", "", ""], "begins like a spreadsheet formula"),
        (["=1+1", "Words.", "", ""], "begins like a spreadsheet formula"),
        (["2", "Words.", "0", ""], "weight"),
        (["2", "Words.", "2.5", ""], "weight"),
        (["2", "Words.", "٣", ""], "weight"),
        (["2", "Words.", "", "soon"], "is no date"),
        (["2", "Words.", "", "2024-02-30"], "is no date"),
        (["2", "Words.", "", "10/24/2022"], "is no date"),
        (["2", "Words.", "", "1704164645"], "is no date"),
        (["2", "Words.", "", "1969-12-31"], "is before 1970"),
        (["2", "Words.", "", "1970-01-01T00:00:00+14:00"], "is before 1970"),
        (["2", "Words.", "", "2099-01-01"], "is in the future"),
        (["2", "Words.", "", "9999-12-31T23:59:59-12:00"], "is in the future"),
        (["..", "Words.", "", ""], "reference “..” cannot be an address"),
        (["2" * 121, "Words.", "", ""], "reference has 121 characters"),
        (["2", "Words.", "", "", "stray"], "unknown field"),
        ('2,"broken" quote,,', "cannot be read"),
    ],
)
def test_a_bad_row_is_rejected_and_the_others_are_taken_in(tmp_path, row, reason):
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE, row, GOOD_AFTER)
    said = take_in(file)
    assert texts() == {"1": ["Before."], "3": ["After."]}
    [(line, _reference, why)] = rejected(file)
    assert (line, reason in why) == (3, True)
    assert "REJECTED 1 rows" in said


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"reference": "2", "text": ', "no JSON"),
        ("[1, 2]", "no JSON object"),
        ("[" * 100_000, "no JSON"),
        ('{"reference": ' + "9" * 5_000 + ', "text": "a"}', "no JSON"),
        ('{"reference": "2", "texts": "typo"}', "unknown field “texts”"),
        ('{"reference": "2", "text": ["a"]}', "“text” is no text"),
        ('{"reference": "2", "text": true}', "“text” is no text"),
        ('{"reference": "2", "text": NaN}', "no JSON"),
        ('{"reference": "2", "text": "a", "text": "b"}', "“text” stands twice"),
        ('{"reference": "2"}', "the text is missing"),
        ('{"reference": "2", "text": "a\\u0000b"}', "NUL"),
        ('{"reference": "2", "text": "a\\ud800b"}', "not valid UTF-8"),
        ('{"reference": "2", "text": "a", "weight": -1}', "weight"),
        ('{"reference": "2", "text": "' + "x" * 10_000_000 + '"}', "10000000 characters"),
    ],
)
def test_a_bad_line_of_json_is_rejected_and_the_others_are_taken_in(tmp_path, line, reason):
    before, after = {"reference": "1", "text": "Before."}, {"reference": "3", "text": "After."}
    file = jsonl_file(tmp_path / "a.jsonl", before, line, after)
    take_in(file, file_format="jsonl")
    assert texts() == {"1": ["Before."], "3": ["After."]}
    [(number, _reference, why)] = rejected(file)
    assert (number, reason in why) == (2, True)


@pytest.mark.parametrize("code", ["Klingonish", "Klingon!", "<b>", "e", "en-", "én"])
def test_what_cannot_be_a_language_code_is_rejected(tmp_path, code):
    file = csv_file(tmp_path / "a.csv", ["text", "language"], ["One.", code], ["Two.", "en"])
    take_in(file)
    assert [why for *_row, why in rejected(file)] == [
        f"“{code}” is no language code; write it like en or pt-BR"
    ]


def test_a_rejected_line_of_json_is_shown_with_its_reference(tmp_path):
    file = jsonl_file(
        tmp_path / "a.jsonl", {"reference": "17", "text": ["a"]}, {"reference": "18", "text": "b"}
    )
    take_in(file, file_format="jsonl")
    assert '""reference"": ""17""' in (tmp_path / "rejects.csv").read_text(encoding="utf-8")


def test_a_bad_first_line_of_json_does_not_stop_the_others(tmp_path):
    file = jsonl_file(tmp_path / "a.jsonl", "{broken", {"reference": "1", "text": "One."})
    take_in(file, file_format="jsonl")
    assert texts() == {"1": ["One."]}
    assert rejected(file) == [(1, "", "the line is no JSON")]


def test_an_open_quote_costs_its_own_row_only(tmp_path):
    rows = [[str(n), f"Letter {n}, with a comma.", "", ""] for n in range(3, 2_000)]
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE, '2,"no end,,', *rows)
    take_in(file)
    assert len(texts()) == 1_998
    assert [line for line, *_rest in rejected(file)] == [3]


def test_lines_of_a_broken_row_do_not_become_submissions(tmp_path):
    broken = '2,"first line\nsecond "line" of it, with a comma\nthird line",,'
    file = csv_file(tmp_path / "a.csv", ["text", "reference"], ["Before.", "1"], broken)
    take_in(file)
    assert texts() == {"1": ["Before."]}
    assert [line for line, *_rest in rejected(file)][0] == 3


def test_line_numbers_are_those_where_a_row_begins(tmp_path):
    file = csv_file(
        tmp_path / "a.csv", ["reference", "text"], ["1", "three\nlines\nhere"], ["2", ""]
    )
    take_in(file)
    assert [line for line, *_rest in rejected(file)] == [5]


@pytest.mark.parametrize(
    "words",
    [
        "=1+1",
        "=A1",
        "=cmd|' /C calc'!A0",
        "= SUM(A1:A9)",
        "+SUM(1)",
        "@SUM(1+1)",
        "-2+3+cmd|' /C calc'!A0",
        " \t=importxml(A1)",
        "@hyperlink(A1)",
        "=+A1",
        '="x"&A1',
        "+Sheet1!A1",
    ],
)
def test_what_a_spreadsheet_would_run_is_a_formula(words):
    assert FORMULA.match(words)


@pytest.mark.parametrize(
    "words",
    [
        "- first point",
        "+1 from us",
        "- Provider(s) should be asked",
        "= 5 reasons why",
        "-Stop!",
        "@Minister(s), please",
        "== Summary ==",
        "=> We agree",
        "- 3 reasons (see below)",
        "-5 degrees",
        "+43 1 555 0100",
        "--",
        "-",
    ],
)
def test_what_people_write_is_no_formula(words):
    assert not FORMULA.match(words)


def test_the_rejects_file_is_safe_to_open(tmp_path):
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE, ["=1+1", "a\n\x07\u202eb", "", ""])
    take_in(file)
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as written:
        cells = [cell for row in csv.reader(written) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert all(cell.isprintable() for cell in cells)


def test_without_rejects_there_is_no_rejects_file(tmp_path):
    (tmp_path / "rejects.csv").write_text("of an earlier run")
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE)
    take_in(file)
    assert not (tmp_path / "rejects.csv").exists()


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (["text=body"], "There is no column “body” for text. Columns: id, words, e-mail."),
        (["texts=words"], "There is no field “texts”. Fields: reference, text,"),
        (["text"], "“text” is not FIELD=COLUMN"),
        (["text=words", "text=id"], "“text” is mapped twice"),
        (["text=words", "title=e-mail"], "“e-mail” looks personal"),
        ([], "No column holds the text. Name it with --map text=COLUMN. Columns: id, words"),
    ],
)
def test_a_wrong_mapping_stops_before_the_first_row(tmp_path, mapping, said):
    file = csv_file(tmp_path / "a.csv", ["id", "words", "e-mail"], ["1", "Words.", "a@b.c"])
    with pytest.raises(CommandError) as refused:
        take_in(file, map=mapping)
    assert said in str(refused.value)
    assert not Consultation.objects.exists()


PERSONAL = """email E-Mail phone_number Fax street home_address zip ZIP_code postcode first_name
lastName surname mobile"""


@pytest.mark.parametrize("column", PERSONAL.split())
def test_personal_columns_cannot_be_mapped(tmp_path, column):
    file = csv_file(tmp_path / "a.csv", ["text", column], ["Words.", "x"])
    with pytest.raises(CommandError, match="looks personal"):
        take_in(file, map=[f"organisation={column}"])


def test_a_column_that_stands_twice_is_not_guessed(tmp_path):
    file = csv_file(tmp_path / "a.csv", ["text", "text"], ["One.", "Two."])
    with pytest.raises(CommandError, match="several columns “text”"):
        take_in(file)


def test_a_federal_export_needs_its_references(tmp_path):
    file = csv_file(tmp_path / "a.csv", ["id", "text"], ["1", "Words."])
    with pytest.raises(CommandError, match="No column holds the reference"):
        take_in(file, file_format="regulations_gov")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("header.csv", b"reference,text\n", "a header and no rows"),
        ("cut.csv.gz", gzip.compress(b"text\n" + b"words\n" * 999, mtime=0)[:-10], "is cut off"),
        ("fake.csv.gz", b"\x1f\x8b no gzip at all", "no gzip file"),
        ("book.xlsx", b"PK\x03\x04", "spreadsheet file"),
        ("book.csv.gz", gzip.compress(b"PK\x03\x04 sheets", mtime=0), "spreadsheet file"),
        ("old.csv", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Office file"),
        ("paper.csv", b"%PDF-1.7\n%\xe2\xe3", "is a PDF file"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n", "no text in UTF-8"),
        ("bare16.csv", "text\nwords\n".encode("utf-16-le"), "no text in UTF-8"),
        ("german.csv", b"reference;text\n1;words\n", "separated by “;”: save with commas"),
        ("tabs.csv", b"reference\ttext\n1\twords\n", "separated by tabs: save with commas"),
        ("utf16.csv", "text\nwords\n".encode("utf-16"), "UTF-16"),
        ("latin.csv", "Stra\xdfe\nwords\n".encode("latin-1"), "No column holds the text"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_a_plain_sentence(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        take_in(path)
    assert said in str(refused.value)
    str(refused.value).encode()


def test_the_rows_before_a_break_in_a_file_are_kept(tmp_path):
    rows = b"".join(b"%d,words number %d\n" % (n, n) for n in range(6_000))
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"reference,text\n" + rows, mtime=0)[:-40])
    with pytest.raises(CommandError, match="rows before that place were read and taken in"):
        take_in(path, quiet=True)
    assert 3_000 < Submission.objects.count() < 6_000


def test_a_break_in_a_file_is_told_beside_what_was_taken_in_and_rejected(tmp_path):
    rows = b"".join(b"%d,words number %d\n" % (n, n) for n in range(6_000))
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"reference,text\n17,\n" + rows, mtime=0)[:-40])
    out = io.StringIO()
    with pytest.raises(CommandError, match="Import the file again when it is whole"):
        take_in(path, quiet=True, out=out)
    assert "submissions with" in out.getvalue()
    assert "REJECTED 1 rows" in out.getvalue()


def test_a_column_called_like_the_beginning_of_a_zip_file_is_a_column(tmp_path):
    take_in(csv_file(tmp_path / "a.csv", ["PK", "text"], ["1", "Words."]))
    assert list(texts().values()) == [["Words."]]


def test_empty_lines_before_the_header_are_passed_over(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\ufeff\n  \n,,\nreference,text\n1,Words.\n2,\n", encoding="utf-8")
    take_in(path)
    assert texts() == {"1": ["Words."]}
    assert [line for line, *_rest in rejected(path)] == [6]


def test_a_pipe_is_refused_in_words(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)  # so that opening it to read does not wait
    try:
        with pytest.raises(CommandError, match="is a pipe; write what comes from it to a file"):
            take_in(tmp_path / "pipe")
    finally:
        os.close(writer)


def test_words_of_a_file_cannot_steer_the_terminal(tmp_path):
    steering = "\x1b]0;title\x07\u202e"
    header = ["text", "group", "question", f"not {steering} stored"]
    said = take_in(csv_file(tmp_path / "a.csv", header, ["Words.", steering, steering, ""]))
    assert "not ⟨U+001B⟩]0;title⟨U+0007⟩⟨U+202E⟩ stored" in said
    assert "Unknown category “⟨U+001B⟩" in said
    assert "New questions: ⟨U+001B⟩" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("path", ["there-is-no-such-file.csv", "."])
def test_a_missing_file_is_named(tmp_path, path):
    with pytest.raises(CommandError, match="cannot be read"):
        take_in(tmp_path / path)


def test_json_that_is_not_one_object_a_line_is_explained(tmp_path):
    path = jsonl_file(tmp_path / "a.json", "[", "  {", '    "text": "a"', "  }", "]")
    with pytest.raises(CommandError, match="hold no JSON object"):
        take_in(path, file_format="jsonl")


def test_an_unknown_consultation_is_named_with_those_there_are(tmp_path, open_consultation):
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE)
    with pytest.raises(CommandError, match=r"no consultation “x” \(there is: open-consultation"):
        take_in(file, slug="x", create=None)


@pytest.mark.parametrize("slug", ["", "-", "a--b", "../x", "Capital", "ümlaut", "two words"])
def test_an_address_that_cannot_be_one_is_refused(tmp_path, slug):
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE)
    with pytest.raises(CommandError, match="cannot be an address; use at most 60 small letters"):
        take_in(file, slug=slug)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("  ", "The title is empty"),
        ("Right\u202eleft", "characters that cannot be seen"),
        ("T" * 301, "The title has 301 characters, 300 are possible"),
    ],
)
def test_a_title_that_cannot_be_one_is_refused(tmp_path, title, said):
    file = csv_file(tmp_path / "a.csv", HEADER, GOOD_BEFORE)
    with pytest.raises(CommandError, match=said):
        take_in(file, create=title)
    assert not Consultation.objects.exists()


def test_an_import_that_did_not_begin_leaves_no_rejects_file(tmp_path):
    file = csv_file(tmp_path / "a.csv", HEADER, ["1", "", "", ""])
    with pytest.raises(CommandError, match="no consultation"):
        take_in(file, create=None)
    assert not (tmp_path / "rejects.csv").exists()


def test_a_column_of_texts_given_for_questions_does_not_make_thousands(tmp_path):
    rows = [[str(n), f"Text {n}."] for n in range(MOST_QUESTIONS + 3)]
    file = csv_file(tmp_path / "a.csv", ["reference", "text"], *rows)
    said = take_in(file, map=["question=text"])
    assert len(texts()) == MOST_QUESTIONS
    assert "REJECTED 3 rows" in said
    assert "is “question” the right column?" in rejected(file)[0][2]
    assert take_in(file, map=["question=text"]).startswith("Import: rows")
    assert len(texts()) == MOST_QUESTIONS


def test_the_file_itself_is_not_overwritten_by_its_rejects(tmp_path):
    file = csv_file(tmp_path / "rejects.csv", HEADER, GOOD_BEFORE)
    with pytest.raises(CommandError, match="is the file to be imported"):
        take_in(file)
    assert "Before." in file.read_text()


def test_a_file_of_bad_rows_only_is_no_success(tmp_path):
    file = csv_file(tmp_path / "a.csv", HEADER, ["1", "", "", ""])
    with pytest.raises(CommandError, match="No row could be taken in"):
        take_in(file)
