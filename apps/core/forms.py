"""How forms are drawn: hint above the control, error above it; what was typed as a number."""

from django.forms.renderers import TemplatesSetting

MOST_DIGITS = 10


class PlenaryRenderer(TemplatesSetting):
    """Use our own field template everywhere."""

    field_template_name = "core/_field.html"


def whole_number(typed: str) -> int | None:
    """Return a whole number somebody typed, None for anything else, also where it is huge."""
    return int(typed) if typed.isdecimal() and len(typed) < MOST_DIGITS else None
