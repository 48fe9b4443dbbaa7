"""What the public reads of submissions: the list with its filters, and one submission."""

import re
from html import escape, unescape
from urllib.parse import quote

import pytest
from django.urls import reverse

from apps.submissions import sections, vocabulary
from apps.submissions.models import Campaign, CampaignLetter, CampaignScan, GroupTally, Submission
from apps.submissions.sections import Mark
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    DraftFactory,
    OrganisationFactory,
    PointFactory,
    ProvisionFactory,
    QuestionFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)> \u202eevil\u202c [a](javascript:alert(1)) " + "W" * 300


@pytest.fixture
def consultation():
    return ConsultationFactory(slug="pause")


@pytest.fixture
def question(consultation):
    return QuestionFactory(consultation=consultation, key="why")


def listed(client, **query):
    return client.get(reverse("submissions:list", args=["pause"]), query)


def shown(client, submission, **query):
    return client.get(reverse("submissions:detail", args=["pause", submission.reference]), query)


def file(consultation, question, number, *, group="civil", text="The threshold is too high."):
    """File so many submissions, counted as the service counts them and known to the search."""
    made = []
    for _ in range(number):
        submission = SubmissionFactory(consultation=consultation, group=group)
        AnswerFactory(submission=submission, question=question, text=text)
        made.append(submission)
    vocabulary.write([submission.pk for submission in made])
    for one in (None, question):
        tally, _created = GroupTally.objects.get_or_create(
            consultation=consultation, question=one, group=group
        )
        tally.submissions += number
        tally.letters += number
        tally.save()
    return made


def references(answer):
    return {row["reference"] for row in answer.context["rows"]}


def test_a_consultation_without_submissions_says_so(client, consultation):
    assert "No submissions yet" in listed(client).text


def test_an_empty_list_offers_what_can_be_done_now(client, open_consultation, closed_consultation):
    def read(consultation):
        return client.get(reverse("submissions:list", args=[consultation.slug])).text

    respond = reverse("submissions:respond", args=[open_consultation.slug])
    assert "Be the first to respond" in read(open_consultation)
    assert f'href="{respond}"' in read(open_consultation)
    assert "nothing was filed in it" in read(closed_consultation)
    assert "Be the first to respond" not in read(closed_consultation)


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("word " * 84, "word " * 84),
        ("word " * 83 + "sentences and more", "word " * 82 + "word …"),
        ("\u6587" * 500, "\u6587" * 420 + " …"),
        (" " * 500, " " * 420 + " …"),
        ("one " + "x" * 500, "one " + "x" * 416 + " …"),
    ],
    ids=["whole text", "whole words", "no gaps", "only gaps", "one long word"],
)
def test_an_excerpt_ends_with_a_whole_word_and_says_where_it_was_cut(
    client, consultation, question, text, excerpt
):
    file(consultation, question, 1, text=text)
    assert listed(client).context["rows"][0]["excerpt"] == excerpt


def test_the_list_shows_who_when_and_how_much_was_said(client, consultation, question):
    (one,) = file(consultation, question, 1)
    Submission.objects.filter(pk=one.pk).update(organisation_name="Citizens' Forum")
    PointFactory(submission=one)
    answer = listed(client)
    assert "Citizens&#x27; Forum" in answer.text
    assert "The threshold is too high." in answer.text
    assert "1 answer · 1 point" in answer.text.replace("\n", "")


def test_people_are_not_named(client, consultation, question, participant):
    (person,) = file(consultation, question, 1, group="individual")
    (nameless,) = file(consultation, question, 1, group="company")
    Submission.objects.filter(pk=person.pk).update(author=participant)
    answer = listed(client)
    assert {row["who"] for row in answer.context["rows"]} == {"Individual", "Name not given"}
    for text in (answer.text, shown(client, person).text, shown(client, nameless).text):
        assert participant.name not in text
        assert participant.email not in text


def test_links_to_those_who_give_no_name_are_told_apart(client, consultation, question):
    file(consultation, question, 2, group="individual")
    page = listed(client).content.decode()
    names = re.findall(r'<h3 class="entry-title"><a [^>]*>(.*?)</a>', page)
    assert len(names) == len(set(names)) == 2


def test_the_list_is_filtered_by_several_groups(client, consultation, question):
    for group in ("civil", "company", "union"):
        file(consultation, question, 2, group=group)
    answer = listed(client, group=["civil", "union"])
    assert {row["group"] for row in answer.context["rows"]} == {"civil", "union"}
    assert answer.context["count"] == 4


def test_the_list_is_filtered_by_question(client, consultation, question):
    other = QuestionFactory(consultation=consultation, key="how")
    file(consultation, question, 2)
    wanted = file(consultation, other, 1)
    answer = listed(client, question="how")
    assert references(answer) == {wanted[0].reference}
    assert answer.context["count"] == 1
    assert listed(client, question="nobody-answered").context["count"] == 0


def test_the_list_is_filtered_by_provision(client, consultation, question):
    first, second = file(consultation, question, 2)
    PointFactory(submission=first, provision__key="article-1")
    second.organisation = OrganisationFactory(name="The Forum", slug="the-forum")
    second.save()
    on = {"version__document__consultation": consultation, "heading": "Observers"}
    provision = ProvisionFactory(key="article-2", label="Article 2", **on)
    PointFactory(submission=second, provision=provision)
    answer = listed(client, provision="article-2")
    assert references(answer) == {second.reference}
    assert "with a point on" in answer.text
    assert "Article 2 · Observers</bdi>" in answer.text
    answer = listed(client, organisation="the-forum")
    assert ", by <bdi>The Forum</bdi>" in answer.text


def test_the_list_is_searched_and_the_matches_are_counted(client, consultation, question):
    file(consultation, question, 60, text="Registers of compute.")
    file(consultation, question, 3, text="Inspections.")
    answer = listed(client, q="compute registers")
    assert answer.context["count"] == 60
    assert answer.context["next_cursor"]
    assert listed(client, q="inspections").context["count"] == 3
    assert "No submission matches" in listed(client, q="\0zeppelin").text


def test_an_unknown_group_is_answered_kindly(client, consultation):
    answer = listed(client, group="wizards")
    assert answer.status_code == 400
    assert "There is no stakeholder group “wizards”." in answer.text


def test_pages_follow_each_other_without_gap_or_repetition(client, consultation, question):
    made = {one.reference for one in file(consultation, question, 120)}
    seen, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        answer = listed(client, after=cursor) if cursor else listed(client)
        seen += [row["reference"] for row in answer.context["rows"]]
        cursor, pages = answer.context["next_cursor"], pages + 1
    assert (pages, len(seen), set(seen)) == (3, 120, made)


def test_the_link_to_the_next_page_keeps_the_filters(client, consultation, question):
    file(consultation, question, 51)
    answer = listed(client, group="civil", question="why")
    assert "group=civil&amp;question=why&amp;after=" in answer.text


@pytest.mark.parametrize("cursor", ["x", "W10", "eyJhIjoxfQ", "%00"])
def test_a_damaged_link_to_a_page_is_answered_kindly(client, consultation, cursor):
    answer = listed(client, after=cursor)
    assert answer.status_code == 400
    assert "Go back to its first page" in answer.text


@pytest.mark.parametrize("query", [{}, {"group": "civil"}, {"question": "why"}])
def test_the_list_costs_the_same_for_five_and_for_fifty(
    client, consultation, question, query, django_assert_num_queries
):
    for group in ("civil", "company"):
        for one in file(consultation, question, 5, group=group):
            PointFactory(submission=one)
    # One of them for the provisions to choose from.
    with django_assert_num_queries(5):
        listed(client, **query)
    for one in file(consultation, question, 45):
        PointFactory(submission=one)
    with django_assert_num_queries(5):
        listed(client, **query)


def test_the_list_costs_a_signed_in_person_two_queries_more(
    client, consultation, question, participant, django_assert_num_queries
):
    file(consultation, question, 55)
    client.force_login(participant)
    listed(client)
    with django_assert_num_queries(6):
        listed(client)


def test_a_search_costs_three_queries_more_and_one_for_files(
    client, consultation, question, django_assert_num_queries
):
    file(consultation, question, 60)
    # How frequent the words are, how many texts hold them, where they stand in texts.
    with django_assert_num_queries(7):
        listed(client, q="threshold")
    Submission.objects.update(organisation_name="Heron")
    vocabulary.write(list(Submission.objects.values_list("pk", flat=True)))
    # Of what is found by its name alone, its files are asked.
    with django_assert_num_queries(8):
        listed(client, q="heron")


def test_drafts_and_hidden_consultations_are_not_shown(client, consultation, question, owner):
    DraftFactory(consultation=consultation)
    hidden = SubmissionFactory(consultation__published_at=None, consultation__slug="hidden")
    assert listed(client).context["rows"] == []
    assert client.get(reverse("submissions:list", args=["hidden"])).status_code == 404
    address = reverse("submissions:detail", args=["hidden", hidden.reference])
    assert client.get(address).status_code == 404
    client.force_login(owner)  # of another host
    assert client.get(address).status_code == 404


def test_a_submission_is_shown_exactly_as_filed(client, consultation, question):
    (one,) = file(consultation, question, 1, text="First line.\n\n  Second\tline, <b>bold</b>.")
    point = PointFactory(
        submission=one, reason="Too late.", proposed_text="[24] hours", change_condition="Proof."
    )
    point.evidence.create(url="https://example.org/a?b=1&c=2", title="A study")
    answer = shown(client, one)
    assert "First line.\n\n  Second\tline, &lt;b&gt;bold&lt;/b&gt;." in answer.text
    for words in ("Too late.", "[24] hours", "Proof.", "A study", "Support with changes", "Amend"):
        assert words in answer.text
    assert 'href="https://example.org/a?b=1&amp;c=2"' in answer.text


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en", "English"), ("en-au", "Australian English"), ("de-at", "German"), ("x-a", "x-a")],
)
def test_the_language_of_a_submission_has_a_name(client, consultation, tag, name):
    page = shown(client, SubmissionFactory(consultation=consultation, language=tag)).text
    assert f"<dt>Language</dt><dd>{name}</dd>" in page


def test_hostile_text_is_shown_as_text(client, consultation, question):
    (one,) = file(consultation, question, 1, text=HOSTILE)
    Submission.objects.filter(pk=one.pk).update(
        organisation_name=HOSTILE[:290], title=HOSTILE[:290]
    )
    PointFactory(submission=one, reason=HOSTILE, proposed_text=HOSTILE)
    for answer in (listed(client), shown(client, one)):
        assert "<img src=x" not in answer.text
        assert 'href="javascript' not in answer.text
        assert "\u202e" not in answer.text
        assert "⟨U+202E⟩evil" in answer.text


@pytest.mark.parametrize("reference", ["A/1", "ä ö?#", "..%2e", "x" * 120, "<b>"])
def test_any_reference_of_a_source_has_a_page(client, consultation, question, reference):
    (one,) = file(consultation, question, 1)
    Submission.objects.filter(pk=one.pk).update(reference=reference)
    answer = listed(client)
    address = answer.context["rows"][0]["url"]
    assert address.endswith(f"/{quote(reference, safe='')}/")
    assert client.get(address).status_code == 200


def test_each_point_and_answer_offers_the_link_to_itself(client, consultation, question):
    (one,) = file(consultation, question, 1)
    for number in (1, 2):
        PointFactory(submission=one, number=number)
    page = shown(client, one, mark="point:1#0-1").content.decode()
    for name, place in (
        ("point (point 1)", "point-1"),
        ("point (point 2)", "point-2"),
        ("answer (answer 1)", f"answer-{one.answers.get().pk}"),
    ):
        [(address, words)] = re.findall(rf'<a href="([^"]*#{place})">(Link .*?)</a>', page)
        assert address == f"{one.get_absolute_url()}#{place}"
        assert re.sub(r"<[^>]*>", "", words) == f"Link to this {name}"
        assert page.count(f'id="{place}"') == 1


def test_a_reference_that_nobody_has_is_not_found(client, consultation):
    for reference in ("nobody", "a%00b"):
        address = reverse("submissions:list", args=["pause"]) + f"{reference}/"
        assert client.get(address).status_code == 404


def test_a_withdrawn_submission_is_a_tombstone(client, consultation, question):
    (one,) = file(consultation, question, 1, text="Words that are gone.")
    Submission.objects.filter(pk=one.pk).update(state=Submission.State.WITHDRAWN)
    for answer in (listed(client), shown(client, one)):
        assert answer.status_code == 200
        assert one.reference in answer.text
        assert "Words that are gone." not in answer.text
        assert "withdr" in answer.text.lower()


@pytest.fixture
def marked(consultation, question, monkeypatch):
    """A submission with two used spans, one inside the other, the outer one used twice."""
    text = "The threshold should be lower. Inspectors need access."
    (one,) = file(consultation, question, 1, text=text)
    marks = [
        Mark("answer:why", 0, 30, "Claim 1.1: lower", "/claims/1.1/"),
        Mark("answer:why", 0, 30, "Claim F2: lower", "/claims/F2/"),
        Mark("answer:why", 4, 13, "Claim 1.2: threshold", "/claims/1.2/"),
        Mark("answer:gone", 0, 5, "Claim 9: nothing", "/claims/9/"),
        Mark("answer:why", 40, 9_999, "Claim 8: nothing", "/claims/8/"),
    ]
    monkeypatch.setattr(sections, "_mark_providers", [lambda submission, user: marks])
    return one


def test_used_words_are_highlighted_and_lead_to_the_claims(client, marked):
    answer = shown(client, marked)
    assert 'id="passage-answer:why-0"' in answer.text
    assert 'id="passage-answer:why-4"' in answer.text
    for claim in ("1.1", "F2", "1.2"):
        assert f'href="/claims/{claim}/"' in answer.text
    assert "Claim 9" not in answer.text
    assert "Claim 8" not in answer.text
    assert answer.text.count('class="note ') == 2


def test_a_link_to_exact_words_highlights_these_words(client, marked):
    answer = shown(client, marked, mark="answer:why:31-41")
    assert '<mark id="marked">Inspectors</mark>' in answer.text


@pytest.mark.parametrize(
    "mark", ["answer:why:5-900", "answer:why:9-3", "answer:no:0-3", "x", "answer:why:-1-3", "::1-2"]
)
def test_a_link_to_words_that_are_not_there_says_so(client, marked, mark):
    answer = shown(client, marked, mark=mark)
    assert answer.status_code == 200
    assert 'id="marked"' not in answer.text
    assert "names words that are not in this submission" in answer.text


def test_a_campaign_letter_says_how_many_sent_the_same_text(client, consultation, question):
    (one,) = file(consultation, question, 1)
    scan = CampaignScan.objects.create(consultation=consultation, cut_off_at=one.submitted_at)
    campaign = Campaign.objects.create(
        scan=scan, number=1, title="A letter", sample=one, submissions=180, letters=1_188
    )
    CampaignLetter.objects.create(campaign=campaign, submission=one, similarity=1.0, own_share=0.0)
    assert "One of 1,188 letters with the same text." in shown(client, one).text


def test_one_submission_costs_the_same_whatever_it_holds(
    client, consultation, question, django_assert_max_num_queries
):
    (one,) = file(consultation, question, 1)
    for number in range(12):
        point = PointFactory(submission=one, number=number + 1)
        point.evidence.create(url="https://example.org/")
        AnswerFactory(submission=one)
    with django_assert_max_num_queries(12):
        shown(client, one)


def test_the_list_is_filtered_by_what_one_point_says(client, consultation, question):
    first, second, third = file(consultation, question, 3)
    PointFactory(submission=first, provision__key="article-1", stance="oppose")
    PointFactory(submission=second, provision__key="article-1", stance="support")
    PointFactory(submission=second, provision__key="article-2", stance="oppose")
    PointFactory(submission=third, provision__key="article-2", stance="oppose")
    answer = listed(client, provision="article-1", stance="oppose")
    assert [row["reference"] for row in answer.context["rows"]] == [first.reference]
    assert answer.context["count"] == 1
    place = reverse("api:submissions", args=[consultation.slug])
    found = client.get(place, {"provision": "article-2", "stance": "oppose"}).json()["results"]
    assert {row["reference"] for row in found} == {second.reference, third.reference}
    AnswerFactory(submission=first, stance="support")
    assert references(listed(client, stance="support")) == {first.reference, second.reference}
    assert len(client.get(place, {"stance": "support"}).json()["results"]) == 2
    on = {"provision": "article-1", "stance": "support"}
    assert references(listed(client, **on)) == {second.reference}, "an answer is on no provision"
    assert client.get(place, {"stance": "perhaps"}).status_code == 400
    assert client.get(place, {"verified": "maybe"}).status_code == 400
    assert client.get(place, {"verified": "true"}).status_code == 200
    assert listed(client, stance="perhaps").status_code == 400


def test_the_list_is_filtered_by_organisation(client, consultation, question, forum):
    first, second = file(consultation, question, 2)
    Submission.objects.filter(pk=second.pk).update(organisation=forum)
    answer = listed(client, organisation=forum.slug)
    assert [row["reference"] for row in answer.context["rows"]] == [second.reference]
    place = reverse("api:submissions", args=[consultation.slug])
    found = client.get(place, {"organisation": forum.slug}).json()["results"]
    assert [row["reference"] for row in found] == [second.reference]
    assert listed(client, organisation="nobody\0").context["rows"] == []


def test_an_organisation_is_found_by_words_of_its_name_as_it_is_shown(
    client, consultation, question, forum
):
    """Imported rows name one without an account, and a withheld name leads nowhere."""
    imported, withheld, own = file(consultation, question, 3, text="Says the Écoforum.")
    named = {"organisation_name": "L’Écoforum de Lyon"}
    Submission.objects.filter(pk=imported.pk).update(**named)
    Submission.objects.filter(pk=withheld.pk).update(withheld_for=forum, visibility="withheld")
    Submission.objects.filter(pk=own.pk).update(organisation=forum, organisation_name=forum.name)
    vocabulary.write([imported.pk, withheld.pk, own.pk])
    place = reverse("api:submissions", args=[consultation.slug])
    for words, found in (
        ("ecoforum lyon", [imported]),
        ("LYON", [imported]),
        (forum.name.upper(), [own]),
        (forum.slug, [own]),
        ("Paris", []),
        ("§", []),
    ):
        expected = {one.reference for one in found}
        assert references(listed(client, organisation=words)) == expected, words
        rows = client.get(place, {"organisation": words}).json()["results"]
        assert {row["reference"] for row in rows} == expected, words


def test_every_filter_is_a_control_that_shows_what_was_chosen(
    client, consultation, question, forum
):
    (one,) = file(consultation, question, 1)
    provision = ProvisionFactory(
        version__document__consultation=consultation, key="article-1", heading="Scope"
    )
    ProvisionFactory(version=provision.version, key="part-1", heading="A part", text="")
    PointFactory(submission=one, provision=provision)
    Submission.objects.filter(pk=one.pk).update(organisation=forum, organisation_name=forum.name)
    vocabulary.write([one.pk])
    page = listed(client).content.decode()
    for name in ("group", "stance", "organisation", "provision", "verified"):
        assert re.search(rf'<(?:select|input)[^>]* name="{name}"', page), name
    assert '<option value="article-1" lang="en">' in page
    assert '<option value="part-1"' not in page, "it has no text to make a point on"
    assert "Clear all filters" not in page
    page = listed(client, provision="article-1", organisation=forum.slug).content.decode()
    assert '<option value="article-1" lang="en" selected>' in page
    assert f'name="organisation" maxlength="200" value="{escape(forum.name)}"' in page
    assert "Clear all filters" in page
    assert '<details class="folded" open>' in page
    page = listed(client, provision="article-0").content.decode()
    assert '<option value="article-0" selected>' in page, "of an earlier text it stays chosen"


def test_filters_are_kept_on_the_next_page(client, consultation, question):
    made = file(consultation, question, 51)
    Submission.objects.update(organisation_name="Heron & Egret")
    for one in made:
        PointFactory(submission=one, provision__key="article-1", stance="oppose")
    vocabulary.write([one.pk for one in made])
    asked = {"organisation": "heron & egret", "provision": "article-1", "stance": "oppose"}
    first = listed(client, **asked)
    [address] = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
    rest = client.get(reverse("submissions:list", args=["pause"]) + unescape(address))
    assert rest.context["filters"] == first.context["filters"]
    assert len(rest.context["rows"]) == 1
