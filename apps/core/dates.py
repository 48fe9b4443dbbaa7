"""How days are written: in the language of the reader."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext


def day_in_words(on: date) -> str:
    """Return a day in full: 26 November 2026, 26 de noviembre de 2026."""
    return date_format(
        on, pgettext("a day in full, in the letters of Django's date filter", "j F Y")
    )
