"""Campaigns in the open: an organisation registers one text, others sign it."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts import mailing
from apps.accounts.groups import StakeholderGroup
from apps.accounts.models import Organisation
from apps.audit import services as audit
from apps.audit.models import Receipt
from apps.consultations.models import Consultation, Identity
from apps.core.errors import NotAllowed
from apps.core.tokens import digest_of
from apps.submissions import tallies
from apps.submissions.drafting import Form, unix_lines
from apps.submissions.errors import CampaignClosed, LinkIsOver
from apps.submissions.inputs import AnswerInput, DraftInput, PointInput
from apps.submissions.limiting import may_write_to
from apps.submissions.models import CoSignature, RegisteredCampaign, Submission
from apps.submissions.models.cosigning import LINK_HOLDS
from apps.submissions.services.campaign_inputs import (
    CampaignInput,
    SignatureInput,
    check_campaign,
    check_signature,
)
from apps.submissions.services.content import open_phase, write_content
from apps.submissions.services.filing import acknowledge
from apps.submissions.services.identifying import require_identity, require_people
from apps.submissions.services.signing import require_signatory

State = CoSignature.State


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
    check_campaign(consultation, content)
    text = unix_lines(content.text).strip()
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
    _file(carrier, *_said(content, text), by=by)
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


def _said(content: CampaignInput, text: str) -> tuple[list[AnswerInput], list[PointInput]]:
    """Return the answer and the point that carry the text of a campaign."""
    answers = [AnswerInput(content.question, text=text)] if content.question else []
    points = []
    if content.provision:
        reason = "" if answers else text
        points = [PointInput(content.provision, content.stance, content.ask, reason)]
    return answers, points


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
    signature, is_new = CoSignature.objects.select_for_update().get_or_create(
        campaign=campaign,
        organisation=organisation,
        defaults={"state": State.CONFIRMED, "confirmed_at": timezone.now()},
    )
    if is_new or signature.state == State.WITHDRAWN:
        signature.state, signature.confirmed_at = State.CONFIRMED, timezone.now()
        signature.save(update_fields=["state", "confirmed_at"])
        audit.record("campaign.organisation_signed", subject=_subject(campaign), actor=by)
        _count(campaign, organisations=1, letters=1)


@transaction.atomic
def unsign_for_organisation(
    campaign: RegisteredCampaign, *, by: Any, organisation: Organisation
) -> None:
    """Take the signature of an organisation back, at any time; a second time changes nothing.

    raises  NotAllowed
    """
    _require_may_sign(by, organisation)
    require_signatory(organisation, by=by)
    signed = CoSignature.objects.filter(campaign=campaign, organisation=organisation)
    signature = signed.select_for_update().filter(state=State.CONFIRMED).first()
    if signature is not None:
        _take_back(signature, by=by)


@transaction.atomic
def request_signature(campaign: RegisteredCampaign, content: SignatureInput) -> None:
    """Send a mail whose link confirms, or withdraws what was confirmed before.

    Whether the address signed already can be learned only from the mail. Every request waits with
    its own words and link; the first that is confirmed counts, and later ones change nothing.

    raises  CampaignClosed, PhaseClosed, InvalidContent, IdentityNotAccepted
    """
    _require_open(campaign)
    require_people(campaign.consultation)
    email = content.email.strip().lower()
    check_signature(campaign, content, email)
    email_key = _email_key(campaign, email)
    if not may_write_to(email_key):
        return  # the same answer: nobody learns anything, and no address is flooded
    token = secrets.token_urlsafe(24)
    earlier = CoSignature.objects.filter(campaign=campaign, email_key=email_key)
    name = content.name.strip() if content.is_name_public else ""
    CoSignature.objects.create(
        campaign=campaign,
        email_key=email_key,
        token_hash=digest_of(token),
        address=email,
        name=name,
        is_name_public=bool(name),
        country=content.country.strip(),
        own_words=unix_lines(content.own_words).strip(),
    )
    if earlier.filter(state=State.CONFIRMED).exists():
        earlier.forget_what_waits()  # all that is left of it is a link to what stands
    address = reverse("submissions:signature", args=[token])
    context = {"title": campaign.title, "link": mailing.absolute(address)}
    template = "submissions/mail/co_signature"
    mailing.post(email, template, context, language=get_language() or "")


def signature_of(token: str) -> CoSignature:
    """Return what the link of a mail is about; raise LinkIsOver where there is nothing."""
    found = CoSignature.objects.select_related(
        "campaign__consultation", "campaign__organisation", "campaign__carrier", "submission"
    )
    signature = found.behind(digest_of(token))
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
    CoSignature.objects.filter(campaign=campaign, email_key=signature.email_key).forget_what_waits()
    audit.record("campaign.signed", subject=_subject(campaign))
    # Own words are a submission, and a letter, of their own: nobody is counted twice.
    own = int(receipt is not None)
    _count(campaign, people=1, own_texts=own, letters=1 - own)
    return receipt


@transaction.atomic
def disown_signature(token: str) -> None:
    """Forget what was typed ("I never signed this"), or withdraw a confirmed one.

    raises  LinkIsOver
    """
    signature = _locked(token)
    if signature.state == State.ASKED:
        CoSignature.objects.filter(pk=signature.pk).forget_what_waits()
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
    _take_back(signature, by=None)


def _take_back(signature: CoSignature, *, by: Any) -> None:
    CoSignature.objects.filter(pk=signature.pk).update(state=State.WITHDRAWN)
    audit.record("campaign.signature_withdrawn", subject=_subject(signature.campaign), actor=by)
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
    asked = CoSignature.objects.filter(token_hash=digest_of(token))
    locked = CoSignature.objects.select_for_update().order_by("pk")
    # All links of one address: of two that are used at once, the second sees the first.
    list(locked.filter(email_key__in=list(asked.values_list("email_key", flat=True))))
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
