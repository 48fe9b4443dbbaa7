"""What an open form of a response says it began from, as a browser sends it back."""

import html
import json
import re

from apps.submissions import parts
from apps.submissions.inputs import DraftInput

# Opened where there was no draft.
FRESH = {"seen": "", "began": json.dumps(parts.digests(DraftInput()))}


def opened(page):
    """Return the hidden fields of a page, or of the line that follows a save."""
    found = re.findall(r'name="(seen|began)"[^>]* value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}
