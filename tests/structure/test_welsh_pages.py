"""Every page is opened in Welsh: nothing that a person reads in it is English."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models.notifications import Delivery
from accounts.models.people import User
from malpas.dev.catalogues import compile_all
from malpas.dev.folders import ROOT
from tests.structure.access import ACCESS
from tests.structure.words import READ_ALOUD
from tests.structure.world import make_world

# Small words without which hardly anything is said in English, and which are no Welsh words.
ENGLISH = re.compile(
    r"\b(the|and|you|your|of|to|is|are|for|from|with|this|that|our|have|has|please|here|not|send|back|new|"
    r"class|message|school|child|children|page|office|news|story|report|today|sign|choose|write|about)\b",
    re.I,
)
ELSEWHERE = re.compile(
    r"<(script|style|head|svg)\b.*?</\1>|<!--.*?-->|<(\w+)[^>]*\slang=\"en\".*?</\2>", re.S
)
# What people of the tests wrote, and the names of things that they gave.
DATA = re.compile(
    r"(?:A|That|Late|We saw a|Tomorrow(?:'|&#x27;)s) heron-under-the-old-bridge[.!]?|heron-under-the-old-bridge"
)


def english_in(html: str) -> list[str]:
    """English words that stand in the page's text, or in what is read aloud for a drawing or a control."""
    html = ELSEWHERE.sub(" ", html)
    text = " ".join([re.sub(r"<[^>]*>", " ", html), *READ_ALOUD.findall(html)])
    return ENGLISH.findall(re.sub(r"\S+@\S+", " ", DATA.sub(" ", text)))


@pytest.fixture
def world(people):
    compile_all(ROOT / "locale")
    with override("en"):  # A page leaves its language behind.
        yield make_world(people)


def welsh(browser: Client | None) -> Client:
    browser = browser or Client()
    browser.cookies["django_language"] = "cy"
    return browser


def test_english_is_found_in_text_and_in_labels_and_marked_english_is_left_alone():
    assert english_in("<p>Bore da, and <b>good</b> night</p>") == ["and"]
    assert english_in('<img alt="The dragon">') == ["The"]
    assert english_in('<p>Bore da</p><a lang="en" href="/">The English page</a> that@the.example') == []


def test_no_page_says_english_to_a_reader_of_welsh(world):
    browsers, found, opened = world.people.everybody(), {}, 0
    for name, row in ACCESS.items():
        if row.method != "get" or not row.ok or row.status != 200:
            continue
        browser = welsh(browsers[sorted(row.ok)[0]])
        with transaction.atomic():
            answer = browser.get(reverse(name, kwargs=row.args(world)))
            transaction.set_rollback(True)
        if answer["Content-Type"].startswith("text/html"):
            opened += 1
            words = english_in(answer.content.decode())
            found |= {name: words} if words else {}
    assert opened > 25
    assert found == {}


PUBLIC_PAGES = [
    "account_login", "account_reset_password", "account_reset_password_done", "account_inactive", "join",
    "pupil_start", "terms_read", "help", "privacy", "accessibility",
]  # fmt: skip


def test_no_public_page_says_english_to_a_reader_of_welsh(world):
    pages = {name: welsh(None).get(reverse(name)).content.decode() for name in PUBLIC_PAGES}
    pages["missing"] = welsh(None).get("/not-a-page/").content.decode()
    assert {name: words for name, page in pages.items() if (words := english_in(page))} == {}


EMPTY_FORMS = [
    ("parent", "write_absence", {}),
    ("parent", "write_topic", {"topic": "clubs"}),
    ("parent", "write_topic", {"topic": "urgent"}),
    ("parent", "terms", {}),
    ("class", "post_new", {}),
    ("class", "staff_choice", {}),
    ("nobody", "join", {}),
    ("nobody", "account_login", {}),
    ("nobody", "account_reset_password", {}),
]


@pytest.mark.parametrize(("person", "name", "args"), EMPTY_FORMS)
def test_what_a_form_refuses_is_said_in_welsh(world, person, name, args):
    answer = welsh(world.people.everybody()[person]).post(reverse(name, kwargs=args), {"number": "1"})
    page = answer.content.decode()
    assert "field__error" in page or "errors" in page
    assert english_in(page) == []


def test_a_reader_of_welsh_gets_welsh_mail(world):
    User.objects.filter(pk=world.people.nia.pk).update(language="cy")
    Client().post(reverse("account_reset_password"), {"email": world.people.nia.email})
    mail = Delivery.objects.latest("pk")
    assert mail.subject == "Cyfrinair newydd"
    assert english_in(mail.body) == []
