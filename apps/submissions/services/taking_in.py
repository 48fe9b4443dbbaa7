"""Files of another tool: uploaded, mapped, run; nothing is taken in twice."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.groups import StakeholderGroup
from apps.analysis.files import confining
from apps.analysis.files.limits import LARGEST_FILE, MEGA, MOST_COLUMNS, Unfit
from apps.analysis.files.recognising import clean_name
from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.jobs import services as jobs
from apps.submissions import storing
from apps.submissions.drafting import Fields
from apps.submissions.errors import FileGone, FileRefused, ImportUnderWay, InvalidContent
from apps.submissions.importing import known
from apps.submissions.importing.mapped import Reading
from apps.submissions.importing.planning import DATE_ORDERS, FIELDS, Plan
from apps.submissions.importing.readers import Row, UnreadableFile
from apps.submissions.importing.records import Rejected
from apps.submissions.importing.running import alike_reasons, rows_path
from apps.submissions.importing.sources import PERSONAL
from apps.submissions.importing.tables import count_values, open_table, recognise, shape_of
from apps.submissions.models import ImportUpload
from apps.submissions.rules import require_may_take_in
from apps.submissions.services.attachments import FileInput

IMPORT = "submissions.import"
MOST_LABELS = 500
PREVIEWED = 5
LOOKED_AT = 200  # rows that are read before a run, to warn of what would be rejected
State = ImportUpload.State
REFUSALS: Mapping[str, str | Promise] = {
    "extension": _("Upload a CSV or XLSX file. Save it as one of these first."),
    "empty": _("It is empty."),
    "too_large": _("It is larger than %(most)s MB. Split it into two files.")
    % {"most": LARGEST_FILE // MEGA},
    "other_kind": _("It is not what its name says. Save it again as CSV or XLSX."),
    "two_kinds": _("It holds a second file. Save it again as XLSX, or as CSV."),
    "encrypted": _("It is protected with a password, or is an old Excel file. Save it as XLSX."),
    "macros": _("It holds macros. Save it as a workbook without macros."),
    "bomb": _("It would unpack to far more than it says. Save it as CSV."),
    "entities": _("It holds something that could harm its readers. Save it as CSV."),
    "too_complex": _("It takes too much time or memory to open. Save it as CSV."),
    "too_wide": _("It has more than %(most)s columns. Leave some out.") % {"most": MOST_COLUMNS},
    "damaged": _("It is damaged or not complete. Save it again, then upload it."),
}


def upload_table(consultation: Consultation, sent: FileInput, *, by: Any) -> ImportUpload:
    """Keep a file to be mapped; the same file again is the one there is already.

    A sheet is opened in a process of its own, once: its rows are kept beside it as text.

    raises  NotAllowed, FileRefused saying what is wrong with it
    """
    require_may_take_in(by, consultation)
    name = clean_name(sent.name)
    upload = ImportUpload(consultation=consultation, name=name, made_by=by)
    with ExitStack() as undone:
        undone.callback(_drop, upload)
        try:
            upload.kind = recognise(name, sent.stream)  # type: ignore[arg-type]
            _keep(upload, sent)
            _look(upload)
        except Unfit as unfit:
            raise _refused(name, REFUSALS.get(unfit.code, REFUSALS["damaged"])) from unfit
        except UnreadableFile as problem:
            raise _refused(name, str(problem)) from problem
        kept = _insert(upload, by=by)
        undone.pop_all()
    return kept


@transaction.atomic
def map_columns(upload: ImportUpload, plan: Plan, *, by: Any) -> ImportUpload:
    """Decide how the columns are read; a file that was run can be mapped anew.

    raises  NotAllowed; ImportUnderWay; InvalidContent naming what cannot be read so
    """
    locked = _locked(upload, by=by)
    plan = replace(plan, source=known.source_of(locked.columns))
    fields = _problems(locked, plan)
    if fields:
        raise InvalidContent(_("Some columns need attention."), fields=fields)
    labels = labels_of(locked, plan)
    groups = {label: group for label, group in plan.groups.items() if label in labels and group}
    plan = replace(plan, groups=groups)
    locked.mapping = plan.as_json()
    is_settled = not undecided(plan, labels)
    locked.state = State.MAPPED if is_settled else State.UPLOADED
    locked.save(update_fields=["mapping", "state"])
    return locked


@transaction.atomic
def run_import(upload: ImportUpload, *, by: Any) -> ImportUpload:
    """Let a job take in the rows; what is there already stays as it is.

    raises  NotAllowed; ImportUnderWay; InvalidContent while it is not said what the groups mean
    """
    locked = _locked(upload, by=by)
    plan = Plan.of(locked.mapping)
    fields = _problems(locked, plan)
    if not fields and (open_labels := undecided(plan, labels_of(locked, plan))):
        fields["rest"] = [_undecided_told(open_labels)]
    if fields:
        raise InvalidContent(_("The file is not mapped yet."), fields=fields)
    locked.state, locked.runs, locked.failure = State.RUNNING, locked.runs + 1, ""
    locked.save(update_fields=["state", "runs", "failure"])
    jobs.enqueue(IMPORT, key=locked.job_key, payload={"upload": locked.pk, "run": locked.runs})
    detail = {**locked.facts(), "fields": dict(plan.fields), "answers": dict(plan.answers)}
    audit.record("import.started", subject=locked.consultation.slug, actor=by, detail=detail)
    return locked


def _undecided_told(labels: Sequence[str]) -> str | Promise:
    """Return what is to be decided; rows without a value have no name to be called by."""
    shown = ", ".join(f"“{label}”" for label in labels[:PREVIEWED] if label)
    if not shown:
        return _("Choose the group of the rows that name none.")
    return _("Say which group these are in: %(labels)s.") % {"labels": shown}


def proposed_plan(upload: ImportUpload) -> Plan:
    """Return the plan to begin with: its own, else that of an earlier file, else by the names."""
    if upload.mapping:
        return Plan.of(upload.mapping)
    earlier = upload.consultation.import_uploads.exclude(mapping={}).exclude(pk=upload.pk)
    for mapping in earlier.order_by("-pk").values_list("mapping", flat=True)[:PREVIEWED]:
        plan = Plan.of(mapping)
        if plan.columns <= set(upload.columns):
            return plan
    asked = upload.consultation.questions.asked().order_by("position")
    return known.propose(upload.columns, asked)


def labels_of(upload: ImportUpload, plan: Plan) -> Counter[str]:
    """Return how often each value of the group column occurs; every row has "" without one."""
    column = plan.fields.get("group", "")
    if not column:
        return Counter({"": upload.rows})
    with open_table(upload, rows_path(upload)) as table:
        return count_values(table.rows, column)


def undecided(plan: Plan, labels: Counter[str]) -> list[str]:
    """Return the values nobody decided on, "" where rows without one are among them."""
    return [] if plan.rest else [label for label in labels if not plan.groups.get(label)]


def first_rows(upload: ImportUpload) -> list[Row]:
    """Return the first rows that can be read, to look at."""
    with open_table(upload, rows_path(upload)) as table:
        return list(islice((row for row in table.rows if row.problem is None), PREVIEWED))


def reasons_ahead(upload: ImportUpload, plan: Plan) -> list[tuple[str, int]]:
    """Return why rows among the first would be rejected as things are planned, and how many."""
    with open_table(upload, rows_path(upload)) as table:
        found = Reading(upload.consultation, plan).read(islice(table.rows, LOOKED_AT))
        rejected = [str(one.found) for one in found if isinstance(one.found, Rejected)]
    return alike_reasons(rejected).most_common(PREVIEWED)


def rejects_path(upload: ImportUpload) -> Path | None:
    """Return where the rejected rows of the last run lie, None where there are none."""
    return storing.path_of(upload.rejects) if upload.rejects else None


def _keep(upload: ImportUpload, sent: FileInput) -> None:
    digest = hashlib.sha256()
    with storing.writing() as (stored, file):
        while chunk := sent.stream.read(storing.CHUNK):
            digest.update(chunk)
            upload.size = (upload.size or 0) + file.write(chunk)
    upload.stored, upload.sha256 = stored, digest.hexdigest()


def _look(upload: ImportUpload) -> None:
    """Find out how the file is read, its columns, and how many rows it has."""
    path = storing.path_of(upload.stored)
    if upload.kind == ImportUpload.Kind.XLSX:
        with path.open("rb") as source, storing.writing() as (name, rows):
            confining.table(source, "XLSX", rows)  # type: ignore[arg-type]
        upload.table = name
    else:
        upload.encoding, upload.delimiter = shape_of(path.read_bytes())
    with open_table(upload, rows_path(upload)) as table:
        upload.columns = list(table.columns)
        upload.rows = sum(1 for _row in table.rows)
    if not upload.rows:
        raise UnreadableFile(_("It has a header and no rows."))


@transaction.atomic
def _insert(upload: ImportUpload, *, by: Any) -> ImportUpload:
    there = upload.consultation.import_uploads.select_for_update()
    same = there.filter(sha256=upload.sha256).first()
    if same is not None:
        if same.is_kept:
            storing.forget([upload.stored, upload.table])
            return same
        same.stored, same.table = upload.stored, upload.table  # they were kept no longer
        same.save(update_fields=["stored", "table"])
        return same
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:  # sent twice at the same instant
        storing.forget([upload.stored, upload.table])
        return there.get(sha256=upload.sha256)
    subject = upload.consultation.slug
    audit.record("import.uploaded", subject=subject, actor=by, detail=upload.facts())
    return upload


def _drop(upload: ImportUpload) -> None:
    for name in filter(None, (upload.stored, upload.table)):
        storing.path_of(name).unlink(missing_ok=True)


def _refused(name: str, why: str | Promise) -> FileRefused:
    message = str(why) if str(why).startswith(name) else f"{name}: {why}"
    return FileRefused(message, fields={"file": [message]})


def _locked(upload: ImportUpload, *, by: Any) -> ImportUpload:
    require_may_take_in(by, upload.consultation)
    uploads = ImportUpload.objects.select_for_update(of=("self",)).select_related("consultation")
    locked = uploads.get(pk=upload.pk)
    if locked.is_running:
        raise ImportUnderWay(_("This import is running. Wait until it has ended."))
    if not locked.is_kept:
        raise FileGone(_("The file was kept for 30 days. Upload it again to go on."))
    return locked


def _problems(upload: ImportUpload, plan: Plan) -> Fields:
    fields: Fields = defaultdict(list)
    asked = set(upload.consultation.questions.values_list("key", flat=True))
    answers = {f"answer-{key}": column for key, column in plan.answers.items()}
    for name in (*plan.fields.keys() - FIELDS.keys(), *plan.answers.keys() - asked):
        fields[name].append(_("There is no such field."))
    _check_columns(fields, upload, {**plan.fields, **answers})
    if not plan.answers and not {"text", "stance"} & plan.fields.keys():
        fields["text"].append(_("Say which column holds what was said."))
    if plan.date_order not in DATE_ORDERS:
        fields["date_order"].append(_("Choose one of the ways offered."))
    if {*plan.groups.values(), plan.rest} - {"", *StakeholderGroup.values}:
        fields["rest"].append(_("Choose one of the groups offered."))
    if "group" in plan.fields and "group" not in fields and _has_too_many(upload, plan):
        told = _("It has more than %(most)s different values. Choose another column.")
        fields["group"].append(told % {"most": MOST_LABELS})
    return fields


def _check_columns(fields: Fields, upload: ImportUpload, chosen: Mapping[str, str]) -> None:
    names = {column: name for name, column in chosen.items()}
    for name, column in chosen.items():
        if column not in upload.columns:
            fields[name].append(_("There is no such column."))
        elif PERSONAL.search(column):
            fields[name].append(_("This column looks personal. Such columns are never stored."))
    for column, times in Counter(chosen.values()).items():
        if times > 1:
            told = _("“%(column)s” is chosen more than once. Choose it for one field.")
            fields[names[column]].append(told % {"column": column})


def _has_too_many(upload: ImportUpload, plan: Plan) -> bool:
    return len(labels_of(upload, plan)) > MOST_LABELS
