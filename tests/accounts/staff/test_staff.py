"""Roles and departed staff (AU-8, F36)."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from accounts.staff.pins import check_pin
from accounts.staff.services import OwnRole, change_staff
from malpas.lib.errors import RuleViolation
from malpas.lib.hidden import hide
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from stories.models import Post
from stories.services import write_post
from tests.accounts.staff.pages.leaving import end
from tests.accounts.staff.pages.sending import page_of, send
from tests.clock import at
from tests.people import PIN, make_people

NIGHT = "2026-11-10 19:00"


# -- roles
@pytest.mark.policy("AU-8")
def test_nobody_gives_themselves_a_role(people):
    client = people.client(people.deputy)
    wanted = {"is_safeguarding": "on", "is_office": "on", "confirmed": ["is_safeguarding", "is_office"]}
    assert send(client, page_of(people.deputy, "roles/"), **wanted).status_code == 422
    send(client, page_of(people.deputy, "change/"), job="Deputy", **wanted)
    people.deputy.refresh_from_db()
    assert people.deputy.job == "Deputy"
    assert not (people.deputy.is_safeguarding or people.deputy.is_office)


def test_the_service_refuses_it_too(people):
    people.deputy.is_safeguarding = True
    with pytest.raises(OwnRole):
        change_staff(people.deputy, ["is_safeguarding"], by=people.actor(people.deputy), at=at(NIGHT))
    people.deputy.refresh_from_db()
    assert not people.deputy.is_safeguarding


@pytest.mark.policy("AU-8")
def test_person_and_head_are_notified_of_a_new_role(people):
    client = people.client(people.deputy)
    role = {"is_safeguarding": "on", "confirmed": ["is_safeguarding"]}
    assert send(client, page_of(people.office, "roles/"), **role).status_code == 302
    people.office.refresh_from_db()
    assert people.office.is_safeguarding
    notices = Notification.objects.filter(kind="staff_roles")
    assert {row.recipient for row in notices} == {people.office.user, people.head.user}
    assert all("Now safeguarding lead" in row.body and "Mr Rees" in row.body for row in notices)
    assert AuditEntry.objects.get(verb="roles.changed").detail == {"given": ["is_safeguarding"], "taken": []}


def test_change_without_a_role_notifies_nobody(people):
    sent = send(people.client(people.deputy), page_of(people.office, "change/"), job="Main office")
    assert sent.status_code == 302
    assert not Notification.objects.filter(kind="staff_roles").exists()


# -- departed staff
def leave(people, row, by="head"):
    return end(people.client(getattr(people, by)), row, "2026-11-10")


@pytest.fixture
def waiting(people, clock):
    """A pending message and story of Mrs Pritchard, and a message of Mr Adeyemi."""
    evening = clock.set(NIGHT)
    for staff, body in ((people.pritchard, "From Mrs Pritchard."), (people.adeyemi, "From Mr Adeyemi.")):
        by = people.actor(people.celyn, staff)
        send_message(pupil=people.mali, parent=people.nia, by=by, at=evening, body=body, key=uuid4())
    by = people.actor(people.celyn, people.pritchard)
    write_post(people.celyn, by=by, at=evening, title="Pond", body="A heron.", key=uuid4())


def test_F36_pending_work_of_departed_staff_is_withdrawn(people, waiting, clock):
    assert leave(people, people.pritchard).status_code == 302
    clock.set("2026-11-11 09:00")
    page_of_nia = people.client(people.nia)
    assert "A heron." not in page_of_nia.get("/news/").content.decode()
    conversation = Message.objects.first().conversation_id
    shown = page_of_nia.get(f"/messages/{conversation}/").content.decode()
    assert "From Mr Adeyemi." in shown and "From Mrs Pritchard." not in shown
    notices = Notification.objects.get(kind="staff_departed", recipient=people.deputy.user)
    assert "2 things of theirs" in notices.body and "password of Celyn, Derwen" in notices.body
    assert notices.release_at == at("2026-11-11 08:30")


def test_F36_what_had_arrived_before_stays(people, clock):
    by, now = people.actor(people.celyn, people.pritchard), clock.set("2026-11-10 10:00")
    send_message(pupil=people.mali, parent=people.nia, by=by, at=now, body="By day.", key=uuid4())
    leave(people, people.pritchard)
    assert Message.objects.get().withdrawn_at is None


def test_F36_a_colleague_sends_it_once_in_their_own_name(people, waiting):
    leave(people, people.pritchard)
    colleague = people.client(people.celyn, people.adeyemi)
    withdrawn = Message.objects.get(staff=people.pritchard)
    assert "held back" in colleague.get("/messages/").content.decode()
    assert "From Mrs Pritchard." in colleague.get("/messages/departed/").content.decode()
    for _attempt in range(2):
        colleague.post(f"/messages/departed/{hide(withdrawn.pk)}/")
    sent = Message.objects.get(body="From Mrs Pritchard.", withdrawn_at=None)
    assert (sent.staff, sent.release_at) == (people.adeyemi, at("2026-11-11 08:30"))
    assert "From Mrs Pritchard." not in colleague.get("/messages/departed/").content.decode()


def test_F36_withdrawn_messages_are_for_their_class_alone(people, waiting):
    leave(people, people.pritchard)
    withdrawn = Message.objects.get(staff=people.pritchard)
    for client in (
        people.client(people.derwen, people.howells),
        people.client(people.nia),
        people.client(people.head),
    ):
        assert "From Mrs" not in client.get("/messages/departed/").content.decode()
        assert client.post(f"/messages/departed/{hide(withdrawn.pk)}/").status_code == 404
    assert Message.objects.filter(withdrawn_at=None).count() == 1


def test_F36_their_sessions_are_dead_at_the_next_request(people):
    own, at_class = people.client(people.office), people.client(people.celyn, people.pritchard)
    assert own.get("/office/").status_code == at_class.get("/class/board/").status_code == 200
    leave(people, people.office)
    leave(people, people.pritchard)
    assert own.get("/office/").headers["Location"].startswith("/account/login/")
    assert at_class.get("/class/board/").headers["Location"].startswith("/class/who/")


def test_F36_a_departed_writes_nothing_with_an_old_page(people, clock):
    evening = clock.set(NIGHT)
    by = people.actor(people.celyn, people.pritchard)
    leave(people, people.pritchard)
    with pytest.raises(RuleViolation):
        send_message(pupil=people.mali, parent=people.nia, by=by, at=evening, body="Late.", key=uuid4())
    with pytest.raises(RuleViolation):
        write_post(people.celyn, by=by, at=evening, title="Late", body="Late.", key=uuid4())
    assert not Message.objects.exists() and not Post.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_F36_message_and_departure_at_once_leave_none_pending():
    from tests.clock import Clock

    evening = Clock().set(NIGHT)
    people = make_people()
    by, head = people.actor(people.celyn, people.pritchard), people.actor(people.head)
    start = Barrier(5)

    def run(act) -> None:
        start.wait()
        try:
            act()
        except RuleViolation:
            pass
        finally:
            connection.close()

    def write() -> None:
        send_message(pupil=people.mali, parent=people.nia, by=by, at=evening, body="Late.", key=uuid4())

    def go() -> None:
        row = StaffMember.objects.get(pk=people.pritchard.pk)
        row.left_on = evening.date()
        change_staff(row, ["left_on"], by=head, at=evening)

    threads = [Thread(target=run, args=[act]) for act in (write, write, go, write, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert StaffMember.objects.get(pk=people.pritchard.pk).left_on
    assert not Message.objects.filter(withdrawn_at=None).exists()


def test_a_pin_of_a_departed_opens_nothing(people):
    leave(people, people.pritchard)
    client = people.client(people.celyn, people.adeyemi)
    assert client.post("/class/who/", {"who": people.pritchard.pk, "pin": PIN}).status_code == 422
    assert check_pin(people.adeyemi, PIN, by=people.actor(people.celyn), at=at(NIGHT))
