"""What becomes of drafts, files and submissions where a person deletes the account."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Organisation, User
from apps.accounts.parting import (
    Obstacle,
    OwnWords,
    Words,
    alone_in,
    goes_first,
    register_own_words,
    remains,
    stands_in_the_way,
)
from apps.consultations.models import Phase
from apps.submissions import storing
from apps.submissions.models import (
    Attachment,
    DraftComment,
    JointParty,
    RegisteredCampaign,
    Submission,
)
from apps.submissions.services import decline, discard_draft, withdraw
from apps.submissions.services.filing import OWN_DOORS

State = Submission.State
SIGNED = (JointParty.State.JOINED, JointParty.State.VOID)


@stands_in_the_way
def waits_for_nobody(user: User) -> Iterable[Obstacle]:
    """Name the organisations whose only member leaves while something of theirs is under way."""
    alone = alone_in(user)
    busy = [
        (
            _filed_where_open(alone),
            _(
                "You are the only member of %(name)s, and its response can still be changed. "
                "Withdraw it first, or make somebody a signatory."
            ),
        ),
        (
            _leading(alone),
            _(
                "You are the only member of %(name)s, and others signed the joint response that it "
                "leads. File or discard it first, or make somebody a signatory."
            ),
        ),
        (
            _signed(alone),
            _(
                "You are the only member of %(name)s, and it signed a joint response that is not "
                "filed yet. Take the signature back first, or make somebody a signatory."
            ),
        ),
        (
            _campaigning(alone),
            _(
                "You are the only member of %(name)s, and people can still sign its campaign. "
                "Close the campaign first, or make somebody a signatory."
            ),
        ),
    ]
    for organisations, told in busy:
        for one in organisations.order_by("name"):
            page = reverse("accounts:members", args=[one.slug])
            yield Obstacle(told % {"name": one.name}, page)


def _filed_where_open(alone: QuerySet[Organisation]) -> QuerySet[Organisation]:
    filed = Submission.objects.filter(
        state=State.SUBMITTED, is_reply=False, phase__in=Phase.objects.open()
    )
    is_its_own = Q(pk__in=filed.values("organisation")) | Q(pk__in=filed.values("withheld_for"))
    return alone.filter(is_its_own)


def _leading(alone: QuerySet[Organisation]) -> QuerySet[Organisation]:
    drafts = Submission.objects.filter(state=State.DRAFT, parties__state__in=SIGNED)
    return alone.filter(pk__in=drafts.values("organisation"))


def _signed(alone: QuerySet[Organisation]) -> QuerySet[Organisation]:
    parties = JointParty.objects.filter(submission__state=State.DRAFT, state__in=SIGNED)
    return alone.filter(pk__in=parties.values("organisation"))


def _campaigning(alone: QuerySet[Organisation]) -> QuerySet[Organisation]:
    comment = Phase.objects.open().filter(kind=Phase.Kind.COMMENT)
    open_now = RegisteredCampaign.objects.filter(
        closed_at__isnull=True, consultation__in=comment.values("consultation")
    )
    return alone.filter(pk__in=open_now.values("organisation"))


@remains
def filed(user: User) -> Iterable[Words]:
    """Say what the person filed, alone and for others: three queries."""
    all_own = Submission.objects.in_capacity(user, None).filter(state__in=Submission.PUBLIC)
    if alone := all_own.exclude(pk__in=_counting(user).values("pk")).count():
        yield ngettext(
            "One version of a response that you filed on your own. It shows no name, as "
            "before, and nothing says any more that it was you.",
            "The %(n)d versions of responses that you filed on your own. They show no name, as "
            "before, and nothing says any more that it was you.",
            alone,
        ) % {"n": alone}
    theirs = Submission.objects.filter(author=user, state__in=Submission.PUBLIC)
    if for_others := theirs.count() - all_own.count():
        yield ngettext(
            "One version of a response that you filed for an organisation. It belongs to the "
            "organisation and stays under its name.",
            "The %(n)d versions of responses that you filed for organisations. They belong to the "
            "organisations and stay under their names.",
            for_others,
        ) % {"n": for_others}


@goes_first
def drafts_and_comments(user: User) -> None:
    """Delete what is nobody else's: own drafts, those of organisations left empty, loose files."""
    alone = list(alone_in(user))
    own = Submission.objects.filter(author=user, organisation=None, state=State.DRAFT)
    left_empty = Submission.objects.filter(organisation__in=alone, state=State.DRAFT)
    for draft in [*own, *left_empty]:
        discard_draft(draft, by=user)
    asked = JointParty.objects.filter(
        organisation__in=alone, state=JointParty.State.INVITED, submission__state=State.DRAFT
    )
    for party in asked.select_related("submission", "organisation"):
        if user.has_perm("accounts.submit_for", party.organisation):
            decline(party, by=user)
    DraftComment.objects.filter(author=user).delete()
    loose = Attachment.objects.loose().filter(sender=user)
    for file in loose:
        storing.forget([file.stored, file.published, file.whole])
    loose.delete()


def _standing(user: User) -> QuerySet[Submission]:
    return Submission.objects.in_capacity(user, None).filter(state=State.SUBMITTED)


def _counting(user: User) -> QuerySet[Submission]:
    """Return the response one could file a second time with a new account."""
    return _standing(user).filter(
        is_reply=False, source__in=OWN_DOORS, phase__in=Phase.objects.open()
    )


@remains
def still_open(user: User) -> Iterable[Words]:
    """Say that what is filed in an open phase is withdrawn, and how it can count."""
    for title in _counting(user).values_list("consultation__title", flat=True):
        yield _(
            "That you responded to %(title)s. Comments are still open there, so your response is "
            "withdrawn with the account: nobody can respond twice. Its words are then no longer "
            "shown or used. If it is to count, delete the account after comments close."
        ) % {"title": title}


@goes_first
def nobody_responds_twice(user: User) -> None:
    """Withdraw what the person could file once more while comments are open."""
    for submission in _counting(user):
        withdraw(submission, by=user)


def _count(user: User) -> int:
    return _standing(user).exclude(pk__in=_counting(user).values("pk")).count()


def _withdraw(user: User) -> None:
    for submission in _standing(user):
        withdraw(submission, by=user)


register_own_words(OwnWords(_count, _withdraw))
