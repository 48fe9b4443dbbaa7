"""Official responses, what is answered in bulk, what was promised, and what is done later."""

from apps.responses.models.bulk import BulkPart, BulkResponse
from apps.responses.models.following_up import Completion, Milestone, Promise
from apps.responses.models.official import (
    AnsweredPart,
    OfficialResponse,
    ResponseTally,
    senders_of,
)

__all__ = [
    "AnsweredPart",
    "BulkPart",
    "BulkResponse",
    "Completion",
    "Milestone",
    "OfficialResponse",
    "Promise",
    "ResponseTally",
    "senders_of",
]
