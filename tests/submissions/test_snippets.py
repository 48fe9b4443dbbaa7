"""A search shows where the words stand, and offers what may have been meant."""

from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from apps.submissions import vocabulary
from apps.submissions.models import Submission
from apps.submissions.searching import needles_of
from apps.submissions.snippets import snippets, spans_of, suggested
from tests.factories import AnswerFactory, QuestionFactory, SubmissionFactory


@pytest.fixture
def question(open_consultation):
    return QuestionFactory(consultation=open_consultation, key="said")


@pytest.fixture
def say(question):
    def filed(text, **fields):
        one = SubmissionFactory(consultation=question.consultation, **fields)
        AnswerFactory(submission=one, question=question, text=text)
        vocabulary.write([one.pk])
        return one

    return filed


@pytest.mark.parametrize(
    ("text", "needles", "found"),
    [
        ("Registers of Compute.", ["compute"], ["Compute"]),
        ("Die STRASSE, die Straße", ["strasse"], ["STRASSE", "Straße"]),
        ("Übung macht", ["ubung"], ["Übung"]),
        ("Un écran, un ECRAN", ["ecran"], ["écran", "ECRAN"]),
        ("Un e\u0301cran fige\u0301.", ["ecran", "fige"], ["e\u0301cran", "fige\u0301"]),
        ("Straße, e\u0301cran", ["ecran", "strasse"], ["Straße", "e\u0301cran"]),
        ("Le cœur", ["coeur"], ["cœur"]),
        ("ß", ["s"], ["ß"]),
        ("应当建立独立的监管机构", ["监管"], ["监管"]),
        ("ﬁle and file", ["file"], ["ﬁle", "file"]),
        ("nothing here", ["compute"], []),
    ],
)
def test_words_are_marked_as_they_stand_in_the_text(text, needles, found):
    assert [text[start:end] for start, end in spans_of(text, needles)] == found


@given(st.text(max_size=80), st.text(min_size=1, max_size=3))
def test_marks_lie_in_the_text_and_never_overlap(text, needle):
    spans = spans_of(text, needles_of(needle) or ["x"])
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.django_db
def test_an_excerpt_begins_near_the_word_and_keeps_its_words(say):
    one = say("First words. " * 60 + "A zeppelin passed over the town. " + "Last words. " * 60)
    [parts] = snippets([one.pk], "Zeppelin").values()
    text = "".join(part for part, _found in parts)
    assert [part for part, is_found in parts if is_found] == ["zeppelin"]
    assert len(text) < 400
    assert text.startswith("… ")
    assert text.endswith(" …")


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["ecran", "Écran", '"un ecran de controle"'])
def test_the_words_are_shown_as_they_were_written(client, say, words):
    say("Avant tout, un écran de contrôle.")
    address = reverse("submissions:list", args=["open-consultation"])
    assert "<mark>écran</mark>" in client.get(address, {"q": words}).content.decode()


@pytest.mark.django_db
def test_the_page_marks_the_words_and_shows_markup_as_text(client, say):
    say("Before <b>compute</b> after.")
    address = reverse("submissions:list", args=["open-consultation"])
    page = client.get(address, {"q": "compute"}).content.decode()
    assert "&lt;b&gt;<mark>compute</mark>&lt;/b&gt;" in page


@pytest.mark.django_db
def test_words_of_what_was_withdrawn_are_in_no_excerpt(client, say):
    say("Compute.", state="withdrawn", organisation_name="The Compute Forum")
    address = reverse("submissions:list", args=["open-consultation"])
    assert "<mark>" not in client.get(address, {"q": "compute"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("monitering", "monitoring"),
        ("monitering of compute", "monitoring of compute"),
        ("Überwachnug", "überwachung"),
        ("uberwachnug of monitering", "überwachung of monitoring"),
        ("quagga", ""),
        ("xq", ""),
    ],
)
def test_a_word_nobody_wrote_leads_to_one_that_is_near(say, asked, offered):
    say("The monitoring of compute: Überwachung.")
    assert suggested(Submission.objects.filed(), asked) == offered


@pytest.mark.django_db
def test_the_page_offers_it_as_a_link_that_keeps_the_filters(client, say):
    say("The monitoring of compute.", group="civil")
    address = reverse("submissions:list", args=["open-consultation"])
    page = client.get(address, {"q": "monitering", "group": "civil"}).content.decode()
    assert "Did you mean" in page
    assert "group=civil&amp;q=monitoring" in page or "q=monitoring&amp;group=civil" in page
