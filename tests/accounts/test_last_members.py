"""Who may empty an organisation: staff that has to, never a member by leaving."""

import pytest

from apps.accounts.errors import LastSignatory
from apps.accounts.services import remove_member
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_staff_takes_an_organisation_out_of_wrong_hands():
    seat = MembershipFactory(role="signatory")
    remove_member(seat, by=UserFactory(is_staff=True))
    assert not seat.organisation.memberships.exists()


def test_staff_cannot_leave_its_own_organisation_without_a_signatory():
    seat = MembershipFactory(role="signatory", user__is_staff=True)
    with pytest.raises(LastSignatory, match="last member"):
        remove_member(seat, by=seat.user)
