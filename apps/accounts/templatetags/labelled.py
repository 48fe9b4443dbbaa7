"""How the fields of forms made elsewhere are drawn."""

from collections.abc import Iterator

from django import template
from django.forms import BaseForm, BoundField

register = template.Library()


@register.filter
def labelled(form: BaseForm) -> Iterator[BoundField]:
    """Yield the fields one sees, without the placeholders that repeat the labels above them."""
    for field in form.visible_fields():
        field.field.widget.attrs.pop("placeholder", None)
        yield field
