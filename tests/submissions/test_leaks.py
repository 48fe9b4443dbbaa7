"""What a submitter keeps back is found nowhere: every route is read by everybody it is not for."""

import io
import zipfile
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter
from pypdf import PdfReader

from apps.accounts.models import Membership
from apps.accounts.services import make_token
from apps.audit.models import Entry
from apps.briefings.models import Briefing
from apps.consultations.models import Consultation
from apps.jobs.models import Job
from apps.notifications.models import News
from apps.notifications.services import follow
from apps.submissions import passages, vocabulary
from apps.submissions.inputs import (
    AnswerInput,
    DraftInput,
    EvidenceInput,
    FileNote,
    PointInput,
    RedactionInput,
)
from apps.submissions.models import Attachment, AttachmentPage, ConfidentialVersion, Submission
from apps.submissions.services import (
    content_of,
    detach,
    file_submission,
    invite,
    save_draft,
    start_draft,
    start_revision,
    submit,
    take_back_invitation,
    withdraw,
)
from tests.factories import (
    AnswerFactory,
    MembershipFactory,
    OrganisationFactory,
    SubmissionFactory,
    UserFactory,
    days,
)
from tests.submissions.joint_cast import ally, drafted, filed_as, signed
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db
NAME = "Zinnober Alliance"
SECRET = "quokka furnace"
CANARIES = ("zinnober", "quokka", "furnace", "pangolin", "okapi")
KEPT = [
    RedactionInput("Quokka\nfurnace", "business"),
    RedactionInput("https://okapi.example", "other", "It names a client of the Quokka-furnace."),
]


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.BRIEFINGS_ROOT = tmp_path / "briefings"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    settings.JOB_BACKOFF_SECONDS = ()


@pytest.fixture
def alliance(db):
    return OrganisationFactory(
        name=NAME, slug="zinnober-alliance", website="https://zinnober.example"
    )


@pytest.fixture
def speaker(alliance):
    user = UserFactory(email="boss@zinnober.example", name="Zora Zinnober")
    MembershipFactory(organisation=alliance, user=user, role=Membership.Role.SIGNATORY)
    return user


def file_of(sender, *, key, name, words, title=""):
    attachment = Attachment.objects.create(
        key=key,
        sender=sender,
        name=name,
        title=title,
        media_type="text/plain",
        size=1,
        sha256="0" * 64,
        published=f"p-{key}",
        state="read",
        page_count=1,
        pages_read=1,
    )
    AttachmentPage.objects.create(attachment=attachment, number=1, text=words)
    return FileNote(key, title)


def withheld(sender):
    return DraftInput(
        answers=[AnswerInput("why", "The threshold of compute is far too high for small firms.")],
        points=[PointInput("article-1", stance="oppose", reason="Inspections must be announced.")],
        attachments=[
            file_of(sender, key="withheld", name="zinnober-paper.txt", words="Inspect the sites.")
        ],
        visibility="withheld",
    )


def confidential(sender):
    secret = "Our QUOKKA  furnace would stop. The threshold of compute must rise."
    return DraftInput(
        group="company",
        title=f"On the {SECRET}",
        answers=[
            AnswerInput("why", secret),
            AnswerInput("position", f"Because of the {SECRET}.", stance="oppose"),
        ],
        points=[
            PointInput(
                "article-2",
                stance="changes",
                ask="amend",
                reason=f"The {SECRET} is at stake and the reporting takes too long.",
                proposed_text=f"Except for a {SECRET}.",
                change_condition=f"If the {SECRET} were exempt.",
                evidence=[
                    EvidenceInput("https://okapi.example/report", "A report"),
                    EvidenceInput("https://example.org/the-quokka-furnace/", "A report"),
                    EvidenceInput("https://example.org/open", f"On {SECRET}"),
                ],
            )
        ],
        attachments=[
            FileNote(
                file_of(
                    sender, key="secret", name="pangolin.txt", words="A pangolin.", title="Pangolin"
                ).key,
                "Pangolin",
                "business",
            ),
            file_of(sender, key="open", name="quokka_furnace.txt", words="Open.", title=SECRET),
        ],
        visibility="confidential",
        redactions=KEPT,
    )


@pytest.fixture
def told(open_consultation, alliance, speaker, participant, owner, tmp_path):
    """Two submissions that keep something back, read by every job, in a published briefing."""
    for topic, key in (
        ("consultation", open_consultation.slug),
        ("organisation", alliance.slug),
        ("provision", f"{open_consultation.slug}/article-1"),
    ):
        follow(participant, kind=topic, key=key, frequency="instant")
    for number in range(7):
        one = SubmissionFactory(consultation=open_consultation, group="individual")
        AnswerFactory(
            submission=one,
            question=open_consultation.questions.get(key="why"),
            text=f"The threshold of compute named in article {number} is far too high for this.",
        )
    first = file_submission(
        open_consultation, withheld(speaker), by=speaker, organisation=alliance
    ).number
    # The second by a draft: other code writes its rows.
    company = UserFactory(email="ceo@example.org")
    draft = start_draft(open_consultation, author=company, group="company")
    content = confidential(company)
    save_draft(draft, content, by=company)
    second = submit(draft, by=company).number
    pks = list(open_consultation.submissions.values_list("pk", flat=True))
    passages.extract(pks)
    vocabulary.write(pks)
    call_command(
        "build_briefing", open_consultation.slug, output=tmp_path, quiet=True, stdout=io.StringIO()
    )
    return {"withheld": first, "confidential": second, "folder": tmp_path, "company": company}


def places(told, reference):
    """Return how addresses name everything that was made."""
    attachment = "withheld" if reference == told["withheld"] else "secret"
    return {
        "slug": "open-consultation",
        "document": "draft",
        "document_slug": "draft",
        "reference": reference,
        "version": 1,
        "number": "1.1",
        "key": attachment,
        "file_format": "json",
        "format": "json",
        "pk": 1,
    }


def addresses(told):
    """Yield every address one may GET with what was made, and searches for what is kept back."""
    for reference in (told["withheld"], told["confidential"]):
        known = places(told, reference)
        for name, pattern in ROUTES.items():
            names = set(pattern.pattern.converters or pattern.pattern.regex.groupindex)
            if names <= set(known) and "token" not in name:
                numbered = isinstance(pattern.pattern.converters.get("number"), IntConverter)
                wanted = {**known, "number": 1} if numbered else known
                yield reverse(name, kwargs={key: wanted[key] for key in names})
    lists = ("/consultations/open-consultation/submissions/",)
    for address in (*lists, "/api/v1/consultations/open-consultation/submissions/"):
        for words in ("Zinnober", "quokka", "furnace", "pangolin", "Inspections", "threshold"):
            yield f"{address}?q={words}"
        yield f"{address}?organisation=zinnober-alliance"
    for key in ("withheld", "secret", "open"):
        yield f"/attachments/{key}/"
        yield f"/attachments/{key}/text/"
        yield f"/api/v1/attachments/{key}/pages/"


def plain(response):
    """Return what an answer says, in lower case, without what the address itself repeats."""
    body = b"".join(response) if response.streaming else response.content
    heads = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{heads}\n{body.decode('utf-8', 'replace')}".lower()


def leaks(client, address, headers=None):
    response = client.get(address, headers=headers or {})
    text = plain(response)
    # A page of a search repeats what was asked for; the organisation itself is public.
    for _name, asked in parse_qsl(urlsplit(address.lower()).query):
        text = text.replace(asked, "")
    return [canary for canary in CANARIES if canary in text]


def readers(told):
    stranger = UserFactory(email="reader@example.org")
    session = Client()
    session.force_login(stranger)
    _token, text = make_token(stranger, name="reading", scope="read")
    yield "anonymous", Client(), {}
    yield "somebody else", session, {}
    yield "a program", Client(), {"Authorization": f"Token {text}"}


def test_no_address_tells_what_is_kept_back(told):
    # The public page of the organisation may name it; that it spoke here may not be on it.
    own_page = ("/organisations/zinnober-alliance/",)
    found = [
        (reader, address, leak)
        for reader, client, headers in readers(told)
        for address in dict.fromkeys(addresses(told))
        if address not in own_page and (leak := leaks(client, address, headers))
    ]
    assert found == []


def test_the_page_of_the_organisation_does_not_list_what_it_withholds(told, client):
    page = client.get("/organisations/zinnober-alliance/").content.decode()
    assert told["withheld"] not in page


def test_followers_learn_nothing(told):
    news = " ".join(
        f"{one.topic} {one.title} {one.values} {one.path}" for one in News.objects.all()
    )
    assert News.objects.exists()
    assert not [canary for canary in CANARIES if canary in news.lower()]


def test_no_file_of_the_briefing_tells_it(told):
    briefing = Briefing.objects.get()
    assert briefing.state == Briefing.State.READY
    seen = str(briefing.content)
    for path in told["folder"].glob("briefing.*"):
        data = path.read_bytes()
        if path.suffix == ".docx":
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                seen += unescape(packed.read("word/document.xml").decode())
        elif path.suffix == ".pdf":
            seen += "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
        else:
            seen += data.decode()
    assert told["withheld"] in seen
    assert told["confidential"] in seen
    assert not [canary for canary in CANARIES if canary in seen.lower()]


def test_neither_jobs_nor_the_log_hold_it(told):
    rows = [str(one.payload) for one in Job.objects.all()]
    rows += [f"{one.kind} {one.subject} {one.detail}" for one in Entry.objects.all()]
    assert not [canary for canary in CANARIES if canary in " ".join(rows).lower()]


def test_nothing_of_what_was_withdrawn_is_left_but_that_it_was_filed(
    open_consultation, alliance, speaker
):
    said = "The quokka furnace is at stake."
    content = DraftInput(
        title=f"On the {SECRET}",
        answers=[
            AnswerInput("why", said),
            AnswerInput("position", said, stance="oppose"),
        ],
        points=[
            PointInput(
                "article-1",
                stance="oppose",
                reason=said,
                evidence=[EvidenceInput("https://okapi.example/report", "An okapi")],
            )
        ],
        attachments=[file_of(speaker, key="open", name="pangolin.txt", words="A pangolin.")],
        visibility="confidential",
        redactions=[RedactionInput("stake", "other", "It is about the furnace.")],
    )
    filed = file_submission(open_consultation, content, by=speaker, organisation=alliance)
    one = open_consultation.submissions.get(reference=filed.number)
    passages.extract([one.pk])
    vocabulary.write([one.pk])
    told = {"withheld": filed.number, "confidential": filed.number}
    lists = ("/search/", "/consultations/open-consultation/submissions/")
    near = [f"{address}?q={words}" for address in lists for words in ("quokkb", "furnacf")]
    named = [name for name in CANARIES if name != "zinnober"]

    def left():
        return [
            address
            for address in [*addresses(told), *near]
            if set(named) & set(leaks(Client(), address))
        ]

    assert {*near, one.get_absolute_url()} <= set(left())
    withdraw(one, by=speaker)
    assert left() == []
    # A tombstone says neither for nor against.
    for begin in ("/consultations/open-consultation/", "/api/v1/consultations/open-consultation/"):
        for asked in ("stance=oppose", "provision=article-1"):
            page = Client().get(f"{begin}submissions/?{asked}").content.decode()
            assert filed.number not in page


def test_the_public_reads_why_in_place_of_the_words(told, client):
    page = client.get(f"/consultations/open-consultation/submissions/{told['confidential']}/")
    text = page.content.decode()
    assert "Our [redacted: business secret] would stop." in text
    assert "One file kept back: business secret" in text
    assert "It names a client of the [redacted: business secret]." in text
    shown = client.get(
        f"/api/v1/consultations/open-consultation/submissions/{told['confidential']}/"
    ).json()
    assert shown["visibility"] == "confidential"
    # "quokka furnace": answers 2, point 3, title 1, sources 2, a file 1; the address: 1
    assert [(one["reason"], one["occurrences"]) for one in shown["redactions"]] == [
        ("business", 9),
        ("other", 1),
    ]
    assert shown["files_kept_back"] == ["business"]
    assert [one["url"] for one in shown["points"][0]["evidence"]] == ["https://example.org/open"]


def test_its_owner_and_the_host_read_all_of_it(told, owner, speaker, alliance):
    colleague = MembershipFactory(organisation=alliance).user
    for reference, people in (
        (told["confidential"], (told["company"], owner)),
        (told["withheld"], (speaker, colleague, owner)),
    ):
        for person in people:
            client = Client()
            client.force_login(person)
            address = f"/consultations/open-consultation/respond/filed/{reference}/original/"
            page = client.get(address)
            assert page.status_code == 200, (person, reference)
            words = "QUOKKA  furnace" if reference == told["confidential"] else NAME
            assert words in page.content.decode()
            api = address.replace("/respond/filed/", "/submissions/")
            assert client.get(f"/api/v1{api}").status_code == 200


def test_who_shows_the_name_afterwards_closes_nothing_and_who_withholds_it_closes_what_was(
    open_consultation, alliance, speaker, client
):
    content = DraftInput(answers=[AnswerInput("why", f"We are {NAME}, and it must end.")])
    named = file_submission(open_consultation, content, by=speaker, organisation=alliance)
    first = open_consultation.submissions.get(reference=named.number)
    draft = start_revision(first, by=speaker)
    save_draft(
        draft,
        DraftInput(
            answers=[AnswerInput("why", f"We are {NAME}, and it must end.")],
            visibility="confidential",
            redactions=[RedactionInput(NAME, "rights")],
        ),
        by=speaker,
    )
    second = open_consultation.submissions.get(reference=submit(draft, by=speaker).number)
    for one in (first, second):
        page = client.get(one.get_absolute_url()).content.decode()
        assert "and it must end" in page or one == first
        assert "We are Zinnober" not in page
    third = start_revision(second, by=speaker)
    assert third.answers.get().text == f"We are {NAME}, and it must end."
    assert third.redactions == [{"words": NAME, "reason": "rights", "note": ""}]
    save_draft(
        third,
        DraftInput(answers=[AnswerInput("why", "It ends.")], visibility="withheld"),
        by=speaker,
    )
    submit(third, by=speaker)
    for one in open_consultation.submissions.all():
        assert "zinnober" not in client.get(one.get_absolute_url()).content.decode().lower()
        assert one.organisation is None
        assert one.owner == alliance


def test_that_it_is_verified_does_not_tell_who_withholds_the_name(
    open_consultation, alliance, speaker, client
):
    alliance.verified_until = days(30)
    alliance.save()
    content = DraftInput(answers=[AnswerInput("why", "No.")], visibility="withheld")
    filed = file_submission(open_consultation, content, by=speaker, organisation=alliance)
    address = f"/api/v1/consultations/open-consultation/submissions/{filed.number}/"
    assert client.get(address).json()["identity"] == "account"


def test_who_withholds_the_name_later_leaves_it_nowhere(
    open_consultation, alliance, speaker, participant, client, tmp_path
):
    for kind, key in (("consultation", open_consultation.slug), ("organisation", alliance.slug)):
        follow(participant, kind=kind, key=key, frequency="daily")
    content = DraftInput(
        title=f"{NAME}: a position",
        answers=[AnswerInput("why", f"We, the {NAME}, say no.")],
        attachments=[
            file_of(speaker, key="letter", name="letter.txt", words=f"{NAME}, letterhead")
        ],
    )
    named = file_submission(open_consultation, content, by=speaker, organisation=alliance)
    first = open_consultation.submissions.get(reference=named.number)
    draft = start_revision(first, by=speaker)
    said = [AnswerInput("why", "We say no.")]
    asked = DraftInput(title="No", answers=said, visibility="withheld")
    save_draft(draft, asked, by=speaker)
    detach(draft.attachments.get(), by=speaker)
    second = open_consultation.submissions.get(reference=submit(draft, by=speaker).number)
    told = {"withheld": second.reference, "folder": tmp_path}
    told |= {"confidential": first.reference}
    found = [
        (address, leak)
        for address in {*addresses(told), "/attachments/letter/", "/attachments/letter/text/"}
        if "zinnober" not in address and (leak := leaks(Client(), address))
    ]
    assert found == []
    page = client.get(first.get_absolute_url()).content.decode()
    assert "A newer version withholds the name" in page
    news = [f"{one.topic} {one.text}".lower() for one in News.objects.all()]
    assert news
    assert not [one for one in news if "zinnober" in one]


def test_a_version_that_keeps_words_back_takes_the_reservations_of_the_earlier_along(
    open_consultation, forum, member, client
):
    _union, person = ally("Workers United", group="union")
    draft = drafted(open_consultation, forum, member)
    signed(invite(draft, _union, by=member), person, f"Nothing of the {SECRET}.")
    first = filed_as(submit(draft, by=member))
    assert SECRET in client.get(first.get_absolute_url()).content.decode()
    again = start_revision(first, by=member)
    words = "Because nobody pauses alone."
    kept = DraftInput(
        answers=[AnswerInput("why", words)],
        visibility="confidential",
        redactions=[RedactionInput("nobody", "business")],
    )
    save_draft(again, kept, by=member)
    submit(again, by=member)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "Workers United" in page
    assert SECRET not in page


def test_a_version_that_is_closed_says_so_however_many_named_ones_stand_between(
    open_consultation, forum, member, client
):
    chain = [filed_as(submit(drafted(open_consultation, forum, member), by=member))]
    for visibility in ("named", "withheld", "named"):
        draft = start_revision(chain[-1], by=member)
        save_draft(draft, replace(content_of(draft), visibility=visibility), by=member)
        chain.append(filed_as(submit(draft, by=member)))
    told = "A newer version withholds the name, so the words of this one are no longer shown."
    pages = [client.get(one.get_absolute_url()).content.decode() for one in chain]
    assert [told in page for page in pages] == [True, True, False, False]
    heads = [page.partition("<h1")[2].partition("</h1>")[0] for page in pages]
    assert ["Name withheld" in head for head in heads] == [True, True, True, False]


def test_who_withholds_the_name_later_is_not_known_by_those_who_signed_with_it(
    open_consultation, forum, member, client
):
    union, person = ally("Workers United", group="union")
    draft = drafted(open_consultation, forum, member)
    signed(invite(draft, union, by=member), person, "")
    first = filed_as(submit(draft, by=member))
    again = start_revision(first, by=member)
    take_back_invitation(again.parties.get(), by=member)
    said = [AnswerInput("why", "Because nobody pauses alone.")]
    save_draft(again, DraftInput(answers=said, visibility="withheld"), by=member)
    submit(again, by=member)
    address = first.get_absolute_url()
    for page in (address, f"/api/v1{address}"):
        shown = client.get(page).content.decode()
        assert first.reference in shown
        assert "Workers United" not in shown


def test_receipts_still_prove_what_was_filed(told, speaker, client):
    for person, reference in (
        (speaker, told["withheld"]),
        (told["company"], told["confidential"]),
    ):
        client.force_login(person)
        address = f"/consultations/open-consultation/respond/filed/{reference}/receipt.json"
        receipt = client.get(address).json()
        asked = {"number": reference, "content": receipt["content"]}
        for salt, fits in ((receipt["salt"], True), ("", None), ("00" * 32, None)):
            checked = client.post(
                "/api/v1/receipts/check/", asked | {"salt": salt}, content_type="application/json"
            ).json()
            assert checked["content_matches"] is fits
        assert receipt["content"]["visibility"] in ("withheld", "confidential")


def test_a_withdrawn_one_shows_its_original_to_nobody(told, client):
    company = told["company"]
    client.force_login(company)
    one = Submission.objects.get(reference=told["confidential"])
    client.post(f"/consultations/open-consultation/respond/filed/{one.reference}/withdraw/")
    address = reverse("submissions:original", args=["open-consultation", one.reference])
    assert client.get(address).status_code == 404
    assert ConfidentialVersion.objects.filter(pk=one.pk).exists()
    assert Consultation.objects.count() == 1
