"""Check the first pages of leaders and the governor.

What waits for them, and nothing of families.
"""

import pytest

from accounts.models.school import School
from messaging.enums import ComplaintAbout, Topic
from messaging.office.queries.deadlines import complaints_due
from messaging.office.services.casework import close_enquiry
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.moderation import scene
from tests.people import key, make_staff

NOW = at("2026-11-10 10:00")


@pytest.fixture
def governor(people):
    return make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True, job="Governor")


def complain(people, about=ComplaintAbout.SCHOOL):
    said = {"at": NOW, "key": key(), "body": "She shouts.", "about": about}
    return submit_enquiry(topic=Topic.COMPLAINT, pupils=[people.mali], by=people.actor(people.nia), **said)


def home(people, who) -> str:
    return people.client(who).get("/", follow=True).content.decode()


@pytest.mark.policy("PA-7")
def test_leaders_see_open_complaints_with_the_nearest_limit_first(people, governor, clock):
    clock.set("2026-11-10 10:00")
    early, later = complain(people), complain(people, ComplaintAbout.DATA)
    due = complaints_due(people.actor(people.deputy), today=NOW.date())
    assert [one.reference for one in due.first] == [early.reference, later.reference]
    assert (due.number, due.overdue) == (2, 0)
    assert early.reference in home(people, people.deputy)
    assert "/office/?topic=complaint" in home(people, people.head)


def test_a_complaint_past_its_limit_is_counted_and_a_closed_one_is_not(people, clock):
    clock.set("2026-11-10 10:00")
    complaint = complain(people)
    actor = people.actor(people.deputy)
    assert complaints_due(actor, today=at("2026-12-10 10:00").date()).overdue == 1
    close_enquiry(complaint, by=actor, at=NOW)
    assert complaints_due(actor, today=NOW.date()).number == 0


@pytest.mark.policy("PA-7")
def test_a_complaint_about_the_head_is_on_the_governors_page_alone(people, governor, clock):
    clock.set("2026-11-10 10:00")
    complaint = complain(people, ComplaintAbout.HEAD)
    assert complaint.reference in home(people, governor)
    for who in (people.head, people.deputy, people.office):
        assert complaint.reference not in home(people, who)


@pytest.mark.policy("PA-7")
def test_the_governors_pages_are_the_governors_own(people, governor):
    page = home(people, governor)
    for address in ("/parent-lock/pin/", "/write/", "/write/absence/", "/together/begin/", "/points/"):
        assert f'"{address}"' not in page
    browser = people.client(governor)
    assert browser.get("/write/").status_code == browser.get("/together/").status_code == 404
    assert browser.get("/office/").status_code == browser.get("/news/").status_code == 200


def test_a_governor_with_a_child_here_has_the_childs_pages_too(people, governor):
    contact = people.nia.contact
    contact.user = governor.user
    contact.save(update_fields=["user"])
    browser = people.client(governor)
    assert 'href="/points/"' in browser.get("/").content.decode()
    assert browser.get("/points/").status_code in (200, 302)


def test_leaders_are_led_to_reports_that_nobody_has_decided(people):
    decided, waiting = scene.report(people), scene.report(people, scene.say(people, body="Once more"))
    scene.decide("close", decided, by=people.actor(people.head))
    browser = people.client(people.deputy)
    listed = "/admin/moderation/report/?decided=no"
    assert f'href="{listed}"' in browser.get("/").content.decode()
    page = browser.get(listed).content.decode()
    assert f"/report/{waiting.pk}/change/" in page and f"/report/{decided.pk}/change/" not in page
    others = browser.get("/admin/moderation/report/?decided=yes").content.decode()
    assert f"/report/{decided.pk}/change/" in others and f"/report/{waiting.pk}/change/" not in others


def test_the_list_of_reports_shows_reason_and_class_and_is_searched(people):
    made = scene.report(people, scene.say(people, body="Nonsense about hens"))
    browser, link = people.client(people.deputy), f"/report/{made.pk}/change/"
    page = browser.get("/admin/moderation/report/?q=Nia").content.decode()
    assert link in page and made.get_category_display() in page and "Celyn" in page
    assert link not in browser.get("/admin/moderation/report/?q=Dylan").content.decode()


def test_the_list_of_staff_says_roles_classes_and_mfa_and_is_searched(people):
    browser = people.client(people.head)
    page = browser.get("/admin/accounts/staffmember/?q=Pritchard").content.decode()
    assert "Mrs Pritchard" in page and "Celyn" in page and "Adeyemi" not in page
    for column in ("is_head", "is_safeguarding", "mfa"):
        assert f"field-{column}" in page


def test_the_review_notice_leads_to_the_terms(people, clock):
    clock.set("2026-11-10 10:00")
    assert School.objects.here().terms_number is not None
    page = home(people, people.head)
    assert 'href="/set-up/terms/"' in page
