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
    """Return a text as search compares it: any case, any width, composed or not, are one."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


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
    return [r"\W+".join(map(re.escape, one)) for one in phrases if len(one) > 1]


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
    named = Q(state=state.WITHDRAWN)
    for word in unquoted(words).split()[:MOST_WORDS]:
        named &= Q(reference__icontains=word) | Q(organisation_name__icontains=word)
    return Q(state=state.SUBMITTED) | named


def _says(rows: QuerySet[Any, Any], phrase: str) -> Q:
    """Return the condition that a name or a text holds a phrase; only rows with its words ask."""
    here = {"submission": OuterRef("pk")}
    answers = apps.get_model("submissions", "Answer").objects
    points = apps.get_model("submissions", "Point")
    pages = apps.get_model("submissions", "AttachmentPage").objects.public()
    parties = apps.get_model("submissions", "JointParty").objects.on_record()
    in_point = Q(*((f"{field}__iregex", phrase) for field in points.TEXT_FIELDS), _connector=Q.OR)
    texts = Q(Exists(answers.filter(**here, text__iregex=phrase)))
    texts |= Q(Exists(points.objects.filter(in_point, **here)))
    texts |= Q(Exists(pages.filter(attachment__submission=OuterRef("pk"), text__iregex=phrase)))
    texts |= Q(Exists(parties.filter(**here, name__iregex=phrase)))
    # Of what was withdrawn only the name is left to find.
    return Q(organisation_name__iregex=phrase) | Q(texts, state=rows.model.State.SUBMITTED)


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
