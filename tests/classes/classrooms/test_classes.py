"""Classes are made, changed and retired on pages (TE-2)."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.enums import UserKind
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember
from classes.class_account.services import change_class_staff
from classes.classrooms.services import (
    HasChildren,
    add_class,
    give_class_account,
    remove_class,
    rename_class,
    reopen_class,
    retire_class,
)
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.queries import is_read
from stories.services import write_post
from tests.clock import at
from tests.people import PASSWORD
from tests.sentences.accounts import ADDRESS_TAKEN
from tests.sentences.classes import CHILDREN_IN_CLASS, CLASS_NAME_TAKEN, CLASS_NOT_READ
from tests.sentences.reading import says

LIST, NOW = "/classes/", at("2026-11-10 10:00")


@pytest.fixture
def head(people) -> Client:
    return people.client(people.head)


@pytest.fixture
def derwen_empty(people) -> Classroom:
    Pupil.objects.filter(classroom=people.derwen).update(classroom=people.celyn)
    return people.derwen


def page_of(room: Classroom, more: str = "") -> str:
    return f"{LIST}{room.pk}/{more}"


def retire(browser: Client, room: Classroom):
    asked = browser.post(page_of(room, "retire/")).context["ends"]
    numbers = {"staff": asked.staff, "waiting": asked.waiting}
    return browser.post(page_of(room, "retire/"), numbers)


@pytest.mark.policy("TE-2")
def test_a_leader_makes_a_class_its_account_and_staff(people, head):
    made = head.post(LIST, {"name": "Onnen"}).url
    room = Classroom.objects.get(name="Onnen")
    assert made == page_of(room) and not is_read(room)
    assert says(head.get(made).content.decode(), CLASS_NOT_READ)
    head.post(made, {"name": "Onnen", "staff": [people.howells.pk]})
    head.post(page_of(room, "account/"), {"address": "onnen@school.example"})
    room.refresh_from_db()
    assert (room.account.kind, room.account.name) == (UserKind.CLASS, "Onnen")
    assert is_read(room) and list(room.staff.all()) == [people.howells]
    assert not says(head.get(made).content.decode(), CLASS_NOT_READ)
    assert AuditEntry.objects.filter(verb="class.added", about=f"classes.classroom:{room.pk}").exists()


def test_the_address_gets_a_link_that_chooses_the_password(people, head):
    room = Classroom.objects.create(name="Onnen")
    head.post(page_of(room, "account/"), {"address": "onnen@school.example"})
    link = re.search(
        r"/account/password/reset/key/\S+", Delivery.objects.get(address="onnen@school.example").body
    )
    browser = Client()
    form = browser.get(link[0]).url
    browser.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    room.refresh_from_db()
    assert room.account.check_password(PASSWORD)


def test_a_name_and_an_address_are_given_once(people, head):
    answer = head.post(LIST, {"name": "Celyn"})
    assert answer.status_code == 422 and says(answer.content.decode(), CLASS_NAME_TAKEN)
    answer = head.post(page_of(people.derwen), {"name": "Celyn", "staff": [people.howells.pk]})
    assert answer.status_code == 422 and says(answer.content.decode(), CLASS_NAME_TAKEN)
    room = Classroom.objects.create(name="Onnen")
    answer = head.post(page_of(room, "account/"), {"address": "NIA@family.example"})
    assert answer.status_code == 422 and says(answer.content.decode(), ADDRESS_TAKEN)
    assert "NIA@family.example" in answer.content.decode()
    head.post(page_of(people.celyn, "account/"), {"address": "another@school.example"})
    people.celyn.refresh_from_db()
    assert people.celyn.account.email == "celyn@school.example"


def test_a_class_and_its_account_change_their_name_together(people, head):
    head.post(page_of(people.derwen), {"name": "Derwen 4", "staff": [people.howells.pk]})
    people.derwen.refresh_from_db()
    assert (people.derwen.name, people.derwen.account.name) == ("Derwen 4", "Derwen 4")


def test_a_class_with_children_is_not_retired(people, head):
    answer = head.post(page_of(people.derwen, "retire/"), follow=True)
    assert says(answer.content.decode(), CHILDREN_IN_CLASS)
    with pytest.raises(HasChildren):
        retire_class(people.derwen, by=people.actor(people.head), at=NOW, ends=(2, 0))
    assert is_read(people.derwen)


@pytest.mark.policy("TE-2")
def test_retiring_says_in_numbers_what_ends(people, head, derwen_empty):
    at_class = people.client(people.derwen, people.howells)
    by = people.actor(people.derwen, people.howells)
    post = write_post(
        derwen_empty, by=by, at=at("2026-11-10 19:00"), title="Pond", body="A heron.", key=uuid4()
    )
    asked = head.post(page_of(derwen_empty, "retire/"))
    assert (asked.context["ends"].staff, asked.context["ends"].waiting) == (2, 1)
    post.refresh_from_db()
    assert post.withdrawn_at is None and is_read(derwen_empty)
    again = head.post(page_of(derwen_empty, "retire/"), {"staff": 2, "waiting": 0})
    assert again.status_code == 409 and is_read(derwen_empty)
    assert retire(head, derwen_empty).url == LIST
    post.refresh_from_db()
    assert post.withdrawn_at and not is_read(derwen_empty) and not derwen_empty.staff.exists()
    assert at_class.get("/class/board/").url.startswith("/account/login/")
    assert "Derwen" in head.get(LIST).content.decode().partition('id="retired"')[2]


def test_a_retired_class_is_opened_again_with_new_staff(people, head, derwen_empty):
    retire(head, derwen_empty)
    head.post(page_of(derwen_empty, "reopen/"))
    assert not is_read(derwen_empty)
    head.post(page_of(derwen_empty), {"name": "Derwen", "staff": [people.howells.pk]})
    assert is_read(derwen_empty)


def test_children_in_a_retired_class_are_named_until_it_is_opened(people, head, derwen_empty):
    retire(head, derwen_empty)
    Pupil.objects.filter(pk=people.rhys.pk).update(classroom=derwen_empty)
    assert "Derwen" in head.get("/").content.decode()  # among those that nobody reads
    page = head.get(page_of(derwen_empty)).content.decode()
    assert says(page, CLASS_NOT_READ) and page_of(derwen_empty, "reopen/") in page


def test_the_list_names_what_a_class_lacks(people, head):
    Classroom.objects.create(name="Onnen")
    StaffMember.objects.filter(pk=people.howells.pk).update(pin="")
    people.derwen.staff.set([people.howells])
    rows = {row.classroom.name: row.lacks for row in head.get(LIST).context["rows"]}
    assert rows == {"Celyn": [], "Derwen": ["pin"], "Onnen": ["account", "staff"]}


def test_a_class_that_was_never_used_is_taken_off_the_list(people, head, derwen_empty):
    room = Classroom.objects.create(name="Onnen")
    assert head.post(page_of(room, "remove/")).url == LIST
    assert not Classroom.objects.filter(name="Onnen").exists()
    head.post(page_of(derwen_empty, "remove/"))
    used = Classroom.objects.create(name="Bedwen")
    Pupil.objects.filter(pk=people.rhys.pk).update(classroom=used, left_on="2026-10-01")
    assert head.post(page_of(used, "remove/")).url == page_of(used)
    assert Classroom.objects.filter(name__in=["Derwen", "Bedwen"]).count() == 2


def test_the_office_makes_classes_and_opens_no_account(people):
    office = people.client(people.office)
    office.post(LIST, {"name": "Onnen"})
    room = Classroom.objects.get(name="Onnen")
    office.post(page_of(room), {"name": "Onnen", "staff": [people.howells.pk]})
    assert list(room.staff.all()) == [people.howells]
    assert office.post(page_of(room, "account/"), {"address": "onnen@school.example"}).status_code == 403
    assert office.post(page_of(room, "remove/")).status_code == 403
    room.refresh_from_db()
    assert room.account is None


def test_the_list_takes_the_same_queries_for_many_classes(people, head, django_assert_max_num_queries):
    head.get(LIST)
    for n in range(12):
        Classroom.objects.create(name=f"Class {n}").staff.add(people.howells)
    with django_assert_max_num_queries(20):
        head.get(LIST)


def test_a_name_is_read_as_the_roster_reads_it(head):
    head.post(LIST, {"name": "Year\u00a03  Onnen "})
    assert Classroom.objects.filter(name="Year 3 Onnen").exists()
    for nonsense in ("03/04/2026", "<b>Onnen</b>", "...", "On\u2066nen"):
        assert head.post(LIST, {"name": nonsense}).status_code == 422


def test_an_address_given_to_two_classes_at_once_is_refused_once(people, head, monkeypatch):
    # Neither saw the other's yet.
    monkeypatch.setattr("classes.classrooms.services.is_taken", lambda address: False)
    room = Classroom.objects.create(name="Onnen")
    answer = head.post(page_of(room, "account/"), {"address": people.celyn.account.email})
    assert answer.status_code == 422 and ADDRESS_TAKEN in answer.content.decode()
    room.refresh_from_db()
    assert room.account is None


BY_OFFICE = {
    "add": lambda room, by: add_class("Onnen", by=by),
    "rename": lambda room, by: rename_class(room, "Onnen", by=by),
    "staff": lambda room, by: change_class_staff(room, [], by=by, at=NOW),
}
BY_LEADERS = {
    "account": lambda room, by: give_class_account(room, "onnen@school.example", by=by),
    "retire": lambda room, by: retire_class(room, by=by, at=NOW, ends=(2, 0)),
    "reopen": lambda room, by: reopen_class(room, by=by),
    "remove": lambda room, by: remove_class(Classroom.objects.get_or_create(name="Onnen")[0], by=by),
}


@pytest.mark.parametrize("name", [*BY_OFFICE, *BY_LEADERS])
def test_services_refuse_whom_the_pages_refuse(people, derwen_empty, name):
    act, strangers = (BY_OFFICE | BY_LEADERS)[name], [people.actor(people.celyn), people.actor(people.nia)]
    if name in BY_LEADERS:
        strangers += [people.actor(people.office)]
    if name == "account":
        Classroom.objects.filter(pk=derwen_empty.pk).update(account=None)
    for by in strangers:
        with pytest.raises(PermissionDenied):
            act(derwen_empty, by)
    done = AuditEntry.objects.count()
    act(derwen_empty, people.actor(people.office if name in BY_OFFICE else people.head))
    assert AuditEntry.objects.count() > done
