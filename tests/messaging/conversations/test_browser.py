"""Check the message pages in a browser: axe, narrow screens, layout."""

from uuid import uuid4

import pytest

from malpas.lib.hidden import hide
from messaging.conversations.services.broadcasts import send_to_many
from messaging.conversations.services.proposals import ask_for_meeting, offer_times, promise_call
from messaging.models.conversations import Message
from tests.axe import axe_faults
from tests.clock import Clock, at
from tests.messaging.attachments.test_attachments import photo, sent_with
from tests.messaging.school_time import from_class, from_parent
from tests.people import make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVENING = "2026-11-10 18:00"
SIZES = [(1280, "light", "en"), (320, "dark", "cy"), (390, "light", "cy")]
ROWS = """() => [...document.querySelectorAll(".choices--row")].map((row) => {
  const boxes = [...row.children].map((each) => each.getBoundingClientRect());
  return new Set(boxes.map(({ width }) => Math.round(width))).size;
})"""


WIDE_BESIDE_WORDS = """() => [...document.querySelectorAll(".topic")].some((row) => {
  const beside = [...row.children].filter((each) => !each.querySelector("b"));
  return beside.some((each) => each.getBoundingClientRect().width > 64);
})"""


@pytest.fixture
def people_with_conversation(transactional_db, settings, tmp_path):
    """Make an evening with read messages, times to choose, and pending ones."""
    settings.MEDIA_ROOT, settings.MEDIA_KEEP_FREE = tmp_path, 0
    clock, people = Clock(), make_people()
    clock.set(EVENING)
    by, nia = people.actor(people.celyn), people.actor(people.nia)
    from_parent(people, "a" * 90, when="2026-11-10 09:00")
    fields = {"times": [at("2026-11-12 15:45")], "how": "either", "spoken": "en", "key": uuid4()}
    pair = {"pupil": people.mali, "parent": people.nia}
    ask_for_meeting(**pair, by=nia, at=at("2026-11-10 10:00"), **fields)
    found = Message.objects.get(body="a" * 90).conversation
    promise_call(found, by=by, at=at("2026-11-10 11:00"), key=uuid4())
    times = [at(f"2026-11-1{day} 15:45") for day in (2, 3)]
    offer_times(found, by=by, at=at("2026-11-10 12:00"), key=uuid4(), times=times)
    sent_with(people, *(photo(f"{n}.jpg") for n in range(5)), when=EVENING, body="Three boxes")
    from_class(people, "Two towers", when=EVENING)
    people.broadcast = send_to_many(
        pupils=[people.mali, people.zofia], by=by, at=at(EVENING), body="Wellies, please.", key=uuid4()
    )
    people.conversation = found
    yield people
    clock.real()


@pytest.fixture
def open_as(live_server, people_with_conversation, new_context):
    def open_as(who, size: int, scheme: str = "light", language: str = "en"):
        context = new_context(
            base_url=live_server.url,
            viewport={"width": size, "height": 844},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        session = people_with_conversation.client(who).cookies["sessionid"].value
        for name, value in (("sessionid", session), ("django_language", language)):
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return context.new_page()

    return open_as


def pages_of(people) -> list[tuple[object, list[str]]]:
    number, mali = people.conversation.pk, people.mali.pk
    ask, wait = (Message.objects.get(**who) for who in ({"proposal__kind": "offer"}, {"body": "Two towers"}))
    waits = Message.objects.get(body="Three boxes").pk
    return [
        (people.nia, ["/messages/", f"/messages/{number}/", f"/messages/change/{hide(waits)}/"]),
        (
            people.nia,
            [
                f"/messages/child/{mali}/meeting/",
                f"/messages/answer/{hide(ask.pk)}/",
                "/write/",
                "/calendar/",
            ],
        ),
        (people.celyn, ["/messages/", "/messages/?find=zzz", f"/messages/{number}/", "/messages/departed/"]),
        (
            people.celyn,
            [f"/messages/change/{hide(wait.pk)}/", f"/messages/{number}/meet/", "/messages/families/"],
        ),
        (people.celyn, ["/messages/families/write/", f"/messages/families/{hide(people.broadcast.pk)}/"]),
        (people.office, ["/office/", "/office/figures/", "/office/call/"]),
        (people.deputy, ["/oversight/", "/oversight/?child=Ma", f"/oversight/begin/{number}/"]),
    ]


def faults_of(page, size: int) -> list[str]:
    found = axe_faults(page)
    if page.evaluate("document.documentElement.scrollWidth") > size:
        found.append(f"{page.url}: wider than the page")
    if any(widths != 1 for widths in page.evaluate(ROWS)):
        found.append(f"{page.url}: answers of different widths")
    if page.evaluate(WIDE_BESIDE_WORDS):
        found.append(f"{page.url}: in a row, more than a drawing stands beside the words")
    return found


@pytest.mark.parametrize(("size", "scheme", "language"), SIZES)
def test_the_pages_are_accessible_and_fit_the_screen(
    open_as, people_with_conversation, new_context, size, scheme, language
):
    found = []
    for who, paths in pages_of(people_with_conversation):
        page = open_as(who, size, scheme, language)
        for path in paths:
            answer = page.goto(path)
            assert answer and answer.status == 200, page.url
            found += faults_of(page, size)
        new_context.end(page.context)
    assert found == []
