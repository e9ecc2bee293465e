"""Test what a child meets between the sign-in page and the dragons of the class (PU-4)."""

import pytest
from django.test import Client

from accounts.models.school import School
from classes.pupil_access.cards import new_card
from tests.classes.pupil_access.class_pages import at_class_page, tap
from tests.clock import at
from tests.sentences.classes import NO_CARD

pytestmark = pytest.mark.policy("PU-4")
NOW = at("2026-11-10 10:00")


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


def words(answer) -> str:
    return answer.content.decode()


def test_i_am_a_pupil_explains_card_and_poster_with_a_picture():
    page = words(Client().get("/pupil/"))
    assert NO_CARD in page and 'viewBox="0 0 240 130"' in page
    assert page.count('class="tile tone-leek"') == 3


def test_a_device_that_remembers_the_class_leads_to_its_dragons(people, clock):
    browser = at_class_page(people)
    assert browser.get("/pupil/").headers["Location"] == "/pupil/class/"
    clock.set("2026-11-10 18:30")
    assert browser.get("/pupil/").status_code == 200


def test_who_is_sent_back_reads_why_and_finds_the_dragons(people):
    page = at_class_page(people).get("/pupil/?next=/pupil/me/")
    assert page.status_code == 200 and 'href="/pupil/class/"' in words(page)


def test_no_page_of_a_child_has_a_telephone_or_an_address(people):
    school = School.objects.here()
    card = new_card(pupil=people.mali, by=people.actor(people.celyn), at=NOW)
    pupil = at_class_page(people)
    assert tap(pupil, people.mali, card.pictures).status_code == 302
    shared = at_class_page(people)
    pages = [
        Client().get("/pupil/"), shared.get("/pupil/class/"), shared.get(f"/pupil/pictures/{people.mali.pk}/"),
        Client().get("/pupil/card/wrong/"), pupil.get("/pupil/me/"), pupil.get("/pupil/dragon/"),
    ]  # fmt: skip
    said = [school.office_phone, school.concerns_email]
    assert all(said) and all(each in words(Client().get("/accounts/login/")) for each in said)
    for page in pages:
        assert page.status_code in {200, 404}
        assert not [each for each in said if each in words(page)]
