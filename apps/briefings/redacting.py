"""Brings a stored version in line with the rows it was made from, where moderators hid words."""

import copy
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.audit import services as audit
from apps.audit.canonical import canonical
from apps.briefings.linking import Place, cited_place, is_gone, words_of
from apps.briefings.models import Briefing, BriefingFile, Citation, Theme
from apps.jobs import services as jobs
from apps.submissions.models import HIDDEN, Dispute, RegisteredCampaign, Submission

FILE = "briefings.file"
Content = dict[str, Any]


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the hash a version is known by."""
    return hashlib.sha256(canonical(content)).hexdigest()


def removed_quotes(briefing: Briefing) -> int:
    """Return of how many quotes moderators hid words after the version was published."""
    hidden = Citation.objects.filter(claim__briefing=briefing, hidden_at__isnull=False)
    return hidden.order_by().values("answer", "point", "page", "field", "start").distinct().count()


@transaction.atomic
def bring_in_line(briefing_id: int) -> None:
    """Write what the rows say now into a version and let its files be made again.

    Safe to run twice. One that is not composed yet is left alone: composing reads the rows.
    """
    briefing = (
        Briefing.objects.select_for_update(of=("self",))
        .select_related("consultation")
        .get(pk=briefing_id)
    )
    if not briefing.content:
        return
    content = in_line(briefing, briefing.content)
    digest = digest_of(content)
    if digest != briefing.content_hash:
        audit.record(
            "briefing.redacted",
            subject=f"{briefing.consultation.slug}/{briefing.version}",
            detail={
                "quotes": removed_quotes(briefing),
                "earlier": briefing.content_hash,
                "content": digest,
            },
        )
        Briefing.objects.filter(pk=briefing.pk).update(content=content, content_hash=digest)
        drop_files([briefing.pk])
    _ask_for_files(briefing)


def in_line(briefing: Briefing, content: Mapping[str, Any]) -> Content:
    """Return content with every word of others as it stands in the rows; nothing else changes.

    These are the quotes, the titles of campaigns, the names of themes and what claims call them,
    and names of authors that were hidden.
    """
    changed = copy.deepcopy(dict(content))
    _quote_anew(changed, briefing)
    _name_anew(changed, briefing)
    _list_anew(changed, briefing)
    said = _said(removed_quotes(briefing), changed["document"]["lang"])
    if said or "moderated" in changed["document"]:
        changed["document"]["moderated"] = said
    return changed


def drop_files(briefing_ids: Iterable[int]) -> None:
    """Delete the files of versions: rows in this transaction, what is on disk after it."""
    files = BriefingFile.objects.filter(briefing__in=list(briefing_ids))
    paths = list(files.values_list("path", flat=True))
    files.delete()
    transaction.on_commit(partial(_unlink, paths))


def _unlink(paths: Iterable[str]) -> None:
    for path in paths:
        (Path(settings.BRIEFINGS_ROOT) / path).unlink(missing_ok=True)


def _ask_for_files(briefing: Briefing) -> None:
    made = set(briefing.files.values_list("format", flat=True))
    jobs.enqueue_all(
        FILE,
        {
            f"briefing:{briefing.pk}:{name}:{uuid.uuid4()}": {
                "briefing": briefing.pk,
                "format": name,
            }
            for name in BriefingFile.Format.values
            if name not in made
        },
    )


def _quote_anew(content: Content, briefing: Briefing) -> None:
    rows = Citation.objects.filter(claim__briefing=briefing, start__isnull=False)
    # What stands nowhere any more stays as it was published.
    words = {
        cited_place(row): (words_of(row), row.sha256)
        for row in rows.select_related(
            "submission", "answer__question", "point", "page__attachment"
        )
        if not is_gone(row)
    }
    for place, passage in _passages(content):
        if place in words:
            passage["text"], passage["sha256"] = words[place]


def published_words(content: Mapping[str, Any], place: Place) -> str:
    """Return the words at a place as they stand in the content of a version."""
    return next((one["text"] for there, one in _passages(content) if there == place), "")


def _passages(content: Mapping[str, Any]) -> Iterator[tuple[Place, Content]]:
    for one in _parts_with(content, "passage"):
        if passage := one["passage"]:
            yield (one["ref"], passage["part"], passage["start"], passage["end"]), passage


def _name_anew(content: Content, briefing: Briefing) -> None:
    scan = briefing.corpus.scan if briefing.corpus else None
    titles = {f"campaign-{one.number}": one.title for one in scan.campaigns.all()} if scan else {}
    for campaign in content["heard"]["campaigns"]:
        campaign["title"] = titles.get(campaign["id"], campaign["title"])
    _title_anew(content["heard"].get("registered", []))  # older versions name none
    themes = {theme.number: theme for theme in Theme.objects.filter(frame=briefing.frame)}
    keys: dict[str, str] = {}
    for shown in content["themes"]:
        if theme := themes.get(shown["number"]):
            keys[shown["id"]] = theme.key
            shown["title"], shown["rule"] = theme.title, theme.rule
    if any(old != new for old, new in keys.items()):
        content.update(_rename(content, keys))
    numbers = dict(briefing.claims.values_list("number", "numbers"))
    for claim in _parts_with(content, "numbers"):
        for name, number in claim["numbers"].items():
            known = numbers.get(claim["id"], {}).get(name, number)["value"]
            if isinstance(known, str):
                number["value"] = known


def _title_anew(registered: Iterable[Content]) -> None:
    carriers = [campaign["carrier"] for campaign in registered]
    found = RegisteredCampaign.objects.filter(carrier__reference__in=carriers)
    titles = dict(found.values_list("carrier__reference", "title"))
    for campaign in registered:
        campaign["title"] = titles.get(campaign["carrier"], campaign["title"])


def _list_anew(content: Content, briefing: Briefing) -> None:
    """List authors by their names, where moderators hid one or put it back.

    So too where the host found that the named author never wrote it.
    """
    listed = Submission.objects.filter(consultation=briefing.consultation_id)
    false = Dispute.objects.filter(outcome=Dispute.Outcome.UPHELD)
    lacking = [one["ref"] for one in content["submissions"] if HIDDEN in one["who"]]
    asked = (
        listed.filter(organisation_name__contains=HIDDEN)
        | listed.filter(reference__in=lacking)
        | listed.filter(pk__in=false.values("submission"))
    )
    names = dict(asked.values_list("reference", "organisation_name"))
    changed: dict[str, str] = {}
    for one in content["submissions"]:
        name = names.get(one["ref"], one["who"])
        if one["who"] != name:
            changed[one["who"]], one["who"] = name, name
    still = {one["who"] for one in content["submissions"]}
    with translation.override(content["document"]["lang"]):
        unnamed = str(_("Name not given"))
    for found in content["sensitivity"]["leave_one_out"].values():
        if found["organisation"] in changed and found["organisation"] not in still:
            found["organisation"] = changed[found["organisation"]] or unnamed


def _parts_with(value: Any, name: str) -> Iterator[Content]:
    """Yield every part of a content that has a field of this name."""
    if isinstance(value, dict):
        if name in value:
            yield value
        for inner in value.values():
            yield from _parts_with(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _parts_with(inner, name)


def _rename(value: Any, keys: Mapping[str, str]) -> Any:
    """Return a value in which every key of a theme is replaced, wherever it stands."""
    if isinstance(value, dict):
        return {keys.get(name, name): _rename(inner, keys) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rename(inner, keys) for inner in value]
    return keys.get(value, value) if isinstance(value, str) else value


def _said(quotes: int, language: str) -> str:
    """Return what a reader must know of quotes that lack words, in the language of the briefing."""
    if not quotes:
        return ""
    with translation.override(language):
        return ngettext(
            "Words of %(n)s quote were removed by the moderators after publication; "
            "a block stands for each character.",
            "Words of %(n)s quotes were removed by the moderators after publication; "
            "a block stands for each character.",
            quotes,
        ) % {"n": quotes}
