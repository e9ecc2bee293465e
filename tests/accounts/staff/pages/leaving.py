"""Enter a leaving day as a browser does, in two steps."""

from django.test import Client

from accounts.models.people import StaffMember
from tests.accounts.staff.pages.sending import page_of, send


def asked(browser: Client, row: StaffMember, day: str):
    """Send the day; the page that answers says in numbers what would end."""
    return send(browser, page_of(row, "leaving/"), day=day)


def numbers(page) -> dict[str, object]:
    """Return what the button of the page sends."""
    said = page.context["said"]
    return {**page.context["ends"]._asdict(), "day": said["day"], "seen": said["seen"] or ""}


def end(browser: Client, row: StaffMember, day: str):
    """End somebody's work on this day, once the page has asked."""
    return browser.post(page_of(row, "leaving/"), numbers(asked(browser, row, day)))
