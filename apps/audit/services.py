"""Records what happened and gives receipts; called by every service of the apps above."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.audit.canonical import commitment, leaf_hash, new_number, new_salt, read_number
from apps.audit.models import Entry, Receipt

SYSTEM = "system"
Finder = Callable[[str], bool]
_finders: list[Finder] = []


class InexactDetail(TypeError):
    """A detail that another program may spell in another way: a fraction, a date, a set."""


@dataclass(frozen=True)
class ReceiptCheck:
    """What a check found: `content_matches` is None without content, or where no salt is left.

    entry_is_intact  the entry's stored hash equals the one made again from its fields, and the
                     receipt says what the entry says
    differing        lines of the receipt file that are not as it was given out, see `facts_of`
    is_false         it was found that somebody else than its named author wrote it
    """

    receipt: Receipt | None
    entry_is_intact: bool = False
    content_matches: bool | None = None
    differing: Sequence[str] = ()
    is_false: bool = False


def finds_false(finder: Finder) -> Finder:
    """Register how a higher app knows that what a subject names is not by its named author."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def pseudonym(actor: Any) -> str:
    """Return the same word for the same person, from which nobody without the key learns who."""
    pk = getattr(actor, "pk", None)
    if pk is None:
        return SYSTEM
    key = settings.PSEUDONYM_KEY.encode()
    return hmac.new(key, f"person:{pk}".encode(), hashlib.sha256).hexdigest()[:32]


def record(
    kind: str, *, subject: str, actor: Any = None, detail: Mapping[str, Any] | None = None
) -> Entry:
    """Append an entry in the transaction of the act it tells of.

    kind     "noun.verb", e.g. "submission.filed"
    subject  public reference of what it is about, e.g. "pause-protocol/PL-7K3M-9Q2X-4TBC"
    actor    the person, None for the system; stored as a pseudonym
    detail   texts, whole numbers, true, false and null, in lists and by name; never personal data
    raises   InexactDetail
    """
    _require_exact(detail or {})
    entry = Entry(
        kind=kind,
        at=timezone.now(),
        actor=pseudonym(actor),
        subject=subject,
        detail=dict(detail or {}),
    )
    entry.leaf_hash = leaf_hash(entry.leaf())
    entry.save(force_insert=True)
    return entry


def _require_exact(value: Any) -> None:
    """Raise InexactDetail unless a value is spelled the same by whoever makes its hash again."""
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise InexactDetail("The names in the detail of an entry are texts")
        _require_exact(list(value.values()))
    elif isinstance(value, list | tuple):
        for held in value:
            _require_exact(held)
    elif not (value is None or isinstance(value, str | int)):
        raise InexactDetail(f"{value!r} in the detail of an entry: write it as text")


def reserve_number() -> str:
    """Return a fresh tracking number; the receipt's unique constraint has the last word."""
    return new_number()


def record_with_receipt(
    kind: str, *, subject: str, actor: Any, title: str, content: Any, number: str
) -> Receipt:
    """Append an entry that commits to content, and give the receipt for it; two inserts.

    number   tracking number from `reserve_number`
    title    of the consultation, as the submitter knows it
    content  what was filed, as plain JSON values; only its salted commitment is stored, in the
             entry and in the receipt, so that the log itself holds the promise
    """
    salt = new_salt()
    committed = commitment(content, salt)
    entry = record(kind, subject=subject, actor=actor, detail={"commitment": committed})
    return Receipt.objects.create(
        number=number,
        entry=entry,
        subject=subject,
        title=title,
        filed_at=entry.at,
        salt=salt,
        commitment=committed,
    )


def facts_of(receipt: Receipt) -> dict[str, str]:
    """Return the lines of a receipt file beside the content, as they are given out."""
    return {
        "number": receipt.number,
        "consultation": receipt.title,
        "filed_at": receipt.filed_at.isoformat(),
        "commitment": receipt.commitment,
        "salt": receipt.salt_in_hex,
    }


def check_receipt(
    number: str, *, content: Any = None, salt: str = "", lines: Mapping[str, Any] | None = None
) -> ReceiptCheck:
    """Return what the log says about a tracking number and, where given, about its content.

    salt   of the receipt, in hex. Without it nobody is told whether content fits: names and words
           that are kept back could be found by trying which ones they are
    lines  of the receipt file; those that are no facts of it are left alone
    """
    found = Receipt.objects.select_related("entry").filter(number=read_number(number)).first()
    if found is None:
        return ReceiptCheck(None)
    matches = None
    facts = facts_of(found)
    said = {**(lines or {}), **({"salt": salt.lower()} if salt else {})}
    has_salt = salt and hmac.compare_digest(said["salt"].encode(), facts["salt"].encode())
    if content is not None and has_salt and found.salt is not None:
        matches = hmac.compare_digest(commitment(content, bytes(found.salt)), found.commitment)
    # Where the salt was erased nobody can say what it was.
    known = [name for name in facts if name in said and facts[name]]
    return ReceiptCheck(
        found,
        entry_is_intact=_is_intact(found),
        content_matches=matches,
        differing=[name for name in known if said[name] != facts[name]],
        is_false=any(finder(found.subject) for finder in _finders),
    )


@transaction.atomic
def erase_salt(receipt: Receipt, *, actor: Any) -> None:
    """Let the commitment of a receipt say nothing any more; the log keeps that this was done."""
    Receipt.objects.filter(pk=receipt.pk).update(salt=None)
    receipt.salt = None
    record("receipt.salt_erased", subject=receipt.subject, actor=actor)


def _is_intact(receipt: Receipt) -> bool:
    """Return whether a receipt rests on its entry: the entry cannot be changed, a receipt can."""
    entry = receipt.entry
    says_the_same = (receipt.commitment, receipt.subject, receipt.filed_at) == (
        entry.detail.get("commitment"),
        entry.subject,
        entry.at,
    )
    return says_the_same and leaf_hash(entry.leaf()) == entry.leaf_hash
