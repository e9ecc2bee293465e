import pytest
from django.test import Client

from tests.people import PASSWORD
from tests.sentences.portal import TERMS_REVIEW_DUE
from tests.sentences.reading import says


@pytest.mark.parametrize("path", ["/help/", "/privacy/", "/accessibility/", "/terms/", "/account/login/"])
def test_pages_for_everybody_open_without_sign_in(people, path):
    page = Client().get(path)
    assert page.status_code == 200
    assert "concerns@school.example" in page.content.decode()


@pytest.mark.policy("AU-10")
def test_the_address_for_concerns_stands_on_error_pages_too(people, settings):
    page = Client().get("/no-such-page/")
    assert page.status_code == 404
    assert "concerns@school.example" in page.content.decode()


def test_review_is_overdue_from_midnight_in_london(people, clock):
    clock.set("2026-10-02 23:30")
    browser = people.client(people.head)
    assert says(browser.get("/").content.decode(), TERMS_REVIEW_DUE)
    assert "was due on" not in browser.get("/admin/accounts/termsversion/").content.decode()
    clock.set("2026-10-03 00:00")
    assert "was due on" in browser.get("/").content.decode()
    assert "was due on" in browser.get("/admin/accounts/termsversion/").content.decode()


def test_the_footer_says_when_the_office_answers(people):
    assert "School days, 08:30 to 16:30" in Client().get("/help/").content.decode()


@pytest.mark.parametrize("path", ["/%00/", "/help/?next=%00", "/help/?a=%ff", "/help/?a=%1b"])
def test_an_address_that_no_database_could_look_up_is_400(people, path):
    assert Client().get(path).status_code == 400


def test_every_page_carries_the_walls_of_the_browser(people):
    for page in (Client().get("/help/"), Client().get("/no-such-page/")):
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "same-origin"


def test_pages_of_signed_in_people_stay_in_no_cache(people):
    assert people.client(people.nia).get("/help/").headers["Cache-Control"] == "private, no-store"


def test_signing_out_clears_browser_storage(people):
    browser = people.client(people.nia)
    assert browser.get("/account/logout/").status_code == 200
    gone = browser.post("/account/logout/")
    assert gone.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/").headers["Location"].startswith("/account/login/")


def test_language_is_stored_for_the_person(people):
    browser = people.client(people.nia)
    browser.post("/language/", {"language": "cy", "next": "/help/"})
    people.nia.refresh_from_db()
    assert people.nia.language == "cy"
    assert '<html lang="cy"' in browser.get("/help/").content.decode()


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_the_language_switch_leads_to_our_own_pages_only(people, target):
    answer = Client().post("/language/", {"language": "cy", "next": target})
    assert "evil" not in answer.headers.get("Location", "/")


def test_a_class_account_cannot_change_its_password(people):
    for account in (people.nia, people.celyn.account):
        account.set_password(PASSWORD)
        account.save()
    assert people.client(people.nia).get("/account/password/change/").status_code == 200
    assert people.client(people.celyn).get("/account/password/change/").status_code == 404


def test_health_reports_the_database_and_nobodys_data(people):
    answer = Client().get("/health/").json()
    assert answer.pop("disk_free_percent") > 0
    assert answer == {
        "database": "ok",
        "oldest_announcement_due_seconds": 0,
        "oldest_mail_due_seconds": 0,
        "oldest_document_held_seconds": 0,
        "last_sweep_seconds": None,
        "mails_failed": 0,
        "late": ["sweep"],
    }
