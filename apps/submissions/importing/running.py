"""Takes in an uploaded table: rows to the loader, the others to a file; safe to run twice."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils import timezone

from apps.accounts.groups import StakeholderGroup
from apps.jobs.executing import Run
from apps.jobs.registry import Effects
from apps.submissions import storing
from apps.submissions.importing.labels import Groups, apply_labels, save_labels
from apps.submissions.importing.loading import Loader
from apps.submissions.importing.mapped import Reading
from apps.submissions.importing.planning import Plan
from apps.submissions.importing.questions import Questions
from apps.submissions.importing.readers import Row
from apps.submissions.importing.records import Record, Rejected
from apps.submissions.importing.rejects import mendable_cell
from apps.submissions.importing.tables import count_values, open_table
from apps.submissions.models import ImportUpload

STAGE = "rows"
ROWS_BETWEEN_UPDATES = 100
MOST_REASONS = 10
LONGEST_LABEL = 200
# What differs between rows that are rejected for the same reason.
VALUES = re.compile(r"“[^”]*”|(?<=\bhas )\d+|(?<=\bline )\d+")
State = ImportUpload.State
Rejections = dict[int, str]


def rows_path(upload: ImportUpload) -> Path:
    """Return where the rows of an upload lie."""
    return storing.path_of(upload.table or upload.stored)


def take_in(run: Run) -> Effects:
    """Take in the rows of an upload; return what writes the outcome with the end of the job.

    Every chunk is stored in its own transaction; a second attempt finds what the first one stored.
    """
    upload = (
        ImportUpload.objects.select_related("consultation")
        .filter(pk=run.payload["upload"], runs=run.payload["run"], state=State.RUNNING)
        .first()
    )
    if upload is None:
        return None
    plan = Plan.of(upload.mapping)
    _settle_groups(upload, plan)
    rejections: Rejections = {}
    loader = _loader(upload, plan, rejections)
    with open_table(upload, rows_path(upload)) as table:
        reading = Reading(upload.consultation, plan)
        for number, row in enumerate(reading.read(table.rows), 1):
            if isinstance(row.found, Rejected):
                rejections.setdefault(row.line, str(row.found))
            else:
                for record in row.found:
                    loader.add(record)
            if number % ROWS_BETWEEN_UPDATES == 0:
                run.progress(number, max(upload.rows, number), STAGE)
    loader.flush()
    run.progress(upload.rows, upload.rows, STAGE)
    stored = _write_rejects(upload, rejections) if rejections else ""
    return lambda: _finish(upload, loader, rejections, stored)


def mark_failed(upload_id: int, why: str) -> None:
    """Say that an import was given up; what was taken in stays, and it can be run again."""
    running = ImportUpload.objects.filter(pk=upload_id, state=State.RUNNING)
    running.update(state=State.FAILED, failure=why, ended_at=timezone.now())


def _settle_groups(upload: ImportUpload, plan: Plan) -> None:
    """Store what the values of the group column stand for, and give it to earlier imports too."""
    column = plan.fields.get("group")
    if column is None:
        return
    with open_table(upload, rows_path(upload)) as table:
        labels = count_values(table.rows, column)
    decided = {
        label: plan.groups.get(label, plan.rest)
        for label in labels
        if label and len(label) <= LONGEST_LABEL
    }
    known = dict(upload.consultation.group_labels.values_list("label", "group"))
    changed = {label: group for label, group in decided.items() if known.get(label) != group}
    if changed:
        save_labels(upload.consultation, changed)
        apply_labels(upload.consultation)


def _loader(upload: ImportUpload, plan: Plan, rejections: Rejections) -> Loader:
    def reject(record: Record, reason: str) -> None:
        rejections.setdefault(record.line, reason)

    undeclared_is = plan.rest or str(StakeholderGroup.OTHER.value)
    return Loader(
        upload.consultation,
        has_questions=plan.has_questions,
        digest=upload.sha256,
        reject=reject,
        groups=Groups(upload.consultation, undeclared_is=undeclared_is),
        # What another tool asked is not asked of everybody here from now on.
        questions=Questions(upload.consultation, are_asked=False),
    )


def _write_rejects(upload: ImportUpload, rejections: Mapping[int, str]) -> str:
    """Write the rejected rows with line, reason and all their cells; return the stored name."""
    with (
        storing.writing() as (name, file),
        open_table(upload, rows_path(upload)) as table,
    ):
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        rows = csv.writer(text)
        rows.writerow(["line", "reason", *map(mendable_cell, table.columns)])
        for row in table.rows:
            if row.line in rejections:
                cells = map(mendable_cell, _cells(row, table.columns))
                rows.writerow([row.line, mendable_cell(rejections[row.line]), *cells])
        text.flush()
        text.detach()
    return name


def _cells(row: Row, columns: Sequence[str]) -> list[str]:
    if row.problem:
        return [row.beginning]
    return [str(row.cells.get(column, "")) for column in columns]


def _finish(
    upload: ImportUpload, loader: Loader, rejections: Mapping[int, str], stored: str
) -> None:
    storing.forget([upload.rejects])
    alike = alike_reasons(rejections.values())
    loader.finish(rejected=len(rejections))
    ImportUpload.objects.filter(pk=upload.pk).update(
        state=State.DONE,
        rejects=stored,
        added=loader.outcome.submissions,
        already_there=loader.outcome.already_there,
        rejected=len(rejections),
        reasons=[[reason, rows] for reason, rows in alike.most_common(MOST_REASONS)],
        failure="",
        ended_at=timezone.now(),
    )


def alike_reasons(reasons: Iterable[str]) -> Counter[str]:
    """Return how many rows are rejected for a reason, whatever values each of them holds."""
    return Counter(VALUES.sub("…", reason) for reason in reasons)
