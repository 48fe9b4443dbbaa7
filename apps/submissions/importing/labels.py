"""Declared categories of a source: which stakeholder group each stands for, read, kept, applied."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.groups import StakeholderGroup
from apps.audit import services as audit
from apps.consultations.models import Consultation
from apps.submissions import tallies
from apps.submissions.importing.readers import SourceFile, UnreadableFile, open_source, read_csv
from apps.submissions.models import GroupLabel, Submission

LONGEST_LABEL = 200
LABEL, GROUP = "label", "group"


class WrongLabels(ValueError):
    """A table of labels that cannot be used; nothing was changed."""


class Groups:
    """Looks up the stakeholder group of declared labels, in any case, and counts the unknown.

    undeclared_is  the group of those who declare none
    """

    def __init__(
        self, consultation: Consultation, *, undeclared_is: str = StakeholderGroup.OTHER.value
    ) -> None:
        self._undeclared_is = undeclared_is
        table = consultation.group_labels.values_list("label", "group")
        self._known = {str(group.value): str(group.value) for group in StakeholderGroup}
        self._known |= {label.casefold(): group for label, group in table}
        self.unknown: Counter[str] = Counter()
        self.undeclared = 0

    def find(self, label: str) -> str | None:
        """Return the group of a label, None where nobody said what it stands for."""
        return self._known.get(label.strip().casefold())

    def take(self, label: str) -> str:
        """Return the group of a label; unknown ones are "other" and are counted, never guessed."""
        if not label:
            self.undeclared += 1
            return str(self._undeclared_is)
        group = self.find(label)
        if group is None:
            self.unknown[label] += 1
            return str(StakeholderGroup.OTHER.value)
        return group


def read_labels(path: Path) -> dict[str, str]:
    """Return {label: group} of a CSV file with the columns label and group.

    raises  WrongLabels naming what is wrong, UnreadableFile
    """
    labels: dict[str, str] = {}
    groups: dict[str, str] = {}
    with open_source(path) as file:
        for line, label, group in _label_rows(path, file):
            if groups.setdefault(label.casefold(), group) != group:
                raise WrongLabels(
                    _("%(file)s, line %(line)s: “%(label)s” already stands for another group.")
                    % {"file": path, "line": line, "label": label}
                )
            labels[label] = group
    if not labels:
        raise WrongLabels(_("%(file)s holds no labels.") % {"file": path})
    return labels


@transaction.atomic
def save_labels(consultation: Consultation, labels: Mapping[str, str]) -> None:
    """Store or change what declared categories stand for; `labels` maps label to group."""
    GroupLabel.objects.bulk_create(
        (
            GroupLabel(consultation=consultation, label=label, group=group)
            for label, group in labels.items()
        ),
        update_conflicts=True,
        unique_fields=["consultation", "label"],
        update_fields=["group"],
    )
    audit.record("labels.saved", subject=consultation.slug, detail={"labels": len(labels)})


@transaction.atomic
def apply_labels(consultation: Consultation) -> int:
    """Give imported submissions the group their label stands for by now; return how many changed.

    A label that is in no table leaves its submissions as they are.
    """
    # One at a time for a consultation, beside imports and other changes of the table.
    Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    groups = Groups(consultation)
    imported = Submission.objects.of(consultation).filter(source=Submission.Source.IMPORT)
    pairs = imported.exclude(declared_label="").values_list("declared_label", "group").distinct()
    moving: dict[tuple[str, str], list[str]] = defaultdict(list)
    for label, group in pairs.order_by("declared_label", "group"):
        wanted = groups.find(label)
        if wanted is not None and wanted != group:
            moving[group, wanted].append(label)
    changed = 0
    for (group, wanted), labels in moving.items():
        changed += imported.filter(group=group, declared_label__in=labels).update(group=wanted)
    if changed:
        tallies.recount_groups(consultation)
        audit.record("labels.applied", subject=consultation.slug, detail={"submissions": changed})
    return changed


def _label_rows(path: Path, file: SourceFile) -> Iterator[tuple[int, str, str]]:
    columns, rows = read_csv(file)
    if not {LABEL, GROUP} <= set(columns):
        raise UnreadableFile(_("%(file)s must have the columns label and group.") % {"file": path})
    for row in rows:
        label = str(row.cells.get(LABEL, "")).strip()
        group = str(row.cells.get(GROUP, "")).strip()
        if row.problem or not label.isprintable() or len(label) > LONGEST_LABEL:
            raise WrongLabels(
                _("%(file)s, line %(line)s cannot be read as label,group.")
                % {"file": path, "line": row.line}
            )
        if group not in StakeholderGroup.values:
            raise WrongLabels(
                _("%(file)s, line %(line)s: “%(group)s” is no group. Groups: %(groups)s.")
                % {
                    "file": path,
                    "line": row.line,
                    "group": group.encode("utf-8", "replace").decode(),
                    "groups": ", ".join(StakeholderGroup.values),
                }
            )
        if label:
            yield row.line, label, group
