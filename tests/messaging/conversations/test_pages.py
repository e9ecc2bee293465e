import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from messaging.conversations.queries.class_inbox import class_rows
from messaging.models.conversations import Conversation, Message
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.people import guardianship, key, make_contact, make_pupil, make_user
from tests.sentences.accounts import GOES_OUT_LATER, STAFF_ARRIVES_NOW
from tests.sentences.messaging import JOIN_WITH_A_CODE, READ_BY_THE_CLASS
from tests.sentences.reading import says

HTMX = {"HTTP_HX_REQUEST": "true"}


def page_of(browser: Client, message: Message) -> str:
    return browser.get(f"/messages/{message.conversation_id}/").content.decode()


@pytest.mark.policy("TE-5")
@pytest.mark.policy("PA-6")
@pytest.mark.policy("PA-12")
def test_the_hours_and_the_arrival_are_shown_before_the_field(people, clock):
    clock.set(QUIET)
    page = people.client(people.nia).get(f"/messages/child/{people.mali.pk}/").content.decode()
    page = page[: page.index("<footer")]
    order = [
        page.index(part)
        for part in ("Quiet until Monday 08:30", "01632 960115", "<textarea", "Send for Monday 08:30")
    ]
    assert order == sorted(order)


@pytest.mark.policy("TE-5")
@pytest.mark.policy("TE-4")
def test_the_class_sees_the_arrival_before_it_writes(people, clock):
    message = from_parent(people)
    clock.set("2026-11-10 17:30")
    page = page_of(people.client(people.celyn), message)
    goes_out = GOES_OUT_LATER % {"day": "Wednesday 11 November", "time": "08:30"}
    assert page.index(goes_out) < page.index("<textarea")
    assert "Send for Wednesday 08:30" in page


@pytest.mark.policy("TE-6")
@pytest.mark.parametrize("when", ["2026-11-10 10:00", "2026-11-10 15:40", "2026-11-10 16:45"])
def test_staff_read_a_banner_that_is_written_for_staff(people, clock, when):
    clock.set(when)
    message = from_parent(people, when=when)
    page = page_of(people.client(people.celyn), message)
    assert says(page, STAFF_ARRIVES_NOW) and "hours__title" in page
    assert not says(page_of(people.client(people.nia), message), STAFF_ARRIVES_NOW)


@pytest.mark.policy("TE-5")
def test_the_banner_is_one_line_once_one_has_written_here(people, clock):
    clock.set(QUIET)
    nia, address = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    assert "hours__title" in page_text(nia, address)
    message = from_parent(people, when=QUIET)
    page = page_of(nia, message)
    assert '<details class="hours' in page and "hours__title" not in page
    page = page[page.index('<details class="hours') :]
    line = page[page.index("<summary>") :]
    assert "Quiet until Monday 08:30. Arrives then." in line[: line.index("</summary>")]
    assert page.index("<summary>") < page.index("<textarea")


@pytest.mark.policy("TE-6")
def test_during_lessons_the_page_says_children_come_first(people):
    page = page_text(people.client(people.nia), f"/messages/child/{people.mali.pk}/")
    assert page.index("Lessons are on") < page.index("<textarea") and "Send for" not in page


def test_a_pending_message_can_be_changed_and_withdrawn_there(people, clock):
    clock.set(QUIET)
    nia = people.client(people.nia)
    sent = nia.post(f"/messages/child/{people.mali.pk}/", {"body": "Three boxes", "key": key()}, follow=True)
    page = sent.content.decode()
    assert "message--waiting" in page and "Arrives on Monday 08:30" in page
    assert "Change" in page and "Withdraw" in page and "Report" not in page
    clock.set(ARRIVES)
    page = page_of(nia, Message.objects.get())
    assert "message--waiting" not in page and "Withdraw" not in page


def test_a_repeated_request_leads_to_the_same_page(people):
    nia, answer = people.client(people.nia), {"body": "Once", "key": key()}
    replies = [nia.post(f"/messages/child/{people.mali.pk}/", answer) for _attempt in range(2)]
    assert {reply.status_code for reply in replies} == {302} and replies[0].url == replies[1].url
    assert Message.objects.count() == 1


def test_htmx_moves_the_whole_page(people):
    reply = people.client(people.nia).post(
        f"/messages/child/{people.mali.pk}/", {"body": "x", "key": key()}, **HTMX
    )
    assert reply["HX-Redirect"].startswith("/messages/")


def test_looking_at_a_child_begins_no_conversation(people):
    assert people.client(people.nia).get(f"/messages/child/{people.mali.pk}/").status_code == 200
    assert not Conversation.objects.exists()


def test_a_message_names_its_staff_member_or_its_parent(people):
    message = from_class(people, staff=people.adeyemi)
    from_parent(people, "Thanks")
    assert re.search(
        r"Mr Adeyemi for Celyn\s*<span class=\"badge tone-sea\">", page_of(people.client(people.nia), message)
    )
    page = page_of(people.client(people.celyn), message)
    assert "<bdi>Nia Bowen</bdi>" in page and "Mr Adeyemi for Celyn" in page


@pytest.mark.policy("TE-7")
def test_each_message_of_the_other_side_can_be_reported(people):
    theirs, own = from_class(people), from_parent(people)
    page = page_of(people.client(people.nia), theirs)
    assert f"/report/message/{hide(theirs.pk)}/" in page and f"/report/message/{hide(own.pk)}/" not in page
    assert f"/report/message/{hide(own.pk)}/" in page_of(people.client(people.celyn), own)


@pytest.mark.parametrize(
    "words_", ["<script>alert(1)</script>", '<img src=x onerror="a()">', '<b hx-get="/x">', "{{ 7|add:7 }}"]
)
def test_a35_a36_text_is_shown_as_typed_and_never_runs(people, words_):
    message = from_parent(people, words_)
    page = page_of(people.client(people.celyn), message)
    assert words_ not in page or "{{" in words_
    assert words_.split("<")[-1][:5] in page and "hx-disable" in page


def test_an_address_in_a_message_is_a_link_for_both_sides(people):
    message = from_parent(people, "See https://example.org/castles.")
    for reader in (people.nia, people.celyn):
        assert 'href="https://example.org/castles"' in page_of(people.client(reader), message)


def test_reading_is_marked_by_a_post_and_never_by_looking(people):
    message = from_class(people)
    nia = people.client(people.nia)
    assert "1 new" in page_text(nia, "/messages/")
    page = page_of(nia, message)
    assert f'hx-post="/messages/{message.conversation_id}/read/"' in page
    assert nia.get(f"/messages/{message.conversation_id}/read/").status_code == 405
    message.refresh_from_db()
    assert message.read_at is None
    seen = {"seen": hide(message.pk)}
    assert nia.post(f"/messages/{message.conversation_id}/read/", seen, **HTMX).status_code == 204
    assert nia.post(f"/messages/{message.conversation_id}/read/", seen).status_code == 302
    message.refresh_from_db()
    assert message.read_at == at("2026-11-10 10:00")
    assert "1 new" not in page_text(nia, "/messages/")


@pytest.mark.policy("TE-4")
def test_a_quiet_reading_by_the_class_shows_at_the_opening(people, clock):
    message = from_parent(people)
    clock.set(QUIET)
    celyn = people.client(people.celyn)
    celyn.post(f"/messages/{message.conversation_id}/read/", {"seen": hide(message.pk)})
    assert "1 new" not in page_text(celyn, "/messages/")
    assert not says(page_of(people.client(people.nia), message), READ_BY_THE_CLASS)
    clock.set(ARRIVES)
    assert READ_BY_THE_CLASS % {"when": "Monday 08:30"} in page_of(people.client(people.nia), message)


def test_one_side_does_not_mark_its_own_messages_as_read(people):
    message = from_parent(people)
    people.client(people.nia).post(f"/messages/{message.conversation_id}/read/", {"seen": hide(message.pk)})
    message.refresh_from_db()
    assert message.read_at is None


def test_answering_marks_what_was_answered_as_read(people):
    message = from_parent(people)
    answer = {"body": "Yes", "key": key(), "seen": hide(message.pk)}
    people.client(people.celyn).post(f"/messages/{message.conversation_id}/", answer)
    message.refresh_from_db()
    assert message.read_at


@pytest.mark.parametrize("path", ["read/", ""])
def test_what_came_after_the_page_was_drawn_is_not_called_read(people, path):
    from_parent(people, "She has a cold.")
    message = from_parent(people, "Her bag is at home.")
    page = page_of(people.client(people.celyn), message)
    assert f'name="seen" value="{hide(message.pk)}"' in page and f'{{"seen": {hide(message.pk)}}}' in page
    later = from_parent(people, "And her coat.")
    answer = {"body": "Thank you", "key": key(), "seen": hide(message.pk)}
    people.client(people.celyn).post(f"/messages/{message.conversation_id}/{path}", answer)
    unread = Message.objects.filter(from_class=False, read_at__isnull=True)
    assert list(unread) == [later]
    assert says(page_of(people.client(people.nia), message), READ_BY_THE_CLASS)


def test_a_message_of_another_conversation_marks_nothing_as_read(people):
    message, other = from_parent(people), from_parent(people, parent=people.gareth)
    for seen in (hide(other.pk), hide(0), 0, "x", 2**60, 2**70):
        people.client(people.celyn).post(f"/messages/{message.conversation_id}/read/", {"seen": seen})
    assert Message.objects.filter(read_at__isnull=True).count() == 2


def test_the_class_sees_the_unanswered_first_and_then_the_newest(people, clock):
    from_parent(people, "Answered", parent=people.gareth, when="2026-11-10 09:30")
    from_parent(people, "Older", when="2026-11-10 09:10")
    from_parent(people, "Newer", parent=people.sioned, pupil=people.efa, when="2026-11-10 09:20")
    from_class(people, "Answer", parent=people.gareth, when="2026-11-10 09:40")
    rows, more = class_rows(people.actor(people.celyn), now=at("2026-11-10 10:00"))
    assert more is None
    assert [row.last.message.body for row in rows] == ["Newer", "Older", "Answer"]


def test_a_parent_has_a_line_for_each_child_and_its_class(people):
    page = page_text(people.client(people.sioned), "/messages/")
    assert "Celyn, about Efa" in page and "Derwen, about Tomos" in page and "Mali" not in page


def test_the_class_can_write_first_to_its_own_families(people):
    celyn = people.client(people.celyn)
    assert "/messages/families/" in page_text(celyn, "/messages/")
    page = page_text(celyn, "/messages/families/")
    assert f"/messages/child/{people.mali.pk}/parent/{people.gareth.pk}/" in page
    assert "Dylan" not in page and "Nowak" not in page.replace("Zofia Nowak", "")
    address = f"/messages/child/{people.mali.pk}/parent/{people.gareth.pk}/"
    assert celyn.post(address, {"body": "Hello", "key": key()}).status_code == 302
    assert Message.objects.get().conversation.parent == people.gareth
    assert celyn.get(f"/messages/child/{people.mali.pk}/").status_code == 404
    assert celyn.get(f"/messages/child/{people.mali.pk}/parent/{people.dylan.pk}/").status_code == 404


def test_news_come_as_a_fragment_and_nothing_comes_without_news(people):
    message = from_parent(people)
    nia = people.client(people.nia)
    mark = re.search(r"mark=(\w+)", page_of(nia, message))[1]
    address = f"/messages/{message.conversation_id}/new/?mark={mark}"
    assert nia.get(address, **HTMX).status_code == 204
    from_class(people, "An answer")
    fragment = nia.get(address, **HTMX)
    assert "An answer" in fragment.content.decode() and "<html" not in fragment.content.decode()


def test_a_long_conversation_comes_in_pages(people):
    first = from_class(people, "Number 0.")
    for number in range(1, 60):
        from_class(people, f"Number {number}.", when="2026-11-10 09:30")
    nia = people.client(people.nia)
    page, found = page_of(nia, first), []
    assert "Number 0." in page and "Newest messages" not in page
    for _page in range(3):
        found += re.findall(r'id="message-(\d+)"', page)
        older = re.search(r'href="([^"]+\?before=\d+)"', page)
        if older:
            page = nia.get(older[1]).content.decode()
            assert page.count("<article") == 20 and "Newest messages" in page
    assert older is None and len(found) == len(set(found)) == 60


def test_a_full_page_of_a_conversation_is_small(people):
    for number in range(20):
        from_parent(people, f"Number {number}. " + "Three boxes are in the bag for Monday. " * 3)
        from_class(people, f"Number {number}. " + "Thank you, they are very welcome. " * 3)
    conversation = Message.objects.first().conversation_id
    for who in (people.nia, people.celyn):
        page = people.client(who).get(f"/messages/{conversation}/").content
        assert page.count(b"<article") == 20 and len(page) <= 40_000


@pytest.mark.parametrize("query", ["before=0", "before=-1", "before=x", "before=9" + "9" * 30, "before=1"])
def test_an_address_that_asks_for_nonsense_is_not_found(people, query):
    message = from_parent(people)
    assert people.client(people.nia).get(f"/messages/{message.conversation_id}/").status_code == 200
    assert people.client(people.nia).get(f"/messages/{message.conversation_id}/?{query}").status_code == 404


def test_a_parent_without_a_child_reads_what_to_do(people):
    Guardianship.objects.filter(contact__user=people.nia).update(ended_at=at("2026-11-10 09:00"))
    nia = people.client(people.nia)
    assert JOIN_WITH_A_CODE in page_text(nia, "/messages/")
    assert nia.get("/write/").status_code == 404


def families_write(people, first: int, last: int) -> None:
    for one in range(first, last):
        parent = make_user(f"Parent {one}", f"p{one}@family.example")
        pupil = make_pupil(f"Child {one}", "Test", people.celyn)
        guardianship(make_contact("Parent", str(one), parent), pupil)
        from_parent(people, parent=parent, pupil=pupil)
        from_class(people, f"{one}")


def questions(browser: Client, address: str) -> int:
    browser.get(address)  # the school's hours are read once
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_the_lists_take_the_same_queries_at_1_3_and_50_rows(people):
    conversation = from_parent(people).conversation
    celyn, nia = people.client(people.celyn), people.client(people.nia)
    pages = [(who, page) for who in (celyn, nia) for page in ("/messages/", f"/messages/{conversation.pk}/")]
    counts = []
    for first, last in [(0, 1), (1, 3), (3, 50)]:
        families_write(people, first, last)
        counts.append([questions(*page) for page in pages])
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0]) <= 6, counts
