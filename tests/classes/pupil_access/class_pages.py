"""Open a class page and sign a pupil in with pictures."""

from django.test import Client

from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.pupil_access.class_page import new_class_page
from tests.clock import at

NOW = at("2026-11-10 10:00")


def at_class_page(people, classroom: Classroom | None = None, browser: Client | None = None) -> Client:
    """Return a browser that has scanned the class's new poster."""
    room = classroom or people.celyn
    address = new_class_page(classroom=room, by=people.actor(room), at=NOW, ends=1)
    browser = browser or Client()
    answer = browser.get("/pupil/class/" + address.split("/pupil/class/")[1])
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/pupil/class/"
    return browser


def tap(browser: Client, pupil: Pupil, pictures: list[str]):
    """Tap the pictures and return the last response."""
    *before, last = [str(each) for each in pictures]
    return browser.post(f"/pupil/pictures/{pupil.pk}/", {"picture": last, "before": before})


def wrong(card) -> list[str]:
    """Return pictures of which only the last is wrong."""
    return [*card.pictures[:2], "sun" if card.pictures[2] != "sun" else "moon"]
