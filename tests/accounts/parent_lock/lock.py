"""Helpers of the tests of the parent lock."""

from accounts.actor import Actor
from accounts.parent_lock.pin import choose_parent_pin
from tests.clock import at

PIN = "4071"
UNLOCK = "/parent-lock/"


def give_pin(user, pin: str = PIN) -> None:
    choose_parent_pin(pin, birthdays=[], by=Actor(user), at=at("2026-11-10 09:00"))


def locked(people, who, clock, pin: str = PIN):
    """Return a browser of this parent, eleven minutes later."""
    give_pin(who, pin)
    browser = people.client(who)
    clock.set("2026-11-10 10:11")
    return browser


def in_shared_view(people, who):
    give_pin(who)
    browser = people.client(who)
    browser.post("/together/begin/")
    return browser
