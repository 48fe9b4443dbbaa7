import csv
import gzip
import os
import random
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.analysis.campaigns import find_campaigns, split_letters

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PLENARY_SHARED_DATA", ROOT.parent / "shared" / "data"))
WORDS = [f"{a}{b}{c}" for a in "bdgklmn" for b in ("a", "e", "ou", "i") for c in "rstx"]


def read(path):
    csv.field_size_limit(10_000_000)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def prose(chance, words):
    return " ".join(chance.choices(WORDS, k=words)) + "."


def partition(labels, names):
    groups = {}
    for label, name in zip(labels, names, strict=True):
        if label >= 0:
            groups.setdefault(label, []).append(name)
    return sorted(sorted(group) for group in groups.values())


@pytest.fixture
def docket():
    """Two campaigns with personal prefixes and edits, and forty people who write for themselves."""
    chance = random.Random(4)
    texts = []
    for copies in (30, 12):
        letter = [prose(chance, 12) for _ in range(7)]
        texts += [" ".join(letter)] * (copies // 3)
        texts += [prose(chance, 10) + " " + " ".join(letter) for _ in range(copies // 3)]
        texts += [" ".join(letter[1:]) + prose(chance, 14) for _ in range(copies // 3)]
    return texts + [prose(chance, 90) for _ in range(40)]


def test_campaigns_are_found_counted_and_numbered_by_size(docket):
    found = find_campaigns(docket)
    assert found.labels.tolist() == [0] * 30 + [1] * 12 + [-1] * 40
    assert found.similarity[:10].tolist() == [1.0] * 10
    assert (found.similarity[:42] >= 0.25).all()
    assert (found.similarity[42:] == 0).all()
    assert [docket[i] for i in found.representatives] == [docket[0], docket[30]]
    assert found.is_core[:10].all()
    assert not found.is_core[42:].any()


def test_the_order_of_the_letters_does_not_matter(docket):
    names = list(range(len(docket)))
    expected = partition(find_campaigns(docket).labels, names)
    for seed in range(5):
        random.Random(seed).shuffle(names)
        found = find_campaigns([docket[name] for name in names])
        assert partition(found.labels, names) == expected


def test_the_same_input_gives_the_same_answer(docket):
    one, two = find_campaigns(docket), find_campaigns(docket)
    assert np.array_equal(one.labels, two.labels)
    assert np.array_equal(one.similarity, two.similarity)
    assert np.array_equal(one.representatives, two.representatives)


def test_a_letter_that_joins_never_joins_two_cores():
    chance = random.Random(9)
    one, two = prose(chance, 80), prose(chance, 80)
    bridge = one + " " + two
    found = find_campaigns([one] * 6 + [two] * 7 + [bridge])
    assert len(found.representatives) == 2
    assert found.labels[0] != found.labels[6]
    assert found.labels[13] >= 0
    assert not found.is_core[13]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "N/A",
        "See attached",
        "See attached file(s)",
        "Please see the attached document for our comments. Thank you for the opportunity!",
        "Bitte siehe die Stellungnahme im Anhang. Vielen Dank und mit freundlichen Grüßen",
        "请参见附件。",
        "🙂🙂🙂",
        "no no no no no no no no no no no no no no no no no",
        "I support this rule.",
    ],
)
def test_what_many_people_say_by_themselves_is_no_campaign(text):
    assert (find_campaigns([text] * 200).labels == -1).all()


def test_letters_that_dropped_the_same_paragraphs_are_the_same_campaign():
    chance = random.Random(6)
    letter = [prose(chance, 20) for _ in range(6)]
    short = " ".join(letter[:3])
    variants = [f"{prose(chance, 15)} {short} {prose(chance, 15)}" for _ in range(9)]
    found = find_campaigns([" ".join(letter)] * 12 + variants)
    assert (found.labels == 0).all()


def test_very_many_variants_of_one_text_are_still_one_campaign():
    chance = random.Random(12)
    shared = prose(chance, 60)
    letters = []
    for _ in range(60):
        variant = shared + " " + prose(chance, 34)
        letters += [variant] * 5
    letters += [prose(chance, 15) + " " + shared + " " + prose(chance, 15) for _ in range(20)]
    found = find_campaigns(letters)
    assert (found.labels == 0).all()


def test_rivals_that_quote_the_same_paragraph_are_two_campaigns():
    chance = random.Random(8)
    quoted = prose(chance, 40)
    rivals = [quoted + " " + prose(chance, 60) for _ in range(2)]
    letters = [f"{prose(chance, 8)} {rival}" for rival in rivals for _ in range(10)]
    found = find_campaigns(letters)
    assert found.labels.tolist() == [0] * 10 + [1] * 10


def test_four_copies_are_no_campaign_and_five_are():
    text = prose(random.Random(1), 50)
    assert (find_campaigns([text] * 4).labels == -1).all()
    assert (find_campaigns([text] * 5).labels == 0).all()


def test_case_punctuation_and_width_are_no_difference():
    text = "We strongly oppose the removal of the 2015 standard; it would harm every river we know"
    forms = [text, text.upper(), text.replace(" ", "\n"), text + "!!!", "“" + text + "”"]
    found = find_campaigns([*forms, text.replace("2015", "２０１５")])
    assert (found.labels == 0).all()
    assert (found.similarity == 1).all()


def test_chinese_campaigns_are_found_without_words():
    letter = (
        "我们要求各缔约方在暂停期间公开训练规模，并允许独立机构进行现场核查，否则本议定书没有意义。"
    )
    others = [
        "草案第三条的定义过于宽泛，中小企业无法判断自己是否受到约束，建议增加明确的计算门槛。",
        "本人是一名教师，担心学校里的学生过早依赖这些系统，希望政府首先制定教育方面的准则。",
    ]
    found = find_campaigns([letter] * 4 + ["本人来自上海。" + letter, letter + "此致敬礼"] + others)
    assert found.labels.tolist() == [0] * 6 + [-1] * 2


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["one letter"],
        [""] * 50,
        ["a b c d e f g h i j k l"] * 2,
        ["\x00\ud800 \u0301"] * 9,
        ["ﷺ" * 3000] * 6,
    ],
)
def test_degenerate_input_is_answered(texts):
    found = find_campaigns(texts)
    assert len(found.labels) == len(found.is_core) == len(found.similarity) == len(texts)


def test_sixty_thousand_identical_letters_and_giants_take_seconds_at_most():
    chance = random.Random(2)
    giant = prose(chance, 40_000)
    begun = time.process_time()
    same = find_campaigns([giant[:1_000]] * 60_000)
    giants = find_campaigns([giant + prose(chance, 20) for _ in range(6)])
    assert time.process_time() - begun < 10
    assert (same.labels == 0).all()
    assert (giants.labels == 0).all()


def test_letters_that_share_only_a_greeting_stay_apart():
    chance = random.Random(3)
    greeting = "Thank you for the opportunity to comment on docket number CMS-2022-0163. "
    assert (find_campaigns([greeting + prose(chance, 60) for _ in range(300)]).labels == -1).all()


def test_thresholds_out_of_order_are_refused():
    with pytest.raises(ValueError, match="thresholds"):
        find_campaigns([], core_threshold=0.2, join_threshold=0.5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(WORDS)), max_size=30))
def test_a_campaign_map_is_always_consistent(texts):
    found = find_campaigns(texts * 3)
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert (sizes >= 5).all()
    assert (np.diff(sizes) <= 0).all()
    assert np.array_equal(found.labels[found.representatives], np.arange(len(sizes)))
    assert found.is_core[found.representatives].all()
    assert ((found.similarity > 0) == (found.labels >= 0)).all()
    assert not found.is_core[found.labels < 0].any()


def test_shared_sentences_are_campaign_text_and_the_rest_is_the_senders_own():
    shared, other, personal = 11, 12, iter(range(100, 200))
    letters = [[shared, other, next(personal), 0] for _ in range(6)] + [[shared, 77], [shared]]
    labels = np.array([0] * 6 + [-1, -1])
    offsets = np.cumsum([0] + [len(letter) for letter in letters])
    found = split_letters(
        np.concatenate(letters), offsets, labels, lengths=np.full(offsets[-1], 10)
    )
    assert found.is_campaign_text.tolist() == [True, True, False, False] * 6 + [False] * 3
    assert found.own_share[:6] == pytest.approx(1 / 3)
    assert found.own_share[6:].tolist() == [1, 1]


def test_a_small_campaign_needs_a_majority_and_a_sentence_said_twice_counts_once():
    letters = [[5, 6, 6, 6], [5, 8], [5, 8], [8, 9]]
    offsets = np.cumsum([0] + [len(letter) for letter in letters])
    sentences = np.concatenate(letters)
    found = split_letters(
        sentences, offsets, np.zeros(4, int), lengths=np.ones(len(sentences), int)
    )
    assert set(sentences[found.is_campaign_text]) == {5, 8}
    assert found.own_share.tolist() == [0.75, 0, 0, 0.5]


def test_a_sentence_shared_across_campaigns_is_the_text_of_neither():
    offsets = np.arange(11)
    labels = np.repeat([0, 1], 5)
    sentences = np.array([1, 1, 1, 2, 3, 1, 1, 1, 4, 5])
    found = split_letters(sentences, offsets, labels, lengths=np.ones(10, int), min_letters=4)
    assert found.is_campaign_text.sum() == 6  # three of five letters are a majority
    found = split_letters(
        np.array([1, 1, 7, 2, 3, 1, 1, 6, 4, 5]), offsets, labels, lengths=np.ones(10, int)
    )
    assert not found.is_campaign_text.any()


def test_letters_without_sentences_are_split_too():
    empty = split_letters(
        np.zeros(0, int), np.zeros(3, int), np.array([0, -1]), lengths=np.zeros(0, int)
    )
    assert empty.own_share.tolist() == [0, 1]
    with pytest.raises(ValueError, match="offsets"):
        split_letters(np.zeros(2, int), np.array([0, 1]), np.array([0]), lengths=np.ones(2, int))


@given(
    st.lists(st.tuples(st.integers(-1, 2), st.lists(st.integers(0, 6), max_size=5)), max_size=30)
)
def test_splitting_agrees_with_counting_by_hand(letters):
    labels = np.array([label for label, _ in letters], dtype=np.int64)
    sentences = [f for _, held in letters for f in held]
    offsets = np.cumsum([0] + [len(held) for _, held in letters])
    found = split_letters(
        np.array(sentences, dtype=np.int64), offsets, labels, lengths=np.ones(len(sentences), int)
    )
    expected = []
    for label, held in letters:
        same = [set(other) for mark, other in letters if mark == label]
        least = min(5, len(same) // 2 + 1)
        expected += [
            label >= 0 and f != 0 and sum(f in other for other in same) >= least for f in held
        ]
    assert found.is_campaign_text.tolist() == expected


def test_the_recorded_docket_holds_one_campaign_and_no_cover_notes():
    places = [
        ROOT / "apps/submissions/demo/cms-2022-0163/comments.csv.gz",
        SHARED / "us-cms-2022-0163/comments.csv.gz",
    ]
    path = next((place for place in places if place.exists()), None)
    if path is None:
        pytest.skip("the recorded docket CMS-2022-0163 is not here")
    texts = [row["text"] for row in read(path)]
    found = find_campaigns(texts)
    assert len(found.representatives) == 1
    assert 188 <= (found.labels == 0).sum() <= 226
    attached = [i for i, t in enumerate(texts) if len(t) < 40 and "attach" in t.lower()]
    assert len(attached) >= 80
    assert (found.labels[attached] == -1).all()


def test_the_template_of_a_recorded_consultation_is_found_and_see_attached_is_not():
    path = SHARED / "au-safe-responsible-ai-2023/answers.csv.gz"
    if not path.exists():
        pytest.skip(f"the recorded answers are not in {SHARED}")
    texts = [row["text"] for row in read(path)]
    found = find_campaigns(texts)
    assert len(found.representatives) >= 10
    members = [t.lower() for t, label in zip(texts, found.labels, strict=True) if label >= 0]
    assert not [t for t in members if len(t) < 60 and "attach" in t]


def test_copies_of_recorded_mass_letters_stay_together():
    path = SHARED / "us-mass-campaigns-regsgov/letters_expanded.csv.gz"
    if not path.exists():
        pytest.skip(f"the recorded letters are not in {SHARED}")
    rows = read(path)
    random.Random(5).shuffle(rows)
    found = find_campaigns([row["text"] for row in rows])
    bundles = {}
    for row, label in zip(rows, found.labels, strict=True):
        bundles.setdefault(row["campaign_document_id"], set()).add(int(label))
    assert all(len(labels) == 1 for labels in bundles.values())
