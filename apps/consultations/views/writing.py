"""Where the next version of a document is written: as a whole, or provision by provision."""

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.consultations.models import Consultation, Document, DraftProvision
from apps.consultations.outlining import markdown_from_file, markdown_of, provisions_of
from apps.consultations.sections import proposals_for, sections_beside
from apps.consultations.services import (
    ChangedMeanwhile,
    ProvisionEdit,
    add_document,
    add_provision,
    change_provision,
    discard_text,
    matched,
    move_provision,
    publish_text,
    remove_provision,
    write_text,
)
from apps.consultations.services.texts import LEVELS
from apps.consultations.views.workspace import edited_consultation, show
from apps.core.errors import DomainError
from apps.core.forms import whole_number
from apps.core.views import refusal_of, shows_refusals


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """List the documents, and begin one."""
    consultation = edited_consultation(request, slug)
    error, made = None, []
    if request.method == "POST":
        title = request.POST.get("title", "")
        error = refusal_of(lambda: made.append(add_document(consultation, title, by=request.user)))
        if made:
            return redirect("consultations:whole", slug, made[0].slug)
    documents = consultation.documents.annotate(
        n_drafted=Count("draft_provisions", distinct=True),
        n_versions=Count("versions", distinct=True),
    )
    context = {
        "consultation": consultation,
        "tab": "texts",
        "documents": documents.order_by("id"),
        "title": request.POST.get("title", ""),
    }
    return show(request, "texts", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def text(request: HttpRequest, slug: str, document_slug: str) -> HttpResponse:
    """Show the next version, provision by provision; add one, publish it or give it up."""
    consultation, document = _document(request, slug, document_slug)
    typed, error = ProvisionEdit(heading=""), None
    if request.method == "POST":
        act = request.POST.get("act", "")
        typed = _typed(request)
        error = refusal_of(lambda: _acts(request, document, typed)[act]())
        if error is None:
            messages.success(request, _told()[act])
            is_gone = act == "discard" and not Document.objects.filter(pk=document.pk).exists()
            if is_gone:
                return redirect("consultations:texts", slug)
            return redirect("consultations:text", slug, document_slug)
    provisions, newest = _provisions(document)
    context = {
        "consultation": consultation,
        "tab": "texts",
        "document": document,
        "provisions": provisions,
        "rows": _rows(provisions),
        "newest": newest,
        "is_drafted": bool(provisions) and isinstance(provisions[0], DraftProvision),
        "typed": typed,
        "after": request.POST.get("after", ""),
        "levels": LEVELS,
    }
    return show(request, "text", context, error=error)


def _acts(request: HttpRequest, document: Document, typed: ProvisionEdit) -> dict[str, Any]:
    by, after = request.user, request.POST.get("after", "")
    return {
        "add": lambda: add_provision(document, typed, after=after, by=by),
        "publish": lambda: publish_text(document, by=by),
        "discard": lambda: discard_text(document, by=by),
        "": lambda: None,
    }


def _told() -> dict[str, str]:
    return {
        "add": _("The provision was added."),
        "publish": _("Published. Readers see the new version now; earlier ones stay."),
        "discard": _("The text in preparation was given up. What is published stays."),
        "": "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def whole(request: HttpRequest, slug: str, document_slug: str) -> HttpResponse:
    """Write, paste or upload the whole text; look at its provisions, then keep it."""
    consultation, document = _document(request, slug, document_slug)
    written = request.POST.get("text", "").replace("\r\n", "\n")
    error, outline = None, []
    there, _newest = _provisions(document)
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            if sent is not None and sent.file is not None:
                written = markdown_from_file(sent.name or "", cast(BinaryIO, sent.file))
            outline = matched(document, provisions_of(written))
            if request.POST.get("act") == "keep" and sent is None:
                write_text(document, outline, by=request.user)
                messages.success(request, _("Kept. Nobody else reads it before you publish it."))
                return redirect("consultations:text", slug, document_slug)
        except DomainError as refusal:
            error = refusal
    else:
        written = markdown_of(there)
    before = {one.key for one in there}
    context = {
        "consultation": consultation,
        "tab": "texts",
        "document": document,
        "written": written,
        "outline": [(one, one.key in before) for one in outline],
        "gone": sorted(before - {one.key for one in outline}) if outline else [],
        "is_checked": request.method == "POST" and error is None,
    }
    return show(request, "whole", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def provision(request: HttpRequest, slug: str, document_slug: str, key: str) -> HttpResponse:
    """Change one provision, beside what was said about it."""
    consultation, document = _document(request, slug, document_slug)
    provisions, newest = _provisions(document)
    held = next((one for one in provisions if one.key == key), None)
    if held is None:
        raise Http404
    # What was not begun yet begins with its first change, at revision 1.
    revision = getattr(held, "revision", 1)
    typed = ProvisionEdit(held.heading, held.text, held.label, held.level, revision)
    error: DomainError | None = None
    current: DraftProvision | None = None
    if request.method == "POST":
        typed = _typed(request)
        try:
            change_provision(document, key, typed, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("consultations:text", slug, document_slug)
        except ChangedMeanwhile as changed:
            error, current = changed, changed.current
        except DomainError as refusal:
            error = refusal
    context = {
        "consultation": consultation,
        "tab": "texts",
        "document": document,
        "held": held,
        "provisions": provisions,
        "before": provisions[provisions.index(held) - 1].key if held != provisions[0] else "",
        "typed": typed,
        "current": current,
        "revision": current.revision if current else typed.revision,
        "levels": LEVELS,
        "sections": sections_beside(newest, key) if newest else [],
        "proposals": proposals_for(document, key, request.user),
    }
    return show(request, "provision", context, error=error)


@require_POST
@login_required
@shows_refusals
def provision_moved(request: HttpRequest, slug: str, document_slug: str, key: str) -> HttpResponse:
    _consultation, document = _document(request, slug, document_slug)
    move_provision(document, key, after=request.POST.get("after", ""), by=request.user)
    return redirect("consultations:text", slug, document_slug)


@require_POST
@login_required
@shows_refusals
def provision_gone(request: HttpRequest, slug: str, document_slug: str, key: str) -> HttpResponse:
    _consultation, document = _document(request, slug, document_slug)
    remove_provision(document, key, by=request.user)
    messages.success(request, _("Left out of the next version. What is published keeps it."))
    return redirect("consultations:text", slug, document_slug)


def _document(request: HttpRequest, slug: str, document_slug: str) -> tuple[Consultation, Document]:
    consultation = edited_consultation(request, slug)
    document = get_object_or_404(consultation.documents, slug=document_slug)
    document.consultation = consultation
    return consultation, document


def _provisions(document: Document) -> tuple[list[Any], Any]:
    """Return the text in preparation, else the newest published one, and the newest version."""
    newest = document.versions.order_by("-number").first()
    drafted = list(document.draft_provisions.order_by("position"))
    if drafted or newest is None:
        return drafted, newest
    return list(newest.provisions.order_by("position")), newest


def _rows(provisions: list[Any]) -> list[dict[str, Any]]:
    """Return each provision with what it would stand behind, one place earlier and one later."""
    keys = [one.key for one in provisions]
    return [
        {
            "held": held,
            "before": keys[number - 2] if number > 1 else "",
            "behind": keys[number + 1] if number + 1 < len(keys) else "",
        }
        for number, held in enumerate(provisions)
    ]


def _typed(request: HttpRequest) -> ProvisionEdit:
    level, revision = request.POST.get("level", ""), request.POST.get("revision", "")
    return ProvisionEdit(
        heading=request.POST.get("heading", ""),
        text=request.POST.get("text", ""),
        label=request.POST.get("label", ""),
        level=int(level) if level.isdecimal() and len(level) == 1 else 2,
        revision=whole_number(revision) or 0,
    )
