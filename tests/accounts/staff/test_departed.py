"""Ending work: not the head's, the last leader's or one's own (F36)."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from accounts.staff.services import (
    HeadStays,
    LastLeader,
    OwnEnd,
    change_staff,
    depart_due,
    hand_over_head,
)
from accounts.tasks import end_staff
from classes.joining.invitations import invite_guardianships
from tests.accounts.sign_in.test_sign_in_by_code import CONFIRM, ask, is_in, mailed_code
from tests.accounts.staff.pages import leaving
from tests.accounts.staff.pages.sending import page_of, send
from tests.clock import Clock, at
from tests.people import (
    PASSWORD,
    give_account,
    guardianship,
    make_contact,
    make_people,
    make_pupil,
    make_staff,
)
from tests.sentences.accounts import CHECK_THE_YEAR, DEPARTED_STAFF_REFUSED, ONLY_LEADER_CANNOT_LEAVE

NOW = "2026-11-10 10:00"
TODAY, LATER = "2026-11-10", "2026-11-13"
LOGIN = "/account/login/"


def end(row: StaffMember, day: str, by, now: str = NOW) -> None:
    row.left_on = date.fromisoformat(day)
    change_staff(row, ["left_on"], by=by, at=at(now))


def sign_in(user) -> Client:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    browser = Client()
    browser.answer = browser.post(LOGIN, {"login": user.email, "password": PASSWORD}, follow=True)
    return browser


# -- who cannot be ended
def test_nobody_ends_themselves(people):
    with pytest.raises(OwnEnd):
        end(people.deputy, TODAY, people.actor(people.deputy))
    for row in (people.deputy, people.head):
        assert leaving.asked(people.client(row), row, TODAY).status_code == 422
    assert not StaffMember.objects.filter(left_on__isnull=False).exists()


def test_the_head_is_not_ended_before_there_is_a_successor(people):
    for day in (TODAY, LATER):
        with pytest.raises(HeadStays):
            end(people.head, day, people.actor(people.deputy))
    assert people.client(people.head).get("/office/").status_code == 200


@pytest.mark.parametrize("field", ["left_on", "leaves_on"])
def test_the_database_ends_no_head(people, field):
    with pytest.raises(IntegrityError, match="staff_head_has_not_left"), transaction.atomic():
        StaffMember.objects.filter(pk=people.head.pk).update(**{field: TODAY})


def test_the_database_has_one_head(people):
    with pytest.raises(IntegrityError, match="staff_head_once"), transaction.atomic():
        StaffMember.objects.filter(pk=people.deputy.pk).update(is_head=True)


@pytest.fixture
def only_leader(people) -> StaffMember:
    """The deputy, with no head and no other leader."""
    StaffMember.objects.filter(pk=people.head.pk).update(is_head=False, is_slt=False)
    return people.deputy


@pytest.mark.parametrize(
    "change", [("leaving/", {"day": TODAY}), ("leaving/", {"day": LATER}), ("roles/", {"is_slt": None})]
)
def test_the_form_says_that_the_last_leader_stays(people, only_leader, change):
    """The leader who asks has lost the role meanwhile: the rule does not depend on the reader."""
    browser = people.client(people.head)
    StaffMember.objects.filter(pk=people.head.pk).update(is_slt=True)
    other = make_staff("Ms", "Lowri", "Hughes", personal=True, is_slt=True)
    StaffMember.objects.filter(pk__in=[people.head.pk]).update(leaves_on="2027-01-01")
    StaffMember.objects.filter(pk=other.pk).update(leaves_on="2027-01-01")
    inner, said = change
    answer = send(browser, page_of(only_leader, inner), **said)
    assert answer.status_code == 422 and ONLY_LEADER_CANNOT_LEAVE in answer.content.decode()
    only_leader.refresh_from_db()
    assert only_leader.leads_on


def test_service_refuses_to_end_the_last_leader(people, only_leader):
    by = people.actor(people.head)  # as the portal knew them before somebody took the role away
    with pytest.raises(LastLeader):
        end(only_leader, TODAY, by)
    only_leader.refresh_from_db()
    only_leader.is_slt = False
    with pytest.raises(LastLeader):
        change_staff(only_leader, ["is_slt"], by=by, at=at(NOW))


@pytest.mark.parametrize(
    "change", [{"left_on": TODAY}, {"leaves_on": LATER}, {"is_slt": False}, {"user": None}]
)
def test_database_refuses_to_end_the_last_leader(people, only_leader, change):
    def act() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            StaffMember.objects.filter(pk=only_leader.pk).update(**change)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction

    with pytest.raises(IntegrityError, match="staff_one_leader_stays"):
        act()


@pytest.mark.django_db(transaction=True)
def test_two_leaders_who_end_each_other_at_once_leave_one():
    Clock().set(NOW)
    people = make_people()
    hand_over_head(people.deputy, by=people.actor(people.head), at=at(NOW), seen=people.deputy.user_id)
    StaffMember.objects.filter(pk=people.deputy.pk).update(is_head=False)
    start, refused = Barrier(2), []

    def run(pk: int, by) -> None:
        start.wait()
        try:
            end(StaffMember.objects.get(pk=pk), TODAY, by)
        except LastLeader:
            refused.append(pk)
        finally:
            connection.close()

    head, deputy = people.head, people.deputy
    each_other = [(head.pk, people.actor(deputy)), (deputy.pk, people.actor(head))]
    threads = [Thread(target=run, args=pair) for pair in each_other]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert StaffMember.objects.lasting_leaders().count() == 1


# -- the head
def test_a_head_who_is_no_senior_leader_is_a_sentence(people):
    people.head.is_slt = False
    with pytest.raises(Exception, match="senior leader too"):
        people.head.validate_constraints()


# -- the day
def test_F36_a_day_to_come_ends_nothing_before_it(people, clock):
    browser = people.client(people.office)
    assert leaving.end(people.client(people.deputy), people.office, LATER).status_code == 302
    people.office.refresh_from_db()
    assert (people.office.left_on, people.office.leaves_on) == (None, date(2026, 11, 13))
    assert "13 November 2026" in people.client(people.deputy).get(page_of(people.office)).content.decode()
    clock.set("2026-11-12 23:59")
    assert end_staff() == 0
    assert people.client(people.office).get("/office/").status_code == 200
    assert browser.get("/office/").status_code in (200, 302)


def test_F36_access_ends_on_that_day_without_a_worker(people, clock):
    at_class = people.client(people.celyn, people.pritchard)
    end(people.office, LATER, people.actor(people.head))
    end(people.pritchard, LATER, people.actor(people.head))
    clock.set("2026-11-13 00:00")
    browser = people.client(people.office)
    assert browser.get("/office/").headers["Location"] == LOGIN
    assert DEPARTED_STAFF_REFUSED in browser.get(LOGIN).content.decode()
    assert at_class.get("/class/board/").headers["Location"].startswith("/class/who/")


def test_F36_the_worker_ends_it_with_all_that_follows(people, clock):
    end(people.office, LATER, people.actor(people.head))
    assert not Notification.objects.filter(kind="staff_departed").exists()
    now = clock.set("2026-11-13 08:00")
    assert (depart_due(at=now), depart_due(at=now)) == (1, 0)
    people.office.refresh_from_db()
    assert (people.office.left_on, people.office.leaves_on) == (date(2026, 11, 13), None)
    assert AuditEntry.objects.filter(verb="staff.left").count() == 1
    assert Notification.objects.filter(kind="staff_departed", recipient=people.head.user).count() == 1


def test_one_failing_departure_delays_no_other(people, clock):
    first = make_staff(
        "Dr", "Olwen", "Aaron", personal=True, is_governor=True
    )  # who leaves only by two leaders
    StaffMember.objects.filter(pk__in=[first.pk, people.office.pk]).update(leaves_on=LATER)
    assert depart_due(at=clock.set("2026-11-13 08:00")) == 1
    people.office.refresh_from_db()
    assert people.office.left_on == date(2026, 11, 13)


def test_a_date_that_is_taken_away_lets_them_stay(people):
    by = people.actor(people.head)
    end(people.office, LATER, by)
    people.office.refresh_from_db()
    people.office.left_on = None
    change_staff(people.office, ["left_on"], by=by, at=at(NOW))
    people.office.refresh_from_db()
    assert people.office.leaves_on is None


@pytest.mark.parametrize("year", ["1900", "2206"])
def test_a_slip_in_the_year_is_a_sentence_and_ends_nothing(people, year):
    answer = leaving.asked(people.client(people.deputy), people.office, f"{year}-11-10")
    assert answer.status_code == 422 and CHECK_THE_YEAR in answer.content.decode()
    people.office.refresh_from_db()
    assert people.office.left_on is None


# -- signing in
@pytest.mark.parametrize("day", [TODAY, "2026-10-01"])
def test_F36_departed_staff_do_not_sign_in_and_read_why(people, day):
    assert is_in(sign_in(people.office.user))
    end(people.office, day, people.actor(people.head))
    browser = sign_in(people.office.user)
    assert not is_in(browser)
    assert DEPARTED_STAFF_REFUSED in browser.answer.content.decode()


def test_F36_a_code_by_mail_does_not_let_departed_staff_in(people):
    end(people.office, TODAY, people.actor(people.head))
    browser = ask(people.office.user.email)
    browser.post(CONFIRM, {"code": mailed_code(people.office.user.email)})
    assert not is_in(browser)


def test_F36_departed_staff_return_with_a_childs_code(people):
    end(people.office, TODAY, people.actor(people.head))
    ada = make_pupil("Ada", "Lewis", people.celyn)
    (issued,) = invite_guardianships(
        guardianships=[guardianship(make_contact("Joan", "Lewis"), ada, None)],
        by=people.actor(people.head),
        at=at(NOW),
        by_hand=True,
        contacts=1,
    )
    browser = Client()
    browser.post("/join/", {"code": issued.code, "date_of_birth": "04/05/2018"})
    user = people.office.user
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    browser.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert is_in(browser) and browser.get("/news/").status_code in (200, 302)
    assert is_in(browser)


def test_F36_a_departed_parent_still_comes_in_as_a_parent(people):
    give_account(make_staff("", "Nia", "Bowen", left_on="2026-11-01", is_office=True), people.nia)
    browser = sign_in(people.nia)
    assert is_in(browser)
    assert people.client(people.nia).get("/messages/").status_code == 200
    assert people.client(people.nia).get("/office/").status_code == 404


def test_F36_a_departed_parent_goes_with_their_last_child(people):
    give_account(make_staff("", "Nia", "Bowen", left_on="2026-11-01"), people.nia)
    browser = people.client(people.nia)
    assert browser.get("/news/").status_code == 200
    people.mali.left_on = date(2026, 11, 9)
    people.mali.save(update_fields=["left_on"])
    assert browser.get("/news/").headers["Location"] == LOGIN
    assert not is_in(browser)
