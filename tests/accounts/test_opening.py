"""An installation without terms: who may do what (PA-3, Times)."""

from datetime import date, time

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from accounts.models.people import StaffMember
from accounts.models.school import School, Term, WorkingHours
from accounts.models.terms import TermsVersion
from classes.models.classrooms import Classroom
from malpas.set_up.steps import missing_steps
from points.models import Behaviour
from stories.models import Post
from tests.people import key, make_staff, use_mfa
from tests.sentences.portal import (
    ACCOUNTS_OF_THE_CLASSES,
    BEHAVIOURS_THAT_EARN_POINTS,
    HOURS_OF_THE_WEEK,
    SCHOOL_NAMES_AND_NUMBERS,
    STAFF_OF_THE_CLASSES,
)
from tests.triggers import without_triggers

pytestmark = [pytest.mark.django_db]
PHONE = "01632 960115"


@pytest.fixture
def leader(clock) -> Client:
    """The first leader of an empty installation, after mfa."""
    head = make_staff("Mrs", "Eleri", "Vaughan", personal=True, is_slt=True, is_head=True)
    browser = Client()
    browser.force_login(head.user, backend="accounts.sign_in.backends.PortalBackend")
    use_mfa(browser, head.user)
    return browser


@pytest.fixture
def unopened(people):
    """The school of the tests before its first terms; everybody is signed in."""
    browsers = people.everybody()
    with without_triggers():
        people.terms.acceptances.all().delete()
        people.terms.delete()
    return browsers


def titles() -> list[str]:
    return [step.title for step in missing_steps(School.objects.here())]


def test_migrate_makes_the_school_with_the_policys_hours(clock):
    assert School.objects.count() == 1
    rows = list(WorkingHours.objects.order_by("weekday"))
    assert [row.weekday for row in rows] == [0, 1, 2, 3, 4]
    assert {(row.working_start, row.working_end) for row in rows} == {(time(8, 30), time(17))}
    assert {(row.reply_end, row.arrival_end) for row in rows} == {(time(16, 30), time(15, 30))}
    assert {(row.teaching_start, row.teaching_end) for row in rows} == {(time(9), time(15, 30))}
    assert Behaviour.objects.offered().count() > 10


def test_the_database_holds_that_there_is_one_school(clock):
    with pytest.raises(IntegrityError, match="school_is_one_row"), transaction.atomic():
        School.objects.create(pk=2)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        School.objects.all().delete()
    assert School.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_school_that_has_not_entered_itself_has_a_name(clock, language):
    school = School.objects.here()
    with override(language):
        assert school.name and school.short_name and school.other_short_name
        assert school.name != school.other_short_name


def test_no_page_of_an_empty_installation_is_broken(leader):
    for path in ("/account/login/", "/join/", "/help/", "/terms/", "/privacy/", "/accessibility/", "/pupil/"):
        page = Client().get(path)
        assert page.status_code == 200 and "tel:" not in page.content.decode(), path
        assert "Our school" in page.content.decode()
    for path in (
        "/",
        "/news/",
        "/calendar/",
        "/office/",
        "/admin/",
        "/points/school/",
        "/oversight/",
        "/status/",
    ):
        assert leader.get(path, follow=True).status_code == 200, path


def test_a_story_on_an_empty_installation_waits(leader):
    story = {"title": "Welcome", "body": "We open soon.", "key": key()}
    assert leader.post("/news/write/", story).status_code == 302
    assert Post.objects.get().title == "Welcome"


@pytest.mark.policy("PA-3")
def test_only_leaders_open_anything_before_the_first_terms(unopened):
    waits = {"parent", "parent of both classes", "class", "office", "pupil"}
    for person in waits:
        for path in (
            "/",
            "/news/",
            "/messages/",
            "/office/",
            "/admin/",
            "/class/board/",
            "/write/",
            "/join/",
        ):
            answer = unopened[person].get(path)
            assert answer.status_code == 404 or answer.url == "/not-open/", (person, path)
        page = unopened[person].get("/not-open/")
        assert page.status_code == 200
        assert (PHONE in page.content.decode().partition("<footer")[0]) is (person != "pupil")
        assert "tabbar__item" not in page.content.decode()
    for person in ("deputy", "head"):
        assert unopened[person].get("/").status_code == 200
        assert unopened[person].get("/not-open/").url == "/"


@pytest.mark.policy("PA-3")
def test_before_the_first_terms_nothing_that_is_sent_is_done(people, unopened):
    sent = {"body": "Good morning.", "key": key()}
    answer = unopened["parent"].post(f"/messages/child/{people.mali.pk}/", sent)
    assert answer.url == "/not-open/"
    part = unopened["class"].get("/class/board/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/not-open/"


def test_a_leaders_pin_at_the_class_account_opens_nothing_early(people):
    people.celyn.staff.add(people.head)
    browser = people.client(people.celyn, people.head)
    with without_triggers():
        people.terms.acceptances.all().delete()
        people.terms.delete()
    assert browser.get("/class/board/").url == "/not-open/"


def test_who_waits_may_sign_out_and_read(unopened):
    for path in ("/help/", "/privacy/", "/accessibility/", "/terms/"):
        assert unopened["parent"].get(path).status_code == 200
    assert unopened["parent"].post("/account/logout/").url == "/account/login/"
    assert unopened["pupil"].post("/pupil/leave/").status_code == 302


def test_without_a_telephone_number_the_page_names_none(people, unopened):
    School.objects.update(office_phone="")
    page = unopened["parent"].get("/not-open/").content.decode()
    assert "tel:" not in page


@pytest.mark.policy("PA-3")
def test_leaders_read_on_their_first_page_what_is_missing(leader):
    page = leader.get("/").content.decode()
    steps = missing_steps(School.objects.here())
    assert len(steps) == 5  # names, terms of use, term dates, classes, office: hours and behaviours are there
    for step in steps:
        assert step.url in page
        assert leader.get(step.url).status_code == 200, step


def test_a_school_that_is_ready_misses_nothing(people):
    assert titles() == []
    assert 'id="missing"' not in people.client(people.head).get("/").content.decode()


def no_terms() -> None:
    with without_triggers():
        TermsVersion.objects.all().delete()


@pytest.mark.parametrize(
    ("take", "title"),
    [
        (lambda: School.objects.update(office_phone=""), SCHOOL_NAMES_AND_NUMBERS),
        (no_terms, "The usage terms"),
        (lambda: WorkingHours.objects.all().delete(), HOURS_OF_THE_WEEK),
        (lambda: Term.objects.filter(ends__gte=date(2026, 11, 10)).delete(), "Term dates"),
        (lambda: Behaviour.objects.update(retired_at="2026-11-01T10:00Z"), BEHAVIOURS_THAT_EARN_POINTS),
        (lambda: Classroom.objects.filter(name="Celyn").update(account=None), ACCOUNTS_OF_THE_CLASSES),
        (lambda: StaffMember.objects.filter(surname="Howells").update(pin=""), ""),
        (lambda: StaffMember.objects.update(pin=""), STAFF_OF_THE_CLASSES),
        (lambda: StaffMember.objects.filter(is_office=True).update(left_on="2026-10-01"), "The Main Office"),
    ],
)
def test_each_thing_that_is_missing_is_named(people, take, title):
    take()
    assert titles() == ([title] if title else [])
