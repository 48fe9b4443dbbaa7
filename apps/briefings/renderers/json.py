"""What the JSON file of a briefing holds: the content itself, in one canonical spelling."""

import json

from apps.briefings.content import BriefingContent


def render_json(content: BriefingContent) -> bytes:
    """Return the content as UTF-8 JSON with sorted keys; spans keep every character they have."""
    data = content.model_dump(mode="json", by_alias=True)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode()
