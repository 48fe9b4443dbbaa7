"""What can be spoken of: the provisions of the newest text and the questions, with their pages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import reverse

from apps.consultations.models import Consultation, Provision
from apps.submissions.drafting import provisions_of_today


@dataclass(frozen=True)
class Place:
    """A provision or a question: how it is called, and where it is read."""

    key: str
    label: str
    url: str


def provision_choices(consultation: Consultation) -> list[tuple[str, str]]:
    """Return key and name of every provision of the newest text, in order: one query."""
    found = provisions_of_today(consultation).defer("text")
    return [(one.key, str(one)[:120]) for one in found.order_by("version__document", "position")]


def about_choices(consultation: Consultation) -> list[tuple[str, str]]:
    """Return what a statement can be about, as `Statement.about` names it: two queries."""
    asked = consultation.questions.asked().order_by("position")
    return [
        *((f"provision:{key}", label) for key, label in provision_choices(consultation)),
        *((f"question:{one.key}", one.text[:120]) for one in asked),
    ]


def places_of(consultation: Consultation, abouts: Collection[str]) -> Mapping[str, Place]:
    """Return where one reads what things are about, by `Statement.about`: two queries.

    A provision that is gone from the newest text is found in the last version that has it.
    """
    keys = {one.removeprefix("provision:") for one in abouts if one.startswith("provision:")}
    asked = {one.removeprefix("question:") for one in abouts if one.startswith("question:")}
    found: dict[str, Place] = {}
    there = Provision.objects.filter(version__document__consultation=consultation, key__in=keys)
    rows = there.defer("text").select_related("version__document").order_by("version__number")
    for one in rows:
        document, number = one.version.document, one.version.number
        page = reverse("consultations:document", args=[consultation.slug, document.slug])
        url = f"{page}?version={number}#provision-{one.key}"
        found[f"provision:{one.key}"] = Place(one.key, str(one), url)
    for question in consultation.questions.filter(key__in=asked):
        page = reverse("submissions:list", args=[consultation.slug])
        url = f"{page}?question={question.key}"
        found[f"question:{question.key}"] = Place(question.key, question.text, url)
    return found
