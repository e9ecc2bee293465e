"""A leader ends somebody's work once the page has said what ends, and brings them back (F36)."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from accounts.staff.leaving import DayChanged, EndUnconfirmed, ReturnUnconfirmed, bring_back, end_work
from accounts.staff.rules import NotLeader
from accounts.staff.services import HeadStays, LastLeader, OwnEnd
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from tests.accounts.staff.invitations import ADDRESS, NOW, invited, link_to
from tests.accounts.staff.pages.leaving import asked, end, numbers
from tests.accounts.staff.pages.sending import page_of, refusals, words
from tests.accounts.staff.test_staff import NIGHT
from tests.people import PASSWORD, give_account, make_staff, make_user, name_governor

TODAY, LATER = "2026-11-10", "2026-11-13"


@pytest.fixture
def now(clock):
    return clock.set(NOW)


def test_the_page_says_in_numbers_what_ends_and_ends_it(people, clock):
    evening, by = clock.set(NIGHT), people.actor(people.celyn, people.pritchard)
    send_message(pupil=people.mali, parent=people.nia, by=by, at=evening, body="Late.", key=uuid4())
    deputy = people.client(people.deputy)
    page = asked(deputy, people.pritchard, TODAY)
    assert page.status_code == 200 and page.context["ends"] == (0, 2, 1, 0)
    people.pritchard.refresh_from_db()
    assert (
        people.pritchard.left_on is None and not Message.objects.filter(withdrawn_at__isnull=False).exists()
    )
    assert deputy.post(page_of(people.pritchard, "leaving/"), numbers(page)).url == page_of(people.pritchard)
    people.pritchard.refresh_from_db()
    assert people.pritchard.left_on == date(2026, 11, 10)
    assert Message.objects.get().withdrawn_at is not None
    assert Notification.objects.filter(kind="staff_departed", recipient=people.head.user).exists()


def test_devices_and_an_open_invitation_are_counted(people, now, tegid):
    deputy = people.client(people.deputy)
    invited(people, tegid)
    assert asked(deputy, tegid, TODAY).context["ends"] == (0, 0, 0, 1)
    helper = give_account(make_staff("Ms", "Ann", "Abel"), make_user("Ann Abel", "ann@school.example"))
    assert asked(deputy, helper, TODAY).context["ends"] == (0, 0, 0, 0)
    helper.user.set_password(PASSWORD)
    helper.user.save(update_fields=["password"])
    for _device in range(2):
        Client().post("/account/login/", {"login": helper.user.email, "password": PASSWORD}, follow=True)
    assert asked(deputy, helper, TODAY).context["ends"] == (2, 0, 0, 0)


def test_numbers_that_changed_meanwhile_are_shown_again(people, now):
    deputy = people.client(people.deputy)
    page = asked(deputy, people.howells, TODAY)
    people.celyn.staff.add(people.howells)
    again = deputy.post(page_of(people.howells, "leaving/"), numbers(page))
    assert again.status_code == 409 and again.context["ends"].classes == 2
    people.howells.refresh_from_db()
    assert people.howells.left_on is None
    assert deputy.post(page_of(people.howells, "leaving/"), numbers(again)).status_code == 302


def test_a_later_day_ends_nothing_before_it_comes(people, now):
    deputy = people.client(people.deputy)
    assert end(deputy, people.howells, LATER).status_code == 302
    people.howells.refresh_from_db()
    assert (people.howells.left_on, people.howells.leaves_on) == (None, date(2026, 11, 13))
    assert AuditEntry.objects.filter(verb="staff.end_planned").exists()
    assert people.client(people.derwen, people.howells).get("/class/board/").status_code == 200


def test_pressing_twice_ends_once(people, now):
    deputy = people.client(people.deputy)
    said = numbers(asked(deputy, people.howells, TODAY))
    for _turn in range(2):
        assert deputy.post(page_of(people.howells, "leaving/"), said).url == page_of(people.howells)
    assert AuditEntry.objects.filter(verb="staff.left").count() == 1


def test_a_second_leader_reads_which_day_was_entered(people, now):
    deputy, head = people.client(people.deputy), people.client(people.head)
    said = numbers(asked(head, people.howells, LATER))
    end(deputy, people.howells, "2026-11-20")
    answer = head.post(page_of(people.howells, "leaving/"), said)
    assert answer.status_code == 422 and refusals(answer) == [str(DayChanged.sentence)]
    end(deputy, people.howells, TODAY)
    late = head.post(page_of(people.howells, "leaving/"), said)
    assert late.status_code == 422 and "10 November 2026" in refusals(late)[0]


@pytest.mark.parametrize("day", ["", "soon", "1900-01-01", "2100-01-01", "2026-02-30", "9" * 30, "\x00"])
def test_a_day_that_is_none_is_refused(people, now, day):
    answer = asked(people.client(people.deputy), people.howells, day)
    assert answer.status_code == 422 and "day" in answer.context["form"].errors


def test_who_cannot_be_ended_reads_why(people, now):
    own = asked(people.client(people.deputy), people.deputy, TODAY)
    assert own.status_code == 422 and refusals(own) == [str(OwnEnd.sentence)]
    head = asked(people.client(people.head), people.head, TODAY)
    assert head.status_code == 422 and refusals(head) == [str(HeadStays.sentence)]
    with pytest.raises(HeadStays):
        end_work(
            people.head, date(2026, 11, 10), seen=None, ends=None, by=people.actor(people.deputy), at=now
        )
    StaffMember.objects.filter(pk=people.head.pk).update(is_head=False)
    StaffMember.objects.filter(pk=people.head.pk).update(leaves_on="2099-01-01")
    last = asked(people.client(people.head), people.deputy, LATER)
    assert last.status_code == 422 and refusals(last) == [str(LastLeader.sentence)]
    prys = name_governor(make_staff("Mr", "Ifan", "Prys", personal=True))
    assert asked(people.client(people.deputy), prys, TODAY).status_code == 422


@pytest.mark.parametrize("who", ["office", "nia", "celyn"])
def test_the_services_refuse_everybody_but_leaders(people, now, who):
    by = people.actor(getattr(people, who))
    with pytest.raises(NotLeader):
        end_work(people.howells, date(2026, 11, 10), seen=None, ends=None, by=by, at=now)
    with pytest.raises(NotLeader):
        bring_back(people.howells, roles=[], by=by, at=now)
    with pytest.raises(EndUnconfirmed):
        end_work(
            people.howells, date(2026, 11, 10), seen=None, ends=None, by=people.actor(people.deputy), at=now
        )


@pytest.mark.policy("AU-8")
def test_departed_staff_open_nothing_and_come_back_with_what_was_theirs(people, now):
    deputy, own = people.client(people.deputy), people.client(people.office)
    assert own.get("/staff/").status_code == 200
    end(deputy, people.office, TODAY)
    assert own.get("/staff/").headers["Location"].startswith("/account/login/")
    page = deputy.get(page_of(people.office, "leaving/"))
    back = {"roles": [name for name, _words in page.context["roles"]]}
    assert back["roles"] == ["is_office"]
    for _turn in range(2):
        assert deputy.post(page_of(people.office, "back/"), back).url == page_of(people.office)
    people.office.refresh_from_db()
    assert people.client(people.office).get("/staff/").status_code == 200
    assert AuditEntry.objects.filter(verb="staff.returned").count() == 1


def test_roles_given_meanwhile_are_read_before_somebody_comes_back(people, now):
    deputy = people.client(people.deputy)
    end(deputy, people.howells, TODAY)
    StaffMember.objects.filter(pk=people.howells.pk).update(is_office=True)
    assert deputy.post(page_of(people.howells, "back/"), {"roles": []}).url == page_of(
        people.howells, "leaving/"
    )
    people.howells.refresh_from_db()
    assert people.howells.left_on
    with pytest.raises(ReturnUnconfirmed):
        bring_back(people.howells, roles=[], by=people.actor(people.deputy), at=now)


def test_a_planned_day_is_taken_back(people, now):
    deputy = people.client(people.deputy)
    end(deputy, people.howells, LATER)
    assert deputy.post(page_of(people.howells, "back/")).status_code == 302
    people.howells.refresh_from_db()
    assert people.howells.leaves_on is None


def test_the_link_of_somebody_who_left_stays_dead(people, now, tegid):
    deputy = people.client(people.deputy)
    invited(people, tegid)
    end(deputy, tegid, TODAY)
    assert Client().get(link_to(ADDRESS)).status_code == 410
    deputy.post(page_of(tegid, "back/"), {"roles": ["is_office"]})
    assert Client().get(link_to(ADDRESS)).status_code == 410
    assert "account" in words(deputy.get(page_of(tegid)))


def test_a_parent_who_has_left_goes_on_as_a_parent(people, now):
    row = give_account(make_staff("Mrs", "Nia", "Bowen", is_office=True), people.nia)
    nobody = give_account(make_staff("Mrs", "Ann", "Abel"), make_user("Ann Abel", "ann@family.example"))
    deputy = people.client(people.deputy)
    for one in (row, nobody):
        end(deputy, one, TODAY)
    people.nia.refresh_from_db()
    assert people.client(people.nia).get("/news/").status_code == 200
    assert people.client(people.nia).get("/staff/").status_code == 404
