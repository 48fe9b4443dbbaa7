"""Following on the pages: the form, the list, and who may follow what."""

import pytest
from django.core import mail
from django.urls import reverse

from apps.briefings.models import Briefing
from apps.briefings.publishing import make_ready
from apps.consultations.models import Consultation
from apps.consultations.services import ProvisionInput, publish_version
from apps.jobs.models import Job
from apps.notifications.models import Following, News
from apps.notifications.services import MOST_FOLLOWED, TooMuchFollowed, follow
from apps.notifications.topics import UnknownTopic
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.models import Submission
from apps.submissions.services import file_submission, invite, start_revision, submit
from tests.factories import ConsultationFactory, OrganisationFactory
from tests.notifications.conftest import run_all
from tests.submissions.joint_cast import ally, drafted, signed

pytestmark = pytest.mark.django_db
LIST = "/following/"
OVERVIEW = "/consultations/open-consultation/"
DOCUMENT = OVERVIEW + "documents/draft/"


@pytest.fixture
def reader(client, participant):
    client.force_login(participant)
    return client


def topics():
    return set(News.objects.values_list("topic", flat=True))


def provision(number, text):
    return ProvisionInput(f"article-{number}", f"Article {number}", text)


def test_the_form_on_a_consultation_follows_it_and_leads_back(reader, open_consultation):
    assert "Follow this" in reader.get(OVERVIEW).text
    asked = {"kind": "consultation", "key": "open-consultation", "frequency": "weekly"}
    answer = reader.post(LIST, asked, follow=True)
    assert answer.redirect_chain == [(OVERVIEW, 302)]
    assert "You follow this. Your account shows all" in answer.text
    following = Following.objects.get()
    assert (following.title, following.frequency) == (open_consultation.title, "weekly")
    reader.post(LIST, asked | {"frequency": "daily"})
    assert Following.objects.get().frequency == "daily"


def test_a_provision_is_followed_from_the_document(reader, open_consultation):
    text = reader.get(DOCUMENT).text
    assert "Follow Article 2" in text
    page = reader.get(LIST + "new/", {"kind": "provision", "key": "open-consultation/article-2"})
    assert "Article 2" in page.text
    asked = {"kind": "provision", "key": "open-consultation/article-2", "frequency": "daily"}
    answer = reader.post(LIST, asked)
    assert answer.headers["Location"] == DOCUMENT + "#provision-article-2"
    text = reader.get(DOCUMENT).text
    assert "You follow Article 2" in text
    assert "You follow Article 1" not in text


def test_the_document_costs_one_query_more_however_much_is_followed(
    reader, participant, open_consultation, django_assert_num_queries
):
    reader.get(DOCUMENT)
    with django_assert_num_queries(10):
        reader.get(DOCUMENT)
    for number in (1, 2, 3):
        key = f"open-consultation/article-{number}"
        follow(participant, kind="provision", key=key, frequency="daily")
    with django_assert_num_queries(10):
        reader.get(DOCUMENT)


def test_an_organisation_is_followed_from_its_page(reader, forum):
    page = reverse("submissions:organisation", args=[forum.slug])
    assert "Follow this" in reader.get(page).text
    asked = {"kind": "organisation", "key": forum.slug, "frequency": "instant"}
    assert reader.post(LIST, asked).headers["Location"] == page


def test_who_is_not_logged_in_is_led_to_the_form(client, open_consultation):
    assert (
        "/following/new/?kind=consultation&amp;key=open-consultation" in client.get(OVERVIEW).text
    )
    answer = client.get("/following/new/?kind=consultation&key=open-consultation")
    assert answer.headers["Location"].startswith("/accounts/login/?next=/following/new/")


def test_the_list_changes_and_stops_and_shows_what_is_new(reader, participant, follow_it, publish):
    following = follow_it(participant, "off")
    publish("Fresh")
    text = reader.get(LIST).text
    assert "You follow one thing." in text
    assert "New submission: Fresh" in text
    reader.post(f"{LIST}{following.pk}/", {"frequency": "weekly"})
    assert Following.objects.get().frequency == "weekly"
    reader.post(f"{LIST}{following.pk}/", {"then": "stop"})
    assert not Following.objects.exists()
    assert "You follow nothing yet" in reader.get(LIST).text
    assert reader.post(f"{LIST}{following.pk}/", {"then": "stop"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_forty(
    reader, participant, follow_it, publish, django_assert_num_queries
):
    follow_it(participant)
    reader.get(LIST)
    with django_assert_num_queries(5):
        reader.get(LIST)
    for organisation in OrganisationFactory.create_batch(40):
        follow(participant, kind="organisation", key=organisation.slug, frequency="daily")
    with django_assert_num_queries(5):
        assert reader.get(LIST).text.count("Stop following") == 41


def test_nobody_reaches_what_another_follows(reader, rival, follow_it):
    following = follow_it(rival)
    assert reader.post(f"{LIST}{following.pk}/", {"then": "stop"}).status_code == 404
    assert Following.objects.filter(pk=following.pk).exists()


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("consultation", "nothing"),
        ("consultation", "not-published"),
        ("consultation", "a\0b"),
        ("provision", "open-consultation"),
        ("provision", "open-consultation/article-9"),
        ("provision", "not-published/article-1"),
        ("organisation", "x" * 500),
        ("organisation", "held-name"),
        ("person", "1"),
        ("", ""),
    ],
)
def test_what_is_not_there_or_not_to_be_seen_cannot_be_followed(
    reader, participant, open_consultation, kind, key
):
    ConsultationFactory(slug="not-published", published_at=None)
    OrganisationFactory(slug="held-name", state="held")
    with pytest.raises(UnknownTopic):
        follow(participant, kind=kind, key=key, frequency="daily")
    answer = reader.post(LIST, {"kind": kind, "key": key, "frequency": "daily"})
    assert answer.status_code == 404


def test_an_unknown_frequency_is_refused(reader, follow_it, participant):
    following = follow_it(participant)
    assert reader.post(f"{LIST}{following.pk}/", {"frequency": "hourly"}).status_code == 422
    assert Following.objects.get().frequency == "instant"


def test_a_person_follows_a_bounded_number_of_things(participant, open_consultation, follow_it):
    Following.objects.bulk_create(
        Following(
            user=participant, topic=f"organisation:o-{n}", title="O", path="/", frequency="off"
        )
        for n in range(MOST_FOLLOWED)
    )
    with pytest.raises(TooMuchFollowed):
        follow_it(participant)
    assert Following.objects.count() == MOST_FOLLOWED


def filed(consultation, by, **more):
    content = DraftInput(
        answers=[AnswerInput("why", text="Because.")],
        points=[PointInput("article-2", stance="oppose", ask="delete", reason="No.")],
        group="civil",
    )
    receipt = file_submission(consultation, content, by=by, **more)
    return Submission.objects.get(reference=receipt.number)


def test_a_submission_is_news_of_its_consultation_its_provisions_and_its_organisation(
    open_consultation, member, forum, participant
):
    follow(participant, kind="organisation", key=forum.slug, frequency="instant")
    one = filed(open_consultation, member, organisation=forum)
    assert topics() == {
        "consultation:open-consultation",
        "provision:open-consultation/article-2",
        "organisation:citizens-forum",
    }
    run_all()
    [sent] = [sent for sent in mail.outbox if sent.to == [participant.email]]
    assert f"New submission by Citizens' Forum: {open_consultation.title}" in sent.body
    assert one.get_absolute_url() in sent.body


def test_a_joint_submission_is_news_of_every_organisation_that_signed_it(
    open_consultation, member, forum
):
    (union, signer), (other, _idle) = ally("Workers United"), ally("Still Thinking")
    draft = drafted(open_consultation, forum, member)
    invite(draft, other, by=member)
    signed(invite(draft, union, by=member), signer)
    submit(draft, by=member)
    assert {topic for topic in topics() if topic.startswith("organisation:")} == {
        "organisation:citizens-forum",
        "organisation:workers-united",
    }


def test_a_person_who_files_is_not_named_and_a_revision_is_not_news(open_consultation, participant):
    one = filed(open_consultation, participant)
    assert {news.text for news in News.objects.all()} == {
        f"New submission: {open_consultation.title}"
    }
    News.objects.all().delete()
    submit(start_revision(one, by=participant), by=participant)
    assert topics() == set()


def test_what_is_not_published_is_not_announced(open_consultation, participant, follow_it, topic):
    follow_it(participant)
    Consultation.objects.update(published_at=None)
    open_consultation.refresh_from_db()
    filed(open_consultation, participant)
    publish_version(open_consultation, slug="draft", title="D", provisions=[provision(1, "New.")])
    make_ready(Briefing.objects.create(consultation=open_consultation, version=1))
    assert not News.objects.exists()


def test_a_new_version_is_news_of_the_provisions_that_changed(open_consultation):
    texts = ["The same.", "The old.", "To go."]
    first = [provision(n, text) for n, text in enumerate(texts, 1)]
    publish_version(open_consultation, slug="rules", title="Rules", provisions=first)
    assert topics() == {"consultation:open-consultation"}
    News.objects.all().delete()
    second = [provision(1, "The same."), provision(2, "The new."), provision(4, "Added.")]
    publish_version(open_consultation, slug="rules", title="Rules", provisions=second)
    assert topics() == {
        "consultation:open-consultation",
        "provision:open-consultation/article-2",
        "provision:open-consultation/article-3",
        "provision:open-consultation/article-4",
    }
    news = News.objects.first()
    changed = "Article 2, Article 3, Article 4"
    assert news.text == f"Changed: {changed}. Rules ({open_consultation.title}), version 2"
    assert news.path == f"{OVERVIEW}documents/rules/?version=2"


def test_news_of_a_text_says_its_title_once_and_names_a_few_changes(open_consultation):
    title = open_consultation.title
    for words in ("Old.", "New."):
        provisions = [provision(n, words) for n in range(1, 6)]
        publish_version(open_consultation, slug="rules", title=title, provisions=provisions)
    texts = {news.text for news in News.objects.all()}
    changed = "Article 1, Article 2, Article 3, …"
    assert texts == {
        f"New text: {title}, version 1",
        f"Changed: {changed}. {title}, version 2",
    }


def test_a_briefing_is_news_when_it_is_published(open_consultation):
    briefing = Briefing.objects.create(consultation=open_consultation, version=1)
    assert not News.objects.exists()
    make_ready(briefing)
    news = News.objects.get()
    assert news.text == f"Briefing, version 1: {open_consultation.title}"
    assert news.path == briefing.get_absolute_url()


def test_a_filing_nobody_wants_mail_of_makes_no_job(
    open_consultation, participant, rival, follow_it
):
    follow_it(rival, "daily")
    filed(open_consultation, participant)
    assert not Job.objects.filter(kind__startswith="notifications.").exists()
