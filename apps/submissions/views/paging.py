"""The words of attached files, page by page: the first with their submission, all on their own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from apps.core.keyset import paginate
from apps.core.views import shows_refusals
from apps.submissions.listing import name_of
from apps.submissions.marking import FiledText, divided
from apps.submissions.models import Attachment, AttachmentPage, Submission
from apps.submissions.stones import Stone, numbers_of_files, stones_of

FIRST_PAGES = 5  # shown with the submission; a file can have two thousand
PAGES_AT_ONCE = 20
NUMBER = re.compile(r"\d{1,6}", re.ASCII)
PART = re.compile(r"attachment:(\d{1,4})#page=(\d{1,6})")


def shown_files(submission: Submission, parts: Iterable[str]) -> list[Attachment]:
    """Return the files of a submission with their first pages and those that `parts` name.

    Two queries, however many files there are.
    """
    pages = Q(number__lte=FIRST_PAGES)
    for part in set(parts):
        if found := PART.match(part):
            pages |= Q(attachment__number=int(found[1]), number=int(found[2]))
    wanted = AttachmentPage.objects.filter(pages).order_by("number")
    files = submission.attachments.public().in_order().prefetch_related(Prefetch("pages", wanted))
    return list(files)


def texts_of_files(files: Sequence[Attachment]) -> dict[str, str]:
    """Return the text of every page that was fetched, by its name, in reading order."""
    return {page.part: page.text for file in files for page in file.pages.all()}


@dataclass(frozen=True)
class ShownFile:
    """A file as the page shows it; of one that moderators hid, only the number and the stone."""

    number: int
    stone: Stone | None
    file: Attachment | None = None
    pages: Sequence[tuple[AttachmentPage, FiledText]] = ()


def with_hidden_ones(
    files: Sequence[Attachment], texts: Mapping[str, FiledText], stones: Mapping[str, Stone]
) -> list[ShownFile]:
    """Return files with the texts of their pages, and those that moderators hid, in order."""
    shown = [
        ShownFile(
            file.number,
            stones.get(file.name_as_part),
            file,
            [(page, texts[page.part]) for page in file.pages.all()],
        )
        for file in files
    ]
    gone = numbers_of_files(stones) - {file.number for file in files}
    shown += [ShownFile(number, stones[f"attachment:{number}"]) for number in gone]
    return sorted(shown, key=lambda one: one.number)


def opened_files(parts: Iterable[str]) -> set[int]:
    """Return the numbers of the files in which a part lies."""
    return {int(found[1]) for part in parts if (found := PART.fullmatch(part))}


def place_of(page: int) -> str:
    """Return the end of an address that opens the words of a file at a page."""
    return f"?page={page}#page-{page}"


@require_safe
@shows_refusals
def attachment_text(request: HttpRequest, key: str) -> HttpResponse:
    visible = Attachment.objects.visible_to(request.user).filter(submission__isnull=False)
    attachment = get_object_or_404(
        visible.select_related("submission__consultation", "submission__organisation"), key=key
    )
    submission = attachment.submission
    after = request.GET.get("after", "")
    start = request.GET.get("page", "")
    begin = int(start) if NUMBER.fullmatch(start) else 1
    pages = attachment.pages.filter(number__gte=begin)
    page = paginate(pages, after=after, size=PAGES_AT_ONCE, by="number")
    for one in page.items:
        one.attachment = attachment
    context = {
        "place": "consultations",
        "consultation": submission.consultation if submission else None,
        "tab": "submissions",
        "submission": submission,
        "who": _who(submission) if submission else "",
        "file": attachment,
        "pages": [(one, divided(one.part, one.text, [], None)) for one in page.items],
        "stone": stones_of(submission).get(attachment.name_as_part) if submission else None,
        "next_cursor": page.next_cursor,
        "is_first_page": not after and begin <= 1,
    }
    shown = render(request, "submissions/attachment.html", context)
    if attachment.kept_back:
        add_never_cache_headers(shown)  # as the page of an original
    return shown


def _who(submission: Submission) -> str:
    return name_of(submission.organisation_name, submission.group, submission.visibility)
