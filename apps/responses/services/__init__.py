"""What a host can ask for: to answer one or many, to promise, to finish, to plan what follows."""

from apps.responses.services.bulk import respond_to_all, retry_bulk
from apps.responses.services.finding import Search, find_copies, search_of
from apps.responses.services.milestones import MilestoneEntry, add_milestone, change_milestone
from apps.responses.services.promising import (
    PromiseEntry,
    mark_answered,
    promise,
    take_back_answered,
)
from apps.responses.services.responding import (
    LONGEST_REASON,
    MOST_AT_ONCE,
    ResponseInput,
    read_target,
    respond,
)

__all__ = [
    "LONGEST_REASON",
    "MOST_AT_ONCE",
    "MilestoneEntry",
    "PromiseEntry",
    "ResponseInput",
    "Search",
    "add_milestone",
    "change_milestone",
    "find_copies",
    "mark_answered",
    "promise",
    "read_target",
    "respond",
    "respond_to_all",
    "retry_bulk",
    "search_of",
    "take_back_answered",
]
