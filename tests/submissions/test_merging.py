"""An organisation that was registered twice becomes one, and nothing filed is rewritten."""

import pytest
from django.core import mail
from django.urls import reverse

from apps.accounts.errors import InvalidOrganisation
from apps.accounts.mailing import send
from apps.accounts.models import Letter, Membership, Organisation, RegisterNumber
from apps.accounts.services import ask_by_domain, change_role, merge, register
from apps.accounts.services.organisations import OrganisationInput
from apps.accounts.services.verifying import confirm
from apps.audit.models import Entry
from apps.consultations.models import Stakeholder
from apps.core.errors import NotAllowed
from apps.notifications.models import Following
from apps.notifications.services import follow
from apps.submissions.models import CoSignature, JointParty, Submission
from apps.submissions.services import (
    CampaignInput,
    filed_content,
    invite,
    merge_organisations,
    register_campaign,
    sign_for_organisation,
    submit,
)
from apps.submissions.services.merging import CARRIED
from tests.factories import ConsultationFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.submissions.joint_cast import drafted, filed_as, person_of, signed

pytestmark = pytest.mark.django_db
SIGNATORY = Membership.Role.SIGNATORY


@pytest.fixture
def forums(db):
    """The duplicate."""
    return OrganisationFactory(name="Citizens' Forums", slug="citizens-forums")


@pytest.fixture
def ann(forum, forums):
    """A signatory of both."""
    person = person_of(forum, SIGNATORY, user__email="ann@example.org")
    MembershipFactory(organisation=forums, user=person, role=SIGNATORY)
    return person


@pytest.fixture
def staff(db):
    return UserFactory(email="staff@example.org", is_staff=True)


def merged(forums, forum, by, reason=""):
    return merge_organisations(forums, forum, reason=reason, by=by)


def test_every_column_that_names_an_organisation_is_decided_on():
    relations = Organisation._meta.get_fields(include_hidden=True)
    found = {
        f"{one.related_model.__name__}.{one.field.name}"
        for one in relations
        if one.auto_created and one.is_relation and one.concrete is False
    }
    assert found == CARRIED


def test_what_it_filed_belongs_to_the_other_and_reads_as_it_did(
    open_consultation, forum, forums, ann, client
):
    filed = filed_as(submit(drafted(open_consultation, forums, ann), by=ann))
    before = filed_content(filed)
    merged(forums, forum, ann)
    filed = Submission.objects.get(pk=filed.pk)
    assert filed.organisation == forum
    assert filed.organisation_name == "Citizens' Forums"
    assert filed_content(filed) == before
    assert filed.reference in client.get(forum_page(forum)).content.decode()
    entry = Entry.objects.get(kind="organisation.merged")
    assert (entry.subject, entry.detail["into"]) == ("citizens-forums", "citizens-forum")


def test_who_wants_to_hear_it_invites_the_other(open_consultation, forum, forums, ann):
    listed = Stakeholder.objects.create(
        consultation=open_consultation, name=forums.name, group="civil", organisation=forums
    )
    merged(forums, forum, ann)
    listed.refresh_from_db()
    assert listed.organisation == forum


def forum_page(forum):
    return reverse("submissions:organisation", args=[forum.slug])


def test_the_old_address_leads_on_also_over_two_merges(forum, forums, ann, client, staff):
    merged(forums, forum, ann)
    third = OrganisationFactory(name="The Forum", slug="the-forum")
    merged(forum, third, staff, reason="One body, see its statutes.")
    answer = client.get(forum_page(forums))
    assert (answer.status_code, answer.headers["Location"]) == (301, forum_page(third))
    api = client.get("/api/v1/organisations/citizens-forums/")
    assert api.headers["Location"].endswith("/api/v1/organisations/the-forum/")


def test_pages_of_members_are_found_under_the_old_address(forum, forums, ann, client):
    merged(forums, forum, ann)
    client.force_login(ann)
    for page in ("members", "details", "verification"):
        shown = client.get(f"/organisations/citizens-forums/{page}/")
        assert shown.context["organisation"] == forum
    assert client.get("/api/v1/organisations/citizens-forums/members/").status_code == 200


def test_who_lost_the_seat_is_told_where_the_organisation_is_now(forum, forums, staff, client):
    gone = person_of(forums, SIGNATORY, user__email="gone@example.org")
    merged(forums, forum, staff, reason="The same body.")
    client.force_login(gone)
    shown = client.get("/organisations/citizens-forums/members/")
    assert shown.status_code == 410
    page = shown.content.decode()
    assert "This organisation is part of Citizens&#x27; Forum now." in page
    assert 'href="/organisations/citizens-forum/"' in page


def test_a_form_begun_for_the_duplicate_is_kept_for_the_whole(
    open_consultation, forum, forums, ann, client
):
    merged(forums, forum, ann)
    client.force_login(ann)
    address = f"/consultations/{open_consultation.slug}/respond/"
    client.post(
        f"{address}?for=citizens-forums", {"for": "citizens-forums", "answer-why.text": "So."}
    )
    assert Submission.objects.get().organisation == forum
    assert client.get(f"{address}?for=citizens-forums").context["organisation"] == forum


def test_a_search_by_the_old_address_finds_what_the_other_has(
    open_consultation, forum, forums, ann, client
):
    filed = filed_as(submit(drafted(open_consultation, forums, ann), by=ann))
    merged(forums, forum, ann)
    address = reverse("submissions:list", args=[open_consultation.slug])
    found = client.get(address, {"organisation": "citizens-forums"}).content.decode()
    assert filed.reference in found


def test_drafts_and_withheld_ones_go_along(open_consultation, forum, forums, ann):
    draft = drafted(open_consultation, forums, ann)
    withheld = Submission.objects.create(
        consultation=ConsultationFactory(), group="civil", withheld_for=forums
    )
    merged(forums, forum, ann)
    assert Submission.objects.drafts_of(ann).filter(organisation=forum).get() == draft
    assert Submission.objects.get(pk=withheld.pk).withheld_for == forum
    assert submit(draft, by=ann)
    assert Submission.objects.get(pk=draft.pk).organisation_name == "Citizens' Forum"


def test_two_drafts_of_one_phase_stop_it_and_nothing_changes(open_consultation, forum, forums, ann):
    for one in (forum, forums):
        drafted(open_consultation, one, ann)
    with pytest.raises(InvalidOrganisation, match="File or discard one"):
        merged(forums, forum, ann)
    forums.refresh_from_db()
    assert forums.state == "listed"
    assert forums.memberships.exists()
    assert not Entry.objects.filter(kind="organisation.merged").exists()


def test_members_keep_the_higher_role_and_are_told(forum, forums, ann):
    both = person_of(forum, Membership.Role.DRAFTER, user__email="both@example.org")
    MembershipFactory(organisation=forums, user=both, role=Membership.Role.SUBMITTER)
    only = person_of(forums, Membership.Role.DRAFTER, user__email="only@example.org")
    merged(forums, forum, ann)
    roles = dict(forum.memberships.values_list("user__email", "role"))
    assert roles == {
        "ann@example.org": "signatory",
        both.email: "submitter",
        only.email: "drafter",
    }
    assert not forums.memberships.exists()
    assert set(Letter.objects.values_list("address", flat=True)) == set(roles)


def test_staff_gives_nobody_a_seat(forum, forums, staff):
    imitator = person_of(forums, SIGNATORY)
    owner = person_of(forum, SIGNATORY)
    merged(forums, forum, staff, reason="The same body.")
    assert list(forum.members.all()) == [owner]
    send(Letter.objects.get(address=imitator.email))
    assert "invite you" in mail.outbox[-1].body
    assert "The same body." in mail.outbox[-1].body
    send(Letter.objects.get(address=owner.email))
    assert "Its members may ask you" in mail.outbox[-1].body


@pytest.mark.parametrize("role", ["drafter", "submitter", "signatory"])
def test_a_signatory_of_one_alone_cannot(forum, forums, role):
    person = person_of(forums, SIGNATORY)
    if role != "signatory":
        MembershipFactory(organisation=forum, user=person, role=role)
    with pytest.raises(NotAllowed):
        merged(forums, forum, person, reason="Let me in.")


def test_staff_cannot_for_an_organisation_of_its_own(forum, forums, staff):
    MembershipFactory(organisation=forum, user=staff)
    with pytest.raises(NotAllowed):
        merged(forums, forum, staff, reason="Mine.")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"into": "itself"}, "into"),
        ({"into": "held"}, "into"),
        ({"duplicate": "merged"}, "duplicate"),
    ],
)
def test_what_cannot_be_merged_is_named(forum, forums, staff, change, field):
    held = OrganisationFactory(state=Organisation.State.HELD)
    gone = OrganisationFactory(state=Organisation.State.MERGED, merged_into=forum)
    into = {"itself": forums, "held": held}.get(change.get("into", ""), forum)
    duplicate = gone if "duplicate" in change else forums
    with pytest.raises(InvalidOrganisation) as refused:
        merge(duplicate, into, reason=change.get("reason", "One body."), by=staff)
    assert list(refused.value.fields) == [field]


def test_numbers_go_along_where_there_is_none_and_checks_end(forum, ann):
    details = OrganisationInput(
        "Forum of Citizens",
        "civil",
        "KE",
        "https://forum.example",
        {"charity": "111", "company": "222"},
    )
    twice = register(details, by=ann)
    RegisterNumber.objects.create(
        organisation=forum, register="company", country="KE", number="999"
    )
    confirm(ask_by_domain(twice, "dns", by=ann))
    merged(twice, forum, ann)
    numbers = dict(forum.numbers.values_list("register", "number"))
    assert numbers == {"charity": "111", "company": "999"}
    assert not RegisterNumber.objects.filter(organisation=twice).exists()
    forum.refresh_from_db()
    twice.refresh_from_db()
    assert not forum.is_verified
    assert not twice.is_verified


def test_its_name_stays_taken(forum, forums, ann):
    merged(forums, forum, ann)
    with pytest.raises(InvalidOrganisation):
        register(OrganisationInput("citizens' FORUMS", "civil"), by=UserFactory())


def test_followers_are_led_along_once(forum, forums, ann):
    one, both = UserFactory(), UserFactory()
    for person, slug in ((one, forums.slug), (both, forums.slug), (both, forum.slug)):
        follow(person, kind="organisation", key=slug, frequency="weekly")
    merged(forums, forum, ann)
    topics = Following.objects.order_by("user").values_list("user", "topic", "title")
    topic = ("organisation:citizens-forum", "Citizens' Forum")
    assert sorted(topics) == [(one.pk, *topic), (both.pk, *topic)]


def test_parties_of_joint_submissions_go_along_and_double_ones_stay_as_signed(
    open_consultation, forum, forums, ann
):
    leading = OrganisationFactory(name="Leading")
    leader = person_of(leading, SIGNATORY)
    draft = drafted(open_consultation, leading, leader)
    for one in (forum, forums):
        signed(invite(draft, one, by=leader), ann)
    receipt = submit(draft, by=leader)
    other = drafted(open_consultation, leading, leader)
    invite(other, forums, by=leader)
    before = filed_content(filed_as(receipt))
    merged(forums, forum, ann)
    assert filed_content(filed_as(receipt)) == before
    parties = JointParty.objects.filter(submission=filed_as(receipt))
    assert sorted(parties.values_list("name", flat=True)) == ["Citizens' Forum", "Citizens' Forums"]
    assert JointParty.objects.get(submission=other).organisation == forum


def test_it_does_not_lead_and_join_one_draft(open_consultation, forum, forums, ann):
    draft = drafted(open_consultation, forum, ann)
    invite(draft, forums, by=ann)
    merged(forums, forum, ann)
    assert not draft.parties.exists()


def test_a_campaign_that_both_signed_counts_it_once(open_consultation, forum, forums, ann):
    organiser = OrganisationFactory(name="Organiser")
    person = person_of(organiser, SIGNATORY)
    content = CampaignInput("Say who watches", "Name two observers.", "why")
    campaign = register_campaign(open_consultation, content, by=person, organisation=organiser)
    for one in (forum, forums):
        sign_for_organisation(campaign, by=ann, organisation=one)
    merged(forums, forum, ann)
    campaign.refresh_from_db()
    assert (campaign.organisations, campaign.carrier.weight) == (1, 2)
    confirmed = CoSignature.objects.filter(state=CoSignature.State.CONFIRMED)
    assert confirmed.get().organisation == forum


def test_a_campaign_goes_along_and_its_own_signature_is_taken_back(
    open_consultation, forum, forums, ann
):
    content = CampaignInput("Say who watches", "Name two observers.", "why")
    campaign = register_campaign(open_consultation, content, by=ann, organisation=forum)
    sign_for_organisation(campaign, by=ann, organisation=forums)
    merged(forums, forum, ann)
    campaign.refresh_from_db()
    assert campaign.organisations == 0


def test_a_signatory_merges_on_the_page(client, forum, forums, ann):
    client.force_login(ann)
    address = reverse("submissions:merge", args=[forums.slug])
    page = client.get(address).content.decode()
    assert "This cannot be taken back." in page
    assert "Citizens&#x27; Forum" in page
    refused = client.post(address, {})
    assert refused.status_code == 422
    assert "Choose one." in refused.content.decode()
    done = client.post(address, {"into": forum.slug}, follow=True)
    assert "is part of Citizens&#x27; Forum now" in done.content.decode()


def test_who_is_signatory_of_one_learns_how_to_go_on(client, forum, forums):
    client.force_login(person_of(forums, SIGNATORY))
    page = client.get(reverse("submissions:merge", args=[forums.slug])).content.decode()
    assert "invite you as signatory" in page


def test_staff_merges_by_addresses_and_nothing_typed_is_lost(client, forum, forums, staff):
    client.force_login(staff)
    address = reverse("submissions:merge-any")
    typed = {"duplicate": f"https://plenary.example{forum_page(forums)}", "into": "nowhere"}
    refused = client.post(address, {**typed, "reason": "One body."})
    assert refused.status_code == 422
    assert "One body." in refused.content.decode()
    done = client.post(address, {**typed, "into": forum.slug, "reason": "One body."})
    assert done.headers["Location"] == forum_page(forum)


def test_who_may_do_everything_gives_a_reason_too_and_brings_no_seat(forum, forums):
    person_of(forums, SIGNATORY)
    root = UserFactory(is_staff=True, is_superuser=True)
    with pytest.raises(InvalidOrganisation):
        merged(forums, forum, root)
    merged(forums, forum, root, reason="One body.")
    assert not forum.members.exists()


def test_the_page_of_staff_asks_for_a_reason(client, forum, forums, ann):
    ann.is_staff = True
    ann.save()
    client.force_login(ann)
    typed = {"duplicate": forums.slug, "into": forum.slug, "reason": " "}
    assert client.post(reverse("submissions:merge-any"), typed).status_code == 422
    forums.refresh_from_db()
    assert forums.is_listed


def test_the_page_of_names_offers_it_where_two_are_the_same(client, forum, staff):
    OrganisationFactory(name="Citizens Forum", slug="same", state="held", resembles=forum)
    client.force_login(staff)
    page = client.get(reverse("accounts:names")).content.decode()
    assert f"{reverse('submissions:merge-any')}?duplicate=same&amp;into={forum.slug}" in page


def test_the_last_signatory_of_the_whole_stays_one(forum, forums, ann):
    merged(forums, forum, ann)
    seat = forum.memberships.get(user=ann)
    with pytest.raises(Exception, match="last"):
        change_role(seat, role="drafter", by=ann)


def test_the_page_tells_nobody_of_an_organisation_that_is_not_theirs(client, forum, forums):
    OrganisationFactory(name="Hidden", slug="hidden", state=Organisation.State.HELD)
    client.force_login(person_of(forums, SIGNATORY))
    address = reverse("submissions:merge", args=[forums.slug])
    answers = {client.post(address, {"into": slug}).status_code for slug in ("hidden", "nowhere")}
    assert answers == {422}
