"""Test the board in a browser: by touch, by keyboard, without scripts."""

import re
import time
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from classes.models.pupils import Pupil
from points.models import Award, Behaviour
from points.services import award_points, set_board
from tests.axe import axe_faults
from tests.clock import Clock, at
from tests.people import PIN, make_people, make_pupil
from tests.sentences.points import IN_YOUR_OWN_WORDS, POINT_EACH_BY_NAME, SHOW_ME, THIS_IS_MY_DRAGON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(transactional_db):
    clock = Clock()
    clock.set("2026-11-10 10:00")
    people = make_people()
    people.clock = clock
    yield people
    clock.real()


@pytest.fixture
def open_page(live_server, school, new_context):
    def open_page(who, path, **options):
        context = new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        cookie = school.client(who).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.problems = []
        page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(path)
        return page

    return open_page


@pytest.mark.policy("TE-1")
def test_two_taps_give_a_point_and_one_takes_the_slip_back(open_page, school):
    page = open_page(school.celyn, "/class/board/", has_touch=True, viewport={"width": 390, "height": 844})
    page.get_by_label("Mali").tap()
    page.get_by_role("dialog", name="A point for Mali").get_by_role("button", name="Sharing").tap()
    bar = page.locator("#undo")
    bar.get_by_text("A point for Mali").wait_for()
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_text("1 together this week").count() == 1
    assert Award.objects.get().pupil == school.mali
    bar.get_by_role("button", name="Undo").tap()
    page.get_by_text("Undone.").wait_for()
    assert not Award.objects.counted().exists()
    assert page.problems == []


@pytest.mark.policy("TE-1")
def test_the_sheet_opens_at_the_tap_without_a_request(open_page, school):
    make_pupil("Mali", "Thomas", school.celyn)
    page = open_page(school.celyn, "/class/board/?view=staff")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Mali T.").click()
    sheet = page.get_by_role("dialog", name="A point for Mali T.")
    expect(sheet).to_be_visible()
    assert [url for url in asked if "icons" not in url] == []
    page.keyboard.press("Escape")
    page.get_by_label("Mali B.").click()
    page.get_by_role("dialog", name="A point for Mali B.").get_by_role("button", name="Sharing").click()
    page.locator("#undo").get_by_text("A point for Mali B.").wait_for()
    assert Award.objects.get().pupil == school.mali
    expect(page.get_by_label("Mali B.")).to_be_focused()
    assert page.problems == []


@pytest.mark.policy("TE-2")
def test_a_tap_on_an_idle_board_is_restored_after_the_pin(open_page, school):
    page = open_page(school.celyn, "/class/board/?view=staff")
    school.clock.set("2026-11-10 10:20")
    page.clock.install(time=time.time() + 20 * 60)
    page.get_by_label("Mali").click()
    page.wait_for_url(re.compile("/class/who/"))
    page.get_by_text("Mrs Pritchard", exact=True).click()
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Go").click()
    sheet = page.get_by_role("dialog", name="A point for Mali")
    expect(sheet).to_be_visible()
    expect(page.locator("#board")).to_be_visible()
    sheet.get_by_role("button", name="Sharing").click()
    page.locator("#undo").get_by_text("A point for Mali").wait_for()
    assert Award.objects.get().pupil == school.mali
    assert page.url.endswith("/class/board/?view=staff")
    assert page.problems == []


@pytest.mark.policy("TE-1")
def test_several_children_are_gathered_first(open_page, school):
    page = open_page(school.celyn, "/class/board/")
    page.get_by_role("button", name="Choose several").click()
    for name in ("Mali", "Efa"):
        page.get_by_label(name).click()
    page.get_by_text("2 chosen").wait_for()
    page.get_by_role("button", name="Give a point").click()
    page.get_by_role("dialog", name="A point for Efa and Mali").get_by_role("button", name="Effort").click()
    page.get_by_text(POINT_EACH_BY_NAME % {"who": "Efa and Mali"}).wait_for()
    assert Award.objects.count() == 2
    assert page.problems == []


def test_a_closed_sheet_gives_nothing_and_leaves_nobody_chosen(open_page, school):
    page = open_page(school.celyn, "/class/board/?view=staff")
    page.get_by_label("Mali").click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    expect(page.locator(".pupil :checked")).to_have_count(0)
    page.get_by_role("link", name="Whole class").click()
    page.get_by_role("dialog", name=re.compile("Efa, Mali and Zofia")).wait_for()
    assert page.problems == []


def test_enter_in_the_field_gives_nothing_by_itself(open_page, school):
    page = open_page(school.celyn, "/class/board/")
    page.get_by_label("Mali").click()
    page.get_by_label(IN_YOUR_OWN_WORDS).fill("The drawbridge")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Working together").click()
    page.locator("#undo").get_by_text("A point for Mali").wait_for()
    assert [(a.behaviour.name_en, a.note) for a in Award.objects.all()] == [
        ("Working together", "The drawbridge")
    ]


def test_the_keyboard_ticks_children_and_continues(open_page, school):
    page = open_page(school.celyn, "/class/board/")
    for name in ("Mali", "Efa"):
        page.get_by_label(name).focus()
        page.keyboard.press("Space")
    page.get_by_text("2 chosen").wait_for()
    assert page.get_by_role("dialog").count() == 0
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="A point for Efa and Mali").wait_for()


def test_without_scripts_a_tick_and_two_buttons_do_it(open_page, school):
    page = open_page(school.celyn, "/class/board/", java_script_enabled=False)
    assert page.get_by_role("button", name="Choose several").count() == 0
    page.get_by_label("Mali").check()
    page.get_by_role("button", name="Give a point").click()
    page.get_by_role("button", name="Sharing").click()
    assert page.get_by_text("A point for Mali").is_visible()
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_text("Undone.").is_visible()
    assert not Award.objects.counted().exists()


def focused(page) -> str:
    """The words of the element that has the focus; the body bears the words of all, and counts as none."""
    return page.evaluate(
        "(e => e === document.body ? '' : e.labels?.[0]?.innerText ?? e.innerText)(document.activeElement)"
    )


def tab_to(page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in focused(page):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.policy("TE-1")
def test_the_keyboard_alone_gives_a_point_and_undoes_it(open_page, school):
    page = open_page(school.celyn, "/class/board/", viewport={"width": 1024, "height": 768})
    tab_to(page, "Mali")
    page.keyboard.press("Space")
    page.get_by_text("1 chosen").wait_for()
    tab_to(page, "Give a point")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="A point for Mali").wait_for()
    tab_to(page, "Sharing")
    page.keyboard.press("Enter")
    page.locator("#undo").get_by_text("A point for Mali").wait_for()
    assert Award.objects.counted().count() == 1
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    page.get_by_text("Undone.").wait_for()
    assert not Award.objects.counted().exists()
    assert page.problems == []


@pytest.mark.parametrize("size", [(1024, 768), (390, 844)])
def test_axe_finds_nothing_to_say_of_any_page_of_points(open_page, new_context, school, size):
    give_some(school)
    viewport = {"width": size[0], "height": size[1]}
    found = []
    for who, paths in (
        (school.celyn, ["", "?view=staff", "award/?all=1", "pick/", "settings/"]),
        (school.celyn, ["/points/school/", f"/points/{school.mali.pk}/"]),
        (school.head, ["/points/school/"]),
        (school.nia, [f"/points/{school.mali.pk}/"]),
        (school.mali, ["/pupil/me/", "/pupil/dragon/"]),
    ):
        page = open_page(who, "/", viewport=viewport)
        for path in paths:
            page.goto(path if path.startswith("/") else f"/class/board/{path}")
            found += axe_faults(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], page.url
        new_context.end(page.context)
    page = open_page(school.celyn, "/class/board/?view=staff", viewport=viewport)
    page.get_by_label("Mali").click()
    page.get_by_role("dialog").wait_for()
    assert found + axe_faults(page) == []


def give_some(school) -> None:
    by = school.actor(school.celyn, school.pritchard)
    now = at("2026-11-10 10:00")
    set_board(initials=False, goal=10, by=by, at=now)
    for behaviour in Behaviour.objects.all()[:4]:
        award_points(pupils=[school.mali, school.efa], behaviour=behaviour, by=by, at=now, key=uuid4())


def test_a_choice_shows_on_all_other_dragons_and_is_not_stored(open_page, school):
    before = Pupil.objects.get(pk=school.mali.pk).dragon
    page = open_page(school.mali, "/pupil/dragon/", viewport={"width": 390, "height": 844})
    choice = page.locator(f"#colour-{(before[0] + 1) % 8}")
    sky = page.locator("label:has(#tail-0) svg.dragon circle").first
    old = sky.get_attribute("fill")
    choice.focus()
    with page.expect_response(lambda answer: "colour=" in answer.url) as asked:
        page.keyboard.press("Space")
    assert "csrf" not in asked.value.url
    expect(sky).not_to_have_attribute("fill", old)
    expect(choice).to_be_checked()
    expect(choice).to_be_focused()
    assert Pupil.objects.get(pk=school.mali.pk).dragon == before and page.problems == []


def test_a_pupil_chooses_a_dragon_without_scripts(open_page, school):
    page = open_page(
        school.mali, "/pupil/me/", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page.get_by_role("link", name="Change my dragon").click()
    page.get_by_label("Purple").check()
    page.get_by_role("button", name=SHOW_ME).click()
    expect(page.get_by_label("Purple")).to_be_checked()
    page.get_by_label("Feelers").check()
    page.get_by_role("button", name=THIS_IS_MY_DRAGON).click()
    page.get_by_role("heading", name="Hello, Mali!").wait_for()
    assert Pupil.objects.get(pk=school.mali.pk).dragon[:2] == [4, 4]
