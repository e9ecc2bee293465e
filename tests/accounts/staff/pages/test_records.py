"""Leaders add staff, correct them, and give roles once they have read what a role opens (AU-8)."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from accounts.staff.records import RolesUnconfirmed, SameName, add_staff, correct_staff, set_roles
from accounts.staff.role_texts import OPENS
from accounts.staff.rules import HeadsRecord, NotLeader
from accounts.staff.services import LastLeader, OwnRole
from tests.accounts.staff.invitations import NOW
from tests.accounts.staff.pages.sending import NEW, fields_of, page_of, refusals, send, words
from tests.clock import Clock, at
from tests.people import make_people
from tests.sentences.accounts import SAME_NAME_OF_STAFF
from tests.sentences.reading import says

ADD = "/staff/add/"


def found(surname: str = "Tatum") -> StaffMember:
    return StaffMember.objects.get(surname=surname)


def test_a_teacher_is_added_once_however_often_it_is_pressed(people, deputy):
    answers = {**fields_of(deputy.get(ADD)), **NEW}
    first, second = deputy.post(ADD, answers), deputy.post(ADD, answers)
    assert first.url == second.url == page_of(found())
    assert str(found()) == "Mrs Tatum" and found().job == "Teacher"
    assert AuditEntry.objects.filter(verb="staff.added").count() == 1


@pytest.mark.policy("AU-8")
def test_a_role_is_given_once_somebody_has_read_what_it_opens(people, deputy):
    asked = send(deputy, ADD, **NEW, is_office="on", is_safeguarding="on")
    assert asked.status_code == 422 and not StaffMember.objects.filter(surname="Tatum").exists()
    opened = dict(asked.context["given"])
    assert opened == {name: str(OPENS[name]) for name in ("is_office", "is_safeguarding")}
    answers = {**fields_of(asked), "is_office": "on", "is_safeguarding": "on"}
    answers = {name: value for name, value in answers.items() if not name.startswith("initial-")}
    assert deputy.post(ADD, {**answers, "confirmed": ["is_office"]}).status_code == 422
    assert deputy.post(ADD, {**answers, "confirmed": list(opened)}).status_code == 302
    assert found().is_office and found().is_safeguarding and not found().is_slt
    assert Notification.objects.filter(kind="staff_roles", recipient=people.head.user).exists()


def test_roles_beyond_the_three_are_not_given(people, deputy):
    send(deputy, ADD, **NEW, is_head="on", is_governor="on", confirmed=["is_head", "is_governor"])
    send(deputy, ADD, **NEW, is_head="on", is_governor="on")
    assert not StaffMember.objects.filter(surname="Tatum", is_head=True).exists()
    assert not StaffMember.objects.filter(surname="Tatum", is_governor=True).exists()


def test_somebody_of_the_same_name_is_asked_about(people, deputy):
    StaffMember.objects.filter(pk=people.howells.pk).update(left_on="2026-09-01")
    said = {**NEW, "forename": "CARYS", "surname": "howells"}
    asked = send(deputy, ADD, **said)
    assert asked.status_code == 422 and says(words(asked), SAME_NAME_OF_STAFF)
    assert page_of(people.howells) in words(asked)
    assert send(deputy, ADD, **said, another="on").status_code == 302


@pytest.mark.parametrize("wrong", ["", " ", "\u200b", "x" * 61, "a\x00b"])
def test_a_name_that_is_none_is_refused_and_nothing_is_lost(people, deputy, wrong):
    answer = send(deputy, ADD, **{**NEW, "surname": wrong})
    assert answer.status_code == 422 and "surname" in answer.context["form"].errors
    assert 'value="Rhian"' in words(answer)


def test_a_correction_saves_only_what_was_changed_on_the_page(people, deputy):
    path = page_of(people.howells, "change/")
    earlier = fields_of(deputy.get(path))
    StaffMember.objects.filter(pk=people.howells.pk).update(job="Reading lead")  # a colleague, meanwhile
    assert deputy.post(path, {**earlier, "surname": "Howells-Rees"}).status_code == 302
    people.howells.refresh_from_db()
    assert (people.howells.surname, people.howells.job) == ("Howells-Rees", "Reading lead")


def test_an_account_bears_the_corrected_signature(people, head):
    assert people.office.user.name == "Mrs Lewis"
    assert send(head, page_of(people.office, "change/"), surname="Lewis-Hughes").status_code == 302
    assert User.objects.get(pk=people.office.user.pk).name == "Mrs Lewis-Hughes"


def test_roles_are_confirmed_on_their_page_and_taken_without(people, deputy):
    path = page_of(people.office, "roles/")
    asked = send(deputy, path, is_safeguarding="on")
    assert asked.status_code == 422 and [name for name, _words in asked.context["given"]] == [
        "is_safeguarding"
    ]
    people.office.refresh_from_db()
    assert not people.office.is_safeguarding
    assert send(deputy, path, is_safeguarding="on", confirmed=["is_safeguarding"]).status_code == 302
    assert send(deputy, path, is_office=None).status_code == 302
    people.office.refresh_from_db()
    assert people.office.is_safeguarding and not people.office.is_office


def test_two_leaders_do_not_undo_each_others_roles(people, deputy):
    path = page_of(people.office, "roles/")
    earlier = fields_of(deputy.get(path))
    StaffMember.objects.filter(pk=people.office.pk).update(is_safeguarding=True)  # the head, meanwhile
    del earlier["is_office"]
    assert deputy.post(path, earlier).status_code == 302
    people.office.refresh_from_db()
    assert people.office.is_safeguarding and not people.office.is_office


def test_nobody_changes_their_own_roles(people, deputy):
    answer = send(deputy, page_of(people.deputy, "roles/"), is_slt=None)
    assert answer.status_code == 422 and refusals(answer) == [str(OwnRole.sentence)]


def test_the_last_leader_stays_one(people):
    StaffMember.objects.filter(pk=people.head.pk).update(is_head=False)
    people.head.refresh_from_db()
    StaffMember.objects.filter(pk=people.head.pk).update(leaves_on="2099-01-01")
    head = people.client(people.head)
    answer = send(head, page_of(people.deputy, "roles/"), is_slt=None)
    assert answer.status_code == 422 and refusals(answer) == [str(LastLeader.sentence)]
    people.deputy.refresh_from_db()
    assert people.deputy.is_slt


@pytest.mark.policy("AU-8")
def test_the_services_refuse_everybody_but_leaders(people):
    facts = {"roles": [], "confirmed": [], "another": False, "key": uuid4(), "at": at(NOW)}
    teacher = people.actor(people.celyn, people.head)  # a leader at a class account is a teacher there
    for by in (people.actor(people.office), people.actor(people.nia), teacher):
        with pytest.raises(NotLeader):
            add_staff(values=NEW, by=by, **facts)
        with pytest.raises(NotLeader):
            correct_staff(people.howells, {"surname": "X"}, by=by)
        with pytest.raises(NotLeader):
            set_roles(people.howells, {"is_slt": True}, confirmed=["is_slt"], by=by, at=at(NOW))
    deputy = people.actor(people.deputy)
    with pytest.raises(HeadsRecord):
        correct_staff(people.head, {"surname": "X"}, by=deputy)
    with pytest.raises(HeadsRecord):
        set_roles(people.head, {"is_office": True}, confirmed=["is_office"], by=deputy, at=at(NOW))
    with pytest.raises(RolesUnconfirmed):
        set_roles(people.howells, {"is_slt": True}, confirmed=["is_office"], by=deputy, at=at(NOW))
    assert StaffMember.objects.filter(is_slt=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_add_the_same_person_once():
    Clock().set(NOW)
    people = make_people()
    start, refused = Barrier(2), []

    def add(by) -> None:
        start.wait()
        facts = {"roles": [], "confirmed": [], "another": False, "key": uuid4()}
        try:
            add_staff(values=NEW, by=by, at=at(NOW), **facts)
        except SameName as violation:
            refused.append(violation.same)
        finally:
            connection.close()

    threads = [Thread(target=add, args=[people.actor(one)]) for one in (people.head, people.deputy)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [[found()]]
