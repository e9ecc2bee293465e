"""Leaders invite staff, send again, withdraw, end an account, and reset a second factor (AU-6, AU-8)."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember
from accounts.models.staff_invitations import StaffInvitation
from accounts.staff.accounts import InvitedMeanwhile, NotAPersons, invite_once, withdraw_staff_invitation
from accounts.staff.mfa_reset import OwnMfa
from accounts.staff.rules import HeadsRecord, NotLeader
from tests.accounts.staff.invitations import ADDRESS, NOW, PAGE, invited, link_to, signed_in
from tests.accounts.staff.pages.sending import fields_of, page_of, refusals, send, words
from tests.clock import at
from tests.people import give_authenticator


def invite(browser: Client, row: StaffMember, address: str = ADDRESS, **said):
    """Open the page of the account and send the invitation with what it shows."""
    shown = browser.get(page_of(row, "account/")).context["row"].invitation
    answers = {"address": address, "seen": shown.pk if shown else "", **said}
    return browser.post(page_of(row, "account/invite/"), answers)


def links(address: str = ADDRESS) -> int:
    return Delivery.objects.filter(address=address, body__contains=PAGE).count()


def open_links(row: StaffMember) -> int:
    return StaffInvitation.objects.open().filter(staff=row).count()


@pytest.mark.policy("AU-8")
def test_a_member_of_staff_is_invited_and_accepts(people, deputy, tegid, person):
    assert invite(deputy, tegid).url == page_of(tegid)
    tegid.refresh_from_db()
    assert tegid.user is None and ADDRESS in words(deputy.get(page_of(tegid)))
    browser = signed_in(person)
    browser.get(link_to(ADDRESS))
    browser.post(PAGE, {"roles": ["is_office"]})
    tegid.refresh_from_db()
    assert tegid.user == person
    assert deputy.get(page_of(tegid)).context["row"].lacks_mfa


@pytest.mark.policy("AU-8")
def test_a_parents_account_is_staffs_only_by_their_own_yes(people, deputy, tegid):
    assert invite(deputy, tegid, people.nia.email).status_code == 302
    tegid.refresh_from_db()
    assert tegid.user is None and not StaffMember.objects.filter(user=people.nia).exists()
    browser = people.client(people.nia)
    browser.get(link_to(people.nia.email))
    browser.post(PAGE, {"roles": ["is_office"]})
    tegid.refresh_from_db()
    assert tegid.user == people.nia


def test_pressing_twice_sends_one_link(people, deputy, tegid):
    answers = {"address": ADDRESS, "seen": ""}
    for _turn in range(2):
        assert deputy.post(page_of(tegid, "account/invite/"), answers).url == page_of(tegid)
    assert links() == 1 and open_links(tegid) == 1


def test_sending_again_ends_the_earlier_link(people, deputy, tegid):
    invite(deputy, tegid)
    earlier = link_to(ADDRESS)
    assert invite(deputy, tegid).status_code == 302
    assert links() == 2 and open_links(tegid) == 1
    assert Client().get(earlier).status_code == 410
    assert Client().get(link_to(ADDRESS)).status_code == 302


def test_a_second_leader_reads_that_one_was_quicker(people, head, deputy, tegid):
    page = {"seen": ""}  # both have opened the page before there was an invitation
    head.post(page_of(tegid, "account/invite/"), {"address": ADDRESS, **page})
    for address in ("another@family.example", ADDRESS):
        answer = deputy.post(page_of(tegid, "account/invite/"), {"address": address, **page})
        assert answer.status_code == 422 and refusals(answer) == [str(InvitedMeanwhile.sentence)]
    assert links() == 1 and not links("another@family.example")
    assert invite(deputy, tegid, "another@family.example").status_code == 302


def test_an_invitation_withdrawn_meanwhile_is_not_sent_again(people, head, deputy, tegid):
    invite(deputy, tegid)
    seen = deputy.get(page_of(tegid, "account/")).context["row"].invitation.pk
    head.post(page_of(tegid, "account/withdraw/"))
    answer = deputy.post(page_of(tegid, "account/invite/"), {"address": ADDRESS, "seen": seen})
    assert answer.status_code == 422 and links() == 1


def test_a_withdrawn_link_opens_nothing_and_twice_is_once(people, deputy, tegid):
    invite(deputy, tegid)
    for _turn in range(2):
        assert deputy.post(page_of(tegid, "account/withdraw/")).url == page_of(tegid, "account/")
    assert Client().get(link_to(ADDRESS)).status_code == 410 and open_links(tegid) == 0


def test_no_class_account_is_invited(people, deputy, tegid):
    answer = invite(deputy, tegid, people.celyn.account.email)
    assert answer.status_code == 422 and refusals(answer) == [str(NotAPersons.sentence)]
    assert not links(people.celyn.account.email)


@pytest.mark.parametrize("address", ["", "nonsense", "a\x00@b.example", f"{'x' * 250}@b.example"])
@pytest.mark.parametrize("seen", ["", "9" * 40, "x"])
def test_an_address_that_is_none_is_refused(people, deputy, tegid, address, seen):
    assert invite(deputy, tegid, address, seen=seen).status_code == 422


def test_an_invitation_accepted_meanwhile_is_said(people, deputy, tegid, person):
    invite(deputy, tegid)
    browser = signed_in(person)
    browser.get(link_to(ADDRESS))
    browser.post(PAGE, {"roles": ["is_office"]})
    answer = deputy.post(page_of(tegid, "account/invite/"), {"address": ADDRESS, "seen": ""}, follow=True)
    assert answer.redirect_chain[0][0] == page_of(tegid, "account/") and links() == 1
    assert deputy.post(page_of(tegid, "account/withdraw/")).status_code == 302
    tegid.refresh_from_db()
    assert tegid.user == person


def test_an_account_is_taken_away_with_a_reason_once(people, head):
    path = page_of(people.office, "account/end/")
    assert head.post(path, {"reason": " "}).status_code == 422
    for _turn in range(2):
        assert head.post(path, {"reason": "Wrong person."}).status_code == 302
    people.office.refresh_from_db()
    assert people.office.user is None


def test_a_lost_second_factor_is_reset_the_heads_too(people, deputy):
    for row in (people.office, people.head):
        give_authenticator(row.user)
        path = page_of(row, "second-step/")
        assert f'href="{path}"' in words(deputy.get(page_of(row)))
        assert send(deputy, path, reason=" ").status_code == 422
        assert send(deputy, path, reason="She rang; I know her voice.").status_code == 302
        assert not Authenticator.objects.filter(user=row.user).exists()
    assert send(deputy, path, reason="Once more.").status_code == 422  # there is none any more
    own = send(deputy, page_of(people.deputy, "second-step/"), reason="Mine.")
    assert own.status_code == 422 and refusals(own) == [str(OwnMfa.sentence)]
    none = send(deputy, page_of(people.howells, "second-step/"), reason="No account.")
    assert none.status_code == 422


def test_the_services_refuse_everybody_but_leaders(people, tegid):
    StaffMember.objects.filter(pk=tegid.pk).update(is_office=False)
    for by in (people.actor(people.office), people.actor(people.nia)):
        with pytest.raises(NotLeader):
            invite_once(tegid, ADDRESS, seen=None, by=by, at=at(NOW))
        with pytest.raises(NotLeader):
            withdraw_staff_invitation(tegid, by=by, at=at(NOW))
    with pytest.raises(HeadsRecord):
        invite_once(people.head, ADDRESS, seen=None, by=people.actor(people.deputy), at=at(NOW))


def test_the_form_shows_the_address_that_was_invited(people, deputy, tegid):
    invited(people, tegid)
    assert fields_of(deputy.get(page_of(tegid, "account/")))["address"] == ADDRESS


@pytest.mark.parametrize("act", ["account/invite/", "account/end/", "pin/end/"])
def test_the_other_language_after_an_error_is_no_dead_end(act, deputy, tegid):
    first, _rest = act.split("/", 1)
    answer = deputy.get(page_of(tegid, act), follow=True)
    assert answer.status_code == 200 and answer.redirect_chain == [(page_of(tegid, f"{first}/"), 302)]
