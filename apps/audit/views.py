from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.audit.forms import ReceiptForm
from apps.audit.services import check_receipt


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """A GET with a number and a POST ask the same; a receipt's words only come by POST."""
    asked = request.POST if request.method == "POST" else request.GET
    form = ReceiptForm(asked if "number" in asked else None)
    context: dict[str, Any] = {"place": "receipts", "form": form, "result": None}
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["content"] or {}
        context["result"] = check_receipt(
            form.cleaned_data["number"],
            content=file.get("content"),
            salt=file.get("salt", ""),
            lines=file,
        )
    return render(request, "audit/check.html", context)
