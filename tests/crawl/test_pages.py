"""Every page in a browser: 320 px wide, in both languages and schemes, with and without scripts, without a fault of axe."""

import mimetypes
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.axe import axe_faults
from tests.structure.access import ACCESS, PUBLIC
from tests.structure.routes import Row
from tests.structure.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HOST = "http://portal.example"
WIDTH = 320
# Of each kind the first who may open a page looks at it.
KINDS = [("parent", "parent of both classes"), ("class",), ("office",), ("deputy", "head"), ("pupil",)]
# Colours do not depend on words: each language is looked at in one scheme. Without scripts axe cannot run either.
LOOKS = {
    "english": ("en", "light", True),
    "welsh": ("cy", "dark", True),
    "no scripts": ("cy", "light", False),
}


@pytest.fixture
def world(people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_world(people)


def shown_to(row: Row) -> Iterator[str]:
    """Return one person of each kind who may open this page."""
    for kind in KINDS:
        yield from [person for person in kind if row.expected(person) == 200][:1]


def pages_of(world) -> Iterator[tuple[str, Client, str]]:
    """Return (person, their browser, address) of each page that is read."""
    browsers = world.people.everybody()
    for name, row in ACCESS.items():
        if row.method == "get":
            for person in shown_to(row):
                yield person, browsers[person], reverse(name, kwargs=row.args(world))
    for name in sorted(PUBLIC):
        with suppress(NoReverseMatch):
            yield "nobody", Client(), reverse(name)


class Served:
    """Answer the browser with one page that Django has rendered, and with the static files."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}

    def __call__(self, route) -> None:
        path = urlsplit(route.request.url).path
        if page := self.pages.get(path):
            route.fulfill(body=page, content_type="text/html; charset=utf-8")
        elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=found, content_type=mimetypes.guess_type(path)[0] or "text/plain")
        else:
            route.fulfill(status=204)


def faults_of(page, devtools, scripts: bool) -> list[str]:
    found = axe_faults(page) if scripts else []
    width = devtools.send("Page.getLayoutMetrics")["cssContentSize"]["width"]
    return found + ([f"{page.url}: {width} px wide"] if width > WIDTH else [])


@pytest.mark.parametrize("language, scheme, scripts", LOOKS.values(), ids=LOOKS)
def test_every_page_is_whole(world, new_context, language, scheme, scripts):
    served = Served()
    context = new_context(
        base_url=HOST, viewport={"width": WIDTH, "height": 844}, color_scheme=scheme, reduced_motion="reduce",
        java_script_enabled=scripts, bypass_csp=True,
    )  # fmt: skip
    page = context.new_page()
    page.route("**/*", served)
    devtools, found, looked = context.new_cdp_session(page), [], 0
    for person, browser, address in pages_of(world):
        browser.cookies["django_language"] = language
        browser.sees_marks = True
        answer = browser.get(address)
        if answer.status_code != 200 or answer.streaming or b"</html>" not in answer.content:
            continue
        served.pages = {urlsplit(address).path: answer.content}
        page.goto(address)
        looked += 1
        found += [f"{person}: {fault}" for fault in faults_of(page, devtools, scripts)]
    assert looked > 100
    assert not found, "\n".join(found)
