"""What readers, authors and moderators are told on the pages, and what stays untold."""

import html
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from apps.moderation.models import Case, Decision
from apps.moderation.services import (
    DecisionInput,
    appeal,
    decide,
    decide_appeal,
    flag,
    open_case,
)
from apps.submissions.models import HIDDEN, Attachment, JointParty
from apps.submissions.services import withdraw
from tests.factories import AnswerFactory, OrganisationFactory, SubmissionFactory
from tests.moderation.conftest import SECRET

pytestmark = pytest.mark.django_db
VOID = {"meta", "link", "input", "br", "hr", "img", "use", "rect", "path", "circle", "polygon"}


@pytest.fixture(autouse=True)
def calm():
    cache.clear()


def address(name, submission, *more):
    return reverse(f"moderation:{name}", args=[submission.consultation.slug, *more])


def decided(submission, part="", *, by, action="redact", rule="personal", **more):
    values = {"words": [SECRET] if action == "redact" else [], "statement": "It names somebody."}
    entered = DecisionInput(action, "" if action == "keep" else rule, **(values | more))
    return decide(open_case(submission, part, by=by), entered, by=by)


def attach(submission, *, number=1, pages=1, **more):
    made = Attachment.objects.create(
        submission=submission,
        number=number,
        name="letter.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        published="a",
        state="read",
        **more,
    )
    for page in range(1, pages + 1):
        made.pages.create(number=page, text=f"Pangolins on leaf {page}.")
    return made


def order(page, *words):
    """Return the first of some words that does not stand after the one before; None if all do."""
    place = 0
    for one in words:
        place = page.find(one, place)
        if place < 0:
            return one
    return None


class Balance(HTMLParser):
    """Notes end tags that close what is not open: a page that was cut in the middle of a tag."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)


def is_balanced(page):
    found = Balance()
    found.feed(page)
    return not found.wrong


class TestReport:
    """Whoever reports sees what everybody sees."""

    @pytest.mark.parametrize("part", ["", "attachment:1"])
    def test_a_file_that_is_kept_back_is_not_quoted(self, client, submission, part):
        file = attach(submission, kept_back="business")
        place = address("report", submission, submission.reference)
        assert "Pangolins" not in client.get(place, {"part": part}).text
        file.kept_back = ""
        file.save()
        assert "Pangolins" in client.get(place, {"part": part}).text

    @pytest.mark.parametrize(("state", "is_quoted"), [("joined", True), ("left_out", False)])
    def test_only_parties_that_joined_are_quoted(self, client, submission, state, is_quoted):
        JointParty.objects.create(
            submission=submission,
            organisation=OrganisationFactory(),
            state=state,
            seal="0" * 64,
            signed_at=submission.submitted_at,
            name="Allies",
            group="civil",
            reservations="We doubt it.",
        )
        page = client.get(address("report", submission, submission.reference)).text
        assert ("We doubt it." in page) is is_quoted

    def test_what_was_withdrawn_cannot_be_reported(self, client, submission, author):
        place = address("report", submission, submission.reference)
        withdraw(submission, by=author)
        assert client.get(place).status_code == 404
        assert client.post(place, {"rule": "hate"}).status_code == 404

    def test_nor_what_is_not_public(self, client, submission):
        place = address("report", submission, submission.reference)
        submission.consultation.published_at = None
        submission.consultation.save()
        assert client.get(place).status_code == 404

    @pytest.mark.parametrize("text", ["Nul\0", "x" * 1001])
    def test_a_text_that_cannot_be_kept_is_refused_with_a_reason(self, client, submission, text):
        place = address("report", submission, submission.reference)
        answer = client.post(place, {"rule": "hate", "text": text})
        assert answer.status_code == 422
        assert 'href="#text"' in answer.text
        assert not Case.objects.exists()

    def test_somebody_with_an_account_is_counted_once(self, client, submission, rival):
        client.force_login(rival)
        place = address("report", submission, submission.reference)
        for _n in range(25):
            assert "Thank you" in client.post(place, {"rule": "hate"}, follow=True).text
        assert Case.objects.get().flags == 1

    def test_only_moderators_are_offered_a_case(self, client, submission, rival, moderator):
        place = address("report", submission, submission.reference)
        assert "Open a case" not in client.get(place).text
        client.force_login(rival)
        assert "Open a case" not in client.get(place).text
        client.force_login(moderator)
        assert "Open a case" in client.get(place).text

    def test_links_say_aloud_what_they_report(self, client, submission):
        page = client.get(submission.get_absolute_url()).text
        for name in ("Answer why", "Point 1", "Point 2"):
            assert f'Report this<span class="hidden-visually">: {name}</span>' in page


class TestTombstones:
    """Nothing goes silently."""

    def test_bars_tell_not_how_much_went(self, client, submission, moderator):
        decided(submission, "answer:why", by=moderator)
        page = client.get(submission.get_absolute_url()).text
        assert SECRET not in page
        assert "He knows more." in page
        assert HIDDEN * 13 not in page
        assert '<span class="hidden-visually">redacted</span>' in page

    def test_a_note_cannot_bring_markup(self, client, submission, moderator):
        decided(submission, "answer:why", by=moderator, public_note="<b>loud</b>\u202e")
        page = client.get(submission.get_absolute_url()).text
        assert "&lt;b&gt;loud&lt;/b&gt;⟨U+202E⟩" in page
        assert "<b>loud" not in page

    def test_a_file_that_went_is_told_of_at_its_place(self, client, submission, moderator):
        attach(submission)
        attach(submission, number=2, key="second", title="The second")
        decided(submission, "attachment:1", by=moderator, action="hide", rule="rights")
        page = client.get(submission.get_absolute_url()).text
        assert page.count("Pangolins") == 1
        assert page.count("letter.pdf") == 1
        assert "2 attached files" in page
        assert order(page, 'id="attachment-1"', "Rights of others", "The second") is None

    def test_a_file_of_which_words_went_is_withheld_and_says_so(
        self, client, submission, moderator
    ):
        attach(submission)
        page = client.get(submission.get_absolute_url()).text
        assert "The file itself is withheld" not in page
        decided(submission, "attachment:1", by=moderator, words=["Pangolins"])
        page = client.get(submission.get_absolute_url()).text
        told = ('id="attachment-1"', "Words redacted", "The file itself is withheld")
        assert order(page, *told) is None
        assert "Pangolins" not in page
        assert "letter.pdf" not in page

    def test_a_part_that_went_has_it_in_place_of_its_words(self, client, submission, moderator):
        decided(submission, "point:1", by=moderator, action="hide", rule="hate")
        page = client.get(submission.get_absolute_url()).text
        point = page[page.index('id="point-1"') : page.index('id="point-2"')]
        assert 'id="hidden-point-1"' in point
        assert "#rule-hate" in point
        assert HIDDEN not in point
        assert "Evidence named" not in point
        assert "Keep this one as it is." in page

    def test_so_has_an_answer(self, client, submission, moderator):
        decided(submission, "answer:why", by=moderator, action="hide", rule="hate")
        page = client.get(submission.get_absolute_url()).text
        answer = page[page.index('id="answer-') : page.index('id="points"')]
        assert 'id="hidden-answer-why"' in answer
        assert HIDDEN not in answer
        assert "prose filed" not in answer

    def test_a_link_to_words_that_went_leads_to_it(self, client, submission, moderator):
        decided(submission, "answer:why", by=moderator, action="hide")
        page = client.get(f"{submission.get_absolute_url()}?mark=answer:why:0-3").text
        assert order(page, 'id="answer-', 'id="marked"', 'id="hidden-answer-why"') is None

    def test_a_bar_leads_to_what_tells_of_it_right_below(self, client, submission, moderator):
        decided(submission, "answer:why", by=moderator)
        page = client.get(submission.get_absolute_url()).text
        bar, told = 'href="#hidden-answer-why"', 'id="hidden-answer-why"'
        assert order(page, 'id="answer-', bar, "He knows more.", told, 'id="points"') is None
        assert page.count(told) == 1

    def test_a_title_that_went_is_told_of_under_the_name(self, client, submission, moderator):
        submission.title = "A rude title"
        submission.save()
        decided(submission, "", by=moderator, action="hide", rule="hate")
        page = client.get(submission.get_absolute_url()).text
        assert order(page, "<h1", 'id="hidden"', "Text as filed") is None
        for part in ("answer-why", "point-1", "point-2"):
            assert f'id="hidden-{part}"' in page
        assert HIDDEN not in page

    def test_who_writes_blocks_is_shown_with_them(self, client, submission):
        submission.answers.update(text=HIDDEN * 3)
        page = client.get(submission.get_absolute_url()).text
        assert HIDDEN * 3 in page
        assert "#hidden" not in page

    def test_a_file_the_author_keeps_back_and_moderators_hid_is_told_of_once(
        self, client, submission, moderator
    ):
        attach(submission, kept_back="business")
        attach(submission, number=2, key="second", kept_back="business")
        submission.visibility = "confidential"
        submission.save()
        decided(submission, "attachment:1", by=moderator, action="hide", rule="rights")
        page = client.get(submission.get_absolute_url()).text
        assert page.count("One file kept back") == 1
        assert page.count('id="hidden-attachment-1"') == 1

    def test_it_is_told_only_where_something_went(self, client, submission, moderator):
        decided(submission, "point:2", by=moderator, action="hide", rule="hate")
        page = client.get(submission.get_absolute_url()).text
        assert page.count("#rule-hate") == 1
        assert page.index("#rule-hate") > page.index('id="point-2"')

    def test_many_decisions_cost_what_one_does(
        self, client, submission, moderator, django_assert_num_queries
    ):
        decided(submission, "answer:why", by=moderator)
        client.get(submission.get_absolute_url())
        with django_assert_num_queries(12):
            client.get(submission.get_absolute_url())
        for part in ("point:1", "point:2"):
            decided(submission, part, by=moderator, action="hide")
        with django_assert_num_queries(12):
            client.get(submission.get_absolute_url())


class TestAuthor:
    """Who wrote it reads what went, why, and how to appeal; nobody else does."""

    @pytest.fixture
    def decision(self, submission, moderator):
        return decided(submission, "answer:why", by=moderator)

    @pytest.mark.parametrize("where", ["detail", "words"])
    def test_it_stands_on_both_pages(self, client, decision, submission, author, where):
        client.force_login(author)
        page = self.page(client, submission, where)
        assert SECRET in page
        assert "It names somebody." in page
        assert "It tells who somebody is" in page
        assert address("appeal", submission, decision.pk) in page

    @pytest.mark.parametrize("where", ["detail", "words"])
    @pytest.mark.parametrize("who", [None, "rival", "moderator"])
    def test_others_read_none_of_it(self, client, decision, submission, where, who, request):
        if who:
            client.force_login(request.getfixturevalue(who))
        page = self.page(client, submission, where)
        assert SECRET not in page
        assert "It names somebody." not in page
        assert address("appeal", submission, decision.pk) not in page

    def test_it_says_until_when_one_can_appeal_and_what_came_of_it(
        self, client, decision, submission, author, second_moderator
    ):
        client.force_login(author)
        place = address("appeal", submission, decision.pk)
        assert "you can ask that somebody else" in self.page(client, submission, "detail")
        with time_machine.travel(decision.appeal_until + timedelta(minutes=1)):
            client.force_login(author)
            assert "you can ask that somebody else" not in self.page(client, submission, "detail")
            page = client.get(place).text
            assert "The time to appeal is over." in page
            assert "Send the appeal" not in page
            assert client.post(place, {"text": "He agreed."}).status_code == 409
        client.force_login(author)
        lodged = appeal(decision, text="He agreed.", by=author)
        assert "You get a mail with the answer." in self.page(client, submission, "detail")
        decide_appeal(lodged, outcome="upheld", statement="No.", by=second_moderator)
        page = self.page(client, submission, "detail")
        assert "The decision stands" in page
        assert "you can ask that somebody else" not in page

    def test_it_is_no_official_response(self, client, decision, submission, author):
        client.force_login(author)
        assert "The host has not answered yet." in self.page(client, submission, "words")

    def test_what_was_kept_bothers_no_author(self, client, submission, author, moderator):
        decided(submission, "point:2", by=moderator, action="keep", words=[])
        client.force_login(author)
        assert "What moderators decided" not in self.page(client, submission, "detail")

    @staticmethod
    def page(client, submission, where):
        if where == "detail":
            return client.get(submission.get_absolute_url()).text
        names = [submission.consultation.slug, submission.reference]
        return client.get(reverse("briefings:words", args=names)).text


class TestWorkspace:
    """Moderators find what waits, what was decided, and all they need to decide."""

    def test_it_has_a_tab(self, client, submission, moderator):
        client.force_login(moderator)
        page = client.get(reverse("submissions:disputes", args=[submission.consultation.slug])).text
        assert f'href="{address("queue", submission)}"' in page

    def test_an_empty_queue_says_so(self, client, submission, moderator):
        client.force_login(moderator)
        place = address("queue", submission)
        assert "Nothing waits." in client.get(place).text
        assert "Nothing was decided so far." in client.get(place, {"state": "decided"}).text

    def test_what_was_decided_stands_newest_first_with_what_was_kept(
        self, client, submission, moderator
    ):
        first = open_case(submission, "point:2", by=moderator)
        decided(submission, "answer:why", by=moderator)
        kept = DecisionInput("keep", statement="It breaks no rule.")
        decide(first, kept, by=moderator)
        client.force_login(moderator)
        rows = client.get(address("queue", submission), {"state": "decided"}).context["rows"]
        assert [row.decision.action for row in rows] == ["keep", "redact"]
        narrowed = {"state": "decided", "rule": "personal", "group": "individual"}
        rows = client.get(address("queue", submission), narrowed).context["rows"]
        assert [row.decision.action for row in rows] == ["redact"]

    def test_what_was_withdrawn_does_not_wait(self, client, submission, author, moderator):
        flag(submission, "", rule="hate", by=None)
        withdraw(submission, by=author)
        client.force_login(moderator)
        assert client.get(address("queue", submission)).context["rows"] == []

    @pytest.mark.parametrize("length", range(150, 215, 7))
    def test_a_cut_excerpt_with_bars_leaves_the_page_whole(
        self, client, submission, moderator, length
    ):
        answer = submission.answers.get()
        answer.text = "a" * length + HIDDEN * 30 + "<i>" + "b" * 90
        answer.save()
        open_case(submission, "answer:why", by=moderator)
        client.force_login(moderator)
        page = client.get(address("queue", submission)).text
        assert is_balanced(page)
        assert "<i>" not in page

    @pytest.mark.parametrize("state", ["", "decided"])
    def test_pages_of_fifty_cost_the_same(
        self, client, open_consultation, moderator, state, django_assert_max_num_queries
    ):
        filed = SubmissionFactory(consultation=open_consultation)
        question = open_consultation.questions.get(key="why")
        client.force_login(moderator)
        place = reverse("moderation:queue", args=[open_consultation.slug])
        self.fill(filed, question, range(1, 3))
        client.get(place, {"state": state})
        with django_assert_max_num_queries(30) as few:
            client.get(place, {"state": state})
        for made in SubmissionFactory.create_batch(6, consultation=open_consultation):
            self.fill(made, question, range(1, 10))
        with django_assert_max_num_queries(len(few.captured_queries)):
            first = client.get(place, {"state": state})
        assert len(first.context["rows"]) == 50
        after = first.context["next_cursor"]
        second = client.get(place, {"state": state, "after": after})
        assert len(second.context["rows"]) == 6
        seen = [row.case.pk for page in (first, second) for row in page.context["rows"]]
        assert len(set(seen)) == 56

    @staticmethod
    def fill(submission, question, numbers):
        """Make an open case and a decided one for each of some answers."""
        for number in numbers:
            answer = AnswerFactory(submission=submission, question=question, number=number)
            fields = {
                "consultation": submission.consultation,
                "submission": submission,
                "part": answer.part,
                "group": submission.group,
            }
            Case.objects.create(rank=number % 3, **fields).flagged.create(rule="hate")
            Decision.objects.create(
                case=Case.objects.create(state="decided", **fields),
                consultation=submission.consultation,
                action="keep",
                statement="Fine.",
            )

    def test_a_link_that_was_cut_is_refused(self, client, submission, moderator):
        client.force_login(moderator)
        answer = client.get(address("queue", submission), {"after": "nonsense"})
        assert answer.status_code == 400

    def test_a_case_shows_sources_files_and_reports_without_names(
        self, client, submission, moderator, rival
    ):
        attach(submission, kept_back="business")
        case = flag(submission, "", rule="hate", text="<b>Look.</b>", by=rival)
        flag(submission, "", rule="threat", by=None)
        client.force_login(moderator)
        page = client.get(address("case", submission, case.pk)).text
        for shown in ("https://example.org/quillfeather", "letter.pdf", "Pangolins", "not public"):
            assert shown in page
        assert html.escape("<b>Look.</b>") in page
        assert "with an account" in page
        assert "without an account" in page
        assert rival.name not in page
        assert rival.email not in page

    def test_of_another_part_nothing_is_shown(self, client, submission, moderator):
        attach(submission)
        case = open_case(submission, "point:2", by=moderator)
        client.force_login(moderator)
        page = client.get(address("case", submission, case.pk)).text
        assert "Keep this one as it is." in page
        for other in (SECRET, "quillfeather", "letter.pdf"):
            assert other not in page

    def test_of_long_files_the_first_pages_are_shown(self, client, submission, moderator):
        attach(submission, pages=23)
        case = open_case(submission, "attachment:1", by=moderator)
        client.force_login(moderator)
        page = client.get(address("case", submission, case.pk)).text
        assert "leaf 20." in page
        assert "leaf 21." not in page
        assert "3 more pages" in page

    def test_a_case_costs_the_same_however_many_reported(
        self, client, submission, moderator, django_assert_max_num_queries
    ):
        case = flag(submission, "", rule="hate", by=None)
        client.force_login(moderator)
        place = address("case", submission, case.pk)
        client.get(place)
        with django_assert_max_num_queries(40) as few:
            client.get(place)
        for _n in range(20):
            flag(submission, "", rule="hate", by=None)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(place)

    def test_a_decided_case_has_no_form(self, client, submission, moderator):
        decision = decided(submission, "answer:why", by=moderator)
        client.force_login(moderator)
        place = address("case", submission, decision.case_id)
        page = client.get(place).text
        assert 'name="action"' not in page
        assert SECRET in page
        entered = {"action": "keep", "statement": "So."}
        assert client.post(place, entered).status_code == 409
