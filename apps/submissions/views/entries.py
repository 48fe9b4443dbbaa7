"""What stands in the response form: typed, restored, kept as a draft."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Phase
from apps.core.errors import DomainError, NotAllowed
from apps.core.languages import language_written
from apps.submissions import parts
from apps.submissions.drafting import Form
from apps.submissions.errors import InvalidContent
from apps.submissions.formdata import content_from, fields_of
from apps.submissions.inputs import DraftInput
from apps.submissions.models import Attachment, DraftEdit, Submission
from apps.submissions.services import EditInput, Kept, keep_draft, state_of, stored_content
from apps.submissions.steps import PROVISION, QUESTION

FORM = re.compile(r"[\w-]{1,32}", re.ASCII)
CONCERN = re.compile(rf"(?:{PROVISION}|{QUESTION})[^\0]{{1,120}}")
MOST_CONCERNS = 1_000
LOST = "lost-files"
COMMENT, REPLY = Phase.Kind.COMMENT, Phase.Kind.REPLY
# The pages of a response and those of replies: the same views, each at its own address.
ADDRESSES = {
    COMMENT: {"form": "submissions:respond", "check": "submissions:check"},
    REPLY: {"form": "submissions:reply", "check": "submissions:reply-check"},
}
SAVED = _("Saved as a draft. Only you and your organisation can see it.")
CHANGED_CAPACITY = _(
    "Other questions are asked of this group. Look at them before you go on; nothing is saved yet."
)
RESTORED = _("As you left it. Something in it needs a change before you can submit.")
FILES_LOST = _("Your text is back. The files you chose could not be kept: attach them again.")
NO_MEMBER = _("You cannot respond for this organisation. Choose another capacity; nothing is lost.")


@dataclass(frozen=True)
class Entry:
    """What stands in the form.

    seen  names the state of the stored draft that it began from
    began digests of what stood in it then, by part; None for one that nobody opened
    form  names this one open form: what it saved itself is no change by somebody else
    step  the one thing shown; "" where everything stands on one page
    comment  being written for colleagues about it
    kind  of the phase it is for: answers and points, or replies
    """

    content: DraftInput
    organisation: Organisation | None = None
    seen: str = ""
    began: Mapping[str, str] | None = None
    form: str = ""
    error: DomainError | None = None
    notice: str | Promise = ""
    step: str = ""
    concerns: tuple[str, ...] = ()
    comment: str = ""
    kind: str = COMMENT

    @property
    def began_as_text(self) -> str:
        return json.dumps(self.began)

    @property
    def group(self) -> str:
        return self.organisation.group if self.organisation else self.content.group

    @property
    def capacity(self) -> str:
        """The choice that the questions on the page belong to."""
        return f"{self.organisation.slug if self.organisation else ''}/{self.group}"


def typed(request: HttpRequest, data: QueryDict, *, kind: str) -> Entry:
    """Return what was typed, whatever it is, for the organisation chosen where that may be."""
    slug = data.get("for", "")
    organisation = _member_of(request, slug)
    error = (
        NotAllowed(NO_MEMBER, fields={"for": [NO_MEMBER]}) if slug and not organisation else None
    )
    group = organisation.group if organisation else data.get("group", "")
    form, step = data.get("form", ""), data.get("step", "")
    content = content_from(data, group=group)
    if step.startswith(PROVISION):
        # The room for a first point was shown, not asked for.
        content = replace(content, points=[p for p in content.points if not p.is_empty])
    return Entry(
        content,
        organisation,
        seen=data.get("seen", ""),
        began=_digests(data.get("began", "")),
        form=form if FORM.fullmatch(form) else "",
        error=error,
        notice=FILES_LOST if LOST in data else "",
        step=step,
        concerns=tuple(c for c in data.getlist("concern")[:MOST_CONCERNS] if CONCERN.fullmatch(c)),
        comment=data.get("comment", ""),
        kind=kind,
    )


def _digests(text: str) -> dict[str, str] | None:
    """Return what a form says it began from; it decides only what of it is taken as changed."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {key: value for key, value in found.items() if isinstance(value, str)}


def kept(
    request: HttpRequest, consultation: Consultation, data: QueryDict, entry: Entry, *, act: str
) -> Entry:
    """Store what was typed, and return what to show: the draft, or why it could not be stored."""
    form = Form(consultation, is_reply=entry.kind == REPLY)
    content, left_out = form.split(_without_gone_files(request, consultation, entry))
    if left_out and data.get("capacity", entry.capacity) != entry.capacity:
        return replace(entry, notice=CHANGED_CAPACITY)
    if act == "autosave":
        # What saves itself drops no words: until somebody presses a button they stay as typed.
        gone = [answer for answer in left_out if answer.question in form.archived]
        content = replace(content, answers=[*content.answers, *gone])
    edit = EditInput(
        entry.form,
        began=entry.began,
        is_fresh=not entry.seen,
        concerns=entry.concerns,
        is_sent=act != "autosave",
        language=language_written(consultation.language),
    )
    try:
        there = keep_draft(
            consultation,
            content,
            edit=edit,
            by=request.user,
            organisation=entry.organisation,
            kind=entry.kind,
        )
        entry = _as_kept(entry, there, is_shown=edit.is_sent)
        if act == "check" and there.problem is None:
            form.require_complete(there.content)
    except DomainError as error:
        if "group" in error.fields:
            _hold(request, consultation, entry)
        return replace(entry, error=error)
    request.session.pop(_held_at(consultation, entry.kind), None)
    return replace(entry, notice=SAVED if act == "save" and entry.error is None else "")


def _as_kept(entry: Entry, there: Kept, *, is_shown: bool) -> Entry:
    """Return the entry after it was stored; what saves itself leaves the open form as it is."""
    entry = replace(entry, seen=state_of(there.draft), began=there.sent, error=there.problem)
    if not is_shown:
        return entry
    return replace(
        entry,
        content=there.content,
        concerns=there.concerns,
        began=parts.digests(there.content, there.concerns),
    )


def _hold(request: HttpRequest, consultation: Consultation, entry: Entry) -> None:
    """Keep what was typed in the session: a draft belongs to a group, and none is chosen yet."""
    if stored_draft(request, consultation, entry) is None:
        typed = urlencode(list(fields_of(entry.content)))
        request.session[_held_at(consultation, entry.kind)] = typed


def _held_at(consultation: Consultation, kind: str) -> str:
    return f"held-{kind}:{consultation.pk}"


def _without_gone_files(
    request: HttpRequest, consultation: Consultation, entry: Entry
) -> DraftInput:
    """Return what was typed without files that were removed in another window."""
    content = entry.content
    if not content.attachments and not any(point.files for point in content.points):
        return content
    draft = stored_draft(request, consultation, entry)
    there = set(Attachment.objects.filter(submission=draft).values_list("key", flat=True))
    return replace(
        content,
        attachments=[note for note in content.attachments if note.key in there],
        points=[
            replace(point, files=[key for key in point.files if key in there])
            for point in content.points
        ],
    )


def edit_of(draft: Submission) -> DraftEdit | None:
    return DraftEdit.objects.filter(draft=draft).first()


def organisation_or_404(request: HttpRequest, slug: str) -> Organisation | None:
    """Return the organisation an address names, None for oneself; raise Http404 for others."""
    found = _member_of(request, slug)
    if slug and found is None:
        raise Http404
    return found


def _member_of(request: HttpRequest, slug: str) -> Organisation | None:
    if not slug or "\0" in slug:
        return None
    return Organisation.objects.with_member(request.user).called(slug)


def draft_of(
    request: HttpRequest,
    consultation: Consultation,
    organisation: Organisation | None,
    *,
    kind: str,
    is_filed_too: bool = True,
) -> Submission | None:
    """Return the draft that was begun, else what was filed last: a second press finds that."""
    mine = Submission.objects.of(consultation).of_kind(kind)
    mine = mine.in_capacity(request.user, organisation)
    drafts = mine.filter(state=Submission.State.DRAFT)
    if request.method == "POST" and is_filed_too:
        drafts = drafts | mine.filter(state=Submission.State.SUBMITTED)
    draft = drafts.select_related("revises").order_by("state", "-pk").first()
    if draft is not None:
        draft.consultation = consultation
    return draft


def stored_draft(
    request: HttpRequest, consultation: Consultation, entry: Entry
) -> Submission | None:
    """Return the draft an entry is kept in, None where there is none yet."""
    return draft_of(request, consultation, entry.organisation, kind=entry.kind, is_filed_too=False)


def own_drafts(
    request: HttpRequest, consultation: Consultation, *, kind: str, step: str = ""
) -> list[tuple[Submission, str]]:
    """Return the drafts of a person and the own organisations, each with its address."""
    if not request.user.is_authenticated:
        return []
    drafts = Submission.objects.drafts_of(request.user).of(consultation).of_kind(kind)
    return [
        (draft, respond_address(consultation, draft.organisation, step=step, kind=kind))
        for draft in drafts.select_related("organisation")
    ]


def stored(
    request: HttpRequest,
    consultation: Consultation,
    organisation: Organisation | None,
    *,
    kind: str,
) -> Entry:
    nothing = DraftInput()
    empty = Entry(nothing, organisation, began=parts.digests(nothing), kind=kind)
    draft = stored_draft(request, consultation, empty)
    if draft is None:
        held = request.session.get(_held_at(consultation, kind), "")
        if not held or organisation is not None:
            return empty
        content = content_from(QueryDict(held), group="")
        return replace(empty, content=content, notice=RESTORED)
    edit = edit_of(draft)
    content, concerns = stored_content(draft, edit), tuple(edit.concerns) if edit else ()
    entry = replace(
        empty,
        content=content,
        concerns=concerns,
        seen=state_of(draft),
        began=parts.digests(content, concerns),
    )
    return _restored(consultation, entry) if edit and edit.typed else entry


def _restored(consultation: Consultation, entry: Entry) -> Entry:
    """Say where that needs a change which was kept as it was typed."""
    try:
        Form(consultation, is_reply=entry.kind == REPLY).check(entry.content)
    except InvalidContent as problem:
        return replace(entry, error=InvalidContent(RESTORED, fields=problem.fields))
    return replace(entry, notice=RESTORED)


def respond_address(
    consultation: Consultation,
    organisation: Organisation | None,
    *,
    step: str = "",
    kind: str = COMMENT,
) -> str:
    """Return the address of the form or of one step, for oneself or for an organisation."""
    address = address_of("form", consultation, organisation, kind=kind)
    if not step:
        return address
    return f"{address}{'&' if organisation else '?'}{urlencode({'step': step})}"


def address_of(
    page: str,
    consultation: Consultation,
    organisation: Organisation | None,
    *,
    kind: str = COMMENT,
) -> str:
    """Return the address of the "form" or of the page to "check", for whom one speaks for."""
    address = reverse(ADDRESSES[Phase.Kind(kind)][page], args=[consultation.slug])
    return f"{address}?for={organisation.slug}" if organisation else address
