"""The public page of what changed between two versions of a document, and what led to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.consultations.comparing import differences
from apps.consultations.models import Document, DocumentVersion
from apps.consultations.sections import leads_of, margins_of
from apps.consultations.views.reading import visible_consultation


@require_safe
def changes(request: HttpRequest, slug: str, document_slug: str) -> HttpResponse:
    consultation = visible_consultation(request, slug)
    published = Document.objects.published().filter(consultation=consultation)
    document = get_object_or_404(published, slug=document_slug)
    document.consultation = consultation
    versions = {str(one.number): one for one in document.versions.order_by("number")}
    new = _asked(versions, request.GET.get("to", ""), otherwise=max(versions, key=int))
    old = _asked(versions, request.GET.get("from", ""), otherwise=str(max(new.number - 1, 1)))
    for one in (old, new):
        one.document = document
    leads = leads_of(new)
    orphaned = margins_of(old)
    rows = [
        {
            "row": row,
            "leads": leads.get(row.shown.pk, []) if row.shown else [],
            # Points on what was taken out are nowhere in the new text.
            "orphaned": orphaned.get(row.before.pk, []) if not row.after and row.before else [],
        }
        for row in differences(old, new)
        if row.kind != "same"
    ]
    context = {
        "place": "consultations",
        "consultation": consultation,
        "tab": "document",
        "document": document,
        "versions": list(versions.values()),
        "old": old,
        "new": new,
        "rows": rows,
    }
    return render(request, "consultations/changes.html", context)


def _asked(versions: dict[str, DocumentVersion], asked: str, *, otherwise: str) -> DocumentVersion:
    if (found := versions.get(asked or otherwise)) is None:
        raise Http404
    return found
