"""Words go from every place somebody reads, and come back exactly; nothing else moves."""

import json

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Membership
from apps.moderation import hiding
from apps.moderation.errors import InvalidDecision
from apps.moderation.models import Decision
from apps.moderation.services import DecisionInput, decide, open_case
from apps.moderation.texts import excerpt_of, parts_of
from apps.notifications.models import News
from apps.submissions import campaigns, storing
from apps.submissions.announcing import announce_submission
from apps.submissions.inputs import AnswerInput, DraftInput, FileNote, PointInput, RedactionInput
from apps.submissions.models import (
    HIDDEN,
    Attachment,
    Campaign,
    CampaignScan,
    JointParty,
    Passage,
    RegisteredCampaign,
    Reply,
    Submission,
)
from apps.submissions.services import (
    filed_content,
    join,
    save_draft,
    seal_of,
    start_draft,
    start_revision,
    submit,
)
from apps.submissions.services.campaign_inputs import CampaignInput
from apps.submissions.services.cosigning import register_campaign
from apps.submissions.services.joining import ReservationInput, invite
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    SubmissionFactory,
    UserFactory,
    days,
)
from tests.moderation.cast import (
    WORD,
    everything,
    everywhere,
    file_note,
    filed,
    hidden,
    holds,
    index,
    redacted,
    reversed_for,
    shown_by_api,
)

pytestmark = pytest.mark.django_db
PARTS = ["", "answer:why", "point:1", "attachment:1", "attachment:2"]


@pytest.fixture
def whole(open_consultation, author):
    """A submission in which the word stands in every text, every source, two of three files."""
    return filed(open_consultation, everywhere(author), by=author)


def test_a_word_goes_from_every_text_source_and_file(whole, moderator):
    before = everything()
    assert holds(WORD, before)
    redacted(whole, WORD, by=moderator)
    after = everything()
    assert not holds(WORD, after)
    for model, row in (("Answer", 1), ("Point", 1), ("Point", 2), ("Point", 3)):
        old, new = before[model][0][row], after[model][0][row]
        assert new == old.replace(WORD, HIDDEN * len(WORD))
    files = {row[0]: row[1:] for row in after["Attachment"]}
    first, second, third = whole.attachments.in_order()
    assert files[first.pk] == ("attachment-1.txt", "", "personal")
    assert files[second.pk] == ("attachment-2.txt", "", "personal")
    assert files[third.pk] == ("open.txt", "Open", "")
    sources = [row[1:] for row in after["EvidenceLink"]]
    assert sources == [
        ("", HIDDEN * 10),
        ("", HIDDEN * 10),
        ("https://example.org/open", "Another"),
    ]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("act", [redacted, hidden])
def test_every_part_is_hidden_alone_and_comes_back_exactly(
    whole, author, moderator, second_moderator, client, part, act
):
    rows, told = everything(), shown_by_api(client, whole)
    words = [WORD] if act is redacted else []
    decision = act(whole, *words, by=moderator, part=part)
    whole.refresh_from_db()
    assert not holds(WORD, excerpt_of(whole, part) or [""])
    others = [one for one in parts_of(whole)[1:] if one != part and part]
    for other in others:
        if other in ("answer:why", "point:1"):
            assert WORD in excerpt_of(whole, other), other
    assert everything() != rows
    reversed_for(decision, author=author, by=second_moderator)
    assert everything() == rows
    assert shown_by_api(client, whole) == told


def test_lengths_and_the_spans_of_what_stays_are_unchanged(whole, moderator):
    passages = set(Passage.objects.values_list("answer", "point", "field", "start", "end"))
    redacted(whole, WORD, by=moderator, part="answer:why")
    now = set(Passage.objects.values_list("answer", "point", "field", "start", "end"))
    gone = passages - now
    assert now < passages
    assert {(one[3], one[4]) for one in gone} == {(0, len(f"Ask {WORD} first."))}


def test_a_name_a_source_gave_goes_only_where_the_name_breaks_the_rule(
    open_consultation, moderator
):
    one = SubmissionFactory(
        consultation=open_consultation, organisation_name=WORD, source="import", title="A title"
    )
    index(one)
    hidden(one, by=moderator, rule="hate")
    one.refresh_from_db()
    assert (one.organisation_name, one.title) == (WORD, HIDDEN * 7)
    hidden(one, by=moderator, rule="impersonation")
    assert not holds(WORD)


def test_news_of_a_submission_names_its_author_as_its_page_does(open_consultation, moderator):
    one = SubmissionFactory(
        consultation=open_consultation, organisation_name=WORD, source="paper", submitted_at=days(0)
    )
    index(one)
    announce_submission(one, DraftInput())
    hidden(one, by=moderator, rule="impersonation")
    assert str(News.objects.get()) == f"New submission: {open_consultation.title}"
    assert WORD not in str(News.objects.get().values)


def test_reservations_of_a_party_go_and_come_back(
    open_consultation, forum, moderator, second_moderator
):
    signer = MembershipFactory(
        organisation=forum, role=Membership.Role.SIGNATORY, user__email="signs@example.org"
    ).user
    draft = start_draft(open_consultation, author=signer, organisation=forum)
    save_draft(draft, DraftInput(answers=[AnswerInput("why", text="It ends.")]), by=signer)
    ally = MembershipFactory(role=Membership.Role.SUBMITTER)
    party = invite(draft, ally.organisation, by=signer)
    join(party, ReservationInput(f"Not what {WORD} says.", ()), seal=seal_of(draft), by=ally.user)
    made = Submission.objects.get(reference=submit(draft, by=signer).number)
    index(made)
    rows = everything()
    decision = redacted(made, WORD, by=moderator)
    assert not holds(WORD)
    assert JointParty.objects.get().reservations == f"Not what {HIDDEN * len(WORD)} says."
    reversed_for(decision, author=signer, by=second_moderator)
    assert everything() == rows


@pytest.mark.parametrize("part", ["", "answer:why"])
def test_the_page_of_a_registered_campaign_goes_with_what_it_says(
    open_consultation, forum, moderator, second_moderator, part, client
):
    signer = MembershipFactory(organisation=forum, role=Membership.Role.SIGNATORY).user
    content = CampaignInput("Stop it", f"Stop what {WORD} does.\n\nIt is late.", question="why")
    campaign = register_campaign(open_consultation, content, by=signer, organisation=forum)
    rows = everything()
    decision = redacted(campaign.carrier, WORD, by=moderator, part=part)
    assert WORD not in RegisteredCampaign.objects.get().text
    assert WORD not in client.get(campaign.get_absolute_url()).content.decode()
    reversed_for(decision, author=signer, by=second_moderator)
    assert everything()["RegisteredCampaign"] == rows["RegisteredCampaign"]


def test_the_title_of_a_campaign_that_was_found_goes_with_the_letter_it_quotes(
    whole, moderator, author, second_moderator
):
    scan = CampaignScan.objects.create(consultation=whole.consultation, cut_off_at=days(0))
    title = campaigns._title(whole.answers.get().text)
    Campaign.objects.create(
        scan=scan, number=1, title=title, sample=whole, submissions=1, letters=1
    )
    assert WORD in title
    decision = hidden(whole, by=moderator, part="answer:why")
    assert not holds(WORD, list(Campaign.objects.values_list("title", flat=True)))
    reversed_for(decision, author=author, by=second_moderator)
    assert Campaign.objects.get().title == title


def test_a_reply_goes_and_what_it_answers_stays(target, reply_phase, participant, moderator):
    from tests.submissions.reply_cast import content, reply

    one = filed(
        target.consultation,
        content(reply(target, text=f"{WORD} is wrong. It is long.")),
        by=participant,
    )
    redacted(one, WORD, by=moderator, part="reply:1")
    assert Reply.objects.get().text == f"{HIDDEN * len(WORD)} is wrong. It is long."
    assert target.answers.get().text == "It must end."
    hidden(one, by=moderator, part="reply:1")
    assert set(Reply.objects.get().text) == {HIDDEN}


@pytest.mark.parametrize(
    ("said", "words", "left"),
    [
        ("Ask QUOKKAburra now.", "quokkaBURRA", "Ask {} now."),
        ("Ask the\n  old\r\nman now.", "the old man", None),
        ("اسأل السيد خالد الآن.", "السيد خالد", "اسأل {} الآن."),
        ("请问王小明先生。", "王小明", "请问{}先生。"),
        ("김철수에게 물어라.", "김철수", "{}에게 물어라."),
        ("Ask Zoe\u0301 now.", "Zoe", "Ask {}\u2588 now."),
        ("Ask Zoe\u0301 now.", "Zoe\u0301", "Ask {} now."),
        ("Ask 𝒵ora 👩‍🔬 now.", "𝒵ora 👩‍🔬", "Ask {} now."),
        ("A (b.c)* d [e] \\ f", "(b.c)* d [e] \\", "A {} f"),
        ("Straße und Gasse", "strasse", f"{HIDDEN * 6} und Gasse"),
        ("Ask Jan-Ole\u00a0Li now.", "jan ole li", "Ask {} now."),
        ("Ask Zoé, or www.zo-e.org.", "Zoe", f"Ask {HIDDEN * 3}, or www.zo-e.org."),
        ("Ask Zoran, zo.ran@example.org.", "Zoran", f"Ask {HIDDEN * 5}, {HIDDEN * 18}."),
    ],
)
def test_words_are_found_in_any_script_any_case_and_over_line_breaks(
    open_consultation, author, moderator, second_moderator, said, words, left
):
    one = filed(
        open_consultation,
        DraftInput(answers=[AnswerInput("why", text=said)], group="individual"),
        by=author,
    )
    before = one.answers.get().text
    rows = everything()
    decision = redacted(one, words, by=moderator)
    after = one.answers.get().text
    assert len(after) == len(before)
    if left is not None:
        assert after == left.format(HIDDEN * len(words))
    else:
        assert "old" not in after
    reversed_for(decision, author=author, by=second_moderator)
    assert everything() == rows


def test_search_finds_hidden_words_no_more_and_again_when_they_are_back(
    whole, author, moderator, second_moderator, client
):
    lists = (
        "/consultations/open-consultation/submissions/?q={}",
        "/search/?q={}",
        "/api/v1/consultations/open-consultation/submissions/?q={}",
        "/api/v1/search/?q={}",
    )

    def found(words):
        pages = [client.get(address.format(words)).content.decode() for address in lists]
        return [whole.reference in page for page in pages]

    assert found(WORD) == [True] * 4
    decision = redacted(whole, WORD, by=moderator)
    assert found(WORD) == [False] * 4
    assert found("rest") == [True] * 4
    near = WORD[:-1] + "x"  # what may have been meant is looked up in the words that are there
    for address in lists:
        assert WORD.casefold() not in client.get(address.format(near)).content.decode().casefold()
    reversed_for(decision, author=author, by=second_moderator)
    assert found(WORD) == [True] * 4


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("second", [0, 1])
def test_three_overlapping_decisions_come_back_in_any_order(
    whole, author, moderator, second_moderator, first, second
):
    rows = everything()
    made = [
        redacted(whole, "kkabu", by=moderator, rule="hate"),
        hidden(whole, by=moderator, part="point:1", rule="rights"),
        hidden(whole, by=moderator),
    ]
    order = [made.pop(first), made.pop(second), made.pop()]
    for number, one in enumerate(order, 1):
        reversed_for(one, author=author, by=second_moderator)
        if number < 3:
            assert everything() != rows
        if order[number:] and order[-1].case.part != "point:1":
            assert not holds(WORD)
        assert number > 1 or not holds(WORD)
    assert everything() == rows


def test_a_file_two_decisions_hide_stays_hidden_until_both_are_reversed(
    whole, author, moderator, second_moderator, client
):
    rows = everything()
    first = hidden(whole, by=moderator, part="attachment:3", rule="personal")
    second = hidden(whole, by=moderator, rule="hate")
    reversed_for(first, author=author, by=second_moderator)
    assert client.get("/api/v1/attachments/open/").status_code == 404
    reversed_for(second, author=author, by=second_moderator)
    assert client.get("/api/v1/attachments/open/").status_code == 200
    assert everything() == rows


def test_what_is_hidden_already_is_not_hidden_again(whole, moderator):
    hidden(whole, by=moderator)
    with pytest.raises(InvalidDecision):
        hidden(whole, by=moderator, part="answer:why", rule="personal")
    with pytest.raises(InvalidDecision):
        redacted(whole, HIDDEN * 3, by=moderator)
    assert Decision.objects.count() == 1


def test_an_earlier_version_loses_the_answer_also_where_it_said_it_otherwise(
    open_consultation, author, moderator, second_moderator, client
):
    first = filed(
        open_consultation,
        DraftInput(
            answers=[AnswerInput("why", text="He is a liar, and a thief too.")],
            points=[
                PointInput("article-1", reason="Everybody knows that Quill is a thief and a liar."),
                PointInput("article-2", reason="Something else is said about this provision."),
            ],
            group="individual",
        ),
        by=author,
    )
    draft = start_revision(first, by=author)
    save_draft(
        draft,
        DraftInput(
            answers=[AnswerInput("why", text="He lies and he steals.")],
            points=[
                PointInput("article-2", reason="Something else is said about this provision."),
                PointInput("article-1", reason="Everybody knows that Quill is a thief and liar!"),
            ],
            group="individual",
        ),
        by=author,
    )
    newest = Submission.objects.get(reference=submit(draft, by=author).number)
    index(first, newest)
    rows = everything()
    made = [
        hidden(newest, by=moderator, part="answer:why"),
        hidden(newest, by=moderator, part="point:2"),
    ]
    page = client.get(first.get_absolute_url()).content.decode()
    assert "liar" not in page
    assert not holds("liar")
    assert "Something else is said" in page
    for decision in made:
        reversed_for(decision, author=author, by=second_moderator)
    now = everything()
    # Nothing looks for what was replaced: it is not written down again for a search.
    assert now.pop("Vocabulary") == [row for row in rows.pop("Vocabulary") if row[0] == newest.pk]
    assert now == rows


def test_short_answers_of_earlier_versions_that_say_the_same_elsewhere_stay(
    open_consultation, author, moderator
):
    first = filed(
        open_consultation,
        DraftInput(
            answers=[AnswerInput("why", text="It is so."), AnswerInput("position", text="Not so.")],
            group="individual",
        ),
        by=author,
    )
    newest = Submission.objects.get(
        reference=submit(start_revision(first, by=author), by=author).number
    )
    hidden(newest, by=moderator, part="answer:why")
    texts = {one.part: one.text for one in first.answers.all()}
    assert set(texts["answer:why"]) == {HIDDEN}
    assert texts["answer:position"] == "Not so."


def test_a_version_that_was_closed_by_a_later_one_gets_nothing_back(
    open_consultation, moderator, second_moderator, client
):
    """Who withholds the name afterwards closes what was: an appeal must not open it again."""
    alliance = OrganisationFactory(name="Zinnober Alliance", slug="zinnober")
    speaker = MembershipFactory(
        organisation=alliance, role=Membership.Role.SIGNATORY, user__email="z@example.org"
    ).user
    note = file_note(speaker, name="zinnober.txt", title="By us", pages=(f"It names {WORD}.",))
    first = filed(
        open_consultation,
        DraftInput(answers=[AnswerInput("why", text="It ends.")], attachments=[note]),
        by=speaker,
        organisation=alliance,
    )
    decision = hidden(first, by=moderator, part="attachment:1")
    draft = start_revision(first, by=speaker)
    save_draft(
        draft,
        DraftInput(answers=[AnswerInput("why", text="It ends.")], visibility="withheld"),
        by=speaker,
    )
    submit(draft, by=speaker)
    reversed_for(decision, author=speaker, by=second_moderator)
    assert first.attachments.get().kept_back != ""
    assert "zinnober" not in first.attachments.get().name
    assert "zinnober" not in client.get(first.get_absolute_url()).content.decode().casefold()


def test_nor_where_the_later_one_keeps_parts_back(
    open_consultation, author, moderator, second_moderator, client
):
    note = file_note(author, pages=(f"It names {WORD}.",))
    first = filed(
        open_consultation,
        DraftInput(
            answers=[AnswerInput("why", text=f"{WORD} did it.")],
            attachments=[note],
            group="individual",
        ),
        by=author,
    )
    decision = redacted(first, WORD, by=moderator)
    draft = start_revision(first, by=author)
    content = DraftInput(
        answers=[AnswerInput("why", text="Somebody did it. Not us.")],
        group="individual",
        visibility="confidential",
        redactions=[RedactionInput("Not us", "business")],
    )
    save_draft(draft, content, by=author)
    submit(draft, by=author)
    reversed_for(decision, author=author, by=second_moderator)
    assert not holds(WORD, list(first.answers.values_list("text", flat=True)))
    assert client.get("/api/v1/attachments/paper/").status_code == 404
    assert not Passage.objects.filter(submission=first).exists()


def test_what_its_author_keeps_back_stays_where_moderators_hide_more(
    open_consultation, author, moderator, second_moderator, client
):
    content = DraftInput(
        title="Of the furnace",
        answers=[AnswerInput("why", text=f"The furnace is hot. Ask {WORD}.")],
        attachments=[FileNote(file_note(author).key, "", "business")],
        group="individual",
        visibility="confidential",
        redactions=[RedactionInput("furnace", "business", f"As {WORD} knows.")],
    )
    one = filed(open_consultation, content, by=author)
    rows, receipt = everything(), filed_content(one)
    decision = redacted(one, WORD, by=moderator)
    assert not holds(WORD, rows=shown_by_api(client, one))
    assert not holds("furnace")
    one.refresh_from_db()
    assert filed_content(one) == receipt
    draft = start_revision(one, by=author)
    assert draft.answers.get().text == f"The furnace is hot. Ask {HIDDEN * len(WORD)}."
    note = f"As {HIDDEN * len(WORD)} knows."
    assert draft.redactions == [{"words": "furnace", "reason": "business", "note": note}]
    assert draft.attachments.get().kept_back == "business"
    draft.delete()
    reversed_for(decision, author=author, by=second_moderator)
    assert everything() == rows


def test_an_analyst_reads_what_its_author_keeps_back_and_not_what_moderators_took_out(
    open_consultation, author, moderator, analyst, client
):
    content = DraftInput(
        answers=[AnswerInput("why", text=f"The furnace is hot. Ask {WORD}.")],
        group="individual",
        visibility="confidential",
        redactions=[RedactionInput("furnace", "business")],
    )
    one = filed(open_consultation, content, by=author)
    redacted(one, WORD, by=moderator)
    place = f"open-consultation/submissions/{one.reference}/original/"
    pages = [
        reverse("submissions:original", args=["open-consultation", one.reference]),
        f"/api/v1/consultations/{place}",
    ]
    for person, reads in ((author, True), (moderator, True), (analyst, False)):
        client.force_login(person)
        for page in pages:
            said = client.get(page).content.decode()
            assert "furnace" in said
            assert (WORD in said) is reads


def test_a_file_that_moderators_hid_is_fetched_by_no_analyst(
    open_consultation, author, moderator, analyst, client, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    for number, (visibility, kept) in enumerate(
        [("named", ""), ("confidential", ""), ("confidential", "business")]
    ):
        note = file_note(author, key=f"file{number}", pages=(f"It names {WORD}.",))
        with storing.writing() as (stored, held):
            held.write(WORD.encode())
        Attachment.objects.filter(key=note.key).update(published=stored)
        content = DraftInput(
            group="individual",
            answers=[AnswerInput("why", text=f"The furnace {number} is hot.")],
            attachments=[FileNote(note.key, "", kept)],
            visibility=visibility,
            redactions=[RedactionInput("furnace", "business")] * (visibility != "named"),
        )
        one = filed(open_consultation, content, by=author)
        if not kept:
            hidden(one, by=moderator, part="attachment:1")
    for person, codes in ((moderator, [200] * 3), (analyst, [404, 404, 200])):
        client.force_login(person)
        assert [client.get(f"/attachments/file{n}/").status_code for n in range(3)] == codes


def test_a_revision_begins_without_the_file_that_was_hidden(whole, author, moderator, client):
    hidden(whole, by=moderator, part="attachment:1")
    draft = start_revision(whole, by=author)
    assert list(draft.attachments.in_order().values_list("number", flat=True)) == [2, 3]
    later = Submission.objects.get(reference=submit(draft, by=author).number)
    assert f"{WORD}.txt" not in client.get(later.get_absolute_url()).content.decode()


def test_the_receipt_is_checked_against_what_was_filed(whole, author, moderator, client):
    client.force_login(author)
    address = f"/consultations/open-consultation/respond/filed/{whole.reference}/receipt.json"
    before = client.get(address).json()
    redacted(whole, WORD, by=moderator)
    hidden(whole, by=moderator)
    after = client.get(address).json()
    assert after == before
    checked = client.post(
        "/api/v1/receipts/check/",
        {"number": whole.reference, "content": after["content"], "salt": after["salt"]},
        content_type="application/json",
    ).json()
    assert checked["content_matches"] is True


def test_programs_above_hear_what_really_went_and_what_really_came_back(
    whole, author, moderator, second_moderator, monkeypatch
):
    heard = []
    monkeypatch.setattr(hiding, "tell_hidden", lambda found: heard.append(found))
    monkeypatch.setattr(hiding, "tell_restored", lambda found: heard.append(found))
    text = whole.answers.get().text
    first = redacted(whole, WORD, by=moderator, part="answer:why")
    second = hidden(whole, by=moderator, part="answer:why")
    assert [(one.part, one.words) for one in heard[0]] == [("answer:why", WORD)]
    before, after = text.split(WORD)
    assert [one.words for one in heard[1]] == [before, after]
    assert [text[one.start : one.end] for one in heard[1]] == [before, after]
    reversed_for(first, author=author, by=second_moderator)
    assert heard[2] == []
    reversed_for(second, author=author, by=second_moderator)
    assert [one.words for one in heard[3]] == [text]


LETTERS = st.text(alphabet="aAbée\u0301 \n王█x", min_size=1, max_size=30)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    texts=st.lists(LETTERS, min_size=3, max_size=3),
    acts=st.lists(
        st.tuples(
            st.sampled_from(["", "answer:why", "point:1"]),
            st.one_of(st.none(), st.text(alphabet="aAb é王x", min_size=2, max_size=3)),
        ),
        min_size=1,
        max_size=3,
    ),
    order=st.permutations([0, 1, 2]),
)
def test_whatever_is_hidden_comes_back_whatever_the_order(
    db, open_consultation, host, client, texts, acts, order
):
    from django.db import transaction

    with transaction.atomic():
        author = UserFactory()
        one, other = (host.roles.create(user=UserFactory(), role="owner").user for _n in "ab")
        made = SubmissionFactory(consultation=open_consultation, author=author, title=texts[0])
        question = open_consultation.questions.get(key="why")
        made.answers.create(question=question, text=texts[1])
        provision = open_consultation.documents.get().versions.get().provisions.first()
        made.points.create(number=1, provision=provision, reason=texts[2], proposed_text=texts[0])
        index(made)
        rows, told = everything(), shown_by_api(client, made)
        decisions = []
        for part, words in acts:
            entered = DecisionInput(
                "redact" if words else "hide",
                rule="hate",
                words=[words] if words else [],
                statement="So.",
            )
            try:
                with transaction.atomic():
                    decisions.append(decide(open_case(made, part, by=one), entered, by=one))
            except InvalidDecision:
                continue
        for number in order:
            if number < len(decisions):
                reversed_for(decisions[number], author=author, by=other)
        assert everything() == rows
        assert shown_by_api(client, made) == told
        assert json.dumps(told)
        transaction.set_rollback(True)
