"""Submissions with every kind of part, decided about in one line; what all of it says in rows."""

import json

from django.core.cache import cache
from django.db.models import F

from apps.jobs.executing import run_until_idle
from apps.jobs.models import Job
from apps.moderation.services import DecisionInput, appeal, decide, decide_appeal, open_case
from apps.submissions import passages, vocabulary
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
)
from apps.submissions.models import (
    Answer,
    Attachment,
    AttachmentPage,
    Campaign,
    EvidenceLink,
    JointParty,
    Passage,
    Point,
    RegisteredCampaign,
    Reply,
    Submission,
    Vocabulary,
)
from apps.submissions.services import file_submission

# Each stands in one place only: what is left of a place is found by its own word.
WORD = "Quokkaburra"
ROWS = {
    Submission: ("title", "organisation_name", "redactions"),
    Answer: ("text", "stance", "scale"),
    Point: ("reason", "proposed_text", "change_condition", "stance", "ask"),
    EvidenceLink: ("url", "title"),
    Reply: ("text", "kind"),
    Attachment: ("name", "title", "kept_back"),
    AttachmentPage: ("text",),
    JointParty: ("reservations",),
    RegisteredCampaign: ("title", "text"),
    Campaign: ("title",),
    Vocabulary: ("words",),
}


def file_note(sender, *, key="paper", name="paper.txt", title="", pages=("Plain words.",)):
    """Return the note of a file that was read page by page."""
    attachment = Attachment.objects.create(
        key=key,
        sender=sender,
        name=name,
        title=title,
        media_type="text/plain",
        size=1,
        sha256="0" * 64,
        published=f"p-{key}",
        state="read",
        page_count=len(pages),
        pages_read=len(pages),
    )
    for number, text in enumerate(pages, 1):
        AttachmentPage.objects.create(attachment=attachment, number=number, text=text)
    return FileNote(key, title)


def everywhere(sender, word=WORD, **changed):
    """Return a response in which a word stands in every text there is."""
    said = f"Ask {word} first. The rest may stay."
    values = {
        "group": "individual",
        "language": "en",
        "title": f"On {word}",
        "answers": [AnswerInput("why", text=said)],
        "points": [
            PointInput(
                "article-1",
                stance="oppose",
                ask="amend",
                reason=said,
                proposed_text=f"Except {word}.",
                change_condition=f"If {word} agreed.",
                evidence=[
                    EvidenceInput(f"https://example.org/{word}", "A study"),
                    EvidenceInput("", f"{word}, the book"),
                    EvidenceInput("https://example.org/open", "Another"),
                ],
            ),
            PointInput("article-2", stance="support", reason="Keep this one as it is."),
        ],
        "attachments": [
            file_note(sender, key="named", name=f"{word}.txt", title=f"By {word}"),
            file_note(sender, key="paged", pages=("First page.", f"The second names {word}.")),
            file_note(sender, key="open", name="open.txt", title="Open"),
        ],
    }
    return DraftInput(**(values | changed))


def filed(consultation, content, *, by, **more):
    """Return what was filed, read and indexed as the jobs do it."""
    made = Submission.objects.get(
        reference=file_submission(consultation, content, by=by, **more).number
    )
    index(made)
    return made


def index(*submissions):
    passages.extract([one.pk for one in submissions])
    vocabulary.write([one.pk for one in submissions])


def everything():
    """Return all rows that hold words of submissions, and all passages but for their keys."""
    found = {
        model.__name__: list(model.objects.order_by("pk").values_list("pk", *fields))
        for model, fields in ROWS.items()
    }
    found["Passage"] = sorted(
        Passage.objects.annotate(row=F("submission")).values_list(
            "row", "answer", "point", "page", "field", "start", "end", "fingerprint"
        ),
        key=str,
    )
    return found


def holds(words, rows=None):
    """Return whether words stand anywhere in the rows, in any case."""
    said = json.dumps(rows or everything(), default=str, ensure_ascii=False)
    return words.casefold() in said.casefold()


def redacted(submission, *words, by, part="", rule="personal"):
    entered = DecisionInput("redact", rule=rule, words=list(words), statement="Why.")
    return decide(open_case(submission, part, by=by), entered, by=by)


def hidden(submission, *, by, part="", rule="personal"):
    entered = DecisionInput("hide", rule=rule, statement="Why.", public_note="A note.")
    return decide(open_case(submission, part, by=by), entered, by=by)


def reversed_for(decision, *, author, by):
    lodged = appeal(decision, text="It is allowed.", by=author)
    return decide_appeal(lodged, outcome="reversed", statement="It is.", by=by)


def run_all():
    while job := Job.objects.due().first():
        run_until_idle(job.root)


def shown_by_api(client, submission):
    cache.clear()
    return client.get(
        f"/api/v1/consultations/{submission.consultation.slug}/submissions/{submission.reference}/"
    ).json()
