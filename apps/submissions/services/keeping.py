"""What stands in an open form is kept as the draft, beside what others keep of it meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation
from apps.consultations.models import Consultation, Phase
from apps.submissions import parts
from apps.submissions.drafting import Form
from apps.submissions.errors import ChangedElsewhere, InvalidContent
from apps.submissions.formdata import content_from, fields_of
from apps.submissions.inputs import DraftInput
from apps.submissions.models import DraftEdit, Point, Stance, Submission
from apps.submissions.services.content import as_filed, content_of
from apps.submissions.services.drafts import lock_draft, started, write_draft
from apps.submissions.services.setting_aside import set_aside, taken_up

CHANGED_ELSEWHERE = _(
    "The stored draft was changed after you opened it, by you in another window or by a colleague."
    " Nothing was saved. Save again to replace it with what stands here."
)
MEANWHILE = _("Stored here meanwhile: “%(text)s”")
CLEARED = _("This was cleared meanwhile.")


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
        raise ChangedElsewhere(CHANGED_ELSEWHERE)
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
        stored = parts.digests(there)
        raise ChangedElsewhere(
            CHANGED_ELSEWHERE,
            fields=_meanwhile(content, there, merged.conflicts, form),
            known={key: stored.get(key, "") for key in merged.conflicts},
            draft=draft.pk,
            held=_only_here(content, stored, edit.began or {}, form),
        )
    return merged.content


def _only_here(
    sent: DraftInput, stored: Mapping[str, str], began: Mapping[str, str], form: Form
) -> dict[str, str]:
    """Return what was entered since the form was opened and is stored nowhere, in words by part."""
    mine, held = parts.digests(sent), parts.held(sent)
    words = {key: _in_words(held.get(key, ()), form) for key in mine}
    words[parts.SEEN] = " · ".join(filter(None, (f"{r.words} {r.note}" for r in sent.redactions)))
    return {
        key: said
        for key, said in words.items()
        if said and mine[key] not in (began.get(key), stored.get(key))
    }


def _meanwhile(
    sent: DraftInput, there: DraftInput, conflicts: Sequence[str], form: Form
) -> dict[str, list[str | Promise]]:
    """Return what is stored at each place in conflict, by the field it would replace."""
    stored = parts.held(there)
    fields: dict[str, list[str | Promise]] = {}
    for key in conflicts:
        words = _in_words(stored.get(key, ()), form)
        fields[parts.field(sent, key)] = [MEANWHILE % {"text": words} if words else CLEARED]
    return fields


def _in_words(entered: Iterable[Any], form: Form) -> str:
    return " · ".join(text for one in entered for text in _texts(one, form))


def _texts(one: Any, form: Form) -> Iterator[str]:
    """Yield what somebody entered at one place, in words."""
    question = form.questions.get(getattr(one, "question", ""))
    if question is not None:
        yield from (c.label for c in question.choices.all() if c.key in one.choices)
        yield from (str(value) for value in (one.scale,) if value)
    labels = {"stance": Stance, "ask": Point.Ask}
    for name, values in labels.items():
        if (value := getattr(one, name, "")) in values.values:
            yield str(values(value).label)
    for name in ("quote", "text", "reason", "proposed_text", "change_condition", "title"):
        if value := getattr(one, name, ""):
            yield value
    for link in getattr(one, "evidence", ()):
        yield " ".join(filter(None, (link.title, link.url)))
