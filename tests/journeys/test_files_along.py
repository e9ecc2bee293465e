"""On the Friday before half-term a parent sends a photo and a letter; both arrive when school opens again."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files import letter
from tests.journeys.test_messages import ConversationOfTwo
from tests.stories.kit import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]
SIZE = "image => image.decode().then(() => image.naturalWidth)"


def files(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "castle.jpg", tmp_path / "letter.pdf", tmp_path / "plan.docx"]
    for path, data in zip(found, [picture(size=(1200, 800)), letter(), b"PK\x03\x04"], strict=True):
        path.write_bytes(data)
    return found


@pytest.mark.policy("PA-6")
@pytest.mark.policy("AU-5")
def test_a_photo_and_a_letter_wait_through_half_term(school, browse, tmp_path):
    castle, paper, plan = files(tmp_path)
    conversation = ConversationOfTwo(school, browse)
    conversation.both_sign_in()
    monday, last = school.sql(
        "SELECT starts, ends FROM accounts_closure WHERE kind = 'half_term' AND starts > '2026-12-01' ORDER BY 1"
    )[0]
    friday, back = monday - timedelta(days=3), last + timedelta(days=3)
    conversation.at(f"{friday} 17:30")
    page = conversation.parent
    page.get_by_label("Your message").fill("Here is her castle, with the letter.")
    page.get_by_text("Add photos or documents").click()
    page.get_by_label("Photos or documents").set_input_files([castle, plan])
    expect(page.get_by_text("We take photos and PDF documents")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile("castle.jpg"))).to_be_checked()
    page.get_by_label("Photos or documents").set_input_files(paper)
    expect(page.get_by_role("checkbox", name=re.compile("letter.pdf"))).to_be_checked()
    expect(page.get_by_label("Your message")).to_have_value("Here is her castle, with the letter.")
    page.get_by_role("button", name=re.compile("Send for Monday 08:30")).click()
    waits = page.locator(".message--waiting")
    expect(waits).to_contain_text("letter.pdf")
    photo = page.get_by_role("img", name="Photo 1 with this message")
    assert photo.evaluate(SIZE) == 640
    address = photo.get_attribute("src")
    assert conversation.board.request.get(address).status == 404
    conversation.at(f"{back} 08:29")
    conversation.said(conversation.board, "castle", 0)
    conversation.at(f"{back} 08:30")
    conversation.said(conversation.board, "Here is her castle, with the letter.")
    assert conversation.board.get_by_role("img", name="Photo 1 with this message").evaluate(SIZE) == 640
    with conversation.board.expect_download() as saved:
        conversation.board.get_by_role("link", name=re.compile("letter.pdf")).click()
    assert saved.value.suggested_filename == "letter.pdf"
    assert Path(saved.value.path()).read_bytes() == letter()
