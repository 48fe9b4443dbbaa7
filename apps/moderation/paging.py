"""Which pages of a file a moderator means, and what keeps them from being hidden by themselves."""

import re
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.texts import problems_of
from apps.moderation.models import Case
from apps.submissions.models import Attachment

LONGEST_PAGES = 2_000  # characters
MOST_TOLD = 5
ONE = re.compile(r"(?P<first>\d{1,6})(?:\s*[-\u2013\u2014]\s*(?P<last>\d{1,6}))?", re.ASCII)
SEPARATED = re.compile(r"[,;\n]")
Problem = str | Promise


def file_of(case: Case) -> Attachment | None:
    """Return the file a case is about, None where it is about something else."""
    kind, _colon, number = case.part.partition(":")
    if kind != "attachment" or not number.isdecimal():
        return None
    return case.submission.attachments.filter(number=int(number)).first()


def why_not_by_page(file: Attachment | None) -> Problem:
    """Return why no single page can be hidden, "" where nothing is in the way."""
    if file is None:
        return _("Only a file has pages. Report or open the file by itself, then hide its pages.")
    if file.kept_back:
        return _("Nobody can read this file now: it is kept back as a whole.")
    if file.is_waiting:
        return _("This file is still being read. Try again in a minute, or hide all of it.")
    if not file.page_count:
        return _("The pages of this file are not known. Hide all of it instead.")
    if file.page_count == 1:
        return _("This file has one page. Hide all of it instead.")
    return ""


def read_pages(asked: str, *, count: int) -> tuple[list[int], list[Problem]]:
    """Return the pages somebody wrote, such as "2, 4-5", each once; and what is wrong with them."""
    problems: list[Problem] = list(problems_of(asked, longest=LONGEST_PAGES))
    if problems:
        return [], problems
    pages: set[int] = set()
    for one in filter(None, map(str.strip, SEPARATED.split(asked))):
        found = ONE.fullmatch(one)
        first, last = (
            (int(found["first"]), int(found["last"] or found["first"])) if found else (0, 0)
        )
        wrong = list(_problems(one[:40], first, last, count)) if found else [_unreadable(one[:40])]
        problems += wrong
        if not wrong:
            pages |= set(range(first, last + 1))
    if not pages and not problems:
        problems.append(_("Write which pages to hide, such as 2, 4-5."))
    if len(pages) == count:
        problems.append(_("These are all its pages. Choose “Hide all of it” instead."))
    return sorted(pages), problems[:MOST_TOLD]


def _problems(said: str, first: int, last: int, count: int) -> Iterator[Problem]:
    if first > last:
        yield _("“%(said)s” runs backwards. Write the smaller number first.") % {"said": said}
    elif first < 1 or last > count:
        told = _("“%(said)s” is not there. The file has pages 1 to %(count)s.")
        yield told % {"said": said, "count": count}


def _unreadable(said: str) -> Problem:
    return _("“%(said)s” is no page. Write numbers such as 2, 4-5.") % {"said": said}
