"""What is consulted on, by whom, when: hosts, consultations, phases, documents, questions."""

from apps.consultations.models.consultation import (
    GRACE,
    Consultation,
    ConsultationQuerySet,
    Identity,
    Phase,
    PhaseQuerySet,
)
from apps.consultations.models.documents import (
    BackgroundDocument,
    Document,
    DocumentVersion,
    DraftProvision,
    Provision,
)
from apps.consultations.models.hosts import Host, HostRole, RoleOffer
from apps.consultations.models.notices import Notice
from apps.consultations.models.questions import Choice, Question, Stance
from apps.consultations.models.stakeholders import GroupGoal, Stakeholder
from apps.consultations.models.translations import Translation

__all__ = [
    "BackgroundDocument",
    "Choice",
    "Consultation",
    "ConsultationQuerySet",
    "Document",
    "DocumentVersion",
    "DraftProvision",
    "GRACE",
    "GroupGoal",
    "Host",
    "HostRole",
    "Identity",
    "Notice",
    "Phase",
    "PhaseQuerySet",
    "Provision",
    "Question",
    "RoleOffer",
    "Stakeholder",
    "Stance",
    "Translation",
]
