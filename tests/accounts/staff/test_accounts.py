"""A staff member gets an account by accepting an invitation, and loses it again."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from accounts.models.staff_invitations import StaffInvitation
from accounts.staff.accounts import (
    OwnInvitation,
    end_staff_account,
)
from tests.accounts.staff.invitations import (
    ADDRESS,
    CHOSEN,
    NOW,
    PAGE,
    SIGN_UP,
    invited,
    link_to,
    signed_in,
)
from tests.accounts.staff.pages.sending import page_of, send
from tests.clock import at
from tests.people import use_mfa
from tests.sentences.accounts import IS_THIS_REALLY_YOU, OFFICE_ROLE, SIGNS_IN_WITH
from tests.sentences.reading import says, without_marks


@pytest.mark.policy("AU-8")
def test_the_person_invited_makes_an_account_and_accepts(people, tegid):
    head = people.client(people.head)
    assert head.post(page_of(tegid, "account/invite/"), {"address": ADDRESS.title()}).status_code == 302
    assert f"Mrs Vaughan has invited {ADDRESS}" in head.get(page_of(tegid)).content.decode()
    browser = Client()
    assert browser.get(link_to(ADDRESS)).headers["Location"] == PAGE
    assert SIGN_UP in browser.get(PAGE).content.decode()
    assert ADDRESS in browser.get(SIGN_UP).content.decode()
    made = browser.post(SIGN_UP, {"email": ADDRESS, "way": "password", "password1": CHOSEN})
    assert made.headers["Location"] == PAGE
    tegid.refresh_from_db()
    assert tegid.user is None
    shown = without_marks(browser.get(PAGE).text)
    assert "Mr Tegid Rhys" in shown and OFFICE_ROLE in shown and "second step" in shown
    assert browser.post(PAGE, {"roles": ["is_office"]}).headers["Location"] == "/"
    tegid.refresh_from_db()
    assert (tegid.user.email, tegid.user.name) == (ADDRESS, "Mr Rhys")
    assert EmailAddress.objects.get(user=tegid.user).verified
    assert browser.get("/office/").headers["Location"] == "/account/second-step/begin/"
    assert says(head.get(page_of(tegid)).content.decode(), SIGNS_IN_WITH, address=ADDRESS)
    accepted = StaffInvitation.objects.in_force().get(staff=tegid)
    assert accepted.address == ADDRESS and accepted.accepted_at
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
    assert IS_THIS_REALLY_YOU in browser.get(PAGE).content.decode()


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


def test_an_account_taken_away_stays_a_parents(people, tegid):
    browser = people.client(people.nia)
    browser.get(invited(people, tegid, people.nia.email))
    browser.post(PAGE, {"roles": ["is_office"]})
    head = people.client(people.head)
    assert head.post(page_of(tegid, "account/end/"), {"reason": ""}).status_code == 422
    assert head.post(page_of(tegid, "account/end/"), {"reason": "Wrong address."}).status_code == 302
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


def test_the_form_asks_for_no_number_of_an_account(people, tegid):
    browser, given = people.client(people.head), {"user": people.nia.pk, "user_id": people.nia.pk}
    for inner in ("change/", "roles/", "account/"):
        assert 'name="user"' not in browser.get(page_of(tegid, inner)).content.decode()
    assert send(browser, page_of(tegid, "change/"), **given).status_code == 302
    role = {"is_slt": "on", "confirmed": ["is_slt"]}
    assert send(browser, page_of(tegid, "roles/"), **role, **given).status_code == 302
    tegid.refresh_from_db()
    assert tegid.is_slt and tegid.user is None


def test_mfa_of_this_session_is_enough(people, tegid, person):
    browser = signed_in(person)
    use_mfa(browser, person)
    browser.get(invited(people, tegid))
    browser.post(PAGE, {"roles": ["is_office"]})
    assert browser.get("/office/").headers["Location"] == "/terms/agree/"
