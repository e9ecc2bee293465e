"""A conversation that stays open: news, the hour and the end of a right reach it; what is typed and chosen stays."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.school import RunningSchool, eventually
from tests.journeys.test_messages import ConversationOfTwo
from tests.journeys.test_school_day import a_photo, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases=[])]

READ = "SELECT count(*) FROM messaging_message WHERE body = %s AND read_at IS NOT NULL"
STANDS = """() => {
  const log = document.querySelector("[role=log]");
  [window.stood, window.added] = [[...log.querySelectorAll("article")], []];
  const note = (node) => node.nodeType === 1 && !node.hidden && window.added.push(node.id || node.innerText.trim());
  new MutationObserver((all) => all.forEach((each) => each.addedNodes.forEach(note))).observe(
    log, { childList: true, subtree: true });
}"""
STILL = "() => stood.length > 1 && stood.every((article) => article.isConnected)"
HIDDEN = "Object.defineProperty(document, 'visibilityState', { get: () => window.seen || 'hidden' })"


class Open(ConversationOfTwo):
    """The two sides with the conversation before them. What one step leaves for the next."""

    def __init__(self, school: RunningSchool, browse) -> None:
        super().__init__(school, browse)
        self.both_sign_in()
        self.open_parent()

    def done_goes_on_after_live_news(self) -> None:
        send(self.parent, "Is there a moat?")
        self.open_board()
        self.board.get_by_label("Your message").fill("There is")
        seen = self.board.locator("input[name=seen][form=words]")
        before = seen.input_value()
        send(self.parent, "And a drawbridge?")
        self.said(self.board, "And a drawbridge?")
        expect(seen).to_have_count(1)
        expect(seen).not_to_have_value(before)
        expect(self.board.get_by_label("Your message")).to_have_value("There is")
        expect(self.board.get_by_label("Your message")).to_be_focused()
        self.board.get_by_role("button", name="Done").click()
        expect(self.board).to_have_url(re.compile("/messages/$"))

    def only_what_is_new_is_new_in_the_page(self) -> None:
        self.open_board()
        self.board.get_by_label("Your message").fill("There is")
        menu = self.board.locator("article .menu").first
        menu.locator("summary").click()
        self.board.get_by_label("Your message").focus()
        self.board.evaluate(STANDS)
        send(self.parent, "And a portcullis?")
        self.said(self.parent, "And a portcullis?")
        self.parent.evaluate(STANDS)
        self.said(self.board, "And a portcullis?")
        new = self.board.locator("article", has_text="And a portcullis?").get_attribute("id")
        self.board.locator(f"[data-unread], #{new}").first.wait_for(state="attached")
        assert self.board.evaluate(STILL)
        assert [each for each in self.board.evaluate("added") if each] == [new]
        expect(menu.get_by_role("link", name="Report")).to_be_visible()
        expect(self.board.get_by_label("Your message")).to_have_value("There is")
        expect(self.board.get_by_label("Your message")).to_be_focused()

    def a_message_that_is_read_says_so_where_it_stands(self) -> None:
        words = self.parent.locator("article", has_text="And a portcullis?")
        expect(words).to_contain_text("Read by the class")
        assert self.parent.evaluate(STILL)
        (read,) = [each for each in self.parent.evaluate("added") if each]
        assert re.fullmatch(r"Read by the class, .*", read)

    def a_tab_behind_others_reads_nothing(self) -> None:
        self.parent.add_init_script(HIDDEN)
        self.open_parent()
        self.open_board()
        send(self.board, "There are two moats.")
        self.said(self.parent, "There are two moats.")
        self.parent.wait_for_timeout(1000)
        assert self.school.sql(READ, "There are two moats.") == [(0,)]
        self.parent.evaluate("window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
        eventually(lambda: self.school.sql(READ, "There are two moats.") == [(1,)])

    def quiet_hours_begin_under_the_writers_hands(self) -> None:
        self.at("2026-11-10 16:59")
        page = self.parent
        page.locator("summary", has_text="Add photos").click()
        page.get_by_label("Your message").fill("Three boxes")
        page.locator("#files").set_input_files(
            {"name": "castle.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
        )
        expect(page.get_by_role("checkbox", name="castle.jpg")).to_be_checked()
        page.get_by_label("Your message").focus()
        expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
        self.school.clock("2026-11-10 17:01")
        expect(page.get_by_role("button", name="Send for Wednesday 08:30")).to_be_visible()
        expect(page.get_by_text("Quiet until Wednesday 08:30")).to_be_visible()
        expect(page.get_by_label("Your message")).to_have_value("Three boxes")
        expect(page.get_by_label("Your message")).to_be_focused()
        expect(page.get_by_role("checkbox", name="castle.jpg")).to_be_checked()
        page.get_by_role("button", name="Send for Wednesday 08:30").click()
        expect(page.get_by_text("Arrives on Wednesday 08:30")).to_be_visible()

    def a_long_conversation_opens_at_its_newest(self) -> None:
        page = self.parent
        self.school.sql(
            "INSERT INTO messaging_message (conversation_id, author_id, staff_id, from_class, body, key, sent_at,"
            " release_at, announced_at, read_at,"
            " withdrawn_because) SELECT conversation_id, author_id, staff_id, from_class,"
            " 'One of many', gen_random_uuid(), sent_at, release_at, announced_at, read_at, '' FROM"
            " messaging_message, generate_series(1, 30) WHERE body = 'Is there a moat?'"
        )
        page.set_viewport_size({"width": 390, "height": 760})
        page.goto("/messages/")
        page.get_by_role("link", name=re.compile(f"about {self.child}")).click()
        newest = page.locator("article:has(#newest)")
        expect(newest).to_contain_text("Three boxes")
        expect(newest).to_be_in_viewport(ratio=1)
        expect(page.locator(".tabbar")).to_be_hidden()  # room for whoever writes
        page.get_by_role("link", name="Earlier messages").click()
        expect(page.get_by_role("link", name="Newest messages")).to_be_visible()

    def a_parent_who_is_removed_finds_the_sign_in_and_no_part_of_it(self) -> None:
        self.open_parent()
        self.school.sql(
            "UPDATE accounts_user SET is_active = false, removed_at = school_now() WHERE email = %s",
            self.address,
        )
        expect(self.parent).to_have_url(re.compile("/account/login/"))
        expect(self.parent.get_by_role("log")).to_have_count(0)


@pytest.mark.policy("TE-5")
def test_what_a_page_shows_stays_true_while_it_is_open(school, browse):
    conversation = Open(school, browse)
    conversation.done_goes_on_after_live_news()
    conversation.only_what_is_new_is_new_in_the_page()
    conversation.a_message_that_is_read_says_so_where_it_stands()
    conversation.a_tab_behind_others_reads_nothing()
    conversation.quiet_hours_begin_under_the_writers_hands()
    conversation.a_long_conversation_opens_at_its_newest()
    conversation.a_parent_who_is_removed_finds_the_sign_in_and_no_part_of_it()
