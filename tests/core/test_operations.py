"""The operations screens open for operations staff; their changes leave audit entries."""

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.accounts.models import Membership, Organisation
from apps.audit.models import Entry
from apps.consultations.models import Host, HostRole
from tests.factories import SubmissionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return client


def address(model, act="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=args)


def test_every_operations_screen_opens(operator, open_consultation, member):
    SubmissionFactory(consultation=open_consultation)
    for model, screen in admin.site._registry.items():
        assert operator.get(address(model)).status_code == 200, model
        if one := model.objects.first():
            assert operator.get(address(model, "change", one.pk)).status_code == 200, model
        del screen


def memberships(*rows, initial=0):
    values = {
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        values |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return values


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_a_website_typed_without_a_scheme_is_taken_for_one_that_encrypts(operator):
    fields = {"name": "Harbour Union", "slug": "harbour", "group": "union"}
    operator.post(
        address(Organisation, "add"), fields | {"website": "harbour.example"} | memberships()
    )
    assert Organisation.objects.get(slug="harbour").website == "https://harbour.example"


def test_organisations_and_members_are_written_with_audit_entries(operator, participant):
    fields = {"name": "Harbour Union", "slug": "harbour", "group": "union"}
    row = {"user": participant.pk, "role": "submitter"}
    operator.post(address(Organisation, "add"), fields | memberships(row))
    made = Membership.objects.get(organisation__slug="harbour")
    gone = row | {"id": made.pk, "organisation": made.organisation_id, "DELETE": "on"}
    operator.post(
        address(Organisation, "change", made.organisation_id),
        fields | memberships(gone, initial=1),
    )
    assert not Membership.objects.exists()
    assert list(Entry.objects.about("harbour").values_list("kind", flat=True)) == [
        "organisation.registered",
        "organisation.member_added",
        "organisation.member_removed",
    ]


def test_staff_roles_are_given_and_taken_with_audit_entries(operator, host, participant):
    row = {"roles-0-user": participant.pk, "roles-0-role": "analyst", "roles-0-host": host.pk}
    counts = {"roles-TOTAL_FORMS": 1, "name": host.name, "slug": host.slug}
    change = address(Host, "change", host.pk)
    operator.post(change, row | counts | {"roles-INITIAL_FORMS": 0})
    given = HostRole.objects.get(user=participant)
    gone = {"roles-0-id": given.pk, "roles-0-DELETE": "on", "roles-INITIAL_FORMS": 1}
    operator.post(change, row | counts | gone)
    assert not HostRole.objects.filter(user=participant).exists()
    assert list(Entry.objects.about(host.slug).values_list("kind", flat=True)) == [
        "host.role_given",
        "host.role_taken",
    ]
