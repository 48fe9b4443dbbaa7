"""Search: which submissions a few words find, by index and by walking alike, and which never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.jobs.executing import run_until_idle
from apps.submissions import searching, vocabulary
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import Answer, Submission, Vocabulary
from apps.submissions.services import (
    file_submission,
    save_draft,
    start_draft,
    start_revision,
    submit,
    withdraw,
)
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    DraftFactory,
    PointFactory,
    SubmissionFactory,
)
from tests.submissions.import_files import csv_file, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["by index", "walking"], autouse=True)
def way(request, monkeypatch):
    """Both ways PostgreSQL finds words; SQLite has one, and takes it twice."""
    if request.param == "by index":
        monkeypatch.setattr(searching, "NEWEST", 0)


@pytest.fixture
def consultation():
    return ConsultationFactory(slug="letters")


def said(consultation, *texts, **fields):
    """Return a filed submission with these answers, known to the search."""
    submission = SubmissionFactory(consultation=consultation, **fields)
    for text in texts:
        AnswerFactory(submission=submission, text=text)
    vocabulary.write([submission.pk])
    return submission


def found(words, rows=None):
    return list((rows or Submission.objects).containing(words).order_by("pk"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Registers of compute.", "compute"),
        ("Registers of compute.", "  COMPUTE\tregist "),  # every word, any part of a word
        ("Supercomputers are counted.", "compute"),
        ("Die Überprüfung der Datenschutzbehörde", "ÜBERPRÜFUNG schutz"),
        ("Die Strasse der U\u0308bung", "straße Übung"),  # sharp s; composed or not
        ("应当建立独立的监管机构，并公布其报告。", "监管"),
        ("应当建立独立的监管机构，并公布其报告。", "独立的监管机构 报"),
        ("在5月公布A级。", "5月 a级"),
        ("ｗｉｄｅ letters", "WIDE"),
        ("Un écran de contrôle", "ecran controle"),
        ("Un ecran de controle", "écran contrôle"),
        ("Un e\u0301cran", "ECRAN"),  # the mark stands apart from its letter
        ("Die Lösung", "losung"),
        ("Die losung", "LÖSUNG"),
        ("Le cœur de l’œuvre", "coeur oeuvre"),
        ("Coeur et oeuvre", "CŒUR œuvre"),
        ("Łódź, København", "lodz kobenhavn"),
        ("İSTANBUL’da ısı", "istanbul isi"),
        ("Ещё и её", "еще ее"),
        ("Ελλάδα", "ελλαδα"),
        ("정부는 답해야 한다", "정부"),
        ("การประชุม", "ชุ"),
        ("It grows by 73% in file_name C:\\Temp.", "73% file_name c:\\temp"),
        ('She said "never" (AI), 5 % and § 7', '"never" ai § % 7'),
        ("The AI-based act", "AI"),
        ("one", "one " * 300),
    ],
)
def test_words_are_found_in_any_part_of_a_text_and_in_any_case(consultation, text, words):
    one = said(consultation, text)
    said(consultation, "Something else.")
    assert found(words) == [one]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Registers of compute.", "compute registry"),
        ("It said that they maintain a pair.", "AI"),  # two letters stand alone
        ("It grows by 730 in filename C:Temp", "73%"),
        ("It grows by 730 in filename C:Temp", "file_name"),
        ("It grows by 730 in filename C:Temp", "c:\\temp"),
        ("公布其报告。监督与管理。", "监管"),
        ("かき", "がき"),  # marks of other scripts make other letters
        ("กิน", "กน"),
        ("nation voting", "nationing"),  # every trigram of it is there, the word is not
        ("Some words.", '" OR "'),
        ("Some words.", "§"),
        ("Words and a sign alone: §", "§"),
    ],
)
def test_what_only_resembles_the_words_is_not_found(consultation, text, words):
    said(consultation, text)
    assert found(words) == []


def test_words_may_stand_in_different_texts_and_in_names(consultation):
    one = said(
        consultation, "First.", "Second.", reference="REF/77", organisation_name="Bürgerforum"
    )
    PointFactory(
        submission=one, reason="Third.", proposed_text="Fourth.", change_condition="Fifth."
    )
    vocabulary.write([one.pk])
    assert found("first second third fourth fifth BÜRGERFORUM ref/77") == [one]
    assert found("first sixth") == []


def test_nothing_but_spaces_asks_for_nothing(consultation):
    one = said(consultation, "Words.")
    assert found(" \t ") == [one]


def test_a_search_keeps_to_the_rows_it_is_asked_of(consultation):
    one = said(consultation, "Compute.", group="civil")
    said(consultation, "Compute.", group="company")
    said(ConsultationFactory(), "Compute.", group="civil")
    rows = Submission.objects.of(consultation).filter(group="civil")
    assert found("compute", rows) == [one]


def test_words_of_what_was_withdrawn_are_never_found_its_name_is(consultation):
    one = said(consultation, "Zeppelin.", reference="REF/9", organisation_name="The Forum")
    Submission.objects.update(state=Submission.State.WITHDRAWN)
    for _again in range(2):
        assert found("zeppelin") == found("forum zeppelin") == []
        assert found("forum ref/9") == [one]
        vocabulary.write([one.pk])
    assert "zeppelin" not in Vocabulary.objects.get().words


def test_a_draft_is_never_found(consultation):
    draft = DraftFactory(consultation=consultation)
    AnswerFactory(submission=draft, text="Zeppelin.")
    vocabulary.write([draft.pk])
    assert not Vocabulary.objects.exists()
    Vocabulary.objects.create(submission=draft, words=" zeppelin ")
    assert found("zeppelin") == []


def test_what_is_filed_is_found_and_the_version_it_replaces_no_more(open_consultation, participant):
    def view(text):
        return DraftInput(answers=[AnswerInput("why", text=text)], group="research")

    receipt = file_submission(open_consultation, view("Zeppelin."), by=participant)
    first = Submission.objects.get(reference=receipt.number)
    run_until_idle(f"passages:{first.pk}")
    assert found("zeppelin") == [first]
    draft = start_revision(first, by=participant)
    save_draft(draft, view("A zeppelin and an airship."), by=participant)
    assert found("airship") == []
    submit(draft, by=participant)
    run_until_idle(f"passages:{draft.pk}")
    assert found("zeppelin") == found("airship") == [draft]
    withdraw(draft, by=participant)
    assert found("zeppelin") == found("airship") == []
    assert start_draft(open_consultation, author=participant, group="research") not in found("e")


def test_what_is_imported_is_found_and_a_further_text_of_it(tmp_path):
    header = ["reference", "question", "text"]
    first = csv_file(tmp_path / "a.csv", header, ["1", "q", "Compute."], ["2", "q", "Compute."])
    take_in(first)
    more = csv_file(tmp_path / "b.csv", header, ["1", "r", "Zeppelin."], ["3", "r", "Airship."])
    take_in(more)
    assert [one.reference for one in found("compute")] == ["1", "2"]
    assert [one.reference for one in found("compute zeppelin")] == ["1"]
    assert [one.reference for one in found("airship")] == ["3"]


def test_what_is_written_anew_or_deleted_is_found_no_more(consultation):
    one = said(consultation, "Zeppelin.")
    Answer.objects.update(text="Airship.")
    vocabulary.write([one.pk])
    assert found("zeppelin") == []
    assert found("airship") == [one]
    one.delete()
    assert found("airship") == []


def test_of_the_rows_that_hold_the_words_the_newest_come_first(consultation):
    made = [
        said(consultation, "Compute.", submitted_at=timezone.now() - timedelta(days=days))
        for days in (2, 1, 3)
    ]
    rows = Submission.objects.of(consultation).containing("compute").newest_first()
    assert list(rows) == [made[1], made[0], made[2]]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ('"national directory"', True),
        ("“NATIONAL directory” keep", True),
        ("« national directory »", True),
        ('"directory national"', False),
        ('"keep directory"', False),
        ('keep "directory', True),
    ],
)
def test_quoted_words_stand_next_to_each_other(consultation, words, is_found):
    one = said(consultation, "Keep a national\ndirectory. A directory is national.")
    assert found(words) == ([one] if is_found else [])


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ('"ecran de controle"', True),
        ('"ÉCRAN DE CONTRÔLE"', True),
        ('"cœur du controle"', True),
        ('"coeur du contrôle"', True),
        ('"straße frei"', True),
        ('"strasse FREI"', True),
        ('"独立的 监管"', True),
        ('"½ price"', True),
        ('"wide open"', True),
        ('"controle ecran"', False),
        ('"ecran du controle"', False),
    ],
)
def test_marks_make_no_difference_in_quoted_words(consultation, words, is_found):
    one = said(
        consultation,
        "Un e\u0301cran de contrôle. Cœur du CONTRÔLE. Straße frei.",
        "独立的，监管, ½ price, ｗｉｄｅ open",
    )
    assert found(words) == ([one] if is_found else [])


def test_a_withdrawn_name_is_found_without_its_marks(consultation):
    one = said(consultation, organisation_name="Écran libre", state="withdrawn")
    assert found("ecran") == found("ÉCRAN") == [one]


def test_a_quoted_phrase_is_found_in_points_and_names_too(consultation):
    named = said(consultation, organisation_name="The River Trust")
    point = PointFactory(submission__consultation=consultation, reason="A river trust is needed.")
    vocabulary.write([point.submission.pk])
    assert found('"river trust"') == [named, point.submission]


def test_of_what_was_withdrawn_no_phrase_is_found(consultation):
    said(consultation, "River trust.", organisation_name="Trust of the River", state="withdrawn")
    assert found("river trust") != []
    assert found('"river trust"') == []
