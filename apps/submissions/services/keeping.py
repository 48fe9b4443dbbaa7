"""What stands in an open form is kept as the draft, beside what others keep of it meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Phase
from apps.submissions import parts
from apps.submissions.drafting import Form
from apps.submissions.errors import ChangedElsewhere, Conflict, InvalidContent
from apps.submissions.formdata import content_from, fields_of
from apps.submissions.inputs import DraftInput
from apps.submissions.models import (
    DraftEdit,
    KeptBack,
    Point,
    Reply,
    Stance,
    Submission,
    Visibility,
)
from apps.submissions.services.content import as_filed, content_of
from apps.submissions.services.drafts import lock_draft, started, write_draft
from apps.submissions.services.setting_aside import set_aside, taken_up

CHANGED_ELSEWHERE = _(
    "Somebody changed the same place after you opened it: a colleague, or you in another window."
    " Theirs stays, and yours is not saved yet."
)
GONE = _(
    "This draft was filed or discarded meanwhile. Press “Save draft” to begin a new one with what"
    " stands here."
)
LABELLED: Mapping[str, Any] = {
    "stance": Stance,
    "ask": Point.Ask,
    "kind": Reply.Kind,
    "kept_back": KeptBack,
    "group": StakeholderGroup,
    "visibility": Visibility,
}


@dataclass(frozen=True)
class EditInput:
    """Where content comes from.

    form      names one open form
    began     digests of what the form began from, see parts.py; None replaces whatever is stored
    is_fresh  whether the form began where there was no draft
    concerns  keys of the steps somebody chose to answer
    is_sent   with a button, so that another page follows; else the open form saved by itself
    language  what a draft begun with it is written in; "" for that of the consultation
    """

    form: str
    began: Mapping[str, str] | None = None
    is_fresh: bool = True
    concerns: Sequence[str] = ()
    is_sent: bool = True
    language: str = ""


@dataclass(frozen=True)
class Kept:
    """The draft with what it holds now.

    sent     digests of what the form sent: what it begins from when it saves again
    problem  why the content could not be kept as content and was kept as typed, None where it was
    """

    draft: Submission
    content: DraftInput
    concerns: tuple[str, ...]
    sent: Mapping[str, str]
    problem: InvalidContent | None = None


def stored_content(draft: Submission, edit: DraftEdit | None) -> DraftInput:
    """Return what stands in a draft: as it was typed, where that is no content yet."""
    if edit is None or not edit.typed:
        return content_of(draft)
    return content_from(QueryDict(edit.typed), group=draft.group)


def keep_draft(
    consultation: Consultation,
    content: DraftInput,
    *,
    edit: EditInput,
    by: Any,
    organisation: Organisation | None = None,
    kind: str = Phase.Kind.COMMENT,
) -> Kept:
    """Save what stands in a form as the draft of the open phase, whatever was typed.

    What was changed elsewhere since the form was opened, at places that the form left as they were,
    stays. Where the content cannot be kept as it is, it is kept as typed beside the draft: nothing
    typed is lost, and nothing wrong is stored as content. What cannot be kept for what somebody
    else wrote at the same place is set aside for its author.

    raises  PhaseClosed, InvalidContent without a stakeholder group, NotAllowed, NotYours,
            ChangedElsewhere where the same place was changed in both
    """
    try:
        with transaction.atomic():
            return _keep(consultation, content, edit, by, organisation, kind)
    except ChangedElsewhere as error:
        if error.draft is not None:
            set_aside(error.draft, error.held, by=by, form=edit.form)
        raise


def _keep(
    consultation: Consultation,
    content: DraftInput,
    edit: EditInput,
    by: Any,
    organisation: Organisation | None,
    kind: str,
) -> Kept:
    begin = {"group": content.group, "kind": kind, "language": edit.language}
    draft, is_new = started(consultation, by, organisation, **begin)
    draft = lock_draft(draft, by=by)
    draft.consultation = consultation
    last = DraftEdit.objects.filter(draft=draft).first()
    # The form has no fields for these; what a program entered stays.
    content = replace(content, title=draft.title, country=draft.country)
    content, concerns = as_filed(content, organisation), tuple(edit.concerns)
    sent = parts.digests(content, concerns)
    if is_new and edit.began is not None and not (edit.is_sent or edit.is_fresh):
        # A draft that was filed or discarded does not come back by itself.
        raise ChangedElsewhere(GONE)
    if not is_new and edit.began is not None:
        content = _merged(draft, last, content, edit)
        if last is not None and sent[parts.CONCERNS] == edit.began.get(parts.CONCERNS):
            concerns = tuple(last.concerns)
    draft, problem = _written(draft, content, by=by)
    typed = urlencode(list(fields_of(content))) if problem else ""
    facts = {"form": edit.form, "typed": typed, "parts": sent, "concerns": concerns}
    DraftEdit(draft=draft, is_sent=edit.is_sent, saved_at=timezone.now(), **facts).save()
    if not is_new:
        taken_up(draft, by=by, form=edit.form)
    return Kept(draft, content, concerns, sent, problem)


def _written(
    draft: Submission, content: DraftInput, *, by: Any
) -> tuple[Submission, InvalidContent | None]:
    try:
        return write_draft(draft, content, by=by), None
    except InvalidContent as error:
        draft.save(update_fields=["updated_at"])
        return draft, error


def _merged(
    draft: Submission, last: DraftEdit | None, content: DraftInput, edit: EditInput
) -> DraftInput:
    there = stored_content(draft, last)
    # What the same open form stored is no change of somebody else. But what it saves by itself
    # after it was sent was on its way before that, and is older than what was sent.
    is_own = (
        last is not None and last.form == edit.form != "" and (edit.is_sent or not last.is_sent)
    )
    merged = parts.merge(
        content, there, began=edit.began or {}, own=last.parts if last and is_own else {}
    )
    if merged.conflicts:
        form = Form(draft.consultation, is_reply=draft.is_reply)
        mine, stored = parts.digests(content), parts.digests(there)
        here, elsewhere = _in_words(content, form), _in_words(there, form)
        began = edit.began or {}
        raise ChangedElsewhere(
            CHANGED_ELSEWHERE,
            conflicts=[
                Conflict(
                    part=key,
                    field=parts.field(content, key),
                    stored=elsewhere.get(key, ""),
                    sent=here.get(key, ""),
                    digest=stored.get(key, ""),
                )
                for key in merged.conflicts
            ],
            draft=draft.pk,
            held={
                key: said
                for key, said in here.items()
                if said and mine[key] not in (began.get(key), stored.get(key))
            },
        )
    return merged.content


def _in_words(content: DraftInput, form: Form) -> dict[str, str]:
    """Return what was entered, in words by part."""
    said = {
        key: [text for one in found for text in _texts(one, form)]
        for key, found in parts.held(content).items()
    }
    said[parts.GROUP] = list(_labels(content, "group"))
    kept_back = (f"{one.words} {one.note}".strip() for one in content.redactions)
    said[parts.SEEN] = [*_labels(content, "visibility"), *kept_back]
    return {key: " · ".join(texts) for key, texts in said.items()}


def _texts(one: Any, form: Form) -> Iterator[str]:
    """Yield what somebody entered at one place, in words."""
    question = form.questions.get(getattr(one, "question", ""))
    if question is not None:
        yield from (c.label for c in question.choices.all() if c.key in one.choices)
        yield from (str(value) for value in (one.scale,) if value)
    yield from _labels(one, "stance", "ask", "kind", "kept_back")
    for name in ("quote", "text", "reason", "proposed_text", "change_condition", "title"):
        if value := getattr(one, name, ""):
            yield value
    for link in getattr(one, "evidence", ()):
        yield " ".join(filter(None, (link.title, link.url)))


def _labels(one: Any, *names: str) -> Iterator[str]:
    for name in names:
        if (value := getattr(one, name, "")) in LABELLED[name].values:
            yield str(LABELLED[name](value).label)
