"""What a leader does at the pages of staff."""

from playwright.sync_api import Page, expect


def add_staff(page: Page, title: str, forename: str, surname: str, *roles: str) -> None:
    """Add a member of staff; roles are ticked by the beginning of what they open, and confirmed."""
    page.goto("/staff/")
    page.get_by_role("link", name="Add a member of staff").click()
    for label, words in (("Title", title), ("Forename", forename), ("Surname", surname)):
        page.get_by_label(label).fill(words)
    for role in roles:
        page.get_by_label(f"{role}:").check()
    page.get_by_role("button", name="Add a member of staff").click()
    if roles:
        page.get_by_role("button", name="Yes, add them with these roles").click()
    expect(page.get_by_role("heading", name=f"{title} {surname}", exact=True)).to_be_visible()


def give_pin_and_class(page: Page, classroom: str) -> str:
    """Give the person of this page a PIN and a class; return the PIN that was shown."""
    page.get_by_role("link", name="Give a PIN").click()
    page.get_by_role("button", name="Give a PIN").click()
    pin = page.locator(".letter__letters").inner_text()
    page.get_by_role("link", name="Choose classes").click()
    page.get_by_label(classroom).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Classes").get_by_text(classroom)).to_be_visible()
    return pin


def invite(page: Page, address: str) -> None:
    """Invite the person of this page to an account of their own."""
    page.get_by_role("link", name="Invite by e-mail").click()
    page.get_by_label("Their e-mail address").fill(address)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("region", name="Own account").get_by_text(address)).to_be_visible()
