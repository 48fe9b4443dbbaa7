"""What PDF and Word hold of a briefing: of each theme as much, where all is too much for paper."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from apps.briefings.content import BriefingContent, Claim

# About a hundred pages. typst takes a third of a megabyte for each and what stands around it.
PRINTED_QUOTATIONS = 800
PICTURED_ROWS = 24

Place = tuple[str, int]


def for_print(
    content: BriefingContent, most: int = PRINTED_QUOTATIONS
) -> tuple[BriefingContent, str]:
    """Return the briefing as it is printed, and what its reader must know, which may be nothing.

    Beyond `most` quotations the others lose their words and keep their source. Themes take turns,
    so that none gets more than another while both have more to say. Within a theme a minority
    argument comes first, then each claim once, then each claim again; the claim that begins is
    another one in each theme, so that no group is always first.
    """
    queues = [list(_queue(turn, *parts)) for turn, parts in enumerate(_by_theme(content))]
    total = sum(map(len, queues))
    if total <= most:
        return content, ""
    turns = sorted(
        (turn, number, place)
        for number, queue in enumerate(queues)
        for turn, place in enumerate(queue)
    )
    note = _(
        "This print holds %(printed)s of %(total)s quotations: as many for each theme, from all "
        "groups in turn. The page of this briefing and its HTML and JSON files hold all of them. "
        "A sentence whose quotations are not printed still names its sources."
    ) % {"printed": most, "total": total}
    return _without_words(content, {place for _turn, _number, place in turns[:most]}), note


def note_on_print(content: BriefingContent) -> str:
    """Return what is left out of PDF and Word, which may be nothing."""
    return for_print(content)[1]


def _by_theme(content: BriefingContent) -> Iterator[tuple[list[Claim], list[Claim]]]:
    """Yield the claims and the minority arguments of each theme; first those of no theme."""
    minority: dict[str, list[Claim]] = {}
    for claim in content.minority:
        minority.setdefault(claim.theme or "", []).append(claim)
    yield [*content.changes, *content.heard.missing, *content.agreement], minority.get("", [])
    for theme in content.themes:
        claims = [claim for some in theme.by_kind().values() for claim in some]
        yield claims, minority.get(theme.id, [])


def _queue(number: int, claims: list[Claim], minority: list[Claim]) -> Iterator[Place]:
    first = number % len(claims) if claims else 0
    rounds = _rounds(claims[first:] + claims[:first])
    apart = [place for turn in _rounds(minority) for place in turn]
    yield from apart[:1]
    yield from next(rounds, [])
    yield from apart[1:]
    for turn in rounds:
        yield from turn


def _rounds(claims: Iterable[Claim]) -> Iterator[list[Place]]:
    """Yield the first quotation of each claim, then the second of each, and so on."""
    quoted = [
        [(claim.id, place) for place, one in enumerate(claim.citations) if one.passage]
        for claim in claims
    ]
    for turn in range(max(map(len, quoted), default=0)):
        yield [places[turn] for places in quoted if turn < len(places)]


def _without_words(content: BriefingContent, printed: set[Place]) -> BriefingContent:
    def some(claims: Iterable[Claim]) -> tuple[Claim, ...]:
        return tuple(
            claim.model_copy(
                update={
                    "citations": tuple(
                        one
                        if (claim.id, place) in printed
                        else one.model_copy(update={"passage": None})
                        for place, one in enumerate(claim.citations)
                    )
                }
            )
            for claim in claims
        )

    themes = (theme.model_copy(update={"claims": some(theme.claims)}) for theme in content.themes)
    return content.model_copy(
        update={
            "changes": some(content.changes),
            "heard": content.heard.model_copy(update={"missing": some(content.heard.missing)}),
            "agreement": some(content.agreement),
            "themes": tuple(themes),
            "minority": some(content.minority),
        }
    )
