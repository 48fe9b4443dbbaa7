"""The response form one step at a time."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apps.consultations.models import Consultation
from apps.core.errors import DomainError
from apps.submissions import steps
from apps.submissions.drafting import Form
from apps.submissions.errors import ChangedElsewhere
from apps.submissions.forms import ResponseForm
from apps.submissions.views.entries import REPLY, Entry, address_of, respond_address


def form_of(consultation: Consultation, entry: Entry) -> ResponseForm:
    """Return the form of one step, of the first one where the step asked for is not on the way."""
    errors = entry.error.fields if entry.error else {}
    form = ResponseForm(
        consultation,
        entry.content,
        group=entry.group,
        errors=errors,
        is_reply=entry.kind == REPLY,
    )
    if entry.step and not form.asked.is_reply:
        keys = [step.key for step in _way(form.asked, entry)]
        form.step = entry.step if entry.step in keys else keys[0]
    return form


def page(consultation: Consultation, entry: Entry, form: ResponseForm) -> Mapping[str, Any]:
    """Return what the page of a step shows beside the form."""
    found = _way(form.asked, entry)
    number = next(n for n, step in enumerate(found) if step.key == form.step)
    following = steps.after(found, form.step)

    def address(key: str) -> str:
        return respond_address(consultation, entry.organisation, step=key)

    return {
        "steps": [
            {"key": s.key, "name": s.name, "is_done": s.is_done, "address": address(s.key)}
            for s in found
        ],
        "here_step": found[number],
        "number": number + 1,
        "following": following,
        "skip": address(following) if following and entry.seen and number > 1 else "",
        "whole": respond_address(consultation, entry.organisation),
        "check": address_of("check", consultation, entry.organisation),
    }


def may_go_on(consultation: Consultation, entry: Entry) -> bool:
    """Return whether a step was saved, and nothing on it needs a change."""
    if entry.notice:
        return False
    error: DomainError | None = entry.error
    if error is None or isinstance(error, ChangedElsewhere):
        return error is None
    form = form_of(consultation, entry)
    elsewhere = all(form.step_of(place) != form.step for place in error.fields)
    return bool(error.fields) and elsewhere and bool(entry.seen)


def following(consultation: Consultation, entry: Entry) -> str:
    """Return the address of the next step, of the page to check after the last one."""
    key = steps.after(_way(Form(consultation), entry), entry.step)
    if key:
        return respond_address(consultation, entry.organisation, step=key)
    return address_of("check", consultation, entry.organisation)


def provision_of(step: str) -> str:
    """Return the key of the provision a step is about, "" where it is about none."""
    is_of_one = step.startswith(steps.PROVISION)
    return step.removeprefix(steps.PROVISION) if is_of_one else ""


def place_of(form: Form, part: str) -> tuple[str, str]:
    """Return the name of the place a part of a response is about, and its step, "" for none."""
    for start, named in ((steps.PROVISION, form.provisions), (steps.QUESTION, form.questions)):
        one = named.get(part.removeprefix(start)) if part.startswith(start) else None
        if one is not None:
            return str(one), part
    return "", ""


def _way(form: Form, entry: Entry) -> list[steps.Step]:
    return steps.way(form, replace(entry.content, group=entry.group), entry.concerns)
