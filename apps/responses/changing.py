"""Where the text changed from one version to the next: what a response can have led to."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models.functions import MD5

from apps.consultations.models import Consultation, Provision


@dataclass(frozen=True)
class Change:
    """A provision in the version that has the change; one taken out, in the last that had it."""

    provision: Provision
    is_taken_out: bool = False


@dataclass(frozen=True)
class _Text:
    """A provision in one version: its name and the digest of its text tell whether it changed."""

    provision: Provision
    name: str
    digest: str

    def says_the_same(self, other: "_Text") -> bool:
        return (self.name, self.digest) == (other.name, other.digest)


def changes_in(consultation: Consultation) -> dict[str, Change]:
    """Return the last change of each provision that is not as it was, by its key: one query."""
    # Whole texts of all versions would be megabytes: their digests tell whether they differ.
    rows = (
        Provision.objects.filter(version__document__consultation=consultation)
        .annotate(digest=MD5("text"))
        .select_related("version__document")
        .defer("text")
        .order_by("version__document", "version__number", "position")
    )
    found: dict[str, Change] = {}
    before: Mapping[str, _Text] = {}
    document = None
    for version, provisions in groupby(rows, key=lambda one: one.version):
        now = {one.key: _Text(one, str(one), one.digest) for one in provisions}
        if document == version.document_id:
            found |= _changes(before, now)
        document, before = version.document_id, now
    return found


def _changes(before: Mapping[str, _Text], now: Mapping[str, _Text]) -> dict[str, Change]:
    changed = {
        key: Change(one.provision)
        for key, one in now.items()
        if key not in before or not before[key].says_the_same(one)
    }
    gone = {
        key: Change(one.provision, is_taken_out=True)
        for key, one in before.items()
        if key not in now
    }
    return changed | gone
