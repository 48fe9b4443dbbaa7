"""Which letters are near-copies of one text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from apps.analysis.campaigns.signatures import (
    BINS,
    PRIME,
    BoolArray,
    FloatArray,
    IntArray,
    Signatures,
    Words,
    agreement,
    blocks,
    mixed,
    sign,
)

BAND = 3  # bins per band: letters at Jaccard 0.55 meet in one of 42 bands with probability 0.999
ANCHORS = 8
SAMPLE = 64
COMMON = 32
VARIANT = 0.4  # of the text two cores agree on; rivals that quote the same passage stay below
FEWEST_AGREED = 12


@dataclass(frozen=True)
class CampaignMap:
    """Campaigns among n letters, numbered from 0 by size, then by their first letter.

    labels           (n,): number of the campaign, -1 for none
    is_core          (n,): the letter is one of the near-copies that make its campaign
    similarity       (n,): estimated Jaccard similarity of word 3-grams with the nearest of the
                     campaign's typical letters (the representative is one), 0..1; 0 outside
    representatives  (n_campaigns,): the most central letter of each campaign
    """

    labels: IntArray
    is_core: BoolArray
    similarity: FloatArray
    representatives: IntArray


@dataclass(frozen=True)
class _Items:
    """Letters with one signature taken together, in an order that depends on content only."""

    signatures: Signatures
    weights: IntArray
    of_letter: IntArray  # -1 for letters that are too short to be compared


@dataclass(frozen=True)
class _Cores:
    """The dense middle of each campaign and the letters that stand for it."""

    label: IntArray  # (n_items,), -1 outside
    similarity: FloatArray
    medoids: IntArray
    anchors: IntArray
    anchor_label: IntArray


def find_campaigns(
    texts: Sequence[str],
    *,
    core_threshold: float = 0.55,
    join_threshold: float = 0.25,
    smallest_core: int = 5,
    seed: int = 7,
) -> CampaignMap:
    """Find letters that are near-copies of one text; a finding about texts, never a verdict.

    Pairs at core_threshold or more make cores (connected components of at least smallest_core
    letters, copies counted). A smaller core whose common text is a variant of a larger one's (0.4)
    is the same campaign. Every other letter may join its most similar core from join_threshold
    on, but joins no two cores, so nothing chains. Similarity is the Jaccard index of word 3-grams
    (of characters where words do not separate), estimated from 128 minima: standard error 0.04.
    A text of fewer than eight words beyond those of a cover note ("please see attached") is never
    part of a campaign; a character of Chinese, Japanese, Thai and the like counts as half a word.

    texts    n strings of any length; memory grows with n, not with the longest
    returns  the same partition for any order of the texts
    raises   ValueError unless 0 < join_threshold <= core_threshold <= 1
    random_state  seed, of the hash functions
    source   Li, Owen, Zhang 2012, one-permutation hashing, arXiv:1208.1259; Shrivastava 2017,
             densification, arXiv:1703.04664
    """
    if not 0 < join_threshold <= core_threshold <= 1:
        raise ValueError("thresholds must satisfy 0 < join_threshold <= core_threshold <= 1")
    items = _collect(texts, seed)
    component = _components(items.signatures, core_threshold)
    cores = _describe(items, component, core_threshold, smallest_core)
    label, similarity = _join(items, cores, join_threshold)
    return _number(items, cores, label, similarity)


def _collect(texts: Sequence[str], seed: int) -> _Items:
    first: dict[str, int] = {}
    copy_of = np.fromiter((first.setdefault(t, len(first)) for t in texts), np.int64, len(texts))
    signatures, is_comparable = sign(list(first), seed)
    scramble = np.random.default_rng(seed).integers(0, 2**63, BINS, dtype=np.uint64) | np.uint64(1)
    digest = np.empty(len(signatures), np.uint64)
    for block in blocks(len(signatures), 8192):
        digest[block] = mixed((signatures[block] * scramble).sum(axis=1, dtype=np.uint64))
    rows = np.flatnonzero(is_comparable)
    _, kept, inverse = np.unique(digest[rows], return_index=True, return_inverse=True)
    item_of_text = np.full(len(signatures), -1, np.int64)
    item_of_text[rows] = inverse
    of_letter = item_of_text[copy_of] if len(texts) else copy_of
    weights = np.bincount(of_letter[of_letter >= 0], minlength=len(kept))
    return _Items(signatures[rows[kept]], weights.astype(np.int64), of_letter)


def _components(signatures: Signatures, threshold: float) -> IntArray:
    """Return the component of each item where pairs at the threshold are linked.

    Inside a bucket an item is compared with its neighbour and with the head only: linear work for
    any input. Pairs that are linked already are not compared again.
    """
    n = len(signatures)
    label = np.arange(n)
    for band in range(0, BINS - BAND + 1, BAND):
        key = np.zeros(n, np.uint64)
        for column in range(band, band + BAND):
            key = (key + signatures[:, column]) * np.uint64(PRIME)
        order = np.argsort(key, kind="stable")
        is_first = np.diff(key[order], prepend=~key[order[:1]]) != 0
        head = order[is_first][np.cumsum(is_first) - 1]
        later = order[~is_first]
        a = np.concatenate([later, later])
        b = np.concatenate([order[np.flatnonzero(~is_first) - 1], head[~is_first]])
        fresh = label[a] != label[b]
        a, b = a[fresh], b[fresh]
        near = agreement(signatures, a, signatures, b) >= threshold
        if near.any():
            edges = (np.ones(near.sum(), np.int8), (label[a[near]], label[b[near]]))
            merged = connected_components(sparse.coo_matrix(edges, shape=(n, n)), directed=False)
            label = merged[1][label]
    return label.astype(np.int64)


def _describe(items: _Items, component: IntArray, threshold: float, smallest: int) -> _Cores:
    """Keep the components that are large enough, unite variants, find what is typical of each."""
    size = np.bincount(component, items.weights, minlength=0).astype(np.int64)
    by_size = np.argsort(-size, kind="stable")[: (size >= smallest).sum()]
    number = np.full(len(size), -1)
    number[by_size] = np.arange(len(by_size))
    label = number[component]
    similarity = np.zeros(len(component))
    members = np.argsort(label, kind="stable")[(label < 0).sum() :]
    cuts = np.cumsum(np.bincount(label[members])) if len(members) else members
    groups = np.split(members, cuts[:-1]) if len(members) else []
    chosen = [_typical(items, group, threshold) for group in groups]
    for group, (_, near) in zip(groups, chosen, strict=True):
        similarity[group] = near
    leader = _unite(_consensus(items, groups))
    is_leader = leader == np.arange(len(groups))
    united = np.append((np.cumsum(is_leader) - 1)[leader], -1)
    anchor = _anchors([found for found, _ in chosen], leader, united)
    medoids = np.array([found[0] for found, _ in chosen], np.int64)[is_leader]
    return _Cores(united[label], similarity, medoids, anchor[:, 1], anchor[:, 0])


def _anchors(chosen: Sequence[Sequence[int]], leader: IntArray, united: IntArray) -> IntArray:
    """Return (campaign, item) of the letters by which others join: the leader's, then variants'."""
    found: dict[int, list[int]] = {}
    for core, items in enumerate(chosen):
        mine = found.setdefault(int(united[core]), [])
        mine += items if leader[core] == core else items[:1]
    pairs = [(core, item) for core in sorted(found) for item in found[core][: 4 * ANCHORS]]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _typical(items: _Items, group: IntArray, threshold: float) -> tuple[list[int], FloatArray]:
    """Return the most central item, then those unlike it; and similarity with the nearest."""
    heaviest = _sample(items, group)
    sample = items.signatures[heaviest]
    alike = (sample[:, None, :] == sample[None, :, :]).sum(axis=2) @ items.weights[heaviest]
    chosen = [int(heaviest[alike.argmax()])]
    near = _agreement_with(items.signatures, group, chosen[0])
    while len(chosen) < ANCHORS and near.min() < threshold:
        chosen.append(int(group[near.argmin()]))
        near = np.maximum(near, _agreement_with(items.signatures, group, chosen[-1]))
    return chosen, near


def _sample(items: _Items, group: IntArray) -> IntArray:
    return group[np.argsort(-items.weights[group], kind="stable")[:SAMPLE]]


def _agreement_with(signatures: Signatures, group: IntArray, item: int) -> FloatArray:
    return agreement(signatures, group, signatures, np.full(len(group), item))


def _consensus(items: _Items, groups: Sequence[IntArray]) -> Signatures:
    """Return the bins on which at least half the letters of each core agree, 0 elsewhere.

    What the senders added themselves differs and drops out: the rest is the text of the core.
    """
    consensus = np.zeros((len(groups), BINS), np.uint32)
    for core, group in enumerate(groups):
        sample = items.signatures[_sample(items, group)]
        # A value held by the majority is the median.
        middle = np.sort(sample, axis=0)[len(sample) // 2]
        agreed = 2 * (sample == middle).sum(axis=0) >= len(sample)
        consensus[core, agreed] = middle[agreed]
    return consensus


def _unite(consensus: Signatures) -> IntArray:
    """Return for each core the larger core whose text it varies, or itself.

    Letters that all dropped the same paragraph are a core of their own by their pairs; the text
    they share is still the campaign's. Only leaders are compared with, so nothing chains. Cores
    come in order of size, the largest first.
    """
    leader = np.arange(len(consensus))
    core, other = _meet(consensus, consensus, leader, FEWEST_AGREED)
    core, other = core[core > other], other[core > other]
    share = np.empty(len(core))
    for block in blocks(len(core), 8192):
        mine, theirs = consensus[core[block]], consensus[other[block]]
        equal = ((mine == theirs) & (mine > 0)).sum(axis=1)
        both = ((mine > 0) & (theirs > 0)).sum(axis=1)
        share[block] = np.where(equal >= FEWEST_AGREED, equal / np.maximum(both, 1), 0)
    for pair in np.lexsort((other, -share, core)):
        a, b = core[pair], other[pair]
        if share[pair] >= VARIANT and leader[a] == a and leader[b] == b:
            leader[a] = b
    return leader


def _join(items: _Items, cores: _Cores, threshold: float) -> tuple[IntArray, FloatArray]:
    """Let every item outside the cores join the core with the most similar anchor."""
    label, similarity = cores.label.copy(), cores.similarity.copy()
    outside = np.flatnonzero(label < 0)
    typical = items.signatures[cores.anchors]
    least = threshold * BINS / 2
    row, core = _meet(items.signatures[outside], typical, cores.anchor_label, least)
    first = np.searchsorted(cores.anchor_label, core, "left")
    pair, anchor = _spread(first, np.searchsorted(cores.anchor_label, core, "right"))
    item, core = outside[row[pair]], core[pair]
    near = agreement(items.signatures, item, typical, anchor)
    # The last write wins: the most similar, of equals the larger core.
    best = np.lexsort((-core, near))
    best = best[near[best] >= threshold]
    label[item[best]] = core[best]
    similarity[item[best]] = near[best]
    return label, similarity


def _meet(
    signatures: Signatures, typical: Signatures, owner: IntArray, least: float
) -> tuple[IntArray, IntArray]:
    """Return the pairs of a row and an owner that agree on at least so many bins.

    typical, owner  signatures, and whose they are; an owner may have several
    """
    keys, owners, maybe = _index(typical, owner)
    every = int(owner.max(initial=0)) + 1
    found = [np.zeros(0, np.int64)]
    for block in blocks(len(signatures), 2048):
        query = _bin_keys(signatures[block])
        row, column = np.nonzero(maybe[query & np.uint64(len(maybe) - 1)])
        asked = query[row, column]
        low = np.searchsorted(keys, asked, "left")
        hit, place = _spread(low, np.searchsorted(keys, asked, "right"))
        pairs, matches = np.unique(
            (row[hit] + block.start) * every + owners[place], return_counts=True
        )
        found.append(pairs[matches >= least])
    pairs = np.concatenate(found)
    return pairs // every, pairs % every


def _index(typical: Signatures, owner: IntArray) -> tuple[Words, IntArray, BoolArray]:
    """Return the bins in order, whose they are, and a filter of what is among them.

    What many owners share (the greeting of a whole docket) leads to the first 32 of them only:
    the largest, and the work stays bounded.
    """
    keys = _bin_keys(typical).ravel()
    owners = np.repeat(owner, BINS)
    order = np.lexsort((owners, keys))
    order = order[typical.ravel()[order] > 0]
    keys, owners = keys[order], owners[order]
    is_first = np.append(True, (np.diff(keys) != 0) | (np.diff(owners) != 0))[: len(keys)]
    keys, owners = keys[is_first], owners[is_first]
    rank = np.arange(len(keys)) - np.searchsorted(keys, keys, "left")
    keys, owners = keys[rank < COMMON], owners[rank < COMMON]
    size = 1 << max(16, (8 * len(keys)).bit_length())
    maybe = np.zeros(size, bool)
    maybe[keys & np.uint64(size - 1)] = True
    return keys, owners, maybe


def _spread(start: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """Return every place of the ranges start[i]:end[i], each with its i."""
    length = end - start
    of = np.repeat(np.arange(len(start)), length)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(length) - length, length) + start[of]


def _bin_keys(signatures: Signatures) -> Words:
    columns = np.arange(BINS, dtype=np.uint64) << np.uint64(32)
    return mixed(signatures + columns)


def _number(items: _Items, cores: _Cores, label: IntArray, similarity: FloatArray) -> CampaignMap:
    """Number the campaigns by size, then by first letter, and go back from items to letters."""
    if not len(cores.medoids):
        n = len(items.of_letter)
        return CampaignMap(np.full(n, -1), np.zeros(n, bool), np.zeros(n), np.zeros(0, np.int64))
    # Letters that were not compared read the -1 appended here.
    of_letter = np.append(label, -1)[items.of_letter]
    first = np.full(len(label), len(of_letter))
    np.minimum.at(
        first, items.of_letter[items.of_letter >= 0], np.flatnonzero(items.of_letter >= 0)
    )
    members = np.flatnonzero(of_letter >= 0)
    size = np.bincount(of_letter[members])
    earliest = np.full(len(size), len(of_letter))
    np.minimum.at(earliest, of_letter[members], members)
    order = np.lexsort((earliest, -size))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return CampaignMap(
        labels=np.append(rank, -1)[of_letter],
        is_core=np.append(cores.label, -1)[items.of_letter] >= 0,
        similarity=np.append(similarity, 0.0)[items.of_letter],
        representatives=first[cores.medoids[order]],
    )
