"""Colleagues comment on a draft; nobody else reads it, and nothing stays once it is filed."""

import pytest
from django.urls import reverse

from apps.audit.models import Entry
from apps.submissions.errors import AlreadyFiled, InvalidContent, NotYours
from apps.submissions.models import DraftComment, Submission
from apps.submissions.services import comment, discard_draft, resolve_comment, start_draft, submit
from tests.submissions.joint_cast import drafted

pytestmark = pytest.mark.django_db
STEP = "question:why"
ADDRESS = "/consultations/open-consultation/respond/"


@pytest.fixture
def draft(open_consultation, forum, member):
    return drafted(open_consultation, forum, member)


def form_of(client, **query):
    """What a browser would send back from the page."""
    page = client.get(ADDRESS, {"for": "citizens-forum"} | query)
    entry = page.context["entry"]
    return {
        "for": "citizens-forum",
        "seen": entry.seen,
        "began": entry.began_as_text,
        "step": query.get("step", ""),
        "answer-why.text": "Because nobody pauses alone.",
        "point-0-provision": "article-3",
        "point-0-stance": "oppose",
        "point-0-reason": "Too late.",
    }


def test_a_colleague_comments_and_another_resolves_it(draft, member, drafter):
    said = comment(draft, place=STEP, text=" Shorter? ", by=drafter)
    assert (said.text, said.place, said.author) == ("Shorter?", STEP, drafter)
    resolved = resolve_comment(said, by=member)
    assert resolved.resolved_by == member
    assert resolve_comment(said, by=drafter).resolved_by == member
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert (kinds.count("draft.commented"), kinds.count("draft.comment_resolved")) == (1, 1)


def test_pressing_twice_leaves_one_comment(draft, drafter):
    made = {comment(draft, place="", text="Fine.", by=drafter).pk for _time in range(2)}
    assert len(made) == 1


@pytest.mark.parametrize(
    ("place", "text"),
    [("", "  "), ("", "x" * 5_001), ("", "a\0b"), ("question:none", "Here?")],
)
def test_a_comment_that_cannot_be_kept_says_why(draft, drafter, place, text):
    with pytest.raises(InvalidContent) as refused:
        comment(draft, place=place, text=text, by=drafter)
    assert refused.value.fields["comment"]


def test_only_those_who_may_draft_comment_and_read(draft, drafter, rival):
    comment(draft, place="", text="Ours alone.", by=drafter)
    with pytest.raises(NotYours):
        comment(draft, place="", text="Mine too.", by=rival)
    assert not DraftComment.objects.visible_to(rival).exists()
    assert DraftComment.objects.visible_to(drafter).exists()


def test_a_draft_of_ones_own_takes_no_comments(open_consultation, participant):
    own = start_draft(open_consultation, author=participant, group="individual")
    with pytest.raises(InvalidContent):
        comment(own, place="", text="To myself.", by=participant)


def test_comments_go_when_the_draft_is_filed_or_discarded(open_consultation, forum, member):
    first = drafted(open_consultation, forum, member)
    said = comment(first, place="", text="One.", by=member)
    submit(first, by=member)
    assert not DraftComment.objects.exists()
    with pytest.raises(AlreadyFiled):
        resolve_comment(said, by=member)
    second = drafted(open_consultation, forum, member)
    comment(second, place="", text="Two.", by=member)
    discard_draft(second, by=member)
    assert not DraftComment.objects.exists()


def test_a_step_shows_its_own_comments_and_takes_one_without_losing_what_is_typed(
    client, draft, drafter
):
    comment(draft, place="question:much", text="About the scale.", by=drafter)
    client.force_login(drafter)
    sent = form_of(client, step=STEP) | {"answer-why.text": "Changed words.", "then": "comment"}
    answer = client.post(ADDRESS, sent | {"comment": "Is this true?"})
    assert answer.status_code == 302
    assert answer.url.endswith("#comments")
    page = client.get(answer.url.partition("#")[0]).content.decode()
    assert "Is this true?" in page
    assert "Changed words." in page
    assert "About the scale." not in page
    whole = client.get(ADDRESS, {"for": "citizens-forum"}).content.decode()
    assert "About the scale." in whole
    found = DraftComment.objects.get(place=STEP)
    client.post(ADDRESS, form_of(client, step=STEP) | {"then": f"resolve-{found.pk}"})
    assert DraftComment.objects.get(place=STEP).resolved_by == drafter


def test_a_refused_comment_stands_where_it_was_typed(client, draft, drafter):
    client.force_login(drafter)
    sent = form_of(client, step=STEP) | {"then": "comment", "comment": "y" * 5_001}
    page = client.post(ADDRESS, sent)
    assert page.status_code == 422
    assert "y" * 5_001 in page.content.decode()
    assert 'href="#comment"' in page.content.decode()


def test_a_comment_beside_a_draft_that_changed_elsewhere_is_kept_on_the_page(
    client, draft, member, drafter
):
    client.force_login(drafter)
    sent = form_of(client, step=STEP)
    draft.answers.update(text="By somebody else.")
    sent |= {"answer-why.text": "Mine.", "then": "comment", "comment": "Still here."}
    page = client.post(ADDRESS, sent)
    assert page.status_code == 409
    assert "Still here." in page.content.decode()
    assert not DraftComment.objects.exists()


def test_before_filing_unresolved_comments_are_a_notice_and_no_barrier(client, draft, member):
    comment(draft, place=STEP, text="Open matter.", by=member)
    done = comment(draft, place="", text="Settled matter.", by=member)
    resolve_comment(done, by=member)
    client.force_login(member)
    check = ADDRESS + "check/?for=citizens-forum"
    page = client.get(check).content.decode()
    assert "1 comment is not resolved" in page
    assert "Open matter." in page
    assert "Settled matter." not in page
    assert "deleted when the draft is filed" in page
    answer = client.post(check, {"then": "comment", "comment": "On the whole."})
    assert answer.url.endswith("#comments")
    assert DraftComment.objects.unresolved().filter(text="On the whole.").exists()
    assert client.post(check).status_code == 302
    assert Submission.objects.get().is_submitted


def test_a_comment_typed_in_an_expired_session_waits_behind_the_log_in(client, draft, member):
    check = ADDRESS + "check/?for=citizens-forum"
    answer = client.post(check, {"then": "comment", "comment": "Do not lose me."})
    assert reverse("account_login") in answer.url
    kept = dict(client.session)
    client.force_login(member)
    session = client.session
    session.update({name: kept[name] for name in kept if name.startswith("kept-")})
    session.save()
    assert "Do not lose me." in client.get(check).content.decode()


def test_pages_cost_the_same_with_many_comments(
    client, draft, drafter, django_assert_max_num_queries
):
    client.force_login(drafter)
    comment(draft, place=STEP, text="One.", by=drafter)
    for address in (ADDRESS, ADDRESS + "check/"):
        query = {"for": "citizens-forum", "step": STEP}
        with django_assert_max_num_queries(60) as few:
            client.get(address, query)
        for number in range(20):
            comment(draft, place=STEP, text=f"Again {address} {number}.", by=drafter)
        with django_assert_max_num_queries(len(few)):
            client.get(address, query)


def test_no_other_organisation_reads_the_comments(client, draft, drafter, participant):
    comment(draft, place="", text="Ours alone.", by=drafter)
    client.force_login(participant)
    assert client.get(ADDRESS, {"for": "citizens-forum"}).status_code == 404
