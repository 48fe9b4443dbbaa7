"""Consultations as they begin, and versions of documents as they are published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.announcing import announce_version
from apps.consultations.inputs import (
    ConsultationInput,
    ProvisionInput,
    QuestionInput,
)
from apps.consultations.models import (
    Choice,
    Consultation,
    Document,
    DocumentVersion,
    Host,
    Phase,
    Provision,
    Question,
)
from apps.consultations.publishing import published
from apps.core.errors import DomainError


class DocketTaken(DomainError):
    """Another consultation has this address or docket number."""

    code = "docket_taken"


def default_host() -> Host:
    """Return the host of an installation with one host, made on first use."""
    host = Host.objects.order_by("id").first()
    return host or Host.objects.create(name=str(_("Secretariat")), slug="secretariat")


@transaction.atomic
def create_consultation(
    content: ConsultationInput, *, host: Host | None = None, by: Any = None, publish: bool = False
) -> Consultation:
    """Create a consultation with its phases and questions; raise DocketTaken where it exists."""
    taken = Consultation.objects.filter(slug=content.slug) | Consultation.objects.filter(
        docket=content.docket
    )
    if taken.exists():
        raise DocketTaken(
            _("A consultation with the address “%(slug)s” or the docket %(docket)s exists.")
            % {"slug": content.slug, "docket": content.docket}
        )
    consultation = Consultation.objects.create(
        host=host or default_host(),
        slug=content.slug,
        docket=content.docket,
        title=content.title,
        published_at=timezone.now() if publish else None,
        **content.details,
    )
    Phase.objects.bulk_create(
        Phase(
            consultation=consultation,
            kind=phase.kind,
            title=phase.title,
            opens_at=phase.opens_at,
            closes_at=phase.closes_at,
        )
        for phase in content.phases
    )
    for question in content.questions:
        add_question(consultation, question)
    audit.record("consultation.created", subject=content.slug, actor=by)
    if publish:
        audit.record("consultation.published", subject=content.slug, actor=by)
    return consultation


@transaction.atomic
def add_question(consultation: Consultation, content: QuestionInput) -> Question:
    """Append a question with its choices."""
    question = Question.objects.create(
        consultation=consultation,
        key=content.key,
        position=(consultation.questions.aggregate(last=Max("position"))["last"] or 0) + 1,
        text=content.text,
        hint=content.hint,
        kind=content.kind,
        is_required=content.is_required,
        groups=list(content.groups),
        provision_key=content.provision_key,
        scale_low=content.scale_low,
        scale_high=content.scale_high,
        condition_key=content.condition_key,
        condition_values=list(content.condition_values),
    )
    add_choices(question, content.choices)
    consultation.form_changes()
    return question


def add_choices(question: Question, choices: Sequence[tuple[str, str]]) -> None:
    """Give a question the answers it offers, as (key, label)."""
    Choice.objects.bulk_create(
        Choice(question=question, key=key, label=label, position=number)
        for number, (key, label) in enumerate(choices, 1)
    )


@transaction.atomic
def publish_version(
    consultation: Consultation,
    *,
    slug: str,
    title: str,
    provisions: Sequence[ProvisionInput],
    published_at: datetime | None = None,
    by: Any = None,
) -> DocumentVersion:
    """Publish the next version of a document, made on first use; versions never change after.

    published_at  when it was published elsewhere, now where it is published here
    """
    document, _created = Document.objects.get_or_create(
        consultation=consultation, slug=slug, defaults={"title": title}
    )
    number = document.versions.count() + 1
    version = DocumentVersion.objects.create(
        document=document, number=number, published_at=published_at or timezone.now()
    )
    Provision.objects.bulk_create(
        Provision(version=version, position=position, **vars(provision))
        for position, provision in enumerate(provisions, 1)
    )
    consultation.form_changes()
    audit.record(
        "document.published",
        subject=consultation.slug,
        actor=by,
        detail={"document": slug, "version": number, "provisions": len(provisions)},
    )
    announce_version(version)
    published(version)
    return version
