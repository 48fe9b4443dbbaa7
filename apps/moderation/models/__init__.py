"""Flags of readers, decisions of moderators, appeals of authors."""

from apps.moderation.models.cases import Appeal, Case, CaseQuerySet, Decision, Flag
from apps.moderation.models.rule import DEFINITIONS, SEVERITY, LiftReason, Rule, rank_of

__all__ = [
    "Appeal",
    "Case",
    "CaseQuerySet",
    "DEFINITIONS",
    "Decision",
    "Flag",
    "LiftReason",
    "Rule",
    "SEVERITY",
    "rank_of",
]
