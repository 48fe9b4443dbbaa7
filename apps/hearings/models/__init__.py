"""What a hearing is made of: the hearing with its agenda, who speaks, what was said."""

from apps.hearings.models.hearing import AgendaItem, Hearing
from apps.hearings.models.minutes import Statement
from apps.hearings.models.speaking import Speaker

__all__ = ["AgendaItem", "Hearing", "Speaker", "Statement"]
