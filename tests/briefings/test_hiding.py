"""Words that moderators hide are in no version of a briefing, in no form, and come back."""

import hashlib
import html
import io
import json

import docx
import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from apps.audit.canonical import canonical
from apps.audit.models import Entry
from apps.briefings import hiding, redacting
from apps.briefings.content import BriefingContent
from apps.briefings.linking import part_of, words_of
from apps.briefings.models import Briefing, BriefingFile, Citation, Theme
from apps.jobs.executing import run_job
from apps.jobs.models import Job
from apps.moderation.hooks import Removal
from apps.moderation.services import (
    DecisionInput,
    appeal,
    decide,
    decide_appeal,
    open_case,
)
from apps.submissions.models import HIDDEN, Answer, RegisteredCampaign, Submission
from apps.submissions.passages import extract
from tests.factories import (
    AnswerFactory,
    ConsultationFactory,
    HostRoleFactory,
    OrganisationFactory,
    QuestionFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
CANARY = "Zanzibarine Quillfeather"
SENTENCE = f"Ask the clerk {CANARY} of the third floor about every entry that was lost last year."


@pytest.fixture(autouse=True)
def briefings_folder(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.JOB_BACKOFF_SECONDS = ()


@pytest.fixture
def briefing():
    consultation = ConsultationFactory(slug="pause")
    question = QuestionFactory(consultation=consultation, key="why")
    AnswerFactory(
        submission=SubmissionFactory(
            consultation=consultation, reference="R-0", group="company", organisation_name="Body 0"
        ),
        question=question,
        text=f"First of all a sentence of some length.\n{SENTENCE} That is all there is to say.",
    )
    AnswerFactory(
        submission=SubmissionFactory(consultation=consultation, reference="R-1", group="civil"),
        question=question,
        text="Registers must be kept by those who answer for what they hold, and by nobody else.",
    )
    extract(list(Submission.objects.values_list("pk", flat=True)))
    return build()


def build():
    call_command("build_briefing", "pause", quiet=True, stdout=io.StringIO())
    return Briefing.objects.order_by("-version").first()


def remove(words, *, reference="R-0"):
    """Hide words in the row as the moderators' service does, then tell the briefings."""
    answer = Answer.objects.get(submission__reference=reference)
    start = answer.text.index(words)
    removal = Removal(answer.submission_id, answer.part, start, start + len(words), words)
    _write(answer, removal, HIDDEN * len(words))
    hiding.hide([removal])
    return removal


def put_back(removal):
    answer = Answer.objects.get(submission_id=removal.submission_id)
    _write(answer, removal, removal.words)
    hiding.restore([removal])


def _write(answer, removal, words):
    answer.text = answer.text[: removal.start] + words + answer.text[removal.end :]
    answer.save()


def run_jobs():
    while due := list(Job.objects.due().values_list("pk", flat=True)):
        for pk in due:
            run_job(pk)
    assert not Job.objects.dead().exists()


def read_file(client, version, name):
    """Return all the text of one file of a version, white space as single spaces."""
    address = reverse("briefings:file", args=["pause", version, name])
    data = b"".join(client.get(address).streaming_content)
    if name == "pdf":
        said = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    elif name == "docx":
        said = [
            part.text for part in docx.Document(io.BytesIO(data)).element.body.iter() if part.text
        ]
    else:
        said = [html.unescape(data.decode())]
    return " ".join(" ".join(said).split())


def everything_shown(client, briefing):
    """Return all that the site, the API and the files say of a version, as one text."""
    args = ["pause", briefing.version]
    pages = [reverse(f"briefings:{name}", args=args) for name in ("detail", "index")]
    pages += [reverse(f"briefings:{name}", args=["pause"]) for name in ("results", "list")]
    pages += [reverse("briefings:words", args=["pause", "R-0"])]
    pages += [reverse("api:briefing-content", args=args), reverse("api:claims", args=args)]
    pages += [reverse("briefings:claim", args=[*args, n.number]) for n in briefing.claims.all()]
    said = [client.get(page).content.decode() for page in pages]
    said += [read_file(client, briefing.version, name) for name in BriefingFile.Format.values]
    said += [json.dumps(briefing.content, ensure_ascii=False)]
    return " ".join(" ".join(said).split())


def assert_quotes_are_exact(briefing):
    content = BriefingContent.model_validate(briefing.content)
    assert briefing.content_hash == hashlib.sha256(canonical(briefing.content)).hexdigest()
    rows = Citation.objects.filter(claim__briefing=briefing, start__isnull=False)
    stored = {(c.submission.reference, part_of(c), c.start): (words_of(c), c.sha256) for c in rows}
    printed = [c for claim in content.claims() for c in claim.citations if c.passage]
    assert printed
    for one in printed:
        found = stored[one.ref, one.passage.part, one.passage.start]
        assert found == (one.passage.text, one.passage.sha256)


def test_hidden_words_are_in_no_page_no_answer_and_no_file(client, briefing):
    assert CANARY in everything_shown(client, briefing)
    remove(CANARY)
    run_jobs()
    briefing.refresh_from_db()
    shown = everything_shown(client, briefing)
    assert "Zanzibarine" not in shown
    assert "Quillfeather" not in shown
    assert HIDDEN * len(CANARY) in shown
    assert_quotes_are_exact(briefing)


def test_other_words_of_the_quote_stay(briefing):
    remove(CANARY)
    content = json.dumps(Briefing.objects.get().content, ensure_ascii=False)
    assert f"Ask the clerk {HIDDEN * len(CANARY)} of the third floor" in content


def test_words_come_back_exactly(client, briefing):
    before = briefing.content_hash
    removal = remove(CANARY)
    run_jobs()
    put_back(removal)
    run_jobs()
    briefing.refresh_from_db()
    assert {**briefing.content["document"], "moderated": ""} == briefing.content["document"]
    assert briefing.content_hash == before
    assert CANARY in everything_shown(client, briefing)
    assert not Citation.objects.filter(hidden_at__isnull=False).exists()


def test_files_are_dropped_at_once_and_made_again(client, briefing, settings):
    def address(name):
        return reverse("briefings:file", args=["pause", 1, name])

    held = {p.read_bytes() for p in settings.BRIEFINGS_ROOT.rglob("*.html")}
    assert any(CANARY.encode() in data for data in held)
    remove(CANARY)
    assert not BriefingFile.objects.exists()
    answer = client.get(address("html"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "being made again" in answer.content.decode()
    assert "being made again" in client.get(briefing.get_absolute_url()).content.decode()
    assert client.get(reverse("api:briefing-file", args=["pause", 1, "html"])).status_code == 404
    run_jobs()
    assert set(BriefingFile.objects.values_list("format", flat=True)) == {
        "html",
        "pdf",
        "docx",
        "json",
    }
    assert client.get(address("html")).status_code == 200
    assert "being made again" not in client.get(briefing.get_absolute_url()).content.decode()


def test_nothing_is_left_on_the_disk(briefing, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        remove(CANARY)
    assert not [p for p in settings.BRIEFINGS_ROOT.rglob("*") if p.is_file()]


def test_the_page_and_every_file_say_that_words_were_removed(client, briefing):
    remove(CANARY)
    run_jobs()
    briefing.refresh_from_db()
    page = client.get(briefing.get_absolute_url()).content.decode()
    assert "Words of 1 quote were removed by the moderators after publication." in page
    assert reverse("moderation:log", args=["pause"]) in page
    assert set(BriefingFile.objects.values_list("warning", flat=True)) == {""}
    for name in BriefingFile.Format.values:
        said = read_file(client, 1, name)
        assert "Words of 1 quote were removed by the moderators" in said, name
        assert "Quillfeather" not in said, name
    answer = client.get(reverse("api:briefing", args=["pause", 1])).json()
    assert answer["quotes_removed"] == 1


def test_a_version_that_quotes_nothing_of_it_stays_as_it_was(briefing):
    files = set(BriefingFile.objects.values_list("sha256", flat=True))
    remove("First of all", reference="R-0") if not _is_quoted("First of all") else None
    briefing.refresh_from_db()
    assert set(BriefingFile.objects.values_list("sha256", flat=True)) == files
    assert not Entry.objects.filter(kind="briefing.redacted").exists()


def _is_quoted(words):
    return any(words in words_of(c) for c in Citation.objects.filter(start__isnull=False))


def test_the_audit_log_has_both_hashes_and_no_words(briefing):
    earlier = briefing.content_hash
    remove(CANARY)
    briefing.refresh_from_db()
    entry = Entry.objects.get(kind="briefing.redacted")
    assert entry.subject == "pause/1"
    assert entry.detail == {"quotes": 1, "earlier": earlier, "content": briefing.content_hash}


def test_every_version_is_changed_and_those_beyond_the_first_are_withheld(
    client, briefing, monkeypatch
):
    build()
    monkeypatch.setattr(hiding, "AT_ONCE", 1)
    remove(CANARY)
    newest, older = Briefing.objects.order_by("-version")
    assert CANARY not in json.dumps(newest.content)
    assert older.state == Briefing.State.BUILDING
    assert client.get(older.get_absolute_url()).status_code == 404
    run_jobs()
    older.refresh_from_db()
    assert older.state == Briefing.State.READY
    assert CANARY not in everything_shown(client, older)
    assert older.files.count() == 4


def test_words_hidden_while_a_version_is_made_are_not_in_it(client, briefing):
    from apps.briefings.services import start_briefing

    start_briefing(
        briefing.consultation,
        by=HostRoleFactory(host=briefing.consultation.host, role="owner").user,
    )
    kinds = ("freeze", "themes", "themes", "number", "claims")
    for kind in kinds:
        job = Job.objects.due().filter(kind=f"briefings.{kind}").first()
        if job:
            run_job(job.pk)
    remove(CANARY)
    run_jobs()
    newest = Briefing.objects.get(version=2)
    assert newest.state == Briefing.State.READY
    assert CANARY not in everything_shown(client, newest)
    assert_quotes_are_exact(newest)


def test_content_that_was_composed_before_the_words_were_hidden_is_stored_without_them(briefing):
    from apps.briefings import building

    class Composing:
        payload = {"briefing": briefing.pk}

        def progress(self, *_):
            pass

        def fan_out(self, *_, **__):
            pass

    store = building.compose(Composing())
    remove(CANARY)
    store()
    briefing.refresh_from_db()
    assert CANARY not in json.dumps(briefing.content)
    assert_quotes_are_exact(briefing)


def test_a_file_that_is_rendered_while_words_are_hidden_does_not_hold_them(briefing, monkeypatch):
    from apps.briefings import publishing

    plain, calls = publishing.render, []

    def render(of, file_format):
        made = plain(of, file_format)
        if not calls:
            remove(CANARY)
        calls.append(made)
        return made

    monkeypatch.setattr(publishing, "render", render)
    file = publishing.write_file(Briefing.objects.get(), "html")
    written = (publishing.settings.BRIEFINGS_ROOT / file.path).read_text()
    assert len(calls) == 2
    assert CANARY not in written


def test_the_title_of_a_campaign_loses_the_words_its_specimen_lost(client, settings):
    consultation = ConsultationFactory(slug="pause")
    question = QuestionFactory(consultation=consultation, key="why")
    letter = (
        f"The clerk {CANARY} must keep the public register\nof every training run open to all. "
        "Nobody should be able to build in the dark what all of us will have to live with. "
        "We ask the ministry to publish each entry within a week of its being made."
    )
    for number in range(7):
        submission = SubmissionFactory(consultation=consultation, reference=f"R-{number}")
        AnswerFactory(submission=submission, question=question, text=letter)
    extract(list(Submission.objects.values_list("pk", flat=True)))
    briefing = build()
    (campaign,) = briefing.corpus.scan.campaigns.all()
    assert CANARY in campaign.title
    before = campaign.title
    removal = remove(CANARY, reference=campaign.sample.reference)
    run_jobs()
    campaign.refresh_from_db()
    briefing.refresh_from_db()
    assert CANARY not in campaign.title
    assert len(campaign.title) == len(before)
    assert CANARY not in json.dumps(briefing.content, ensure_ascii=False)
    put_back(removal)
    campaign.refresh_from_db()
    assert campaign.title == before


def test_the_title_of_a_registered_campaign_loses_the_words_that_were_hidden(client):
    submission = SubmissionFactory(consultation=ConsultationFactory(slug="pause"))
    campaign = RegisteredCampaign.objects.create(
        consultation=submission.consultation,
        organisation=OrganisationFactory(),
        carrier=submission,
        slug="clerk",
        title=f"The clerk {CANARY} must go",
        text="Let another keep it.",
    )
    briefing = build()
    assert CANARY in briefing.content["heard"]["registered"][0]["title"]
    campaign.title = campaign.title.replace(CANARY, HIDDEN * len(CANARY))
    campaign.save()
    start = len("The clerk ")
    hiding.hide([Removal(submission.pk, "campaign:title", start, start + len(CANARY), CANARY)])
    briefing.refresh_from_db()
    assert briefing.content["heard"]["registered"][0]["title"] == campaign.title


def themed(briefing, *terms):
    theme = Theme.objects.get(frame=briefing.frame)
    theme.terms, theme.title = list(terms), ", ".join(terms).capitalize()
    theme.rule = "answers to question why near: " + ", ".join(terms)
    theme.save()
    briefing.content["themes"][0] |= {"title": theme.title, "rule": theme.rule}
    for claim in briefing.claims.all():
        for one in claim.numbers.values():
            if one["query"] == "title of the theme":
                one["value"] = theme.title
        claim.save()
    content = redacting.in_line(briefing, briefing.content)
    Briefing.objects.filter(pk=briefing.pk).update(
        content=content, content_hash=redacting.digest_of(content)
    )
    briefing.refresh_from_db()
    return theme


def test_a_word_that_stands_nowhere_any_more_goes_from_the_names_of_themes(briefing):
    theme = themed(briefing, "quillfeather", "registers", "entry")
    removal = remove(CANARY)
    theme.refresh_from_db()
    briefing.refresh_from_db()
    assert theme.terms == [HIDDEN * 12, "registers", "entry"]
    stored = json.dumps(briefing.content, ensure_ascii=False)
    assert "uillfeather" not in stored
    assert "uillfeather" not in str(list(briefing.claims.values_list("numbers", flat=True)))
    BriefingContent.model_validate(briefing.content)
    put_back(removal)
    theme.refresh_from_db()
    briefing.refresh_from_db()
    assert theme.title == "Quillfeather, registers, entry"
    assert theme.original == {}
    assert "Quillfeather, registers, entry" in json.dumps(briefing.content)


def test_a_word_that_others_use_as_well_stays_in_the_names_of_themes(briefing):
    answer = Answer.objects.get(submission__reference="R-1")
    answer.text += " Quillfeather is a fine word."
    answer.save()
    theme = themed(briefing, "quillfeather", "registers")
    remove(CANARY)
    theme.refresh_from_db()
    assert theme.terms == ["quillfeather", "registers"]


def test_nothing_happens_without_removals(briefing, django_assert_num_queries):
    with django_assert_num_queries(0):
        hiding.hide([])


def moderator_of(consultation):
    return HostRoleFactory(host=consultation.host, role="moderator").user


def decided(submission, part, *, by, **more):
    values = {"action": "redact", "rule": "personal", "statement": "It names a clerk."}
    entered = DecisionInput(**(values | more))
    return decide(open_case(submission, part, by=by), entered, by=by)


def test_what_a_moderator_redacts_leaves_the_briefing_and_an_appeal_brings_it_back(
    client, briefing
):
    before, first = briefing.content_hash, moderator_of(briefing.consultation)
    submission = Submission.objects.get(reference="R-0")
    author = submission.author = UserFactory()
    submission.organisation = None
    submission.save()
    decision = decided(submission, "answer:why", words=[CANARY.lower()], by=first)
    run_jobs()
    briefing.refresh_from_db()
    shown = everything_shown(client, briefing)
    assert "Quillfeather" not in shown
    assert "Words of 1 quote were removed by the moderators" in shown
    assert_quotes_are_exact(briefing)
    lodged = appeal(decision, text="She agreed.", by=author)
    second = moderator_of(briefing.consultation)
    decide_appeal(lodged, outcome="reversed", statement="She did.", by=second)
    run_jobs()
    briefing.refresh_from_db()
    assert briefing.content_hash == before
    assert CANARY in everything_shown(client, briefing)


def test_a_whole_submission_that_is_hidden_is_quoted_and_named_nowhere(client, briefing):
    submission = Submission.objects.get(reference="R-0")
    assert "Body 0" in everything_shown(client, briefing)
    decided(
        submission, "", action="hide", rule="impersonation", by=moderator_of(briefing.consultation)
    )
    run_jobs()
    briefing.refresh_from_db()
    shown = everything_shown(client, briefing)
    for words in (CANARY, "Body 0", "First of all", "That is all there is to say"):
        assert words not in shown
    assert_quotes_are_exact(briefing)


def test_what_a_moderator_keeps_changes_no_briefing(briefing):
    before = briefing.content_hash
    decided(
        Submission.objects.get(reference="R-0"),
        "answer:why",
        action="keep",
        by=moderator_of(briefing.consultation),
    )
    briefing.refresh_from_db()
    assert briefing.content_hash == before
    assert briefing.files.count() == 4


def test_where_two_decisions_hide_the_same_words_they_stay_hidden_until_both_are_taken_back(
    briefing,
):
    removal = remove(CANARY)
    wider = Removal(removal.submission_id, removal.part, removal.start - 4, removal.end, "x")
    hiding.hide([wider])
    hiding.restore([wider])
    briefing.refresh_from_db()
    assert "Quillfeather" not in json.dumps(briefing.content)
    assert Citation.objects.filter(hidden_at__isnull=False).count() == removed_citations(removal)


def removed_citations(removal):
    rows = Citation.objects.filter(submission=removal.submission_id, start__isnull=False)
    return sum(HIDDEN in words_of(row) for row in rows)
