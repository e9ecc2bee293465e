"""Check the office's first page in a browser (PA-7).

What comes first, what counts as seen, what stands on paper.
"""

import pytest

from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery
from messaging.enums import AbsenceReason, DayPart, Topic
from messaging.office.services.enquiries import AbsenceFacts
from tests.clock import Clock, at
from tests.messaging.office.test_digest import EVENING, come
from tests.people import make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, PAPER, DESK = 390, 673, 1280  # paper: 178 mm


@pytest.fixture
def people(transactional_db):
    """Make an evening with an urgent enquiry, three others and an absence."""
    clock, people = Clock(), make_people()
    clock.set(EVENING)
    for topic in (Topic.OTHER, Topic.OTHER, Topic.LOST, Topic.URGENT):
        come(people, 1, EVENING, topic)
    facts = AbsenceFacts(first_day=at(EVENING).date(), part=DayPart.WHOLE, reason=AbsenceReason.ILL)
    come(people, 1, EVENING, Topic.ABSENCE, absence=facts)
    yield people
    clock.real()


@pytest.fixture
def open_office(live_server, people, new_context):
    def open_office(size: int):
        context = new_context(base_url=live_server.url, viewport={"width": size, "height": 844})
        session = people.client(people.office).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    return open_office


def boxes(page) -> list[dict]:
    """Return where urgent one, last of queue, and sheet stand."""
    found = [page.locator(".queue__item").first, page.locator(".queue__item").last, page.locator("#sheet")]
    return [each.bounding_box() for each in found]


def test_on_a_phone_the_queue_comes_before_the_sheet(open_office):
    page = open_office(PHONE)
    page.goto("/office/")
    urgent, last, sheet = boxes(page)
    assert urgent["y"] < last["y"] < sheet["y"]
    page.locator("a[href='#sheet']").click()
    assert page.url.endswith("#sheet")


def test_at_a_desk_the_sheet_stands_beside_the_queue(open_office):
    page = open_office(DESK)
    page.goto("/office/")
    _urgent, last, sheet = boxes(page)
    assert sheet["x"] > last["x"] + last["width"] and sheet["y"] < last["y"]
    assert not page.locator("a[href='#sheet']").is_visible()


@pytest.mark.policy("PA-7")
def test_a_look_in_a_browser_quiets_what_the_list_shows(open_office, people):
    page = open_office(PHONE)
    with page.expect_response("**/office/viewed/"):
        page.goto("/office/?topic=other")
    mail = Delivery.objects.get(user=people.office.user, digest="enquiry")
    assert (mail.notices, mail.state) == (1, DeliveryState.PENDING)  # the coat; the absence is on the sheet
    with page.expect_response("**/office/viewed/"):
        page.goto("/office/")
    mail.refresh_from_db()
    assert mail.state == DeliveryState.CANCELLED


@pytest.mark.parametrize("address", ["/office/", "/office/absences/"])
def test_on_paper_stands_the_sheet_and_nothing_that_is_pressed(open_office, address):
    page = open_office(PAPER)
    page.goto(address)
    assert page.locator("main .button:visible").count() and page.locator(".header").is_visible()
    page.emulate_media(media="print")
    assert (
        page.locator("#sheet").is_visible()
        and page.locator("table").get_by_text("Mali Bowen").first.is_visible()
    )
    pressed = ".button, .link--bare, .header, .footer, .tabbar, .queue__item, input, textarea, select"
    visible = [each for each in page.locator(pressed).all() if each.is_visible()]
    assert visible == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER


def test_no_row_of_the_sheet_is_cut_between_two_pages(open_office):
    page = open_office(PAPER)
    page.goto("/office/absences/")
    page.emulate_media(media="print")
    breaks = page.locator("tr").evaluate_all("rows => rows.map((row) => getComputedStyle(row).breakInside)")
    assert set(breaks) == {"avoid"}
