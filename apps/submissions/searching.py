"""What a search takes for equal, and how it finds it: by index, or walking from the newest.

A submission is searched through its vocabulary: its words folded, each once. Words are found in
any part of a word, so that compounds and scripts without spaces are found too; a word of one or two
letters must stand alone, or nearly every text would hold it. Words in quotes must also stand next
to each other, which the texts themselves are asked for.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import connections
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from apps.analysis.language import DENSE_RANGES

MOST_WORDS = 8
LONGEST_REMEMBERED = 5_000
NEWEST = 1_000  # rows looked at to tell how frequent words are
FREQUENT = 100  # in so many of them: walking fills a page before the index has found all others
GRAM = 3  # characters the indexes of both databases are made of
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])

# Marks above, in and below letters of Latin, Greek and Cyrillic; no other script writes these.
ANY_MARKS = "[\u0300-\u036f]*"
_MARKS = re.compile("[\u0300-\u036f]")
# Letters that Unicode does not take for others with a mark.
_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
)
# Latin, Greek and Cyrillic, with their extensions, ligatures and wide forms.
_LETTERS = (
    *range(0x41, 0x530),
    *range(0x1E00, 0x2000),
    *range(0xFB00, 0xFB07),
    *range(0xFF21, 0xFF5B),
)

# Korean has spaces, but writes particles onto its words: two syllables must be found in three.
_DENSE = f"{DENSE_RANGES}\uac00-\ud7a3"
_D, _W = f"[{_DENSE}]", f"[\\w{_DENSE}]"
_IS_WORD = re.compile(r"[^\W_]")  # signs alone are in no index of either database
_QUOTE = re.compile('["“”„«»]')
_QUOTED = re.compile('["“”„«]([^"“”„«»]+)["“”»]')
_IS_SHORT = re.compile(f"{_W}{{1,2}}")
_STANDS_ALONE = re.compile(f"(?<!{_W}){_W}{{1,2}}(?!{_W})")
# What PostgreSQL takes trigrams from: letters and digits, with the end of a word as a third.
_HAS_TRIGRAM = re.compile(r"[^\W_]{3}|[^\W_]{2}[\W_]|[\W_][^\W_]")
_ONE_DENSE, _PAIR_DENSE = re.compile(_D), re.compile(f"(?=({_D}{_W}|{_W}{_D}))")


def folded(text: str) -> str:
    """Return a text as search compares it.

    Any case, any width, composed or not, are one, and so are letters with and without the marks of
    Latin, Greek and Cyrillic. Marks of other scripts, which make other letters there, stay.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", _MARKS.sub("", plain).translate(_ALIKE))


def aligned(text: str) -> tuple[str, list[int] | None]:
    """Return a text folded, and where each of its characters came from.

    None for these places where each came from the one at its own place, as nearly always: "ß"
    becomes two, and a mark that stands apart from its letter none.
    """
    plain = folded(text)
    if text.isascii():
        return plain, None
    each = {character: folded(character) for character in set(text)}
    if len(plain) == len(text) and all(len(one) == 1 for one in each.values()):
        return plain, None
    places = [place for place, character in enumerate(text) for _ in each[character]]
    return "".join(each[character] for character in text), [*places, len(text)]


def unfolded(span: tuple[int, int], places: Sequence[int] | None) -> tuple[int, int]:
    """Return where a stretch of a folded text, not empty, stands in the text itself.

    places  as `aligned` returns them
    """
    start, end = span
    if places is None:
        return span
    # To where the next begins: marks of the last letter are part of it.
    return places[start], max(places[end], places[end - 1] + 1)


def vocabulary_of(texts: Iterable[str]) -> str:
    """Return the words of texts, folded, each once, between spaces.

    Between spaces stand also those of one or two letters inside a longer one ("ai" of "AI-based")
    and, of scripts without spaces, every character and pair: `needles_of` looks for them there.
    """
    words: set[str] = set()
    for text in texts:
        # Letters of a campaign are copies of each other; a long one is not kept.
        words |= (_words_once if len(text) <= LONGEST_REMEMBERED else _words)(text)
    return f" {' '.join(sorted(words))} "


def unquoted(words: str) -> str:
    """Return the words of a search without the quotes around phrases."""
    return _QUOTE.sub(" ", words)


def phrases_of(words: str) -> list[str]:
    """Return the quoted phrases of a search, each as an expression both databases read."""
    phrases = [quoted.split() for quoted in _QUOTED.findall(words)[:MOST_WORDS]]
    # Between two words stands a space, the end of a line, or a sign.
    return [r"\W+".join(map(expression_of, one)) for one in phrases if len(one) > 1]


def expression_of(word: str) -> str:
    """Return an expression both databases read: how texts may write a word that was folded.

    It names every case itself: what a database takes for the same letter depends on its locale.
    """
    plain = folded(word)
    written, place = [], 0
    while place < len(plain):
        pair = plain[place : place + 2]
        as_one = _written_as().get(pair, "") if len(pair) == 2 else ""
        first, second = _one_of(pair[0]), _one_of(pair[1]) if as_one else ""
        written.append(f"(?:[{as_one}]|{first}{second})" if as_one else first)
        place += 2 if as_one else 1
    found = "".join(written)
    # Signs that folding takes apart, such as fractions, are found as they stand.
    return found if word.isascii() else f"(?:{re.escape(word)}|{found})"


def needles_of(words: str) -> list[str]:
    """Return what must occur in a vocabulary that holds every one of these words.

    Signs that stand alone, such as a dash, are no words: they are left out.
    """
    asked = dict.fromkeys(word for word in folded(unquoted(words)).split() if _IS_WORD.search(word))
    asked = dict.fromkeys(list(asked)[:MOST_WORDS])
    return [f" {word} " if _IS_SHORT.fullmatch(word) else word for word in asked]


def containing(rows: Rows, words: str) -> Rows:
    """Narrow submissions to those in whose texts or names every word occurs.

    Words of what was withdrawn or replaced are never found, whatever is still in the tables; what
    was withdrawn is found by its name and reference. Signs without any word are found nowhere. One
    query more asks how frequent the words are.
    """
    needles = needles_of(words)
    if not needles:
        return rows.none() if words.strip() else rows
    found = rows.filter(_may_be_found(rows, words), *map(_holds, needles))
    found = found.filter(*(_says(rows, phrase) for phrase in phrases_of(words)))
    return found.filter(_in_index(rows, needles))


def named(rows: Rows, words: str) -> Rows:
    """Narrow submissions to those whose name, as it is shown, holds every word."""
    asked = unquoted(words).split()[:MOST_WORDS]
    holds = (Q(organisation_name__regex=expression_of(word)) for word in asked)
    return containing(rows, words).filter(*holds)


def _one_of(letter: str) -> str:
    """Return an expression for what is folded to one letter, with marks that follow it."""
    if written := _written_as().get(letter):
        return f"[{written}]{ANY_MARKS}"
    other = letter.upper()
    return re.escape(letter) if other == letter or len(other) > 1 else f"[{letter}{other}]"


@lru_cache(maxsize=1)
def _written_as() -> dict[str, str]:
    """Return by what letters are folded to, one or two, how texts may write them."""
    found: dict[str, str] = {}
    for place in _LETTERS:
        plain = folded(chr(place))
        if len(plain) <= 2 and plain.isalpha():
            found[plain] = found.get(plain, "") + chr(place)
    return found


def _words(text: str) -> frozenset[str]:
    text = folded(text)
    words = {*text.split(), *_STANDS_ALONE.findall(text)}
    if dense := _ONE_DENSE.findall(text):
        words.update(dense, _PAIR_DENSE.findall(text))
    return frozenset(words)


_words_once = lru_cache(maxsize=1_024)(_words)


def _holds(needle: str) -> GreaterThan:
    # No index serves this, which leaves the database to walk; the index is asked for on its own.
    return GreaterThan(StrIndex("vocabulary__words", Value(needle)), 0)


def _may_be_found(rows: QuerySet[Any, Any], words: str) -> Q:
    state = rows.model.State
    by_name = Q(state=state.WITHDRAWN)
    for word in unquoted(words).split()[:MOST_WORDS]:
        in_name = Q(organisation_name__regex=expression_of(word))
        by_name &= Q(reference__icontains=word) | in_name
    return Q(state=state.SUBMITTED) | by_name


def _says(rows: QuerySet[Any, Any], phrase: str) -> Q:
    """Return the condition that a name or a text holds a phrase; only rows with its words ask."""
    here = {"submission": OuterRef("pk")}
    answers = apps.get_model("submissions", "Answer").objects
    points = apps.get_model("submissions", "Point")
    pages = apps.get_model("submissions", "AttachmentPage").objects.public()
    parties = apps.get_model("submissions", "JointParty").objects.on_record()
    in_point = Q(*((f"{field}__regex", phrase) for field in points.TEXT_FIELDS), _connector=Q.OR)
    texts = Q(Exists(answers.filter(**here, text__regex=phrase)))
    texts |= Q(Exists(points.objects.filter(in_point, **here)))
    texts |= Q(Exists(pages.filter(attachment__submission=OuterRef("pk"), text__regex=phrase)))
    texts |= Q(Exists(parties.filter(**here, name__regex=phrase)))
    # Of what was withdrawn only the name is left to find.
    return Q(organisation_name__regex=phrase) | Q(texts, state=rows.model.State.SUBMITTED)


def _in_index(rows: QuerySet[Any, Any], needles: Sequence[str]) -> Q:
    """Return the condition an index answers, an empty one where walking is quicker.

    Neither database can tell: SQLite would list every row that holds a frequent word, PostgreSQL
    keeps no statistics of values this wide and takes every word for rare.
    """
    if _are_frequent(rows, needles):
        return Q()
    if connections[rows.db].vendor == "sqlite":
        return _in_trigrams(needles)
    # Asked for what holds no trigram, PostgreSQL would read the whole index.
    indexed = [needle for needle in needles if _HAS_TRIGRAM.search(needle)]
    return Q(*(Q(vocabulary__words__contains=needle) for needle in indexed))


def _in_trigrams(needles: Sequence[str]) -> Q:
    """Return the condition on the table of trigrams, which the migration makes beside ours.

    It tells which rows hold all of them, not in which order: finding needles is left to the rows.
    """
    grams = {
        needle[place : place + GRAM]
        for needle in needles
        for place in range(len(needle) - GRAM + 1)
    }
    if not grams:
        return Q()
    asked = " AND ".join('"{}"'.format(gram.replace('"', '""')) for gram in sorted(grams))
    table = "submissions_vocabulary_trigrams"
    return Q(pk__in=RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [asked]))  # noqa: S608, S611


def _are_frequent(rows: QuerySet[Any, Any], needles: Sequence[str]) -> bool:
    """Return whether words stand in every tenth of the newest rows, or the rows are few."""
    newest = rows.order_by("-submitted_at", "-id").values("pk")[:NEWEST]
    held = Q(*map(_holds, needles))
    seen = rows.model._default_manager.filter(pk__in=newest).aggregate(
        seen=Count("pk"), held=Count("pk", filter=held)
    )
    return bool(seen["seen"] < NEWEST or seen["held"] >= FREQUENT)
