"""Check the seal of complaints about the head (PA-7).

Whatever happens behind it, everybody else sees the same.
"""

import re
import shutil
from datetime import date
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.calendar.hours import school_hours
from accounts.calendar.services import change_calendar
from accounts.leadership.governor import change_on_server
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember
from accounts.models.school import Closure
from accounts.notify.outbox import queue_mail
from messaging.enums import ComplaintAbout, Topic
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.queries.enquiries import get_enquiry_at_office
from messaging.office.queries.sealed import failed_mails
from messaging.office.recheck import lost_enquiry_notices
from messaging.office.rules.enquiries import may_work_on
from messaging.office.services.casework import (
    add_to_enquiry,
    answer_enquiry,
    close_enquiry,
    note_on_enquiry,
    reopen_enquiry,
    take_enquiry,
)
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.people import key, make_staff
from tests.sentences.messaging import FAILED_EMAILS
from tests.structure.access import ACCESS
from tests.structure.test_access import admin_lists
from tests.structure.world import make_world

NOW = at("2026-11-10 10:00")
RANDOM = re.compile(
    r"csrfmiddlewaretoken\" value=\"\w+|[0-9a-f]{8}-[0-9a-f-]{27}|auditentry/\d+/|X-CSRFToken[^}]+|nonce-?=?\S+"
)
WATCHERS = ("head", "deputy", "office")


@pytest.fixture(autouse=True)
def steady_disk(monkeypatch):
    """Keep the disk's free space the same for two looks."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(total=100, used=60, free=40))


@pytest.fixture
def governor(people):
    return make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True, job="Governor")


@pytest.fixture
def successor(people):
    return make_staff("Mr", "Idris", "Bevan", personal=True, job="Governor")


def complain(people, about=ComplaintAbout.HEAD) -> Enquiry:
    by, said = people.actor(people.nia), {"at": NOW, "key": key(), "body": "She shouts.", "about": about}
    return submit_enquiry(topic=Topic.COMPLAINT, pupils=[people.mali], by=by, **said)


def move_role(old: StaffMember, new: StaffMember) -> None:
    for staff, kind in ((new, "name"), (old, "end")):
        change_on_server(staff, kind, reason="Elected.", at=NOW)


def work_on(people, enquiry: Enquiry, governor: StaffMember) -> None:
    """Do all that the family and the governor can do.

    Both mails fail.
    """
    by, said = people.actor(governor), {"at": NOW}
    take_enquiry(enquiry, by=by, **said)
    answer_enquiry(enquiry, body="I read it.", by=by, key=key(), **said)
    note_on_enquiry(enquiry, body="A note.", by=by, key=key(), **said)
    close_enquiry(enquiry, by=by, **said)
    add_to_enquiry(enquiry, body="Again.", by=people.actor(people.nia), key=key(), **said)
    close_enquiry(enquiry, by=by, **said)
    reopen_enquiry(enquiry, by=by, at=NOW)
    queue_mail(address=governor.user.email.upper(), subject="Your code", body="4071")
    Delivery.objects.filter(address__in=[governor.user.email, people.nia.email]).update(state="failed")


def paths(world, browser: Client) -> list[str]:
    """Return every page of the access matrix and what it links to."""
    rows = [(name, row) for name, row in ACCESS.items() if row.method == "get"]
    found = [reverse(name, kwargs=row.args(world)) for name, row in rows if row.ok & set(WATCHERS)]
    lists = [reverse(name) for name in admin_lists()]
    for path in ("/admin/accounts/auditentry/", "/admin/accounts/staffmember/", "/admin/accounts/user/"):
        page = browser.get(path).content.decode()
        found += re.findall(rf'href="({path}\d+/change/)[?"]', page)
    searchable = ("accounts_auditentry", "accounts_user", "classes_contact", "classes_pupil")
    searches = [
        f"{reverse(f'admin:{each}_changelist')}?q={word}"
        for each in searchable
        for word in ("enquiry", "prys")
    ]
    failed = f"{reverse('admin:accounts_delivery_changelist')}?state__exact=failed"
    return [*found, *lists, *searches, failed, "/health/"]


def seen(browsers, pages) -> dict[tuple[str, str], tuple[int, str]]:
    """Map (who, path) to (status, content), without random numbers."""
    answers = {}
    for who in WATCHERS:
        for path in pages(browsers[who]):
            answer = browsers[who].get(path)
            body = "" if answer.streaming else answer.content.decode(errors="replace")
            answers[who, RANDOM.sub("*", path)] = (answer.status_code, RANDOM.sub("*", body))
    return answers


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("role_moves", [False, True], ids=["the role stays", "the role moves"])
def test_nobody_sees_that_there_is_a_complaint_about_the_head(people, governor, successor, clock, role_moves):
    world = make_world(people)
    complain(people, ComplaintAbout.SCHOOL)
    browsers, views = {who: people.client(getattr(people, who)) for who in WATCHERS}, []
    for is_there in (False, True):
        with transaction.atomic():
            if is_there:
                work_on(people, complain(people), governor)
            with change_calendar(by=None, why="test"):
                pass
            if role_moves:
                move_role(governor, successor)
            assert Delivery.objects.filter(is_sealed=True, state="failed").exists() == is_there
            views.append(seen(browsers, partial(paths, world)))
            transaction.set_rollback(True)
    without, with_it = views
    assert len(with_it) > 150 and with_it["head", "/status/"][0] == 200
    assert [where for where in with_it if with_it[where] != without.get(where)] == []
    assert set(with_it) == set(without)


@pytest.mark.policy("PA-7")
def test_a_watcher_of_an_ordinary_complaint_does_see_it(people, governor, clock):
    """Check that the comparison above finds a difference."""
    looked = ["/office/", "/status/", "/health/", "/admin/accounts/delivery/", "/admin/accounts/auditentry/"]
    browsers, views = {who: people.client(getattr(people, who)) for who in WATCHERS}, []
    for is_there in (False, True):
        if is_there:
            enquiry = complain(people, ComplaintAbout.SCHOOL)
            answer_enquiry(enquiry, body="Yes.", by=people.actor(people.office), at=NOW, key=key())
            Delivery.objects.filter(address=people.nia.email).update(state="failed")
        views.append(seen(browsers, lambda _browser: looked))
    found = {path for who, path in views[1] if views[1][who, path] != views[0].get((who, path))}
    assert found == set(looked)


def test_a_new_governor_takes_over_and_the_former_sees_nothing(people, governor, successor, clock):
    enquiry = complain(people)
    work_on(people, enquiry, governor)
    move_role(governor, successor)
    old, new = StaffMember.objects.get(pk=governor.pk), StaffMember.objects.get(pk=successor.pk)
    assert get_enquiry_at_office(people.actor(new), enquiry.pk) == enquiry
    assert not may_work_on(enquiry, people.actor(old))
    assert people.client(new).get(f"/office/{enquiry.pk}/").status_code == 200
    assert people.client(old).get("/office/").status_code == 404
    add_to_enquiry(enquiry, body="Once more.", by=people.actor(people.nia), at=NOW, key=key())
    last = Notification.objects.latest("pk")
    assert last.recipient == new.user and last.is_sealed
    assert lost_enquiry_notices(Notification.objects.filter(recipient=old.user, kind="enquiry")) == set(
        Notification.objects.filter(recipient=old.user, kind="enquiry").values_list("pk", flat=True)
    )


def test_a_new_calendar_counts_no_answer_of_the_governor(people, governor, clock):
    night = clock.set("2026-11-13 20:00")
    enquiry = complain(people)
    answer_enquiry(enquiry, body="I read it.", by=people.actor(governor), at=night, key=key())
    with change_calendar(by=None, why="snow"):
        Closure.objects.create(kind="closed", name="Snow", starts=date(2026, 11, 16), ends=date(2026, 11, 16))
    assert Entry.objects.get(enquiry=enquiry).release_at == at("2026-11-17 08:30")
    assert AuditEntry.objects.get(verb="calendar.changed").detail["moved"] == 0


def test_the_governor_learns_which_mails_failed_and_nobody_else(people, governor, clock):
    work_on(people, complain(people), governor)
    queue_mail(address="gone@family.example", subject="Ordinary", body="x")
    Delivery.objects.filter(subject="Ordinary").update(state="failed")
    page = people.client(governor).get("/office/").content.decode()
    assert FAILED_EMAILS in page and people.nia.email in page and "Ordinary" not in page
    for who in (people.head, people.deputy, people.office):
        assert FAILED_EMAILS not in people.client(who).get("/office/").content.decode()
        assert failed_mails(people.actor(who)) == []
    assert Client().get("/health/").json()["mails_failed"] == 1


def test_mail_to_the_governor_is_sealed_when_written_also_a_code(people, governor, clock):
    sealed = queue_mail(address=governor.user.email.upper(), subject="Your code", body="4071")
    plain = queue_mail(address=people.office.user.email, subject="Your code", body="4071")
    sealed.refresh_from_db()
    plain.refresh_from_db()
    assert sealed.is_sealed and not plain.is_sealed


@pytest.mark.parametrize("model", [Enquiry, Notification, Delivery])
def test_the_database_keeps_the_seal(people, governor, clock, model):
    enquiry = complain(people)
    work_on(people, enquiry, governor)
    complain(people, ComplaintAbout.SCHOOL)
    for sealed in (True, False):
        rows = model.objects.filter(is_sealed=sealed)
        assert rows.exists()
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            rows.update(is_sealed=not sealed)
    assert AuditEntry.objects.filter(is_sealed=True, about=f"messaging.enquiry:{enquiry.pk}").count() >= 3


def test_the_database_seals_exactly_complaints_about_the_head(people, governor, clock):
    enquiry, other = complain(people), complain(people, ComplaintAbout.STAFF)
    assert enquiry.is_sealed and not other.is_sealed
    other.complaint.about = ComplaintAbout.HEAD
    with pytest.raises(IntegrityError, match="complaint_is_of_its_topic"), transaction.atomic():
        other.complaint.save(update_fields=["about"])
    with pytest.raises(IntegrityError, match="enquiry_sealed_is_a_complaint"), transaction.atomic():
        Enquiry.objects.create(
            reference="K 999 999", topic="lost", parent=people.nia, key=key(), is_sealed=True
        )


def test_the_id_of_an_enquiry_reveals_nothing(people, governor, clock):
    enquiries = [complain(people, ComplaintAbout.SCHOOL) for _each in range(8)]
    numbers = [each.pk for each in enquiries]
    assert numbers != sorted(numbers) and max(numbers) > 2**40
    assert list(Enquiry.objects.all()) == enquiries
    entries = list(AuditEntry.objects.values_list("pk", flat=True))
    take_enquiry(enquiries[0], by=people.actor(people.office), at=NOW)
    assert AuditEntry.objects.exclude(pk__in=entries).get().pk > 2**20
    assert school_hours() is not None
    mails = people.client(people.head).get("/admin/accounts/delivery/").content.decode()
    assert not re.search(r"delivery/\d", mails)
    assert people.client(people.head).get("/admin/accounts/delivery/1/change/").status_code == 404
