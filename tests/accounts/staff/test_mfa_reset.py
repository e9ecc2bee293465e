"""A leader resets a colleague's lost mfa; a command the last leader's (AU-6)."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.staff.mfa_reset import NoMfa, NoReason, NotLeader, OwnMfa, reset_mfa
from tests.accounts.sign_in.mfa import authenticators, give_codes, give_password
from tests.accounts.staff.pages.sending import page_of
from tests.people import give_authenticator
from tests.sentences.accounts import MFA_RESET_DONE, NO_MFA_TO_RESET, SET_UP_MFA_AGAIN

REASON = "Her telephone fell into the river. I rang her at home and knew her voice."


def page(staff) -> str:
    return page_of(staff, "second-step/")


@pytest.mark.policy("AU-6")
def test_leader_resets_a_colleagues_mfa(people):
    others, leader = people.client(people.office), people.client(people.deputy)
    give_codes(people.office.user)
    member = page_of(people.office)
    assert page(people.office) in leader.get(member).content.decode()
    answer = leader.post(page(people.office), {"reason": REASON}, follow=True)
    assert MFA_RESET_DONE in answer.content.decode()
    assert authenticators(people.office.user) == []
    assert others.get("/office/").url.startswith("/account/login/")
    stored = AuditEntry.objects.get(verb="mfa.reset")
    assert (stored.staff, stored.detail["reason"]) == (people.deputy, REASON)
    mail = Delivery.objects.get(user=people.office.user, subject__startswith=SET_UP_MFA_AGAIN)
    assert "Mr Rees" in mail.body and "river" not in mail.body


def test_afterwards_they_are_led_to_set_up_a_new_one(people, client):
    give_authenticator(give_password(people.office.user))
    reset_mfa(people.office.user, by=people.actor(people.head), reason=REASON)
    client.post("/account/login/", {"login": people.office.user.email, "password": "long-enough-for-a-test"})
    assert client.get("/office/").url == "/account/second-step/begin/"


def test_the_heads_too(people):
    leader = people.client(people.deputy)
    give_authenticator(people.head.user)
    assert leader.post(page(people.head), {"reason": REASON}).status_code == 302
    assert authenticators(people.head.user) == []


def test_nobody_takes_away_their_own(people):
    leader = people.client(people.deputy)
    member = page_of(people.deputy)
    assert page(people.deputy) not in leader.get(member).content.decode()
    answer = leader.post(page(people.deputy), {"reason": REASON})
    assert answer.status_code == 422
    assert "Another senior leader" in answer.content.decode()
    assert authenticators(people.deputy.user) == ["totp"]
    with pytest.raises(OwnMfa):
        reset_mfa(people.deputy.user, by=people.actor(people.deputy), reason=REASON)


def test_the_office_does_not(people):
    office = people.client(people.office)
    give_authenticator(people.deputy.user)
    assert office.get(page(people.deputy)).status_code == 403
    assert office.post(page(people.deputy), {"reason": REASON}).status_code == 403
    assert authenticators(people.deputy.user) == ["totp"]
    with pytest.raises(NotLeader):
        reset_mfa(people.deputy.user, by=people.actor(people.office), reason=REASON)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_asked_for(people, reason):
    leader = people.client(people.deputy)
    give_authenticator(people.office.user)
    assert leader.post(page(people.office), {"reason": reason}).status_code == 422
    with pytest.raises(NoReason):
        reset_mfa(people.office.user, by=people.actor(people.deputy), reason=reason)
    assert authenticators(people.office.user) == ["totp"]


def test_who_has_none_has_none_to_lose(people):
    leader = people.client(people.deputy)
    answer = leader.post(page(people.office), {"reason": REASON})
    assert NO_MFA_TO_RESET in answer.content.decode()
    with pytest.raises(NoMfa):
        reset_mfa(people.office.user, by=people.actor(people.deputy), reason=REASON)


def test_who_has_no_account_has_none_to_lose(people):
    leader = people.client(people.deputy)
    assert page(people.pritchard) not in leader.get(page_of(people.pritchard)).content.decode()
    answer = leader.post(page(people.pritchard), {"reason": REASON})
    assert answer.status_code == 422 and NO_MFA_TO_RESET in answer.content.decode()


def test_the_last_leader_is_helped_by_the_command(people):
    give_codes(people.head.user)
    call_command("reset_mfa", people.head.user.email.upper(), reason=REASON)
    assert not Authenticator.objects.filter(user=people.head.user).exists()
    assert AuditEntry.objects.get(verb="mfa.reset").detail["reason"] == REASON


@pytest.mark.parametrize("address", ["nobody@school.example", "eleri.vaughan@school.example"])
def test_the_command_says_why_it_does_nothing(people, address):
    with pytest.raises(CommandError):
        call_command("reset_mfa", address, reason=REASON)
