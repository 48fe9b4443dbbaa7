"""Where a sentence begins and ends, and when two sentences are the same."""

import re
import unicodedata
from hashlib import blake2b
from typing import NamedTuple

# One run from the first mark to the end of the following white space. Every quantifier is
# possessive and no run can fail after it began, so the scan is linear for any input.
_IDEOGRAPHIC = "。！？；｡"
_CLOSERS = "\"'”’»›」』）】》〉)\\]}*_"
_RUN = re.compile(
    rf"[.!?…؟।॥۔{_IDEOGRAPHIC}\r\n]"
    rf"(?:(?<=[\r\n])|[.!?…؟।॥۔{_IDEOGRAPHIC}{_CLOSERS}]*+)\s*+"
)
_BULLET = re.compile(
    r"(?:[-*+•–—·▪◦‣●○■□►➢✓]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{2,5})[.)])(?=\s|\Z)|[•●▪■►➢]|[（(]?[一二三四五六七八九十]{1,3}[、）)]"
)
_LETTERS = re.compile(r"[^\W\d_]*")
_MARKER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxlIVXL]{2,6})\Z")
_QUOTED_ON = re.compile(r"(?:と|って|、|，|,)")
_LAST_CLAUSE = re.compile(r".*(?:[,;:]\s|[，、：])", re.S)
_LAST_SPACE = re.compile(r".*\s", re.S)
# A longer line was not broken to fit a width.
_WIDEST = 200
_LINE = re.compile(r"[^\r\n]{0,200}+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEVER_LAST = _words(
    """
    dr mr mrs ms mx prof sen rep gov gen hon rev sgt lt col capt cmdr messrs mme e.g i.e eg ie
    cf vs viz hr fr frau ing dipl mag z.b d.h u.a o.g o.ä i.d.r z.t s.o s.u v.a u.u i.s.d bzw ca
    vgl ggf inkl sog evtl bspw mio mrd zzgl abzgl einschl exkl insb gem lt ehem allg bes geb jew
    """
)
_BEFORE_NUMBER = _words(
    """
    no nos nr nrn abs art artt sec secs sect fig figs vol vols pp p para paras pt ch chap ex eq
    tab ziff kap rn rz rdnr anm lit bd approx tel ext reg cl sched app jan feb mar apr jun jul
    aug sept sep oct nov dec okt dez
    """
)
_MAYBE_LAST = _words(
    """
    inc ltd co corp llc plc jr sr etc usw al st ave blvd rd dept univ assn assoc bros est max
    min incl excl gmbh ag str bldg rm fed govt natl intl ph.d esq resp
    """
)
_STARTERS = _words(
    """
    the this that these those we i it they he she you our my their his her its there here in on
    at for if as when while where what who why how but and or so however therefore moreover
    furthermore additionally although because since after before with without to from by no not
    any all some most many each every please thank a an is are do does yes also finally first
    second third der die das dem den wir es ich sie er ein eine einer im am auf bei mit für wenn
    aber und oder auch dies diese dieser dieses daher deshalb außerdem zudem jedoch nach vor zur
    zum
    """
)
_MONTHS = _words(
    """
    januar jänner februar märz april mai juni juli august september oktober november dezember
    """
)
_BEFORE_ORDINAL = _words(
    """
    am im der die das dem den des vom zum zur bis ab seit beim jede jeder jedes ein eine einem
    einen einer ihr unser dieser diese dieses diesem diesen und auf
    """
)


class Span(NamedTuple):
    """A half-open range of characters in a text."""

    start: int
    end: int


def split_sentences(text: str, *, language: str = "", longest: int = 600) -> list[Span]:
    """Return the sentence-sized spans of a text, in order and without overlap.

    Every span is free of white space at both ends, and together they hold every other character. A
    blank line, a bullet and a line that was ended with room to spare end a sentence; a line broken
    only because it was full does not. Texts without stops are cut between words.

    language  a language tag; only "de" changes anything (ordinals). Empty: German is recognised
    longest   characters a span may have at most; at least 1
    returns   offsets in code points, so that text[span.start:span.end] is the passage
    raises    ValueError if longest is below 1
    """
    if longest < 1:
        raise ValueError("a sentence must be allowed at least one character")
    german = language.startswith("de") or (
        not language and (" und " in text or " der " in text or " die " in text)
    )
    spans: list[Span] = []
    start = 0
    for run in _RUN.finditer(text):
        begin, after = run.span()
        if _ends(text, start, begin, after, german=german):
            _append(spans, text, start, after, longest)
            start = after
    _append(spans, text, start, len(text), longest)
    return spans


def _ends(text: str, start: int, begin: int, after: int, *, german: bool) -> bool:
    """Decide whether the run of marks and white space at [begin, after) ends the sentence."""
    if after == len(text):
        return False
    if text[after - 1].isspace():
        run = text[begin:after]
        if run.count("\n") > 1 or run.count("\r") > 1:
            return True
        if ("\n" in run or "\r" in run) and _BULLET.match(text, after):
            return True
        if run[0] in "\r\n":
            return _had_room(text, start, begin, after)
        if run[0] in _IDEOGRAPHIC:
            return True
        return _stop_ends(text, start, begin, after, german=german)
    return _glued_ends(text, begin, after)


def _had_room(text: str, start: int, begin: int, after: int) -> bool:
    """Tell whether a line was ended on purpose: the next word would still have fitted on it."""
    if text[after].islower():
        return False
    if begin - start <= 8 and not any(map(str.isalnum, text[start:begin])):
        return False
    opened = _line_start(text, begin)
    if begin - opened >= _WIDEST:
        return True
    ahead = _LINE.match(text, after)
    width = len(ahead.group().rstrip()) if ahead else 0
    # Where words do not separate, one character is all that has to fit.
    word = 2 if _is_dense(text[after]) else text.find(" ", after, after + width) - after
    needed = begin - opened + 1 + (word if word >= 0 else width)
    if needed <= width:
        return True
    above = opened - 1
    return above > 0 and needed <= above - _line_start(text, above)


def _line_start(text: str, at: int) -> int:
    floor = max(0, at - _WIDEST)
    return max(text.rfind("\n", floor, at), text.rfind("\r", floor, at), floor - 1) + 1


def _glued_ends(text: str, begin: int, after: int) -> bool:
    """Decide on marks that no white space follows: ideographic stops, and words run together."""
    mark, following = text[begin], text[after]
    if mark in _IDEOGRAPHIC:
        quoted = after - begin > 1 and text[after - 1] not in _IDEOGRAPHIC
        return not (quoted and _QUOTED_ON.match(text, after))
    if mark in "!?" and _is_dense(following):
        return True
    # "…ended.The next": line breaks lost on the way from a PDF.
    if not following.isupper() or not text[max(0, begin - 3) : begin].islower():
        return False
    word = _word_at(text, after)
    behind = after + len(word)
    return word.lower() in _STARTERS and text[behind : behind + 1] == " "


def _stop_ends(text: str, start: int, begin: int, after: int, *, german: bool) -> bool:
    """Decide on a stop followed by white space."""
    closed = not text[begin + 1].isspace()
    following = text[after]
    if text[begin] != "." or (closed and text[begin + 1] in ".!?…"):
        # "Why?" she asked; and so on ... and on.
        return not (closed or text[begin] == "…") or not following.islower()
    words = text[max(start, begin - 30) : begin].split()
    if not words or text[begin - 1].isspace():
        return begin > start
    word = words[-1].lstrip("\"'“„‚‘«‹([{*_")
    place = begin - len(word)
    if len(word) <= 20 and _opens_line(text, start, place) and _MARKER.match(word):
        return False
    if word.isdigit():
        before = words[-2].lower() if len(words) > 1 else ""
        return closed or len(word) > 2 or not german or not _is_ordinal(before, text, after)
    return _word_ends(word, text, after)


def _word_ends(word: str, text: str, after: int) -> bool:
    """Decide on a single stop after a word: the end of a sentence or of an abbreviation."""
    lowered = word.lower()
    following = text[after]
    if lowered in _NEVER_LAST:
        return False
    if lowered in _BEFORE_NUMBER:
        return not (following.isdigit() or following in "§(IVX" or following.islower())
    if len(word) == 1 and word.isalpha() and not _is_dense(word):
        return word.isupper() and _starts_sentence(text, after)
    if ("." in lowered and "/" not in lowered and "@" not in lowered) or lowered in _MAYBE_LAST:
        short = len(lowered) <= 8
        return not following.islower() and (not short or _starts_sentence(text, after))
    # People do write whole comments in lower case; unknown abbreviations are short.
    return not following.islower() or len(word) > 3


def _word_at(text: str, at: int) -> str:
    found = _LETTERS.match(text, at)
    return found.group() if found else ""


def _starts_sentence(text: str, at: int) -> bool:
    word = _word_at(text, at)
    return word[:1].isupper() and word.lower() in _STARTERS


def _is_ordinal(before: str, text: str, after: int) -> bool:
    return before in _BEFORE_ORDINAL or _word_at(text, after).lower() in _MONTHS


def _opens_line(text: str, start: int, place: int) -> bool:
    """Tell whether nothing but white space stands before a list marker."""
    before = text[max(start, place - 12) : place]
    return before.isspace() or not before or before.rstrip(" \t")[-1:] in ("\n", "\r")


def _is_dense(character: str) -> bool:
    """Tell whether a character belongs to a script that does not separate words."""
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u3040" <= character <= "\u9fff"
        or ("\U00020000" <= character <= "\U000323af")
    )


def _append(spans: list[Span], text: str, start: int, end: int, longest: int) -> None:
    """Add the trimmed range, cut where it is longer than a passage may be."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        if end - start <= longest:
            break
        cut = _cut(text, start, end, longest)
        spans.append(Span(start, start + len(text[start:cut].rstrip())))
        start = cut
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def _cut(text: str, start: int, end: int, longest: int) -> int:
    """Return where to cut an over-long range: after a clause, else after a word, else anywhere."""
    # Two halves read better than a full span and a crumb.
    reach = longest if end - start > longest * 4 // 3 else (end - start) * 2 // 3
    limit = start + max(1, reach)
    clause = _LAST_CLAUSE.match(text, start + reach // 2, limit)
    if clause:
        return clause.end()
    space = _LAST_SPACE.match(text, start + 1, limit + 1)
    if space:
        return space.end()
    cut = limit
    while cut > max(start + 1, limit - 16) and _clings(text[cut]):
        cut -= 1
    return cut


def _clings(character: str) -> bool:
    """Tell whether a character must not be parted from the one before it."""
    return (
        unicodedata.category(character)[0] == "M"
        or character in "\u200c\u200d"
        or "\udc00" <= character <= "\udfff"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


_NOT_WORD = re.compile(r"[\W_]+")
_PLAIN_ASCII = "".join(c.lower() if c.isalnum() else " " for c in map(chr, range(128)))
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U000323af]")
_SHORT, _SHORT_DENSE = 25, 8


def fingerprint(sentence: str) -> int:
    """Return a stable 63-bit number that is equal for sentences which differ in form only.

    Compatibility forms, case, punctuation and white space do not count (NFKC, casefold).
    Sentences of at most 25 normalised characters (8 where most are Chinese, Japanese or Korean)
    are said by everybody and give 0, which means "cannot be told apart".

    returns  0, or 1..2**63-1: fits a signed 64-bit column
    """
    if sentence.isascii():
        spaced = sentence.translate(_PLAIN_ASCII)
    else:
        spaced = _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", sentence).casefold())
    plain = " ".join(spaced.split())
    if len(plain) <= _SHORT and (plain.isascii() or not _is_long_when_dense(plain)):
        return 0
    digest = blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1


def _is_long_when_dense(plain: str) -> bool:
    return len(plain) > _SHORT_DENSE and 2 * len(_DENSE.findall(plain)) >= len(plain)
