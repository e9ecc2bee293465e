import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browsers import SOONER
from tests.journeys.mfa_codes import forget_codes
from tests.journeys.school import RunningSchool

LOADED, BEGINNING = "2026-11-10 08:40", "2026-11-10 08:45"


@pytest.fixture(scope="session")
def running_school():
    """The demo school on processes of its own, which all journeys in this process share one after the other."""
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        running = RunningSchool(Path(folder))
        try:
            running.clock(LOADED)
            running.manage("load_demo", "--bare")
            running.keep()
            running.start().rest()
            yield running
        finally:
            running.stop()


@pytest.fixture
def school(running_school):
    """The demo school, standing at Tuesday 10 November 2026, 08:45, as if nobody had been there before."""
    running_school.begin_anew(BEGINNING)
    forget_codes()
    yield running_school
    assert not running_school.portal.ended()
    running_school.rest()


@contextmanager
def browsers_of(new_context, school):
    """Open browsers at this school. Any error of a page fails the test."""
    troubles, pages = [], []

    def open_browser(*, phone: bool = False):
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = new_context(viewport=size, base_url=school.url, locale="en-GB")
        page = context.new_page()
        pages.append(page)
        page.add_init_script(SOONER)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: line.type == "error" and troubles.append(line.text))
        return page

    yield open_browser
    for page in pages:  # printed, so that a journey that failed shows them
        with suppress(Error):
            print(page.url, page.locator("body").inner_text(timeout=2000), sep="\n", end="\n\n")
    # A refusal is an answer; a browser is offline only where a journey says so.
    meant = ("status of 4", "ERR_INTERNET_DISCONNECTED")
    unexpected = [trouble for trouble in troubles if not any(part in trouble for part in meant)]
    assert unexpected == []


@pytest.fixture
def browse(school, new_context):
    """Opens browsers: `browse()` on a desk, `browse(phone=True)` on a telephone. Any error of a page fails the test."""
    with browsers_of(new_context, school) as open_browser:
        yield open_browser
