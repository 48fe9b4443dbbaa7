"""What keeps a text somebody typed from being stored as it is."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def problems_of(text: str, *, longest: int) -> Iterator[str | Promise]:
    """Yield what keeps a text from being stored as it is."""
    if over := max(len(text) - longest, 0):
        yield (
            _("Shorten this by %(over)s characters; %(most)s are possible.")
            % {"over": over, "most": longest}
        )
    if not _can_be_stored(text):
        yield _("Remove the characters that cannot be shown; paste plain text.")


def _can_be_stored(text: str) -> bool:
    """Return whether a text is free of NUL and of halves of surrogate pairs."""
    try:
        # What UTF-8 cannot spell is found by encoding: a loop over 100,000 characters takes long.
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
