"""The steps of a briefing's jobs, and what they are called in front of people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "freeze": _("Reading what was filed"),
    "campaigns": _("Looking for letters with the same text"),
    "themes": _("Looking for themes"),
    "number": _("Putting themes in order"),
    "claims": _("Choosing quotations"),
    "compose": _("Writing the sentences"),
    "render": _("Making the files"),
    "publish": _("Publishing"),
}
# freeze, themes (parts), number, claims (parts), compose, render (parts), publish
STAGES = 7


def stage_label(stage: str) -> str | Promise:
    """Return the name of a step; one that just began carries the kind of its job."""
    name = stage.rpartition(".")[2]
    return LABELS.get(name, _("Waiting for its turn"))
