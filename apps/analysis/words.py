"""What counts as a word: texts become one long run of numbered forms."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from apps.analysis.language import DENSE_RANGES
from apps.analysis.stopwords import DENSE_BREAKS, link_words, stop_words

IntArray = NDArray[np.signedinteger[Any]]

# What a form is: it carries meaning, carries none, ties a phrase together, does so behind a tie
# only ("of the"), ends a phrase, counts, or is one character of a script without spaces.
WORD, STOP, LINK, ARTICLE, BREAK, NUMBER, DENSE = range(7)

LONGEST_WORD = 60
_END = "\n"
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
    "\u135d-\u135f\u200c\u200d"
)
_PUNCTUATION = r"[.,;:!?()\[\]{}|/\"“”„«»…।。、！？，；：（）「」『』《》]|\n\s*\n"
# A hyphen or, in languages with elision, an apostrophe stays with the form before it, so that
# "long-term" is two words and is written as one.
_LETTERS = r"\w++(?:['’]\w++)*+(?:-(?=\w))?+"
_ELIDED = r"\w++(?:['’-](?=\w))?+"
_WIDE = rf"[{DENSE_RANGES}]|(?:[^\W{DENSE_RANGES}]|[{_MARKS}])++(?:['’-](?=\w))?+"
_PLAIN = re.compile(f"{_LETTERS}|{_PUNCTUATION}")
_WITH_ELISION = re.compile(f"{_ELIDED}|{_PUNCTUATION}")
_ANY_SCRIPT = re.compile(f"{_WIDE}|{_PUNCTUATION}")
_NEEDS_WIDE = re.compile(f"[{_MARKS}{DENSE_RANGES}]")
_IS_DENSE = re.compile(f"[{DENSE_RANGES}]")
_HIRAGANA = re.compile("[\u3040-\u309f]")
_ARTICLES = frozenset(("the", "a", "an"))  # other languages have theirs among the links
_ELISION = frozenset(("fr", "it", "ca", "pt"))

# Not the author's words: addresses, mark-up, and insertions such as "[name removed]" or "[3]".
_FOREIGN = {
    "@": re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}"),
    "://": re.compile(r"\bhttps?://\S+"),
    "www.": re.compile(r"\bwww\.\S+"),
    "<": re.compile(r"</?[a-zA-Z][^<>]{0,200}>"),
    "&": re.compile(r"&#?\w{1,8};"),
    "[": re.compile(r"\[[^\[\]]{1,40}\]"),
}

_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
    "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip


@dataclass(frozen=True)
class Tokens:
    """Texts as one run of forms; every text ends with a break.

    ids      (n_tokens,): number of the form at each place
    ends     (n_texts,): place after the last token of each text
    written  the forms as they were written
    """

    ids: IntArray
    ends: IntArray
    written: list[str]


class _Forms(dict[str, int]):
    """Gives every form it has not seen the next number."""

    def __missing__(self, form: str) -> int:
        self[form] = number = len(self)
        return number


def tokenize(texts: Iterable[str], *, language: str) -> Tokens:
    """Split texts into forms: words, single characters of dense scripts, and punctuation.

    Addresses, mark-up and short insertions in square brackets are left out.
    """
    forms = _Forms()
    plain = _WITH_ELISION if _primary(language) in _ELISION else _PLAIN
    ends: list[int] = []

    def split() -> Iterable[list[str]]:
        place = 0
        for text in texts:
            found = _split(text, plain)
            place += len(found)
            ends.append(place)
            yield found

    ids = np.fromiter(map(forms.__getitem__, chain.from_iterable(split())), dtype=np.int32)
    return Tokens(ids, np.array(ends, dtype=np.int64), list(forms))


def classify(written: Sequence[str], *, language: str) -> tuple[list[int], list[str]]:
    """Return what each form is, and the stem that words, numbers and characters count under."""
    stops, links = stop_words(language), link_words(language)
    algorithm = _STEMMERS.get(_primary(language), "")
    kinds, stems = [], []
    for form in written:
        kind, plain = _classify(form, stops)
        kinds.append(_tie(plain.rstrip("'"), links) if kind == STOP else kind)
        stems.append(_stem(plain, algorithm) if kind == WORD and algorithm else plain)
    return kinds, stems


def join(forms: Iterable[str]) -> str:
    """Write forms as they stood in the text."""
    text = ""
    for form in forms:
        glued = not text or text.endswith(("-", "'", "’"))
        glued = glued or bool(_IS_DENSE.match(form) and _IS_DENSE.match(text[-1]))
        text += form if glued else f" {form}"
    return text.rstrip("-'’")


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]


def _split(text: str, plain: re.Pattern[str]) -> list[str]:
    for sign, pattern in _FOREIGN.items():
        if sign in text:
            text = pattern.sub(" . ", text)
    if text.isascii():
        found = plain.findall(text)
    else:
        text = text.replace("\u00ad", "")
        if _NEEDS_WIDE.search(text):
            text = unicodedata.normalize("NFKC", text)
            found = (_ANY_SCRIPT if _NEEDS_WIDE.search(text) else plain).findall(text)
        else:
            found = plain.findall(text)
    found.append(_END)
    return found


def _classify(form: str, stops: frozenset[str]) -> tuple[int, str]:
    if _IS_DENSE.match(form):
        # Hiragana carries grammar, as the listed Chinese characters do.
        ends = form in DENSE_BREAKS or _HIRAGANA.match(form)
        return (BREAK if ends else DENSE), form
    if not form[0].isalnum():
        return (STOP if form[0] == "_" else BREAK), form
    plain = form.lower().rstrip("-").replace("’", "'")
    if plain.isdigit():
        return NUMBER, plain
    if plain.endswith("'") or len(plain) < 2 or len(plain) > LONGEST_WORD:
        return STOP, plain
    return (STOP if plain in stops else WORD), plain


def _tie(plain: str, links: frozenset[str]) -> int:
    if plain in links:
        return LINK
    return ARTICLE if plain in _ARTICLES else STOP


@lru_cache(maxsize=200_000)
def _stem(word: str, algorithm: str) -> str:
    stemmed: str = _stemmer(algorithm).stemWord(word)
    return stemmed


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(algorithm)
