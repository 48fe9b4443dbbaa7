"""Flag, decide, appeal, take back."""

from apps.moderation.services.appealing import appeal, decide_appeal
from apps.moderation.services.deciding import (
    DecisionInput,
    decide,
    is_own,
    require_may_decide,
)
from apps.moderation.services.flagging import flag, has_flagged, open_case
from apps.moderation.services.lifting import lift

__all__ = [
    "DecisionInput",
    "appeal",
    "decide",
    "decide_appeal",
    "flag",
    "has_flagged",
    "is_own",
    "lift",
    "open_case",
    "require_may_decide",
]
