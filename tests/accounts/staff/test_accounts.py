"""A person's account becomes a member of staff's when that person accepts an invitation to their address."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
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
    StaffDeparted,
    accept_staff_invitation,
    end_staff_account,
    invite_staff,
    withdraw_staff_invitation,
)
from tests.clock import at
from tests.people import BACKEND, make_staff, make_user, unlock_in, use_mfa

NOW, ADDRESS = "2026-11-10 10:00", "tegid.rhys@family.example"
PAGE, SIGN_UP = "/staff/invitation/", "/account/signup/"
CHOSEN = "seven-otters-in-a-rowing-boat"


@pytest.fixture
def tegid(people) -> StaffMember:
    """A member of the office without an account."""
    return make_staff("Mr", "Tegid", "Rhys", is_office=True, job="Office")


def admin_page(row: StaffMember, name: str = "account") -> str:
    return f"/admin/accounts/staffmember/{row.pk}/{name}/"


def link_to(address: str) -> str:
    mail = Delivery.objects.filter(address=address, body__contains=PAGE).latest("pk")
    return re.search(rf"{PAGE}\S+", mail.body).group()


def invited(people, row: StaffMember, address: str = ADDRESS) -> str:
    """The mailed link of an invitation that the head sent."""
    invite_staff(row, address, by=people.actor(people.head), at=at(NOW))
    return link_to(address)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    unlock_in(browser)
    return browser


@pytest.fixture
def person(people) -> User:
    """Somebody whose account has the address, and nothing else."""
    return make_user("Tegid Rhys", ADDRESS)


# -- the whole way
@pytest.mark.policy("AU-8")
def test_the_person_invited_makes_an_account_and_accepts(people, tegid):
    head = people.client(people.head)
    assert head.post(admin_page(tegid), {"address": ADDRESS.title()}).status_code == 302
    assert f"none; Mrs Vaughan invited {ADDRESS}" in head.get(admin_page(tegid, "change")).content.decode()
    browser = Client()
    assert browser.get(link_to(ADDRESS)).headers["Location"] == PAGE
    assert SIGN_UP in browser.get(PAGE).content.decode()
    assert ADDRESS in browser.get(SIGN_UP).content.decode()
    made = browser.post(SIGN_UP, {"email": ADDRESS, "way": "password", "password1": CHOSEN})
    assert made.headers["Location"] == PAGE
    tegid.refresh_from_db()
    assert tegid.user is None
    shown = browser.get(PAGE).content.decode()
    assert (
        "Mr Tegid Rhys" in shown and "Office: the records of every child" in shown and "second step" in shown
    )
    assert browser.post(PAGE, {"roles": ["is_office"]}).headers["Location"] == "/"
    tegid.refresh_from_db()
    assert (tegid.user.email, tegid.user.name) == (ADDRESS, "Mr Rhys")
    assert EmailAddress.objects.get(user=tegid.user).verified
    assert browser.get("/office/").headers["Location"] == "/account/second-step/begin/"
    assert f"{ADDRESS}, since 10.11.2026" in head.get(admin_page(tegid, "change")).content.decode()
    verbs = AuditEntry.objects.filter(about=f"accounts.staffmember:{tegid.pk}").values_list("verb", flat=True)
    assert {"staff_invitation.sent", "staff.account_accepted"} <= set(verbs)


@pytest.mark.policy("AU-6")
def test_accepting_signs_a_parent_out_on_other_devices(people, tegid):
    elsewhere, browser = people.client(people.nia), people.client(people.nia)
    browser.get(invited(people, tegid, people.nia.email))
    before = browser.session.session_key
    assert browser.post(PAGE, {"roles": ["is_office"]}).status_code == 302
    tegid.refresh_from_db()
    assert tegid.user == people.nia and browser.session.session_key != before
    assert browser.get("/office/").headers["Location"] == "/account/second-step/begin/"
    assert elsewhere.get("/messages/").headers["Location"].startswith("/account/login/")


def test_somebody_with_an_account_signs_in_first_and_is_led_back(people, tegid, person):
    person.set_password(CHOSEN)
    person.save(update_fields=["password"])
    browser = Client()
    browser.get(invited(people, tegid))
    assert "/account/login/" in browser.get(PAGE).content.decode()
    done = browser.post("/account/login/", {"login": ADDRESS, "password": CHOSEN})
    assert done.headers["Location"] == PAGE
    assert "Is this really you?" in browser.get(PAGE).content.decode()


def test_a_repeated_yes_changes_nothing_more(people, tegid, person):
    browser = signed_in(person)
    browser.get(invited(people, tegid))
    for _time in range(2):
        assert browser.post(PAGE, {"roles": ["is_office"]}).headers["Location"] == "/"
    assert AuditEntry.objects.filter(verb="staff.account_accepted").count() == 1


def test_leaders_are_notified_of_who_accepted(people, tegid, person):
    browser = signed_in(person)
    browser.get(invited(people, tegid))
    browser.post(PAGE, {"roles": ["is_office"]})
    notices = Notification.objects.filter(kind="staff_account")
    assert {row.recipient for row in notices} == {people.head.user, people.deputy.user}
    assert all(ADDRESS in row.body and "office" in row.body for row in notices)


# -- what does not open
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
    clock.set("2026-11-17 10:00")
    assert Client().get(second).status_code == 410
    clock.set("2026-11-17 09:59")
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
    assert head.post(admin_page(tegid), {"withdraw": "1", "address": ""}).status_code == 302
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
    answer = head.post(admin_page(tegid), {"address": people.office.user.email})
    assert answer.status_code == 422 and "another member of staff already" in answer.content.decode()
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
    assert "another member of staff already" in browser.post(PAGE, {"roles": ["is_office"]}).content.decode()


@pytest.mark.policy("AU-8")
def test_nobody_invites_themselves(people, tegid):
    by = people.actor(people.deputy)
    with pytest.raises(OwnInvitation):
        invite_staff(tegid, people.deputy.user.email.upper(), by=by, at=at(NOW))
    assert people.client(people.deputy).get(admin_page(people.deputy)).status_code == 404


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
    answer = people.client(getattr(people, who)).post(admin_page(tegid), {"address": ADDRESS})
    assert answer.status_code in (302, 403, 404)
    assert not StaffInvitation.objects.filter(staff=tegid).exists()


def test_a_bad_address_gets_a_sentence_and_stays(people, tegid):
    answer = people.client(people.head).post(admin_page(tegid), {"address": "tegid at home"})
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
    assert answer.status_code == 200 and "that the invitation was sent to" in answer.content.decode()
    assert not User.objects.filter(email="other@family.example").exists()


def test_a_browser_without_a_code_or_link_signs_nobody_up(people):
    answer = Client().post(SIGN_UP, {"email": ADDRESS, "way": "password", "password1": CHOSEN})
    assert "Start with your code" in answer.content.decode()
    assert not User.objects.filter(email=ADDRESS).exists()


# -- taken away
def test_an_account_taken_away_stays_a_parents(people, tegid):
    browser = people.client(people.nia)
    browser.get(invited(people, tegid, people.nia.email))
    browser.post(PAGE, {"roles": ["is_office"]})
    head = people.client(people.head)
    assert head.post(admin_page(tegid), {"reason": ""}).status_code == 422
    assert head.post(admin_page(tegid), {"reason": "Wrong address."}).status_code == 302
    tegid.refresh_from_db()
    assert tegid.user is None
    assert browser.get("/office/").headers["Location"].startswith("/account/login/")
    people.nia.refresh_from_db()
    assert people.client(people.nia).get("/messages/").status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffMember.objects.filter(pk=tegid.pk).update(user=people.nia)


def test_nobody_takes_away_their_own_account(people):
    with pytest.raises(OwnInvitation):
        end_staff_account(people.deputy, by=people.actor(people.deputy), reason="x", at=at(NOW))


# -- the form
def test_the_form_asks_for_no_number_of_an_account(people, tegid):
    browser, page = people.client(people.head), admin_page(tegid, "change")
    assert 'name="user"' not in browser.get(page).content.decode()
    given = {"title": "Mr", "forename": "Tegid", "surname": "Rhys", "is_slt": "on", "user": people.nia.pk}
    assert browser.post(page, given).status_code == 302
    tegid.refresh_from_db()
    assert tegid.is_slt and tegid.user is None


# -- the database
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
    clock.set("2026-11-17 10:00")
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


def test_mfa_of_this_session_is_enough(people, tegid, person):
    browser = signed_in(person)
    use_mfa(browser, person)
    browser.get(invited(people, tegid))
    browser.post(PAGE, {"roles": ["is_office"]})
    assert browser.get("/office/").headers["Location"] == "/terms/agree/"
