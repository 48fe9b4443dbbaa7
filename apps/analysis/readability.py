"""How hard a text is to read, measured alike in every language that puts spaces between words."""

import re

from apps.analysis.language import DENSE_RANGES
from apps.analysis.sentences import split_sentences

LONG = 6  # letters; a word of more counts as long
FEWEST_WORDS = 30  # of fewer words a share says little
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DENSE = re.compile(f"[{DENSE_RANGES}]")


def longest_sentences(text: str, *, language: str = "", most: int = 3) -> list[tuple[str, int]]:
    """Return the sentences with the most words, the longest first, each with its number of words.

    most     how many are returned at most
    returns  nothing for a text in a script that does not separate words
    """
    if _DENSE.search(text):
        return []
    spans = split_sentences(text, language=language, longest=max(len(text), 1))
    sentences = [text[span.start : span.end] for span in spans]
    counted = [(one, len(_WORD.findall(one))) for one in sentences]
    return sorted((one for one in counted if one[1]), key=lambda one: -one[1])[:most]


def lix(text: str, *, language: str = "") -> float | None:
    """Return the readability index LIX: words per sentence plus the percentage of long words.

    Below 30 as children's books, to 40 as fiction, to 50 as newspapers, to 60 as official texts,
    above as law and research.

    returns  None for a text of fewer than 30 words, or in a script that does not separate words
    source   Björnsson 1968, Läsbarhet; for other languages Björnsson 1983, Reading Research
             Quarterly 18(4), doi:10.2307/747382
    """
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS or _DENSE.search(text):
        return None
    sentences = len(split_sentences(text, language=language)) or 1
    long = sum(len(word) > LONG for word in words)
    return len(words) / sentences + 100 * long / len(words)
