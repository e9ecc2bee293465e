"""Show failed background requests beside their part, in a real browser."""

import pytest
from playwright.sync_api import expect

from messaging.models.conversations import Message
from tests.browsers import SOONER
from tests.clock import Clock
from tests.people import make_people
from tests.sentences.messaging import ADD_PHOTOS_OR_DOCUMENTS
from tests.sentences.portal import MAY_BE_OUT_OF_DATE
from tests.stories.kit import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADD = "**/messages/add-file/"
CASTLE = {"name": "castle.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@pytest.fixture
def people(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT, settings.MEDIA_KEEP_FREE = tmp_path, 0
    clock, people = Clock(), make_people()
    clock.set("2026-11-10 10:00")
    yield people
    clock.real()


@pytest.fixture
def page(live_server, people, new_context):
    """Open a parent's page with text and the field for photos."""
    context = new_context(base_url=live_server.url, reduced_motion="reduce")
    cookie = people.client(people.nia).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.add_init_script(SOONER)
    page.goto(f"/messages/child/{people.mali.pk}/")
    page.get_by_label("Your message").fill("Here is her castle.")
    page.get_by_text(ADD_PHOTOS_OR_DOCUMENTS).click()
    return page


def choose(page) -> None:
    page.get_by_label("Photos or documents").set_input_files(CASTLE)


@pytest.mark.parametrize("how", ["aborted", 500, 413, 429])
def test_a_failed_upload_is_shown_and_goes_along_with_the_form(page, how):
    answer = (lambda route: route.abort()) if how == "aborted" else (lambda route: route.fulfill(status=how))
    page.route(ADD, answer)
    choose(page)
    expect(page.locator("#attach").get_by_role("alert")).to_contain_text("castle.jpg")
    expect(page.get_by_label("Your message")).to_have_value("Here is her castle.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message").last).to_contain_text("Here is her castle.")
    assert Message.objects.get().files.count() == 1


def test_a_photo_can_be_tried_and_chosen_again(page):
    page.route(ADD, lambda route: route.abort(), times=2)
    choose(page)
    beside = page.locator("#attach").get_by_role("alert")
    expect(beside).to_contain_text("castle.jpg")
    beside.get_by_role("button", name="Try again").click()
    expect(beside).to_contain_text("castle.jpg")
    with page.expect_file_chooser() as chooser:
        page.get_by_label("Photos or documents").click()
    chooser.value.set_files(CASTLE)
    expect(page.get_by_role("checkbox", name="castle.jpg")).to_be_checked()
    expect(beside).to_have_count(0)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message").last).to_contain_text("Here is her castle.")
    assert Message.objects.get().files.count() == 1


def test_while_a_photo_is_on_its_way_nothing_is_sent_without_it(page):
    pending = []
    page.route(ADD, lambda route: pending.append(route))
    choose(page)
    send = page.get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    expect(page.get_by_text("Being added")).to_be_visible()
    assert not Message.objects.exists()
    pending[0].continue_()
    expect(page.get_by_role("checkbox", name="castle.jpg")).to_be_checked()
    expect(send).to_be_enabled()


@pytest.mark.parametrize("how", ["aborted", 500])
def test_a_failed_background_request_is_shown_until_it_succeeds(page, people, how):
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message")).to_have_count(1)
    answer = (lambda route: route.abort()) if how == "aborted" else (lambda route: route.fulfill(status=how))
    ask = "document.querySelector('[hx-trigger=\"every 10s\"]')"
    url = page.evaluate(f"{ask}.getAttribute('hx-get')")
    page.route(f"**{url.split('?')[0]}*", answer)
    note = page.get_by_text(MAY_BE_OUT_OF_DATE)
    expect(note).to_have_count(1)
    page.unroute(f"**{url.split('?')[0]}*")
    expect(note).to_have_count(0)
