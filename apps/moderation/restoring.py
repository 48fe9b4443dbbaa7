"""Puts back what a decision took out, and leaves hidden what another reason hides as well."""

from collections.abc import Sequence

from django.apps import apps
from django.db.models import Model

from apps.moderation.hiding import Entry, blocks
from apps.moderation.models import Decision
from apps.moderation.texts import read, write
from apps.submissions.models import HIDDEN, Submission, Visibility


def restore(decision: Decision) -> list[Entry]:
    """Put back what a decision took out; return what came back.

    What another decision hides, too, goes over into that one, to come back with it. Where a later
    version of the submission keeps more back than this one did, that stays hidden. What changed
    since for another reason is left as it is.
    """
    touched = {entry["version"] for entry in decision.removed}
    others = Decision.objects.select_for_update(of=("self",)).filter(reversed_at__isnull=True)
    others = others.filter(versions__in=touched).exclude(pk=decision.pk).order_by("pk")
    standing = list({other.pk: other for other in others}.values())
    closed = {pk for pk in touched if _is_closed_later(pk)}
    back: list[Entry] = []
    for entry in decision.removed:
        if entry["version"] in closed:
            continue
        row = apps.get_model("submissions", entry["model"]).objects.filter(pk=entry["pk"]).first()
        if row is None or ("now" in entry and _handed_over(entry, decision, standing)):
            continue
        back += _put_whole(row, entry) if "now" in entry else _put_back(row, entry, standing)
    for other in standing:
        other.save(update_fields=["removed"])
    return back


def _is_closed_later(version: int) -> bool:
    """Return whether a version after this one keeps anything back: then this one shows no words."""
    later = Submission.objects.on_record().filter(revises=version).first()
    while later is not None and later.visibility == Visibility.NAMED:
        later = Submission.objects.on_record().filter(revises=later.pk).first()
    return later is not None


def _same(one: Entry, other: Entry) -> bool:
    return all(one[name] == other[name] for name in ("model", "pk", "field"))


def _handed_over(entry: Entry, decision: Decision, standing: Sequence[Decision]) -> bool:
    """Give what was replaced whole to the next decision that replaced it after, if there is one."""
    for other in standing:
        for there in other.removed:
            if other.pk > decision.pk and _same(entry, there) and "now" in there:
                there["words"] = entry["words"]
                return True
    return False


def _put_whole(row: Model, entry: Entry) -> list[Entry]:
    if read(row, entry["field"]) != entry["now"]:
        return []
    write(row, entry["field"], entry["words"])
    return [entry]


def _put_back(row: Model, entry: Entry, standing: Sequence[Decision]) -> list[Entry]:
    """Put back characters; return the entry with blocks where nothing came back."""
    said = read(row, entry["field"])
    if said[entry["start"] : entry["end"]] != blocks(entry["words"]):
        return []
    hidden = [e for other in standing for e in other.removed if _same(entry, e) and "now" not in e]
    shown = list(entry["words"])
    for place, character in enumerate(entry["words"]):
        at = entry["start"] + place
        cover = next((e for e in hidden if e["start"] <= at < e["end"]), None)
        # A block in its words was hidden before: the one that hid it has the character.
        if cover is not None and character not in (HIDDEN, "\n"):
            inside = at - cover["start"]
            cover["words"] = cover["words"][:inside] + character + cover["words"][inside + 1 :]
            shown[place] = HIDDEN
    words = "".join(shown)
    write(row, entry["field"], said[: entry["start"]] + words + said[entry["end"] :])
    return [{**entry, "words": words}]
