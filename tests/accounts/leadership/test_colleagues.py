"""A leader helps a colleague with a lost address, and signs them out everywhere (AU-2, AU-6)."""

import pytest
from django.test import Client

from accounts.leadership.colleagues import (
    AddressChanged,
    HeadsAddress,
    OwnAccount,
    replace_address,
    sign_out_everywhere,
)
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.profile.email_change import AddressTaken
from accounts.staff.accounts import NoAccount
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.mfa_reset import NoReason
from accounts.staff.rules import HeadsRecord, NotLeader
from tests.accounts.staff.pages.sending import page_of, refusals, send, words
from tests.people import make_staff, name_governor
from tests.sentences.accounts import EMAIL_ADDRESS_CHANGED

NEW, WHY = "joan.lewis@family.example", "I rang her at home and know her voice."


def address_of(row: StaffMember) -> str:
    return User.objects.get(staff_member=row).email


def change(browser: Client, row: StaffMember, **said):
    return send(browser, page_of(row, "address/"), **{"address": NEW, "reason": WHY, **said})


@pytest.mark.policy("AU-2")
def test_a_leader_replaces_a_lost_address_with_a_reason(people, deputy):
    own, old = people.client(people.office), people.office.user.email
    assert f'href="{page_of(people.office, "address/")}"' in words(deputy.get(page_of(people.office)))
    assert change(deputy, people.office, reason=" ").status_code == 422 and address_of(people.office) == old
    assert change(deputy, people.office, address=NEW.upper()).url == page_of(people.office)
    assert address_of(people.office) == NEW
    notified = Delivery.objects.filter(subject=EMAIL_ADDRESS_CHANGED).values_list("address", flat=True)
    assert set(notified) == {old, NEW}
    assert own.get("/office/").url.startswith("/account/login/")
    entry = AuditEntry.objects.get(verb="address.changed")
    assert (entry.staff, entry.detail) == (people.deputy, {"reason": WHY})


def test_pressing_twice_changes_the_address_once(people, deputy):
    answers = {"address": NEW, "reason": WHY, "seen": people.office.user.email}
    for _turn in range(2):
        assert deputy.post(page_of(people.office, "address/"), answers).url == page_of(people.office)
    assert AuditEntry.objects.filter(verb="address.changed").count() == 1


def test_an_address_that_another_leader_changed_meanwhile_stays(people, head, deputy):
    stale = {"address": "third@family.example", "reason": WHY, "seen": people.office.user.email}
    change(head, people.office)
    answer = deputy.post(page_of(people.office, "address/"), stale)
    assert answer.status_code == 422 and refusals(answer) == [str(AddressChanged.sentence)]
    assert 'value="third@family.example"' in words(answer) and address_of(people.office) == NEW


@pytest.mark.parametrize("address", ["", "x", "a\x00b@c.example", f"{'x' * 250}@b.example"])
def test_an_address_that_is_none_is_refused_and_nothing_is_lost(people, deputy, address):
    answer = change(deputy, people.office, address=address)
    assert answer.status_code == 422 and "address" in answer.context["form"].errors and WHY in words(answer)


def test_an_address_of_somebody_else_is_refused(people, deputy):
    answer = change(deputy, people.office, address=people.nia.email)
    assert answer.status_code == 422 and refusals(answer) == [str(AddressTaken.sentence)]


@pytest.mark.policy("AU-6")
def test_a_leader_signs_a_colleague_out_everywhere(people, deputy):
    own, path = people.client(people.office), page_of(people.office, "sign-out/")
    assert own.get("/office/").status_code == 200
    assert send(deputy, path, reason=" ").status_code == 422 and own.get("/office/").status_code == 200
    assert send(deputy, path, reason="Her telephone was stolen.").url == page_of(people.office)
    assert own.get("/office/").url.startswith("/account/login/")
    entry = AuditEntry.objects.get(verb="session.all_ended")
    assert (entry.staff, entry.detail) == (people.deputy, {"reason": "Her telephone was stolen."})


@pytest.mark.parametrize("inner", ["address/", "sign-out/"])
def test_nobody_but_a_leader_helps(people, deputy, inner):
    path, said = (
        page_of(people.office, inner),
        {"address": NEW, "reason": WHY, "seen": people.office.user.email},
    )
    for who, status in ((people.office, 403), (people.nia, 404), (people.celyn, 404), (people.mali, 404)):
        assert people.client(who).post(path, said).status_code == status
    assert deputy.post(page_of(people.head, inner), said).status_code == 403
    for row in (
        people.deputy,
        people.pritchard,
        name_governor(make_staff("Dr", "Olwen", "Prys", personal=True)),
    ):
        assert deputy.post(page_of(row, inner), said).url == page_of(row)
        assert page_of(row, inner) not in words(deputy.get(page_of(row)))
    assert not AuditEntry.objects.filter(verb__in=["address.changed", "session.all_ended"]).exists()


def test_the_services_say_who_may_not(people):
    prys = name_governor(make_staff("Dr", "Olwen", "Prys", personal=True))
    deputy, head = people.actor(people.deputy), people.actor(people.head)
    refusals_of = [
        (people.office, people.actor(people.office), WHY, NotLeader, NotLeader),
        (people.deputy, deputy, WHY, OwnAccount, OwnAccount),
        (people.pritchard, deputy, WHY, NoAccount, NoAccount),
        (prys, head, WHY, TakesTwo, TakesTwo),
        (people.head, deputy, WHY, HeadsAddress, HeadsRecord),
        (people.office, deputy, " ", NoReason, NoReason),
    ]
    for row, by, reason, of_address, of_sign_out in refusals_of:
        with pytest.raises(of_address):
            replace_address(row, NEW, seen=row.user.email if row.user else "", reason=reason, by=by)
        with pytest.raises(of_sign_out):
            sign_out_everywhere(row, reason=reason, by=by)
    assert not AuditEntry.objects.filter(verb__in=["address.changed", "session.all_ended"]).exists()


def test_the_records_of_accounts_leave_staff_to_their_page(people, deputy):
    """The table of accounts changes a parent's address and no colleague's."""
    table = "/admin/accounts/user/{}/change/"
    assert 'name="new_address"' in words(deputy.get(table.format(people.nia.pk)))
    page = words(deputy.get(table.format(people.office.user_id)))
    assert f'href="{page_of(people.office)}"' in page and 'name="new_address"' not in page
    assert "sign_out" not in page  # nor the label of what is not offered
    said = {"new_address": NEW, "sign_out": "on", "reason": WHY}
    assert deputy.post(table.format(people.office.user_id), said).status_code == 403
    assert address_of(people.office) != NEW
