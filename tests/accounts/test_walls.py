import pytest
from django.urls import reverse

from accounts.gates import Opens
from tests.structure.routes import open_routes, route_names


@pytest.mark.policy("PU-4")
def test_every_address_without_arguments_is_closed_to_a_pupil(people):
    browser = people.client(people.mali)
    assert browser.get("/pupil/me/").status_code == 200
    tried = 0
    for name in set(route_names()) - open_routes(Opens.TO_PUPILS):
        try:
            path = reverse(name)
        except Exception:  # it takes arguments: the access matrix tries it with real ones
            continue
        tried += 1
        assert browser.get(path).status_code in (403, 404), name
        assert browser.post(path).status_code in (403, 404), name
    assert tried > 30


@pytest.mark.policy("PU-4")
def test_a_pupils_first_page_is_their_own(people):
    assert people.client(people.mali).get("/").headers["Location"] == "/pupil/me/"


@pytest.mark.policy("TE-2")
def test_class_account_opens_nothing_before_a_pin(people):
    browser = people.client(people.celyn)
    assert browser.get("/class/board/").status_code == 200
    session = browser.session
    del session["staff"]
    session.save()
    answer = browser.get("/class/board/")
    assert answer.headers["Location"] == "/class/who/?next=/class/board/"
    assert (
        browser.get("/class/board/", headers={"HX-Request": "true"})
        .headers["HX-Redirect"]
        .startswith("/class/who/")
    )


@pytest.mark.policy("TE-2")
def test_after_fifteen_idle_minutes_the_pin_is_asked_again(people, clock):
    browser = people.client(people.celyn)
    clock.set("2026-11-10 10:14")
    assert browser.get("/class/board/").status_code == 200
    clock.set("2026-11-10 10:28")
    assert browser.get("/class/board/").status_code == 200
    clock.set("2026-11-10 10:43:01")
    assert browser.get("/class/board/").headers["Location"].startswith("/class/who/")


@pytest.mark.policy("TE-2")
def test_who_no_longer_belongs_to_the_class_is_not_at_it(people):
    browser = people.client(people.celyn)
    assert browser.get("/class/board/").status_code == 200
    people.celyn.staff.remove(people.pritchard)
    assert browser.get("/class/board/").status_code == 302


def test_a_departed_of_the_staff_has_no_role_at_the_next_request(people):
    browser = people.client(people.office)
    assert browser.get("/admin/").status_code == 200
    people.office.left_on = "2026-11-09"
    people.office.save()
    assert browser.get("/admin/").status_code == 302


@pytest.mark.policy("AU-6")
@pytest.mark.parametrize("who", ["nia", "dylan", "celyn", "mali"])
def test_admin_opens_to_office_and_leaders_only(people, who):
    assert people.client(people.office).get("/admin/").status_code == 200
    answer = people.client(getattr(people, who)).get("/admin/", follow=True)
    assert "admin/" not in answer.request["PATH_INFO"] or answer.status_code == 404
    assert people.client(people.nia).get("/admin/login/").status_code == 302
