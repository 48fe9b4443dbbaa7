"""Colleagues who write at different places of one draft keep each other's words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from apps.submissions import parts
from apps.submissions.formdata import content_from, fields_of
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    RedactionInput,
    ReplyInput,
)
from apps.submissions.models import DraftEdit, RefusedEdit, Submission
from apps.submissions.services import submit
from tests.submissions.joint_cast import drafted
from tests.submissions.opened import opened

FORM = "/consultations/open-consultation/respond/"
WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20)
MARKS = st.sampled_from(["", "support", "oppose"])
ANSWERS = st.lists(
    st.builds(
        AnswerInput,
        question=st.sampled_from(["why", "pick", "rate", "stand"]),
        text=WORDS.filter(str.strip),
        choices=st.lists(st.sampled_from(["a", "b"]), unique=True),
        scale=st.none() | st.integers(1, 5),
        stance=MARKS,
    ),
    unique_by=lambda answer: answer.question,
)
SOURCES = st.lists(st.builds(EvidenceInput, url=st.just("https://a.example"), title=st.just("A")))
POINTS = st.lists(
    st.builds(
        PointInput,
        provision=st.sampled_from(["article-1", "article-2", "article-3"]),
        stance=MARKS,
        reason=WORDS,
        evidence=SOURCES,
        quote=st.just("within 30 days"),
        nth=st.integers(0, 2),
    ),
    max_size=5,
)
CONTENTS = st.builds(
    DraftInput,
    answers=ANSWERS,
    points=POINTS,
    replies=st.lists(
        st.builds(ReplyInput, submission=WORDS, part=st.just("point:1"), kind=WORDS, text=WORDS),
        max_size=2,
    ),
    attachments=st.lists(st.builds(FileNote, key=st.just("abc"), title=WORDS), max_size=1),
    visibility=st.sampled_from(["named", "withheld"]),
    redactions=st.lists(st.builds(RedactionInput, words=WORDS.filter(str.strip)), max_size=2),
    group=st.sampled_from(["civil", "company"]),
)


@given(CONTENTS)
def test_a_response_written_as_fields_is_read_back_as_it_was(content):
    data = QueryDict(urlencode(list(fields_of(content))))
    assert parts.digests(content_from(data, group=content.group)) == parts.digests(content)


@given(CONTENTS, CONTENTS)
def test_a_form_in_which_nothing_was_changed_changes_nothing(opened_with, there):
    began = parts.digests(opened_with)
    merged = parts.merge(opened_with, there, began=began, own={})
    held = {file.key for file in opened_with.attachments}
    files = [file for file in there.attachments if file.key in held]
    assert not merged.conflicts
    assert parts.held(merged.content) == parts.held(
        DraftInput(answers=there.answers, points=there.points, replies=there.replies)
    ) | {parts.FILE + file.key: [file] for file in files}
    assert merged.content.group == there.group
    assert merged.content.redactions == there.redactions


@given(CONTENTS, CONTENTS)
def test_what_nobody_else_changed_is_taken_as_it_was_sent(sent, there):
    began = parts.digests(there)
    merged = parts.merge(sent, there, began=began, own={})
    assert not merged.conflicts
    assert parts.digests(merged.content) == parts.digests(sent)


@given(CONTENTS, CONTENTS, CONTENTS)
def test_every_place_holds_one_of_the_two_and_a_loss_is_a_conflict(before, sent, there):
    began, mine, theirs = (parts.digests(one) for one in (before, sent, there))
    merged = parts.merge(sent, there, began=began, own={})
    found = parts.digests(merged.content)
    for key in found.keys() | theirs.keys() - {parts.CONCERNS}:
        if key.startswith(parts.FILE):
            continue
        assert found.get(key, "") in (mine.get(key, ""), theirs.get(key, ""))
        changed_there = theirs.get(key, "") != began.get(key, "")
        if changed_there and found.get(key, "") != theirs.get(key, ""):
            assert key in merged.conflicts


@pytest.fixture
def draft(open_consultation, forum, member):
    return drafted(open_consultation, forum, member)


@pytest.fixture
def colleagues(client, drafter, member, draft, django_user_model):
    other = type(client)()
    client.force_login(member)
    other.force_login(drafter)
    return client, other


def fields(client, **query):
    """Return all fields of a form, as a browser would send them."""
    page = client.get(FORM, {"for": "citizens-forum"} | query)
    entry = page.context["entry"]
    typed = QueryDict(urlencode(list(fields_of(entry.content)))).copy()
    typed.update({"for": "citizens-forum", "step": query.get("step", ""), "form": entry.form})
    typed.update(opened(page.content.decode()))
    return typed


def sent(client, typed, *, to=FORM, **changed):
    data = typed.copy()
    for name, value in changed.items():
        data[name] = value
    return client.post(to, data.urlencode(), content_type="application/x-www-form-urlencoded")


def reopen(typed, page):
    """Take over what the answer says the form begins from now."""
    for name, value in opened(page.content.decode()).items():
        typed[name] = value


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [("question:why", "provision:article-3"), ("", "")])
def test_two_colleagues_at_different_places_keep_each_others_words(colleagues, draft, steps):
    one, other = colleagues
    first, second = fields(one, step=steps[0]), fields(other, step=steps[1])
    assert sent(one, first, then="save", **{"answer-why.text": "By the first."}).status_code == 200
    page = sent(other, second, then="save", **{"point-0-reason": "By the second."})
    assert page.status_code == 200
    draft.refresh_from_db()
    assert draft.answers.get(question__key="why").text == "By the first."
    assert draft.points.get().reason == "By the second."
    assert "By the first." in page.content.decode(), "shown where it was taken over"


@pytest.mark.django_db
def test_what_saves_itself_never_brings_back_what_a_colleague_replaced(colleagues, draft):
    one, other = colleagues
    first, second = fields(one), fields(other)
    auto = reverse("submissions:autosave", args=["open-consultation"])
    sent(one, first, then="save", **{"answer-why.text": "By the first."})
    for typed in ("Being", "Being typed"):
        line = sent(other, second, to=auto, **{"point-0-reason": typed})
        assert "Not saved." not in line.content.decode()
        reopen(second, line)
    assert draft.answers.get(question__key="why").text == "By the first."
    assert draft.points.get().reason == "Being typed"


@pytest.mark.django_db
def test_at_the_same_place_the_second_reads_what_the_first_wrote(colleagues, draft):
    one, other = colleagues
    step = "question:why"
    first, second = fields(one, step=step), fields(other, step=step)
    sent(one, first, then="next", **{"answer-why.text": "By the first."})
    page = sent(other, second, then="next", **{"answer-why.text": "By the second."})
    text = page.content.decode()
    assert page.status_code == 409
    assert "By the <del>first</del><ins>second</ins>." in text
    assert "By the second." in text
    assert draft.answers.get(question__key="why").text == "By the first."
    reopen(second, page)
    assert sent(other, second, then="save", **{"answer-why.text": "Both."}).status_code == 200
    assert draft.answers.get(question__key="why").text == "Both."


@pytest.mark.django_db
def test_the_stored_text_is_taken_by_a_button_and_the_own_waits(colleagues, draft):
    one, other = colleagues
    first, second = fields(one), fields(other)
    sent(one, first, then="save", **{"answer-why.text": "By the first."})
    page = sent(other, second, then="save", **{"answer-why.text": "By the second."})
    assert 'value="take-question:why"' in page.content.decode()
    reopen(second, page)
    page = sent(other, second, then="take-question:why", **{"point-0-reason": "Too soon."})
    assert page.status_code == 200
    assert page.context["entry"].content.answers[0].text == "By the first."
    assert draft.points.get().reason == "Too soon."
    assert "By the second." in page.content.decode(), "it can still be copied"
    assert RefusedEdit.objects.get().words == "By the second."


@pytest.mark.django_db
def test_a_place_that_waits_for_a_decision_is_not_replaced_by_a_decision_on_another(
    colleagues, draft
):
    one, other = colleagues
    theirs = {"answer-why.text": "By the first.", "point-0-reason": "Too late for us."}
    mine = {"answer-why.text": "By the second.", "point-0-reason": "Too soon for us."}
    first, second = fields(one), fields(other)
    sent(one, first, then="save", **theirs)
    page = sent(other, second, then="save", **mine)
    reopen(second, page)
    second.setlist("undecided", ["question:why", "provision:article-3"])
    page = sent(other, second, then="take-question:why", **mine)
    assert page.status_code == 409
    assert [conflict.part for conflict, _name in page.context["conflicts"]] == [
        "provision:article-3"
    ]
    assert draft.points.get().reason == "Too late for us."


@pytest.mark.django_db
def test_what_saves_itself_decides_nothing_between_two_texts(colleagues, draft):
    one, other = colleagues
    first, second = fields(one), fields(other)
    sent(one, first, then="save", **{"answer-why.text": "By the first."})
    mine = {"answer-why.text": "By the second."}
    reopen(second, sent(other, second, then="save", **mine))
    second["undecided"] = "question:why"
    line = sent(other, second, to=TestRefused.AUTO, **{"answer-why.text": "By both of us."})
    assert "Decide with a button which text stays." in line.content.decode()
    assert draft.answers.get(question__key="why").text == "By the first."
    reopen(second, line)
    assert RefusedEdit.objects.get().words == "By both of us."
    page = sent(other, second, then="save", **{"answer-why.text": "By both of us."})
    assert page.status_code == 200
    assert draft.answers.get(question__key="why").text == "By both of us."
    assert not RefusedEdit.objects.exists()


@pytest.mark.django_db
def test_how_one_is_seen_is_said_in_words_where_two_changed_it(colleagues, draft):
    one, other = colleagues
    first, second = fields(one), fields(other)
    sent(one, first, then="save", visibility="withheld")
    page = sent(other, second, then="save", visibility="confidential")
    [(conflict, _name)] = page.context["conflicts"]
    assert (conflict.stored, conflict.sent) == ("Public, name withheld", "Parts kept back")


@pytest.mark.django_db
class TestRefused:
    """What a refused save held waits for its author, whatever becomes of the open form."""

    AUTO = "/consultations/open-consultation/respond/autosave/"
    TOLD = "Not saved, because somebody else changed the same places"

    def refuse(self, one, other, *, to):
        first, second = fields(one), fields(other)
        sent(one, first, then="save", **{"answer-why.text": "By the first."})
        mine = {"answer-why.text": "By the second.", "point-0-reason": "Too late."}
        sent(other, second, to=to, then="save", **mine)
        return second

    def shown(self, client, **query):
        return client.get(FORM, {"for": "citizens-forum"} | query).content.decode()

    @pytest.mark.parametrize("to", [AUTO, FORM])
    def test_it_is_there_for_them_alone_once_the_page_is_opened_again(self, colleagues, draft, to):
        one, other = colleagues
        self.refuse(one, other, to=to)
        for query in ({}, {"step": "question:why"}, {"step": "provision:article-1"}):
            page = self.shown(other, **query)
            assert self.TOLD in page
            assert "By the second." in page
            assert "Too late." in page, "nothing of that save was stored"
            assert self.TOLD not in self.shown(one, **query)
        assert draft.answers.get(question__key="why").text == "By the first."

    def test_it_is_dropped_when_its_author_says_so(self, colleagues, draft):
        one, other = colleagues
        self.refuse(one, other, to=self.AUTO)
        for row in RefusedEdit.objects.all():
            sent(one, fields(one), then=f"forget-{row.pk}")
            assert RefusedEdit.objects.filter(pk=row.pk).exists(), "only by its author"
            typed = {"answer-why.text": "Still being typed."}
            page = sent(other, fields(other), then=f"forget-{row.pk}", **typed).content.decode()
            assert "Still being typed." in page
        assert self.TOLD not in self.shown(other)

    def test_it_is_gone_once_the_same_form_replaces_what_is_stored(self, colleagues, draft):
        one, other = colleagues
        second = self.refuse(one, other, to=FORM)
        page = sent(other, second, then="save", **{"answer-why.text": "By the second."})
        assert page.status_code == 409
        reopen(second, page)
        assert sent(other, second, then="save", **{"answer-why.text": "Mine."}).status_code == 200
        assert self.TOLD not in self.shown(other)

    def test_the_newest_words_at_a_place_replace_those_before(self, colleagues, draft):
        one, other = colleagues
        second = self.refuse(one, other, to=self.AUTO)
        sent(other, second, to=self.AUTO, **{"answer-why.text": "By the second, and more."})
        held = RefusedEdit.objects.get(part="question:why")
        assert held.words == "By the second, and more."

    def test_it_goes_with_the_draft(self, colleagues, draft, member):
        self.refuse(*colleagues, to=self.AUTO)
        submit(draft, by=member)
        assert not RefusedEdit.objects.exists()


@pytest.mark.django_db
def test_what_could_not_be_kept_as_content_is_part_of_what_the_next_one_saves(colleagues, draft):
    one, other = colleagues
    first, second = fields(one), fields(other)
    sent(one, first, then="save", **{"point-0-evidence": "http"})
    sent(other, second, then="save", **{"answer-why.text": "By the second."})
    text = one.get(FORM, {"for": "citizens-forum"}).content.decode()
    assert 'value="http"' in text
    assert "By the second." in text
    assert DraftEdit.objects.get().typed


@pytest.mark.django_db
def test_the_steps_a_colleague_chose_stay_chosen(colleagues, draft):
    one, other = colleagues
    first, second = fields(one, step="choose"), fields(other, step="question:why")
    sent(one, first, then="next", concern="provision:article-2")
    sent(other, second, then="save", **{"answer-why.text": "By the second."})
    assert DraftEdit.objects.get().concerns == ["provision:article-2"]
    assert Submission.objects.get().answers.get(question__key="why").text == "By the second."


@pytest.mark.django_db
@pytest.mark.parametrize("began", ["", "[]", "{", "null", '{"question:why": 3}', "\0"])
def test_a_form_that_does_not_say_what_it_began_from_replaces_the_draft(colleagues, draft, began):
    one, _other = colleagues
    typed = fields(one)
    typed["began"] = began
    page = sent(one, typed, then="save", **{"answer-why.text": "Replaced."})
    assert page.status_code in (200, 409)
    assert "Replaced." in page.content.decode()


@pytest.mark.django_db
def test_a_file_for_a_point_disturbs_no_colleague(colleagues, draft, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one, other = colleagues
    first, second = fields(one), fields(other, step="provision:article-3")
    sent(one, first, then="save", **{"answer-why.text": "By the first."})
    typed = {name: second.getlist(name) for name in second}
    file = SimpleUploadedFile("a.txt", b"Words.")
    page = other.post(FORM, typed | {"then": "save", "point-0-upload": file})
    assert page.status_code == 200
    point = draft.points.get()
    assert [file.name for file in point.attachments.all()] == ["a.txt"]
    assert draft.answers.get(question__key="why").text == "By the first."
    again = second.copy()
    reopen(again, page)
    again.update({"point-0-file": draft.attachments.get().key})
    assert sent(other, again, then="save", **{"point-0-reason": "Later."}).status_code == 200
    assert draft.points.get().reason == "Later."
