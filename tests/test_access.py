"""Who reaches which address: every route of the URL configuration, every role, GET and POST.

The routes are read from the URL configuration: one without an entry here fails, and so does an
entry without a route. Each outcome is one letter, in the order of ROLES:

o  open: answered, also where the form or the JSON was refused for what it held (400, 409, 422)
l  log in first (401, or a redirect to the log-in page)
r  refused (403)
h  hidden: the same answer as where there is nothing (404)
a  absent: the address has no such method (405)
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.accounts.models import Invitation
from apps.accounts.services import make_token
from apps.audit.models import Receipt
from apps.audit.services import record
from apps.briefings.models import Briefing, BriefingFile, Citation, Claim
from apps.consultations.models import BackgroundDocument, RoleOffer
from apps.hearings.models import Statement
from apps.hearings.proving import token_of as said_token_of
from apps.moderation.models import Appeal, Case, Decision
from apps.moderation.services import flag
from apps.notifications.services import follow
from apps.notifications.unsubscribing import token_of as mail_token_of
from apps.responses.models import BulkResponse, Milestone, OfficialResponse
from apps.submissions import storing
from apps.submissions.inputs import AnswerInput, DraftInput
from apps.submissions.models import (
    Attachment,
    CoSignature,
    ImportUpload,
    JointParty,
    RegisteredCampaign,
)
from apps.submissions.proving import token_of
from apps.submissions.services import comment, disown, file_submission, start_draft
from tests.briefings.content_factory import briefing_data
from tests.factories import (
    AgendaItemFactory,
    HearingFactory,
    HostRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    SpeakerFactory,
    SubmissionFactory,
    UserFactory,
)

ROLES = (
    "anonymous",
    "participant",
    "drafter",
    "analyst",
    "stranger_to_the_host",
    "owner",
    "superuser",
)
THIRD_PARTY = {
    "accounts/": "log-in, by allauth, tested there",
    "operations/": "Django's admin, for operations staff; its entrance has an entry below",
}
EVERYBODY, NOBODY, PEOPLE = "ooooooo", "aaaaaaa", "loooooo"
STAFF_HIDDEN = "lhhohoh"
MODERATORS = "lhhhhoh"
EDITORS = "lhhhhoh"
OWNERS = "lhhrhoh"
# The form of what is sent is looked at first.
API_EDITORS = "loooooo"


# Of what is hidden from those who take part, what a data-protection officer reads. Nothing of it
# takes a POST from them.
READ_BY_OFFICERS = {
    "consultations:workspace",
    "consultations:workspace-consultation",
    "consultations:staff",
    "consultations:identity",
    "consultations:readiness",
    "consultations:protection",
    "api:data-protection",
    "submissions:disputes",
    "moderation:queue",
    "moderation:case",
    "briefings:progress",
    "api:readiness",
    "api:watched",
    "api:staff",
    "api:role-offers",
    "api:disputes",
    "api:moderation-cases",
    "api:moderation-decided",
    "api:moderation-case",
    "api:briefing-progress",
}


@dataclass(frozen=True)
class Entry:
    """The outcomes of GET and POST by role, and what the address names."""

    get: str
    post: str = NOBODY
    place: dict[str, Any] = field(default_factory=dict)


CLAIM = {"number": "1.1"}
PROVISION = {"key": "article-1"}
BULK = {"number": 1, "response_id": 1, "bulk_id": 1}
ENTRIES = {
    # pages
    "consultations:list": Entry(EVERYBODY),
    "consultations:detail": Entry(EVERYBODY),
    "consultations:document": Entry(EVERYBODY),
    "consultations:changes": Entry(EVERYBODY),
    "consultations:feed": Entry(EVERYBODY),
    "consultations:calendar": Entry(EVERYBODY),
    "consultations:new": Entry("lhhhooh", "lhhhooh"),
    "consultations:staff": Entry(STAFF_HIDDEN, OWNERS),
    "consultations:dismiss": Entry(NOBODY, OWNERS),
    "consultations:offer": Entry(EVERYBODY, "lrrrrrr", {"token": "an-offer"}),
    "consultations:offer-withdrawn": Entry(NOBODY, OWNERS),
    "consultations:clone": Entry(EDITORS, EDITORS),
    "consultations:details": Entry(EDITORS, EDITORS),
    # Owners and data-protection officers.
    "consultations:protection": Entry("lhhhhoh"),
    "consultations:schedule": Entry(EDITORS, EDITORS),
    "consultations:close": Entry(NOBODY, EDITORS),
    "consultations:background-file": Entry(EVERYBODY),
    "consultations:background": Entry(EDITORS, EDITORS),
    "consultations:background-gone": Entry(NOBODY, EDITORS),
    "consultations:translation": Entry(EDITORS, EDITORS, {"language": "fr"}),
    "consultations:stakeholders": Entry(EDITORS, EDITORS),
    "consultations:stakeholders-known": Entry(EDITORS, EDITORS),
    "consultations:readiness": Entry(EDITORS, EDITORS),
    "consultations:preview": Entry(EDITORS),
    "consultations:questions": Entry(EDITORS, "lhhhhhh"),
    "consultations:question-new": Entry(EDITORS, EDITORS),
    "consultations:question": Entry(EDITORS, EDITORS, {"key": "why"}),
    "consultations:texts": Entry(EDITORS, EDITORS),
    "consultations:text": Entry(EDITORS, EDITORS),
    "consultations:whole": Entry(EDITORS, EDITORS),
    "consultations:provision": Entry(EDITORS, EDITORS, PROVISION),
    "consultations:provision-moved": Entry(NOBODY, EDITORS, PROVISION),
    "consultations:provision-gone": Entry(NOBODY, EDITORS, PROVISION),
    "submissions:list": Entry(EVERYBODY),
    "submissions:detail": Entry(EVERYBODY),
    "submissions:respond": Entry(PEOPLE, PEOPLE),
    "submissions:reuse": Entry(PEOPLE, PEOPLE),
    "submissions:autosave": Entry(NOBODY, EVERYBODY),
    "submissions:compare": Entry(NOBODY, EVERYBODY),
    "submissions:replies": Entry(EVERYBODY),
    "submissions:reply": Entry(PEOPLE, PEOPLE),
    "submissions:reply-autosave": Entry(NOBODY, EVERYBODY),
    "submissions:reply-check": Entry(PEOPLE, PEOPLE),
    "submissions:campaigns": Entry(EVERYBODY),
    "submissions:campaign-new": Entry(PEOPLE, "lrrrrrr"),
    "submissions:campaign": Entry(EVERYBODY, EVERYBODY),
    "submissions:campaign-close": Entry(NOBODY, "lrrrrro"),
    "submissions:campaign-sign-as": Entry(NOBODY, "lrrrrrr"),
    "submissions:signature": Entry(EVERYBODY, EVERYBODY, {"token": "a-token"}),
    "submissions:start": Entry(EVERYBODY),
    "submissions:check": Entry(PEOPLE, PEOPLE),
    "submissions:filed": Entry("lohhhhh"),
    "submissions:receipt": Entry("lohhhhh"),
    "submissions:original": Entry("lhhhhhh"),
    "submissions:organisation": Entry(EVERYBODY, place={"slug": "citizens-forum"}),
    "submissions:search": Entry(EVERYBODY),
    "submissions:merge": Entry("lhhhhhh", "lhhhhhh", {"slug": "citizens-forum"}),
    "submissions:merge-any": Entry("lhhhhho", "lhhhhho"),
    "submissions:attachment": Entry(EVERYBODY),
    "submissions:attachment-text": Entry(EVERYBODY),
    "submissions:discard": Entry("lhohhhh", "lhohhhh"),
    "submissions:sign-off": Entry(NOBODY, "lhrhhhh"),
    "submissions:sign-off-ask": Entry(NOBODY, "lhohhhh"),
    "submissions:joint": Entry("lhohhhh", "lhhhhhh"),
    "submissions:joint-take-back": Entry(NOBODY, "lhrhhhh"),
    "submissions:invitations": Entry(PEOPLE),
    "submissions:invitation": Entry("lohhhhh", "lohhhhh"),
    "submissions:invitation-decline": Entry(NOBODY, "lohhhhh"),
    "submissions:invitation-leave": Entry(NOBODY, "lohhhhh"),
    "submissions:revise": Entry(NOBODY, "lohhhhh"),
    "submissions:disown": Entry(EVERYBODY, EVERYBODY),
    "submissions:disputes": Entry(MODERATORS),
    "submissions:decide-dispute": Entry(NOBODY, MODERATORS),
    # Owners, editors and moderators of the host; analysts work on what is in.
    "submissions:take-in": Entry(EDITORS, EDITORS),
    "submissions:paper": Entry(EDITORS, EDITORS),
    "submissions:paper-filed": Entry(
        "lhhhhoh", "lhhhhoh", place={"reference": "PL-0000-0000-0000"}
    ),
    "submissions:import-mapping": Entry(EDITORS, EDITORS),
    "submissions:import-groups": Entry(EDITORS, EDITORS),
    "submissions:import-progress": Entry(EDITORS),
    "submissions:import-rejects": Entry(EDITORS),
    "submissions:withdraw": Entry("lohhhhh", "lohhhhh"),
    "hearings:list": Entry(EVERYBODY),
    "hearings:detail": Entry(EVERYBODY),
    "hearings:calendar": Entry(EVERYBODY),
    "hearings:minutes": Entry(EVERYBODY),
    "hearings:minutes-pdf": Entry(EVERYBODY),
    "hearings:speak": Entry(PEOPLE, PEOPLE),
    "hearings:withdraw": Entry(NOBODY, "lohhhhh"),
    "hearings:own-statements": Entry("lohhhhh", "lohhhhh"),
    "hearings:statements-link": Entry(EVERYBODY, EVERYBODY),
    "hearings:statements-withdraw": Entry(NOBODY, "hhhhhhh"),
    "hearings:workspace": Entry(EDITORS),
    "hearings:new": Entry(EDITORS, EDITORS),
    "hearings:manage": Entry(EDITORS, EDITORS),
    "hearings:change": Entry(EDITORS, EDITORS),
    "hearings:act": Entry(NOBODY, EDITORS),
    "hearings:item": Entry(EDITORS, EDITORS),
    "hearings:speakers": Entry(EDITORS, EDITORS),
    "hearings:speaker-new": Entry(EDITORS, EDITORS),
    "hearings:statements": Entry(EDITORS, EDITORS),
    "hearings:statement-new": Entry(EDITORS, EDITORS),
    "hearings:statement": Entry(EDITORS, EDITORS),
    "responses:list": Entry(EVERYBODY),
    # Owners and editors answer; the superuser holds no role of the host.
    "briefings:results": Entry(EVERYBODY),
    "briefings:results-slides": Entry(EVERYBODY),
    "briefings:results-embedded": Entry(EVERYBODY),
    "briefings:results-table": Entry(EVERYBODY, place={"name": "positions"}),
    "responses:ledger": Entry(STAFF_HIDDEN, EDITORS),
    "responses:one": Entry(EVERYBODY, place=BULK),
    "responses:done": Entry(EVERYBODY),
    "responses:bulk": Entry(EDITORS, place=BULK),
    "responses:bulk-retry": Entry(NOBODY, EDITORS, BULK),
    "responses:copies": Entry(NOBODY, EDITORS),
    "responses:promise": Entry(EDITORS, EDITORS),
    "responses:answered": Entry(NOBODY, EDITORS),
    "responses:take-back": Entry(NOBODY, EDITORS),
    "responses:milestones": Entry(EDITORS, EDITORS),
    "responses:milestone": Entry(EDITORS, EDITORS),
    "moderation:report": Entry(EVERYBODY, EVERYBODY),
    "moderation:open": Entry(NOBODY, MODERATORS),
    "moderation:queue": Entry(MODERATORS),
    "moderation:case": Entry(MODERATORS, MODERATORS),
    "moderation:appeal": Entry("lohhhhh", "lohhhhh"),
    "moderation:appeal-decided": Entry(NOBODY, MODERATORS),
    "moderation:lift": Entry(NOBODY, MODERATORS),
    "moderation:log": Entry(EVERYBODY),
    "moderation:log-table": Entry(EVERYBODY),
    "moderation:statistics-table": Entry(EVERYBODY),
    "briefings:list": Entry(EVERYBODY),
    "briefings:detail": Entry(EVERYBODY),
    "briefings:understanding": Entry(NOBODY, "lhhhhhh", place=CLAIM),
    "briefings:claim": Entry(EVERYBODY, place=CLAIM),
    "briefings:file": Entry(EVERYBODY),
    "briefings:index": Entry(EVERYBODY),
    "consultations:workspace": Entry("lhhoooo"),
    "consultations:workspace-consultation": Entry(STAFF_HIDDEN),
    "briefings:retry": Entry(NOBODY, STAFF_HIDDEN),
    "briefings:start": Entry(NOBODY, STAFF_HIDDEN),
    "briefings:progress": Entry(STAFF_HIDDEN),
    "notifications:list": Entry(PEOPLE, PEOPLE),
    "notifications:new": Entry("lhhhhhh"),
    "notifications:one": Entry(NOBODY, "lohhhhh"),
    "notifications:unsubscribe": Entry(EVERYBODY, EVERYBODY),
    "audit:check": Entry(EVERYBODY, EVERYBODY),
    "core:page": Entry(EVERYBODY, place={"name": "how"}),
    "core:appearance": Entry(NOBODY, EVERYBODY),
    "core:language": Entry(EVERYBODY, EVERYBODY),
    "accounts:organisations": Entry(PEOPLE),
    "accounts:organisation-new": Entry(PEOPLE, PEOPLE),
    "accounts:details": Entry("lhhhhhh", "lhhhhhh", {"slug": "citizens-forum"}),
    "accounts:members": Entry("lhohhhh", place={"slug": "citizens-forum"}),
    "accounts:member": Entry(NOBODY, "lhhhhhh", {"slug": "citizens-forum", "pk": 0}),
    "accounts:member-remove": Entry(NOBODY, "lhhhhhh", {"slug": "citizens-forum", "pk": 0}),
    "accounts:sign-off-rule": Entry(NOBODY, "lhrhhhh", {"slug": "citizens-forum"}),
    "accounts:invite": Entry(NOBODY, "lhrhhhh", {"slug": "citizens-forum"}),
    "accounts:invitation-withdraw": Entry(NOBODY, "lhhhhhh", {"slug": "citizens-forum", "pk": 0}),
    "accounts:invitation": Entry(EVERYBODY, "lrrrrrr", {"token": "an-invitation"}),
    "accounts:names": Entry("lhhhhho"),
    "accounts:decide-name": Entry(NOBODY, "lhhhhho", {"slug": "letter-writers"}),
    "accounts:verification": Entry("lhohhhh", "lhrhhhh", {"slug": "citizens-forum"}),
    "accounts:verification-look": Entry(NOBODY, "lhhhhhh", {"slug": "citizens-forum", "pk": 0}),
    "accounts:confirm-domain": Entry(EVERYBODY, EVERYBODY, {"token": "a-token"}),
    "accounts:reviews": Entry("lhhhhho"),
    "accounts:review": Entry(NOBODY, "lhhhhhh", {"pk": 0}),
    # the API
    "api:documentation": Entry(EVERYBODY),
    "api:guide": Entry(EVERYBODY),
    "api:try": Entry(EVERYBODY),
    "api:schema": Entry(EVERYBODY),
    "api:nothing": Entry("hhhhhhh", "hhhhhhh", place={"address": "nowhere/"}),
    "api:stakeholder-groups": Entry(EVERYBODY),
    "api:me": Entry(PEOPLE),
    "api:organisations": Entry(NOBODY, PEOPLE),
    "api:organisation": Entry(EVERYBODY, place={"slug": "citizens-forum"}),
    "api:search": Entry(EVERYBODY),
    "api:merge": Entry(NOBODY, "lhohhho", {"slug": "citizens-forum"}),
    "api:held-names": Entry("lrrrrro"),
    "api:held-name": Entry(NOBODY, "lrrrrro", {"slug": "letter-writers"}),
    "api:register-numbers": Entry("lrrrrro"),
    "api:register-number": Entry(NOBODY, "lrrrrrh", {"pk": 0}),
    "api:members": Entry("lhohhhh", place={"slug": "citizens-forum"}),
    "api:member": Entry(NOBODY, place={"slug": "citizens-forum", "pk": 0}),
    "api:seats": Entry("lhohhhh", "lhohhhh", {"slug": "citizens-forum"}),
    "api:seat": Entry(NOBODY, place={"slug": "citizens-forum", "pk": 0}),
    "api:invitation": Entry(NOBODY, "lrrrrrr", {"token": "an-invitation"}),
    "api:verifications": Entry("lhohhhh", "lhohhhh", {"slug": "citizens-forum"}),
    "api:verification-look": Entry(NOBODY, "lhhhhhh", {"slug": "citizens-forum", "pk": 0}),
    "api:mail-verification": Entry(NOBODY, EVERYBODY, {"token": "a-token"}),
    "api:my-organisations": Entry(PEOPLE),
    "api:followings": Entry(PEOPLE, PEOPLE),
    "api:following": Entry("lohhhhh"),
    "briefings:mine": Entry(PEOPLE),
    "briefings:words": Entry(EVERYBODY),
    "accounts:guest": Entry(EVERYBODY, EVERYBODY),
    "accounts:sent": Entry(PEOPLE),
    "accounts:become-account": Entry(PEOPLE, PEOPLE),
    "accounts:leave": Entry(PEOPLE, PEOPLE),
    "accounts:leave-by-link": Entry(PEOPLE, PEOPLE, {"token": "a-token"}),
    "api:deletion": Entry(PEOPLE, PEOPLE),
    "api:deletion-by-link": Entry(NOBODY, PEOPLE, {"token": "a-token"}),
    "consultations:identity": Entry(STAFF_HIDDEN, "lhhrhoh"),
    "api:identity": Entry(NOBODY),
    "accounts:tokens": Entry(PEOPLE, PEOPLE),
    "accounts:token-revoke": Entry(NOBODY, "lohhhhh"),
    "api:tokens": Entry("roooooo", "roooooo"),
    "api:token": Entry(NOBODY),
    "api:consultations": Entry(EVERYBODY),
    "api:consultation": Entry(EVERYBODY),
    "api:heard": Entry(EVERYBODY),
    "api:document-version": Entry(EVERYBODY, place={"number": 1}),
    "api:submissions": Entry(EVERYBODY, PEOPLE),
    "api:submission": Entry(EVERYBODY),
    "api:replies": Entry(EVERYBODY),
    "api:reply-counts": Entry(EVERYBODY),
    "api:revisions": Entry(NOBODY, "lorrrrr"),
    "api:original": Entry("lhhhhhh"),
    "api:withdrawal": Entry(NOBODY, "lorrrrr"),
    "api:disputes": Entry(MODERATORS),
    "api:dispute-decision": Entry(NOBODY, MODERATORS),
    "api:disown": Entry(NOBODY, EVERYBODY),
    "api:campaigns": Entry(EVERYBODY, PEOPLE),
    "api:campaign": Entry(EVERYBODY),
    "api:campaign-closing": Entry(NOBODY, "lrrrrro"),
    "api:campaign-signatures": Entry(NOBODY, EVERYBODY),
    "api:campaign-organisation-signature": Entry(
        NOBODY, NOBODY, {"organisation": "citizens-forum"}
    ),
    "api:co-signature": Entry(NOBODY, EVERYBODY, {"token": "a-token"}),
    "api:imports": Entry(EDITORS, EDITORS),
    "api:import": Entry(EDITORS),
    "api:import-mapping": Entry(NOBODY),
    "api:import-run": Entry(NOBODY, EDITORS),
    "api:import-rejects": Entry(EDITORS),
    "api:paper-submissions": Entry(NOBODY, EDITORS),
    "api:paper-withdrawal": Entry(NOBODY, EDITORS, {"reference": "PL-0000-0000-0000"}),
    "api:drafts": Entry(PEOPLE, PEOPLE),
    "api:draft": Entry("lohhhhh"),
    "api:draft-public": Entry("lohhhhh"),
    "api:receipt": Entry("lohhhhh"),
    "api:reuse": Entry(NOBODY, "lohhhhh"),
    "api:draft-filing": Entry(NOBODY, "lohhhhh"),
    "api:draft-attachments": Entry(NOBODY, "lohhhhh"),
    "api:comments": Entry("lhohhhh", "lhohhhh"),
    "api:comment-resolution": Entry(NOBODY, "lhohhhh"),
    "api:sign-off": Entry("lhohhhh", "lhohhhh"),
    "api:sign-off-request": Entry(NOBODY, "lhohhhh"),
    "api:sign-off-rule": Entry(NOBODY, place={"slug": "citizens-forum"}),
    "api:parties": Entry("lhohhhh", "lhohhhh"),
    "api:party": Entry(NOBODY),
    "api:joint-invitations": Entry(PEOPLE),
    "api:joint-invitation": Entry("lohhhhh"),
    "api:joint-invitation-signature": Entry(NOBODY, "lohhhhh"),
    "api:joint-invitation-refusal": Entry(NOBODY, "lohhhhh"),
    "api:joint-invitation-departure": Entry(NOBODY, "lohhhhh"),
    "api:attachments": Entry(NOBODY, PEOPLE),
    "api:attachment": Entry(EVERYBODY),
    "api:attachment-file": Entry(EVERYBODY),
    "api:attachment-pages": Entry(EVERYBODY),
    # An operations superuser has every permission of Django, and no role of any host.
    "api:responses": Entry(EVERYBODY, PEOPLE),
    "api:workspace": Entry(NOBODY, PEOPLE),
    "api:clones": Entry(NOBODY, EDITORS),
    "api:details": Entry(EDITORS),
    "api:schedule": Entry(NOBODY),
    "api:closing": Entry(NOBODY, EDITORS),
    "api:readiness": Entry(EDITORS),
    "api:publication": Entry(NOBODY, EDITORS),
    "api:background": Entry(NOBODY, API_EDITORS),
    "api:one-background": Entry(NOBODY),
    "api:translation": Entry(EDITORS, place={"language": "fr"}),
    "api:goals": Entry(EDITORS),
    "api:stakeholders": Entry(EDITORS, API_EDITORS),
    "api:stakeholders-known": Entry(EDITORS),
    "api:stakeholder": Entry(NOBODY),
    "api:stakeholder-invitations": Entry(NOBODY, EDITORS),
    "api:data-protection": Entry("lhhhhoh"),
    "api:stakeholder-reminders": Entry(NOBODY, EDITORS),
    "api:take-proposal": Entry(NOBODY, "lhhhhhh"),
    "api:watched": Entry(STAFF_HIDDEN),
    "api:documents": Entry(NOBODY, API_EDITORS),
    "api:draft-text": Entry(EDITORS),
    "api:draft-of-provision": Entry(NOBODY, place=PROVISION),
    "api:versions": Entry(NOBODY, EDITORS),
    "api:questions": Entry(NOBODY, API_EDITORS),
    "api:question": Entry(NOBODY, place={"key": "why"}),
    "api:staff": Entry(STAFF_HIDDEN, "loooooo", {"host": "secretariat"}),
    "api:staff-seat": Entry(NOBODY, place={"host": "secretariat"}),
    "api:role-offers": Entry(STAFF_HIDDEN, place={"host": "secretariat"}),
    "api:role-offer": Entry(NOBODY, place={"host": "secretariat", "offer_id": 1}),
    "api:hearings": Entry(EVERYBODY),
    "api:hearing": Entry(EVERYBODY),
    "api:hearing-minutes": Entry(EVERYBODY),
    "api:hearing-requests": Entry(PEOPLE, PEOPLE),
    "api:hearing-request": Entry(NOBODY),
    "api:own-statements": Entry("lohhhhh", "lohhhhh"),
    "api:statements-by-mail": Entry(EVERYBODY, EVERYBODY),
    "api:held-hearings": Entry(EDITORS, EDITORS),
    "api:held-hearing": Entry(NOBODY),
    "api:hearing-announcement": Entry(NOBODY, EDITORS),
    "api:hearing-cancellation": Entry(NOBODY, EDITORS),
    "api:hearing-closing": Entry(NOBODY, EDITORS),
    "api:agenda": Entry(EDITORS, EDITORS),
    "api:agenda-item": Entry(NOBODY),
    "api:speakers": Entry(EDITORS, EDITORS),
    "api:speaker-order": Entry(NOBODY, EDITORS),
    "api:speaker": Entry(NOBODY),
    "api:statements": Entry(EDITORS, EDITORS),
    "api:statements-sending": Entry(NOBODY, EDITORS),
    "api:statement": Entry(NOBODY),
    "api:speaker-reminders": Entry(NOBODY, EDITORS),
    "api:minutes-publication": Entry(NOBODY, EDITORS),
    "api:responses-to": Entry(EVERYBODY),
    "api:response-parts": Entry(EVERYBODY, place=BULK),
    "api:ledger": Entry(STAFF_HIDDEN),
    "api:ledger-count": Entry(STAFF_HIDDEN),
    "api:ledger-copies": Entry(EDITORS, EDITORS),
    "api:bulk-responses": Entry(NOBODY, EDITORS),
    "api:bulk-response": Entry(EDITORS, place=BULK),
    "api:bulk-response-retry": Entry(NOBODY, EDITORS, BULK),
    "api:promise": Entry(EVERYBODY),
    "api:answered": Entry(NOBODY, EDITORS),
    "api:take-back": Entry(NOBODY, EDITORS),
    "api:milestones": Entry(EVERYBODY, EDITORS),
    "api:milestone": Entry(NOBODY),
    "api:done": Entry(EVERYBODY),
    "api:moderation-log": Entry(EVERYBODY),
    "api:moderation-statistics": Entry(EVERYBODY),
    "api:flags": Entry(NOBODY, EVERYBODY),
    "api:own-decisions": Entry("lohhhhh"),
    "api:moderation-appeal": Entry(NOBODY, "lohhhhh"),
    "api:moderation-cases": Entry(MODERATORS, MODERATORS),
    "api:moderation-decided": Entry(MODERATORS),
    "api:moderation-case": Entry(MODERATORS),
    "api:moderation-lift": Entry(NOBODY, MODERATORS),
    "api:moderation-decision": Entry(NOBODY, MODERATORS),
    "api:moderation-appeal-decision": Entry(NOBODY, MODERATORS),
    "api:briefings": Entry(EVERYBODY, "lrroror"),
    "api:briefing": Entry(EVERYBODY),
    "api:briefing-content": Entry(EVERYBODY),
    "api:briefing-progress": Entry(STAFF_HIDDEN),
    "api:briefing-retry": Entry(NOBODY, STAFF_HIDDEN),
    "api:briefing-file": Entry(EVERYBODY),
    "api:claims": Entry(EVERYBODY),
    "api:claim": Entry(EVERYBODY, place=CLAIM),
    "api:understanding": Entry(NOBODY, place=CLAIM),
    "api:my-submissions": Entry(PEOPLE),
    "api:words": Entry(EVERYBODY),
    "api:claims-of": Entry(EVERYBODY),
    "api:receipt-check": Entry(NOBODY, EVERYBODY),
}


def routes(
    patterns: Any = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Yield (name, address pattern, route) of everything that is ours."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if address in THIRD_PARTY:
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, address, inner)
        else:
            yield f"{space}{pattern.name}", address, pattern


ROUTES = {name: pattern for name, _address, pattern in routes()}


@pytest.fixture
def place(open_phase, participant, drafter, owner, settings, tmp_path):
    """One of everything, and how addresses name it."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    consultation = open_phase.consultation
    consultation.languages = ["fr"]
    consultation.save()
    background = BackgroundDocument.objects.create(
        consultation=consultation,
        title="A study",
        summary="So.",
        file=ContentFile(b"It says so.", "study.txt"),
        file_name="study.txt",
    )
    content = DraftInput(answers=[AnswerInput("why", "Because it ends.")], group="individual")
    receipt = file_submission(consultation, content, by=participant)
    submission = consultation.submissions.get(reference=receipt.number)
    briefing = Briefing.objects.create(
        consultation=consultation, version=1, state=Briefing.State.READY, content=briefing_data()
    )
    claim = Claim.objects.create(
        briefing=briefing, number="1.1", position=1, section="themes", kind="for", text="So."
    )
    digest = hashlib.sha256(b"Because").hexdigest()
    Citation.objects.create(
        claim=claim,
        submission=submission,
        answer=submission.answers.get(),
        start=0,
        end=7,
        sha256=digest,
    )
    with storing.writing() as (stored, file):
        file.write(b"Because it ends.")
    attachment = Attachment.objects.create(
        submission=submission,
        number=1,
        name="a.txt",
        media_type="text/plain",
        size=16,
        sha256=digest,
        published=stored,
        state="read",
    )
    settings.BRIEFINGS_ROOT = tmp_path
    (tmp_path / "b.json").write_bytes(b"{}")
    BriefingFile.objects.create(
        briefing=briefing, format="json", path="b.json", sha256=digest, size=2
    )
    response = OfficialResponse.objects.create(
        pk=1, consultation=consultation, decision="rejected", reason="No."
    )
    BulkResponse.objects.create(response=response, count=1)
    dispute = disown(submission, by=participant)
    upload = _import(consultation)
    campaign = _campaign(consultation, submission)
    decision = _appealed(submission)
    draft = start_draft(consultation, author=participant, group="individual")
    joint = _joint(consultation, participant, drafter)
    following = follow(participant, kind="consultation", key=consultation.slug, frequency="daily")
    token, _text = make_token(participant, name="test", scope="read")
    return {
        "slug": consultation.slug,
        "host_slug": consultation.host.slug,
        "role_id": consultation.host.roles.get(user=owner).pk,
        "phase_id": open_phase.pk,
        "background_id": background.pk,
        "offer_id": 1,
        "case_id": decision.case_id,
        "decision_id": decision.pk,
        "stakeholder_id": 0,
        "point_number": 9,
        "document": "draft",
        "document_slug": "draft",
        "campaign": campaign.slug,
        "reference": receipt.number,
        "version": 1,
        "number": token.number,
        "pk": draft.pk,
        "key": attachment.key,
        "token": token_of(submission, participant),
        "following_id": following.pk,
        "milestone_id": Milestone.objects.create(consultation=consultation, title="A law").pk,
        "mail_token": mail_token_of(participant.pk, "daily"),
        "dispute_id": dispute.pk,
        "upload_id": upload.pk,
        "draft_id": joint.submission_id,
        "party_id": joint.pk,
        "comment_id": joint.submission.comments.get().pk,
        "organisation": joint.organisation.slug,
        "file_format": "json",
        "format": "json",
        **_hearing(consultation, participant),
    }


def _hearing(consultation, participant):
    """A hearing to come with published minutes; a statement that is written and one that waits."""
    hearing = HearingFactory(
        consultation=consultation, slug="hearing", minutes_published_at=timezone.now()
    )
    item = AgendaItemFactory(hearing=hearing, provisions=["article-1"])
    speaker = SpeakerFactory(hearing=hearing, person=participant, state="accepted", item=item)
    known = SpeakerFactory(hearing=hearing, person=None, name="Uma", email="uma@example.org")
    said = {"hearing": hearing, "text": "Because it ends.", "item": item}
    written = Statement.objects.create(speaker=speaker, provision_key="article-1", **said)
    for one in (speaker, known):
        Statement.objects.create(
            speaker=one,
            provision_key="article-1",
            stance="oppose",
            state="sent",
            sent_at=timezone.now(),
            **said,
        )
    return {
        "hearing": hearing.slug,
        "hearing_slug": hearing.slug,
        "item_id": item.pk,
        "speaker_id": speaker.pk,
        "speaker_token": said_token_of(known),
        "statement_id": written.pk,
    }


def _appealed(submission):
    """A decision of a moderator who left, and the author's appeal against it."""
    case = flag(submission, "answer:why", rule="hate", text="Look.", by=None)
    Case.objects.filter(pk=case.pk).update(state=Case.State.APPEALED)
    decision = Decision.objects.create(
        case=case,
        consultation=case.consultation,
        action="hide",
        rule="hate",
        statement="It insults.",
    )
    Appeal.objects.create(decision=decision, text="It does not.")
    return decision


def _import(consultation):
    """A table that was run, with a rejects file; and a letter that staff entered."""
    with storing.writing() as (stored, file):
        file.write(b"id,text\r\n1,Because.\r\n")
    SubmissionFactory(consultation=consultation, reference="PL-0000-0000-0000", source="paper")
    entry = record("submission.filed", subject="a letter")
    Receipt.objects.create(
        number="PL-0000-0000-0000",
        entry=entry,
        subject="a letter",
        title="A letter",
        filed_at=entry.at,
        commitment="0" * 64,
    )
    return ImportUpload.objects.create(
        consultation=consultation,
        name="a.csv",
        kind="csv",
        size=24,
        sha256="0" * 64,
        stored=stored,
        rejects=stored,
        encoding="utf-8-sig",
        delimiter=",",
        columns=["id", "text"],
        rows=1,
        mapping={"fields": {"text": "text"}, "rest": "other"},
        state="done",
    )


def _campaign(consultation, carrier):
    """A campaign of an organisation nobody here belongs to, and a signature that waits."""
    campaign = RegisteredCampaign.objects.create(
        consultation=consultation,
        organisation=OrganisationFactory(name="Letter Writers", slug="letter-writers"),
        carrier=carrier,
        slug="letters",
        title="Letters",
        text="Because it ends.",
    )
    Invitation.objects.create(
        organisation=campaign.organisation,
        email="colleague@example.org",
        role="drafter",
        token_hash=hashlib.sha256(b"an-invitation").hexdigest(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    RoleOffer.objects.create(
        pk=1,
        host=campaign.consultation.host,
        email="newcomer@example.org",
        role="editor",
        token_hash=hashlib.sha256(b"an-offer").hexdigest(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    token_hash = hashlib.sha256(b"a-token").hexdigest()
    CoSignature.objects.create(campaign=campaign, email_key="k", token_hash=token_hash)
    return campaign


def _joint(consultation, submitter, drafter):
    """A draft of the forum, and an organisation of the participant that is invited to join it."""
    forum = drafter.organisations.get()
    draft = start_draft(consultation, author=drafter, organisation=forum)
    comment(draft, place="", text="Is it so?", by=drafter)
    invited = OrganisationFactory(name="Allies", slug="allies")
    MembershipFactory(organisation=invited, user=submitter)
    return JointParty.objects.create(submission=draft, organisation=invited)


@pytest.fixture
def people(participant, drafter, analyst, stranger_to_the_host, owner):
    superuser = UserFactory(email="root@example.org", is_staff=True, is_superuser=True)
    cast = (None, participant, drafter, analyst, stranger_to_the_host, owner, superuser)
    return dict(zip(ROLES, cast, strict=True))


def address_of(name, place):
    """Return where a route leads among what there is."""
    wanted = {**place, **ENTRIES[name].place}
    names = ROUTES[name].pattern.converters or ROUTES[name].pattern.regex.groupindex
    return reverse(name, kwargs={key: wanted[key] for key in names})


def client_of(person):
    """Return a new browser, in which a person logged in unless it is None."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def outcome(client: Client, method: str, address: str) -> str:
    """Send a request whose effect is undone, and return the letter of its outcome."""
    cache.clear()  # nobody asked for too much before
    is_api = address.startswith("/api/")
    with transaction.atomic():
        if method == "get":
            response = client.get(address)
        elif is_api:
            response = client.post(address, {}, content_type="application/json")
        else:
            response = client.post(address, {})
        transaction.set_rollback(True)
    status = response.status_code
    if status in (301, 302) and response.headers["Location"].startswith(reverse("account_login")):
        return "l"
    assert status < 500, f"{method} {address}: {status}"
    return {401: "l", 403: "r", 404: "h", 405: "a"}.get(status, "o")


def test_every_route_has_an_entry_and_every_entry_a_route():
    assert set(ROUTES) - set(ENTRIES) == set(), "routes nobody decided on"
    assert set(ENTRIES) - set(ROUTES) == set(), "entries without a route"


def test_each_role_reaches_what_it_may_and_nothing_else(place, people, subtests):
    for name in sorted(ROUTES):
        with subtests.test(name):
            address = address_of(name, place)
            found = {"get": "", "post": ""}
            for person in people.values():
                client = client_of(person)
                for method in found:
                    found[method] += outcome(client, method, address)
            entry = ENTRIES[name]
            assert found == {"get": entry.get, "post": entry.post}, f"{address}, {ROLES}"


def test_a_data_protection_officer_reads_along_and_changes_nothing(place, host, subtests):
    officer = HostRoleFactory(host=host, role="dpo").user
    for name in sorted(n for n, one in ENTRIES.items() if one.get[1] == "h"):
        with subtests.test(name):
            address, client = address_of(name, place), client_of(officer)
            read = outcome(client, "get", address)
            assert (read == "o") == (name in READ_BY_OFFICERS), read
            may = {"h", "r", "a", ENTRIES[name].post[1]}
            assert outcome(client, "post", address) in may


def test_only_operations_staff_enters_the_operations_screens(people):
    for role, person in people.items():
        status = client_of(person).get("/operations/").status_code
        assert status == (200 if role == "superuser" else 302), role
