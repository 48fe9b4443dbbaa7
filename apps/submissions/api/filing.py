"""From the JSON of a request to what the services take, and from a receipt back to JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from apps.accounts.models import Organisation
from apps.audit.models import Receipt
from apps.consultations.models import Consultation
from apps.core.endpoints import quoted
from apps.submissions.api.serializers import ReceiptSerializer
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    RedactionInput,
    ReplyInput,
)
from apps.submissions.models import Submission, Visibility
from apps.submissions.services import original_of
from apps.submissions.telltale import signs_of

# Made once, as the checks of a filing are: to copy its fields takes longer than to fill them.
RECEIPT = ReceiptSerializer()
OF_CONTENT = ("group", "title", "language", "country", "visibility")


def content_of(data: Mapping[str, Any]) -> DraftInput:
    """Return the content of a valid request, from the validated data of a `ContentSerializer`."""
    return DraftInput(
        answers=[
            AnswerInput(**{**answer, "choices": tuple(answer["choices"])})
            for answer in data["answers"]
        ],
        points=[PointInput(**_with_evidence(point)) for point in data["points"]],
        replies=[ReplyInput(**_with_evidence(reply)) for reply in data["replies"]],
        attachments=[FileNote(**note) for note in data["attachments"]],
        redactions=[RedactionInput(**one) for one in data["redactions"]],
        **{name: data[name] for name in OF_CONTENT},
    )


def _with_evidence(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "evidence": tuple(EvidenceInput(**link) for link in said["evidence"])}


def organisation_of(user: Any, slug: str | None) -> Organisation | None:
    """Return one of the person's organisations; raise ValidationError where it is none of them."""
    if slug is None:
        return None
    organisation = Organisation.objects.with_member(user).called(slug)
    if organisation is None:
        raise ValidationError({"organisation": _("You are no member of an organisation so named.")})
    return organisation


def gives_away(receipt: Receipt, visibility: str) -> list[str]:
    """Return in words what tells who speaks in a response that was filed without its name."""
    if visibility != Visibility.WITHHELD:
        return []
    filed = Submission.objects.get(reference=receipt.number)
    return [str(message) for message in signs_of(filed, original_of(filed))]


def receipt_response(
    receipt: Receipt,
    consultation: Consultation,
    *,
    root: str,
    left_out: Sequence[str] = (),
    gives_away: Sequence[str] = (),
) -> Response:
    """Return 201 with the receipt and the address of what was filed."""
    place = f"{quoted(receipt.number)}/"
    url = f"{root}{reverse('api:submissions', args=[consultation.slug])}{place}"
    page = f"{root}{reverse('submissions:list', args=[consultation.slug])}{place}"
    answer = {
        "number": receipt.number,
        "filed_at": receipt.filed_at,
        "commitment": receipt.commitment,
        "consultation": consultation.slug,
        "url": url,
        "page": page,
        "left_out": left_out,
        "gives_away": gives_away,
    }
    return Response(RECEIPT.to_representation(answer), status=201, headers={"Location": url})
