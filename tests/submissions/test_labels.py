"""Declared categories become stakeholder groups through a table; what is unknown is listed."""

import pytest
from django.core.management import CommandError

from apps.consultations.models import Consultation
from apps.submissions.importing.labels import apply_labels, save_labels
from apps.submissions.models import GroupTally
from tests.submissions.import_files import SLUG, csv_file, submissions, take_in

pytestmark = pytest.mark.django_db
ROWS = [
    ["1", "One.", "Hospital - HPA35"],
    ["2", "Two.", "hospital - hpa35"],
    ["3", "Three.", "Lobby"],
    ["4", "Four.", ""],
    ["5", "Five.", "Research"],
]


@pytest.fixture
def letters(tmp_path):
    return csv_file(tmp_path / "a.csv", ["reference", "text", "group"], *ROWS)


@pytest.fixture
def table(tmp_path):
    return csv_file(tmp_path / "labels.csv", ["label", "group"], ["Hospital - HPA35", "company"])


def groups():
    return [one.group for _reference, one in sorted(submissions().items())]


def test_labels_are_looked_up_in_any_case_and_group_ids_stand_for_themselves(letters, table):
    take_in(letters, groups=table)
    assert groups() == ["company", "company", "other", "other", "research"]
    assert submissions()["2"].declared_label == "hospital - hpa35"


def test_unknown_labels_are_listed_with_their_number_and_never_guessed(letters):
    said = take_in(letters)
    assert groups() == ["other", "other", "other", "other", "research"]
    assert "Unknown category “Hospital - HPA35”, group “other”: 1 submissions." in said
    assert "Unknown category “Lobby”, group “other”: 1 submissions." in said
    assert "No category declared, group “other”: 1 submissions." in said


def test_the_table_is_kept_for_the_next_import(letters, table, tmp_path):
    take_in(letters, groups=table)
    more = csv_file(
        tmp_path / "b.csv", ["reference", "text", "group"], ["6", "Six.", "HOSPITAL - HPA35"]
    )
    take_in(more)
    assert submissions()["6"].group == "company"


def test_a_label_that_is_mapped_later_moves_the_submissions_and_their_tallies(letters, table):
    take_in(letters)
    said = take_in(letters, groups=table)
    assert "Gave 2 earlier submissions the group of their category." in said
    assert groups() == ["company", "company", "other", "other", "research"]
    counted = GroupTally.objects.values_list("group", "question__key", "submissions")
    assert set(counted) == {
        (group, question, number)
        for group, number in (("company", 2), ("other", 2), ("research", 1))
        for question in (None, "comment")
    }


def test_applying_the_table_twice_changes_nothing(letters, table):
    take_in(letters, groups=table)
    assert apply_labels(Consultation.objects.get(slug=SLUG)) == 0


def test_a_label_that_stands_for_two_groups_stops_before_the_first_row(letters, tmp_path):
    rows = [["Lobby", "company"], ["lobby", "company"], ["LOBBY", "association"]]
    table = csv_file(tmp_path / "labels.csv", ["label", "group"], *rows)
    with pytest.raises(CommandError, match="line 4: “LOBBY” already stands for another group"):
        take_in(letters, groups=table)
    assert not Consultation.objects.exists()


def test_a_label_can_be_changed(letters, table):
    take_in(letters, groups=table)
    consultation = Consultation.objects.get(slug=SLUG)
    save_labels(consultation, {"Hospital - HPA35": "association"})
    assert apply_labels(consultation) == 2
    assert groups()[0] == "association"


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (["label", "group"], ["Lobby", "lobbyist"], "line 2: “lobbyist” is no group. Groups: pol"),
        (["label", "type"], ["Lobby", "company"], "must have the columns label and group"),
        (["label", "group"], ["Lob\0by", "company"], "line 2 cannot be read"),
        (["label", "group"], ["Lobby", "company", "x"], "line 2 cannot be read"),
        (["label", "group"], ["", "company"], "holds no labels"),
    ],
)
def test_a_wrong_table_stops_before_the_first_row(letters, tmp_path, header, row, said):
    table = csv_file(tmp_path / "labels.csv", header, row)
    with pytest.raises(CommandError) as refused:
        take_in(letters, groups=table)
    assert said in str(refused.value)
    assert not Consultation.objects.exists()
