"""A parent mistypes their address at sign-up, asks for the code again, and puts the address right on the same page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_joining import OFFICE, PASSWORD, SIBLINGS, Joining
from tests.journeys.test_school_day import agree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("AU-2")]
SLIP, MEANT = "sian.slip@famly.example", "sian.meant@family.example"
CODE = re.compile(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", re.MULTILINE)


def newest_code(story: Joining, address: str, number: int) -> str:
    """The code in the mail of this number to an address, once it has landed."""
    story.school.mail(address, "code")
    found = CODE.findall("\n".join(words for _subject, words in story.school.mails(address)))
    assert len(found) == number
    return found[-1]


def begin(story: Joining) -> Page:
    found = story.school.sql(SIBLINGS)[0]
    story.office = story.staff(OFFICE)
    page = story.browse(phone=True)
    story.use_code(page, story.letter(found[2][0]), found[4][0])
    page.get_by_label("Your e-mail address").fill(SLIP)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    return page


def test_a_wrong_address_is_put_right_on_the_page_of_the_code(school, browse, tmp_path: Path):
    story = Joining(school, browse, tmp_path)
    page = begin(story)
    slip = newest_code(story, SLIP, 1)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("We have sent the code again")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("a moment ago")).to_be_visible()
    page.get_by_text("Wrong address?").click()
    page.get_by_label("Your e-mail address").fill("sian.meant@")
    page.get_by_role("button", name="Send the code there").click()
    expect(page.get_by_label("Your e-mail address")).to_have_value("sian.meant@")
    page.get_by_label("Your e-mail address").fill(MEANT)
    page.get_by_role("button", name="Send the code there").click()
    expect(page.get_by_text(MEANT)).to_be_visible()
    code = newest_code(story, MEANT, 1)
    assert code != slip
    page.get_by_label("The code from the e-mail").fill(code)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("navigation", name="Your pages")).to_have_count(0)  # the terms lead nowhere else
    agree(page)
    expect(page).to_have_url(re.compile("/news/$"))
    assert school.sql("SELECT count(*) FROM accounts_user WHERE email = %s", SLIP) == [(0,)]
