"""Whether one group is touched by decisions clearly more often than the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

CLEAR = 0.05
FEWEST = 5  # of fewer cases nothing is said, however small the group


@dataclass(frozen=True)
class Compared:
    """One group beside all others: shares from 0 to 1, and how likely chance alone does as much.

    p  two-sided, adjusted for the number of groups compared
    """

    touched: int
    share: float
    share_of_rest: float
    p: float

    @property
    def is_clearly_more(self) -> bool:
        """Whether the group is touched more often, and chance does not explain it well."""
        is_more = self.share > self.share_of_rest and self.touched >= FEWEST
        return is_more and self.p < CLEAR


def compare_shares(counts: Mapping[str, tuple[int, int]]) -> dict[str, Compared]:
    """Return each group compared with all other groups together.

    Fisher's exact test on (touched, untouched) of the group and of the rest, two-sided: it needs no
    large numbers, which few decisions never are. Holm's step-down method adjusts for asking once
    per group, so that among all groups a false alarm comes up in at most `CLEAR` of cases.

    counts   by group: (touched, all); groups of none are left out, and no result says anything of
             a single group alone
    raises   ValueError where more are touched than there are
    source   Fisher 1935, The Design of Experiments; Holm 1979, Scand. J. Statist. 6, 65-70
    """
    # Here, for it takes 70 MB that only these statistics need, and every process would hold them.
    from scipy.stats import fisher_exact  # noqa: PLC0415

    for group, (touched, size) in counts.items():
        if not 0 <= touched <= size:
            raise ValueError(f"{group}: {touched} touched of {size}")
    present = {group: pair for group, pair in counts.items() if pair[1]}
    all_touched = sum(touched for touched, _size in present.values())
    everybody = sum(size for _touched, size in present.values())
    found: dict[str, tuple[float, float, float]] = {}
    for group, (touched, size) in present.items():
        others, others_touched = everybody - size, all_touched - touched
        if not others:
            return {}
        table = [[touched, size - touched], [others_touched, others - others_touched]]
        found[group] = (touched / size, others_touched / others, float(fisher_exact(table)[1]))
    adjusted = _holm({group: p for group, (_share, _rest, p) in found.items()})
    return {
        group: Compared(present[group][0], share, rest, adjusted[group])
        for group, (share, rest, _p) in found.items()
    }


def _holm(values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values adjusted for their number, in the order of the smallest first."""
    adjusted, largest = {}, 0.0
    for place, (name, p) in enumerate(sorted(values.items(), key=lambda pair: pair[1])):
        largest = max(largest, min(1.0, (len(values) - place) * p))
        adjusted[name] = largest
    return adjusted
