"""Every label of the admin has its Welsh, and no page of it says English to a reader of Welsh."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import override

from accounts.admin.base import RoleAdmin
from malpas.dev.catalogues import compile_all
from malpas.dev.folders import ROOT
from tests.structure.admin_labels import labels
from tests.structure.test_welsh_pages import english_in, welsh
from tests.structure.world import make_world

SHARED = {"PIN", "UPN", "INSPIRE", "Cymraeg", "English", "staff"}  # the same word in both languages
LABELS = re.compile(
    r"<(label|legend|caption|h1|h2|h3|summary|button)\b[^>]*>(.*?)</\1>|<th scope=\"col\"[^>]*>(.*?)</th>"
    r"|<div class=\"help\"[^>]*>(.*?)</div>",
    re.S,
)


@pytest.fixture
def world(people):
    compile_all(ROOT / "locale")
    with override("en"):  # A page leaves its language behind.
        yield make_world(people)


def untranslated(english: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {place: words for place, words in english.items() if other[place] == words and words not in SHARED}


def test_every_table_column_filter_and_choice_has_its_welsh():
    compile_all(ROOT / "locale")
    english = labels("en")
    assert len(english) > 200
    assert untranslated(english, labels("cy")) == {}


def test_a_column_without_a_name_would_be_found():
    english = {"laid_at": "laid at", "pin": "PIN", "kind": "kind"}
    assert untranslated(english, english | {"kind": "math"}) == {"laid_at": "laid at"}


def pages(world) -> list[str]:
    """Return the list, the form for a new row and the page of one row, of every table of the portal's own."""
    found = [reverse("admin:index")]
    for model, each in admin.site._registry.items():
        if isinstance(each, RoleAdmin):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
            row = model._default_manager.first()
            found += [reverse(f"{name}_change", args=[row.pk])] if row else []
    return found


def labels_on(page: str) -> str:
    return "\n".join(unescape("".join(parts[1:])) for parts in LABELS.findall(page))


def test_no_page_of_the_admin_labels_anything_in_english(world):
    browser, found, opened = welsh(world.people.client(world.people.head)), {}, 0
    for path in pages(world):
        answer = browser.get(path)
        if answer.status_code == 200:
            opened += 1
            words = english_in(labels_on(answer.content.decode()))
            found |= {path: words} if words else {}
    assert opened > 40
    assert found == {}


def test_every_page_of_the_admin_switches_the_language(world):
    browser = welsh(world.people.client(world.people.head))
    page = browser.get(reverse("admin:index")).content.decode()
    assert reverse("set_language") in page
    browser.post(reverse("set_language"), {"language": "en", "next": reverse("admin:index")})
    assert '<html lang="en"' in browser.get(reverse("admin:index")).content.decode()


def test_the_admins_own_page_for_a_password_leads_to_the_portals(world):
    answer = world.people.client(world.people.head).get("/admin/password_change/")
    assert (answer.status_code, answer.url) == (302, reverse("account_change_password"))
