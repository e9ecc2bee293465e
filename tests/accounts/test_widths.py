"""Header, tabs and fields at the widths and sizes of text at which they used to break."""

import pytest

from tests.clock import Clock
from tests.people import make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOPS = "found => found.map(each => Math.round(each.getBoundingClientRect().top))"


@pytest.fixture
def school(transactional_db):
    clock = Clock()
    clock.set("2026-11-10 10:00")
    yield make_people()
    clock.real()


@pytest.fixture
def open_page(live_server, school, new_context):
    def open_page(who, path, width):
        context = new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
        if who is not None:
            cookie = school.client(who).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    return open_page


def middle_of(page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"] / 2


@pytest.mark.parametrize("width", [768, 899, 900, 1280])
def test_the_account_stands_beside_the_schools_name(open_page, school, width):
    for who in (school.nia, school.head):
        page = open_page(who, "/news/", width)
        assert abs(middle_of(page, ".header__school") - middle_of(page, ".header__me > summary")) < 12


def test_large_text_on_a_telephone_leaves_the_tabs_in_one_row(open_page, school):
    for who in (school.nia, school.head, school.celyn):
        page = open_page(who, "/news/", 390)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        tops = page.locator(".tabbar__items > li").evaluate_all(TOPS)
        assert len(tops) >= 3 and len(set(tops)) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_day_month_and_year_stand_side_by_side(open_page, school):
    tops = open_page(None, "/join/", 320).locator(".birthday .input").evaluate_all(TOPS)
    assert len(tops) == 3 and len(set(tops)) == 1


@pytest.mark.parametrize("path", ["/news/", "/messages/", "/points/"])
def test_on_paper_stand_no_bars_and_no_buttons(open_page, school, path):
    page = open_page(school.nia, path, 1280)
    assert page.locator(".tabbar").is_visible()
    page.emulate_media(media="print")
    for part in (".tabbar", ".header", ".footer", "main .button"):
        assert not any(each.is_visible() for each in page.locator(part).all()), part
    assert page.locator("main").inner_text().strip()
    page.emulate_media(media="screen")
