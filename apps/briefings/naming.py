"""Names of themes are made of words people used: a word that stands nowhere now goes from them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.text import slugify

from apps.briefings.models import Briefing, Claim, Theme
from apps.submissions.models import HIDDEN, Answer, AttachmentPage, Submission

WORD = re.compile(r"\w+")


def follow(submission_ids: Sequence[int], words: str) -> set[int]:
    """Name the themes of submissions anew after words of theirs were hidden or put back.

    A word that others use too stays: it is not what was hidden. Returns the briefings whose content
    holds a name that changed.
    """
    said = _words([words])
    held = Theme.objects.filter(
        assignments__submission__in=submission_ids, question__isnull=False
    ).exclude(terms=[])
    renamed: dict[str, str] = {}
    touched: set[int] = set()
    for theme in held.select_related("frame", "question").distinct():
        old = theme.title
        if _name(theme, said):
            renamed[old] = theme.title
            touched |= set(theme.frame.briefings.values_list("pk", flat=True))
            consultation = theme.frame.consultation_id
            touched |= _rename_in_claims(consultation, {old: theme.title})
    return touched


def _name(theme: Theme, said: set[str]) -> bool:
    """Give a theme the name its words allow; return whether anything changed."""
    given = theme.original or {"title": theme.title, "terms": theme.terms, "rule": theme.rule}
    known = _words([given["title"], *given["terms"]])
    shown = _words([theme.title, *theme.terms])
    suspects = (known - shown) | (known & said)
    # What its question says in so many words is nobody's secret.
    suspects -= _words([theme.question.text if theme.question else ""])
    gone = {word for word in sorted(suspects) if not _stands(theme, word)}
    if known - shown == gone:
        return False
    theme.original = given if gone else {}
    theme.title, theme.rule = _without(given["title"], gone), _without(given["rule"], gone)
    theme.terms = [_without(term, gone) for term in given["terms"]]
    theme.key = f"{theme.number}-{slugify(theme.title)[:60] or 'theme'}".rstrip("-")
    theme.save(update_fields=["original", "title", "terms", "rule", "key"])
    return True


def _stands(theme: Theme, word: str) -> bool:
    """Return whether a word stands in any text to the question of a theme, or in a file."""
    filed = Submission.objects.filter(consultation=theme.frame.consultation_id).exclude(
        state__in=[Submission.State.DRAFT, Submission.State.WITHDRAWN]
    )
    answers = Answer.objects.filter(question=theme.question_id, submission__in=filed)
    pages = AttachmentPage.objects.public().filter(attachment__submission__in=filed)
    for rows in (answers, pages):
        texts = rows.filter(text__icontains=word).values_list("text", flat=True)
        if any(word in _words([text]) for text in texts.iterator(chunk_size=100)):
            return True
    return False


def _rename_in_claims(consultation_id: int, names: Mapping[str, str]) -> set[int]:
    """Let claims call themes by their new names, in later versions too; return their briefings."""
    changed = []
    for claim in _claims(consultation_id):
        named = [one for one in claim.numbers.values() if one["value"] in names]
        for one in named:
            one["value"] = names[one["value"]]
        if named:
            changed.append(claim)
    Claim.objects.bulk_update(changed, ["numbers"], batch_size=200)
    return {claim.briefing_id for claim in changed}


def _claims(consultation_id: int) -> Iterator[Claim]:
    briefings = Briefing.objects.filter(consultation=consultation_id)
    yield from Claim.objects.filter(briefing__in=briefings).iterator(chunk_size=500)


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in WORD.findall(text)}


def _without(text: str, gone: set[str]) -> str:
    def hide(found: re.Match[str]) -> str:
        return HIDDEN * len(found[0]) if found[0].casefold() in gone else found[0]

    return WORD.sub(hide, text)
