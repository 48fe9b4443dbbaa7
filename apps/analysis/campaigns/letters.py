"""Which sentences of a letter are the text of its campaign, and which are the sender's own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class LetterSplit:
    """Campaign text and personal remainder of n letters with m sentences in all.

    is_campaign_text  (m,): the sentence is shared by the letters of its campaign; every other one
                      is the personal remainder and stays in the analysis
    own_share         (n,): share of characters in sentences of the sender's own, 0..1; 1 for
                      letters outside campaigns; sentences too short to be told apart do not count
    """

    is_campaign_text: BoolArray
    own_share: FloatArray


def split_letters(
    fingerprints: IntArray,
    offsets: IntArray,
    labels: IntArray,
    *,
    lengths: IntArray,
    min_letters: int = 5,
) -> LetterSplit:
    """Tell campaign text from personal remainder, sentence by sentence.

    A sentence is campaign text when min_letters letters of the same campaign hold it, or, in a
    campaign of fewer than twice as many, when more than half of its letters do and that is less.

    fingerprints  (m,): of the sentences, letter after letter; 0 is too short to be told apart
    offsets       (n + 1,): the sentences of letter i are offsets[i]:offsets[i + 1]
    labels        (n,): campaign of each letter, -1 for none
    lengths       (m,): characters of each sentence
    raises        ValueError if the offsets do not fit the other arrays
    """
    if len(offsets) != len(labels) + 1 or offsets[0] != 0 or offsets[-1] != len(fingerprints):
        raise ValueError("offsets must run from 0 to the number of sentences, one step per letter")
    letter = np.repeat(np.arange(len(labels)), np.diff(offsets))
    label = labels[letter]
    asked = np.flatnonzero((label >= 0) & (fingerprints != 0))
    held = _holders(label[asked], fingerprints[asked], letter[asked])
    size = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(0, np.int64)
    least = np.minimum(min_letters, size // 2 + 1)
    is_campaign_text = np.zeros(len(fingerprints), bool)
    is_campaign_text[asked] = held >= least[label[asked]]
    counted = np.where(fingerprints != 0, lengths, 0)
    total = np.bincount(letter, counted, minlength=len(labels))
    shared = np.bincount(letter, counted * is_campaign_text, minlength=len(labels))
    unshared = np.divide(total - shared, total, out=np.zeros(len(labels)), where=total > 0)
    return LetterSplit(is_campaign_text, np.where(labels < 0, 1.0, unshared))


def _holders(label: IntArray, fingerprint: IntArray, letter: IntArray) -> IntArray:
    """Return for each sentence how many letters of its campaign hold it."""
    order = np.lexsort((letter, fingerprint, label))
    if not len(order):
        return np.zeros(0, np.int64)
    label, fingerprint, letter = label[order], fingerprint[order], letter[order]
    is_new = np.append(True, (np.diff(label) != 0) | (np.diff(fingerprint) != 0))
    # A letter that says a sentence twice holds it once.
    is_holder = is_new | np.append(True, np.diff(letter) != 0)
    sentence = np.cumsum(is_new) - 1
    held = np.empty(len(order), np.int64)
    held[order] = np.bincount(sentence, is_holder)[sentence]
    return held
