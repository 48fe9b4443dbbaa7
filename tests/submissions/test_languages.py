"""A screen reader is told the language of each text that is not in that of the page: WCAG 3.1.2."""

import re

import pytest
from django.urls import reverse

from apps.consultations.services import translate
from apps.submissions import vocabulary
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.models import Reply, Submission
from apps.submissions.services import file_submission
from tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
FRENCH = "Le seuil proposé est trop élevé pour les petits centres."


def language_at(page, words):
    """Return the language named by the element nearest to some words in the source before them."""
    before = page[: page.index(words)]
    return re.findall(r'\slang="([^"]*)"', before)[-1]


def arabic(client, address):
    return client.get(address, headers={"accept-language": "ar"}).content.decode()


@pytest.fixture
def filed(open_consultation, participant):
    content = DraftInput(
        answers=[AnswerInput("why", text=FRENCH)],
        points=[PointInput("article-1", reason="Un mois suffit.")],
        group="individual",
        language="fr",
    )
    receipt = file_submission(open_consultation, content, by=participant)
    return Submission.objects.get(reference=receipt.number)


def test_what_was_filed_keeps_its_language(filed, client):
    page = arabic(client, filed.get_absolute_url())
    assert '<html lang="ar"' in page
    assert language_at(page, FRENCH) == "fr"
    assert language_at(page, "Un mois suffit.") == "fr"
    assert language_at(page, filed.answers.get().question.text) == "en"
    assert language_at(page, f">{filed.consultation.title}") == "en"


def test_lists_and_search_name_the_language_of_each_excerpt(filed, client):
    vocabulary.write([filed.pk])
    listed = reverse("submissions:list", args=[filed.consultation.slug])
    for address in (listed, f"{listed}?q=seuil", reverse("submissions:search") + "?q=seuil"):
        assert language_at(arabic(client, address), "proposé est trop") == "fr"


def test_a_text_says_whether_it_is_translated_or_not(open_consultation, owner, client):
    open_consultation.languages = ["fr"]
    open_consultation.save()
    translate(open_consultation, "fr", {"title": "Une pause"}, by=owner)
    page = client.get(
        open_consultation.get_absolute_url(), headers={"accept-language": "fr"}
    ).content.decode()
    assert language_at(page, ">Une pause<") == "fr"
    assert language_at(page, open_consultation.questions.get(key="why").text) == "en"


def test_replies_keep_theirs(filed, client, rival):
    reply = Reply.objects.create(
        submission=SubmissionFactory(
            consultation=filed.consultation, author=rival, language="es", is_reply=True
        ),
        answered=filed,
        point=filed.points.get(),
        number=1,
        kind=Reply.Kind.REBUTTAL,
        text="No basta con un mes.",
    )
    page = arabic(client, reverse("submissions:replies", args=[filed.consultation.slug]))
    assert language_at(page, reply.text) == "es"


def test_what_is_no_language_is_named_as_unknown(filed, client):
    filed.language = "français"
    filed.save()
    assert language_at(arabic(client, filed.get_absolute_url()), FRENCH) == ""
