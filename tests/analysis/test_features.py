import csv
import gzip
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.features import text_features

DATA = Path(
    os.environ.get("PLENARY_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")
)


def recorded(path, column):
    if not (DATA / path).exists():
        pytest.skip(f"recorded data not found: {DATA / path} (set PLENARY_SHARED_DATA)")
    with gzip.open(DATA / path, "rt", encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def surfaces_of(*texts, language="en", **options):
    return set(text_features(texts, language=language, least=1, **options).surfaces)


def test_weights_are_as_worked_out_by_hand():
    found = text_features(["pause pause", "pause verification"], least=1)
    assert found.terms == ("paus", "paus paus", "paus verif", "verif")
    rare = math.log(3 / 2) + 1
    first = np.array([1 + math.log(2), rare, 0, 0])
    second = np.array([1, 0, rare, rare])
    expected = np.vstack([first / np.linalg.norm(first), second / np.linalg.norm(second)])
    assert found.matrix.toarray() == pytest.approx(expected, abs=1e-6)
    assert found.matrix.dtype == np.float32


def test_forms_of_a_word_count_as_one_and_show_the_most_frequent():
    found = text_features(
        ["They inspect labs.", "An inspection of a lab.", "The lab inspects; labs are inspected."],
        least=1,
    )
    assert "lab" in found.terms
    assert found.surfaces[found.terms.index("lab")] in {"lab", "labs"}
    assert len([term for term in found.terms if term == "inspect"]) == 1


def test_names_keep_their_capitals_and_sentence_openings_do_not():
    texts = [
        "Medicare pays. Doctors wait.",
        "Why Medicare? The doctors left.",
        "Doctors and Medicare",
    ]
    assert {"Medicare", "doctors"} <= surfaces_of(*texts)


def test_a_phrase_is_written_with_its_links_and_hyphens():
    found = surfaces_of("The freedom of the press, long-term care and COVID-19 in Section 1557.")
    assert {"freedom of the press", "long-term", "COVID-19", "Section 1557"} <= found


def test_a_phrase_never_runs_across_punctuation_or_an_article():
    found = surfaces_of(
        "We ask for safety. Monitoring works, reports follow; sex the patient states"
    )
    assert not {"safety Monitoring", "works reports", "sex the patient"} & found


def test_function_words_and_courtesies_are_no_terms():
    assert surfaces_of("Dear Sir or Madam, thank you. I would not have been there.") == set()
    assert surfaces_of("Sehr geehrte Damen und Herren, danke für die", language="de") == set()
    assert surfaces_of("Madame, Monsieur, il n'y a pas que lui", language="fr") == set()
    assert surfaces_of("Estimados señores: no es lo que hay", language="es") <= {"señores"}


def test_masks_addresses_and_mark_up_are_no_terms():
    found = surfaces_of(
        "[submitter name] of Linz<br/>wrote to jane.doe@example.org &amp; https://x.org/page [12]"
    )
    assert found == {"Linz", "wrote"}


def test_numbers_are_no_terms_by_themselves():
    assert surfaces_of("1557 2023 3.5 42") == set()


def test_elision_is_taken_apart_and_written_together():
    found = surfaces_of("Le droit d'accès et l’égalité", language="fr")
    assert {"droit d'accès", "accès", "égalité"} <= found


def test_chinese_is_read_by_runs_of_characters():
    texts = ["我们支持人工智能的暂停", "人工智能需要监督", "暂停之后,人工智能的监督"]
    found = text_features(texts, language="zh", least=2)
    assert {"人工智能", "暂停", "监督"} <= set(found.terms)
    assert not any("的" in term or "们" in term for term in found.terms)
    assert found.terms == found.surfaces


def test_latin_words_inside_chinese_stay_whole():
    assert {"AI safety", "人工智能"} <= surfaces_of("人工智能 AI safety 人工智能", language="zh")


def test_scripts_with_vowel_signs_keep_their_words():
    assert "जलवायु परिवर्तन" in surfaces_of("जलवायु परिवर्तन", language="hi")


def test_composed_and_decomposed_letters_are_the_same():
    found = text_features(
        ["über Klima über", "u\u0308ber Klima u\u0308ber"], language="sv", least=2
    )
    assert found.matrix.toarray()[0] == pytest.approx(found.matrix.toarray()[1])


def test_a_term_in_most_texts_sets_none_apart():
    texts = [f"pause {word}" for word in ("alpha", "beta", "gamma", "delta") * 5]
    assert "paus" not in text_features(texts).terms
    assert "paus" in text_features(texts, most_share=1.0).terms


def test_the_vocabulary_is_bounded_and_keeps_the_most_frequent():
    texts = [" ".join(f"w{i}" for i in range(top)) for top in range(1, 60)]
    found = text_features(texts, most_terms=10, most_share=1.0)
    assert len(found.terms) == 10
    assert "w0" in found.terms


@pytest.mark.parametrize("texts", [[], [""], ["", "the of"], ["\x00", "\n\n"], ["…", "[name]"]])
def test_texts_without_words_have_no_features(texts):
    found = text_features(texts)
    assert found.matrix.shape == (len(texts), 0)
    assert found.terms == found.surfaces == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=80), max_size=8), st.sampled_from(["en", "de", "fr", "zh", "", "xx"])
)
def test_rows_have_length_one_or_nothing(texts, language):
    found = text_features(texts, language=language)
    lengths = np.sqrt(found.matrix.multiply(found.matrix).sum(axis=1))
    assert found.matrix.shape == (len(texts), len(found.terms))
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))
    assert len(found.surfaces) == len(found.terms)
    assert list(found.terms) == sorted(found.terms)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["pause now", "verify labs", "inspect labs now"]), min_size=1))
def test_the_order_of_texts_only_orders_the_rows(texts):
    forward, backward = text_features(texts, least=1), text_features(texts[::-1], least=1)
    assert forward.terms == backward.terms
    assert forward.matrix.toarray()[::-1] == pytest.approx(backward.matrix.toarray(), abs=1e-6)


def test_recorded_comments_give_readable_terms():
    found = text_features(recorded("us-cms-2022-0163/comments.csv.gz", "text"))
    lowered = {surface.lower() for surface in found.surfaces}
    assert {"biological sex", "gender identity"} <= lowered
    assert not any("submitter" in surface or "removed]" in surface for surface in lowered)
    assert not any(surface.isdigit() for surface in found.surfaces)


def test_recorded_german_statements_keep_their_nouns():
    texts = recorded("polis/austria-klimarat-konsum-2022/comments.csv.gz", "comment-body")
    found = text_features(texts, language="de")
    assert {"Konsum", "Werbung", "klimafreundliche Produkte"} <= set(found.surfaces)
    assert not {"und", "nicht", "der", "wir"} & {surface.lower() for surface in found.surfaces}
