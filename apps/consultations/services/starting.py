"""How a consultation begins: from an outline of its kind, or from an earlier one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.inputs import ConsultationInput
from apps.consultations.models import (
    Choice,
    Consultation,
    Document,
    DraftProvision,
    Host,
    HostRole,
    Phase,
    Provision,
    Question,
)
from apps.consultations.outlines import OUTLINES, STARTS_IN_DAYS, phases_of, questions_of
from apps.consultations.rules import has_role
from apps.consultations.services.creating import create_consultation
from apps.consultations.services.details import DetailsInput, time_zones
from apps.consultations.services.editing import Problems, check_line, refuse
from apps.core.errors import NotAllowed

LONGEST_SLUG = 60
# Words that follow /workspace/ in addresses of other pages.
RESERVED = frozenset({"new", "hosts", "names", "registers", "organisations"})
COPIED = (
    *("summary", "kind", "language", "languages", "time_zone", "authority", "least_identity"),
    *("moderation_policy", "analysis_policy"),
)


@dataclass(frozen=True)
class StartInput:
    """What is asked before a consultation exists; `docket` "" takes the next free number."""

    title: str
    kind: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    docket: str = ""


@transaction.atomic
def start_consultation(host: Host, entered: StartInput, *, by: Any) -> Consultation:
    """Begin an unpublished consultation with the phases, questions and policies of its kind.

    raises  NotAllowed for others than owners and editors of the host; InvalidEntry, DocketTaken
    """
    _require_editor(host, by)
    problems: Problems = defaultdict(list)
    check_line(problems, "title", entered.title, most=300, is_needed=True)
    check_line(problems, "docket", entered.docket, most=60)
    if entered.kind not in OUTLINES:
        problems["kind"].append(_("Choose what to start from."))
    if entered.time_zone not in time_zones():
        problems["time_zone"].append(_("Choose a time zone from the list."))
    if not translation.check_for_language(entered.language) and not entered.language.isalnum():
        problems["language"].append(_("Choose the language the consultation is written in."))
    refuse(problems)
    outline = OUTLINES[entered.kind]
    details = DetailsInput(
        title=entered.title,
        kind=entered.kind,
        language=entered.language,
        time_zone=entered.time_zone,
    )
    with translation.override(entered.language):
        content = ConsultationInput(
            slug=free_slug(entered.title),
            docket=entered.docket.strip() or next_docket(),
            title=entered.title.strip(),
            details={
                "kind": details.kind,
                "language": details.language,
                "time_zone": details.time_zone,
                "authority": host.name,
                "moderation_policy": str(outline.moderation),
                "analysis_policy": str(outline.analysis),
            },
            phases=phases_of(outline, Consultation(time_zone=entered.time_zone).zone),
            questions=questions_of(outline),
        )
    return create_consultation(content, host=host, by=by)


@transaction.atomic
def clone_consultation(
    source: Consultation, *, title: str, docket: str = "", by: Any
) -> Consultation:
    """Begin an unpublished consultation with everything an earlier one asks, and no answer to it.

    Its texts are in preparation; its phases begin in two weeks and are as long as they were.

    raises  NotAllowed, InvalidEntry, DocketTaken
    """
    _require_editor(source.host, by)
    problems: Problems = defaultdict(list)
    check_line(problems, "title", title, most=300, is_needed=True)
    check_line(problems, "docket", docket, most=60)
    refuse(problems)
    made = create_consultation(
        ConsultationInput(
            slug=free_slug(title),
            docket=docket.strip() or next_docket(),
            title=title.strip(),
            details={name: getattr(source, name) for name in COPIED},
        ),
        host=source.host,
        by=by,
    )
    _copy_phases(source, made)
    _copy_questions(source, made)
    _copy_texts(source, made, by)
    _copy_reading(source, made)
    audit.record("consultation.cloned", subject=made.slug, actor=by, detail={"from": source.slug})
    return made


def free_slug(title: str) -> str:
    """Return an address word for a title that no consultation has."""
    stem = slugify(title)[:LONGEST_SLUG].strip("-") or "consultation"
    taken = set(Consultation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken or slug in RESERVED:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def next_docket() -> str:
    """Return the next free docket number of the year: PL-2026-004."""
    stem = f"PL-{timezone.now().year}-"
    taken = Consultation.objects.filter(docket__startswith=stem).values_list("docket", flat=True)
    numbers = [int(one[len(stem) :]) for one in taken if one[len(stem) :].isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1:03}"


def hosts_edited_by(person: Any) -> list[Host]:
    """Return the hosts for which a person may start a consultation."""
    edited = Host.objects.filter(roles__user=person.pk, roles__role__in=HostRole.EDITORS)
    return list(edited.distinct().order_by("name"))


def usual_time_zone(host: Host) -> str:
    """Return the time zone of the newest consultation of a host, UTC before the first."""
    newest = host.consultations.order_by("-pk").values_list("time_zone", flat=True)
    return newest.first() or "UTC"


def _require_editor(host: Host, by: Any) -> None:
    if not has_role(by, host, *HostRole.EDITORS):
        raise NotAllowed(_("Only owners and editors of the host may start a consultation."))


def _copy_reading(source: Consultation, made: Consultation) -> None:
    """Copy background documents and translations."""
    held: tuple[Any, ...] = (source.background.all(), source.translations.all())
    for rows in held:
        plain = [one.name for one in rows.model._meta.concrete_fields if not one.primary_key]
        plain.remove("consultation")
        rows.model.objects.bulk_create(
            rows.model(consultation=made, **{name: getattr(row, name) for name in plain})
            for row in rows
        )


def _copy_phases(source: Consultation, made: Consultation) -> None:
    phases = list(source.phases.order_by("opens_at"))
    if not phases:
        return
    # Whole weeks later in local time, so that a phase still ends on the hour it used to.
    zone, first = source.zone, phases[0].opens_at
    ahead = timezone.now() + timedelta(days=STARTS_IN_DAYS) - first
    weeks = timedelta(weeks=-(-ahead // timedelta(weeks=1)))

    def later(instant: Any) -> Any:
        return instant and (instant.astimezone(zone) + weeks)

    Phase.objects.bulk_create(
        Phase(
            consultation=made,
            kind=row.kind,
            title=row.title,
            opens_at=later(row.opens_at),
            closes_at=later(row.closes_at),
        )
        for row in phases
    )


def _copy_questions(source: Consultation, made: Consultation) -> None:
    plain = [
        field.name
        for field in Question._meta.concrete_fields
        if field.name not in ("id", "consultation", "archived_at")
    ]
    rows = list(source.questions.asked().order_by("position").prefetch_related("choices"))
    copies = Question.objects.bulk_create(
        Question(consultation=made, **{name: getattr(row, name) for name in plain}) for row in rows
    )
    Choice.objects.bulk_create(
        Choice(question=copy, key=one.key, label=one.label, position=one.position)
        for row, copy in zip(rows, copies, strict=True)
        for one in row.choices.all()
    )


def _copy_texts(source: Consultation, made: Consultation, by: Any) -> None:
    for document in source.documents.order_by("id"):
        copy = Document.objects.create(consultation=made, slug=document.slug, title=document.title)
        newest = document.versions.order_by("-number").first()
        rows: list[Provision] | list[DraftProvision] = (
            list(newest.provisions.order_by("position"))
            if newest
            else list(document.draft_provisions.order_by("position"))
        )
        DraftProvision.objects.bulk_create(
            DraftProvision(
                document=copy,
                key=row.key,
                position=row.position,
                level=row.level,
                label=row.label,
                heading=row.heading,
                text=row.text,
                changed_by=by,
            )
            for row in rows
        )
