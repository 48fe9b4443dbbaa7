import csv
import gzip
import os
import textwrap
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.analysis.sentences import fingerprint, split_sentences

SHARED = Path(
    os.environ.get("PLENARY_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)

marks = st.sampled_from(
    [
        *'.!?…。！？；\n\r\t "”)]」-•*_',
        "\n\n",
        ". ",
        "e.g. ",
        "No. 5",
        "3. ",
        "\r\n",
        "1) ",
        "U.S. ",
    ]
)
texts = st.lists(st.one_of(st.text(max_size=12), marks), max_size=60).map("".join)


def parts(text, **options):
    return [text[span.start : span.end] for span in split_sentences(text, **options)]


def without_space(text):
    return "".join(text.split())


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["The U.S. Senate met Dr. Smith.", "He spoke."]),
        ("en", ["It applies in the U.S.", "We object."]),
        ("en", ["Some harms, e.g. Fraud, are known.", "Others, i.e. bias, are not."]),
        ("en", ["See No. 5 and Sec. 12 of the draft.", "The answer is no.", "We disagree."]),
        ("en", ["George W. Bush and J. R. R. Tolkien agreed.", "So do I.", "We all do."]),
        ("en", ["It cost 3.5 million in 2019.", "That is too much."]),
        ("en", ["Read https://example.org/a.b?c=d!e and v2.0.1 first.", "Then answer."]),
        ("en", ['"Is it so?" she asked.', '"Yes."', "They left."]),
        ("en", ["(See page 5.)", "It says more."]),
        ("en", ["Wait... and see!", "Really?!", "Yes."]),
        ("en", ["we agree with all of this.", "it is late."]),
        ("en", ["The line breaks were lost.", "The next one begins here."]),
        ("en", ["They moved on Jan. 5, 2020 to St. Louis, etc. and stayed."]),
        ("de", ["Am 3. Oktober war es so.", "Wir fordern die 2. Stufe."]),
        ("de", ["Das gilt z. B. nach Abs. 2, d. h. nach Nr. 4 nicht.", "Es gilt ca. ein Jahr."]),
        ("de", ["Wir lehnen Artikel 5.", "Das ist alles."]),
        ("", ["Am 3. Oktober und danach war es so.", "Der Rest folgt."]),
        ("zh", ["我们支持该提案。", "但是必须修改！", "为什么？", "条件如下；", "其余从略。"]),
        ("zh", ["他说：“必须修改。”", "我们同意。"]),
        ("ja", ["「行くの？」と彼は言った。", "はい。"]),
    ],
)
def test_sentences_end_where_a_reader_says_they_do(language, sentences):
    glue = "" if language in ("zh", "ja") else " "
    text = glue.join(sentences)
    if "were lost" in text:
        text = text.replace(". The next", ".The next")
    assert parts(text, language=language) == sentences


def test_headings_lists_and_wrapped_lines():
    text = (
        "SCOPE OF THE RULE\nThe rule reaches every provider that is known to\n"
        "Congress, and some that are not.\r\n\r\n1. First ask. It is small.\n2. Second ask\n"
        "- with a bullet\n• and another\n(a) a letter\n\nSincerely"
    )
    assert parts(text) == [
        "SCOPE OF THE RULE",
        "The rule reaches every provider that is known to\nCongress, and some that are not.",
        "1. First ask.",
        "It is small.",
        "2. Second ask",
        "- with a bullet",
        "• and another",
        "(a) a letter",
        "Sincerely",
    ]


PROSE = [
    "We thank the Commission for this chance to comment on the Draft Protocol.",
    "Our members in Berlin, Paris and Rome run Systems that the Protocol would reach.",
    "Article 5 should say who decides, when they decide and what the Parties may do about it.",
    "Without that, nobody in the Union will know what to expect from the Secretariat!",
]


@pytest.mark.parametrize("width", [40, 60, 72, 80])
def test_wrapping_a_paragraph_moves_no_boundary(width):
    wrapped = textwrap.fill(" ".join(PROSE), width, break_on_hyphens=False)
    assert [" ".join(part.split()) for part in parts(wrapped)] == PROSE


def test_text_without_stops_is_cut_between_words():
    text = " ".join(f"word{i}" for i in range(400))
    found = parts(text, longest=600)
    assert all(200 <= len(part) <= 600 for part in found)
    assert " ".join(found) == text


def test_chinese_without_stops_is_cut_at_a_comma_or_hard():
    clause = "各方应当遵守本议定书的规定，"
    assert all(part.endswith("，") for part in parts(clause * 100, longest=60))
    assert [len(part) for part in parts("字" * 200, longest=60)] == [60, 60, 53, 27]


def test_a_hard_cut_keeps_a_letter_with_its_accents():
    text = "e\u0301" * 500
    assert all(not unicodedata.combining(part[0]) for part in parts(text, longest=99))


def test_nothing_in_nothing_out():
    assert split_sentences("") == []
    assert split_sentences(" \n\t\u3000 ") == []
    with pytest.raises(ValueError, match="at least one character"):
        split_sentences("a", longest=0)


@given(texts, st.integers(1, 80))
def test_spans_hold_every_character_once_and_in_order(text, longest):
    spans = split_sentences(text, longest=longest)
    assert all(0 < span.end - span.start <= longest for span in spans)
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
    found = [text[span.start : span.end] for span in spans]
    assert all(part == part.strip() for part in found)
    assert "".join(map(without_space, found)) == without_space(text)


@given(texts)
def test_surrounding_blank_lines_only_shift_the_offsets(text):
    moved = split_sentences("\n \n" + text.strip() + "\n \n")
    assert moved == [(a + 3, b + 3) for a, b in split_sentences(text.strip())]


@pytest.mark.parametrize(
    "unit", [".", "a.", "a. ", "\n", "X\n", "Xy zw\r", " ", "!?", '."', "字", "1. ", "- \n", "a, "]
)
def test_a_megabyte_of_anything_is_linear(unit):
    small, large = unit * (100_000 // len(unit)), unit * (1_000_000 // len(unit))
    begun = time.process_time()
    split_sentences(small)
    between = time.process_time()
    split_sentences(large)
    # Ten times the text: quadratic work would take a hundred times as long.
    assert time.process_time() - between < 30 * (between - begun) + 0.5


def test_fingerprint_ignores_form_and_nothing_else():
    sentence = "We urge the Agency to keep the 2015 rule."
    assert fingerprint(sentence) == fingerprint("  we URGE the agency—to keep\nthe ２０１５ rule!")
    assert fingerprint(sentence) != fingerprint(sentence.replace("2015", "2016"))
    assert 0 < fingerprint(sentence) < 2**63
    assert fingerprint("Thank you for reading.") == 0
    assert fingerprint("请参见附件。") == 0
    assert fingerprint("我们强烈支持本议定书草案。") > 0


def test_fingerprint_is_the_same_in_every_process():
    assert fingerprint("The quick brown fox jumps over the lazy dog.") == 1574716225844346361


@given(st.text(max_size=200))
def test_fingerprint_fits_a_signed_column(text):
    assert 0 <= fingerprint(text) < 2**63


def test_every_real_comment_is_covered():
    path = SHARED / "us-cms-2022-0163" / "comments.csv.gz"
    if not path.exists():
        pytest.skip(f"the recorded comments are not in {SHARED}")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as source:
        comments = [row["text"] for row in csv.DictReader(source)]
    for text in comments:
        assert "".join(map(without_space, parts(text))) == without_space(text)
