"""PINs at a class account (TE-2)."""

import pytest

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from accounts.staff.pins import PinLocked, WrongPin, check_pin, set_pin
from malpas.lib.errors import RuleViolation
from tests.accounts.staff.pages.sending import fields_of, page_of, send
from tests.clock import at
from tests.people import PIN
from tests.sentences.accounts import PIN_IS_UNCHANGED, PIN_LENGTH_REFUSED

NOW = at("2026-11-10 10:00")


@pytest.fixture
def by(people):
    return people.actor(people.celyn)


@pytest.mark.policy("TE-2")
def test_the_right_pin_says_who_it_is(people, by):
    assert check_pin(people.pritchard, PIN, by=by, at=NOW) == people.pritchard


def test_pin_is_stored_hashed(people):
    people.pritchard.refresh_from_db()
    assert PIN not in people.pritchard.pin


def test_five_wrong_pins_lock_a_name_for_five_minutes(people, by):
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
    with pytest.raises(RuleViolation, match=PIN_LENGTH_REFUSED):
        set_pin(people.pritchard, pin, by=None)


def test_nobody_gets_in_with_an_empty_pin_when_none_was_set(people, by):
    StaffMember.objects.filter(pk=people.pritchard.pk).update(pin="")
    people.pritchard.refresh_from_db()
    with pytest.raises(WrongPin):
        check_pin(people.pritchard, "", by=by, at=NOW)


@pytest.mark.policy("TE-2")
def test_a_leader_gives_a_pin_and_it_is_never_shown_again(people, by):
    browser = people.client(people.head)
    pin = send(browser, page_of(people.pritchard, "pin/")).context["pin"]
    assert check_pin(people.pritchard, pin, by=by, at=NOW)
    with pytest.raises(WrongPin):
        check_pin(people.pritchard, PIN, by=by, at=NOW)
    assert AuditEntry.objects.filter(verb="pin.set", user=people.head.user).exists()
    assert pin not in str(list(AuditEntry.objects.values()))
    for inner in ("", "pin/"):
        assert pin not in browser.get(page_of(people.pritchard, inner)).content.decode()


def test_an_empty_pin_and_a_short_one_change_nothing(people, by):
    for pin in ("", "12"):
        with pytest.raises(RuleViolation, match=PIN_LENGTH_REFUSED):
            set_pin(people.pritchard, pin, by=people.actor(people.head))
    assert check_pin(people.pritchard, PIN, by=by, at=NOW)


def test_the_office_gives_no_pins(people, by):
    browser, shown = people.client(people.office), people.client(people.deputy)
    assert browser.get(page_of(people.pritchard)).status_code == 200
    answers = fields_of(shown.get(page_of(people.pritchard, "pin/")))
    assert browser.post(page_of(people.pritchard, "pin/"), answers).status_code == 403
    assert check_pin(people.pritchard, PIN, by=by, at=NOW)


# -- slowed, locked, notified
def wrong(people, by, when=NOW, times=5):
    for _try in range(times):
        with pytest.raises(RuleViolation):
            check_pin(people.pritchard, "0000", by=by, at=when)


@pytest.mark.policy("TE-2")
def test_each_lock_out_lasts_longer_up_to_an_hour(people, by):
    for when, until in [("10:00", "10:05"), ("10:06", "10:16"), ("10:17", "10:37"), ("10:38", "11:18")]:
        wrong(people, by, at(f"2026-11-10 {when}"))
        people.pritchard.refresh_from_db()
        assert people.pritchard.pin_locked_until == at(f"2026-11-10 {until}")
    wrong(people, by, at("2026-11-10 12:00"))
    wrong(people, by, at("2026-11-10 14:00"))
    people.pritchard.refresh_from_db()
    assert people.pritchard.pin_locked_until == at("2026-11-10 15:00")
    check_pin(people.pritchard, PIN, by=by, at=at("2026-11-10 15:01"))
    wrong(people, by, at("2026-11-10 15:02"))
    people.pritchard.refresh_from_db()
    assert people.pritchard.pin_locked_until == at("2026-11-10 15:07")


@pytest.mark.policy("TE-2")
def test_leaders_are_notified_once_of_each_locked_pin(people, by, clock):
    night = clock.set("2026-11-10 21:00")
    wrong(people, by, night)
    wrong(people, by, at("2026-11-10 21:02"), times=3)
    notices = Notification.objects.filter(kind="staff_pin")
    assert {row.recipient for row in notices} == {people.head.user, people.deputy.user}
    assert notices.count() == 2
    assert {row.release_at for row in notices} == {at("2026-11-11 08:30")}
    assert "Mrs Pritchard" in notices[0].body and "Celyn" in notices[0].title


@pytest.mark.parametrize(
    "pin",
    [
        "1234",
        "0000",
        "1111",
        "4321",
        "1212",
        "123123",
        "1987",
        "2016",
        "2580",
        "7890",
        "121212",
        "98765432",
        "1122",
    ],
)
def test_obvious_pins_are_refused(people, by, pin):
    with pytest.raises(RuleViolation, match="Others could guess"):
        set_pin(people.pritchard, pin, by=people.actor(people.head))


@pytest.mark.parametrize("pin", ["4071", "998877", "90210", "5835", "31415926"])
def test_other_pins_are_accepted(people, by, pin):
    set_pin(people.pritchard, pin, by=people.actor(people.head))
    assert check_pin(people.pritchard, pin, by=by, at=NOW)


@pytest.mark.policy("TE-2")
def test_a_pin_from_a_leader_is_good_for_choosing_another_only(people, by):
    set_pin(people.pritchard, "5835", by=people.actor(people.head))
    browser = people.client(people.celyn, people.pritchard)
    assert browser.get("/class/board/").headers["Location"] == "/class/pin/"
    assert browser.post("/class/board/award/", {"pupil": people.mali.pk}).headers["Location"] == "/class/pin/"
    answers = {"old": "5835", "new": "6194", "again": "6194"}
    assert browser.post("/class/pin/", answers).headers["Location"] == "/"
    assert browser.get("/class/board/").status_code == 200
    assert check_pin(people.pritchard, "6194", by=by, at=NOW)


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({"old": "0001", "new": "6194", "again": "6194"}, "not the PIN"),
        ({"old": PIN, "new": "6194", "again": "6195"}, "not the same"),
        ({"old": PIN, "new": "1234", "again": "1234"}, "Others could guess"),
        ({"old": PIN, "new": PIN, "again": PIN}, PIN_IS_UNCHANGED),
        ({"old": PIN, "new": "61", "again": "61"}, PIN_LENGTH_REFUSED),
    ],
)
def test_ones_own_pin_is_not_changed_like_that(people, by, answers, text):
    browser = people.client(people.celyn, people.pritchard)
    answer = browser.post("/class/pin/", answers)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert check_pin(people.pritchard, PIN, by=by, at=NOW)


def test_wrong_old_pins_count_as_tries(people, by):
    browser = people.client(people.celyn, people.pritchard)
    for _try in range(5):
        browser.post("/class/pin/", {"old": "0001", "new": "6194", "again": "6194"})
    with pytest.raises(PinLocked):
        check_pin(people.pritchard, PIN, by=by, at=NOW)
