"""The texts of a submission, each with the row it stands in and the name citations give it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from apps.submissions.models import (
    HIDDEN,
    Answer,
    Attachment,
    AttachmentPage,
    Campaign,
    EvidenceLink,
    JointParty,
    Point,
    RegisteredCampaign,
    Submission,
)

PAGES = "hidden_pages"


@dataclass(frozen=True)
class Text:
    """One text of a submission, in the field of a row.

    owner  the part it belongs to, as readers flag it: "", "answer:why", "point:2", "reply:1",
           "attachment:1"
    part   its own name, as citations name it; of what no citation quotes, a name of the same form
    field  of the row; "redactions.0" is the note on the first of the words its author keeps back,
           "hidden_pages.3" whether the third page of a file is hidden: then a block stands there
    """

    owner: str
    part: str
    row: Model
    field: str

    @property
    def words(self) -> str:
        """What stands there now."""
        return read(self.row, self.field)

    @property
    def is_public(self) -> bool:
        """Return whether everybody reads it: not what is kept back, nor what was said and left."""
        if isinstance(self.row, AttachmentPage):
            return not self.row.attachment.kept_back
        return not (isinstance(self.row, JointParty) and self.row.has_left)


def read(row: Any, field: str) -> str:
    """Return what stands in a field of a row; see `Text.field`."""
    name, _dot, number = field.partition(".")
    held = getattr(row, name)
    if name == PAGES:
        return HIDDEN if int(number) in held else ""
    return str(held[int(number)]["note"] if number else held)


def write(row: Any, field: str, said: str) -> None:
    """Let a field of a row hold other words, in the database too."""
    name, _dot, number = field.partition(".")
    if name == PAGES:
        others = [page for page in row.hidden_pages if page != int(number)]
        row.hidden_pages = sorted([*others, int(number)]) if said else others
    elif number:
        getattr(row, name)[int(number)]["note"] = said
    else:
        setattr(row, name, said)
    type(row).objects.filter(pk=row.pk).update(**{name: getattr(row, name)})


def texts_of(submission: Submission, part: str = "") -> list[Text]:
    """Return every text somebody can read of a submission or of a part, in reading order."""
    rows = _of_part(submission, part) if part else _texts(submission)
    return [text for text in rows if text.words]


def sources_of(submission: Submission) -> list[tuple[str, EvidenceLink]]:
    """Return the sources named for its points and replies, each with the part it belongs to."""
    found = [
        (point.name, source)
        for point in submission.points.prefetch_related("evidence")
        for source in point.evidence.all()
    ]
    found += [
        (reply.name_as_part, source)
        for reply in submission.replies.prefetch_related("evidence")
        for source in reply.evidence.all()
    ]
    return found


def files_of(submission: Submission) -> list[tuple[str, Attachment]]:
    """Return its files, each with its name as a part."""
    return [(file.name_as_part, file) for file in submission.attachments.in_order()]


def parts_of(submission: Submission) -> list[str]:
    """Return what can be flagged and decided about: all of it first, then part by part."""
    answers = submission.answers.select_related("question").defer("text")
    return [
        "",
        *(answer.part for answer in answers),
        *(f"point:{number}" for number in submission.points.values_list("number", flat=True)),
        *(f"reply:{number}" for number in submission.replies.values_list("number", flat=True)),
        *(part for part, _file in files_of(submission)),
    ]


def _texts(submission: Submission) -> Iterator[Text]:
    yield Text("", "title", submission, "title")
    if submission.organisation_id is None and submission.withheld_for_id is None:
        # As a source gave it: it may name a person.
        yield Text("", "name", submission, "organisation_name")
    for answer in submission.answers.select_related("question"):
        yield from _of_answer(answer)
    for point in submission.points.all():
        yield from _of_point(point)
    for reply in submission.replies.all():
        yield Text(reply.name_as_part, reply.name_as_part, reply, "text")
    for _name, file in files_of(submission):
        yield from _of_file(file)
    yield from _of_notes(submission)
    yield from _of_parties(submission)
    yield from _of_campaigns(submission)


def _of_part(submission: Submission, part: str) -> Iterator[Text]:
    """Yield the texts of one part, without a look at the others."""
    kind, _colon, name = part.partition(":")
    if kind == "answer":
        for answer in submission.answers.select_related("question"):
            yield from _of_answer(answer) if answer.part == part else ()
    elif name.isdecimal():
        yield from _of_number(submission, kind, int(name))
    yield from (text for text in _of_campaigns(submission) if text.owner == part)


def _of_number(submission: Submission, kind: str, number: int) -> Iterator[Text]:
    for point in submission.points.filter(number=number) if kind == "point" else ():
        yield from _of_point(point)
    for reply in submission.replies.filter(number=number) if kind == "reply" else ():
        yield Text(reply.name_as_part, reply.name_as_part, reply, "text")
    for file in submission.attachments.filter(number=number) if kind == "attachment" else ():
        yield from _of_file(file)


def _of_answer(answer: Answer) -> Iterator[Text]:
    yield Text(answer.part, answer.part, answer, "text")


def _of_point(point: Point) -> Iterator[Text]:
    for field in Point.TEXT_FIELDS:
        yield Text(point.name, point.part(field), point, field)


def _of_file(file: Attachment) -> Iterator[Text]:
    for page in file.pages.all():
        yield Text(file.name_as_part, page.part, page, "text")


def _of_notes(submission: Submission) -> Iterator[Text]:
    """Yield what its author says about words that are kept back."""
    for number, one in enumerate(submission.redactions):
        if one.get("note"):
            yield Text("", f"note:{number}", submission, f"redactions.{number}")


def _of_parties(submission: Submission) -> Iterator[Text]:
    for party in JointParty.objects.on_record().filter(submission=submission):
        yield Text("", f"party:{party.pk}", party, "reservations")


def _of_campaigns(submission: Submission) -> Iterator[Text]:
    """Yield the page of a campaign it carries, and the titles of campaigns found by its words.

    They repeat what a part says, and go with it.
    """
    registered = RegisteredCampaign.objects.filter(carrier=submission)
    found = Campaign.objects.filter(sample=submission)
    copies = [Text("", "campaign:title", one, "title") for one in registered]
    copies += [Text("", "campaign:text", one, "text") for one in registered]
    copies += [Text("", f"found:{one.pk}", one, "title") for one in found]
    if not copies:
        return
    said = [(answer.part, answer.text) for answer in submission.answers.select_related("question")]
    said += [(point.name, point.reason) for point in submission.points.all()]
    for copy in copies:
        words = " ".join(copy.words.split()).rstrip("…")
        owners = (owner for owner, text in said if words and words in " ".join(text.split()))
        yield Text(next(owners, ""), copy.part, copy.row, copy.field)


def excerpt_of(submission: Submission, part: str) -> str:
    """Return what everybody reads of a part, its texts one after the other."""
    return "\n\n".join(text.words for text in texts_of(submission, part) if text.is_public)
