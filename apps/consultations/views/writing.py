"""Where the next version of a document is begun, written as a whole, published or given up."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.consultations.leaving import outlook
from apps.consultations.models import (
    Consultation,
    Document,
    DocumentVersion,
    DraftProvision,
    Provision,
)
from apps.consultations.outlining import markdown_from_file, markdown_of, provisions_of
from apps.consultations.sections import points_on
from apps.consultations.services import (
    ProvisionEdit,
    add_document,
    add_provision,
    discard_text,
    matched,
    publish_text,
    put_back,
    write_text,
)
from apps.consultations.services.editing import InvalidEntry
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
    consultation, document = document_of(request, slug, document_slug)
    typed, error = ProvisionEdit(heading=""), None
    if request.method == "POST":
        act = request.POST.get("act", "")
        act = act if act in _told() else ""
        typed = typed_in(request)
        error = refusal_of(lambda: _acts(request, document, typed)[act]())
        if error is None:
            messages.success(request, _told()[act])
            is_gone = act == "discard" and not Document.objects.filter(pk=document.pk).exists()
            if is_gone:
                return redirect("consultations:texts", slug)
            return redirect("consultations:text", slug, document_slug)
    provisions, newest = provisions_of_next(document)
    published, points = _published(newest), points_on(document)
    context = {
        "consultation": consultation,
        "tab": "texts",
        "document": document,
        "provisions": provisions,
        "rows": _rows(provisions, published, points),
        "leaving": outlook(published, [one.key for one in provisions], points),
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
        "back": lambda: put_back(document, request.POST.get("key", ""), by=by),
        "": lambda: None,
    }


def _told() -> dict[str, str]:
    return {
        "add": _("The provision was added."),
        "publish": _("Published. Readers see the new version now; earlier ones stay."),
        "discard": _("The text in preparation was given up. What is published stays."),
        "back": _("It is back in the text, as it was published."),
        "": "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def whole(request: HttpRequest, slug: str, document_slug: str) -> HttpResponse:
    """Write, paste or upload the whole text; look at its provisions, then keep it."""
    consultation, document = document_of(request, slug, document_slug)
    written = request.POST.get("text", "").replace("\r\n", "\n")
    error, outline = None, []
    there, newest = provisions_of_next(document)
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            if sent is not None and sent.file is not None:
                written = markdown_from_file(sent.name or "", cast(BinaryIO, sent.file))
            outline = matched(document, provisions_of(_with_words(written)))
            if request.POST.get("act") == "keep" and sent is None:
                write_text(document, outline, by=request.user)
                messages.success(request, _("Kept. Nobody else reads it before you publish it."))
                return redirect("consultations:text", slug, document_slug)
        except DomainError as refusal:
            error = refusal
    else:
        written = markdown_of(there)
    before = {one.key: one for one in (*_published(newest), *there)}
    kept = [one.key for one in outline]
    context = {
        "consultation": consultation,
        "tab": "texts",
        "document": document,
        "written": written,
        "outline": [(one, one.key in before) for one in outline],
        "leaving": outlook(before.values(), kept, points_on(document)) if outline else None,
        "is_checked": request.method == "POST" and error is None,
    }
    return show(request, "whole", context, error=error)


def _with_words(written: str) -> str:
    """Return a text, or raise InvalidEntry where there is none to look at."""
    if not written.strip():
        told = _("Paste the text here, or choose a file above.")
        raise InvalidEntry(_("There is no text to look at."), fields={"text": [told]})
    return written


def document_of(
    request: HttpRequest, slug: str, document_slug: str
) -> tuple[Consultation, Document]:
    consultation = edited_consultation(request, slug)
    document = get_object_or_404(consultation.documents, slug=document_slug)
    document.consultation = consultation
    return consultation, document


def provisions_of_next(document: Document) -> tuple[list[Any], Any]:
    """Return the text in preparation, else the newest published one, and the newest version."""
    newest = document.versions.order_by("-number").first()
    drafted = list(document.draft_provisions.order_by("position"))
    if drafted or newest is None:
        return drafted, newest
    return list(newest.provisions.order_by("position")), newest


def _published(newest: DocumentVersion | None) -> list[Provision]:
    return list(newest.provisions.order_by("position")) if newest else []


def _rows(
    provisions: list[Any], published: list[Provision], points: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return each provision with what it would stand behind, one place earlier and one later.

    With it stands what would become of its points if it were left out.
    """
    keys = [one.key for one in provisions]
    lasting = {one.key for one in published}
    return [
        {
            "held": held,
            "points": points.get(held.key, 0),
            "is_published": held.key in lasting,
            "before": keys[number - 2] if number > 1 else "",
            "behind": keys[number + 1] if number + 1 < len(keys) else "",
        }
        for number, held in enumerate(provisions)
    ]


def typed_in(request: HttpRequest) -> ProvisionEdit:
    level, revision = request.POST.get("level", ""), request.POST.get("revision", "")
    return ProvisionEdit(
        heading=request.POST.get("heading", ""),
        text=request.POST.get("text", "").replace("\r\n", "\n"),
        label=request.POST.get("label", ""),
        level=int(level) if level.isdecimal() and len(level) == 1 else 2,
        revision=whole_number(revision) or 0,
    )
