"""A parent joins with a letter and a passkey, without a password, and signs in with it alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_joining import OFFICE, SIBLINGS, Joining
from tests.journeys.test_mfa import give_device_a_keychain, local, sign_out
from tests.journeys.test_school_day import agree, type_birthday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("PA-1", "AU-2")]
ADDRESS = "passkey.parent@family.example"


def test_a_parent_joins_with_a_passkey_and_signs_in_with_it(school, browse, tmp_path):
    joining = Joining(school, browse, tmp_path)
    joining.office = joining.staff(OFFICE)
    _contact, _name, guardianships, children, birthdays, _child = school.sql(SIBLINGS)[0]
    letter = joining.letter(guardianships[0])
    page = browse(phone=True)
    give_device_a_keychain(page)
    page.goto(local(school, "/join/" + letter.addresses[0].split("/join/")[1]))
    type_birthday(page, birthdays[0])
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_label("With a passkey").check()
    page.get_by_role("button", name="Make my account").click()
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", school.mail(ADDRESS, "code"), re.MULTILINE)
    page.get_by_label("The code from the e-mail").fill(code.group(1))
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("A name for it").fill("My telephone")
    page.get_by_role("button", name="Make the passkey").click()
    agree(page)
    expect(page).to_have_url(re.compile("/news/$"))
    expect(page.get_by_role("link", name=re.compile(children[0])).first).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/news/"))
