"""Who may empty an organisation: staff that has to, never a member by leaving."""

import pytest

from apps.accounts import checking
from apps.accounts.errors import LastSignatory
from apps.accounts.models import Verification
from apps.accounts.services import remove_member
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_staff_takes_an_organisation_out_of_wrong_hands():
    seat = MembershipFactory(role="signatory")
    remove_member(seat, by=UserFactory(is_staff=True))
    assert not seat.organisation.memberships.exists()


def test_what_was_checked_ends_with_the_last_member():
    seat = MembershipFactory(role="signatory")
    other = MembershipFactory(organisation=seat.organisation, role="drafter")
    asked = Verification(organisation=seat.organisation, method="dns", subject="civic.example.org")
    checking.confirm(asked)
    staff = UserFactory(is_staff=True)
    remove_member(seat, by=staff)
    seat.organisation.refresh_from_db()
    assert seat.organisation.is_verified
    remove_member(other, by=staff)
    seat.organisation.refresh_from_db()
    assert not seat.organisation.is_verified


def test_a_signatory_whose_account_is_closed_is_no_other_signatory():
    seat = MembershipFactory(role="signatory")
    MembershipFactory(organisation=seat.organisation, role="signatory", user__is_active=False)
    with pytest.raises(LastSignatory):
        remove_member(seat, by=seat.user)


def test_staff_cannot_leave_its_own_organisation_without_a_signatory():
    seat = MembershipFactory(role="signatory", user__is_staff=True)
    with pytest.raises(LastSignatory, match="last member"):
        remove_member(seat, by=seat.user)
