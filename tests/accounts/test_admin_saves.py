"""The admin saves only what its form changed."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.forms import model_to_dict

from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember
from accounts.models.school import Closure, School, Term, WorkingHours
from accounts.models.terms import TermsAcceptance
from accounts.staff.services import change_staff
from messaging.oversight.suspension import suspend_messaging
from tests.accounts.staff.pages.sending import fields_of, page_of
from tests.clock import Clock, at
from tests.people import make_people
from tests.rights import as_the_web

SCHOOL = "/set-up/names/"
NOW = "2026-11-10 10:00"


def filled(browser, path: str, **more) -> dict:
    """Return the fields of this admin page, with these changed."""
    form = browser.get(path).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].prepare_value(value) for name, value in values.items()}
    return {name: value for name, value in shown.items() if value not in (None, "", False)} | more


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def in_another_transaction(act, begun: Event) -> Thread:
    """Start a thread that runs `act` and commits once somebody waits for it."""

    def run() -> None:
        try:
            with transaction.atomic():
                act()
                begun.set()
                while not somebody_waits():
                    Event().wait(0.01)
        finally:
            connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_saving_the_school_does_not_undo_a_suspension():
    moment = Clock().set(NOW)
    people = make_people()
    browser, head, begun = people.client(people.head), people.actor(people.head), Event()
    answers = fields_of(browser.get(SCHOOL)) | {"office_phone": "01632 960999"}
    thread = in_another_transaction(lambda: suspend_messaging(by=head, at=moment, reason="A leak."), begun)
    assert begun.wait(20)
    assert browser.post(SCHOOL, answers).status_code == 302
    thread.join(20)
    school = School.objects.get()
    assert school.office_phone == "01632 960999"
    assert school.messaging_suspended_at == moment


@pytest.mark.django_db(transaction=True)
def test_saving_a_stale_staff_row_preserves_a_new_pin():
    Clock().set(NOW)
    people = make_people()
    page = page_of(people.pritchard, "change/")
    browser, begun = people.client(people.head), Event()
    answers = fields_of(browser.get(page)) | {"job": "Teacher of Year 3"}
    rows = StaffMember.objects.filter(pk=people.pritchard.pk)
    thread = in_another_transaction(lambda: rows.update(pin="another", pin_failures=4), begun)
    assert begun.wait(20)
    assert browser.post(page, answers).status_code == 302
    thread.join(20)
    row = rows.get()
    assert (row.job, row.pin, row.pin_failures) == ("Teacher of Year 3", "another", 4)


def test_service_saves_the_changed_fields_only(people):
    stale = StaffMember.objects.get(pk=people.pritchard.pk)
    StaffMember.objects.filter(pk=stale.pk).update(is_office=True)
    stale.job = "Teacher"
    change_staff(stale, ["job"], by=people.actor(people.head), at=at(NOW))
    stale.refresh_from_db()
    assert (stale.job, stale.is_office) == ("Teacher", True)


def test_the_record_names_the_changed_fields(people):
    browser = people.client(people.head)
    browser.post(SCHOOL, fields_of(browser.get(SCHOOL)) | {"office_phone": "01632 960999"})
    assert AuditEntry.objects.get(verb="school.named").detail == {"fields": ["office_phone"]}


def test_an_old_page_of_the_school_undoes_no_colleagues_change(people):
    head, deputy = people.client(people.head), people.client(people.deputy)
    early = fields_of(head.get(SCHOOL))
    deputy.post(SCHOOL, fields_of(deputy.get(SCHOOL)) | {"office_phone": "01632 960999"})
    assert head.post(SCHOOL, early | {"address": "1 School Lane"}).status_code == 302
    school = School.objects.get()
    assert (school.office_phone, school.address) == ("01632 960999", "1 School Lane")


def test_the_table_of_staff_only_shows(people, clock):
    """Roles, PINs and leaving days are given at `/staff/`, which asks (AU-8)."""
    table, row = "/admin/accounts/staffmember/", people.office
    said = {
        "surname": "Changed",
        "forename": "X",
        "is_slt": "on",
        "new_pin": "583520",
        "left_on": "2026-11-10",
    }
    for who in (people.head, people.deputy, people.office):
        browser = people.client(who)
        assert browser.get(f"{table}{row.pk}/change/").status_code == 200
        assert 'name="is_slt"' not in browser.get(f"{table}{row.pk}/change/").content.decode()
        paths = [f"{table}{row.pk}/change/", f"{table}add/", f"{table}{row.pk}/delete/"]
        assert [browser.post(path, said | {"post": "yes"}).status_code for path in paths] == [403] * 3
        assert browser.get(f"{table}add/").status_code == 403
        for gone in ("account", "head", "governor", "second-step", "connections"):
            assert browser.post(f"{table}{row.pk}/{gone}/", {"reason": "x"}).status_code in (302, 404)
    now = StaffMember.objects.get(pk=row.pk)
    assert (now.surname, now.is_slt, now.pin, now.left_on) == ("Lewis", False, "", None)
    assert now.user == row.user and not StaffMember.objects.filter(surname="Changed").exists()


@pytest.mark.parametrize("who", ["head", "deputy", "office"])
def test_the_tables_of_the_school_and_its_calendar_only_show(people, who):
    """Past days stay, and the office changes no hours: the pages of the calendar say what moves (policy: Times)."""
    browser, past = people.client(getattr(people, who)), Closure.objects.get(starts="2026-10-26")
    days = {"name": "X", "starts": "2026-09-02", "ends": "2026-09-03", "kind": "closed", "post": "yes"}
    for row in (past, Term.objects.all()[0], WorkingHours.objects.get(weekday=4), School.objects.get()):
        table = f"/admin/accounts/{row._meta.model_name}/"
        assert browser.get(table, follow=True).status_code == 200
        page = browser.get(f"{table}{row.pk}/change/").content.decode()
        assert "/calendar/days/" in page or isinstance(row, School)
        assert 'name="_save"' not in page and 'name="name' not in page
        for path in (f"{table}add/", f"{table}{row.pk}/change/", f"{table}{row.pk}/delete/"):
            assert browser.post(path, days).status_code == 403, path
        stays = type(row)._default_manager.get(pk=row.pk)
        assert model_to_dict(stays) == model_to_dict(row)
    assert ("/set-up/limits/" in page) == (who != "office")
    assert (
        WorkingHours.objects.count() == 5 and not AuditEntry.objects.filter(verb="calendar.changed").exists()
    )


@pytest.mark.parametrize("model", ["auditentry", "termsacceptance"])
def test_a_change_of_what_only_shows_is_refused(people, model):
    """The portal's role in the database may not even lock these rows (tests/rights.py)."""
    agreed = {"user": people.nia, "version": people.terms}
    row = AuditEntry(verb="seen") if model == "auditentry" else TermsAcceptance(**agreed)
    row.save()
    with as_the_web():
        answer = people.client(people.head).post(f"/admin/accounts/{model}/{row.pk}/change/", {"verb": "x"})
    assert answer.status_code == 403
