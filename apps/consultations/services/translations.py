"""Texts of a consultation in other languages, written by the host's staff."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.consultations.models import Consultation, Translation
from apps.consultations.services.editing import Problems, check_text, editable, refuse
from apps.consultations.translating import digest, places_of

LONGEST_TRANSLATION = 200_000


@transaction.atomic
def translate(
    consultation: Consultation, language: str, texts: Mapping[str, str], *, by: Any
) -> int:
    """Keep translations of places into a language; an empty one takes the translation away.

    What is saved counts as a translation of the words of now, also where it was out of date.

    returns  how many places were changed
    raises   NotAllowed; InvalidEntry for a language or a place the consultation has not
    """
    locked = editable(consultation, by)
    originals = {place.name: place.original for place in places_of(locked)}
    problems: Problems = defaultdict(list)
    if language not in locked.languages:
        problems["language"].append(_("The consultation is not offered in this language."))
    for place, text in texts.items():
        if place not in originals:
            problems[place].append(_("There is no such text, or not any more."))
        check_text(problems, place, text, most=LONGEST_TRANSLATION)
    refuse(problems)
    known = {one.place: one for one in locked.translations.filter(language=language)}
    changed = 0
    for place, entered in texts.items():
        text, row = entered.replace("\r\n", "\n").strip(), known.get(place)
        original = digest(originals[place])
        if row and not text:
            row.delete()
        elif text and (row is None or (row.text, row.original) != (text, original)):
            row = row or Translation(consultation=locked, language=language, place=place)
            row.text, row.original, row.changed_at = text, original, timezone.now()
            row.save()
        else:
            continue
        changed += 1
    if changed:
        detail = {"language": language, "places": changed}
        audit.record("consultation.translated", subject=locked.slug, actor=by, detail=detail)
    return changed
