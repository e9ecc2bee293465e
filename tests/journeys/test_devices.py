"""A parent on two devices: the second is announced, signs the first out, and the address changes with two codes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.school import RunningSchool
from tests.journeys.test_points import FAMILIES
from tests.journeys.test_school_day import agree, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

NEW_ADDRESS = "new.address@family.example"


def code_in(mail: str) -> str:
    found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mail, re.MULTILINE)
    assert found, mail
    return found.group(1)


class Parent:
    """What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        self.school = school
        self.address = school.sql(FAMILIES)[0][2]
        self.tablet, self.telephone = browse(), browse(phone=True)

    def is_on(self, page: Page) -> bool:
        page.goto("/messages/")
        return "/account/login/" not in page.url

    def signs_in_on_the_tablet_and_then_on_the_telephone(self) -> None:
        sign_in(self.tablet, self.address)
        agree(self.tablet)
        assert self.school.mails(self.address) == []
        sign_in(self.telephone, self.address)
        expect(self.telephone).to_have_url(re.compile("/news/"))

    def is_notified_of_the_second(self) -> None:
        mail = self.school.mail(self.address, "A new device has signed in")
        assert "Chrome on Linux" in mail and "10 November" in mail
        self.link = re.search(r"http\S+/account/devices/", mail).group(0)

    def signs_the_tablet_out_from_the_telephone(self) -> None:
        page = self.telephone
        assert self.is_on(self.tablet)
        page.goto(self.link)
        expect(page.get_by_text("This device", exact=True)).to_have_count(1)
        page.get_by_role("main").get_by_role("button", name=re.compile("Sign out ?: Chrome on Linux")).click()
        expect(page.get_by_text("That device is signed out.")).to_be_visible()
        assert not self.is_on(self.tablet)
        assert self.is_on(page)

    def signs_in_again_with_a_code_by_mail(self) -> None:
        page = self.tablet
        page.goto("/account/login/")
        page.get_by_role("link", name="Sign in with a code by e-mail").click()
        page.get_by_label("E-mail address").fill(self.address)
        page.get_by_role("button", name="Send me a code").click()
        code = code_in(self.school.mail(self.address, "Your code for signing in"))
        page.get_by_label("The code from the e-mail").fill(code.lower())
        page.get_by_role("button", name="Go on").click()
        expect(page).to_have_url(re.compile("/news/"))

    def changes_the_address_with_both_codes(self) -> None:
        page = self.tablet
        page.goto("/account/address/")
        page.get_by_label("Your new e-mail address").fill(NEW_ADDRESS)
        page.get_by_role("button", name="Send the codes").click()
        old, new = (
            code_in(self.school.mail(address, "Your code for a new e-mail address"))
            for address in (self.address, NEW_ADDRESS)
        )
        page.get_by_label(f"The code sent to {self.address}").fill(new)
        page.get_by_label(f"The code sent to {NEW_ADDRESS}").fill(old)
        page.get_by_role("button", name="Change my address").click()
        expect(page.get_by_role("alert")).to_contain_text("One of the two codes is not right.")
        page.get_by_label(f"The code sent to {self.address}").fill(old)
        page.get_by_label(f"The code sent to {NEW_ADDRESS}").fill(new)
        page.get_by_role("button", name="Change my address").click()
        expect(page.get_by_text("Your e-mail address is changed.")).to_be_visible()

    def is_signed_out_elsewhere_and_comes_in_with_the_new_one(self) -> None:
        assert not self.is_on(self.telephone)
        sign_in(self.telephone, self.address)
        expect(self.telephone.get_by_role("alert")).to_be_visible()
        sign_in(self.telephone, NEW_ADDRESS)
        expect(self.telephone).to_have_url(re.compile("/news/"))
        for address in (self.address, NEW_ADDRESS):
            assert NEW_ADDRESS in self.school.mail(address, "Your e-mail address was changed")


@pytest.mark.policy("AU-6")
@pytest.mark.policy("AU-2")
def test_a_parent_sees_their_devices_ends_one_and_changes_their_address(school, browse):
    parent = Parent(school, browse)
    parent.signs_in_on_the_tablet_and_then_on_the_telephone()
    parent.is_notified_of_the_second()
    parent.signs_the_tablet_out_from_the_telephone()
    parent.signs_in_again_with_a_code_by_mail()
    parent.changes_the_address_with_both_codes()
    parent.is_signed_out_elsewhere_and_comes_in_with_the_new_one()
