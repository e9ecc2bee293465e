"""Groups of staff are defined once, and only those here are notified."""

import re
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from accounts.notify.heartbeat import note_late
from accounts.sessions.alerts import alarm_of_guesses
from accounts.staff import notifications as staff
from classes import notifications as codes
from classes.enums import Suspicion
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from messaging.conversations import notifications as conversations
from messaging.enums import ComplaintAbout, Topic
from messaging.models.enquiries import Enquiry
from messaging.office import notifications as office
from messaging.office.services.enquiries import submit_enquiry
from moderation.notifications import notify_of_report
from tests.clock import at
from tests.moderation import scene
from tests.own_code import modules
from tests.people import key, make_staff

NOW = at("2026-11-10 10:00")


def of_staff(row: StaffMember, **fields) -> None:
    StaffMember.objects.filter(pk=row.pk).update(**{"left_on": None, "leaves_on": None} | fields)


def of_account(row: StaffMember, **fields) -> None:
    User.objects.filter(pk=row.user_id).update(**{"is_active": True, "removed_at": None} | fields)


GONE = {
    "left": lambda row: of_staff(row, left_on=date(2026, 11, 9)),
    "leaves today": lambda row: of_staff(row, leaves_on=date(2026, 11, 10)),
    "removed": lambda row: of_account(row, removed_at=NOW),
    "closed": lambda row: of_account(row, is_active=False),
    "no address": lambda row: of_account(row, email=None),
}


@pytest.fixture
def colleague(people) -> StaffMember:
    """A leader who works in the office and the class too, and is a safeguarding lead."""
    row = make_staff(
        "Ms", "Lowri", "Hughes", personal=True, is_slt=True, is_office=True, is_safeguarding=True
    )
    people.celyn.staff.add(row)
    return row


def enquire(people, topic: str, **facts) -> Enquiry:
    return submit_enquiry(
        topic=topic, pupils=[people.mali], by=people.actor(people.nia), at=NOW, key=key(), body="A coat", **facts
    )  # fmt: skip


def facts_for(people, colleague: StaffMember) -> SimpleNamespace:
    """Return the arguments of the notifying functions; the colleague has taken one enquiry."""
    link = Guardianship.objects.filter(contact__user=people.nia).get()
    taken = enquire(people, Topic.LOST)
    taken.taken_by = colleague
    return SimpleNamespace(
        people=people,
        row=colleague,
        message=scene.say(people),
        code=Invitation(pk=1, guardianship=link, suspicion=Suspicion.GUESSED),
        lost=enquire(people, Topic.LOST),
        complaint=enquire(people, Topic.COMPLAINT, about=ComplaintAbout.SCHOOL),
        taken=taken,
        report=scene.report(people),
        risk=scene.report(people, category="risk"),
    )


NOTIFYING = {
    "late arrivals": lambda f: note_late(1, oldest=at("2026-11-10 09:00"), at=NOW, goes_at=NOW),
    "wrong passwords": lambda f: alarm_of_guesses(at=NOW),
    "wrong PINs": lambda f: staff.notify_of_wrong_pins(f.people.celyn.account, f.people.adeyemi, at=NOW),
    "own role": lambda f: staff.notify_of_roles(f.row, ["is_office"], [], by=f.people.head, at=NOW),
    "governor": lambda f: staff.notify_of_proposal(f.people.office, "x", key="1", by=f.people.deputy, at=NOW),
    "departed": lambda f: staff.notify_of_departed(f.people.adeyemi, 1, [], at=NOW),
    "account": lambda f: staff.notify_of_account(f.people.office, at=NOW),
    "guessed codes": lambda f: codes.notify_leaders_of_guessing(release_at=NOW),
    "odd code": lambda f: codes.notify_office_of_code(f.code, release_at=NOW),
    "court order": lambda f: codes.notify_office_of_order(release_at=NOW, key="x"),
    "arrival": lambda f: conversations.notify_of_arrivals([f.message], release_at=NOW),
    "flood": lambda f: conversations.alarm_of_flood(f.people.nia, at=NOW, release_at=NOW),
    "enquiry": lambda f: office.notify_office(f.lost, release_at=NOW),
    "complaint": lambda f: office.notify_office(f.complaint, release_at=NOW),
    "written again": lambda f: office.notify_who_works_on(f.lost, key="x", release_at=NOW),
    "written again, taken": lambda f: office.notify_who_works_on(f.taken, key="x", release_at=NOW),
    "handed over": lambda f: office.notify_taken_over(f.taken, key="x", release_at=NOW),
    "report": lambda f: notify_of_report(f.report, at=NOW),
    "child at risk": lambda f: notify_of_report(f.risk, at=NOW),
}


def is_notified(call, row: StaffMember) -> bool:
    Notification.objects.all().delete()
    call()
    return Notification.objects.filter(recipient=row.user_id).exists()


@pytest.mark.parametrize("event", NOTIFYING)
def test_departed_or_removed_staff_are_not_notified(people, colleague, event):
    call = partial(NOTIFYING[event], facts_for(people, colleague))
    assert is_notified(call, colleague)
    for state, make in GONE.items():
        with transaction.atomic():
            make(colleague)
            assert not is_notified(call, colleague), state
            transaction.set_rollback(True)
    assert is_notified(call, colleague)


def test_departed_staff_are_not_notified_of_unread_class(people, colleague):
    message = scene.say(people)
    people.celyn.staff.clear()
    call = partial(conversations.notify_of_arrivals, [message], release_at=NOW)
    assert is_notified(call, colleague)
    of_staff(colleague, left_on=date(2026, 11, 9))
    assert not is_notified(call, colleague)
    assert Notification.objects.filter(recipient=people.head.user).exists()


@pytest.mark.parametrize("state", ["removed", "closed", "no address"])
def test_removed_head_is_not_notified_of_roles(people, state):
    call = partial(staff.notify_of_roles, people.office, ["is_slt"], [], by=people.deputy, at=NOW)
    assert is_notified(call, people.head)
    GONE[state](people.head)
    assert not is_notified(call, people.head)


def test_departed_governor_is_not_notified_of_a_complaint(people):
    governor = make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True)
    enquiry = enquire(people, Topic.COMPLAINT, about=ComplaintAbout.HEAD)
    calls = [
        partial(office.notify_office, enquiry, release_at=NOW),
        partial(office.notify_who_works_on, enquiry, key="x", release_at=NOW),
    ]
    assert all(is_notified(call, governor) for call in calls)
    of_staff(governor, leaves_on=date(2026, 11, 10))
    assert not any(is_notified(call, governor) for call in calls)
    assert not Notification.objects.exists()


def test_each_group_holds_those_of_today(people, colleague):
    role = {"leaders": colleague, "heads": people.head, "office": people.office, "safeguarding": colleague}
    role["governors"] = make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True)
    rows = StaffMember.objects.all()
    for group, row in role.items():
        assert row in getattr(rows, group)(), group
    for row in (colleague, people.office):
        of_staff(row, leaves_on=date(2026, 11, 10))
    assert colleague not in rows.leaders() and colleague not in rows.safeguarding()
    assert not rows.office().exists()


def test_no_module_defines_a_group_of_staff_again():
    group = re.compile(
        r"staff_member__(is_\w+|left_on|leaves_on)|[( ]is_(slt|head|office|governor|safeguarding)=True[,)]"
    )
    allowed = {"accounts/models/people.py", "accounts/staff/governor_guard.py"}
    root = Path(settings.BASE_DIR)
    found = {f"{path.relative_to(root)}" for path in modules() if group.search(path.read_text())}
    assert found <= allowed
