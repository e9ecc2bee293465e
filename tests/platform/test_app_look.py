"""What a telephone needs to put the portal on its first screen."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client
from PIL import Image

from accounts.models.school import School


def found(address: str) -> str:
    path = finders.find(address.removeprefix(static("")))
    assert path, address
    return path


def test_the_manifest_names_the_school_and_icons_of_their_size(people):
    answer = Client().get("/manifest.webmanifest")
    said = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["start_url"], said["display"]) == (
        School.objects.get().name,
        "/",
        "standalone",
    )
    sizes = {icon["sizes"] for icon in said["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in said["icons"]:
        assert "x".join(map(str, Image.open(found(icon["src"])).size)) == icon["sizes"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_manifest_speaks_the_readers_language(people, language):
    said = json.loads(Client(headers={"accept-language": language}).get("/manifest.webmanifest").content)
    assert said["lang"] == language


def test_every_page_names_icons_manifest_and_colours(people):
    page = Client().get("/account/login/").content.decode()
    assert page.count('name="theme-color"') == 2 and 'href="/manifest.webmanifest"' in page
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert Image.open(found(touch[1])).size == (180, 180)


def test_a_browser_that_asks_at_the_root_gets_the_icon(people):
    answer = Client().get("/favicon.ico")
    assert answer.status_code == 302
    assert (16, 16) in Image.open(found(answer.headers["Location"])).ico.sizes()


def test_no_page_registers_a_service_worker(people):
    page = Client().get("/account/login/").content.decode()
    assert "serviceWorker" not in page and "service-worker" not in page
