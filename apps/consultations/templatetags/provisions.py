"""How the text of a provision and the state of a consultation are put on a page."""

from django import template
from django.utils.safestring import SafeString

from apps.consultations.markup import provision_html as as_elements
from apps.consultations.models import Consultation, Document
from apps.consultations.standing import Standing, standing_of

register = template.Library()


@register.filter
def provision_html(text: str) -> SafeString:
    """Return paragraphs, clauses and lists of a provision's plain text; HTML in it stays text."""
    return as_elements(text)


@register.filter
def first_document(consultation: Consultation) -> str:
    """Return the address word of the text consulted on, "" where there is none.

    Free where the consultation was fetched `with_masthead()`.
    """
    if hasattr(consultation, "first_document"):
        return consultation.first_document or ""
    found = Document.objects.filter(consultation=consultation).order_by("id").first()
    return found.slug if found else ""


@register.filter
def standing(consultation: Consultation) -> Standing:
    """Return where a consultation stands now."""
    return standing_of(consultation)
