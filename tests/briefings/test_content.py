import copy

import pytest
from pydantic import ValidationError

from apps.briefings.content import BriefingContent, Claim, Passage, render_text
from tests.briefings.content_factory import briefing_content, briefing_data, empty_content


def refused(data: dict, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        BriefingContent.model_validate(data)


def claim(text: str, **more) -> Claim:
    numbers = {"n": {"value": 3, "query": "all"}} if "{n}" in text else {}
    return Claim(**{"id": "X1", "origin": "extractive", "text": text, "numbers": numbers} | more)


def test_a_complete_briefing_is_accepted_and_survives_a_round_trip():
    content = briefing_content()
    text = content.model_dump_json(by_alias=True)
    assert BriefingContent.model_validate_json(text) == content


def test_an_empty_consultation_is_a_complete_briefing():
    assert empty_content().heard.total == 0


def test_figures_stand_in_the_sentence_and_stay_with_their_noun():
    one = claim(
        "Of {n} texts, {m} ask.",
        numbers={
            "n": {"value": 12345, "query": "all"},
            "m": {"value": "34.8 %", "query": "share"},
        },
    )
    assert render_text(one) == "Of 12\u00a0345\u00a0texts, 34.8\u00a0%\u00a0ask."


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again():
    one = claim(
        "{a} and {n}",
        numbers={
            "a": {"value": "{n}", "query": "a name"},
            "n": {"value": 2, "query": "all"},
        },
    )
    assert render_text(one) == "{n}\u00a0and 2"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nobody says a word.", {}),
        ("{name} says so.", {"name": {"value": "A provision", "query": "its heading"}}),
    ],
)
def test_a_claim_without_a_source_and_without_a_figure_is_refused(text, numbers):
    with pytest.raises(ValidationError, match="neither a citation nor a computed number"):
        claim(text, numbers=numbers)


@pytest.mark.parametrize("text", ["{n} of 12 agree.", "Half of {n} agree.", "{n} or ٣ agree."])
def test_a_typed_number_is_refused(text):
    with pytest.raises(ValidationError, match="typed, not computed"):
        claim(text)


def test_a_typed_number_word_is_refused_in_the_language_of_the_document():
    data = briefing_data()
    data["document"]["lang"] = "de"
    data["note"][0]["text"] = "{n} und drei stimmen zu."
    refused(data, "drei")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("{n} and {m}", {"n": {"value": 1, "query": "q"}}),
        ("none", {"n": {"value": 1, "query": "q"}}),
    ],
)
def test_placeholders_and_numbers_come_in_pairs(text, numbers):
    with pytest.raises(ValidationError, match="without a pair"):
        claim(text, numbers=numbers)


def test_a_truth_value_is_not_a_figure():
    with pytest.raises(ValidationError):
        claim("{n} agree.", numbers={"n": {"value": True, "query": "q"}})


@pytest.mark.parametrize("change", [{"end": 9}, {"text": "other!"}, {"sha256": "0" * 64}])
def test_a_passage_that_is_not_its_span_is_refused(change):
    digest = "b6a98d9ce9a2d9149288fa3df42d377c3e42737afdcdaf714e33c0a100b51060"
    good = {"part": "answer:comment", "start": 2, "end": 8, "text": "seldom", "sha256": digest}
    with pytest.raises(ValidationError):
        Passage.model_validate(good | change)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example/", "/local", "http://", "https://x.example/\n"]
)
def test_an_address_is_empty_or_http(url):
    data = briefing_data()
    data["submissions"][0]["url"] = url
    refused(data, "address")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("note", 0, "citations", 0, "ref"), "nowhere", "submission unknown"),
        (("note", 0, "theme"), "nothing", "no theme"),
        (("matrix", 0, "group"), "nobody", "group unknown"),
        (("matrix", 0, "theme"), "nothing", "theme unknown"),
        (("matrix", 0, "stances"), {"maybe": 1}, "stance unknown"),
        (("submissions", 0, "cited_in"), ["U1"], "cited_in"),
        (("submissions", 1, "ref"), "PL-2026-007-00000", "submission twice"),
        (("heard", "total"), 3, "heard.total"),
        (("heard", "states", "own"), 3, "heard.states"),
        (("coverage", 0, "own"), 99, "coverage"),
        (("minority", 0, "id"), "F1", "two claims"),
        (("document", "date"), [2026, 2, 31], "day"),
        (("surprise",), 1, "Extra inputs"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(path, value, words):
    data = copy.deepcopy(briefing_data())
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    refused(data, words)


def test_the_minority_section_cannot_be_left_out():
    data = briefing_data()
    del data["minority"]
    refused(data, "minority")


def test_claims_come_in_the_order_in_which_they_are_printed():
    data = briefing_data(n_themes=1)
    claims = data["themes"][0]["claims"]
    claims.insert(0, claims.pop())
    claims[0]["kind"] = claims[3]["kind"] = "for"
    ids = [one.id for one in BriefingContent.model_validate(data).claims()]
    assert ids == ["F1", "C1", "W1", "A1", "1.0", "1.4", "1.1", "1.3", "1.2", "U1"]
