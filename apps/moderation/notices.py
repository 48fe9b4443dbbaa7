"""What is printed on the hidden pages of a file, in the language of the site."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.analysis.files.notices import can_be_set
from apps.core.dates import day_in_words
from apps.moderation.models import Decision, Rule
from apps.moderation.texts import PAGES
from apps.moderation.tombstones import decisions_about
from apps.submissions.models import Attachment

FALLBACK = "en"  # its letters are in every font


def notices_of(file: Attachment) -> Mapping[int, Sequence[str]]:
    """Return the lines for each hidden page: of the newest decision that hides it.

    A page that was hidden in an earlier version only has no decision of its own: it says so much.
    """
    told: dict[int, Sequence[str]] = dict.fromkeys(file.hidden_pages, _lines(None))
    if file.submission is None:
        return told
    standing = decisions_about(file.submission).filter(reversed_at__isnull=True)
    for decision in standing.order_by("pk"):
        for entry in decision.removed:
            name, _dot, page = entry["field"].partition(".")
            if name == PAGES and entry["pk"] == file.pk:
                told[int(page)] = _lines(decision)
    return told


def _lines(decision: Decision | None) -> Sequence[str]:
    with translation.override(settings.LANGUAGE_CODE):
        lines = _said(decision)
    if not all(map(can_be_set, lines)):
        with translation.override(FALLBACK):
            lines = _said(decision)
    if decision is not None and can_be_set(decision.public_note):
        lines.append(decision.public_note)
    return [line for line in lines if line]


def _said(decision: Decision | None) -> list[str]:
    hidden = _("This page was hidden by moderators.")
    if decision is None:
        return [hidden]
    when = {"date": day_in_words(decision.decided_at)}
    rule = {"rule": Rule(decision.rule).label}
    return [hidden, _("Date: %(date)s") % when, _("Rule: %(rule)s") % rule]
