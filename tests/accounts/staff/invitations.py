"""Invitations that several tests of staff accounts send and open."""

import re

from django.test import Client

from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.staff.accounts import (
    invite_staff,
)
from tests.clock import at
from tests.people import BACKEND, unlock_in

NOW, ADDRESS = "2026-11-10 10:00", "tegid.rhys@family.example"
PAGE, SIGN_UP = "/staff/invitation/", "/account/signup/"
CHOSEN = "seven-otters-in-a-rowing-boat"


def link_to(address: str) -> str:
    mail = Delivery.objects.filter(address=address, body__contains=PAGE).latest("pk")
    return re.search(rf"{PAGE}\S+", mail.body).group()


def invited(people, row: StaffMember, address: str = ADDRESS) -> str:
    """Return the mailed link of an invitation by the head."""
    invite_staff(row, address, by=people.actor(people.head), at=at(NOW))
    return link_to(address)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    unlock_in(browser)
    return browser
