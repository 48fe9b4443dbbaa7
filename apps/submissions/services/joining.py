"""Joint submissions: organisations are invited, join with their reservations, decline, leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, Organisation
from apps.accounts.rules import may_sign_for, may_submit_for
from apps.audit import services as audit
from apps.core.errors import NotAllowed
from apps.core.texts import problems_of
from apps.submissions.drafting import Fields, unix_lines
from apps.submissions.errors import InvalidContent, InvitationOver, NotCurrent, TooManyParties
from apps.submissions.inputs import DraftInput
from apps.submissions.limiting import may_write_to
from apps.submissions.models import JointParty, Submission, Visibility
from apps.submissions.services.drafts import lock_draft
from apps.submissions.services.sealing import require_same, seal_of
from apps.submissions.spotting import KeptWords
from apps.submissions.telling import tell_leading, tell_party

LONGEST_RESERVATIONS = 10_000
State = JointParty.State


@dataclass(frozen=True)
class ReservationInput:
    """What a party does not share; `provisions` are keys of those it is about, none: the whole."""

    text: str = ""
    provisions: Sequence[str] = ()


@transaction.atomic
def invite(draft: Submission, organisation: Organisation, *, by: Any) -> JointParty:
    """Let another organisation read a draft and join it; who declined is asked once more.

    An invitation that waits, or was accepted, stays as it is.

    raises  NotYours, NotAllowed, AlreadyFiled, InvalidContent, TooManyParties
    """
    locked = _lock_led(draft, by=by)
    if organisation.pk == locked.organisation_id:
        own = _("Your organisation leads this response. Invite another one.")
        raise InvalidContent(own, fields={"organisation": [own]})
    if locked.parties.count() >= JointParty.MOST:
        raise TooManyParties(
            _("%(most)s organisations are invited already, the most there can be.")
            % {"most": JointParty.MOST}
        )
    party, is_new = JointParty.objects.get_or_create(submission=locked, organisation=organisation)
    if not is_new and party.state != State.DECLINED:
        return party
    party.state, party.invited_at = State.INVITED, timezone.now()
    party.save(update_fields=["state", "invited_at"])
    if may_write_to(f"joint:{locked.organisation_id}:{organisation.pk}"):
        tell_party(party, "invited")
    _record("joint.invited", party, by=by)
    return party


@transaction.atomic
def take_back_invitation(party: JointParty, *, by: Any) -> None:
    """Let an organisation no longer read the draft. raises NotYours, NotAllowed, AlreadyFiled"""
    _lock_led(party.submission, by=by)
    _record("joint.invitation_taken_back", party, by=by)
    JointParty.objects.filter(pk=party.pk).delete()


@transaction.atomic
def join(party: JointParty, reservation: ReservationInput, *, seal: str, by: Any) -> JointParty:
    """Sign what a draft holds for an organisation, with its own reservations.

    seal    of what the person read, see `seal_of`
    raises  NotAllowed, InvitationOver, ChangedMeanwhile, InvalidContent
    """
    locked = _lock_invitation(party, by=by)
    organisation = locked.organisation
    if organisation.requires_sign_off and not may_sign_for(by, organisation):
        raise NotAllowed(_("Your organisation asks for a signatory here. Ask one to sign."))
    require_same(locked.submission, seal)
    text = unix_lines(reservation.text).strip()
    _require_fit(locked.submission, text, reservation.provisions)
    locked.reservations, locked.provisions = text, sorted(set(reservation.provisions))
    locked.state, locked.seal = State.JOINED, seal
    locked.signed_by, locked.signed_at = by, timezone.now()
    locked.save()
    tell_leading(locked, "joined")
    _record("joint.joined", locked, by=by)
    return locked


@transaction.atomic
def decline(party: JointParty, *, by: Any) -> JointParty:
    """Say no, or take a signature back before filing. raises NotAllowed, InvitationOver"""
    locked = _lock_invitation(party, by=by)
    if locked.state != State.DECLINED:
        locked.state = State.DECLINED
        locked.save(update_fields=["state"])
        tell_leading(locked, "declined")
        _record("joint.declined", locked, by=by)
    return locked


@transaction.atomic
def leave(party: JointParty, *, by: Any) -> JointParty:
    """Leave a joint submission that was filed; that the organisation was in it stays on the record.

    raises  NotAllowed, NotCurrent where it was withdrawn or replaced, InvitationOver where the
            organisation is no party of it
    """
    locked = _lock(party, by=by)
    if not locked.submission.is_submitted:
        raise NotCurrent(_("This submission was withdrawn or replaced, or is not filed yet."))
    if locked.state == State.LEFT:
        return locked
    if locked.state != State.JOINED:
        raise InvitationOver(_("Your organisation is no party of this submission."))
    locked.state, locked.left_at = State.LEFT, timezone.now()
    locked.save(update_fields=["state", "left_at"])
    tell_leading(locked, "left")
    _record("joint.left", locked, by=by)
    return locked


def sorted_out(draft: Submission, seal: str) -> tuple[list[JointParty], list[JointParty]]:
    """Return the parties whose signature counts today, and those that filing would leave out."""
    parties = list(draft.parties.select_related("organisation"))
    entitled = _entitled(parties) if parties else set()
    signed, out = [], []
    for party in parties:
        counts = party.state == State.JOINED and party.seal == seal
        if counts and (party.organisation_id, party.signed_by_id) in entitled:
            signed.append(party)
        elif party.state != State.DECLINED:
            out.append(party)
    return signed, out


def settle(draft: Submission, content: DraftInput) -> None:
    """Put on record who signed a draft that is being filed; all others are left out, and told."""
    signed, out = sorted_out(draft, seal_of(draft, content))
    for party in signed:
        party.name, party.group = party.organisation.name, party.organisation.group
    for party in out:
        party.state = State.LEFT_OUT
    JointParty.objects.bulk_update([*signed, *out], ["name", "group", "state"])
    for party, what in [(one, "filed") for one in signed] + [(one, "left_out") for one in out]:
        party.submission = draft
        tell_party(party, what)


def with_parties(held: dict[str, Any], submission: Submission) -> dict[str, Any]:
    """Return the content of a receipt with the parties, where there are any."""
    if submission.organisation_id is None:
        return held
    parties = [
        {
            "organisation": party.name,
            "group": party.group,
            "reservations": party.reservations,
            "provisions": party.provisions,
        }
        for party in submission.parties.on_record()
    ]
    return {**held, "parties": parties} if parties else held


def invite_again(earlier: Submission, draft: Submission, *, by: Any) -> None:
    """Ask the parties of what a draft revises to sign anew; their reservations are kept for it."""
    del by  # the entry of the revision says who
    for party in earlier.parties.joined().select_related("organisation"):
        again = JointParty.objects.create(
            submission=draft,
            organisation=party.organisation,
            reservations=party.reservations,
            provisions=party.provisions,
        )
        tell_party(again, "again")


def tell_withdrawn(submission: Submission) -> None:
    """Write to the parties that the leading organisation withdrew what they signed."""
    for party in submission.parties.joined().select_related("organisation"):
        party.submission = submission
        tell_party(party, "withdrawn")


def _entitled(parties: Sequence[JointParty]) -> set[tuple[int, int | None]]:
    """Return (organisation, person) for those who may sign for the organisation to this day."""
    strict = {party.organisation_id for party in parties if party.organisation.requires_sign_off}
    held = Membership.objects.filter(
        organisation__in=[party.organisation_id for party in parties],
        user__in=[party.signed_by_id for party in parties if party.signed_by_id],
        user__is_active=True,
        role__in=Membership.SUBMITTING,
        organisation__state=Organisation.State.LISTED,
    )
    return {
        (organisation, person)
        for organisation, person, role in held.values_list("organisation", "user", "role")
        if organisation not in strict or role == Membership.Role.SIGNATORY
    }


def _lock_led(draft: Submission, *, by: Any) -> Submission:
    locked = lock_draft(draft, by=by)
    if locked.organisation is None:
        raise InvalidContent(_("Only an organisation can lead a joint response."))
    if not may_submit_for(by, locked.organisation):
        raise NotAllowed(_("Only a submitter or a signatory may do this for an organisation."))
    return locked


def _lock_invitation(party: JointParty, *, by: Any) -> JointParty:
    locked = _lock(party, by=by)
    if not locked.submission.is_draft:
        raise InvitationOver(_("This response is filed already. Nothing can be signed any more."))
    return locked


def _lock(party: JointParty, *, by: Any) -> JointParty:
    """Return a party read anew, its submission locked; raise NotAllowed, InvitationOver."""
    if not may_submit_for(by, party.organisation):
        raise NotAllowed(_("Only a submitter or a signatory may do this for an organisation."))
    found = (
        Submission.objects.select_for_update(of=("self",)).filter(pk=party.submission_id).first()
    )
    fresh = JointParty.objects.select_related("organisation").filter(pk=party.pk).first()
    if found is None or fresh is None:
        raise InvitationOver(_("This invitation was taken back, or the draft was discarded."))
    fresh.submission = found
    return fresh


def _require_fit(draft: Submission, text: str, provisions: Sequence[str]) -> None:
    fields: Fields = {}
    if problems := list(problems_of(text, longest=LONGEST_RESERVATIONS)):
        fields["reservations"] = problems
    elif _tells(draft, text):
        told = _("The response keeps words back that stand here. Say it without them.")
        fields["reservations"] = [told]
    known = set(draft.points.values_list("provision__key", flat=True)) if provisions else set()
    if not known.issuperset(provisions):
        fields["provisions"] = [_("Choose among the provisions this response is about.")]
    elif provisions and not text:
        fields["reservations"] = [_("Say what your reservation is.")]
    if fields:
        raise InvalidContent(_("Nothing is signed yet: something needs a change."), fields=fields)


def _tells(draft: Submission, text: str) -> bool:
    """Return whether a text holds words that a draft keeps back; the seal is over these, too."""
    if draft.visibility != Visibility.CONFIDENTIAL:
        return False
    return bool(KeptWords([one["words"] for one in draft.redactions]).spans(text))


def _record(kind: str, party: JointParty, *, by: Any) -> None:
    submission = party.submission
    # A draft is nobody's business: who is invited to it is not said in the log.
    filed = f"/{submission.reference}" if submission.reference else ""
    audit.record(kind, subject=f"{submission.consultation.slug}{filed}", actor=by)
