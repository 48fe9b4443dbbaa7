"""What of a consultation can be followed, and the news of its texts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from apps.consultations.models import Consultation, DocumentVersion, Notice, Provision
from apps.notifications.models import Kind
from apps.notifications.services import announce
from apps.notifications.topics import followable


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
    changed = [Kind.PROVISION.topic(consultation.slug, key) for key in _changed(version)]
    announce(
        [Kind.CONSULTATION.topic(consultation.slug), *changed],
        title=gettext_noop("New text, version %(number)s of %(document)s: %(consultation)s"),
        values={
            "number": str(version.number),
            "document": version.document.title,
            "consultation": consultation.title,
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
        path=f"{consultation.get_absolute_url()}#notices",
        at=notice.made_at,
    )


def _changed(version: DocumentVersion) -> list[str]:
    """Return the keys of the provisions that were changed, added or taken out."""
    texts: dict[int, set[tuple[str, ...]]] = {version.number - 1: set(), version.number: set()}
    rows = Provision.objects.filter(
        version__document=version.document, version__number__in=list(texts)
    )
    for number, *row in rows.values_list("version__number", "key", "label", "heading", "text"):
        texts[number].add(tuple(row))
    if not texts[version.number - 1]:
        return []  # the first version changes nothing that was there
    return sorted({row[0] for row in texts[version.number] ^ texts[version.number - 1]})


def _path(version: DocumentVersion) -> str:
    document = version.document
    return reverse("consultations:document", args=[document.consultation.slug, document.slug])
