"""A leader gives a PIN, shown once, and ends it (TE-2)."""

from uuid import uuid4

import pytest

from accounts.codes.pin_rules import is_guessable, is_pin
from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.pins import (
    PinChanged,
    WrongPin,
    change_pin,
    check_pin,
    end_pin,
    give_pin,
    pin_mark,
    set_pin,
)
from accounts.staff.rules import HeadsRecord, NotLeader, StaffDeparted
from tests.accounts.staff.invitations import NOW
from tests.accounts.staff.pages.sending import fields_of, page_of, send, words
from tests.clock import at
from tests.people import PIN, make_staff, name_governor

OWN = "739158"


def given(browser, row: StaffMember) -> str:
    return send(browser, page_of(row, "pin/")).context["pin"]


@pytest.mark.policy("TE-2")
def test_a_given_pin_is_shown_once_and_opens_the_class(people, deputy):
    pin = given(deputy, people.howells)
    assert is_pin(pin) and not is_guessable(pin)
    for path in (page_of(people.howells), page_of(people.howells, "pin/"), "/staff/"):
        assert pin not in words(deputy.get(path))
    assert pin not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    by = people.actor(people.derwen, people.howells)
    with pytest.raises(WrongPin):
        check_pin(people.howells, PIN, by=by, at=at(NOW))
    assert check_pin(people.howells, pin, by=by, at=at(NOW)).pin_from_leader is False
    people.howells.refresh_from_db()
    assert people.howells.pin_from_leader


def test_pressing_twice_shows_the_same_pin(people, deputy):
    path = page_of(people.howells, "pin/")
    answers = fields_of(deputy.get(path))
    first, second = deputy.post(path, answers), deputy.post(path, answers)
    assert first.context["pin"] == second.context["pin"]
    assert AuditEntry.objects.filter(verb="pin.set").count() == 1


def test_an_old_page_does_not_replace_a_pin_of_their_own(people, deputy):
    path = page_of(people.howells, "pin/")
    answers = fields_of(deputy.get(path))
    pin = deputy.post(path, answers).context["pin"]
    by = people.actor(people.derwen, people.howells)
    change_pin(old=pin, new=OWN, by=by, at=at(NOW))
    answer = deputy.post(path, answers)
    assert answer.status_code == 422 and str(PinChanged.sentence) in words(answer)
    assert check_pin(people.howells, OWN, by=by, at=at(NOW))
    assert "pin" in deputy.post(path, fields_of(answer)).context  # what the page shows now is up to date


def test_a_second_leader_reads_that_a_pin_was_given(people, head, deputy):
    path = page_of(people.howells, "pin/")
    early = fields_of(head.get(path))
    pin = given(deputy, people.howells)
    assert head.post(path, early).status_code == 422
    assert check_pin(people.howells, pin, by=people.actor(people.derwen), at=at(NOW))


@pytest.mark.parametrize("wrong", [{"key": "x"}, {"seen": ""}, {"seen": "\x00"}, {"seen": "x" * 99}])
def test_a_request_that_no_page_sends_gives_nothing(people, deputy, wrong):
    before = StaffMember.objects.get(pk=people.howells.pk).pin
    assert "pin" not in send(deputy, page_of(people.howells, "pin/"), **wrong).context
    assert StaffMember.objects.get(pk=people.howells.pk).pin == before


@pytest.mark.policy("TE-2")
def test_an_ended_pin_ends_the_persons_session_at_a_class(people, deputy):
    room = people.client(people.derwen, people.howells)
    assert room.get("/class/board/").status_code == 200
    for _turn in range(2):
        assert deputy.post(page_of(people.howells, "pin/end/")).url == page_of(people.howells)
    assert room.get("/class/board/").headers["Location"].startswith("/class/who/")
    with pytest.raises(WrongPin):
        check_pin(people.howells, PIN, by=people.actor(people.derwen), at=at(NOW))
    assert AuditEntry.objects.filter(verb="pin.ended").count() == 1


def test_the_services_refuse_everybody_but_leaders(people):
    row = StaffMember.objects.get(pk=people.howells.pk)
    facts = {"key": uuid4(), "seen": pin_mark(row), "at": at(NOW)}
    for by in (people.actor(people.office), people.actor(people.nia), people.actor(people.celyn)):
        with pytest.raises(NotLeader):
            give_pin(row, by=by, **facts)
        with pytest.raises(NotLeader):
            end_pin(row, by=by)
        with pytest.raises(NotLeader):
            set_pin(row, OWN, by=by)
    with pytest.raises(HeadsRecord):
        set_pin(people.head, OWN, by=people.actor(people.deputy))
    assert StaffMember.objects.get(pk=row.pk).pin == row.pin


def test_the_governor_and_departed_staff_get_no_pin(people, deputy):
    prys = name_governor(make_staff("Mr", "Ifan", "Prys", personal=True))
    by = people.actor(people.deputy)
    with pytest.raises(TakesTwo):
        give_pin(prys, key=uuid4(), seen=pin_mark(prys), by=by, at=at(NOW))
    with pytest.raises(TakesTwo):
        end_pin(prys, by=by)
    StaffMember.objects.filter(pk=people.howells.pk).update(left_on="2026-09-01")
    answer = send(deputy, page_of(people.howells, "pin/"))
    assert answer.status_code == 422 and str(StaffDeparted.sentence) in words(answer)
