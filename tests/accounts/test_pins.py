import pytest

from accounts.models import AuditEntry, StaffMember
from accounts.services import PinLocked, WrongPin, check_pin, set_pin
from malpas.lib.errors import RuleViolation
from tests.clock import at
from tests.people import PIN

NOW = at("2026-11-10 10:00")


@pytest.fixture
def by(people):
    return people.actor(people.celyn)


@pytest.mark.policy("TE-2")
def test_the_right_pin_says_who_it_is(people, by):
    assert check_pin(people.pritchard, PIN, by=by, at=NOW) == people.pritchard


def test_the_pin_is_not_kept_as_it_is(people):
    people.pritchard.refresh_from_db()
    assert PIN not in people.pritchard.pin


def test_five_wrong_pins_shut_this_person_out_for_five_minutes(people, by):
    for _try in range(4):
        with pytest.raises(WrongPin):
            check_pin(people.pritchard, "0000", by=by, at=NOW)
    with pytest.raises(PinLocked):
        check_pin(people.pritchard, "0000", by=by, at=NOW)
    with pytest.raises(PinLocked):
        check_pin(people.pritchard, PIN, by=by, at=NOW)
    assert check_pin(people.adeyemi, PIN, by=by, at=NOW)
    assert check_pin(people.pritchard, PIN, by=by, at=at("2026-11-10 10:06"))
    assert AuditEntry.objects.filter(verb="pin.locked").count() == 1


def test_a_right_pin_forgets_the_wrong_ones(people, by):
    with pytest.raises(WrongPin):
        check_pin(people.pritchard, "0000", by=by, at=NOW)
    check_pin(people.pritchard, PIN, by=by, at=NOW)
    assert StaffMember.objects.get(pk=people.pritchard.pk).pin_failures == 0


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４", "12 34", "\x00123"])
def test_what_is_no_pin_is_refused_with_a_sentence(people, pin):
    with pytest.raises(RuleViolation, match="four to eight digits"):
        set_pin(people.pritchard, pin, by=None)


def test_nobody_gets_in_with_an_empty_pin_when_none_was_set(people, by):
    StaffMember.objects.filter(pk=people.pritchard.pk).update(pin="")
    people.pritchard.refresh_from_db()
    with pytest.raises(WrongPin):
        check_pin(people.pritchard, "", by=by, at=NOW)


@pytest.fixture
def answers(people):
    """What a leader's browser sends for Mrs Pritchard's page."""
    row = people.pritchard
    return {"title": row.title, "forename": row.forename, "surname": row.surname, "job": "", "new_pin": ""}


@pytest.mark.policy("TE-2")
def test_a_leader_gives_a_pin_and_it_is_never_shown(people, by, answers):
    browser, path = people.client(people.head), f"/admin/accounts/staffmember/{people.pritchard.pk}/change/"
    assert browser.post(path, answers | {"new_pin": "998877"}).status_code == 302
    assert check_pin(people.pritchard, "998877", by=by, at=NOW)
    with pytest.raises(WrongPin):
        check_pin(people.pritchard, PIN, by=by, at=NOW)
    assert AuditEntry.objects.filter(verb="pin.set", user=people.head.user).exists()
    assert "998877" not in str(list(AuditEntry.objects.values()))
    assert "998877" not in browser.get(path).content.decode()


def test_an_empty_pin_on_the_page_changes_none_and_a_short_one_is_refused(people, by, answers):
    browser, path = people.client(people.head), f"/admin/accounts/staffmember/{people.pritchard.pk}/change/"
    assert browser.post(path, answers).status_code == 302
    assert "four to eight digits" in browser.post(path, answers | {"new_pin": "12"}).content.decode()
    assert check_pin(people.pritchard, PIN, by=by, at=NOW)


def test_the_office_gives_no_pins(people, by, answers):
    browser, path = people.client(people.office), f"/admin/accounts/staffmember/{people.pritchard.pk}/change/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, answers | {"new_pin": "998877"}).status_code == 403
    assert check_pin(people.pritchard, PIN, by=by, at=NOW)
