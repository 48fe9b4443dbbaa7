"""The next version of a document: begun, written provision by provision or as a whole, published.

Nobody but the host's staff reads it before it is published; versions never change after.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.inputs import ProvisionInput
from apps.consultations.keying import keys_for
from apps.consultations.models import (
    Consultation,
    Document,
    DocumentVersion,
    DraftProvision,
    Provision,
)
from apps.consultations.services.creating import publish_version
from apps.consultations.services.editing import (
    Problems,
    check_line,
    check_text,
    editable,
    refuse,
)
from apps.core.errors import DomainError

MOST_PROVISIONS = 2_000
MOST_DOCUMENTS = 20
LONGEST_PROVISION = 100_000
LEVELS = range(1, 7)


class ChangedMeanwhile(DomainError):
    """Somebody else changed the same provision; `current` is what it says now, None if gone."""

    code = "changed_meanwhile"

    def __init__(self, current: DraftProvision | None) -> None:
        told = _(
            "Somebody else changed this provision while you wrote. Your words are still in the"
            " form; what it says now stands beside them. Save again to replace it."
        )
        super().__init__(told)
        self.current = current


class NothingInPreparation(DomainError):
    """There is no next version to publish or to change."""

    code = "nothing_in_preparation"


@dataclass(frozen=True)
class ProvisionEdit:
    """What somebody wrote in a provision; `revision` is the one they saw.

    credits  points whose proposed words are in it, as "reference/point:2", beside those before
    """

    heading: str
    text: str = ""
    label: str = ""
    level: int = 2
    revision: int = 0
    credits: tuple[str, ...] = ()


@transaction.atomic
def add_document(consultation: Consultation, title: str, *, by: Any) -> Document:
    """Begin a document; nobody else sees it before its first version is published.

    raises  NotAllowed, InvalidEntry
    """
    locked = editable(consultation, by)
    problems: Problems = defaultdict(list)
    check_line(problems, "title", title, most=300, is_needed=True)
    slugs = set(locked.documents.values_list("slug", flat=True))
    if len(slugs) >= MOST_DOCUMENTS:
        problems["title"].append(_("There can be %(most)s documents.") % {"most": MOST_DOCUMENTS})
    refuse(problems)
    stem = slugify(title)[:60].strip("-") or "document"
    names = (stem, *(f"{stem}-{number}" for number in range(2, MOST_DOCUMENTS + 2)))
    slug = next(name for name in names if name not in slugs)
    return Document.objects.create(consultation=locked, slug=slug, title=title.strip())


@transaction.atomic
def begin_version(document: Document, *, by: Any) -> list[DraftProvision]:
    """Return what the next version says so far; the first time, what the newest version says."""
    editable(document.consultation, by)
    return _begun(document, by)


@transaction.atomic
def write_text(
    document: Document, provisions: Sequence[ProvisionInput], *, by: Any
) -> list[DraftProvision]:
    """Replace the whole text of the next version; provisions that stay keep their keys.

    A provision with "" as key gets the one of the provision it was, or a new one.

    raises  NotAllowed, InvalidEntry
    """
    editable(document.consultation, by)
    entered = matched(document, provisions)
    problems: Problems = defaultdict(list)
    if not entered:
        problems["text"].append(_("There is no provision in this text."))
    if len(entered) > MOST_PROVISIONS:
        told = _("A document can have %(most)s provisions; this one has %(n)s.")
        problems["text"].append(told % {"most": MOST_PROVISIONS, "n": len(entered)})
    refuse(problems)
    for number, one in enumerate(entered, 1):
        _check(problems, one, place=f"text.{number}")
    refuse(problems)
    document.draft_provisions.all().delete()
    rows = [
        DraftProvision(document=document, position=position, changed_by=by, **vars(one))
        for position, one in enumerate(entered, 1)
    ]
    DraftProvision.objects.bulk_create(rows)
    return rows


def matched(document: Document, provisions: Sequence[ProvisionInput]) -> list[ProvisionInput]:
    """Return provisions with the keys they would have: three queries."""
    published = Provision.objects.filter(version__document=document)
    newest = published.order_by("-version__number", "position")
    known: dict[str, Provision | DraftProvision] = {}
    credited: dict[str, tuple[str, ...]] = {}
    for drafted in document.draft_provisions.all():
        known[drafted.key] = drafted
        credited[drafted.key] = tuple(drafted.credits)
    for one in newest:
        known.setdefault(one.key, one)
    keys = keys_for(provisions, known.values(), taken=known.keys())
    return [
        replace(one, key=key, credits=credited.get(key, ()))
        for one, key in zip(provisions, keys, strict=True)
    ]


@transaction.atomic
def change_provision(
    document: Document, key: str, entered: ProvisionEdit, *, after: str | None = None, by: Any
) -> DraftProvision:
    """Change one provision of the next version, and put it where `move_provision` would.

    after  None leaves it at its place

    raises  NotAllowed, InvalidEntry, ChangedMeanwhile where the revision is not the newest
    """
    editable(document.consultation, by)
    _begun(document, by)
    problems: Problems = defaultdict(list)
    _check(problems, entered)
    refuse(problems)
    changed = document.draft_provisions.filter(key=key, revision=entered.revision).update(
        heading=entered.heading.strip(),
        text=_unix(entered.text),
        label=entered.label.strip(),
        level=entered.level,
        revision=F("revision") + 1,
        changed_at=timezone.now(),
        changed_by=by,
    )
    current = document.draft_provisions.filter(key=key).first()
    if not changed:
        raise ChangedMeanwhile(current)
    _credit(cast(DraftProvision, current), entered.credits, document, by)
    if after is not None:
        move_provision(document, key, after=after, by=by)
    return cast(DraftProvision, current)


def _credit(changed: DraftProvision, credits: Sequence[str], document: Document, by: Any) -> None:
    """Note whose proposed words a provision takes over, on the record too."""
    if not credits:
        return
    changed.credits = [*dict.fromkeys([*changed.credits, *credits])]
    changed.save(update_fields=["credits"])
    for credit in credits:
        detail = {"document": document.slug, "provision": changed.key, "credit": credit}
        audit.record("proposal.taken", subject=document.consultation.slug, actor=by, detail=detail)


@transaction.atomic
def take_over(document: Document, key: str, words: str, *, credit: str, by: Any) -> DraftProvision:
    """Put proposed words into a provision of the next version, and note whose they are.

    credit  "reference/point:2" of the point that proposed them
    raises  NotAllowed, InvalidEntry; NothingInPreparation where the provision is not there
    """
    editable(document.consultation, by)
    held = next((one for one in _begun(document, by) if one.key == key), None)
    if held is None:
        raise NothingInPreparation(_("This provision is not there, or not any more."))
    entered = ProvisionEdit(held.heading, words, held.label, held.level, held.revision, (credit,))
    return change_provision(document, key, entered, by=by)


@transaction.atomic
def add_provision(
    document: Document, entered: ProvisionEdit, *, after: str = "", by: Any
) -> DraftProvision:
    """Add a provision behind the one with the key `after`, at the end where there is none.

    raises  NotAllowed, InvalidEntry
    """
    editable(document.consultation, by)
    there = _begun(document, by)
    problems: Problems = defaultdict(list)
    _check(problems, entered)
    if len(there) >= MOST_PROVISIONS:
        told = _("A document can have %(most)s provisions.") % {"most": MOST_PROVISIONS}
        problems["heading"].append(told)
    refuse(problems)
    new = ProvisionInput(
        key="",
        heading=entered.heading.strip(),
        text=_unix(entered.text),
        label=entered.label.strip(),
        level=entered.level,
    )
    keyed = keys_for([new], (), taken=_keys_ever(document))[0]
    added = DraftProvision(
        document=document, position=0, changed_by=by, **vars(replace(new, key=keyed))
    )
    place = next((n for n, one in enumerate(there, 1) if one.key == after), len(there))
    _number([*there[:place], added, *there[place:]])
    return added


@transaction.atomic
def remove_provision(document: Document, key: str, *, by: Any) -> None:
    """Leave a provision out of the next version; what was published keeps it.

    raises  NotAllowed, NothingInPreparation
    """
    editable(document.consultation, by)
    there = _begun(document, by)
    kept = [one for one in there if one.key != key]
    if len(kept) == len(there):
        raise NothingInPreparation(_("This provision is not there, or not any more."))
    document.draft_provisions.filter(key=key).delete()
    _number(kept)


@transaction.atomic
def put_back(document: Document, key: str, *, by: Any) -> DraftProvision:
    """Put a provision that was left out back, as it was published, behind what stood before it.

    raises  NotAllowed; NothingInPreparation where it was not published last, or is there
    """
    editable(document.consultation, by)
    there = _begun(document, by)
    newest = document.versions.order_by("-number").first()
    left = newest.provisions.exclude(key__in=[one.key for one in there]) if newest else ()
    one = next((known for known in left if known.key == key), None)
    if newest is None or one is None:
        raise NothingInPreparation(_("This provision is not there, or not any more."))
    earlier = dict(
        newest.provisions.values_list("key", "position").filter(position__lt=one.position)
    )
    places = [(earlier[held.key], n) for n, held in enumerate(there, 1) if held.key in earlier]
    place = max(places, default=(0, 0))[1]
    back = _drafted(one, document, by)
    _number([*there[:place], back, *there[place:]])
    return back


@transaction.atomic
def move_provision(document: Document, key: str, *, after: str, by: Any) -> None:
    """Put a provision behind another one, to the beginning where `after` is "".

    raises  NotAllowed, NothingInPreparation
    """
    editable(document.consultation, by)
    there = _begun(document, by)
    moved = next((one for one in there if one.key == key), None)
    if moved is None or after == key:
        raise NothingInPreparation(_("This provision is not there, or not any more."))
    rest = [one for one in there if one is not moved]
    place = next((n for n, one in enumerate(rest, 1) if one.key == after), 0)
    _number([*rest[:place], moved, *rest[place:]])


@transaction.atomic
def publish_text(document: Document, *, by: Any) -> DocumentVersion:
    """Publish the text in preparation as the next version.

    raises  NotAllowed, NothingInPreparation where it is empty or says what the newest one says
    """
    locked = editable(document.consultation, by)
    drafted = list(document.draft_provisions.order_by("position"))
    entered = [_as_input(one) for one in drafted]
    if not entered:
        raise NothingInPreparation(_("There is no text in preparation."))
    newest = document.versions.order_by("-number").first()
    if newest and _words(newest.provisions.order_by("position")) == _words(drafted):
        raise NothingInPreparation(_("The text in preparation is the published one."))
    version = publish_version(
        locked, slug=document.slug, title=document.title, provisions=entered, by=by
    )
    document.draft_provisions.all().delete()
    return version


@transaction.atomic
def discard_text(document: Document, *, by: Any) -> None:
    """Give the next version up, and the document where it has no version at all."""
    editable(document.consultation, by)
    document.draft_provisions.all().delete()
    if not document.versions.exists():
        document.delete()


def _begun(document: Document, by: Any) -> list[DraftProvision]:
    there = list(document.draft_provisions.order_by("position"))
    newest = document.versions.order_by("-number").first()
    if there or newest is None:
        return there
    rows = [_drafted(one, document, by) for one in newest.provisions.order_by("position")]
    return DraftProvision.objects.bulk_create(rows)


def _drafted(one: Provision, document: Document, by: Any) -> DraftProvision:
    # What the newest version took over, the next one does not take over again.
    said = {**vars(_as_input(one)), "credits": []}
    return DraftProvision(document=document, position=one.position, changed_by=by, **said)


def _as_input(one: Provision | DraftProvision) -> ProvisionInput:
    return ProvisionInput(
        key=one.key,
        heading=one.heading,
        text=one.text,
        label=one.label,
        level=one.level,
        credits=tuple(one.credits),
    )


def _words(provisions: Iterable[Provision | DraftProvision]) -> list[ProvisionInput]:
    return [replace(_as_input(one), credits=()) for one in provisions]


def _number(ordered: Sequence[DraftProvision]) -> None:
    for position, one in enumerate(ordered, 1):
        one.position = position
    DraftProvision.objects.bulk_update([one for one in ordered if one.pk], ["position"])
    for one in ordered:
        if not one.pk:
            one.save()


def _keys_ever(document: Document) -> set[str]:
    published = Provision.objects.filter(version__document=document).values_list("key", flat=True)
    return {*published, *document.draft_provisions.values_list("key", flat=True)}


def _check(problems: Problems, entered: ProvisionEdit | ProvisionInput, *, place: str = "") -> None:
    at = f"{place}." if place else ""
    check_line(problems, f"{at}heading", entered.heading, most=400, is_needed=True)
    check_line(problems, f"{at}label", entered.label, most=60)
    check_text(problems, f"{at}text", entered.text, most=LONGEST_PROVISION)
    if entered.level not in LEVELS:
        problems[f"{at}level"].append(_("Choose a level from 1 to 6."))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
