"""What of a consultation can be followed, and the news of its texts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from apps.consultations.models import Consultation, DocumentVersion, Notice, Provision
from apps.notifications.models import Kind
from apps.notifications.services import announce
from apps.notifications.topics import followable

MOST_NAMED = 3
# What changed stands first: a subject is cut at its end.
CHANGED = gettext_noop("Changed: %(changed)s. %(title)s, version %(number)s")
NEW = gettext_noop("New text: %(title)s, version %(number)s")


@followable(Kind.CONSULTATION)
def find_consultation(key: str, user: Any) -> tuple[str, str] | None:
    """Return title and path of a consultation a person may see."""
    found = Consultation.objects.visible_to(user).filter(slug=key).first()
    return (found.title, found.get_absolute_url()) if found else None


@followable(Kind.PROVISION)
def find_provision(key: str, user: Any) -> tuple[str, str] | None:
    """Return title and path of a provision, in its newest version; the key is "slug/provision"."""
    slug, _slash, provision_key = key.partition("/")
    visible = Consultation.objects.visible_to(user).filter(slug=slug)
    provisions = Provision.objects.filter(
        key=provision_key, version__document__consultation__in=visible
    )
    found = (
        provisions.select_related("version__document__consultation")
        .order_by("-version__number", "version__document")
        .first()
    )
    if found is None:
        return None
    consultation = found.version.document.consultation
    title = f"{str(found)[:200]} ({consultation.title})"
    return title, f"{_path(found.version)}#provision-{provision_key}"


def announce_version(version: DocumentVersion) -> None:
    """Tell who follows the consultation, or a provision that is other than it was."""
    consultation = version.document.consultation
    if not consultation.is_published:
        return
    changed = _changed(version)
    topics = [Kind.PROVISION.topic(consultation.slug, key) for key in sorted(changed)]
    named = list(changed.values())[:MOST_NAMED]
    if len(changed) > MOST_NAMED:
        named.append("…")
    announce(
        [Kind.CONSULTATION.topic(consultation.slug), *topics],
        title=CHANGED if changed else NEW,
        values={
            "number": str(version.number),
            "title": _title(version.document.title, consultation.title),
            "changed": ", ".join(named),
        },
        path=f"{_path(version)}?version={version.number}",
        at=version.published_at,
    )


def announce_notice(notice: Notice, *, title: str) -> None:
    """Tell who follows the consultation what its host decided about it."""
    consultation = notice.consultation
    if not consultation.is_published:
        return
    announce(
        [Kind.CONSULTATION.topic(consultation.slug)],
        title=title,
        values={"consultation": consultation.title},
        path=f"{consultation.get_absolute_url()}#notice-{notice.pk}",
        at=notice.made_at,
    )


def _title(document: str, consultation: str) -> str:
    return document if document == consultation else f"{document} ({consultation})"


def _changed(version: DocumentVersion) -> dict[str, str]:
    """Return key and label of the provisions that were changed, added or taken out, in order."""
    texts: dict[int, set[tuple[str, ...]]] = {version.number - 1: set(), version.number: set()}
    rows = Provision.objects.filter(
        version__document=version.document, version__number__in=list(texts)
    ).order_by("position", "version__number")
    listed = list(rows.values_list("version__number", "key", "label", "heading", "text"))
    for number, *row in listed:
        texts[number].add(tuple(row))
    if not texts[version.number - 1]:
        return {}  # the first version changes nothing that was there
    differing = {row[0] for row in texts[version.number] ^ texts[version.number - 1]}
    return {row[0]: row[1] or row[2] or row[0] for _number, *row in listed if row[0] in differing}


def _path(version: DocumentVersion) -> str:
    document = version.document
    return reverse("consultations:document", args=[document.consultation.slug, document.slug])
