"""What a page of a PDF says in place of what stood on it."""

from collections.abc import Sequence

Notice = tuple[Sequence[str], Sequence[int]]
# The fonts every reader brings know these letters and no others.
LETTERS = "cp1252"


def can_be_set(text: str) -> bool:
    """Return whether a text can be printed in a font that every reader of PDF brings."""
    try:
        text.encode(LETTERS)
    except UnicodeEncodeError:
        return False
    return True
