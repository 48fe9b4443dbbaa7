"""Files of another tool in the workspace: uploaded, mapped, run, looked at."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.groups import StakeholderGroup
from apps.consultations.models import Consultation
from apps.core.errors import DomainError
from apps.core.files import as_download, was_cut
from apps.core.views import refusal_of, shows_refusals
from apps.jobs.services import progress_of
from apps.submissions.errors import FileRefused
from apps.submissions.importing.known import propose_groups
from apps.submissions.importing.planning import DATE_ORDERS, FIELDS, Plan
from apps.submissions.importing.sources import PERSONAL
from apps.submissions.models import ImportUpload, Submission
from apps.submissions.rules import taken_in_by
from apps.submissions.services import (
    FileInput,
    fetch_rejects,
    first_rows,
    labels_of,
    map_columns,
    proposed_plan,
    reasons_ahead,
    run_import,
    upload_table,
)

STOP_POLLING = 286  # htmx stops asking when it gets this status
UNCHANGED = 204  # htmx leaves the page as it is, and a screen reader is not interrupted
MOST_LISTED = 50
NONE_CHOSEN = _("Choose a file first.")
TOO_LARGE = _("The file is too large to be sent.")


def taking_in(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation the reader may take in submissions for; raise Http404 for others."""
    return get_object_or_404(taken_in_by(request.user).with_phases(), slug=slug)


def show(
    request: HttpRequest, page: str, context: dict[str, Any], *, error: DomainError | None = None
) -> HttpResponse:
    """Answer with a page of this part of the workspace."""
    whole = {"tab": "take-in", "error": error, **context}
    status = error.status if error else 200
    return render(request, f"submissions/take_in/{page}.html", whole, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def take_in(request: HttpRequest, slug: str) -> HttpResponse:
    """List the imports, and take a new file."""
    consultation = taking_in(request, slug)
    error: DomainError | None = None
    made: list[ImportUpload] = []
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None or sent.file is None:
            told = TOO_LARGE if was_cut(request) else NONE_CHOSEN
            error = FileRefused(told, fields={"file": [told]})
        else:
            given = FileInput(sent.name or "", sent.file)
            error = refusal_of(
                lambda: made.append(upload_table(consultation, given, by=request.user))
            )
        if made:
            return redirect("submissions:import-mapping", slug, made[0].pk)
    uploads = consultation.import_uploads.order_by("-pk")[:MOST_LISTED]
    entered = consultation.submissions.filter(source__in=Submission.BY_STAFF).newest_first()
    context = {
        "consultation": consultation,
        "uploads": list(uploads),
        "entered": list(entered[:MOST_LISTED]),
    }
    return show(request, "list", context, error=error)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def mapping(request: HttpRequest, slug: str, upload_id: int) -> HttpResponse:
    """Say which column holds what, beside the first rows."""
    consultation, upload = _upload(request, slug, upload_id)
    if upload.is_running or not upload.is_kept:
        return redirect("submissions:import-progress", slug, upload_id)
    questions = list(consultation.questions.asked().order_by("position"))
    plan = proposed_plan(upload)
    error = None
    if request.method == "POST":
        plan = _typed_columns(request, plan, [question.key for question in questions])
        error = refusal_of(lambda: map_columns(upload, plan, by=request.user))
        if error is None:
            return redirect("submissions:import-groups", slug, upload_id)
    told = error.fields if error else {}
    context = {
        "consultation": consultation,
        "upload": upload,
        "plan": plan,
        "columns": [(column, column) for column in upload.columns],
        **_samples(upload),
        "fields": [
            (name, label, hint, plan.fields.get(name, ""), told.get(name, ()))
            for name, (label, hint) in FIELDS.items()
        ],
        "answers": [
            (
                f"answer-{one.key}",
                one.text,
                plan.answers.get(one.key, ""),
                told.get(f"answer-{one.key}", ()),
            )
            for one in questions
        ],
        "date_orders": DATE_ORDERS.items(),
    }
    return show(request, "mapping", context, error=error)


def _samples(upload: ImportUpload) -> dict[str, Any]:
    """Return the columns with what the first rows hold, and the names of those that hold nothing.

    Exports have dozens of columns nobody filled in: the questions below must not hide behind them.
    """
    rows = first_rows(upload)
    held = {column: [row.cells.get(column, "") for row in rows] for column in upload.columns}
    return {
        "samples": [
            (column, bool(PERSONAL.search(column)), cells)
            for column, cells in held.items()
            if any(cells)
        ],
        "empty": [column for column, cells in held.items() if not any(cells)],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@shows_refusals
def group_mapping(request: HttpRequest, slug: str, upload_id: int) -> HttpResponse:
    """Say which stakeholder group each value stands for, then run the import."""
    consultation, upload = _upload(request, slug, upload_id)
    if upload.is_running or not upload.is_kept or not upload.mapping:
        place = "import-progress" if upload.mapping else "import-mapping"
        return redirect(f"submissions:{place}", slug, upload_id)
    plan = Plan.of(upload.mapping)
    labels = labels_of(upload, plan)
    counted = sorted(labels.items(), key=lambda one: (-one[1], one[0]))
    error = None
    if request.method == "POST":
        plan = _typed_groups(request, plan, [label for label, _n in counted])

        def decide_and_run() -> None:
            map_columns(upload, plan, by=request.user)
            run_import(upload, by=request.user)

        error = refusal_of(decide_and_run)
        if error is None:
            return redirect("submissions:import-progress", slug, upload_id)
    elif not plan.groups:
        plan = replace(plan, groups=propose_groups(consultation, labels))
    context = {
        "consultation": consultation,
        "upload": upload,
        "plan": plan,
        "ahead": reasons_ahead(upload, plan),
        "groups": StakeholderGroup.choices,
        "labels": [
            (f"group-{number}", label, rows, plan.groups.get(label, ""))
            for number, (label, rows) in enumerate(counted)
            if label
        ],
        "without": labels.get("", 0),
    }
    return show(request, "groups", context, error=error)


@require_safe
@login_required
def progress(request: HttpRequest, slug: str, upload_id: int) -> HttpResponse:
    """Show how far an import is, and what came of it."""
    consultation, upload = _upload(request, slug, upload_id)
    now = progress_of(upload.job_key, stages=1)
    is_over = not upload.is_running
    percent = 100 if upload.state == ImportUpload.State.DONE else int(100 * now.share)
    seen = f"{percent}-{now.done}-{upload.state}"
    context: dict[str, Any] = {
        "consultation": consultation,
        "upload": upload,
        "progress": now,
        "percent": percent,
        "is_over": is_over,
        "seen": seen,
    }
    if "HX-Request" not in request.headers:
        return show(request, "progress", context)
    if not is_over and request.GET.get("seen") == seen:
        return HttpResponse(status=UNCHANGED)
    status = STOP_POLLING if is_over else 200
    return render(request, "submissions/take_in/_progress.html", context, status=status)


@require_safe
@login_required
def rejects(request: HttpRequest, slug: str, upload_id: int) -> HttpResponseBase:
    """Give the rows that were not taken in, to be mended and uploaded."""
    _consultation, upload = _upload(request, slug, upload_id)
    file = fetch_rejects(upload, by=request.user)
    return as_download(file, f"rejects-{upload.pk}.csv", "text/csv; charset=utf-8")


def _upload(request: HttpRequest, slug: str, upload_id: int) -> tuple[Consultation, ImportUpload]:
    consultation = taking_in(request, slug)
    upload = get_object_or_404(consultation.import_uploads, pk=upload_id)
    upload.consultation = consultation
    return consultation, upload


def _typed_columns(request: HttpRequest, plan: Plan, questions: list[str]) -> Plan:
    fields = {name: request.POST.get(name, "") for name in FIELDS}
    answers = {key: request.POST.get(f"answer-{key}", "") for key in questions}
    return replace(
        plan,
        fields={name: column for name, column in fields.items() if column},
        answers={key: column for key, column in answers.items() if column},
        date_order=request.POST.get("date_order", ""),
    )


def _typed_groups(request: HttpRequest, plan: Plan, labels: list[str]) -> Plan:
    chosen = {label: request.POST.get(f"group-{n}", "") for n, label in enumerate(labels)}
    groups = {label: group for label, group in chosen.items() if group}
    return replace(plan, groups=groups, rest=request.POST.get("rest", ""))
