"""The classes of one member of staff are chosen on a page (TE-2)."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models.people import StaffMember, User
from accounts.staff.rules import StaffDeparted
from classes.class_account.services import change_classes_of
from classes.models.classrooms import Classroom
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from tests.accounts.staff.pages.sending import page_of, refusals
from tests.clock import at

NOW, NIGHT = "2026-11-10 10:00", "2026-11-10 19:00"


def choose(browser, row: StaffMember, *rooms: Classroom, seen: tuple[Classroom, ...]):
    return browser.post(
        page_of(row, "classes/"),
        {"classes": [room.pk for room in rooms], "seen": [room.pk for room in seen]},
    )


def staff_of(room: Classroom) -> set[StaffMember]:
    return set(room.staff.all())


@pytest.mark.policy("TE-2")
def test_a_teacher_moves_and_colleagues_stay(people):
    office = people.client(people.office)
    page = office.get(page_of(people.howells, "classes/"))
    assert page.context["form"].initial["classes"] == [people.derwen]
    answer = choose(office, people.howells, people.celyn, seen=(people.derwen,))
    assert answer.url == page_of(people.howells)
    assert staff_of(people.celyn) == {people.pritchard, people.adeyemi, people.howells}
    assert staff_of(people.derwen) == {people.pritchard}


def test_an_old_page_undoes_nothing_of_a_colleague(people):
    office = people.client(people.office)
    people.celyn.staff.add(people.howells)  # a leader, after the page was opened
    choose(office, people.howells, people.derwen, seen=(people.derwen,))
    assert people.howells in staff_of(people.celyn) and people.howells in staff_of(people.derwen)


def test_what_waits_at_a_class_that_is_left_is_held_back(people, clock):
    evening, by = clock.set(NIGHT), people.actor(people.celyn, people.adeyemi)
    send_message(pupil=people.mali, parent=people.nia, by=by, at=evening, body="Late.", key=uuid4())
    choose(people.client(people.deputy), people.adeyemi, seen=(people.celyn,))
    assert Message.objects.get().withdrawn_at is not None


def test_a_retired_class_is_not_offered(people):
    User.objects.filter(pk=people.celyn.account.pk).update(is_active=False)
    answer = choose(people.client(people.deputy), people.howells, people.celyn, seen=())
    assert answer.status_code == 422 and people.howells not in staff_of(people.celyn)


@pytest.mark.parametrize("wrong", ["9" * 30, "x", "\x00", "0"])
def test_a_class_that_is_none_is_refused(people, wrong):
    browser = people.client(people.deputy)
    assert browser.post(page_of(people.howells, "classes/"), {"classes": [wrong]}).status_code == 422
    assert browser.post(page_of(people.howells, "classes/"), {"seen": [wrong]}).status_code == 422


def test_departed_staff_are_put_on_no_class(people):
    StaffMember.objects.filter(pk=people.howells.pk).update(left_on="2026-09-01")
    answer = choose(people.client(people.deputy), people.howells, people.celyn, seen=())
    assert answer.status_code == 422 and refusals(answer) == [str(StaffDeparted.sentence)]


def test_the_service_refuses_everybody_but_office_and_leaders(people):
    for by in (people.actor(people.nia), people.actor(people.celyn)):
        with pytest.raises(PermissionDenied):
            change_classes_of(people.howells, joins=[people.celyn], leaves=[], by=by, at=at(NOW))
