"""A leader sets up a second step; a parent signs in with a passkey that a browser keeps."""

import re

import pytest
from playwright.sync_api import Page, expect

from malpas.demo.people import PASSWORD
from tests.accounts.sign_in.mfa import code
from tests.journeys.school import RunningSchool
from tests.journeys.test_school_day import agree, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

DEPUTY = "huw.rees@malpascourt.example"


def give_device_a_keychain(page: Page) -> None:
    """What a telephone has: a place for passkeys that asks for a finger, and is always given one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.locator("details.header__me summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/account/login/"))


def take_mfa_away(school: RunningSchool) -> None:
    school.sql(
        "DELETE FROM mfa_authenticator WHERE user_id = (SELECT id FROM accounts_user WHERE email = %s)",
        DEPUTY,
    )


def test_a_leader_without_mfa_sets_it_up_and_opens_the_admin(school, browse):
    take_mfa_away(school)
    page = browse(phone=True)
    sign_in(page, DEPUTY)
    expect(page).to_have_url(re.compile("/account/second-step/begin/"))
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/account/second-step/begin/"))
    page.get_by_role("link", name="An authenticator app").click()
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".letter__letters").inner_text().replace(" ", "")
    page.get_by_label("The 6 digits").fill(code(-1, secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    recovery = page.locator("main li").first.inner_text()
    with page.expect_download() as file:
        page.get_by_role("link", name="Download").click()
    assert recovery in file.value.path().read_text()
    page.get_by_role("link", name="I have kept them").click()
    agree(page)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="What would you like to do?")).to_be_visible()
    page.goto("/")
    sign_out(page)
    sign_in_with(page, DEPUTY, code(0, secret))
    expect(page.get_by_role("heading", name="Hello,")).to_be_visible()
    sign_out(page)
    sign_in_with(page, DEPUTY, recovery)
    expect(page.get_by_role("heading", name="Hello,")).to_be_visible()


def sign_in_with(page: Page, address: str, typed: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code", exact=True).fill(typed)
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_made_signs_in_and_is_removed(school, browse):
    address = school.sql(
        "SELECT u.email FROM accounts_user u JOIN classes_contact c ON c.user_id = u.id ORDER BY u.id"
    )[0][0]
    page, scripts = browse(phone=True), []
    give_device_a_keychain(page)
    page.goto(local(school, "/account/login/"))
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    agree(page)
    page.goto(local(school, "/account/signing-in/"))
    page.route(
        "**/passkey.js", lambda route: scripts.append(route)
    )  # a slow line: the page is there before its script
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill("My telephone")
    expect(page.get_by_role("button", name="Make the passkey")).to_be_disabled()
    scripts.pop().continue_()
    page.unroute("**/passkey.js")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Your passkey is saved.")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/news/"))
    page.goto(local(school, "/account/signing-in/"))
    page.get_by_role("link", name="My telephone").first.click()
    page.get_by_label("A name for it").fill("The red telephone")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="The red telephone").click()
    page.get_by_role("link", name="Remove the passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def local(school: RunningSchool, path: str) -> str:
    """Browsers give passkeys to names only, and localhost is one."""
    return school.url.replace("127.0.0.1", "localhost") + path


def test_a_passkey_is_a_leaders_password_and_mfa_in_one(school, browse):
    take_mfa_away(school)
    page = browse()
    give_device_a_keychain(page)
    page.goto(local(school, "/account/login/"))
    page.get_by_label("E-mail address").fill(DEPUTY)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="A passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    agree(page)
    sign_out(page)
    page.get_by_label("E-mail address").fill(DEPUTY)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="Hello,")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Hello,")).to_be_visible()
