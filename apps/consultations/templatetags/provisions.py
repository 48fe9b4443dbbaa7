"""How the text of a provision and the state of a consultation are put on a page."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from apps.consultations.markup import provision_html as as_elements
from apps.consultations.markup import provision_words as words_of
from apps.consultations.models import Consultation, Document
from apps.consultations.outlining import is_own_heading
from apps.consultations.sections import masthead_facts
from apps.consultations.standing import Standing, standing_of
from apps.core.templatetags.plain import language_tag

register = template.Library()


@register.filter
def provision_html(text: str) -> SafeString:
    """Return paragraphs, clauses and lists of a provision's plain text; HTML in it stays text."""
    return as_elements(text)


@register.filter
def provision_words(text: str) -> str:
    """Return the words of a provision's text without its marks, for an excerpt."""
    return words_of(text)


@register.filter
def language_of(text: str, consultation: Consultation) -> str:
    """Return the language a text of a consultation is read in: that of its translation, or its own.

    A screen reader needs it for every text that is not in the language of the page (WCAG 3.1.2).
    """
    return language_tag(getattr(text, "language", consultation.language))


@register.filter
def own_heading(provision: Any) -> str:
    """Return the heading of a provision, "" where it is only how its text begins."""
    is_own = is_own_heading(provision.heading, provision.text)
    return str(provision.heading) if is_own else ""


@register.filter
def credited(name: str) -> str:
    """Return the submission that a credit, "reference/point:2", is owed to."""
    return name.rpartition("/")[0]


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
def known(consultation: Consultation, fact: str) -> Any:
    """Return what an app above tells of a consultation under this name: see `masthead_fact`.

    Free where the consultation was fetched with all that its masthead shows.
    """
    if not hasattr(consultation, fact):
        told = Consultation.objects.annotate(told=masthead_facts()[fact])
        return told.filter(pk=consultation.pk).values_list("told", flat=True).first()
    return getattr(consultation, fact)


@register.filter
def standing(consultation: Consultation) -> Standing:
    """Return where a consultation stands now."""
    return standing_of(consultation)
