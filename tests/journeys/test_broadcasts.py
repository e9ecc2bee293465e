"""A class writes the same to all its families in the evening; one of them answers, and nobody else reads it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_messages import ConversationOfTwo
from tests.journeys.test_school_day import send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

WORDS = "Please bring wellies on Thursday."
ARRIVED = """
    SELECT count(*), count(DISTINCT conversation_id) FROM messaging_message
    WHERE body = %s AND from_class AND withdrawn_at IS NULL
"""


@pytest.mark.policy("TE-4")
def test_a_class_writes_to_all_its_families_and_a_reply_stays_private(school, browse):
    conversation = ConversationOfTwo(school, browse)
    conversation.both_sign_in()
    conversation.at("2026-11-10 18:00")
    board = conversation.board
    board.goto("/messages/families/")
    board.get_by_role("link", name="Write to several at once").click()
    board.get_by_label("The whole class").check()
    board.get_by_label("Your message").fill("Please bring coats on Thursday.")
    board.get_by_role("button", name="Send for Wednesday 08:30").click()
    expect(board.get_by_role("heading", name=re.compile(r"Written to \d+ families"))).to_be_visible()
    board.get_by_role("button", name=re.compile(r"Withdraw all \d+ that wait")).click()
    expect(board.get_by_text("What waited will not arrive.")).to_be_visible()
    board.get_by_role("link", name="Write a new one").click()
    expect(board.get_by_label("Your message")).to_have_value("Please bring coats on Thursday.")
    board.get_by_label("Your message").fill(WORDS)
    board.get_by_role("button", name="Send for Wednesday 08:30").click()
    expect(board.get_by_role("button", name=re.compile("that wait"))).to_be_visible()
    conversation.open_parent()
    conversation.said(conversation.parent, "wellies", 0)
    conversation.at("2026-11-11 08:30")
    conversation.said(conversation.parent, WORDS)
    conversation.said(conversation.parent, "coats", 0)
    send(conversation.parent, "Whose wellies?")
    conversation.said(conversation.board, "Whose wellies?")
    messages, conversations = school.sql(ARRIVED, WORDS)[0]
    assert messages == conversations > 1
    assert school.sql("SELECT count(*) FROM messaging_message WHERE body = 'Whose wellies?'")[0][0] == 1
