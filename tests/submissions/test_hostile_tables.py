"""Uploaded tables that are broken, huge or hostile have a defined end and leave no file behind."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from apps.submissions import storing
from apps.submissions.errors import FileRefused
from apps.submissions.models import ImportUpload, Submission
from apps.submissions.services import first_rows, proposed_plan
from tests.submissions import take_in as taking
from tests.submissions.sheets import MAIN, XML, sheet, xlsx

pytestmark = pytest.mark.django_db
ROWS = (["id", "text"], ["1", "Words."])
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def give(closed_consultation, owner):
    def upload(data, name):
        return taking.upload(closed_consultation, data, by=owner, name=name)

    return upload


def stored():
    return [path for path in Path(storing.folder()).glob("??/*") if path.is_file()]


def with_prolog(prolog):
    return sheet(*ROWS).replace(XML, prolog)


def many_cells(rows, columns):
    return sheet(*[["x"] * columns] * rows)


def nested_bomb():
    """A sheet that says it is small, and is 300 MB."""
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(*ROWS))) as old, zipfile.ZipFile(held, "w") as new:
        for member in old.infolist():
            if member.filename.endswith("sheet1.xml"):
                new.writestr(member.filename, b" " * 300_000_000, zipfile.ZIP_DEFLATED, 9)
            else:
                new.writestr(member, old.read(member))
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("a.csv", lambda: b"", "It is empty"),
        ("a.csv", lambda: b"\r\n\r\n", "is empty: its first line must name the columns"),
        ("a.csv", lambda: b"id,text\r\n", "a header and no rows"),
        ("a.csv", lambda: xlsx(*ROWS), "not what its name says"),
        ("a.csv", lambda: b"%PDF-1.7 text", "not what its name says"),
        ("a.csv", lambda: b"\x1f\x8b\x08" + b"a" * 99, "not what its name says"),
        ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "not what its name says"),
        ("a.csv", lambda: b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        ("a.csv", lambda: taking.as_csv(["c"] * 1_001, ["1"] * 1_001), "1001 columns"),
        ("a.csv", lambda: b'"broken" header,text\r\n1,2\r\n', "is no header"),
        ("a.xlsx", lambda: taking.as_csv(*ROWS), "not what its name says"),
        ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "protected with a password"),
        ("a.xls", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "Upload a CSV or XLSX file"),
        ("a.xlsm", lambda: xlsx(*ROWS), "holds macros"),
        ("a.xlsx", lambda: xlsx(*ROWS, **{"xl__vbaProject.bin": "x"}), "holds macros"),
        ("a.xlsx", lambda: xlsx(*ROWS)[:-40], "damaged"),
        ("a.xlsx", lambda: xlsx(*ROWS) + b"and more", "second file"),
        ("a.xlsx", lambda: xlsx(), "first line must name the columns"),
        ("a.xlsx", lambda: xlsx(ROWS[0]), "a header and no rows"),
        ("a.xlsx", lambda: xlsx(*ROWS, xl__workbook=None), "not what its name says"),
        ("a.xlsx", lambda: xlsx(*ROWS, xl__worksheets__sheet1=None), "damaged"),
        ("a.xlsx", lambda: xlsx(*ROWS, xl__worksheets__sheet1="<worksheet><row"), "damaged"),
        (
            "a.xlsx",
            lambda: xlsx(*ROWS, xl__worksheets__sheet1=with_prolog(ENTITIES)),
            "harm its readers",
        ),
        (
            "a.xlsx",
            lambda: xlsx(*ROWS, xl__worksheets__sheet1=with_prolog(OUTSIDE)),
            "harm its readers",
        ),
        (
            "a.xlsx",
            lambda: xlsx(*ROWS, xl__sharedStrings=ENTITIES + f'<sst xmlns="{MAIN}"/>'),
            "harm its readers",
        ),
        ("a.xlsx", nested_bomb, "unpack to far more"),
        ("a.xlsx", lambda: xlsx(["c"] * 1_001, ["1"] * 1_001), "more than 1000 columns"),
        ("a.xlsx", lambda: xlsx(["id"], [b'<c t="s"><v>99</v></c>']), "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words_and_leaves_nothing(give, name, make, told):
    with pytest.raises(FileRefused) as refused:
        give(make(), name)
    assert told in str(refused.value.message)
    assert str(refused.value.fields["file"][0]).startswith(name)
    assert not ImportUpload.objects.exists()
    assert stored() == []


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("utf-16", "\t"),
        ("utf-16-le", ";"),
        ("utf-16-be", ","),
        ("cp1252", ";"),
    ],
)
def test_encodings_and_delimiters_are_told_apart(give, encoding, delimiter):
    rows = (["Référence", "Texte, ici"], ["1", "Où? Là; bas, «ça» coûte 3 €."], ["2", "Déjà."])
    made = give(taking.as_csv(*rows, delimiter=delimiter, encoding=encoding), "a.csv")
    assert made.columns == ["Référence", "Texte, ici"]
    assert [list(row.cells.values()) for row in first_rows(made)] == [list(row) for row in rows[1:]]


@pytest.mark.parametrize(
    "text", ["Wątpliwość: ābols łódź.", "Мы против этой статьи.", "我们反对。"]
)
def test_letters_of_two_bytes_that_hold_a_control_are_no_reason_to_refuse(give, text):
    made = give(taking.as_csv(["id", "text"], ["1", text], encoding="utf-16"), "a.csv")
    assert [list(row.cells.values()) for row in first_rows(made)] == [["1", text]]


def test_one_damaged_row_turns_no_accent_of_the_others_into_something_else(give, owner):
    good = "".join(f"{n},Déjà vu à Genève.\r\n" for n in range(20)).encode()
    made = give(b"id,text\r\n" + good + b"99,caf\xe9\r\n", "a.csv")
    done = taking.run(made, by=owner)
    assert (done.added, done.rejected) == (20, 1)
    assert taking.rejected(done)[0]["reason"] == "text is not valid UTF-8"
    assert Submission.objects.get(reference="3").answers.get().text == "Déjà vu à Genève."


def test_columns_of_the_same_name_are_told_apart(give, owner):
    made = give(taking.as_csv(["id", "text", "text", "", ""], ["1", "a", "b", "c", "d"]), "a.csv")
    assert made.columns == ["id", "text", "text (2)", "Column 4", "Column 5"]
    taking.run(made, by=owner, fields={"reference": "id", "text": "text (2)"})
    assert Submission.objects.get().answers.get().text == "b"


@pytest.mark.parametrize("write", [taking.as_csv, taking.as_xlsx])
def test_a_thousand_columns_can_be_mapped(give, owner, client, write):
    header = ["id", *(f"c{n}" for n in range(998)), "text"]
    name = "a.csv" if write is taking.as_csv else "a.xlsx"
    made = give(write(header, ["1", *["x"] * 998, "Words."]), name)
    assert proposed_plan(made).fields == {"reference": "id", "text": "text"}
    client.force_login(owner)
    page = client.get(f"/workspace/{made.consultation.slug}/take-in/{made.pk}/")
    assert page.status_code == 200
    assert "c997" in page.text
    assert taking.run(made, by=owner).added == 1


def test_what_a_sheet_shows_is_what_is_read(give):
    runs = "<r><t>Two </t></r><r><t>runs</t></r><rPh><t>x</t></rPh>"
    shared = f'<sst xmlns="{MAIN}"><si>{runs}</si></sst>'
    made = give(
        xlsx(
            ["id", "text", "day", "number", "said", "asked"],
            [
                12.0,
                b'<c t="s"><v>0</v></c>',
                b'<c s="2"><v>45000</v></c>',
                0.1,
                b"<c><f>1+1</f><v>2</v></c>",
                b'<c t="str"><f>UPPER("a")</f><v>A_x000A_B</v></c>',
            ],
            [b'<c r="B3" t="b"><v>1</v></c>', b'<c r="F3"><f>HYPERLINK("http://x")</f></c>'],
            xl__sharedStrings=shared,
        ),
        "a.xlsx",
    )
    first, second = first_rows(made)
    assert list(first.cells.values()) == ["12", "Two runs", "2023-03-15", "0.1", "2", "A\nB"]
    assert list(second.cells.values()) == ["", "TRUE", "", "", "", '=HYPERLINK("http://x")']
    assert (first.line, second.line) == (2, 3)


def test_formulas_in_cells_are_rejected_and_written_so_that_no_spreadsheet_runs_them(give, owner):
    rows = [["id", "text"], ["1", '=HYPERLINK("http://x";"y")'], ["2", "- a point\nand more"]]
    done = taking.run(give(xlsx(*rows), "a.xlsx"), by=owner)
    assert (done.added, done.rejected) == (1, 1)
    [row] = taking.rejected(done)
    assert row["text"].startswith("'=")
    assert "formula" in row["reason"]
    assert Submission.objects.get().answers.get().text == "- a point\nand more"


def test_a_quote_before_a_cell_of_our_rejects_file_is_no_part_of_it(give, owner):
    done = taking.run(give(taking.as_csv(["id", "text"], ["1", "'- a point"]), "a.csv"), by=owner)
    assert done.added == 1
    assert Submission.objects.get().answers.get().text == "- a point"


def test_a_broken_row_costs_no_other_and_stands_in_the_rejects(give, owner):
    data = b'id,text\r\n1,One.\r\n2,"broken" quote\r\n3,Three.\r\n4,Four.,stray\r\n'
    done = taking.run(give(data, "a.csv"), by=owner)
    assert (done.rows, done.added, done.rejected) == (4, 2, 2)
    assert [row["line"] for row in taking.rejected(done)] == ["3", "5"]


def test_bytes_that_are_no_text_break_no_page(give, owner, client):
    good = "".join(f"{n},Société {n % 3},Déjà vu.\r\n" for n in range(20)).encode()
    bad = b"98,Soci\xe9t,So.\r\n99,NGO\0,So.\r\n"
    made = give(b"id\xff,category,text\r\n" + good + bad, "a.csv")
    client.force_login(owner)
    start = f"/workspace/{made.consultation.slug}/take-in/{made.pk}/"
    assert "id⟨U+DCFF⟩" in client.get(start).text
    typed = {"text": "text", "group": "category", "reference": "id⟨U+DCFF⟩"}
    assert client.post(start, typed).status_code == 302
    page = client.get(f"{start}groups/")
    assert page.status_code == 200
    assert "Soci⟨" not in page.text
    assert client.post(f"{start}groups/", {"group-0": "company"}).status_code == 422
    done = taking.run(made, by=owner)
    assert (done.added, done.rejected) == (20, 2)
    assert client.get(f"{start}progress/").status_code == 200
