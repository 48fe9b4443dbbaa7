"""Estimates how alike two texts are from 128 numbers each, without a loop over words."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Words = NDArray[np.uint64]
Signatures = NDArray[np.uint32]

BINS = 128
SMALLEST_SUBSTANCE = 8.0
FEWEST_BINS = 5
COURTESY_LIMIT = 60  # words; nobody writes a longer cover note
CHUNK = 400_000  # characters
PRIME = 0x9E3779B97F4A7C15
_EMPTY = np.uint32(0xFFFFFFFF)
_LAST_POINT = 0x323B0

# Words of cover notes. A text needs eight others before its copies may count as a campaign: people
# who write "please see our attached letter" did not organise.
_COURTESY = """
    please see attached attachment attachments file files document documents letter letters comment
    comments response submission submitted full our my the a an for in on of to and with from this
    that is are as we i you your thank thanks opportunity provide providing submit submitting find
    enclosed here below above dear sir madam sincerely regards respectfully yours truly best kind
    whom it may concern hello hi consideration considering time pdf attach refer na n none no yes
    bitte siehe anbei anlage anhang angehängt beigefügt beigefügte beigefügten stellungnahme datei
    dokument unsere meine im der die das den dem vielen dank für mit freundlichen grüßen sehr
    geehrte damen und herren in zur gelegenheit kommentar kommentare
    请 請 见 見 详 詳 附 件 查 看 阅 閱 参 參 考 谢 謝 您 的 我 们 們 意 书 書 文 添
    付 照 ください
"""


def sign(texts: Sequence[str], seed: int) -> tuple[Signatures, BoolArray]:
    """Return the one-permutation MinHash of each text, and whether it says enough to compare."""
    flat = np.full(len(texts) * BINS, _EMPTY, np.uint32)
    substance = np.zeros(len(texts))
    powers = _powers(2 * CHUNK + 2)
    courtesy = np.unique(_tokens([_COURTESY], powers)[0])
    for rows, chunk in _chunks(texts):
        token, document, is_dense = _tokens(chunk, powers)
        place = rows[document]
        worth = np.where(is_dense, 0.5, 1.0)
        is_short = np.bincount(document, minlength=len(chunk))[document] < COURTESY_LIMIT
        worth[is_short] *= ~np.isin(token[is_short], courtesy)
        np.add.at(substance, rows, np.bincount(document, worth, minlength=len(chunk)))
        within = document[2:] == document[:-2]
        gram = _grams(token, seed)[within]
        bins = place[2:][within] * BINS + (gram & np.uint64(BINS - 1)).astype(np.int64)
        np.minimum.at(flat, bins, (gram >> np.uint64(32)).astype(np.uint32))
    signatures = flat.reshape(len(texts), BINS)
    filled = np.empty(len(texts), np.int64)
    for block in blocks(len(texts), 8192):
        filled[block] = (signatures[block] != _EMPTY).sum(axis=1)
        signatures[block] = _densified(signatures[block], seed)
    return signatures, (substance >= SMALLEST_SUBSTANCE) & (filled >= FEWEST_BINS)


def _chunks(texts: Sequence[str]) -> Iterator[tuple[IntArray, list[str]]]:
    """Yield texts in chunks of bounded size; a long one comes in several pieces."""
    rows: list[int] = []
    chunk: list[str] = []
    size = 0
    for row, text in enumerate(texts):
        for start in range(0, len(text), CHUNK):
            piece = text[start : start + CHUNK]
            if size + len(piece) > CHUNK and chunk:
                yield np.array(rows), chunk
                rows, chunk, size = [], [], 0
            rows.append(row)
            chunk.append(piece)
            size += len(piece) + 1
    if chunk:
        yield np.array(rows), chunk


def _tokens(texts: Sequence[str], powers: tuple[Words, Words]) -> tuple[Words, IntArray, BoolArray]:
    """Return hash, text and density of every word; without a loop over words.

    A word is a run of letters, marks and digits; where words do not separate, one character. Its
    hash is a polynomial in its code points: differences of one running sum, moved to a common
    origin by the inverse power.
    """
    plain = [text.casefold() if text.isascii() else _folded(text) for text in texts]
    joined = "\n".join(plain).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, np.dtype("<u4"))
    kind = _kinds()[np.minimum(points, _LAST_POINT)]
    is_word = np.zeros(len(points) + 2, bool)
    is_word[1:-1] = kind == 1
    inner = is_word[1:-1]
    is_dense = kind == 2
    start = np.flatnonzero(is_dense | (inner & ~is_word[:-2]))
    end = np.flatnonzero(is_dense | (inner & ~is_word[2:]))
    if len(points) >= len(powers[0]):
        powers = _powers(len(points) + 1)
    running = np.zeros(len(points) + 1, np.uint64)
    np.cumsum((points + np.uint32(1)) * powers[0][: len(points)], out=running[1:])
    token = mixed((running[end + 1] - running[start]) * powers[1][start])
    bounds = np.cumsum([len(text) + 1 for text in plain])
    counts = np.diff(np.searchsorted(start, bounds), prepend=0)
    return token, np.repeat(np.arange(len(plain)), counts), is_dense[start]


def _folded(text: str) -> str:
    # Compatibility forms may be 18 times as long as what they stand for; nobody writes in them.
    return unicodedata.normalize("NFKC", text).casefold()[: CHUNK + CHUNK // 2]


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """Return 0 for separators, 1 for characters of words, 2 for words of one character."""
    kinds = np.zeros(_LAST_POINT + 1, np.uint8)
    points = range(_LAST_POINT)
    kinds[:-1] = [unicodedata.category(chr(point))[0] in "LMN" for point in points]
    for low, high in _DENSE_BLOCKS:
        kinds[low:high] *= 2
    return kinds


# Thai, Lao, Myanmar, Khmer, kana, Han: written without a space between words.
_DENSE_BLOCKS = (
    (0x0E00, 0x0F00),
    (0x1000, 0x10A0),
    (0x1780, 0x1800),
    (0x3040, 0x3100),
    (0x3400, 0xA000),
    (0xF900, 0xFB00),
    (0x20000, 0x323B0),
)


@lru_cache(maxsize=1)
def _powers(size: int) -> tuple[Words, Words]:
    inverse = pow(PRIME, -1, 2**64)
    pair = []
    for base in (PRIME, inverse):
        power = np.full(size, base, np.uint64)
        power[0] = 1
        pair.append(np.cumprod(power))
    return pair[0], pair[1]


def _grams(token: Words, seed: int) -> Words:
    a, b = np.random.default_rng(seed + 1).integers(0, 2**63, 2, dtype=np.uint64) | np.uint64(1)
    return mixed((token[:-2] * a + token[1:-1]) * b + token[2:])


def mixed(values: Words) -> Words:
    """Spread every bit of 64 over all of them (the finaliser of MurmurHash3)."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def _densified(signatures: Signatures, seed: int) -> Signatures:
    """Fill empty bins from others, the same for every text, so that short texts can meet."""
    random = np.random.default_rng(seed + 2)
    for _ in range(24):
        is_empty = signatures == _EMPTY
        if not is_empty.any():
            break
        signatures = np.where(is_empty, signatures[:, random.permutation(BINS)], signatures)
    return signatures


def agreement(left: Signatures, a: IntArray, right: Signatures, b: IntArray) -> FloatArray:
    """Return the share of equal bins of left[a[i]] and right[b[i]]: the estimated Jaccard index."""
    share = np.empty(len(a))
    for block in blocks(len(a), 8192):
        share[block] = (left[a[block]] == right[b[block]]).sum(axis=1)
    return share / BINS


def blocks(n: int, size: int) -> Iterator[slice]:
    """Yield slices that cut n rows into blocks: bounds what a vectorised step may hold."""
    for start in range(0, n, size):
        yield slice(start, start + size)
