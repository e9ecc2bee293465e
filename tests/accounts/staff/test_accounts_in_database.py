"""What the database refuses of staff accounts and invitations."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from accounts.models.people import StaffMember, User
from accounts.models.staff_invitations import StaffInvitation
from tests.accounts.staff.invitations import (
    ADDRESS,
    NOW,
    invited,
)
from tests.clock import at


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.policy("AU-8")
def test_the_database_links_no_account_that_did_not_accept(people, tegid):
    with refused("staff_account_was_accepted"), transaction.atomic():
        StaffMember.objects.filter(pk=tegid.pk).update(user=people.nia)
    with refused("staff_account_was_accepted"), transaction.atomic():
        StaffMember.objects.create(forename="N", surname="B", user=people.nia)
    invited(people, tegid, people.nia.email)
    with refused("staff_account_was_accepted"), transaction.atomic():
        StaffMember.objects.filter(pk=tegid.pk).update(user=people.nia)


@pytest.mark.parametrize("who", ["celyn", "mali"])
def test_the_database_links_no_account_of_a_class_or_a_pupil(people, tegid, who):
    account = getattr(people, who).account
    StaffInvitation.objects.create(
        staff=tegid, address="x", expires_at=at(NOW), accepted_by=account, accepted_at=at(NOW)
    )
    with refused("staff_account_is_a_persons"), transaction.atomic():
        StaffMember.objects.filter(pk=tegid.pk).update(user=account)


def test_the_database_changes_no_kind_of_a_staff_account(people):
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        User.objects.filter(pk=people.office.user.pk).update(kind="class")


def test_database_refuses_a_staff_account_for_a_class(people, tegid):
    number = 987_654
    StaffInvitation.objects.create(
        staff=tegid, address="x", expires_at=at(NOW), accepted_by_id=number, accepted_at=at(NOW)
    )
    with refused("staff_account_is_a_persons"), transaction.atomic():
        StaffMember.objects.filter(pk=tegid.pk).update(user_id=number)
        User.objects.create(pk=number, kind="class", name="Derwen 2")
    with connection.cursor() as cursor:  # the invitation of nobody is not left to the end of the test
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM accounts_staffinvitation WHERE accepted_by_id = %s", [number])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def accepted(offer: StaffInvitation, user: User) -> None:
    StaffInvitation.objects.filter(pk=offer.pk).update(accepted_at=at(NOW), accepted_by=user)


def test_the_database_accepts_for_the_verified_address_only(people, tegid, person):
    invited(people, tegid)
    offer = StaffInvitation.objects.get(address=ADDRESS)
    with refused("staff_invitation_of_own_address"), transaction.atomic():
        accepted(offer, people.nia)
    EmailAddress.objects.filter(user=person).update(verified=False)
    with refused("staff_invitation_of_own_address"), transaction.atomic():
        accepted(offer, person)
    EmailAddress.objects.filter(user=person).update(verified=True)
    accepted(offer, person)


def test_the_database_lets_no_leader_accept_their_own(people, tegid):
    offer = StaffInvitation.objects.create(
        staff=tegid, address=people.deputy.user.email, token_hash="h", sent_by=people.deputy,
        sent_at=at(NOW), expires_at=at("2026-11-12 10:00"),
    )  # fmt: skip
    with refused("staff_invitation_by_another"), transaction.atomic():
        accepted(offer, people.deputy.user)


def test_the_database_accepts_nothing_late_and_once(people, tegid, person, clock):
    invited(people, tegid)
    offer = StaffInvitation.objects.get(address=ADDRESS)
    clock.set("2026-11-18 00:00")
    with refused("staff_invitation_is_in_time"), transaction.atomic():
        accepted(offer, person)
    clock.set(NOW)
    accepted(offer, person)
    for change in ({"accepted_by": people.nia}, {"accepted_at": None, "accepted_by": None}, {"address": "x"}):
        with refused("staff_invitation_stays"), transaction.atomic():
            StaffInvitation.objects.filter(pk=offer.pk).update(**change)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        StaffInvitation.objects.filter(pk=offer.pk).delete()


def test_the_database_takes_no_invitation_accepted_when_sent(people, tegid, person):
    with refused("staff_invitation_begins_open"), transaction.atomic():
        StaffInvitation.objects.create(
            staff=tegid, address=ADDRESS, token_hash="h", sent_by=people.head, sent_at=at(NOW),
            expires_at=at("2026-11-12 10:00"), accepted_by=person, accepted_at=at(NOW),
        )  # fmt: skip
