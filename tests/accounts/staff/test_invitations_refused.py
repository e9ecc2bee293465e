"""Invitations that cannot be sent or accepted."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.models.staff_invitations import StaffInvitation
from accounts.staff.accounts import (
    AlreadyStaff,
    HasAccount,
    InvitationOver,
    NotAPersons,
    NotLeader,
    NotYourInvitation,
    OwnInvitation,
    RolesChanged,
    accept_staff_invitation,
    invite_staff,
    withdraw_staff_invitation,
)
from accounts.staff.rules import StaffDeparted
from tests.accounts.staff.invitations import (
    ADDRESS,
    CHOSEN,
    NOW,
    PAGE,
    SIGN_UP,
    invited,
    signed_in,
)
from tests.accounts.staff.pages.sending import page_of
from tests.clock import at
from tests.people import make_staff
from tests.sentences.accounts import EMAIL_OF_ANOTHER_STAFF_MEMBER, NOT_THE_INVITED_EMAIL, START_WITH_CODE


@pytest.mark.policy("AU-8")
def test_another_account_cannot_accept_an_invitation(people, tegid, person):
    browser = people.client(people.nia)
    browser.get(invited(people, tegid))
    assert browser.get(PAGE).status_code == 403 and ADDRESS in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, {"roles": ["is_office"]}).status_code == 403
    offer = StaffInvitation.objects.get(address=ADDRESS)
    with pytest.raises(NotYourInvitation):
        accept_staff_invitation(offer, roles=["is_office"], by=people.actor(people.nia), at=at(NOW))


def test_an_address_that_is_not_verified_accepts_nothing(people, tegid, person):
    invited(people, tegid)
    EmailAddress.objects.filter(user=person).update(verified=False)
    offer = StaffInvitation.objects.get(address=ADDRESS)
    with pytest.raises(NotYourInvitation):
        accept_staff_invitation(offer, roles=["is_office"], by=people.actor(person), at=at(NOW))


def test_a_class_account_reads_that_it_is_not_the_one(people, tegid):
    browser = people.client(people.celyn)
    browser.get(invited(people, tegid))
    assert browser.get(PAGE).status_code == 403
    assert people.client(people.mali).get(PAGE).status_code == 404


def test_the_link_expires_and_is_used_once(people, tegid, person, clock):
    first = invited(people, tegid)
    second = invited(people, tegid)
    assert Client().get(first).status_code == 410
    clock.set("2026-11-18 00:00")
    assert Client().get(second).status_code == 410
    clock.set("2026-11-17 23:59")
    browser = signed_in(person)
    assert browser.get(second).status_code == 302
    browser.post(PAGE, {"roles": ["is_office"]})
    assert Client().get(second).status_code == 410
    assert Client().get(f"{PAGE}nonsense/").status_code == 410


def test_the_token_stands_nowhere_but_in_the_mail(people, tegid):
    token = invited(people, tegid).removeprefix(PAGE).rstrip("/")
    assert len(token) > 40
    assert token not in str(StaffInvitation.objects.values_list())
    assert token not in str(AuditEntry.objects.values_list())


def test_a_leader_withdraws_an_invitation(people, tegid, person):
    link, head = invited(people, tegid), people.client(people.head)
    browser = signed_in(person)
    browser.get(link)
    assert head.post(page_of(tegid, "account/withdraw/")).status_code == 302
    assert browser.post(PAGE, {"roles": ["is_office"]}).status_code == 410
    assert not withdraw_staff_invitation(tegid, by=people.actor(people.head), at=at(NOW))
    tegid.refresh_from_db()
    assert tegid.user is None


def test_roles_that_changed_since_the_page_are_shown_again(people, tegid, person):
    browser = signed_in(person)
    browser.get(invited(people, tegid))
    StaffMember.objects.filter(pk=tegid.pk).update(is_safeguarding=True)
    again = browser.post(PAGE, {"roles": ["is_office"]})
    assert again.status_code == 422 and "Safeguarding lead" in again.content.decode()
    offer = StaffInvitation.objects.get(address=ADDRESS)
    with pytest.raises(RolesChanged):
        accept_staff_invitation(offer, roles=[], by=people.actor(person), at=at(NOW))


def test_an_account_of_another_member_of_staff_gets_a_sentence(people, tegid):
    head = people.client(people.head)
    answer = head.post(page_of(tegid, "account/invite/"), {"address": people.office.user.email})
    assert answer.status_code == 422 and EMAIL_OF_ANOTHER_STAFF_MEMBER in answer.content.decode()
    with pytest.raises(AlreadyStaff):
        invite_staff(tegid, people.office.user.email, by=people.actor(people.head), at=at(NOW))


def test_an_account_that_became_staff_meanwhile_cannot_accept(people, tegid, person):
    other = make_staff("Ms", "Lowri", "Hughes")
    first, browser = invited(people, tegid), signed_in(person)
    offer = StaffInvitation.objects.get(address=ADDRESS)
    browser.get(invited(people, other))
    assert browser.post(PAGE, {"roles": []}).status_code == 302
    with pytest.raises(AlreadyStaff):
        accept_staff_invitation(offer, roles=["is_office"], by=people.actor(person), at=at(NOW))
    browser.get(first)
    assert EMAIL_OF_ANOTHER_STAFF_MEMBER in browser.post(PAGE, {"roles": ["is_office"]}).content.decode()


@pytest.mark.policy("AU-8")
def test_nobody_invites_themselves(people, tegid):
    by = people.actor(people.deputy)
    with pytest.raises(OwnInvitation):
        invite_staff(tegid, people.deputy.user.email.upper(), by=by, at=at(NOW))
    browser, own = people.client(people.deputy), people.deputy.user
    assert page_of(people.deputy, "account/") not in browser.get(page_of(people.deputy)).content.decode()
    browser.post(page_of(people.deputy, "account/end/"), {"reason": "Mine."})
    people.deputy.refresh_from_db()
    assert people.deputy.user == own


def test_refusals_of_an_invitation_say_why(people, tegid):
    head, now = people.actor(people.head), at(NOW)
    with pytest.raises(HasAccount):
        invite_staff(people.office, ADDRESS, by=head, at=now)
    with pytest.raises(NotAPersons):
        invite_staff(tegid, people.celyn.account.email, by=head, at=now)
    with pytest.raises(NotLeader):
        invite_staff(tegid, ADDRESS, by=people.actor(people.office), at=now)
    StaffMember.objects.filter(pk=tegid.pk).update(left_on="2026-11-01")
    with pytest.raises(StaffDeparted):
        invite_staff(tegid, ADDRESS, by=head, at=now)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("who", ["office", "nia", "celyn", "mali"])
def test_nobody_but_a_leader_invites(people, tegid, who):
    answer = people.client(getattr(people, who)).post(page_of(tegid, "account/invite/"), {"address": ADDRESS})
    assert answer.status_code in (302, 403, 404)
    assert not StaffInvitation.objects.filter(staff=tegid).exists()


def test_a_bad_address_gets_a_sentence_and_stays(people, tegid):
    answer = people.client(people.head).post(page_of(tegid, "account/invite/"), {"address": "tegid at home"})
    assert answer.status_code == 422 and "tegid at home" in answer.content.decode()


def test_somebody_who_left_meanwhile_cannot_accept(people, tegid, person):
    invited(people, tegid)
    StaffMember.objects.filter(pk=tegid.pk).update(left_on="2026-11-10")
    offer = StaffInvitation.objects.get(address=ADDRESS)
    with pytest.raises(InvitationOver):
        accept_staff_invitation(offer, roles=["is_office"], by=people.actor(person), at=at(NOW))


def test_the_link_makes_no_account_of_another_address(people, tegid):
    browser = Client()
    browser.get(invited(people, tegid))
    answer = browser.post(SIGN_UP, {"email": "other@family.example", "way": "password", "password1": CHOSEN})
    assert answer.status_code == 200 and NOT_THE_INVITED_EMAIL in answer.content.decode()
    assert not User.objects.filter(email="other@family.example").exists()


def test_a_browser_without_a_code_or_link_signs_nobody_up(people):
    answer = Client().post(SIGN_UP, {"email": ADDRESS, "way": "password", "password1": CHOSEN})
    assert START_WITH_CODE in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()
