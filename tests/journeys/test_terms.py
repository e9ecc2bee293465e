"""New terms while a parent is signed in."""

import re

import pytest
from playwright.sync_api import expect

from malpas.demo.people import DOMAIN
from tests.journeys.test_school_day import agree, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[]), pytest.mark.policy("PA-3", "DO-1")]

FIRST_PARENT = """
    SELECT u.email FROM classes_guardianship g JOIN classes_contact c ON c.id = g.contact_id
    JOIN accounts_user u ON u.id = c.user_id WHERE g.joined_at IS NOT NULL ORDER BY g.id LIMIT 1
"""
NEW = "Photos of other children stay in the portal."


def test_new_terms_are_asked_for_at_the_next_tap(school, browse):
    parent, head = browse(phone=True), browse()
    sign_in(parent, school.sql(FIRST_PARENT)[0][0])
    agree(parent)
    expect(parent).to_have_url(re.compile("/news/$"))
    sign_in(head, f"eleri.vaughan@{DOMAIN}")
    agree(head)
    expect(head.get_by_text("was due on 02.10.2026")).to_be_visible()

    head.goto("/admin/accounts/termsversion/add/")
    for label, words in (
        ("Words in English", NEW),
        ("Words in Welsh", "Mae lluniau plant eraill yn aros yn y porth."),
    ):
        field = head.get_by_label(label)
        field.fill(f"{field.input_value()}\n\n{words}")
    head.locator("#id_dated").fill("10.11.2026")
    head.locator("#id_review_by").fill("10.11.2028")
    head.locator("input[name=_save]").click()
    expect(head.locator("ins").first).to_contain_text(NEW)
    parent.get_by_role("link", name="Points").first.click()
    expect(parent.get_by_role("heading", name="Our terms have changed")).to_have_count(0)
    head.get_by_role("button", name="Publish").click()

    agree(head)
    parent.get_by_role("link", name="Messages").first.click()
    expect(parent.get_by_role("heading", name="Our terms have changed")).to_be_visible()
    expect(parent.locator("ins")).to_contain_text(NEW)
    expect(parent.locator("del")).to_have_count(0)
    agree(parent)
    parent.get_by_role("link", name="Messages").first.click()
    expect(parent).to_have_url(re.compile("/messages/"))

    head.goto("/terms/agreed/?group=parents&state=agreed")
    expect(head.locator("tbody tr")).to_have_count(1)
    head.goto("/")
    expect(head.get_by_text("review of the usage terms")).to_have_count(0)
