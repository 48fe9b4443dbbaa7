"""Campaigns in the open: an organisation registers one text, others sign it."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing
from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.audit.models import Receipt
from apps.consultations.models import Consultation, Identity, Question
from apps.core.errors import NotAllowed
from apps.core.tokens import digest_of
from apps.submissions import tallies
from apps.submissions.drafting import Form, unix_lines
from apps.submissions.errors import CampaignClosed, InvalidContent, LinkIsOver
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.limiting import may_write_to
from apps.submissions.models import CoSignature, RegisteredCampaign, Submission
from apps.submissions.models.cosigning import LINK_HOLDS, LONGEST_CAMPAIGN
from apps.submissions.services.content import open_phase, write_content
from apps.submissions.services.filing import acknowledge
from apps.submissions.services.identifying import require_identity, require_people
from apps.submissions.services.signing import require_signatory

LONGEST_OWN_WORDS = 10_000
State = CoSignature.State


@dataclass(frozen=True)
class CampaignInput:
    """What an organisation registers; an empty provision means the consultation as a whole."""

    title: str
    text: str
    question: str = ""
    provision: str = ""
    stance: str = ""
    ask: str = ""
    language: str = ""


@dataclass(frozen=True)
class SignatureInput:
    """What a person enters to sign."""

    email: str
    name: str = ""
    is_name_public: bool = False
    country: str = ""
    own_words: str = ""


def questions_for_words(consultation: Consultation) -> list[Question]:
    """Return the questions that anybody may answer in words."""
    texts = consultation.questions.asked().filter(kind=Question.Kind.TEXT)
    return [one for one in texts if one.is_asked_of(StakeholderGroup.INDIVIDUAL)]


@transaction.atomic
def register_campaign(
    consultation: Consultation, content: CampaignInput, *, by: Any, organisation: Organisation
) -> RegisteredCampaign:
    """Open a campaign; its text is filed at once as a submission of the organisation.

    raises  NotAllowed, PhaseClosed, InvalidContent, IdentityNotAccepted
    """
    _require_may_sign(by, organisation)
    require_signatory(organisation, by=by)
    phase = open_phase(consultation)
    identity = require_identity(consultation, by, organisation)
    _check_campaign(consultation, content)
    text = unix_lines(content.text).strip()
    answers = [AnswerInput(content.question, text=text)] if content.question else []
    points = []
    if content.provision:
        reason = "" if answers else text
        points = [PointInput(content.provision, content.stance, content.ask, reason)]
    carrier = Submission(
        consultation=consultation,
        phase=phase,
        author=by,
        identity=identity,
        organisation=organisation,
        organisation_name=organisation.name,
        group=organisation.group,
        title=content.title,
        language=content.language,
        country=organisation.country,
    )
    _file(carrier, answers, points, by=by)
    campaign = RegisteredCampaign.objects.create(
        consultation=consultation,
        organisation=organisation,
        carrier=carrier,
        slug=_free_slug(consultation, content.title),
        title=content.title.strip(),
        text=text,
    )
    audit.record("campaign.registered", subject=_subject(campaign), actor=by)
    return campaign


@transaction.atomic
def close_campaign(campaign: RegisteredCampaign, *, by: Any) -> None:
    """Take no more signatures; those that are there stay. Safe to do twice."""
    _require_may_sign(by, campaign.organisation)
    open_ones = RegisteredCampaign.objects.filter(pk=campaign.pk, closed_at__isnull=True)
    if open_ones.update(closed_at=timezone.now()):
        audit.record("campaign.closed", subject=_subject(campaign), actor=by)


@transaction.atomic
def sign_for_organisation(
    campaign: RegisteredCampaign, *, by: Any, organisation: Organisation
) -> None:
    """Sign as an organisation; a second time changes nothing.

    raises  NotAllowed, CampaignClosed, PhaseClosed
    """
    _require_may_sign(by, organisation)
    require_signatory(organisation, by=by)
    _require_open(campaign)
    require_identity(campaign.consultation, by, organisation)
    if organisation.pk == campaign.organisation_id:
        raise NotAllowed(_("Your organisation wrote this text. It need not sign it too."))
    now = timezone.now()
    _signature, is_new = CoSignature.objects.get_or_create(
        campaign=campaign,
        organisation=organisation,
        defaults={"state": State.CONFIRMED, "confirmed_at": now},
    )
    if is_new:
        audit.record("campaign.organisation_signed", subject=_subject(campaign), actor=by)
        _count(campaign, organisations=1, letters=1)


@transaction.atomic
def request_signature(campaign: RegisteredCampaign, content: SignatureInput) -> None:
    """Send a mail whose link confirms, or withdraws what was confirmed before.

    Whether the address signed already can be learned only from the mail. What was typed replaces
    what waits; it never changes what was confirmed.

    raises  CampaignClosed, PhaseClosed, InvalidContent, IdentityNotAccepted
    """
    _require_open(campaign)
    require_people(campaign.consultation)
    email = content.email.strip().lower()
    _check_signature(campaign, content, email)
    email_key = _email_key(campaign, email)
    if not may_write_to(email_key):
        return  # the same answer: nobody learns anything, and no address is flooded
    token = secrets.token_urlsafe(24)
    made, is_new = CoSignature.objects.get_or_create(campaign=campaign, email_key=email_key)
    signature = made if is_new else CoSignature.objects.select_for_update().get(pk=made.pk)
    signature.token_hash = digest_of(token)
    if signature.state != State.CONFIRMED:
        signature.state, signature.address = State.ASKED, email
        signature.name = content.name.strip() if content.is_name_public else ""
        signature.is_name_public = content.is_name_public and bool(signature.name)
        signature.country, signature.asked_at = content.country.strip(), timezone.now()
        signature.own_words = unix_lines(content.own_words).strip()
    signature.save()
    address = reverse("submissions:signature", args=[token])
    context = {"title": campaign.title, "link": mailing.absolute(address)}
    template = "submissions/mail/co_signature"
    mailing.post(email, template, context, language=get_language() or "")


def signature_of(token: str) -> CoSignature:
    """Return what the link of a mail is about; raise LinkIsOver where there is nothing."""
    found = CoSignature.objects.filter(token_hash=digest_of(token)).select_related(
        "campaign__consultation", "campaign__organisation", "campaign__carrier", "submission"
    )
    signature = found.first()
    over = timezone.now() - LINK_HOLDS
    if signature is None or (signature.state == State.ASKED and signature.asked_at < over):
        raise LinkIsOver(
            _("This link is over. Sign once more and use the link in the newest mail.")
        )
    return signature


@transaction.atomic
def confirm_signature(token: str) -> Receipt | None:
    """Count a signature, once; own words are filed, and their receipt is returned.

    Who asked before the closing has the same minutes of grace as a draft.

    raises  LinkIsOver, CampaignClosed, PhaseClosed: nothing counts then, and nothing is kept longer
    """
    signature = _locked(token)
    if signature.state != State.ASKED:
        return None
    campaign = signature.campaign
    _require_open(campaign, begun_at=signature.asked_at)
    receipt = _file_own_words(signature)
    signature.state, signature.confirmed_at = State.CONFIRMED, timezone.now()
    signature.address = signature.own_words = ""
    signature.save()
    audit.record("campaign.signed", subject=_subject(campaign))
    # Own words are a submission, and a letter, of their own: nobody is counted twice.
    own = int(receipt is not None)
    _count(campaign, people=1, own_texts=own, letters=1 - own)
    return receipt


@transaction.atomic
def disown_signature(token: str) -> None:
    """Forget a signature that waits ("I never signed this"), or withdraw a confirmed one.

    raises  LinkIsOver
    """
    signature = _locked(token)
    if signature.state == State.ASKED:
        signature.delete()
        return
    if signature.state == State.WITHDRAWN:
        return
    own = signature.submission
    signature.state, signature.name, signature.is_name_public = State.WITHDRAWN, "", False
    signature.submission = None
    signature.save()
    audit.record("campaign.signature_withdrawn", subject=_subject(signature.campaign))
    if own is not None:
        own.state, own.ended_at = Submission.State.WITHDRAWN, timezone.now()
        own.save(update_fields=["state", "ended_at", "updated_at"])
        subject = f"{own.consultation.slug}/{own.reference}"
        audit.record("submission.withdrawn", subject=subject)
        tallies.take_back_words(own)
    _count(signature.campaign, people=-1, own_texts=-int(bool(own)), letters=int(bool(own)) - 1)


@transaction.atomic
def withdraw_double(signature: CoSignature) -> None:
    """Take back the signature of an organisation that turned out to stand there already."""
    CoSignature.objects.filter(pk=signature.pk).update(state=State.WITHDRAWN)
    audit.record("campaign.signature_withdrawn", subject=_subject(signature.campaign))
    _count(signature.campaign, organisations=-1, letters=-1)


def _file_own_words(signature: CoSignature) -> Receipt | None:
    question = signature.campaign.carrier.answers.values_list("question__key", flat=True).first()
    if not signature.own_words or not question:
        return None
    consultation = signature.campaign.consultation
    phase = open_phase(consultation, begun_at=signature.asked_at)
    own = Submission(
        consultation=consultation,
        phase=phase,
        group=StakeholderGroup.INDIVIDUAL,
        identity=Identity.EMAIL,
        language=signature.campaign.carrier.language,
        country=signature.country,
        is_late=not phase.is_open,
    )
    receipt = _file(own, [AnswerInput(question, text=signature.own_words)], [], by=None)
    signature.submission = own
    return receipt


def _file(
    submission: Submission,
    answers: Sequence[AnswerInput],
    points: Sequence[PointInput],
    *,
    by: Any,
) -> Receipt:
    content = DraftInput(
        answers=answers,
        points=points,
        group=submission.group,
        title=submission.title,
        country=submission.country,
    )
    form = Form(submission.consultation)
    form.check(content)
    submission.source = Submission.Source.CAMPAIGN
    submission.state = Submission.State.SUBMITTED
    submission.language = submission.language or submission.consultation.language
    submission.reference = audit.reserve_number()
    submission.submitted_at = timezone.now()
    submission.save()
    rows, made = write_content(submission, content, form, by=by)
    return acknowledge(submission, content, by=by, answers=rows, points=made)


def _count(
    campaign: RegisteredCampaign,
    *,
    people: int = 0,
    organisations: int = 0,
    own_texts: int = 0,
    letters: int = 0,
) -> None:
    """Add to the counts of a campaign, and letters to what its text stands for; tallies last."""
    RegisteredCampaign.objects.filter(pk=campaign.pk).update(
        people=F("people") + people,
        organisations=F("organisations") + organisations,
        own_texts=F("own_texts") + own_texts,
    )
    if not letters:
        return
    carrier = campaign.carrier
    weighed = Submission.objects.filter(pk=carrier.pk, state=Submission.State.SUBMITTED)
    if weighed.update(weight=F("weight") + letters):
        tallies.add_letters(carrier, letters)


def _check_campaign(consultation: Consultation, content: CampaignInput) -> None:
    fields: dict[str, list[str | Promise]] = {}
    if not content.title.strip() or len(content.title) > 200:
        fields["title"] = [_("Give the campaign a title of 200 characters or fewer.")]
    if not content.text.strip():
        fields["text"] = [_("Write the text that others sign.")]
    elif over := max(len(unix_lines(content.text)) - LONGEST_CAMPAIGN, 0):
        fields["text"] = [_("Shorten the text by %(over)s characters.") % {"over": over}]
    if not content.question and not content.provision:
        fields["question"] = [_("Choose the question or the part of the text this is about.")]
    elif content.question and content.question not in {
        one.key for one in questions_for_words(consultation)
    }:
        fields["question"] = [_("Choose a question from the list.")]
    if fields:
        raise InvalidContent(
            _("The campaign is not open yet: something is missing."), fields=fields
        )


def _check_signature(campaign: RegisteredCampaign, content: SignatureInput, email: str) -> None:
    fields: dict[str, list[str | Promise]] = {}
    try:
        validate_email(email)
        MaxLengthValidator(254)(email)
    except ValidationError:
        fields["email"] = [_("Enter your e-mail address, for example name@example.org.")]
    for name, longest in (("name", 150), ("country", 60), ("own_words", LONGEST_OWN_WORDS)):
        text = unix_lines(getattr(content, name))
        if over := max(len(text) - longest, 0):
            fields[name] = [_("Shorten this by %(over)s characters.") % {"over": over}]
        elif "\0" in text:
            fields[name] = [_("This holds a sign that cannot be kept. Type it anew.")]
    if content.own_words.strip() and not campaign.carrier.answers.exists():
        fields["own_words"] = [_("This campaign takes no words of your own. File a response.")]
    if fields:
        raise InvalidContent(_("You have not signed yet: something is missing."), fields=fields)


def _require_may_sign(by: Any, organisation: Organisation) -> None:
    if not by.has_perm("accounts.submit_for", organisation):
        raise NotAllowed(_("Only a submitter or a signatory may do this for an organisation."))


def _require_open(campaign: RegisteredCampaign, *, begun_at: Any = None) -> None:
    if not campaign.is_open or not campaign.carrier.is_submitted:
        raise CampaignClosed(
            _("The organiser closed this campaign. You can still file a response of your own.")
        )
    open_phase(campaign.consultation, begun_at=begun_at)


def _locked(token: str) -> CoSignature:
    locked = CoSignature.objects.select_for_update()
    list(locked.filter(token_hash=digest_of(token)).values_list("pk"))
    return signature_of(token)


def _free_slug(consultation: Consultation, title: str) -> str:
    slug = slugify(title)[:60].strip("-") or "campaign"
    taken = RegisteredCampaign.objects.filter(consultation=consultation, slug=slug)
    if slug == "new" or taken.exists():
        return f"{slug}-{secrets.token_hex(4)}"
    return slug


def _subject(campaign: RegisteredCampaign) -> str:
    return f"{campaign.consultation.slug}/campaigns/{campaign.slug}"[:200]


def _email_key(campaign: RegisteredCampaign, email: str) -> str:
    """Return a word for an address that is of use in one campaign only."""
    said = f"campaign:{campaign.pk}:{email}".encode()
    return hmac.new(settings.PSEUDONYM_KEY.encode(), said, hashlib.sha256).hexdigest()
