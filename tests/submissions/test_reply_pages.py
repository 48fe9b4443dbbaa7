"""Replies on pages: begun at what they answer, checked, filed, read in threads by group."""

import html

import pytest
from django.urls import reverse

from apps.accounts.models import Membership
from apps.submissions.models import HIDDEN, Point, Reply, Submission
from apps.submissions.services import (
    ask_for_sign_off,
    file_submission,
    save_draft,
    seal_of,
    sign_off,
    start_draft,
    submit,
    withdraw,
)
from tests.factories import MembershipFactory, PhaseFactory, days
from tests.submissions.opened import FRESH
from tests.submissions.reply_cast import content, filed, reply, thread_of_many
from tests.submissions.test_disputes import mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(reply_phase):
    return reverse("submissions:reply", args=[reply_phase.consultation.slug])


def typed(target, **more):
    given = {"group": "research", "reply-0-submission": target.reference, "then": "save"}
    given |= {"reply-0-part": "point:1", "reply-0-kind": "rebuttal", "reply-0-text": "Not too long"}
    return given | more


def test_reply_leads_from_a_point_to_a_form_that_quotes_it(
    client,
    target,
    address,
    participant,
):
    page = client.get(target.get_absolute_url()).content.decode()
    link = f"{address}?to={target.reference}&amp;part=point%3A1"
    assert link in page
    client.force_login(participant)
    form = client.get(link.replace("&amp;", "&"))
    assert target.points.get().reason in form.content.decode()
    assert 'name="reply-0-text"' in form.content.decode()


def test_replies_are_saved_checked_and_filed_without_a_script(
    client,
    target,
    address,
    participant,
):
    client.force_login(participant)
    saved = client.post(address, typed(target))
    draft = Submission.objects.get(state="draft")
    assert "Saved as a draft" in saved.content.decode()
    assert draft.is_reply
    check = client.post(address, typed(target, then="check", seen=draft.updated_at.isoformat()))
    assert check["Location"] == f"{address}check/"
    page = client.get(check["Location"]).content.decode()
    assert "Not too long" in page
    assert target.points.get().reason in page
    done = client.post(check["Location"], follow=True)
    assert "Your replies are filed" in done.content.decode()
    assert Reply.objects.get().submission.is_submitted
    again = client.post(check["Location"])
    assert again["Location"] == done.redirect_chain[0][0]


def test_what_was_typed_in_an_expired_session_comes_back_after_log_in(
    client,
    target,
    address,
    participant,
):
    away = client.post(address, typed(target))
    assert away.status_code == 302
    client.force_login(participant)
    assert "Not too long" in client.get(address).content.decode()


def test_an_autosave_keeps_replies_that_cannot_be_kept_as_they_are(
    client,
    target,
    address,
    participant,
):
    client.force_login(participant)
    said = client.post(f"{address}autosave/", typed(target, **{"reply-0-kind": "applause"}))
    assert "Something needs a change" in said.content.decode()
    assert "Not too long" in client.get(address).content.decode()


def test_two_windows_never_overwrite_each_other_silently(
    client,
    target,
    address,
    participant,
):
    client.force_login(participant)
    client.post(f"{address}autosave/", typed(target, form="one", **FRESH))
    late = typed(target, form="two", **FRESH, **{"reply-0-text": "Other words"})
    page = client.post(address, late)
    assert page.status_code == 409
    assert "Other words" in page.content.decode()
    assert Reply.objects.get().text == "Not too long"


def test_what_cannot_be_filed_is_said_beside_its_field(
    client,
    target,
    address,
    participant,
):
    client.force_login(participant)
    page = client.post(address, typed(target, then="check", **{"reply-0-text": " "}))
    assert page.status_code == 422
    assert '<a href="#reply-0-text"' in page.content.decode()
    assert 'id="reply-0-text-e"' in page.content.decode()


def test_a_reply_is_removed_by_its_button(client, target, address, participant):
    client.force_login(participant)
    page = client.post(address, typed(target, then="drop-0"))
    assert "reply-0-text" not in page.content.decode()


@pytest.mark.parametrize("query", ["?to=nobody&part=point:1", "?to=%00&part=%00", "?to=a"])
def test_an_address_that_names_nothing_says_so(client, address, participant, query):
    client.force_login(participant)
    assert "nothing to answer" in client.get(address + query).content.decode()


def test_own_words_have_no_reply_and_say_why(client, target, address, rival):
    client.force_login(rival)
    assert address not in client.get(target.get_absolute_url()).content.decode()
    page = client.get(f"{address}?to={target.reference}&part=point:1").content.decode()
    assert "You wrote this yourself" in page


def test_words_that_are_not_public_have_no_reply_and_show_no_blocks(
    client, target, address, participant
):
    thread_of_many(target, 1)
    point = target.points.get()
    words = dict.fromkeys(point.TEXT_FIELDS, "")
    Point.objects.filter(pk=point.pk).update(**words | {"reason": HIDDEN * 40})
    client.force_login(participant)
    place = f"{address}?to={target.reference}&amp;part=point"
    assert place not in client.get(target.get_absolute_url()).content.decode()
    listed = client.get(reverse("submissions:replies", args=[target.consultation.slug]))
    assert "Its words are not public." in listed.content.decode()
    assert HIDDEN not in listed.content.decode()


def test_outside_the_phase_there_is_no_reply_and_the_form_says_when(
    client,
    reply_phase,
    target,
    address,
    participant,
):
    type(reply_phase).objects.filter(pk=reply_phase.pk).update(closes_at=days(-1))
    client.force_login(participant)
    assert address not in client.get(target.get_absolute_url()).content.decode()
    assert "Replies closed on" in client.get(address).content.decode()
    assert client.post(address, typed(target)).status_code == 409


def test_drafts_of_both_kinds_stand_side_by_side(
    client,
    target,
    participant,
):
    PhaseFactory(consultation=target.consultation)
    save_draft(
        start_draft(target.consultation, author=participant, group="research", kind="reply"),
        content(reply(target)),
        by=participant,
    )
    client.force_login(participant)
    respond = reverse("submissions:respond", args=[target.consultation.slug])
    assert "It is not too long." not in client.get(respond).content.decode()
    client.post(respond, {"group": "research", "then": "save", "answer-why.text": "Own words"})
    assert Submission.objects.filter(state="draft").count() == 2


def test_a_thread_shows_each_group_with_its_first_replies_and_counts(
    client,
    target,
):
    thread_of_many(target, 12)
    page = client.get(target.get_absolute_url()).content.decode()
    assert "12 replies" in page
    assert page.count("So it is.") == 6
    assert page.count("2 more of this group") == 3
    groups = client.get(target.get_absolute_url()).context["threads"]["point:1"].groups
    assert [(one.group, one.total) for one in groups] == [
        ("civil", 4),
        ("company", 4),
        ("union", 4),
    ]
    assert groups[0].kinds == "Rebuttal: 1 · Support: 1 · Evidence: 1 · Question: 1"


def test_three_hundred_replies_cost_as_much_as_three(
    client,
    target,
    django_assert_max_num_queries,
):
    thread_of_many(target, 3)
    listed = reverse("submissions:replies", args=[target.consultation.slug])
    pages = [
        target.get_absolute_url(),
        listed,
        f"{listed}?submission={target.reference}&part=point:1",
    ]
    counts = []
    for page in pages:
        with django_assert_max_num_queries(20) as seen:
            assert client.get(page).status_code == 200
        counts.append(len(seen))
    thread_of_many(target, 297)
    for page, count in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(count):
            answer = client.get(page)
        assert "300" in answer.content.decode()


def test_the_list_is_narrowed_and_goes_on_page_by_page(client, target):
    thread_of_many(target, 120)
    listed = reverse("submissions:replies", args=[target.consultation.slug])
    first = client.get(listed, {"group": "union"})
    assert (first.context["count"], len(first.context["rows"])) == (40, 40)
    assert client.get(listed, {"provision": "article-2"}).context["count"] == 0
    seen, after = [], ""
    while True:
        page = client.get(listed, {"after": after} if after else {})
        seen += [row["reply"].pk for row in page.context["rows"]]
        if not (after := page.context["next_cursor"]):
            break
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("query", ["?kind=applause", "?group=all", "?submission=%00", "?after=x"])
def test_unknown_filters_are_refused_kindly(client, target, query):
    listed = reverse("submissions:replies", args=[target.consultation.slug])
    assert client.get(listed + query).status_code == 400


def test_a_withdrawn_point_leaves_a_tombstone_in_its_thread(
    client,
    target,
    participant,
    rival,
):
    one = filed(file_submission(target.consultation, content(reply(target)), by=participant))
    words = target.points.get().reason
    withdraw(target, by=rival)
    page = client.get(one.get_absolute_url()).content.decode()
    assert "What this answers was withdrawn" in page
    assert words not in page
    assert "1 reply was made to it" in client.get(target.get_absolute_url()).content.decode()


def test_the_overview_counts_replies_apart_from_who_was_heard(
    client,
    target,
    participant,
):
    file_submission(target.consultation, content(reply(target)), by=participant)
    page = client.get(target.consultation.get_absolute_url())
    assert "Replies are open until" in page.content.decode()
    sections = {one.template: one.context for one in page.context["sections"]}
    assert sections["submissions/_replies.html"]["rows"] == [
        {"group": "research", "replies": 1, "kinds": "Rebuttal: 1"}
    ]
    assert sections["submissions/_heard.html"]["total"] == 0
    rows = client.get(reverse("submissions:list", args=[target.consultation.slug])).context["rows"]
    assert [row["reference"] for row in rows] == [target.reference]


def test_a_document_says_how_many_replies_there_are_on_a_provision(
    client,
    target,
    participant,
):
    file_submission(target.consultation, content(reply(target)), by=participant)
    page = reverse("consultations:document", args=[target.consultation.slug, "draft"])
    assert "?provision=article-1" in client.get(page).content.decode()
    assert "to points on this provision" in client.get(page).content.decode()


def test_hostile_words_are_shown_as_words(client, target, participant):
    words = "<script>alert(1)</script>"
    sent = file_submission(target.consultation, content(reply(target, text=words)), by=participant)
    listed = reverse("submissions:replies", args=[target.consultation.slug])
    for page in (listed, target.get_absolute_url(), filed(sent).get_absolute_url()):
        assert "&lt;script&gt;alert(1)" in client.get(page).content.decode()
        assert words not in client.get(page).content.decode()


def test_the_page_of_an_organisation_holds_its_replies_too(client, target, member, forum):
    file_submission(target.consultation, content(reply(target)), by=member, organisation=forum)
    page = client.get(reverse("submissions:organisation", args=[forum.slug])).content.decode()
    assert "It is not too long." in page
    assert "1 reply to others" in page
    assert "0 answers" not in page


def test_a_sign_off_leads_to_the_page_where_replies_are_checked(client, target, member, forum):
    signatory = MembershipFactory(organisation=forum, role=Membership.Role.SIGNATORY).user
    draft = start_draft(target.consultation, author=member, organisation=forum, kind="reply")
    save_draft(draft, content(reply(target)), by=member)
    ask_for_sign_off(draft, by=member)
    address = reverse("submissions:reply-check", args=[target.consultation.slug])
    check = f"{address}?for={forum.slug}"
    assert check in mails()[signatory.email].body
    client.force_login(signatory)
    assert "Sign off what stands here" in client.get(check).content.decode()
    sign_off(draft, seal=seal_of(draft), by=signatory)
    assert submit(draft, by=member).number


def test_the_list_leads_back_to_a_draft(client, target, participant, address):
    listed = reverse("submissions:replies", args=[target.consultation.slug])
    client.force_login(participant)
    client.post(address, typed(target))
    assert f'<a href="{address}">Go on with your draft' in client.get(listed).content.decode()


def test_the_feed_of_a_consultation_tells_of_replies(client, target, member, forum):
    sent = file_submission(
        target.consultation, content(reply(target)), by=member, organisation=forum
    )
    feed = client.get(reverse("consultations:feed", args=[target.consultation.slug]))
    assert "Citizens' Forum: Rebuttal in reply" in html.unescape(feed.content.decode())
    assert filed(sent).get_absolute_url() in feed.content.decode()
