"""Check that no browser takes a PIN for the password of the account (TE-2, PA-11)."""

import re

import pytest

from classes.class_account.forms import PinForm
from tests.accounts.parent_lock.lock import give_pin
from tests.people import PIN

INPUT = re.compile(r"<input[^>]*>")


def pin_inputs(page: str) -> list[str]:
    """Return the inputs of a page in which a PIN is typed."""
    found = [each for each in INPUT.findall(page) if re.search(r'name="(pin|new|again|old)"', each)]
    assert found
    return found


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("celyn", "/class/pin/"),
        ("celyn", "/class/who/"),
        ("nia", "/parent-lock/pin/"),
        ("gareth", "/parent-lock/"),
    ],
)
def test_a_browser_neither_keeps_nor_fills_in_a_pin(people, who, path):
    give_pin(people.gareth)
    page = people.client(getattr(people, who)).get(path).content.decode()
    for field in pin_inputs(page):
        assert 'type="text"' in field and 'autocomplete="one-time-code"' in field and "input--pin" in field


def test_a_pin_is_never_written_into_a_page_again():
    assert PIN not in str(PinForm({"old": PIN, "new": PIN, "again": "9"}))
