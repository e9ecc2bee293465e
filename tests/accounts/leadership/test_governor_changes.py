"""Two leaders change the governor's role and sign-in (PA-7)."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.access import remove_access
from accounts.leadership.governor import (
    ChangedMeanwhile,
    DecidedMeanwhile,
    NotOffered,
    NotOneOfTwo,
    ProposedAlready,
    SameLeader,
    confirm_change,
    propose_change,
    withdraw_change,
)
from accounts.models.audit import AuditEntry
from accounts.models.governor import GovernorChange
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember, User
from accounts.profile.email_change import set_address
from accounts.sessions.devices import end_all_sessions
from accounts.sign_in.openid_services import end_provider
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.mfa_reset import reset_mfa
from accounts.staff.pins import pin_mark, set_pin
from accounts.staff.services import change_staff
from tests.accounts.sign_in.mfa import authenticators
from tests.accounts.staff.pages import leaving
from tests.accounts.staff.pages.sending import NEW, page_of, refusals, send
from tests.clock import at
from tests.people import give_authenticator, key, make_staff
from tests.sentences.accounts import (
    EMAIL_ADDRESS_CHANGED,
    GOVERNOR_CHANGE_DECIDED,
    SIGN_IN_CHANGE_PROPOSED,
    VIEWER_CANNOT_APPOINT_GOVERNOR,
)
from tests.sentences.reading import says

NOW = at("2026-11-10 10:00")
WHY = {"reason": "The chair of governors told me in person.", "at": NOW}


@pytest.fixture
def prys(people):
    return make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True, job="Governor")


@pytest.fixture
def hale(people):
    return make_staff("Ms", "Ruth", "Hale", personal=True, is_slt=True, job="Assistant head")


@pytest.fixture
def newcomer(people):
    return make_staff("Mr", "Idris", "Bevan", personal=True, job="Governor")


def governor_page(row) -> str:
    return page_of(row, "governor/")


def decide(browser, row, change, **said):
    return browser.post(page_of(row, "governor/decide/"), {"change": change.pk, **said})


# -- two leaders do it
@pytest.mark.policy("PA-7")
def test_two_leaders_name_the_governor_who_is_notified(people, hale, newcomer):
    first, second = people.client(people.deputy), people.client(hale)
    sent = first.post(governor_page(newcomer), {"kind": "name", "reason": "He was elected."})
    assert sent.status_code == 302
    newcomer.refresh_from_db()
    assert not newcomer.is_governor
    change = GovernorChange.objects.get()
    assert "He was elected." in second.get(governor_page(newcomer)).content.decode()
    for _turn in range(2):
        assert decide(second, newcomer, change, confirm="1").status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.is_governor
    assert AuditEntry.objects.get(verb="roles.changed").detail == {"given": ["is_governor"], "taken": []}
    assert Delivery.objects.filter(user=newcomer.user, subject__contains="proposed").exists()
    notice = Notification.objects.get(kind="staff_roles", recipient=newcomer.user)
    assert "governor" in notice.body


def test_two_leaders_change_the_address_old_one_is_notified(people, hale, prys):
    old = prys.user.email
    change = propose_change(prys, "address", address="new@prys.example", by=people.actor(hale), **WHY)
    confirm_change(change, by=people.actor(people.deputy), at=NOW)
    assert User.objects.get(pk=prys.user_id).email == "new@prys.example"
    notices = Delivery.objects.filter(address=old)
    assert {SIGN_IN_CHANGE_PROPOSED, EMAIL_ADDRESS_CHANGED} <= set(notices.values_list("subject", flat=True))


def test_two_leaders_reset_mfa_and_end_a_provider(people, hale, prys):
    give_authenticator(prys.user)
    SocialAccount.objects.create(user=prys.user, provider="microsoft", uid="1")
    for kind in ("mfa", "provider"):
        change = propose_change(prys, kind, by=people.actor(people.deputy), **WHY)
        confirm_change(change, by=people.actor(hale), at=NOW)
    assert authenticators(prys.user) == [] and not SocialAccount.objects.exists()


def test_who_proposed_does_not_confirm(people, hale, prys):
    change = propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    with pytest.raises(SameLeader):
        confirm_change(change, by=people.actor(people.deputy), at=NOW)
    prys.refresh_from_db()
    assert prys.is_governor


@pytest.mark.policy("PA-7")
def test_the_head_is_neither_of_the_two(people, hale, prys):
    with pytest.raises(NotOneOfTwo):
        propose_change(prys, "end", by=people.actor(people.head), **WHY)
    change = propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    with pytest.raises(NotOneOfTwo):
        confirm_change(change, by=people.actor(people.head), at=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_change(change, by=people.actor(people.head), at=NOW)
    head = people.client(people.head)
    assert VIEWER_CANNOT_APPOINT_GOVERNOR in head.get(governor_page(prys)).content.decode()
    assert head.post(governor_page(prys), {"kind": "end", "reason": "x"}).status_code == 422
    prys.refresh_from_db()
    assert prys.is_governor


def test_a_leader_who_would_gain_is_neither_of_the_two(people, hale):
    with pytest.raises(NotOneOfTwo):
        propose_change(people.deputy, "name", by=people.actor(people.deputy), **WHY)
    change = propose_change(people.deputy, "name", by=people.actor(hale), **WHY)
    with pytest.raises(NotOneOfTwo):
        confirm_change(change, by=people.actor(people.deputy), at=NOW)


@pytest.mark.parametrize("who", ["office", "nia", "celyn", "mali"])
def test_nobody_but_leaders_finds_the_page(people, prys, who):
    assert people.client(getattr(people, who)).get(governor_page(prys)).status_code in (302, 403, 404)
    with pytest.raises(NotOneOfTwo):
        propose_change(prys, "end", by=people.actor(getattr(people, who)), **WHY)


@pytest.mark.parametrize("taken_over", ["role", "address", "mfa"])
def test_leader_whose_sign_in_just_changed_does_not_count(people, prys, hale, taken_over):
    head = people.actor(people.head)
    if taken_over == "role":
        people.office.is_slt = True
        change_staff(people.office, ["is_slt"], by=head, at=NOW)
        puppet = people.office
    elif taken_over == "address":
        set_address(people.deputy.user, "puppet@head.example", by=head, reason="x")
        puppet = people.deputy
    else:
        give_authenticator(people.deputy.user)
        reset_mfa(people.deputy.user, by=head, reason="x")
        puppet = people.deputy
    with pytest.raises(NotOneOfTwo):
        propose_change(prys, "end", by=people.actor(puppet), **WHY)
    propose_change(prys, "end", by=people.actor(puppet), reason="x", at=at("2027-01-20 10:00"))


def test_what_was_proposed_for_another_address_is_not_confirmed(people, hale, newcomer):
    change = propose_change(newcomer, "name", by=people.actor(people.deputy), **WHY)
    set_address(newcomer.user, "puppet@head.example", by=people.actor(people.head), reason="x")
    with pytest.raises(ChangedMeanwhile):
        confirm_change(change, by=people.actor(hale), at=NOW)


def test_one_open_proposal_of_a_kind_governor_may_end_it(people, hale, prys):
    change = propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    with pytest.raises(ProposedAlready):
        propose_change(prys, "end", by=people.actor(hale), **WHY)
    withdraw_change(change, by=people.actor(prys), at=NOW)
    with pytest.raises(ChangedMeanwhile):
        confirm_change(change, by=people.actor(hale), at=NOW)
    with pytest.raises(NotOffered):
        propose_change(prys, "name", by=people.actor(hale), **WHY)


def test_somebody_whose_last_day_is_known_becomes_no_governor(people, hale, newcomer):
    change = propose_change(newcomer, "name", by=people.actor(people.deputy), **WHY)
    newcomer.left_on = date(2026, 11, 20)
    change_staff(newcomer, ["left_on"], by=people.actor(hale), at=NOW)
    with pytest.raises(NotOffered):
        confirm_change(change, by=people.actor(hale), at=NOW)
    with pytest.raises(NotOffered):
        propose_change(newcomer, "name", by=people.actor(hale), **WHY)


# -- nobody does it alone
@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("who", ["head", "deputy"])
def test_no_leader_changes_the_governor_alone_by_any_page(people, prys, who):
    give_authenticator(prys.user)
    SocialAccount.objects.create(user=prys.user, provider="microsoft", uid="1")
    browser, account = people.client(getattr(people, who)), f"/admin/accounts/user/{prys.user_id}/change/"
    puppet = make_staff("Mx", "Pat", "Puppet", personal=True)
    browser.post(account, {"new_address": "puppet@head.example", "reason": "x", "sign_out": "on"})
    send(browser, page_of(prys, "roles/"), is_governor="", user=puppet.user_id)
    send(browser, page_of(prys, "change/"), job="Governor", is_governor="", user=puppet.user_id)
    assert leaving.asked(browser, prys, "2026-11-01").status_code == 422
    for inner in ("pin/", "pin/end/", "account/end/", "second-step/", "address/", "sign-out/"):
        asked = {"reason": "lost", "key": key(), "seen": pin_mark(prys), "address": "puppet@head.example"}
        browser.post(page_of(prys, inner), asked)
    browser.post(
        page_of(prys, "address/"), {"reason": "x", "seen": prys.user.email, "address": "p@h.example"}
    )
    browser.post(page_of(prys, "connections/"), {"provider": "microsoft"})
    role = {"is_governor": "on", "confirmed": ["is_governor"]}
    send(browser, page_of(puppet, "roles/"), **role)
    send(browser, "/staff/add/", **NEW, **role)
    now = StaffMember.objects.get(pk=prys.pk)
    assert (now.is_governor, now.user_id, now.left_on, now.pin) == (True, prys.user_id, None, "")
    assert User.objects.get(pk=prys.user_id).email == "olwen.prys@school.example"
    assert authenticators(prys.user) == ["totp"] and SocialAccount.objects.exists()
    assert StaffMember.objects.filter(is_governor=True).count() == 1
    assert not AuditEntry.objects.filter(verb="session.all_ended").exists()


def test_a_repeated_proposal_is_one_and_another_of_its_kind_is_refused(people, hale, prys):
    deputy, said = people.client(people.deputy), {"kind": "end", "reason": "Her term is over."}
    for _turn in range(2):
        assert deputy.post(governor_page(prys), said).status_code == 302
    assert GovernorChange.objects.filter(state="open").count() == 1
    assert AuditEntry.objects.filter(verb="governor.proposed").count() == 1
    refused = people.client(hale).post(governor_page(prys), said | {"reason": "Another reason."})
    assert refused.status_code == 422 and refusals(refused) == [str(ProposedAlready.sentence)]


def test_the_page_withdraws_and_says_what_was_decided_meanwhile(people, hale, prys):
    change = propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    stale = people.client(hale)
    for _turn in range(2):
        assert decide(people.client(people.deputy), prys, change).status_code == 302
    change.refresh_from_db()
    assert change.state == "withdrawn"
    answer = stale.post(page_of(prys, "governor/decide/"), {"change": change.pk, "confirm": "1"}, follow=True)
    assert says(answer.content.decode(), GOVERNOR_CHANGE_DECIDED)
    prys.refresh_from_db()
    assert prys.is_governor
    again = propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    confirm_change(again, by=people.actor(hale), at=NOW)
    with pytest.raises(DecidedMeanwhile):
        withdraw_change(again, by=people.actor(people.deputy), at=NOW)


@pytest.mark.parametrize("change", ["", "x", "0", "-1", "9" * 30])
def test_a_change_that_is_none_is_not_found(people, prys, change):
    browser = people.client(people.deputy)
    assert browser.post(page_of(prys, "governor/decide/"), {"change": change}).status_code == 404
    other = propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    assert decide(browser, people.office, other).status_code == 404


@pytest.mark.parametrize(
    "said", [{}, {"kind": "name"}, {"kind": "end", "reason": "a\x00b"}, {"kind": "address", "reason": "x"},
             {"kind": "end", "reason": "x" * 501}, {"kind": "address", "address": "x", "reason": "x"}]
)  # fmt: skip
def test_a_proposal_that_says_too_little_is_refused(people, prys, said):
    answer = people.client(people.deputy).post(governor_page(prys), said)
    assert answer.status_code == 422 and not GovernorChange.objects.filter(state="open").exists()


def test_who_cannot_be_governor_has_no_such_page(people):
    browser = people.client(people.deputy)
    for row in (people.head, people.pritchard):
        assert browser.get(governor_page(row)).url == page_of(row)
        assert governor_page(row) not in browser.get(page_of(row)).content.decode()


def test_the_notice_of_a_proposal_leads_to_the_page(people, hale, prys):
    propose_change(prys, "end", by=people.actor(people.deputy), **WHY)
    notice = Notification.objects.get(kind="staff_roles", recipient=hale.user)
    assert notice.path == governor_page(prys)


def test_the_services_refuse_it_too(people, prys):
    give_authenticator(prys.user)
    head, connection = people.actor(people.head), SocialAccount(user=prys.user, provider="microsoft", uid="1")
    connection.save()
    for act in (
        lambda: set_address(prys.user, "puppet@head.example", by=head, reason="x"),
        lambda: reset_mfa(prys.user, by=head, reason="x"),
        lambda: end_provider(connection, by=head),
        lambda: remove_access(prys.user, by=head, at=NOW),
        lambda: set_pin(prys, "583520", by=head),
        lambda: change_staff(prys, ["left_on"], by=head, at=NOW),
        lambda: change_staff(prys, ["is_governor"], by=head, at=NOW),
    ):
        with pytest.raises(TakesTwo):
            act()
    assert Authenticator.objects.filter(user=prys.user).exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"is_governor": False},
        {"left_on": date(2026, 11, 1)},
        {"user_id": None},
    ],
)
def test_the_database_refuses_it_too(people, prys, changed):
    with pytest.raises(IntegrityError, match="staff_governor_takes_two"), transaction.atomic():
        StaffMember.objects.filter(pk=prys.pk).update(**changed)


@pytest.mark.parametrize("changed", [{"email": "a@b.example"}, {"is_active": False}, {"removed_at": NOW}])
def test_database_protects_the_governors_account(people, prys, changed):
    with pytest.raises(IntegrityError, match="user_of_governor_takes_two"), transaction.atomic():
        User.objects.filter(pk=prys.user_id).update(**changed)
    User.objects.filter(pk=people.nia.pk).update(**changed)


def test_the_database_makes_nobody_governor_without_two(people, newcomer):
    with pytest.raises(IntegrityError, match="staff_governor_takes_two"), transaction.atomic():
        StaffMember.objects.filter(pk=newcomer.pk).update(is_governor=True)
    with pytest.raises(IntegrityError, match="staff_head_is_no_governor"), transaction.atomic():
        StaffMember.objects.create(surname="Twice", is_slt=True, is_head=True, is_governor=True)


def test_the_database_takes_no_change_by_the_head_or_by_one(people, hale, prys):
    done = {"staff": prys, "kind": "end", "reason": "x", "state": "done"}
    for first, second, rule in [
        (people.head, hale, "governor_change_is_by_leaders"),
        (people.deputy, people.head, "governor_change_is_by_leaders"),
        (people.office, hale, "governor_change_is_by_leaders"),
        (people.deputy, people.deputy, "governor_change_takes_two"),
        (people.deputy, None, "governor_change_takes_two"),
    ]:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            GovernorChange.objects.create(**done, proposed_by=first, confirmed_by=second)
    GovernorChange.objects.create(**done, proposed_by=people.deputy, confirmed_by=hale)


# -- and what stays possible
def test_the_governor_changes_their_own_address(people, prys):
    set_address(prys.user, "mine@prys.example", by=people.actor(prys))
    assert User.objects.get(pk=prys.user_id).email == "mine@prys.example"
    end_all_sessions(prys.user, by=people.actor(prys))


def test_server_command_changes_governor_and_sign_in(people, newcomer):
    call_command("change_governor", newcomer.user.email, "name", reason="Elected.")
    newcomer.refresh_from_db()
    assert newcomer.is_governor
    give_authenticator(newcomer.user)
    call_command("change_governor", newcomer.user.email, "mfa", reason="Lost.")
    assert authenticators(newcomer.user) == []
    call_command("change_governor", newcomer.user.email, "address", reason="Moved.", address="i@b.example")
    with pytest.raises(CommandError, match="cannot be changed"):
        call_command("change_governor", people.head.user.email, "name", reason="x")
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("change_governor", "i@b.example", "address", reason="x", address="nonsense")
    call_command("change_governor", "i@b.example", "end", reason="Over.")
    newcomer.refresh_from_db()
    assert not newcomer.is_governor
