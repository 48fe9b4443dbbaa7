"""The jobs of a briefing, one after the other; parts run side by side."""

from collections.abc import Mapping
from typing import Any

from apps.briefings import building
from apps.jobs.executing import Run
from apps.jobs.registry import Effects, handler


def _failed(payload: Mapping[str, Any], why: str) -> None:
    building.mark_failed(payload["briefing"], why)


@handler("briefings.freeze", when_dead=_failed)
def freeze(run: Run) -> Effects:
    """Freeze the corpus and split the search for themes."""
    return building.freeze(run)


@handler("briefings.themes", when_dead=_failed)
def themes(run: Run) -> Effects:
    """Propose the themes of one question, or of all provisions."""
    return building.propose(run)


@handler("briefings.number", when_dead=_failed)
def number(run: Run) -> Effects:
    """Number the themes and split the writing of claims."""
    return building.number(run)


@handler("briefings.claims", when_dead=_failed)
def claims(run: Run) -> Effects:
    """Write the claims of one theme."""
    return building.write_claims(run)


@handler("briefings.compose", when_dead=_failed)
def compose(run: Run) -> Effects:
    """Put the content together and split the rendering."""
    return building.compose(run)


@handler("briefings.render", when_dead=_failed)
def render(run: Run) -> Effects:
    """Write one file."""
    return building.render(run)


@handler("briefings.publish", when_dead=_failed)
def publish(run: Run) -> Effects:
    """Make the briefing public."""
    return building.publish(run)


@handler("briefings.in_line")
def in_line(run: Run) -> Effects:
    """Take hidden words out of a version that is withheld until then."""
    return building.bring_in_line(run)


@handler("briefings.file")
def file(run: Run) -> Effects:
    """Make one file again."""
    return building.make_file(run)
